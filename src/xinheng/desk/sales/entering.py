"""Goods entered by hand: what left, whatever credit says of it, and what came back before it was invoiced."""

from dataclasses import replace
from datetime import date

from xinheng.base import events, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Conflict, Unknown
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Account, Document
from xinheng.desk.sales.goods import record_deliveries, record_returns
from xinheng.desk.sales.linking import OpenOrders, matches_oldest
from xinheng.desk.sales.rows import DeliveryRow, ReturnRow
from xinheng.rules.road import Component, Kind


class MoreThanDelivered(BadInput):
    """More comes back than is delivered and not invoiced.  params: number, delivery."""

    code = "MORE_THAN_DELIVERED"


def post_delivery(row: DeliveryRow, *, on: date, by: User) -> Document:
    """Record goods that left; what no release covers is listed with a name on it.

    Raises:
        Conflict: the number is present.  Refused, LockTimeout.
    """
    rights.require(by, "deliveries.enter")
    with atomic():
        customer_id = _lock(row.account_id)
        _refuse_present(Kind.DELIVERY, row.entity_id, row.number)
        if not row.order_number and matches_oldest(on):
            found = OpenOrders([row.account_id]).take(row.account_id, row.currency, row.dated_on, row.amount)
            row = replace(row, order_number=found, inferred=bool(found))
        entry = exposure.open_entry("sales.delivery.entered", by=by)
        made = record_deliveries(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "order": row.order_number}
        held = exposure.lock([customer_id])["customer", customer_id]
        exposure.note(held, entry.verb, f"delivery:{row.number}", by=by, at=entry.at, data=data)
        events.tell(events.DebtGrew(frozenset({customer_id}), "DELIVERY", on, by))
        return made


def post_return(row: ReturnRow, *, on: date, by: User) -> Document:
    """Record goods that came back; what they occupied may free others.

    Raises:
        Conflict: the number is present.  Unknown: the delivery.  MoreThanDelivered.  Refused, LockTimeout.
    """
    rights.require(by, "deliveries.enter")
    with atomic():
        customer_id = _lock(row.account_id)
        _refuse_present(Kind.RETURN, row.entity_id, row.number)
        delivery = exposure.present(Kind.DELIVERY, row.delivery_number, entity_id=row.entity_id)
        if delivery is None or delivery.account_id != row.account_id:
            raise Unknown(what="delivery", number=row.delivery_number)
        if row.amount > returnable(delivery):
            raise MoreThanDelivered(number=row.number, delivery=row.delivery_number)
        entry = exposure.open_entry("sales.return.entered", by=by)
        made = record_returns(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "delivery": row.delivery_number}
        held = exposure.lock([customer_id])["customer", customer_id]
        exposure.note(held, entry.verb, f"return:{row.number}", by=by, at=entry.at, data=data)
        events.tell(events.CreditChanged(frozenset({customer_id}), "RETURN", on, by))
        return made


def returnable(delivery: Document) -> int:
    """What of a delivery is there, neither invoiced nor returned, in minor units."""
    amounts = exposure.amounts_by_position([delivery.pk])
    return sum(amounts.get((delivery.pk, one), 0) for one in (Component.DELIVERED, Component.CONSIGNED))


def _lock(account_id: int) -> int:
    customer_id = Account.objects.values_list("customer_id", flat=True).get(pk=account_id)
    exposure.lock([customer_id])
    return customer_id


def _refuse_present(kind: Kind, entity_id: int, number: str) -> None:
    if exposure.present(kind, number, entity_id=entity_id) is not None:
        raise Conflict(what=kind.name.lower(), number=number)
