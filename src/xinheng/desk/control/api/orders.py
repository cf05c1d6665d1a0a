"""Orders: entered, checked, changed, released, turned down, cancelled; each route is one verb of ``xinheng order``."""

from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Day, Line, MaybeCode, OnDay, Person, Reason, ReasonOn, Stated
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.stated import read_amount, read_currency, read_date, read_number
from xinheng.desk.control import public as control
from xinheng.desk.control.shapes import CheckShape, ReleasedShape
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order, OrderFileShape, OrderShape
from xinheng.rules.policy import CheckPoint

room = Room("Orders 订单")
State = Literal["entered", "held", "approved", "released", "rejected", "cancelled"]
Payment = Literal["credit", "prepaid", "cod"]


class NewOrder(Stated):
    """An order to enter; without a currency the customer's, else the company's."""

    number: Code
    customer: Code
    amount: Amount
    currency: MaybeCode = ""
    payment: Payment = "credit"
    date: Day | None = None
    ship_date: Day | None = None
    term: Line = ""
    instrument: Line = ""
    salesperson: Person = ""
    needs: list[Code] = []
    entity: MaybeCode = ""


class CheckAt(OnDay):
    """Where it is checked, and for which day."""

    at: Literal["order", "delivery"] = "order"


class ChangedOrder(OnDay):
    """What is to be otherwise; what is left out stays."""

    amount: Amount | None = None
    payment: Payment | None = None
    term: Line | None = None
    instrument: Line | None = None


class ApprovedPaper(ReasonOn):
    """A document the order needs."""

    document: Code


class CheckedOrderShape(OrderShape):
    """An order after a change, and the check it went through; null where it was not checked before."""

    check: CheckShape | None


def _order(request: HttpRequest, number: str, entity: str) -> Order:
    return sales.order_of(number, entity, caller(request))


def current(request: HttpRequest, number: str, entity: str = "", **_stated: Any) -> OrderFileShape:
    """The order as it stands, its customer locked until the transaction ends."""
    exposure.lock([_order(request, number, entity).document.account.customer_id])
    return sales.order_file_shape(_order(request, number, entity))


def _again(order: Order) -> OrderShape:
    return sales.order_shape(control.reread(order))


@room.read("/orders", Page[OrderShape], right="orders.view")
def list_orders(
    request: HttpRequest,
    state: State | None = None,
    customer: MaybeCode = "",
    salesperson: Person = "",
    since: Day = "",
    until: Day = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Orders, the newest first."""
    found = control.orders_seen_by(caller(request))
    asked = {
        "state": state.upper() if state else "",
        "document__account__customer__code": customer,
        "document__salesperson": salesperson,
        "document__dated_on__gte": read_date(since) if since else "",
        "document__dated_on__lte": read_date(until) if until else "",
    }
    found = found.filter(**{name: value for name, value in asked.items() if value})
    return page(found, sales.order_shape, cursor=cursor, limit=limit)


@room.write("/orders", OrderShape, right="orders.enter", makes=True)
def enter_order(request: HttpRequest, body: NewOrder) -> Any:
    """Enter an order, unchecked."""
    by = caller(request)
    buyer = customers.whose(body.customer, by)
    currency = read_currency(body.currency or buyer.currency or clock.company().currency)
    seller = exposure.entity(body.entity)
    row = sales.OrderRow(
        entity_id=seller.pk,
        account_id=exposure.account(buyer.pk, seller).pk,
        number=read_number(body.number),
        dated_on=read_date(body.date),
        currency=currency,
        amount=read_amount(body.amount, currency, positive=True),
        salesperson=body.salesperson or buyer.salesperson,
        ship_date=read_date(body.ship_date) if body.ship_date else None,
        payment=body.payment,
        term=body.term,
        instrument=control.instrument(body.instrument),
        needs=tuple(dict.fromkeys(read_number(one) for one in body.needs)),
    )
    return _again(sales.enter_order(row, customer_id=buyer.pk, by=by))


@room.write("/orders/{path:number}/credit-checks", CheckShape, makes=True, current=current)
def check_order(request: HttpRequest, number: Code, body: CheckAt, entity: MaybeCode = "") -> Any:
    """May this order go ahead on credit? A held order is an answer, not a refusal."""
    found, by = _order(request, number, entity), caller(request)
    point = CheckPoint(body.at.upper())
    return control.decision_json(control.check_order(found, on=read_date(body.date), by=by, point=point))


@room.write("/orders/{path:number}/changes", CheckedOrderShape, current=current)
def change_order(request: HttpRequest, number: Code, body: ChangedOrder, entity: MaybeCode = "") -> Any:
    """Let an order grow or shrink, or be paid otherwise; it is checked again."""
    found = _order(request, number, entity)
    minor = None if body.amount is None else read_amount(body.amount, found.document.currency, positive=True)
    asked = control.Change(amount=minor, payment=body.payment, term=body.term, instrument=body.instrument)
    decision = control.change_order(found, asked, on=read_date(body.date), by=caller(request))
    return {**_again(found), "check": control.decision_json(decision) if decision else None}


@room.write("/orders/{path:number}/releases", ReleasedShape, current=current)
def release_order(request: HttpRequest, number: Code, body: ReasonOn, entity: MaybeCode = "") -> Any:
    """Sign a held order, or stopped goods, through; `missing` says how many more have to sign."""
    found, by = _order(request, number, entity), caller(request)
    done = control.sign_release(found, reason=body.reason, on=read_date(body.date), by=by)
    return control.released_shape(done, _again(done.order))


@room.write("/orders/{path:number}/release-requests", OrderShape, current=current)
def ask_release(request: HttpRequest, number: Code, body: ReasonOn, entity: MaybeCode = "") -> Any:
    """Ask those who may sign to let a held order go."""
    found = _order(request, number, entity)
    control.ask_release(found, reason=body.reason, on=read_date(body.date), by=caller(request))
    return _again(found)


@room.write("/orders/{path:number}/rejections", OrderShape, current=current)
def reject_order(request: HttpRequest, number: Code, body: Reason, entity: MaybeCode = "") -> Any:
    """Turn an order down."""
    found = _order(request, number, entity)
    return _again(control.reject(found, reason=body.reason, by=caller(request)))


@room.write("/orders/{path:number}/cancellations", OrderShape, current=current)
def cancel_order(request: HttpRequest, number: Code, body: OnDay, entity: MaybeCode = "") -> Any:
    """Close an order; what has not left is cancelled."""
    found = _order(request, number, entity)
    return _again(sales.cancel_order(found, on=read_date(body.date), by=caller(request)))


@room.write("/orders/{path:number}/reopenings", CheckShape, current=current)
def reopen_order(request: HttpRequest, number: Code, body: ReasonOn, entity: MaybeCode = "") -> Any:
    """Open a rejected or cancelled order again; it is checked anew."""
    found, by = _order(request, number, entity), caller(request)
    return control.decision_json(control.reopen_order(found, reason=body.reason, on=read_date(body.date), by=by))


@room.write("/orders/{path:number}/holds", OrderShape, current=current)
def hold_order(request: HttpRequest, number: Code, body: ReasonOn, entity: MaybeCode = "") -> Any:
    """Stop an order until a person lets it go."""
    found, by = _order(request, number, entity), caller(request)
    return _again(control.force_hold(found, reason=body.reason, on=read_date(body.date), by=by))


@room.write("/orders/{path:number}/unholds", CheckShape, current=current)
def unhold_order(request: HttpRequest, number: Code, body: ReasonOn, entity: MaybeCode = "") -> Any:
    """Let a stopped order be judged by the rules again."""
    found, by = _order(request, number, entity), caller(request)
    return control.decision_json(control.lift_forced_hold(found, reason=body.reason, on=read_date(body.date), by=by))


@room.write("/orders/{path:number}/approvals", OrderShape, current=current)
def approve_paper(request: HttpRequest, number: Code, body: ApprovedPaper, entity: MaybeCode = "") -> Any:
    """Approve a document the order needs."""
    found = _order(request, number, entity)
    sales.approve_paper(found, body.document, reason=body.reason, on=read_date(body.date), by=caller(request))
    return _again(found)


@room.read("/orders/{path:number}", OrderFileShape, right="orders.view")
def show_order(request: HttpRequest, number: Code, entity: MaybeCode = "") -> Any:
    """One order, with what was agreed for it and what of it has not left."""
    return sales.order_file_shape(_order(request, number, entity))
