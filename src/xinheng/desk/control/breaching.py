"""Breaches: debt that exists already, above the limit or overdue beyond the policy (OC-010, OC-011).

One is noticed when documents land that cause it and when a day passes, holds the customer's deliveries at once,
proposes the turn to cash, and ends by itself when the debt does.  What people make of the proposal is in ``turning``.
The effect on orders follows from the debt itself, which every check looks at; the hold kept here is what people see.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import batched
from typing import Any

from django.db.models import Q

from xinheng.base import clock, policies, sql
from xinheng.base.database import atomic
from xinheng.base.models import User
from xinheng.base.policies import InForce
from xinheng.desk.control import facts, reading, telling
from xinheng.desk.control.models import Breach
from xinheng.desk.customers.public import Customer, Group
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.notices.public import tell_people
from xinheng.rules import order_check
from xinheng.rules.order_check.facts import Facts, HolderKind
from xinheng.rules.policy import CheckPoint, NoticeKind
from xinheng.rules.road import Component

#: Customers locked at once.
_CHUNK = 200
#: So few are looked at without asking first who is worth it.
_FEW = 20
_OWED = f"{int(Component.DELIVERED)}, {int(Component.INVOICED)}"
Proposal = Breach.Proposal


@dataclass(frozen=True, slots=True)
class _Key:
    """Whose breach it is: a customer's or a group's, towards an entity or over all."""

    customer_id: int | None
    group_id: int | None
    entity_id: int | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the rule book says of one key: the causes, or that missing rates leave it open; ``credit`` can be taken."""

    causes: Mapping[str, Any] | None
    undecided: bool
    credit: bool
    currency: str


def look_for_breaches(customer_ids: Iterable[int], *, on: date, by: User) -> list[Breach]:
    """Look whether these customers, or their groups, are in breach; what began and what ended today.

    Locks the customers a chunk at a time; inside an action that holds them already it costs one round trip.  Of many,
    those with whom nothing can be wrong are passed over.
    """
    changed: list[Breach] = []
    wanted = sorted(set(customer_ids))
    for ids in batched(worth_a_look(wanted, on) if len(wanted) > _FEW else wanted, _CHUNK):
        with atomic(durable=False):
            exposure.lock(ids)
            changed += _look(ids, on, by, policies.in_force(on))
    return changed


def worth_a_look(ids: Collection[int], on: date) -> list[int]:
    """Those of many customers who may be in breach or stand in one: always all of them, and a few more.

    Passed over is who has no group, no breach, no paper, nothing past its due day, and on no line less than stands in
    all other components, of any currency but the line's nothing at all.
    """
    stands = ",".join(str(int(one)) for one in Component if one < Component.SETTLED and one != Component.UNAPPLIED)
    paper = f"{int(Component.INSTRUMENT)}, {int(Component.CONTINGENT)}"
    balance = "JOIN exposure_balance b ON b.account_id = a.id AND b.amount > 0"
    # Each question by itself: put together into one, a planner that knows nothing of what just landed compares all with
    # all.
    questions: tuple[tuple[str, list[Any]], ...] = (
        ("SELECT c.id FROM customers_customer c WHERE c.group_id IS NOT NULL AND c.id IN ({values})", []),
        ("SELECT r.customer_id FROM control_breach r WHERE r.ended_on IS NULL AND r.customer_id IN ({values})", []),
        (
            "SELECT a.customer_id FROM exposure_account a JOIN exposure_duetotal t ON t.account_id = a.id "
            f"AND t.amount > 0 AND t.component IN ({_OWED}) AND t.due_on < %s WHERE a.customer_id IN ({{values}})",
            [on],
        ),
        (
            f"SELECT a.customer_id FROM exposure_account a {balance} AND b.component IN ({paper}) "
            "WHERE a.customer_id IN ({values})",
            [],
        ),
        (
            "SELECT l.customer_id FROM limits_line l JOIN exposure_account a ON a.customer_id = l.customer_id "
            f"{balance} AND b.component IN ({stands}) WHERE l.replaced_at IS NULL AND l.kind = 'amount' "
            "AND l.customer_id IN ({values}) GROUP BY l.id, l.customer_id, l.amount "
            "HAVING SUM(CASE WHEN b.currency = l.currency THEN b.amount ELSE 0 END) > l.amount "
            "OR MAX(CASE WHEN b.currency <> l.currency THEN 1 ELSE 0 END) = 1",
            [],
        ),
    )
    return sorted({id for question, params in questions for (id,) in sql.fetch_in(question, ids, params)})


def _look(ids: Collection[int], on: date, by: User, in_force: InForce) -> list[Breach]:
    customers = list(Customer.objects.filter(pk__in=ids).select_related("group"))
    seen: dict[_Key, _Seen] = {}
    for customer, around in zip(
        customers, reading.read_around([(one.pk, one.group_id) for one in customers], on), strict=True
    ):
        for key, found in _states(customer, around, on, in_force):
            seen[key] = found
    whose = Q(customer__in=ids) | Q(group__in={one.group_id for one in customers if one.group_id})
    standing = {
        _Key(one.customer_id, one.group_id, one.entity_id): one
        for one in Breach.objects.filter(whose, ended_on=None).select_related("hold", "customer", "group")
    }
    changed = []
    for key in sorted(seen.keys() | standing.keys(), key=lambda one: tuple(part or 0 for part in asdict(one).values())):
        found, breach = seen.get(key), standing.get(key)
        if breach is None and found and found.causes:
            changed.append(_begin(key, found, on, by, in_force))
        elif breach is not None and found and found.causes:
            _go_on(breach, found, on, by, in_force)
        elif breach is not None and not (found and found.undecided):
            changed.append(_end(breach, on, by, in_force))
    return changed


def _states(customer: Customer, around: reading.Around, on: date, in_force: InForce) -> Iterator[tuple[_Key, _Seen]]:
    """The customer towards each entity it owes, and its group, as the rule book sees them."""
    mine = {entity: account for account, (owner, entity) in around.owners.items() if owner == customer.pk}
    done = set()
    for entity_id, account_id in sorted(mine.items()):
        own = limits.choose(around.lines_of("customer", entity_id), on)
        shared = limits.choose(around.lines_of("group", entity_id), on) if customer.group_id else None
        scope = own.entity_id if own else entity_id
        read = reading.Read(order=nothing_ordered(customer, entity_id, account_id, own or shared), around=around)
        gathered = facts.gather(read, facts.Question(CheckPoint.DELIVERY, on, 0), in_force.policy)
        found = order_check.breach(gathered, in_force.policy)
        causes = dict(found.causes) if found else {}
        undecided = order_check.breach_undecided(gathered, in_force.policy)
        holders = [(HolderKind.CUSTOMER, _Key(customer.pk, None, scope), own, gathered.customer.currency)]
        if gathered.group is not None:
            line_entity = shared.entity_id if shared else None
            key = _Key(None, customer.group_id, line_entity)
            holders.append((HolderKind.GROUP, key, shared, gathered.group.currency))
        for kind, key, line, currency in holders:
            if key not in done:
                done.add(key)
                credit = _has_credit(gathered, kind, line)
                yield key, _Seen(causes.get(kind), kind in undecided, credit, currency)


def nothing_ordered(
    customer: Customer, entity_id: int, account_id: int, line: limits.AnyLine | None
) -> reading.OrderNow:
    """No order at all: only the customer is looked at."""
    return reading.OrderNow(
        id=0,
        state="",
        payment="credit",
        instrument="",
        term="",
        forced_hold=False,
        released_amount=None,
        released_until=None,
        released_codes=(),
        number="",
        entity_id=entity_id,
        account_id=account_id,
        dated_on=date.min,
        effective_on=date.min,
        currency=line.currency if line else customer.currency or clock.company().currency,
        first_amount=0,
        salesperson=customer.salesperson,
        occupies=False,
        customer_id=customer.pk,
        customer_code=customer.code,
        active=customer.status == Customer.Status.ACTIVE,
        group_id=customer.group_id,
        group_code=customer.group.code if customer.group else "",
        customer_term=customer.term,
        customer_class=customer.customer_class,
    )


def _has_credit(gathered: Facts, kind: HolderKind, line: limits.AnyLine | None) -> bool:
    """Whether there is credit that could be taken away: a line of its own, or one of the group to draw on."""
    gives = {limits.Line.Kind.AMOUNT, limits.Line.Kind.UNLIMITED}
    if line is not None:
        return line.kind in gives and not line.withdrawn
    group = gathered.group
    return kind is HolderKind.CUSTOMER and group is not None and group.line.kind in {"AMOUNT", "UNLIMITED"}


def _begin(key: _Key, found: _Seen, on: date, by: User, in_force: InForce) -> Breach:
    customer = Customer.objects.get(pk=key.customer_id) if key.customer_id else None
    group = Group.objects.get(pk=key.group_id) if key.group_id else None
    reason = ", ".join(map(str, found.causes["causes"])) if found.causes else ""
    hold = limits.place_hold(by=by, reason=reason, customer=customer, group=group, cause="BREACH")
    propose = found.credit and in_force.policy.breach.propose_cash
    breach = Breach.objects.create(
        customer=customer,
        group=group,
        entity_id=key.entity_id,
        found_on=on,
        found_at=hold.placed_at,
        facts=_facts(found),
        policy_version=in_force.version,
        hold=hold,
        proposal=Proposal.OPEN if propose else Proposal.NONE,
        proposed_at=hold.placed_at if propose else None,
    )
    note_breach(breach, "control.breach.found", by=by, causes=found.causes["causes"] if found.causes else [])
    _tell(NoticeKind.BREACH_BEGAN, breach, on, by, in_force)
    return breach


def _facts(found: _Seen) -> dict[str, Any]:
    return {"currency": found.currency, **(found.causes or {})}


def _go_on(breach: Breach, found: _Seen, on: date, by: User, in_force: InForce) -> None:
    """It stands; credit that was kept until a day that has passed is no longer kept."""
    breach.facts = _facts(found)
    fields = ["facts"]
    if breach.kept_until is not None and on > breach.kept_until:
        who = {"customer": breach.customer, "group": breach.group}
        breach.hold = limits.place_hold(by=by, reason=breach.hold.reason, cause="BREACH", **who)
        breach.kept_until = None
        propose = found.credit and in_force.policy.breach.propose_cash
        breach.proposal = Proposal.OPEN if propose else Proposal.NONE
        breach.proposed_at = breach.hold.placed_at if propose else None
        fields += ["hold", "kept_until", "proposal", "proposed_at"]
        note_breach(breach, "control.breach.no-longer-kept", by=by)
    breach.save(update_fields=fields)


def _end(breach: Breach, on: date, by: User, in_force: InForce) -> Breach:
    """The debt is within bounds again: deliveries go on, and a proposal nobody took up lapses."""
    breach.ended_on, breach.ended_at = on, clock.now()
    if breach.proposal in {Proposal.OPEN, Proposal.DECLINED}:
        breach.proposal = Proposal.LAPSED
    breach.save(update_fields=["ended_on", "ended_at", "proposal"])
    lift_breach_hold(breach, by=by, reason="ENDED")
    note_breach(breach, "control.breach.ended", by=by)
    _tell(NoticeKind.BREACH_ENDED, breach, on, by, in_force)
    return breach


def _tell(kind: NoticeKind, breach: Breach, on: date, by: User, in_force: InForce) -> None:
    tell_people([telling.breach_news(kind, breach)], policy=in_force.policy, on=on, by=by)


def lift_breach_hold(breach: Breach, *, by: User, reason: str) -> None:
    """Let deliveries go on, if the hold still stands."""
    if breach.hold.lifted_at is None:
        limits.lift_by_rule(breach.hold, by=by, reason=reason)


def note_breach(breach: Breach, verb: str, *, by: User, **data: Any) -> None:
    """Add a line to the chain of whoever is in breach; its head is read again, holds may have added lines."""
    kind, id = ("customer", breach.customer_id) if breach.customer_id else ("group", breach.group_id)
    assert id is not None  # noqa: S101 - a constraint of the table
    held = exposure.lock([id] if kind == "customer" else [], [id] if kind == "group" else [])
    exposure.note(held[kind, id], verb, f"{kind}:{id}", by=by, at=clock.now(), data={"breach": breach.pk, **data})
