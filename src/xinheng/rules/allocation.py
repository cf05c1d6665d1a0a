"""Allocation (收款核销): which open items a receipt settles.

Three ways: the oldest due first, the one item or small set of items that comes to exactly the amount, or by hand.  None
of them gives an item more than stands open on it, nor gives away more than was received; what is left stays the
customer's unapplied money.  All items are of the receipt's customer, entity and currency: the caller sees to that.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from xinheng.rules.errors import RuleError


class BadAllocation(RuleError):
    """An allocation that cannot stand.

    params: item (None for the receipt) and reason: NOT_POSITIVE, UNKNOWN_ITEM, TWICE, MORE_THAN_OPEN,
    MORE_THAN_RECEIVED.
    """

    code = "BAD_ALLOCATION"


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """What stands open on one instalment, in minor units, and when it is due (None: not known yet)."""

    id: int
    amount: int
    due_on: date | None = None


class Allocation(NamedTuple):
    """So much of the receipt settles this item."""

    item: int
    amount: int


@dataclass(frozen=True, slots=True)
class Allocated:
    """What a receipt settles and what is left of it."""

    lines: tuple[Allocation, ...]
    left: int


class Match(StrEnum):
    """What a search for items of exactly the amount found."""

    ONE = "ONE"
    NONE = "NONE"
    SEVERAL = "SEVERAL"  # a person has to choose
    UNDECIDED = "UNDECIDED"  # too many items to try them all


@dataclass(frozen=True, slots=True)
class Exact:
    """The items that come to exactly the amount, when there is one answer only."""

    match: Match
    lines: tuple[Allocation, ...] = ()


def oldest_due_first(amount: int, items: Iterable[OpenAmount]) -> Allocated:
    """Fill the items in the order of their due dates, those without one last, equal ones by id.

    Raises BadAllocation for a negative amount.
    """
    if amount < 0:
        raise BadAllocation(item=None, reason="NOT_POSITIVE")
    lines = []
    for item in sorted(items, key=lambda item: (item.due_on or date.max, item.id)):
        share = min(item.amount, amount)
        if share > 0:
            lines.append(Allocation(item.id, share))
            amount -= share
    return Allocated(tuple(lines), amount)


def exact(amount: int, items: Iterable[OpenAmount], *, largest_set: int = 4, steps_max: int = 50_000) -> Exact:
    """The single item that comes to exactly the amount, else the only set of two, of three, … that does.

    The smallest number of items that has an answer decides; two answers of that size are SEVERAL, because the customer
    meant one of them and nothing here can tell which.  After ``steps_max`` steps the search gives up: UNDECIDED.
    """
    candidates = sorted((item for item in items if 0 < item.amount <= amount), key=lambda item: (-item.amount, item.id))
    search = _Search([item.amount for item in candidates], steps_max)
    for size in range(1, min(largest_set, len(candidates)) + 1):
        found = list(islice(search.sets(size, amount, 0), 2))
        if search.steps_left < 0:
            return Exact(Match.UNDECIDED)
        if len(found) > 1:
            return Exact(Match.SEVERAL)
        if found:
            chosen = sorted(
                (candidates[index] for index in found[0]), key=lambda item: (item.due_on or date.max, item.id)
            )
            return Exact(Match.ONE, tuple(Allocation(item.id, item.amount) for item in chosen))
    return Exact(Match.NONE)


def by_hand(amount: int, choices: Sequence[Allocation], items: Iterable[OpenAmount]) -> Allocated:
    """What a person chose, checked: each item once, no more than it has open, no more in all than was received.

    Raises BadAllocation.
    """
    still_open = {item.id: item.amount for item in items}
    left, seen = amount, set()
    for item, share in choices:
        if item not in still_open:
            raise BadAllocation(item=item, reason="UNKNOWN_ITEM")
        if item in seen:
            raise BadAllocation(item=item, reason="TWICE")
        if share <= 0:
            raise BadAllocation(item=item, reason="NOT_POSITIVE")
        if share > still_open[item]:
            raise BadAllocation(item=item, reason="MORE_THAN_OPEN")
        seen.add(item)
        left -= share
    if left < 0:
        raise BadAllocation(item=None, reason="MORE_THAN_RECEIVED")
    return Allocated(tuple(choices), left)


class _Search:
    """Sets of amounts, sorted from large to small, that add up to a target; counts its steps."""

    def __init__(self, amounts: Sequence[int], steps_max: int) -> None:
        self.amounts = amounts
        self.steps_left = steps_max
        self.places: dict[int, list[int]] = defaultdict(list)
        for index, amount in enumerate(amounts):
            self.places[amount].append(index)

    def sets(self, size: int, target: int, start: int) -> Iterator[tuple[int, ...]]:
        """Sets of ``size`` places from ``start`` on; ends early when no steps are left."""
        if size == 1:
            places = self.places.get(target, [])
            yield from ((index,) for index in places[bisect_left(places, start) :])
            return
        for index in range(start, len(self.amounts) - size + 1):
            self.steps_left -= 1
            amount = self.amounts[index]
            if self.steps_left < 0 or amount * size < target:
                return  # the rest are no larger: not even ``size`` of them reach the target
            if amount < target:
                for others in self.sets(size - 1, target - amount, index + 1):
                    yield (index, *others)
