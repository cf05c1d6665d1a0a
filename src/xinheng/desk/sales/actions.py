"""What happens to orders and goods: entered, changed, closed, sent, returned.

``record_…`` functions are the inner half: they run inside the locked transaction of a single action or of an import.
Whether credit allows an order is decided in ``control``, which moves its state through ``move``.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from xinheng.base import clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Conflict, WrongState
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.sales.models import Order, ShippingOrder, Unreleased
from xinheng.desk.sales.rows import DeliveryRow, OrderRow, ReturnRow
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Kind

#: States in which an order takes credit.
OCCUPYING = frozenset({Order.State.APPROVED, Order.State.RELEASED})


def record_orders(entry: Entry, rows: Sequence[OrderRow], *, opening: bool = False) -> list[Document]:
    """Enter orders unchecked, or approved as history with ``opening`` (semantics.md 5)."""
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.ORDER,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                salesperson=row.salesperson,
                occupies=opening,
            )
            for row in rows
        ],
    )
    state = Order.State.APPROVED if opening else Order.State.ENTERED
    Order.objects.bulk_create(
        (
            Order(document=document, state=state, payment=row.payment, ship_date=row.ship_date)
            for document, row in zip(documents, rows, strict=True)
        ),
        batch_size=1000,
    )
    return documents


def record_deliveries(entry: Entry, rows: Sequence[DeliveryRow], *, opening: bool = False) -> list[Document]:
    """Goods gone are a fact whatever credit says; without a release they are listed with a name on them.

    货到结款: what a cash-on-delivery order sends is due the day it arrives (OC-018).
    """
    cod = _cash_on_delivery({row.order_number for row in rows} - {""})
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.DELIVERY,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                order_number=row.order_number,
                consigned=row.consigned,
                **_due_at_once(row, cod),
            )
            for row in rows
        ],
    )
    if not opening:
        flag_unreleased(documents, entry)
    return documents


def _cash_on_delivery(numbers: set[str]) -> set[tuple[int, str]]:
    orders = Order.objects.filter(payment=Order.Payment.COD, document__number__in=numbers, document__reversed_by=None)
    return set(orders.values_list("document__entity_id", "document__number"))


def _due_at_once(row: DeliveryRow, cod: set[tuple[int, str]]) -> dict[str, Any]:
    if (row.entity_id, row.order_number) not in cod:
        return {}
    return {"due_on": row.dated_on, "nature": ItemNature.COD.value}


def record_returns(entry: Entry, rows: Sequence[ReturnRow]) -> list[Document]:
    """Goods that came back lower what was delivered; after the invoice a credit note does that."""
    return exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.RETURN,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                delivery_number=row.delivery_number,
            )
            for row in rows
        ],
    )


def flag_unreleased(deliveries: Sequence[Document], entry: Entry) -> list[Unreleased]:
    """Use up the shipping orders that cover these deliveries and list the rest by name."""
    numbers = {document.order_number for document in deliveries} - {""}
    waiting = _usable_shipping_orders(numbers)
    responsible = _salespeople(deliveries)
    flagged = []
    for delivery in deliveries:
        key = (delivery.entity_id, delivery.order_number)
        covering = next((s for s in waiting.get(key, []) if s.amount >= delivery.amount and _valid(s, delivery)), None)
        if covering:
            waiting[key].remove(covering)
            covering.used_by = delivery
            covering.save(update_fields=["used_by"])
            continue
        reason = "NO_RELEASE" if delivery.order_number else "NO_ORDER"
        name = responsible.get(delivery.pk) or entry.actor.username
        flagged.append(Unreleased(delivery=delivery, responsible=name, reason=reason, recorded_at=entry.at))
    return Unreleased.objects.bulk_create(flagged, batch_size=1000)


def _valid(shipping: ShippingOrder, delivery: Document) -> bool:
    return shipping.expires_on is None or delivery.dated_on <= shipping.expires_on


def _usable_shipping_orders(numbers: Iterable[str]) -> dict[tuple[int, str], list[ShippingOrder]]:
    found: dict[tuple[int, str], list[ShippingOrder]] = {}
    for shipping in ShippingOrder.objects.filter(
        order__document__number__in=list(numbers), used_by=None, revoked_at=None
    ).select_related("order__document"):
        document = shipping.order.document
        found.setdefault((document.entity_id, document.number), []).append(shipping)
    return found


def _salespeople(deliveries: Sequence[Document]) -> dict[int, str]:
    """Who answers for a delivery: the order's salesperson, else the customer's."""
    numbers = {document.order_number for document in deliveries} - {""}
    orders = Document.objects.filter(kind=Kind.ORDER, number__in=numbers, reversed_by=None)
    by_order = {(order.entity_id, order.number): order.salesperson for order in orders}
    accounts = {document.account_id for document in deliveries}
    by_account = dict(
        Document.objects.filter(account_id__in=accounts).values_list("account_id", "account__customer__salesperson")
    )
    return {
        d.pk: by_order.get((d.entity_id, d.order_number), "") or by_account.get(d.account_id, "") for d in deliveries
    }


def enter_order(row: OrderRow, *, customer_id: int, by: User) -> Order:
    """Enter one order; nothing is checked or reserved yet.

    Raises:
        Conflict: the number is present.  Refused.
    """
    rights.require(by, "orders.enter")
    with atomic():
        held = exposure.lock([customer_id])
        if Document.objects.filter(
            kind=Kind.ORDER, entity_id=row.entity_id, number=row.number, reversed_by=None
        ).exists():
            raise Conflict(what="order", number=row.number)
        entry = exposure.open_entry("sales.order.entered", by=by)
        document = record_orders(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "payment": row.payment}
        exposure.note(
            held["customer", customer_id], "sales.order.entered", f"order:{row.number}", by=by, at=entry.at, data=data
        )
        return document.order


def move(entry: Entry, order: Order, state: str) -> None:
    """Bring an order into a state and its value into or out of ORDERED; the account is locked."""
    document = order.document
    occupies = state in OCCUPYING
    order.state = state
    order.save()
    if document.occupies != occupies:
        document.occupies = occupies
        document.save(update_fields=["occupies"])
        exposure.walk(entry, [document])


def change_amount(entry: Entry, order: Order, amount: int, *, on: date) -> Document:
    """Let an order grow or shrink from a day on; the account is locked."""
    document = order.document
    part = Document.objects.filter(kind=Kind.ORDER_CHANGE, entity_id=document.entity_id, number=document.number).count()
    return exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.ORDER_CHANGE,
                entity_id=document.entity_id,
                account_id=document.account_id,
                number=document.number,
                part=part + 1,
                dated_on=max(on, document.dated_on),
                currency=document.currency,
                amount=amount,
                order_number=document.number,
            )
        ],
    )[0]


def cancel_order(order: Order, *, on: date, by: User) -> Order:
    """Close an order: what has not left is cancelled; what has left stays (semantics.md 2).

    Raises:
        WrongState: it is closed already.  Refused.
    """
    rights.require(by, "orders.cancel")
    with atomic():
        document = order.document
        customer_id = document.account.customer_id
        held = exposure.lock([customer_id])
        order.refresh_from_db()
        if order.state in {Order.State.CANCELLED, Order.State.REJECTED}:
            raise WrongState(what="order", number=document.number, state=order.state)
        entry = exposure.open_entry("sales.order.cancelled", by=by)
        order.state = Order.State.CANCELLED
        order.save(update_fields=["state"])
        ShippingOrder.objects.filter(order=order, used_by=None, revoked_at=None).update(revoked_at=entry.at)
        if document.occupies:
            exposure.add(entry, [_closing(document, on)])
        exposure.note(
            held["customer", customer_id], "sales.order.cancelled", f"order:{document.number}", by=by, at=entry.at
        )
        return order


def _closing(document: Document, on: date) -> exposure.NewDocument:
    return exposure.NewDocument(
        kind=Kind.ORDER_CLOSE,
        entity_id=document.entity_id,
        account_id=document.account_id,
        number=document.number,
        dated_on=max(on, document.dated_on),
        currency=document.currency,
        amount=0,
        order_number=document.number,
    )


def issue_shipping_order(order: Order, *, amount: int, expires_on: date | None, by: User) -> ShippingOrder:
    """The release token for the warehouse 发货通知单; ``control`` calls it once the goods may leave."""
    return ShippingOrder.objects.create(
        order=order,
        token=secrets.token_urlsafe(12),
        amount=amount,
        issued_by=by,
        issued_at=clock.now(),
        expires_on=expires_on,
    )
