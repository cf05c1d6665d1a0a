"""Deciding an order and keeping the decision: facts, rules, state, movement and audit line in one transaction.

``decide`` is the inner half: it runs under a lock somebody already holds, for a person's check, an import with
``--check``, and every automatic re-check alike.  It asks the database once and writes once.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

import uuid_utils.compat
from django.db.models import Q

from xinheng.base import clock, policies, rights, sql
from xinheng.base.database import atomic
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.base.policies import InForce
from xinheng.desk.cash import public as cash
from xinheng.desk.control import asking, facts, reading, telling
from xinheng.desk.control.models import Decision
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.notices.public import tell_people
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check
from xinheng.rules.policy import CheckPoint, NoticeKind
from xinheng.rules.road import Component

State = Order.State
#: States in which an order still waits for its answer.
WAITING = frozenset({State.ENTERED, State.HELD})
#: States in which a person may ask for a check.
CHECKABLE = WAITING | sales.OCCUPYING
#: Causes of a check that a person asked for: by itself, for goods that are to leave, or for their shipping order.
PERSONS = frozenset({"ASKED", "SHIP", "LET_GO"})
#: Points at which the answer moves the order itself; the others only look.
MOVES_VALUE = frozenset({CheckPoint.ORDER, CheckPoint.CHANGE})


@dataclass(frozen=True, slots=True)
class Asked:
    """Why and under which policy an order is looked at, in which states it may be, and how much is to leave
    (at delivery; None: all that is left)."""

    point: CheckPoint
    on: date
    by: User
    policy: InForce
    cause: str = "ASKED"
    states: frozenset[str] = CHECKABLE
    goods: int | None = None


def check_order(order: Order, *, on: date, by: User, point: CheckPoint = CheckPoint.ORDER) -> Decision:
    """Decide whether an order may go ahead on credit, and keep the decision.

    Raises:
        WrongState: rejected or cancelled.  LockTimeout.  Refused.
    """
    with atomic():
        held, answers = exposure.lock_asking(order.document.account.customer_id, policies.ask)
        here = policies.heard(answers)
        rights.require(by, "orders.check", here.current.policy)
        states = sales.OCCUPYING if point is CheckPoint.DELIVERY else CHECKABLE
        decision = decide(held, order, Asked(point, on, by, here.in_force(on), states=states), alone=True)
        if decision.gave_back:
            others_after(order, on=on, by=by)
        return decision


def reread(order: Order) -> Order:
    """The order as it is now that its account is locked."""
    return Order.objects.select_related("document__account__customer__group", "document__entity").get(pk=order.pk)


def decide(held: exposure.HeldRows, order: Order, asked: Asked, *, alone: bool = False) -> Decision:
    """Ask the rule book and carry out its answer; the holders are locked.

    ``alone``: nothing else happens in this transaction unless the order gave something back.

    Raises:
        WrongState: the order is in none of the states asked for, or nothing of it is left to leave.
    """
    document, customer = order.document, order.document.account.customer
    holder = held["customer", customer.pk]
    read = reading.read(document.pk, customer_id=customer.pk, group_id=holder.member_of, on=asked.on)
    if read.order.state not in asked.states:
        raise WrongState(what="order", number=document.number, state=read.order.state)
    question = question_of(read, order, asked)
    gathered = facts.gather(read, question, asked.policy.policy)
    outcome = order_check.check(gathered, asked.policy.policy)
    decision = new_decision(document, asked, gathered, outcome)
    batch = sql.Batch()
    fingerprint = keep(batch, decision)
    stopped_before = order.stopped_goods is not None
    if asked.point in MOVES_VALUE:
        _carry_out(batch, read, order, outcome, decision)
    elif asked.point is CheckPoint.DELIVERY:
        _stop_or_let_go(batch, order, question, held=outcome.held)
    line_of(batch, holder, f"order:{document.number}", decision, fingerprint)
    _tell(batch, read, order, decision, asked, stopped_before)
    if alone and not decision.gave_back:
        batch.run_last()
    else:
        batch.run()
    return decision


def question_of(read: reading.Read, order: Order, asked: Asked) -> facts.Question:
    """What the order stands for at this point, with what of that stands in the balances already left out.

    Raises:
        WrongState: nothing, or not so much, is left to leave.
    """
    return asking.question(
        read,
        lambda: [exposure.seen(one) for one in exposure.family(order.document)],
        point=asked.point,
        on=asked.on,
        goods=asked.goods,
        strict=asked.cause in PERSONS,
    )


def new_decision(
    document: exposure.Document | None, asked: Asked, gathered: order_check.Facts, outcome: order_check.Decision
) -> Decision:
    """The decision as it will be kept; not written yet."""
    return Decision(
        id=uuid_utils.compat.uuid7(),
        document=document,
        number=gathered.order.number,
        point=asked.point.value,
        on=asked.on,
        at=clock.now(),
        by=asked.by,
        cause=asked.cause,
        verdict=outcome.verdict.value,
        shadow=outcome.shadow,
        policy_version=asked.policy.version,
        rulebook_version=outcome.rulebook,
        facts=order_check.facts_to_json(gathered),
        outcome=order_check.decision_to_json(outcome),
    )


_COLUMNS = (
    "id",
    "document_id",
    "account_id",
    "number",
    "point",
    '"on"',
    "at",
    "by_id",
    "cause",
    "verdict",
    "shadow",
    "policy_version",
    "rulebook_version",
    "facts",
    "outcome",
)


def keep(batch: sql.Batch, decision: Decision) -> str:
    """Write the decision; the fingerprint of its facts goes into the audit line."""
    if decision.document is not None:
        decision.account_id = decision.document.account_id
    fields = [name.strip('"') for name in _COLUMNS[:-2]]
    seen = order_check.canonical(decision.facts)
    values = [getattr(decision, name) for name in fields]
    batch.insert("control_decision", _COLUMNS, [(*values, seen, json.dumps(decision.outcome, ensure_ascii=False))])
    return order_check.fingerprint(seen)


def line_of(batch: sql.Batch, holder: exposure.Held, subject: str, decision: Decision, fingerprint: str) -> None:
    """The audit line that tells of a decision."""
    data = {
        "decision": str(decision.pk),
        "verdict": decision.verdict,
        "point": decision.point,
        "reasons": [reason["code"] for reason in decision.outcome["reasons"]],
        "policy": decision.policy_version,
        "facts": fingerprint,
    }
    exposure.next_line(holder, "control.order.checked", subject, by=decision.by, at=decision.at, data=data, batch=batch)


def state_after(now: str, *, held: bool, released: bool) -> State:
    """The state an answer at the order or its change brings it into; what was released stays so while it passes."""
    if held:
        return State.HELD
    return State.RELEASED if released or now == State.RELEASED else State.APPROVED


def _carry_out(
    batch: sql.Batch, read: reading.Read, order: Order, outcome: order_check.Decision, decision: Decision
) -> None:
    """Move the order into the state its answer gives and its value into or out of ORDERED."""
    state = state_after(read.order.state, held=outcome.held, released=outcome.released)
    occupies = state in sales.OCCUPYING
    if read.order.payment == Order.Payment.PREPAID:
        if occupies:
            cash.reserve(order.document, read.amount, decision.on)
        else:
            cash.drop_reservations([order.pk])
    if state != read.order.state:
        update = "UPDATE sales_order SET state = %s, stopped_goods = NULL WHERE document_id = %s"
        batch.add(update, [state.value, order.pk])
    if occupies != read.order.occupies:
        batch.add("UPDATE exposure_document SET occupies = %s WHERE id = %s", [occupies, order.pk])
        if not occupies:
            sales.revoke_shipping_orders([order.pk])
    decision.gave_back = read.order.occupies and not occupies
    order.state, order.document.occupies = state, occupies
    _reserve(batch, read, order, decision)


def _stop_or_let_go(batch: sql.Batch, order: Order, question: facts.Question, *, held: bool) -> None:
    """Remember what the check at delivery stopped, so that it is looked at again when money comes."""
    goods = question.goods if held else None
    order.stopped_goods = goods
    batch.add("UPDATE sales_order SET stopped_goods = %s WHERE document_id = %s", [goods, order.pk])
    if held:
        sales.revoke_shipping_orders([order.pk])


def _tell(
    batch: sql.Batch, read: reading.Read, order: Order, decision: Decision, asked: Asked, stopped_before: bool
) -> None:
    """Tell people what became otherwise: the order is held or free now, its goods are stopped or may leave (OC-008)."""
    held = decision.verdict == Decision.Verdict.HELD
    if asked.point in MOVES_VALUE:
        before, now = read.order.state == State.HELD, NoticeKind.ORDER_HELD
    elif asked.point is CheckPoint.DELIVERY:
        before, now = stopped_before, NoticeKind.GOODS_STOPPED
    else:
        return
    if held == before:
        return
    news = telling.order_news(
        now if held else NoticeKind.ORDER_FREED, order.document, reasons=decision.outcome["reasons"]
    )
    tell_people([news], policy=asked.policy.policy, on=asked.on, by=asked.by, at=decision.at, batch=batch)


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


def others_after(order: Order, *, on: date, by: User) -> list[Decision]:
    """An order gave back what it occupied: whoever else waits for the same limit is looked at again."""
    customer = order.document.account.customer_id
    return recheck_waiting([customer], on=on, by=by, cause="ORDER", but=[order.pk])


def decide_imported(order: exposure.Document, *, on: date, by: User) -> Decision:
    """Decide an order that has just come in a file, inside the import's own transaction and under its locks."""
    held = exposure.lock([order.account.customer_id])
    return decide(held, reread(order.order), Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "IMPORT"))


def recheck_waiting(
    customer_ids: Iterable[int], *, on: date, by: User, cause: str, but: Collection[int] = ()
) -> list[Decision]:
    """Check the waiting orders of these customers and their groups' members again, oldest first: those that are held,
    and those whose goods were stopped.

    Each is decided on what those before it left, so no two take the last of a limit.  An order under a forced hold
    stays: only a person lifts it.
    """
    found = [order for order in _waiting_orders(customer_ids) if order.pk not in but]
    if not found:
        return []
    held = exposure.lock([order.document.account.customer_id for order in found])
    asked = Asked(CheckPoint.ORDER, on, by, policies.in_force(on), cause)
    waiting = Order.objects.filter(WAITS, pk__in=[order.pk for order in found], forced_hold=False)
    still = dict(waiting.values_list("pk", "stopped_goods"))
    made = []
    for order in found:
        if order.pk not in still:
            continue
        goods, this = still[order.pk], asked
        if goods is not None:
            this = replace(asked, point=CheckPoint.DELIVERY, goods=goods, states=sales.OCCUPYING)
        try:
            made.append(decide(held, order, this))
        except WrongState:  # what was stopped has left in another way meanwhile
            Order.objects.filter(pk=order.pk).update(stopped_goods=None)
    return made


#: What waits for an answer: orders that are held, and those whose goods were stopped.
WAITS = Q(state=State.HELD) | Q(state__in=sales.OCCUPYING, stopped_goods__isnull=False)


def _waiting_orders(customer_ids: Iterable[int]) -> list[Order]:
    """Orders of the customers and of everybody in their groups that wait, oldest first."""
    ids = list(customer_ids)
    groups = Customer.objects.filter(pk__in=ids, group__isnull=False).values("group_id")
    whose = Q(document__account__customer_id__in=ids)
    whose |= Q(document__account__customer__group_id__in=groups)
    waiting = Order.objects.filter(WAITS, whose, forced_hold=False, document__reversed_by=None)
    found = waiting.select_related("document__account__customer")
    return list(found.order_by("document__dated_on", "document_id"))
