"""Cash on delivery that was not paid when the goods came: whoever sold them answers for it (OC-018).

Goods that cannot be paid for on arrival have to be taken back; unpaid on the day after they stand here by name until
they are paid or taken back.  What was received for their order pays them, invoiced or not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xinheng.base.models import User
from xinheng.desk.control import on_delivery
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Position
from xinheng.rules.order_check.on_delivery import paid
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind


@dataclass(frozen=True, slots=True)
class CodUnpaid:
    """One delivery or invoice that should have been paid on arrival; ``amount`` is still open, in minor units."""

    salesperson: str
    customer: Customer
    document: Document
    due_on: date
    currency: str
    amount: int


def cod_unpaid(on: date, *, user: User | None = None) -> list[CodUnpaid]:
    """What stands against whom at the end of a day, by salesperson, oldest first; of the customers a person may see."""
    seen = customers.sees(user, "document__account__customer__") if user else Q()
    open_now = Position.objects.filter(
        seen,
        component__in=[Component.DELIVERED, Component.INVOICED],
        amount__gt=0,
        due_on__lt=on,
        document__nature=ItemNature.COD.value,
    ).select_related("document__account__customer", "document__entity")
    covered = _paid({one.account_id for one in open_now}, on)
    found = []
    for one in open_now:
        document, goods = one.document, one.component == Component.DELIVERED
        amount = one.amount - covered.get((one.account_id, document.number, document.part, goods), 0)
        if amount > 0:
            whose = _answers(document), document.account.customer
            found.append(CodUnpaid(*whose, document, one.due_on, one.currency, amount))
    return sorted(found, key=lambda one: (one.salesperson, one.due_on, one.document.number))


def _paid(account_ids: Collection[int], on: date) -> dict[tuple[int, str, int, bool], int]:
    """(account, number, part, whether goods) → what was received for it without being allocated."""
    received = on_delivery.received(account_ids, on) if account_ids else []
    return {(account, one.number, one.part, one.goods): one.amount for account, each in received for one in paid(each)}


def salespeople(document_ids: Iterable[int]) -> dict[int, str]:
    """Who answers for what these documents are owed; asked only where there are any."""
    ids = list(document_ids)
    found = Document.objects.filter(pk__in=ids).select_related("account__customer") if ids else ()
    return {document.pk: _answers(document) for document in found}


def _answers(document: Document) -> str:
    """The salesperson of the order the goods belong to, else of the document itself, else of the customer."""
    number = document.order_number
    if not number and document.delivery_number:
        named = Document.objects.filter(
            kind=Kind.DELIVERY, entity_id=document.entity_id, number=document.delivery_number, reversed_by=None
        ).first()
        number = named.order_number if named else ""
    order = None
    if number:
        order = exposure.Document.objects.filter(
            kind=Kind.ORDER, entity_id=document.entity_id, number=number, reversed_by=None
        ).first()
    return (order.salesperson if order else "") or document.salesperson or document.account.customer.salesperson
