"""Reads of orders and deliveries."""

from django.db.models import QuerySet

from xinheng.base.errors import Ambiguous, Unknown
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales.models import Order, Unreleased
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


def order_of(number: str, entity: str, by: User) -> Order:
    """The order with this number, of a customer this person may see.

    Raises:
        Unknown, Ambiguous.
    """
    found = order_by_number(number, entity=entity)
    if not customers.visible_to(by).filter(pk=found.document.account.customer_id).exists():
        raise Unknown(what="order", number=number)
    return found


def amount_now(order: Order) -> int:
    """What the order comes to after its changes, in minor units."""
    change = Document.objects.filter(
        kind=Kind.ORDER_CHANGE, entity_id=order.document.entity_id, number=order.document.number, reversed_by=None
    ).order_by("-part")
    last = change.first()
    return last.amount if last else order.document.amount


def remaining(order: Order) -> int:
    """What of the order has not left yet, in minor units."""
    return max(0, amount_now(order) - sum(_deliveries(order).values_list("amount", flat=True)))


def next_delivery_number(order: Order) -> str:
    """A number for the next delivery of this order that nobody uses yet."""
    base = f"{order.document.number}-D"
    taken = set(
        Document.objects.filter(
            kind=Kind.DELIVERY, entity_id=order.document.entity_id, number__startswith=base
        ).values_list("number", flat=True)
    )
    count = 1
    while f"{base}{count}" in taken:
        count += 1
    return f"{base}{count}"


def _deliveries(order: Order) -> QuerySet[Document]:
    return Document.objects.filter(
        kind=Kind.DELIVERY,
        entity_id=order.document.entity_id,
        order_number=order.document.number,
        # whoever names it for another customer or in another currency does not belong to it
        account_id=order.document.account_id,
        currency=order.document.currency,
        reversed_by=None,
    )


def unreleased_by_number(number: str, *, entity: str = "") -> Unreleased:
    """The goods that left without a release, by the number of their delivery.

    Raises:
        Unknown, Ambiguous.
    """
    found = Unreleased.objects.filter(delivery__number=number, delivery__reversed_by=None).select_related(
        "delivery__entity", "delivery__account__customer", "delivery__entry__actor"
    )
    if entity:
        found = found.filter(delivery__entity__code=entity)
    rows = list(found)
    if not rows:
        raise Unknown(what="delivery", number=number)
    if len(rows) > 1:
        raise Ambiguous(what="delivery", number=number, choices=[one.delivery.entity.code for one in rows])
    return rows[0]
