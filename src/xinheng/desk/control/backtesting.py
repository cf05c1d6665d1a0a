"""Back-test 政策试算: what another policy would have done with the orders that came.

The stored decisions give the events in their order with the facts of their moment.  They are decided again one after
the other: an order the other policy would have held takes no credit from those after it, one it would have let pass
does.  What people did with goods, invoices and money stays as it was, for those are facts.  An order held on the way is
tried again whenever its customer comes up again, as the automatic re-check does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from xinheng.base import sql
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.rules import order_check, road
from xinheng.rules.exposure import Components
from xinheng.rules.order_check.facts import Facts, HolderFacts
from xinheng.rules.policy import Policy
from xinheng.rules.road import Component

Tick = Callable[[int, int], None]


@dataclass(slots=True)
class Tried:
    """One order under both policies; amounts in minor units, ``late`` tells that its customer paid late afterwards."""

    document_id: int
    order: str
    customer: str
    on: date
    amount: int
    currency: str
    was_held: bool
    is_held: bool = False
    reasons: tuple[str, ...] = ()
    late: bool = False


@dataclass(slots=True)
class Backtest:
    """All orders of the period, with those that change sides first to be looked at."""

    tried: list[Tried] = field(default_factory=list)

    @property
    def newly_held(self) -> list[Tried]:
        return [one for one in self.tried if one.is_held and not one.was_held]

    @property
    def newly_freed(self) -> list[Tried]:
        return [one for one in self.tried if one.was_held and not one.is_held]


@dataclass(slots=True)
class _Run:
    policy: Policy
    orders: dict[int, Tried] = field(default_factory=dict)
    waiting: dict[int, Facts] = field(default_factory=dict)  # held on the way: order → its last facts
    families: dict[int, list[tuple[road.Document, object]]] = field(default_factory=dict)
    of_holder: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    really: dict[int, bool] = field(default_factory=dict)


def backtest(policy: Policy, *, since: date | None, until: date, tick: Tick | None = None) -> Backtest:
    """Run the checks at the order of a period again under ``policy``; nothing is written."""
    decisions = Decision.objects.filter(point__in=["ORDER", "CHANGE"], on__lte=until)
    if since:
        decisions = decisions.filter(on__gte=since)
    rows = decisions.select_related("document__account__customer", "document__entity").order_by("id")
    count = rows.count()
    run = _Run(policy)
    for done, decision in enumerate(rows.iterator(chunk_size=500), 1):
        _step(run, decision)
        if tick:
            tick(done, count)
    result = Backtest(sorted(run.orders.values(), key=lambda one: (one.is_held == one.was_held, one.on, one.order)))
    _look_at_payment(result, until)
    return result


def _step(run: _Run, decision: Decision) -> None:
    """One stored event: judge its order, then whoever of the same holder still waits."""
    facts = _moved(run, decision, order_check.facts_from_json(decision.facts))
    document = decision.document
    tried = run.orders.setdefault(
        document.pk,
        Tried(
            document_id=document.pk,
            order=document.number,
            customer=document.account.customer.code,
            on=decision.on,
            amount=facts.order.amount,
            currency=facts.order.currency,
            was_held=False,
        ),
    )
    tried.was_held = decision.verdict == Decision.Verdict.HELD
    run.really[document.pk] = not tried.was_held
    _judge(run, document.pk, facts)
    for code in _holders(facts):
        run.of_holder[code].add(document.pk)
    for other in sorted(run.of_holder[facts.customer.code]):
        waiting = run.waiting.get(other)
        if waiting is not None and other != document.pk:
            again = replace(facts, order=waiting.order, holds=waiting.holds, release=waiting.release)
            _judge(run, other, again)


def _judge(run: _Run, document_id: int, facts: Facts) -> None:
    outcome = order_check.check(facts, run.policy)
    tried = run.orders[document_id]
    tried.is_held = outcome.held
    tried.reasons = tuple(reason.code.value for reason in outcome.reasons)
    if outcome.held:
        run.waiting[document_id] = facts
    else:
        run.waiting.pop(document_id, None)


def _holders(facts: Facts) -> Iterator[str]:
    yield facts.customer.code
    if facts.group:
        yield f"group:{facts.group.code}"


def _moved(run: _Run, decision: Decision, facts: Facts) -> Facts:
    """The facts as they would have been: orders that changed sides before taken out of ORDERED, or put into it."""
    others = set().union(*(run.of_holder[code] for code in _holders(facts))) - {decision.document_id}
    changed = [other for other in sorted(others) if run.orders[other].is_held == run.really[other]]
    if not changed:
        return facts
    shift: dict[str, int] = defaultdict(int)
    group_shift: dict[str, int] = defaultdict(int)
    for other in changed:
        amount = _ordered(run, other, decision)
        signed = -amount if run.orders[other].is_held else amount
        group_shift[run.orders[other].currency] += signed
        if run.orders[other].customer == facts.customer.code:
            shift[run.orders[other].currency] += signed
    group = _with(facts.group, group_shift) if facts.group else None
    return replace(facts, customer=_with(facts.customer, shift), group=group)


def _with(holder: HolderFacts, shift: Mapping[str, int]) -> HolderFacts:
    components = dict(holder.components)
    for currency, amount in shift.items():
        old = components.get(currency, Components())
        components[currency] = replace(old, ordered=max(0, old.ordered + amount))
    return replace(holder, components=components)


def _ordered(run: _Run, document_id: int, decision: Decision) -> int:
    """What an order, approved, would have had in ORDERED when this decision was made."""
    family = run.families.get(document_id)
    if family is None:
        family = run.families[document_id] = list(_family(document_id))
    known = [replace(one, occupies=True) if one.id == document_id else one for one, at in family if at <= decision.at]
    return road.positions(road.walk(known)).get((document_id, Component.ORDERED), 0)


def _family(document_id: int) -> Iterator[tuple[road.Document, object]]:
    """The documents on an order's road with the moment each was recorded."""
    order = exposure.Document.objects.get(pk=document_id)
    yield from ((exposure.seen(one), one.entry.at) for one in exposure.family(order))


def _look_at_payment(result: Backtest, until: date) -> None:
    changed = [*result.newly_held, *result.newly_freed]
    documents = exposure.Document.objects.in_bulk([one.document_id for one in changed])
    for one in changed:
        one.late = paid_late(documents[one.document_id].account_id, since=one.on, until=until)


def paid_late(account_id: int, *, since: date, until: date) -> bool:
    """Whether an invoice dated from a day on was settled after its due day, or is still open beyond it."""
    rows = sql.fetch(
        "SELECT 1 FROM exposure_position p WHERE p.account_id = %s AND p.component = %s AND p.dated_on >= %s "
        "AND p.due_on < %s AND (p.amount > 0 OR EXISTS (SELECT 1 FROM exposure_movement m "
        "WHERE m.source_id = p.id AND m.effective_on > p.due_on AND m.effective_on <= %s)) LIMIT 1",
        [account_id, Component.INVOICED, since, until, until],
    )
    return bool(rows)


def backtest_json(result: Backtest) -> dict[str, object]:
    """The answer of every door: how many change sides, the money at stake, and who later paid late."""
    from xinheng.rules.money import to_text

    def side(rows: list[Tried]) -> dict[str, object]:
        money: dict[str, int] = defaultdict(int)
        for one in rows:
            money[one.currency] += one.amount
        return {
            "count": len(rows),
            "amounts": {currency: to_text(amount, currency) for currency, amount in sorted(money.items())},
            "paid_late": sum(one.late for one in rows),
            "orders": [
                {
                    "order": one.order,
                    "customer": one.customer,
                    "date": one.on.isoformat(),
                    "amount": to_text(one.amount, one.currency),
                    "currency": one.currency,
                    "reasons": list(one.reasons),
                    "paid_late": one.late,
                }
                for one in rows
            ],
        }

    return {
        "orders": len(result.tried),
        "held_before": sum(one.was_held for one in result.tried),
        "held_now": sum(one.is_held for one in result.tried),
        "newly_held": side(result.newly_held),
        "newly_freed": side(result.newly_freed),
    }
