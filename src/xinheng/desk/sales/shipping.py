"""Shipping orders 发货通知单: the release token without which the warehouse lets nothing go (OC-009).

One is issued on a decision, for an amount and until a day, and used up by what leaves on it.  Which deliveries left on
which is kept; what left on none is listed by name in ``goods``.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Sum

from xinheng.base import clock
from xinheng.base.errors import BadInput
from xinheng.base.models import User
from xinheng.desk.sales.models import Order, ShippingOrder, ShippingUse
from xinheng.desk.sales.words import TOKEN_FAULTS


class BadShippingOrder(BadInput):
    """The token does not let these goods go.  params: token, why, fault (a key of ``words.TOKEN_FAULTS``)."""

    code = "BAD_SHIPPING_ORDER"


def issue_shipping_order(order: Order, *, amount: int, expires_on: date | None, by: User) -> ShippingOrder:
    """The release token for the warehouse; ``control`` calls it once the goods may leave."""
    return ShippingOrder.objects.create(
        order=order,
        token=secrets.token_urlsafe(12),
        amount=amount,
        issued_by=by,
        issued_at=clock.now(),
        expires_on=expires_on,
    )


def revoke_shipping_orders(order_ids: Iterable[int]) -> int:
    """Take back what has not left yet on the shipping orders of these orders; how many that were."""
    standing = ShippingOrder.objects.filter(order__in=list(order_ids), revoked_at=None)
    left = [one.pk for one, left in with_left(standing) if left > 0]
    return ShippingOrder.objects.filter(pk__in=left).update(revoked_at=clock.now())


def with_left(shipping_orders: Iterable[ShippingOrder]) -> list[tuple[ShippingOrder, int]]:
    """Shipping orders, oldest first, each with what has not left on it yet."""
    found = sorted(shipping_orders, key=lambda one: one.pk)
    used = _used([one.pk for one in found])
    return [(one, one.amount - used.get(one.pk, 0)) for one in found]


def _used(ids: Collection[int]) -> dict[int, int]:
    uses = ShippingUse.objects.filter(shipping_order__in=list(ids), delivery__reversed_by=None)
    return dict(uses.order_by().values_list("shipping_order").annotate(Sum("amount")))


def fault_of(shipping: ShippingOrder, left: int, *, on: date, amount: int = 0) -> str:
    """Why goods may not leave on it on a day, "" if they may."""
    if shipping.revoked_at is not None:
        return "REVOKED"
    if left <= 0:
        return "USED_UP"
    if shipping.expires_on is not None and on > shipping.expires_on:
        return "EXPIRED"
    return "TOO_SMALL" if amount > left else ""


def usable_token(token: str, order: Order, *, on: date, amount: int) -> ShippingOrder:
    """The shipping order with this token, if it lets so much of this order go on that day.

    Raises:
        BadShippingOrder: unknown, another order's, revoked, used up, expired or for less.
    """
    found = with_left(ShippingOrder.objects.filter(token=token))
    if not found:
        raise _bad(token, "UNKNOWN")
    shipping, left = found[0]
    why = "OTHER_ORDER" if shipping.order_id != order.pk else fault_of(shipping, left, on=on, amount=amount)
    if why:
        raise _bad(token, why)
    return shipping


def _bad(token: str, fault: str) -> BadShippingOrder:
    return BadShippingOrder(token=token, why=TOKEN_FAULTS[fault], fault=fault)


def standing_for(order: Order, *, on: date) -> int:
    """What may still leave of an order on the shipping orders that stand on a day, in minor units."""
    found = with_left(order.shipping_orders.all())
    return sum(left for one, left in found if not fault_of(one, left, on=on))
