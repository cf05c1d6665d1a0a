"""Deciding an order and keeping the decision: facts, rules, state, movement and audit line in one transaction.

``decide`` is the inner half: it runs under a lock somebody already holds, for a person's check, an import with
``--check``, and every automatic re-check alike.  It asks the database once and writes once.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import uuid_utils.compat
from django.db.models import Q

from xinheng.base import clock, policies, rights, sql
from xinheng.base.database import atomic
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.base.policies import InForce
from xinheng.desk.cash import public as cash
from xinheng.desk.control import facts, reading
from xinheng.desk.control.models import Decision
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Component

State = Order.State
#: States in which an order still waits for its answer.
WAITING = frozenset({State.ENTERED, State.HELD})
#: States in which a person may ask for a check.
CHECKABLE = WAITING | sales.OCCUPYING
_MOVES_VALUE = frozenset({CheckPoint.ORDER, CheckPoint.CHANGE})


@dataclass(frozen=True, slots=True)
class Asked:
    """Why and under which policy an order is looked at, and in which states it may be."""

    point: CheckPoint
    on: date
    by: User
    policy: InForce
    cause: str = "ASKED"
    states: frozenset[str] = CHECKABLE


def check_order(order: Order, *, on: date, by: User, point: CheckPoint = CheckPoint.ORDER) -> Decision:
    """Decide whether an order may go ahead on credit, and keep the decision.

    Raises:
        WrongState: rejected or cancelled.  LockTimeout.  Refused.
    """
    here = policies.here()
    rights.require(by, "orders.check", here.current.policy)
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        return decide(held, order, Asked(point, on, by, here.in_force(on)))


def reread(order: Order) -> Order:
    """The order as it is now that its account is locked."""
    return Order.objects.select_related("document__account__customer__group", "document__entity").get(pk=order.pk)


def decide(held: exposure.HeldRows, order: Order, asked: Asked) -> Decision:
    """Ask the rule book and carry out its answer; the holders are locked.

    Raises:
        WrongState: the order is in none of the states asked for.
    """
    document, customer = order.document, order.document.account.customer
    holder = held["customer", customer.pk]
    read = reading.read(document.pk, customer_id=customer.pk, group_id=holder.member_of, on=asked.on)
    if read.order.state not in asked.states:
        raise WrongState(what="order", number=document.number, state=read.order.state)
    amount = max(0, read.amount - read.gone) if asked.point is CheckPoint.DELIVERY else read.amount
    gathered = facts.gather(read, facts.Question(asked.point, asked.on, amount), asked.policy.policy)
    outcome = order_check.check(gathered, asked.policy.policy)
    decision = _decision(order, asked, gathered, outcome)
    batch = sql.Batch()
    fingerprint = _keep(batch, decision)
    if asked.point in _MOVES_VALUE:
        _carry_out(batch, read, order, outcome, decision)
    data = {
        "decision": str(decision.pk),
        "verdict": decision.verdict,
        "point": decision.point,
        "reasons": [reason.code.value for reason in outcome.reasons],
        "policy": decision.policy_version,
        "facts": fingerprint,
    }
    subject = f"order:{document.number}"
    exposure.next_line(holder, "control.order.checked", subject, by=asked.by, at=decision.at, data=data, batch=batch)
    batch.run()
    return decision


def _decision(order: Order, asked: Asked, gathered: object, outcome: order_check.Decision) -> Decision:
    return Decision(
        id=uuid_utils.compat.uuid7(),
        document=order.document,
        point=asked.point.value,
        on=asked.on,
        at=clock.now(),
        by=asked.by,
        cause=asked.cause,
        verdict=outcome.verdict.value,
        policy_version=asked.policy.version,
        rulebook_version=outcome.rulebook,
        facts=order_check.facts_to_json(gathered),  # type: ignore[arg-type]
        outcome=order_check.decision_to_json(outcome),
    )


_COLUMNS = (
    "id",
    "document_id",
    "point",
    '"on"',
    "at",
    "by_id",
    "cause",
    "verdict",
    "policy_version",
    "rulebook_version",
    "facts",
    "outcome",
)


def _keep(batch: sql.Batch, decision: Decision) -> str:
    """Write the decision; the fingerprint of its facts goes into the audit line."""
    fields = [name.strip('"') for name in _COLUMNS[:-2]]
    seen = order_check.canonical(decision.facts)
    values = [getattr(decision, name) for name in fields]
    batch.insert("control_decision", _COLUMNS, [(*values, seen, json.dumps(decision.outcome, ensure_ascii=False))])
    return order_check.fingerprint(seen)


def _carry_out(
    batch: sql.Batch, read: reading.Read, order: Order, outcome: order_check.Decision, decision: Decision
) -> None:
    """Move the order into the state its answer gives and its value into or out of ORDERED."""
    if outcome.held:
        state = State.HELD
    elif outcome.released or read.order.state == State.RELEASED:
        state = State.RELEASED
    else:
        state = State.APPROVED
    occupies = state in sales.OCCUPYING
    if read.order.payment == Order.Payment.PREPAID:
        if occupies:
            cash.reserve(order.document, read.amount)
        else:
            cash.drop_reservations([order.pk])
    if state != read.order.state:
        batch.add("UPDATE sales_order SET state = %s WHERE document_id = %s", [state.value, order.pk])
    if occupies != read.order.occupies:
        batch.add("UPDATE exposure_document SET occupies = %s WHERE id = %s", [occupies, order.pk])
    order.state, order.document.occupies = state, occupies
    _reserve(batch, read, order, decision)


def _reserve(batch: sql.Batch, read: reading.Read, order: Order, decision: Decision) -> None:
    """Bring ORDERED to what the order's state says."""
    now, occupies = read.order, order.document.occupies
    delta = (read.amount if occupies else 0) - read.reserved
    if (not delta and not read.has_family) or (read.has_family and occupies == now.occupies):
        return
    entry_id, position_id = read.ids
    verb = "control.order.checked"
    batch.insert("exposure_entry", ("id", "at", "actor_id", "verb"), [(entry_id, decision.at, decision.by_id, verb)])
    if read.has_family:
        batch.run()
        entry = exposure.Entry(pk=entry_id, at=decision.at, actor=decision.by, verb=verb)
        exposure.walk(entry, [order.document])
        return
    plain = exposure.Plain(
        document_id=now.id,
        component=Component.ORDERED,
        position_id=read.reserved_id or position_id,
        exists=read.reserved_id is not None,
        amount=delta,
        on=max(now.effective_on, read.open_from) if read.open_from else now.effective_on,
    )
    item = exposure.Item(now.account_id, now.currency, now.dated_on, None)
    exposure.post_plain(batch, plain, item, entry_id=entry_id, at=decision.at)


def recheck_waiting(customer_ids: Iterable[int], *, on: date, by: User, cause: str) -> list[Decision]:
    """Check the held orders of these customers and their groups' members again, oldest first.

    An order under a forced hold stays: only a person lifts it.
    """
    found = list(_held_orders(customer_ids))
    if not found:
        return []
    held = exposure.lock([order.document.account.customer_id for order in found])
    policy = policies.in_force(on)
    asked = Asked(CheckPoint.ORDER, on, by, policy, cause)
    still = Order.objects.filter(pk__in=[order.pk for order in found], state=State.HELD, forced_hold=False)
    waiting = set(still.values_list("pk", flat=True))
    return [decide(held, order, asked) for order in found if order.pk in waiting]


def _held_orders(customer_ids: Iterable[int]) -> Iterable[Order]:
    """Held orders of the customers and of everybody in their groups, oldest first."""
    ids = list(customer_ids)
    groups = Customer.objects.filter(pk__in=ids, group__isnull=False).values("group_id")
    whose = Q(document__account__customer_id__in=ids)
    whose |= Q(document__account__customer__group_id__in=groups)
    waiting = Order.objects.filter(whose, state=State.HELD, forced_hold=False, document__reversed_by=None)
    return waiting.select_related("document__account__customer").order_by("document__dated_on", "document_id")
