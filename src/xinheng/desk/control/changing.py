"""What happens to an order after it was entered: it grows or shrinks, is paid otherwise, is stopped by hand, let go
again, opened again.  Each of these has it checked again, and what it gives back may free others (semantics.md 3).
"""

from dataclasses import dataclass
from datetime import date

from xinheng.base import policies, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, WrongState
from xinheng.base.models import User
from xinheng.desk.cash import public as cash
from xinheng.desk.control import telling
from xinheng.desk.control.checking import Asked, State, decide, others_after, reread
from xinheng.desk.control.models import Decision
from xinheng.desk.control.releasing import noted
from xinheng.desk.exposure import public as exposure
from xinheng.desk.notices.public import tell_people
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import terms
from xinheng.rules.policy import CheckPoint, Effect, Instrument, NoticeKind, ReasonCode

_FORCED = ({"code": ReasonCode.FORCED_HOLD.value, "effect": Effect.BLOCK},)
_CLOSED = frozenset({State.REJECTED, State.CANCELLED})


class NothingStated(BadInput):
    """A change that changes nothing, or to nothing.  params: number."""

    code = "NOTHING_STATED"


class UnknownInstrument(BadInput):
    """Not a means of payment.  params: value, known."""

    code = "UNKNOWN_INSTRUMENT"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different about an order; None leaves it as it is.  ``amount`` is its new one, in minor units."""

    amount: int | None = None
    payment: str | None = None
    term: str | None = None
    instrument: str | None = None


def change_order(order: Order, change: Change, *, on: date, by: User) -> Decision | None:
    """Let an order grow or shrink, or be paid otherwise; one that was checked is checked again at the change, and a
    release does not stretch.  None for an order that nobody has checked yet.

    Raises:
        NothingStated.  UnknownInstrument.  RuleError: a term that cannot be read.  WrongState: rejected or cancelled.
        Refused.
    """
    rights.require(by, "orders.enter")
    _readable(order, change)
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state in _CLOSED:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        before = sales.amount_now(order)
        _apply(held, order, change, on=on, by=by)
        sales.revoke_shipping_orders([order.pk])
        if order.state == State.ENTERED:
            return None
        decision = decide(held, reread(order), Asked(CheckPoint.CHANGE, on, by, policies.in_force(on)))
        if decision.gave_back or (change.amount is not None and change.amount < before):
            others_after(order, on=on, by=by)
        return decision


def _readable(order: Order, change: Change) -> None:
    if change == Change() or (change.amount is not None and change.amount <= 0):
        raise NothingStated(number=order.document.number)
    if change.term:
        terms.parse_term(change.term)
    instrument(change.instrument or "")


def instrument(code: str) -> str:
    """A means of payment by its code; "" is none.

    Raises:
        UnknownInstrument
    """
    if code and code not in set(Instrument):
        raise UnknownInstrument(value=code, known=[one.value for one in Instrument])
    return code


def _apply(held: exposure.HeldRows, order: Order, change: Change, *, on: date, by: User) -> None:
    said = {"amount": change.amount, "currency": order.document.currency if change.amount is not None else None}
    if change.amount is not None:
        sales.change_amount(exposure.open_entry("control.order.changed", by=by), order, change.amount, on=on)
    before = {"payment": order.payment, "term": order.document.term, "instrument": order.instrument}
    after = {name: getattr(change, name) for name in before if getattr(change, name) is not None}
    if "payment" in after:
        order.payment = after["payment"]
        cash.drop_reservations([order.pk])
    if "instrument" in after:
        order.instrument = after["instrument"]
    if "term" in after:
        order.document.term = after["term"]
        order.document.save(update_fields=["term"])
    order.save(update_fields=["payment", "instrument"])
    told = {"before": {name: before[name] for name in after}, "after": after} if after else {}
    said = {name: value for name, value in said.items() if value is not None}
    noted(held, order, "control.order.changed", by=by, on=on.isoformat(), **said, **told)


def force_hold(order: Order, *, reason: str, on: date, by: User) -> Order:
    """Stop an order until a person lets it go; it never frees itself (peers: a forced hold is never auto-released).

    Raises:
        ReasonMissing.  WrongState: rejected or cancelled, or stopped already.  Refused.
    """
    rights.require(by, "holds.place")
    reason = reasons.stated(reason)
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state in _CLOSED or order.forced_hold:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        occupied = order.document.occupies
        order.forced_hold = True
        entry = exposure.open_entry("control.order.forced-hold", by=by)
        sales.move(entry, order, State.HELD)
        sales.revoke_shipping_orders([order.pk])
        cash.drop_reservations([order.pk])
        noted(held, order, "control.order.forced-hold", by=by, on=on.isoformat(), reason=reason)
        news = telling.order_news(NoticeKind.ORDER_HELD, order.document, reasons=_FORCED)
        tell_people([news], policy=policies.in_force(on).policy, on=on, by=by)
        if occupied:
            others_after(order, on=on, by=by)
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
        noted(held, order, "control.order.forced-hold-lifted", by=by, on=on.isoformat(), reason=reason)
        return decide(held, order, Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "HOLD"))


def reopen_order(order: Order, *, reason: str, on: date, by: User) -> Decision:
    """Open a rejected or cancelled order again; no release it had binds any more, and it is checked anew.

    Raises:
        WrongState: it is open.  Refused.
    """
    rights.require(by, "orders.enter")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state not in _CLOSED:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        cash.drop_reservations([order.pk])
        sales.record_reopening(exposure.open_entry("control.order.reopened", by=by), order)
        noted(held, order, "control.order.reopened", by=by, on=on.isoformat(), reason=reason)
        return decide(held, reread(order), Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "REOPENED"))
