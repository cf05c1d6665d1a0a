"""Deciding an order and keeping the decision: facts, rules, state, movement and audit line in one transaction.

``decide`` is the inner half: it runs under a lock somebody already holds, for a person's check, an import with
``--check``, and every automatic re-check alike.
"""

from dataclasses import dataclass
from datetime import date

from xinheng.base import clock, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.base.policies import InForce
from xinheng.desk.cash import public as cash
from xinheng.desk.control import facts
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check
from xinheng.rules.policy import CheckPoint

State = Order.State
#: States in which an order still waits for its answer.
WAITING = frozenset({State.ENTERED, State.HELD})


@dataclass(frozen=True, slots=True)
class Asked:
    """Why and under which policy an order is looked at."""

    point: CheckPoint
    on: date
    by: User
    policy: InForce
    cause: str = "ASKED"


def check_order(order: Order, *, on: date, by: User, point: CheckPoint = CheckPoint.ORDER) -> Decision:
    """Decide whether an order may go ahead on credit, and keep the decision.

    Raises:
        WrongState: rejected or cancelled.  LockTimeout.  Refused.
    """
    rights.require(by, "orders.check")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state not in {*WAITING, *sales.OCCUPYING}:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        return decide(held, order, Asked(point, on, by, policies.in_force(on)))


def reread(order: Order) -> Order:
    """The order as it is now that its account is locked."""
    return Order.objects.select_related("document__account__customer__group", "document__entity").get(pk=order.pk)


def decide(held: dict[tuple[str, int], exposure.Held], order: Order, asked: Asked) -> Decision:
    """Ask the rule book and carry out its answer; the holders are locked and the order was read under the lock."""
    document = order.document
    amount = facts.amount_to_check(order, asked.point)
    gathered = facts.gather(facts.Question(order, asked.point, asked.on, amount), asked.policy.policy)
    outcome = order_check.check(gathered, asked.policy.policy)
    at = clock.now()
    decision = Decision.objects.create(
        document=document,
        point=asked.point.value,
        on=asked.on,
        at=at,
        by=asked.by,
        cause=asked.cause,
        verdict=outcome.verdict.value,
        policy_version=asked.policy.version,
        rulebook_version=outcome.rulebook,
        facts=order_check.facts_to_json(gathered),
        outcome=order_check.decision_to_json(outcome),
    )
    entry = exposure.open_entry("control.order.checked", by=asked.by, at=at)
    if asked.point in {CheckPoint.ORDER, CheckPoint.CHANGE}:
        _carry_out(entry, order, outcome, amount)
    data = {
        "decision": str(decision.pk),
        "verdict": decision.verdict,
        "point": decision.point,
        "reasons": [reason.code.value for reason in outcome.reasons],
        "policy": decision.policy_version,
        "facts": order_check.digest(decision.facts),
    }
    holder = held["customer", document.account.customer_id]
    subject = f"order:{document.number}"
    exposure.note(holder, "control.order.checked", subject, by=asked.by, at=at, data=data)
    return decision


def _carry_out(entry: exposure.Entry, order: Order, outcome: order_check.Decision, amount: int) -> None:
    """Move the order into the state its answer gives and its value into or out of ORDERED."""
    if outcome.held:
        state = State.HELD
    elif outcome.released or order.state == State.RELEASED:
        state = State.RELEASED
    else:
        state = State.APPROVED
    if order.payment == Order.Payment.PREPAID:
        cash.drop_reservations([order.document_id])
        if state in sales.OCCUPYING:
            cash.reserve(order.document, amount)
    if state != order.state or order.document.occupies != (state in sales.OCCUPYING):
        sales.move(entry, order, state)


def recheck_waiting(customer_ids: frozenset[int], *, on: date, by: User, cause: str) -> list[Decision]:
    """Check the held orders of these customers and their groups' members again, oldest first.

    An order under a forced hold stays: only a person lifts it.
    """
    orders = held_orders_of(customer_ids)
    if not orders:
        return []
    held = exposure.lock([order.document.account.customer_id for order in orders])
    policy = policies.in_force(on)
    decisions = []
    for order in orders:
        fresh = reread(order)
        if fresh.state == State.HELD and not fresh.forced_hold:
            decisions.append(decide(held, fresh, Asked(CheckPoint.ORDER, on, by, policy, cause)))
    return decisions


def held_orders_of(customer_ids: frozenset[int]) -> list[Order]:
    """Held orders of the customers and of everybody in their groups, oldest first."""
    from django.db.models import Q

    from xinheng.desk.customers.public import Customer

    groups = Customer.objects.filter(pk__in=customer_ids, group__isnull=False).values("group_id")
    whose = Q(document__account__customer_id__in=customer_ids)
    whose |= Q(document__account__customer__group_id__in=groups)
    waiting = Order.objects.filter(whose, state=State.HELD, forced_hold=False, document__reversed_by=None)
    return list(waiting.select_related("document__account").order_by("document__dated_on", "document_id"))
