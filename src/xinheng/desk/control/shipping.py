"""Goods on their way out: checked at the moment of delivery, let go by a shipping order, recorded when they leave.

Without the release token the warehouse lets nothing go (OC-009); what stops at the check is kept with its reasons and
looked at again when money comes.
"""

from datetime import date

from xinheng.base import events, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.control import words
from xinheng.desk.control.checking import Asked, decide, reread
from xinheng.desk.control.models import Decision
from xinheng.desk.control.releasing import noted
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order, ShippingOrder
from xinheng.rules.dates import days_from
from xinheng.rules.policy import CheckPoint


class StillHeld(XinhengError):
    """The goods may not leave, or the invoice may not be issued.  params: number, reasons (codes), said."""

    code = "STILL_HELD"
    exit = 3


def let_go(order: Order, *, on: date, by: User, amount: int | None = None) -> ShippingOrder:
    """Check what is to leave and issue the shipping order for it: ``amount``, or all that none covers yet.

    Raises:
        StillHeld: the check holds it; the decision is kept.  WrongState: not approved, or nothing left.  Refused.
    """
    rights.require(by, "orders.check")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        covered = sales.standing_for(order, on=on)
        open_goods = sales.remaining(order) - covered
        goods = max(0, open_goods) if amount is None else amount
        if goods > open_goods:
            raise WrongState(what="order", number=order.document.number, state="TOO_LITTLE_LEFT")
        decision = _check(held, order, goods, "LET_GO", on=on, by=by)
        if not _holds(decision):
            issued = _issue(order, goods, decision, on=on, by=by)
            noted(held, order, "control.order.let-go", by=by, amount=goods, currency=order.document.currency)
    refuse_held(decision)
    return issued


def ship(order: Order, *, on: date, by: User, amount: int | None = None, token: str = "") -> exposure.Document:
    """Check what leaves and record the delivery, all that is left or ``amount`` of it.

    It leaves on the shipping order with this ``token``; without one on those that stand, and one is issued for what
    none covers.

    Raises:
        StillHeld: the check at delivery holds it; the decision is kept.  BadShippingOrder: the token does not fit.
        WrongState: not approved, or not so much left.  Refused.
    """
    rights.require(by, "deliveries.ship")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        goods = sales.remaining(order) if amount is None else amount
        if token:
            shipping = sales.usable_token(token, order, on=on, amount=0 if amount is None else goods)
            ((_, left),) = sales.with_left([shipping])
            goods = min(goods, left)
        stated = None if amount is None and not token else goods
        decision = _check(held, order, stated, "SHIP", on=on, by=by)
        if not _holds(decision):
            bare = 0 if token else goods - sales.standing_for(order, on=on)
            if bare > 0:
                _issue(order, bare, decision, on=on, by=by)
            delivery = _record(order, goods, token, on=on, by=by)
            noted(held, order, "control.order.shipped", by=by, delivery=delivery.number)
            customer = order.document.account.customer_id
            events.tell(events.DebtGrew(frozenset({customer}), "DELIVERY", on, by))
    refuse_held(decision)
    return delivery


def _check(held: exposure.HeldRows, order: Order, goods: int | None, cause: str, *, on: date, by: User) -> Decision:
    asked = Asked(CheckPoint.DELIVERY, on, by, policies.in_force(on), cause, sales.OCCUPYING, goods)
    return decide(held, order, asked)


def _holds(decision: Decision) -> bool:
    return decision.verdict == Decision.Verdict.HELD


def refuse_held(decision: Decision) -> None:
    """Said after the transaction, so that the decision that stops the goods is kept."""
    if _holds(decision):
        blocks = [reason["code"] for reason in decision.outcome["reasons"] if reason["effect"] == "BLOCK"]
        codes = list(dict.fromkeys(blocks))
        raise StillHeld(number=decision.number, reasons=codes, said=words.reason_names(codes))


def _issue(order: Order, goods: int, decision: Decision, *, on: date, by: User) -> ShippingOrder:
    """A shipping order holds as long as a release does, and never longer than the one it rests on."""
    policy = policies.in_force(on).policy
    last = days_from(on, policy.release.expiry_days)
    if decision.outcome["released"] and order.released_until is not None:
        last = min(last, order.released_until)
    return sales.issue_shipping_order(order, amount=goods, expires_on=last, by=by)


def _record(order: Order, goods: int, token: str, *, on: date, by: User) -> exposure.Document:
    document = order.document
    row = sales.DeliveryRow(
        entity_id=document.entity_id,
        account_id=document.account_id,
        number=sales.next_delivery_number(order),
        dated_on=max(on, document.dated_on),
        currency=document.currency,
        amount=goods,
        order_number=document.number,
        token=token,
    )
    return sales.record_deliveries(exposure.open_entry("control.order.shipped", by=by), [row])[0]
