"""A batch of documents or allocations taken back.

What stands as it came leaves set-based; the rest goes through its chapter.  Where the batch had corrected documents the
old ones are recorded again, and the allocations it had undone are made again.
"""

from collections.abc import Callable, Sequence
from itertools import batched

from xinheng.base import sql
from xinheng.base.models import Batch
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.exchange.undoing import restoring
from xinheng.exchange.undoing.in_use import refuse_if_used
from xinheng.rules.road import Kind

_SOURCE = "undo_rows"
_PAGE = 500
#: What may stand alone; orders and goods also need to be named by nobody and to name nobody.
_REVERSE: dict[Kind, Callable[[Entry, Sequence[Document]], None]] = {
    Kind.INVOICE: receivables.reverse_invoices,
    Kind.CREDIT_NOTE: receivables.reverse_credit_notes,
    Kind.RECEIPT: cash.reverse_receipts,
    Kind.INSTRUMENT: cash.reverse_instruments,
    Kind.RETURN: sales.reverse_returns,
    Kind.DELIVERY: sales.reverse_deliveries,
    Kind.ORDER: sales.reverse_orders,
}


def holders(batch: Batch) -> tuple[list[int], list[int]]:
    """The customers whose documents or allocations the batch holds."""
    rows = sql.fetch(
        "SELECT DISTINCT a.customer_id FROM exposure_account a WHERE a.id IN "
        "(SELECT account_id FROM exposure_document WHERE batch_id = %s) OR a.id IN (SELECT d.account_id "
        "FROM receivables_allocation l JOIN exposure_document d ON d.id = l.invoice_id WHERE l.batch_id = %s)",
        [batch.pk, batch.pk],
    )
    return sorted(customer for (customer,) in rows), []


def take_back(batch: Batch, entry: Entry) -> None:
    """Reverse all that the batch brought and bring back what it replaced.

    Raises:
        BatchInUse
    """
    refuse_if_used(batch)
    stood = restoring.standing_keys(batch)
    own = receivables.Allocation.objects.filter(batch=batch, undone_by=None).select_related("credit", "invoice")
    receivables.undo_allocations(entry, list(own.order_by("id")))
    _bulk(batch, entry)
    standing = Document.objects.filter(batch=batch, reversed_by=None)
    for kind, reverse in _REVERSE.items():
        ids = list(standing.filter(kind=kind).order_by("-id").values_list("id", flat=True))
        for part in batched(ids, _PAGE):
            reverse(entry, list(Document.objects.filter(pk__in=part).order_by("-id")))
    restoring.bring_back(batch, entry, stood)
    gone = Document.objects.filter(batch=batch, reversed_by=entry, kind__in=(Kind.INVOICE, Kind.DELIVERY))
    receivables.end_days(entry, gone.values_list("account_id", "kind", "number").iterator())


def _bulk(batch: Batch, entry: Entry) -> None:
    """Take back set-based what stands as it came and hangs together with nothing."""
    sql.execute(f"DROP TABLE IF EXISTS {_SOURCE}")
    sql.execute(f"CREATE TEMPORARY TABLE {_SOURCE} (document_id bigint PRIMARY KEY, opens_on date)")
    named = " AND ".join(
        f"(d.kind <> {int(kind)} OR d.number NOT IN (SELECT {column} FROM exposure_document WHERE NOT ({column} = '') "
        "AND reversed_by_id IS NULL))"
        for column, kind in (("order_number", Kind.ORDER), ("delivery_number", Kind.DELIVERY))
    )
    goods = f"({int(Kind.RETURN)}, {int(Kind.INSTRUMENT)})"
    sql.execute(
        f"INSERT INTO {_SOURCE} (document_id) SELECT d.id FROM exposure_document d WHERE d.batch_id = %s "
        f"AND d.reversed_by_id IS NULL AND d.kind NOT IN {goods} AND (d.kind = {int(Kind.RECEIPT)} "
        f"OR (d.order_number = '' AND d.delivery_number = '')) AND {named} "
        "AND NOT EXISTS (SELECT 1 FROM cash_reservation r WHERE r.receipt_id = d.id OR r.order_id = d.id) "
        "AND NOT EXISTS (SELECT 1 FROM sales_shippingorder s WHERE s.order_id = d.id) "
        "AND NOT EXISTS (SELECT 1 FROM sales_shippinguse u WHERE u.delivery_id = d.id) "
        f"AND {exposure.bulk.untouched('d.id')}",
        [batch.pk],
    )
    for entity in exposure.Entity.objects.all():
        opened = exposure.open_from(entity.pk)
        if opened:
            sql.execute(
                f"UPDATE {_SOURCE} SET opens_on = %s WHERE document_id IN "
                "(SELECT id FROM exposure_document WHERE entity_id = %s)",
                [opened, entity.pk],
            )
    exposure.bulk.take_back(entry, _SOURCE)
    sql.execute(f"DROP TABLE {_SOURCE}")
