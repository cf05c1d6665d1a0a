"""Orders and goods as every door writes them (semantics.md 6): the same words at the command line and in the API."""

from typing import TypedDict

from xinheng.desk.exposure.public import Document
from xinheng.desk.sales.models import Order, ShippingOrder, Unreleased
from xinheng.desk.sales.queries import amount_now, remaining
from xinheng.rules.money import to_text


class OrderShape(TypedDict):
    """An order; amounts as text with the decimals of their currency."""

    order: str
    customer: str
    entity: str
    date: str
    amount: str
    currency: str
    payment: str
    state: str


class OrderFileShape(OrderShape):
    """An order with what was agreed for it and what of it has not left."""

    salesperson: str
    term: str
    instrument: str
    ship_date: str | None
    remaining: str
    forced_hold: bool
    released_until: str | None
    goods_stopped: str | None
    needs: list[str]


class ShippingOrderShape(TypedDict):
    """What the warehouse may let go, and until when."""

    order: str
    token: str
    amount: str
    currency: str
    expires_on: str | None


class DeliveryShape(TypedDict):
    """Goods that left."""

    order: str
    delivery: str
    amount: str
    currency: str
    remaining: str
    state: str


class UnreleasedShape(TypedDict):
    """Goods that left without a release; ``settled`` says why the case is closed."""

    delivery: str
    customer: str
    date: str
    amount: str
    currency: str
    responsible: str
    reason: str
    settled: str | None


def order_shape(one: Order) -> OrderShape:
    """An order in short."""
    document = one.document
    return {
        "order": document.number,
        "customer": document.account.customer.code,
        "entity": document.entity.code,
        "date": document.dated_on.isoformat(),
        "amount": to_text(amount_now(one), document.currency),
        "currency": document.currency,
        "payment": one.payment,
        "state": one.state,
    }


def order_file_shape(one: Order) -> OrderFileShape:
    """An order in full."""
    document = one.document
    stopped = one.stopped_goods
    return {
        **order_shape(one),
        "salesperson": document.salesperson,
        "term": document.term,
        "instrument": one.instrument,
        "ship_date": one.ship_date.isoformat() if one.ship_date else None,
        "remaining": to_text(remaining(one), document.currency),
        "forced_hold": one.forced_hold,
        "released_until": one.released_until.isoformat() if one.released_until else None,
        "goods_stopped": None if stopped is None else to_text(stopped, document.currency),
        "needs": [paper.name for paper in one.papers.filter(approved_at=None).order_by("pk")],
    }


def shipping_order_shape(issued: ShippingOrder, *, order: Order) -> ShippingOrderShape:
    """A shipping order of an order."""
    currency = order.document.currency
    return {
        "order": order.document.number,
        "token": issued.token,
        "amount": to_text(issued.amount, currency),
        "currency": currency,
        "expires_on": issued.expires_on.isoformat() if issued.expires_on else None,
    }


def delivery_shape(delivery: Document, *, order: Order) -> DeliveryShape:
    """A delivery of an order, and what is left of it."""
    currency = order.document.currency
    return {
        "order": order.document.number,
        "delivery": delivery.number,
        "amount": to_text(delivery.amount, currency),
        "currency": currency,
        "remaining": to_text(remaining(order), currency),
        "state": "DELIVERED",
    }


def unreleased_shape(one: Unreleased) -> UnreleasedShape:
    """A case of goods without a release."""
    delivery = one.delivery
    return {
        "delivery": delivery.number,
        "customer": delivery.account.customer.code,
        "date": delivery.dated_on.isoformat(),
        "amount": to_text(one.amount, delivery.currency),
        "currency": delivery.currency,
        "responsible": one.responsible,
        "reason": one.reason,
        "settled": one.settled_reason or None,
    }
