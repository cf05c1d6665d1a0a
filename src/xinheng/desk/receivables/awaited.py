"""Due days that wait for the goods: what counts from the delivery falls due when the goods of an invoice arrive.

An invoice may come before its goods.  Its term then leaves it without a due day, or with the latest one it allows; the
day the delivery is recorded the invoice is taken back and stands again with the day that follows from it, and what was
settled of it is settled again.  A paper that stands for the invoice says itself when it is due: such an invoice stays.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Q

from xinheng.base import events
from xinheng.base.database import atomic
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables.acting import customer_of, noted
from xinheng.desk.receivables.due import with_due_days
from xinheng.desk.receivables.invoices import HasAllocations
from xinheng.desk.receivables.reposting import repost_invoices, row_of
from xinheng.rules.road import Kind


def goods_came(event: events.GoodsCame) -> None:
    """Deliveries were recorded; the customers are locked."""
    for invoice in _waiting(event.delivery_ids):
        (row,) = with_due_days([replace(row_of(invoice), due_on=None)])
        if row.due_on is None or row.due_on == invoice.due_on:
            continue
        entry = exposure.open_entry("receivables.invoice.fell-due", by=event.by)
        try:
            with atomic(durable=False):
                repost_invoices(entry, [invoice], [row])
        except HasAllocations:
            continue
        said = {"due_on": row.due_on.isoformat(), "part": invoice.part}
        noted(entry, customer_of(invoice), f"invoice:{invoice.number}", **said)


def _waiting(delivery_ids: tuple[int, ...]) -> Iterator[Document]:
    """The invoices of these deliveries, or of their orders when they name no delivery, whose day may still change."""
    came = list(Document.objects.filter(pk__in=delivery_ids, reversed_by=None))
    whose = {(one.entity_id, one.account_id, one.currency) for one in came}
    numbers, orders = {one.number for one in came}, {one.order_number for one in came} - {""}
    invoices = Document.objects.filter(kind=Kind.INVOICE, reversed_by=None).exclude(term="")
    invoices = invoices.filter(Q(due_on=None) | Q(term__contains="latest")).order_by("id")
    by_delivery = invoices.filter(delivery_number__in=numbers).exclude(delivery_number="")
    by_order = invoices.filter(order_number__in=orders, delivery_number="").exclude(order_number="")
    for found in (by_delivery, by_order) if orders else (by_delivery,):
        yield from (one for one in found if (one.entity_id, one.account_id, one.currency) in whose)
