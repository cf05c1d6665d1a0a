"""What is still to be posted so that the ledger says what the road of goods says.

What was posted is never touched: a step that is no longer wanted is taken back by one in the other direction, and where
its month is closed, on the first day that may still change (semantics.md 4).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from xinheng.rules.road import Place, Step


def net(steps: Iterable[Step], open_from: date | None = None) -> dict[tuple[Place | None, Place | None, date], int]:
    """Sum steps by (source, target, day); a step back counts against its step forward.

    ``open_from`` is the first day that may still change: everything earlier is counted on that day.
    """
    sums: dict[tuple[Place | None, Place | None, date], int] = defaultdict(int)
    for step in steps:
        on = step.on if open_from is None or step.on >= open_from else open_from
        if _forward(step.source, step.target):
            sums[step.source, step.target, on] += step.amount
        else:
            sums[step.target, step.source, on] -= step.amount
    return sums


def _forward(source: Place | None, target: Place | None) -> bool:
    """One of the two directions between two places, always the same one."""
    return source is None or (target is not None and source < target)


def difference(desired: Iterable[Step], posted: Iterable[Step], *, open_from: date | None = None) -> list[Step]:
    """The steps still to be posted so that what is posted becomes what is desired.

    With ``open_from`` (the first day of the earliest open month) nothing is posted before that day: what would have
    changed earlier changes on it (semantics.md 4).  Where a closed month made something leave later than it came, the
    days between stay as they were told even when the month is open again: money may rest on them.  Steps come by day,
    those that give before those that take.
    """
    desired, posted = list(desired), list(posted)
    open_from = max((day for day in (open_from, _left_late(desired, posted)) if day), default=None)
    wanted, there = net(desired, open_from), net(posted, open_from)
    steps = []
    for key in wanted.keys() | there.keys():
        source, target, on = key
        amount = wanted.get(key, 0) - there.get(key, 0)
        if amount > 0:
            steps.append(Step(source, target, amount, on))
        elif amount < 0:
            steps.append(Step(target, source, -amount, on))
    return sorted(steps, key=lambda s: (s.on, s.source is not None, s.source or (0, 0), s.target or (0, 0)))


def _left_late(desired: Iterable[Step], posted: Iterable[Step]) -> date | None:
    """The last day on which something undone went back where it came from, where that was later than it had come.

    Between two documents only: what comes from outside may leave again later on any road.
    """
    still = {key[:2] for key in net(desired)}
    days: dict[tuple[Place | None, Place | None], dict[date, int]] = defaultdict(dict)
    for (source, target, on), amount in net(posted).items():
        if amount and source and target and (source, target) not in still:
            days[source, target][on] = amount
    return max((max(found) for found in days.values() if not sum(found.values())), default=None)
