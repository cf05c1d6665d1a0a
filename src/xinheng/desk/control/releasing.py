"""What people do about a held order: sign it through, reject it, stop it for good, send its goods.

A release needs the signers the policy names, each a different person and none the order's own salesperson or whoever
entered it.  It binds the amount, the customer and a last day (semantics.md 3).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from xinheng.base import clock, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Refused, SamePerson, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.control.checking import WAITING, Asked, State, decide, reread
from xinheng.desk.control.models import Decision, Signature
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check, signers
from xinheng.rules.policy import CheckPoint, Policy


class NotReleasable(XinhengError):
    """A reason no release overcomes.  params: number, reasons."""

    code = "NOT_RELEASABLE"


class StillHeld(XinhengError):
    """The goods may not leave.  params: number, reasons."""

    code = "STILL_HELD"
    exit = 3


@dataclass(frozen=True, slots=True)
class Released:
    """What a signature achieved: the order, the decision it led to, and who still has to sign."""

    order: Order
    decision: Decision
    missing: signers.Missing


def sign_release(order: Order, *, reason: str, on: date, by: User) -> Released:
    """Sign a held order through; once the policy's signers are complete it is released and checked again.

    Raises:
        WrongState: not held.  SamePerson: its salesperson, or whoever entered it.  NotReleasable.  Refused.
    """
    rights.require(by, "orders.release")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        decision = _held_decision(order)
        policy = policies.in_force(on).policy
        _refuse_own(order, by)
        _refuse_unreleasable(order, decision, policy)
        amount = sales.amount_now(order)
        rule = _signer_rule(decision)
        if not set(by.roles) & set(rule.roles):
            raise Refused(right="orders.release", who=", ".join(rule.roles))
        _sign(held, order, decision, Signature.Verb.RELEASE, reason, by, amount)
        given = _signatures(decision)
        missing = signers.missing(rule, given, _own(order))
        if missing.count == 0:
            order.released_amount, order.released_until = amount, on + timedelta(days=policy.release.expiry_days)
            order.save(update_fields=["released_amount", "released_until"])
            decision = decide(held, order, Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "RELEASE"))
        return Released(order, decision, missing)


def reject(order: Order, *, reason: str, by: User) -> Order:
    """Turn an order down; it occupies nothing and is not checked again.

    Raises:
        WrongState: not waiting.  Refused.
    """
    rights.require(by, "orders.reject")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state not in WAITING:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        decision = Decision.objects.filter(document=order.document).order_by("-id").first()
        if decision:
            _sign(held, order, decision, Signature.Verb.REJECT, reason, by, sales.amount_now(order))
        else:
            _note(held, order, "control.order.rejected", reason, by)
        order.state = State.REJECTED
        order.save(update_fields=["state"])
        return order


def force_hold(order: Order, *, reason: str, by: User) -> Order:
    """Stop an order until a person lets it go; it never frees itself (peers: a forced hold is never auto-released).

    Raises:
        WrongState: rejected or cancelled.  Refused.
    """
    rights.require(by, "holds.place")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state in {State.REJECTED, State.CANCELLED}:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        order.forced_hold = True
        entry = exposure.open_entry("control.order.forced-hold", by=by)
        sales.move(entry, order, State.HELD)
        _note(held, order, "control.order.forced-hold", reason, by)
        return order


def lift_forced_hold(order: Order, *, reason: str, on: date, by: User) -> Decision:
    """Let a stopped order be judged by the rules again.

    Raises:
        WrongState: it was not stopped.  Refused.
    """
    rights.require(by, "holds.lift")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if not order.forced_hold:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        order.forced_hold = False
        order.save(update_fields=["forced_hold"])
        _note(held, order, "control.order.forced-hold-lifted", reason, by)
        return decide(held, order, Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "HOLD"))


def change_order(order: Order, amount: int, *, on: date, by: User) -> Decision:
    """Let an order grow or shrink; it is checked again at the change point, a release does not stretch.

    Raises:
        WrongState: rejected or cancelled.  Refused.
    """
    rights.require(by, "orders.enter")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state in {State.REJECTED, State.CANCELLED}:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        entry = exposure.open_entry("control.order.changed", by=by)
        sales.change_amount(entry, order, amount, on=on)
        _note(held, order, "control.order.changed", str(amount), by)
        return decide(held, reread(order), Asked(CheckPoint.CHANGE, on, by, policies.in_force(on)))


def ship(order: Order, *, on: date, by: User, amount: int | None = None) -> exposure.Document:
    """Check what is to leave, issue the shipping order and record the delivery that uses it up.

    Raises:
        StillHeld: the check at delivery holds it; the decision is kept.  WrongState: not approved.  Refused.
    """
    rights.require(by, "deliveries.ship")
    decision = _check_delivery(order, on=on, by=by)
    if decision.verdict == Decision.Verdict.HELD:
        codes = [reason["code"] for reason in decision.outcome["reasons"]]
        raise StillHeld(number=order.document.number, reasons=codes)
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        document = order.document
        leaving = sales.remaining(order) if amount is None else amount
        if order.state not in sales.OCCUPYING or leaving <= 0:
            raise WrongState(what="order", number=document.number, state=order.state)
        sales.issue_shipping_order(order, amount=leaving, expires_on=None, by=by)
        entry = exposure.open_entry("control.order.shipped", by=by)
        row = sales.DeliveryRow(
            entity_id=document.entity_id,
            account_id=document.account_id,
            number=sales.next_delivery_number(order),
            dated_on=max(on, document.dated_on),
            currency=document.currency,
            amount=leaving,
            order_number=document.number,
        )
        delivery = sales.record_deliveries(entry, [row])[0]
        _note(held, order, "control.order.shipped", delivery.number, by)
        return delivery


def _check_delivery(order: Order, *, on: date, by: User) -> Decision:
    """The check at the moment of delivery, kept even when it stops the goods."""
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state not in sales.OCCUPYING:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        return decide(held, order, Asked(CheckPoint.DELIVERY, on, by, policies.in_force(on)))


def _held_decision(order: Order) -> Decision:
    decision = Decision.objects.filter(document=order.document).order_by("-id").first()
    if order.state != State.HELD or decision is None:
        raise WrongState(what="order", number=order.document.number, state=order.state)
    return decision


def _own(order: Order) -> set[str]:
    """Who stands on the selling side of this order: its salesperson and whoever entered it, as salespeople's codes."""
    document = order.document
    entered_by = document.entry.actor.sales_code
    return {document.salesperson, document.account.customer.salesperson, entered_by} - {""}


def _refuse_own(order: Order, by: User) -> None:
    if by.sales_code in _own(order):
        raise SamePerson(what="order", number=order.document.number)


def _refuse_unreleasable(order: Order, decision: Decision, policy: Policy) -> None:
    codes = {reason["code"] for reason in decision.outcome["reasons"] if reason["effect"] == "BLOCK"}
    closed = codes & {code.value for code in policy.release.not_releasable}
    if order.forced_hold:
        closed.add("FORCED_HOLD")
    if closed:
        raise NotReleasable(number=order.document.number, reasons=sorted(closed))


def _signer_rule(decision: Decision) -> signers.SignerRule:
    """Who has to sign, as the decision told everybody.

    Raises:
        NotReleasable: no signature frees it.
    """
    for free in decision.outcome["frees"]:
        for step in free["steps"]:
            if step["kind"] == order_check.StepKind.SIGN.value:
                told = step["params"]["signers"]
                return signers.SignerRule(signers.SignerKind(told["kind"]), tuple(told["roles"]), told["n"])
    codes = [reason["code"] for reason in decision.outcome["reasons"]]
    raise NotReleasable(number=decision.document.number, reasons=codes)


def _signatures(decision: Decision) -> list[signers.Signature]:
    given = Signature.objects.filter(decision=decision, verb=Signature.Verb.RELEASE).select_related("signer")
    return [(one.signer.sales_code, tuple(one.roles)) for one in given]


def _sign(
    held: exposure.HeldRows,
    order: Order,
    decision: Decision,
    verb: str,
    reason: str,
    by: User,
    amount: int,
) -> None:
    Signature.objects.create(
        document=order.document,
        decision=decision,
        verb=verb,
        signer=by,
        roles=by.roles,
        reason=reason,
        amount=amount,
        at=clock.now(),
    )
    name = "signed" if verb == Signature.Verb.RELEASE else "rejected"
    _note(held, order, f"control.order.{name}", reason, by)


def _note(held: exposure.HeldRows, order: Order, verb: str, reason: str, by: User) -> None:
    holder = held["customer", order.document.account.customer_id]
    subject = f"order:{order.document.number}"
    exposure.note(holder, verb, subject, by=by, at=clock.now(), data={"reason": reason})
