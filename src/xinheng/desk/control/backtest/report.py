"""What another policy would have come to: who would be held or freed, the money at stake, and later late payers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any

from xinheng.base import policies
from xinheng.base.errors import BadInput
from xinheng.base.models import PolicyVersion
from xinheng.desk.control.backtest.happened import Story, stories
from xinheng.desk.control.backtest.rerun import Rerun
from xinheng.desk.control.backtest.trying import Tried as Decided
from xinheng.desk.control.checking import MOVES_VALUE
from xinheng.desk.control.models import Decision
from xinheng.desk.customers.public import Customer
from xinheng.desk.receivables import public as receivables
from xinheng.rules.money import to_text
from xinheng.rules.policy import CheckPoint, Policy

Tick = Callable[[int, int], None]
#: Customers whose stories are read at once.
_CHUNK = 200


class BadPeriod(BadInput):
    """It would end before it begins.  params: since, until."""

    code = "BAD_PERIOD"


@dataclass(slots=True)
class Tried:
    """One order, or its goods, under both policies; amounts in minor units.

    ``was_held`` and ``is_held`` tell whether any check held it; ``reasons`` are those of the run, and ``late`` tells
    that its customer paid late afterwards.
    """

    document_id: int
    order: str
    customer: str
    on: date
    amount: int
    currency: str
    was_held: bool = False
    is_held: bool = False
    reasons: tuple[str, ...] = ()
    late: bool = False


@dataclass(slots=True)
class Sides:
    """Everything of one sort that was tried."""

    tried: list[Tried] = field(default_factory=list)

    @property
    def newly_held(self) -> list[Tried]:
        return [one for one in self.tried if one.is_held and not one.was_held]

    @property
    def newly_freed(self) -> list[Tried]:
        return [one for one in self.tried if one.was_held and not one.is_held]


@dataclass(slots=True)
class Backtest:
    """The orders of a period and the goods that were to leave; every decision of the run in ``decisions``."""

    orders: Sides = field(default_factory=Sides)
    deliveries: Sides = field(default_factory=Sides)
    decisions: list[Decided] = field(default_factory=list)


def backtest(policy: Policy, *, since: date | None, until: date, tick: Tick | None = None) -> Backtest:
    """Run everything that happened up to a day again, the checks since a day under ``policy``; nothing is written.

    Before ``since`` the policies that were in force then decide.

    Raises:
        BadPeriod
    """
    if since is not None and since > until:
        raise BadPeriod(since=since, until=until)
    in_force = _Versions()

    def chosen(on: date, at: datetime) -> Policy:
        return in_force.then(on, at) if since is not None and on < since else policy

    result = Backtest()
    customers = _checked(since, until)
    for done, ids in enumerate(batched(customers, _CHUNK), 1):
        for story in stories(ids, until=until):
            _compare(result, story, Rerun(story, chosen).run(_up_to(story, until)), since, until)
        if tick:
            tick(min(done * _CHUNK, len(customers)), len(customers))
    for side in (result.orders, result.deliveries):
        side.tried.sort(key=lambda one: (one.is_held == one.was_held, one.on, one.order, one.document_id))
        look_at_payment([*side.newly_held, *side.newly_freed], until)
    return result


def _checked(since: date | None, until: date) -> list[int]:
    """Whoever had something checked in the period; one member stands for its group."""
    decisions = Decision.objects.filter(on__lte=until)
    if since:
        decisions = decisions.filter(on__gte=since)
    found = Customer.objects.filter(accounts__in=decisions.values("account")).values_list("id", "group_id").distinct()
    one_of_each: dict[object, int] = {}
    for id, group in sorted(found):
        one_of_each.setdefault(("group", group) if group else id, id)
    return list(one_of_each.values())


def _up_to(story: Story, until: date) -> Iterator[Any]:
    return (event for event in story.in_sequence() if event.on is None or event.on <= until)


class _Versions:
    """Which policy was in force on a day, as it was known at a moment."""

    def __init__(self) -> None:
        rows = PolicyVersion.objects.filter(status__in=("SHIPPED", "SIGNED")).select_related("signed_by")
        self._rows = list(rows.order_by("version"))

    def then(self, on: date, at: datetime) -> Policy:
        signed = [row for row in self._rows if row.signed_at is None or row.signed_at <= at]
        begun = [row for row in signed if row.effective_from is None or row.effective_from <= on]
        row = max(begun, key=lambda one: (one.effective_from or date.min, one.version))
        return policies.parsed(row.document, row.version, row.signed_by.username if row.signed_by else None)


def _compare(result: Backtest, story: Story, run: Rerun, since: date | None, until: date) -> None:
    """What was decided against what would have been."""

    def inside(on: date) -> bool:
        return (since is None or on >= since) and on <= until

    result.decisions += [one for one in run.tried if inside(one.on)]
    for side, points in ((result.orders, MOVES_VALUE), (result.deliveries, {CheckPoint.DELIVERY})):
        tried: dict[int, Tried] = {}
        for was in story.decided:
            if was.document_id is not None and was.point in points and inside(was.on):
                one = _of(tried, story, run, was.document_id, was.on)
                one.was_held |= was.verdict == Decision.Verdict.HELD
        for now in run.tried:
            if now.point in points and inside(now.on):
                one = _of(tried, story, run, now.order, now.on)
                if not one.is_held:  # why it was held first, else what the last check noticed
                    one.reasons = now.reasons
                one.is_held |= now.held
        side.tried += tried.values()


def _of(tried: dict[int, Tried], story: Story, run: Rerun, id: int, on: date) -> Tried:
    if id not in tried:
        paper = run.past.known[id]
        customer = story.customers[story.accounts[paper.account_id][0]]
        tried[id] = Tried(id, paper.number, customer.code, on, paper.amount, paper.currency)
    return tried[id]


def look_at_payment(rows: Iterable[Tried], until: date) -> None:
    """Note whose customer paid an invoice late that was issued from the day of the check on."""
    found = list(rows)
    last = receivables.last_paid_late((one.customer for one in found), until=until)
    for one in found:
        one.late = last.get(one.customer, date.min) >= one.on


def backtest_json(result: Backtest) -> dict[str, object]:
    """The answer of every door: how many change sides, the money at stake, and who later paid late."""
    orders, goods = result.orders, result.deliveries
    return {
        "orders": len(orders.tried),
        "held_before": sum(one.was_held for one in orders.tried),
        "held_now": sum(one.is_held for one in orders.tried),
        "newly_held": _side(orders.newly_held),
        "newly_freed": _side(orders.newly_freed),
        "deliveries": {
            "asked": len(goods.tried),
            "stopped_before": sum(one.was_held for one in goods.tried),
            "stopped_now": sum(one.is_held for one in goods.tried),
            "newly_stopped": _side(goods.newly_held),
            "newly_let_go": _side(goods.newly_freed),
        },
    }


def _side(rows: Iterable[Tried]) -> dict[str, object]:
    money: dict[str, int] = defaultdict(int)
    listed = []
    for one in rows:
        money[one.currency] += one.amount
        listed.append(
            {
                "order": one.order,
                "customer": one.customer,
                "date": one.on.isoformat(),
                "amount": to_text(one.amount, one.currency),
                "currency": one.currency,
                "reasons": list(one.reasons),
                "paid_late": one.late,
            }
        )
    return {
        "count": len(listed),
        "amounts": {currency: to_text(amount, currency) for currency, amount in sorted(money.items())},
        "paid_late": sum(bool(one["paid_late"]) for one in listed),
        "orders": listed,
    }
