"""Goods that will not be invoiced any more: the rest of a delivery is closed by name, and stops counting as debt.

What is invoiced below its delivery stays delivered until it is invoiced, returned or closed (semantics.md 2).
"""

from datetime import date

from django.db.models import Max

from xinheng.base import events, rights
from xinheng.base.database import atomic
from xinheng.base.errors import SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.rules.road import Component, Kind

_OPEN = (Component.DELIVERED, Component.CONSIGNED)


def close_delivery(delivery: Document, *, on: date, reason: str, by: User) -> Document:
    """Call off what of a delivery is neither invoiced nor returned; held orders are looked at again.

    Raises:
        WrongState: nothing of it is open, or it was taken back.  SamePerson: the customer's own salesperson.
        Refused, LockTimeout.
    """
    rights.require(by, "receivables.post")
    with atomic():
        customer = delivery.account.customer
        held = exposure.lock([customer.pk])
        fresh = Document.objects.get(pk=delivery.pk, kind=Kind.DELIVERY)
        if by.sales_code in {fresh.salesperson, customer.salesperson}:
            raise SamePerson(what="delivery", number=fresh.number)
        amounts = exposure.amounts_by_position([fresh.pk])
        there = sum(amounts.get((fresh.pk, component), 0) for component in _OPEN)
        if fresh.reversed_by_id is not None or not there:
            state = "REVERSED" if fresh.reversed_by_id else "NOTHING_OPEN"
            raise WrongState(what="delivery", number=fresh.number, state=state)
        entry = exposure.open_entry("sales.delivery.closed", by=by)
        closing = exposure.add(entry, [_closing(fresh, on)])[0]
        data = {"amount": there, "currency": fresh.currency, "reason": reason}
        subject = f"delivery:{fresh.number}"
        exposure.note(held["customer", customer.pk], entry.verb, subject, by=by, at=entry.at, data=data)
        events.tell(events.CreditChanged(frozenset({customer.pk}), "DELIVERY", on, by))
        return closing


def _closing(delivery: Document, on: date) -> exposure.NewDocument:
    """The document that closes: not before whatever took from the delivery, so that it calls off what is open now.

    A delivery may be closed again when something of it came back.
    """
    moved = exposure.Movement.objects.filter(source__document=delivery).aggregate(last=Max("effective_on"))["last"]
    earlier = Document.objects.filter(
        kind=Kind.DELIVERY_CLOSE, entity_id=delivery.entity_id, number=delivery.number
    ).count()
    return exposure.NewDocument(
        kind=Kind.DELIVERY_CLOSE,
        entity_id=delivery.entity_id,
        account_id=delivery.account_id,
        number=delivery.number,
        part=earlier + 1,
        dated_on=max(on, delivery.effective_on, moved or on),
        currency=delivery.currency,
        amount=0,
        delivery_number=delivery.number,
    )
