"""Reads of orders and deliveries."""

from xinheng.base.errors import Ambiguous, Unknown
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales.models import Order
from xinheng.rules.road import Kind


def order_by_number(number: str, *, entity: str = "") -> Order:
    """The present order with this number; without ``entity`` the only one that knows it.

    Raises:
        Unknown, Ambiguous.
    """
    orders = Order.objects.select_related("document__account__customer", "document__entity").filter(
        document__number=number, document__kind=Kind.ORDER, document__reversed_by=None
    )
    if entity:
        orders = orders.filter(document__entity__code=entity)
    found = list(orders)
    if not found:
        raise Unknown(what="order", number=number)
    if len(found) > 1:
        raise Ambiguous(what="order", number=number, choices=[order.document.entity.code for order in found])
    return found[0]


def amount_now(order: Order) -> int:
    """What the order comes to after its changes, in minor units."""
    change = Document.objects.filter(
        kind=Kind.ORDER_CHANGE, entity_id=order.document.entity_id, number=order.document.number, reversed_by=None
    ).order_by("-part")
    last = change.first()
    return last.amount if last else order.document.amount
