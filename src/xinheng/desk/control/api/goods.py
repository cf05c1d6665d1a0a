"""Goods: shipping orders, deliveries, and what went wrong with them; the warehouse's verbs of ``xinheng order``."""

from typing import Any

from django.http import HttpRequest

from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Day, Line, MaybeCode, OnDay, Reason
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.stated import read_amount, read_date
from xinheng.desk.control import public as control
from xinheng.desk.control.api.orders import current
from xinheng.desk.control.shapes import CodUnpaidShape
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import DeliveryShape, Order, ShippingOrderShape, UnreleasedShape

room = Room("Goods 发货")


class LeavingGoods(OnDay):
    """How much is to leave; all that is left without an amount."""

    amount: Amount | None = None


class GoodsOnToken(LeavingGoods):
    """Goods that leave, and the shipping order they leave on."""

    token: Line = ""


def _amount(order: Order, body: LeavingGoods) -> int | None:
    return None if body.amount is None else read_amount(body.amount, order.document.currency, positive=True)


@room.write("/orders/{path:number}/shipping-orders", ShippingOrderShape, makes=True, current=current)
def issue_shipping_order(request: HttpRequest, number: Code, body: LeavingGoods, entity: MaybeCode = "") -> Any:
    """Check what is to leave and issue the warehouse's shipping order."""
    by = caller(request)
    found = sales.order_of(number, entity, by)
    issued = control.let_go(found, on=read_date(body.date), by=by, amount=_amount(found, body))
    return sales.shipping_order_shape(issued, order=found)


@room.write("/orders/{path:number}/deliveries", DeliveryShape, makes=True, current=current)
def deliver(request: HttpRequest, number: Code, body: GoodsOnToken, entity: MaybeCode = "") -> Any:
    """Check at the moment of delivery and send what is left."""
    by = caller(request)
    found = sales.order_of(number, entity, by)
    delivery = control.ship(found, on=read_date(body.date), by=by, amount=_amount(found, body), token=body.token)
    return sales.delivery_shape(delivery, order=found)


@room.read("/unreleased-deliveries", Page[UnreleasedShape], right="deliveries.view")
def list_unreleased(request: HttpRequest, settled: bool = False, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Goods that left without a release, by name; settled cases only when they are asked for."""
    found = control.unreleased_for(caller(request))
    found = found if settled else found.filter(settled_at=None)
    return page(found, sales.unreleased_shape, cursor=cursor, limit=limit)


@room.write("/unreleased-deliveries/{path:number}/settlements", UnreleasedShape)
def settle_unreleased(request: HttpRequest, number: Code, body: Reason, entity: MaybeCode = "") -> Any:
    """Close the case of goods that left without a release."""
    by = caller(request)
    found = control.unreleased_of(number, entity, by)
    return sales.unreleased_shape(sales.settle_unreleased(found, reason=body.reason, by=by))


@room.read("/cod-unpaid", list[CodUnpaidShape], right="receivables.view")
def list_cod_unpaid(request: HttpRequest, as_of: Day = "") -> Any:
    """Cash on delivery that was not paid on arrival, by salesperson."""
    found = control.cod_unpaid(read_date(as_of), user=caller(request))
    return [control.cod_unpaid_shape(one) for one in found]
