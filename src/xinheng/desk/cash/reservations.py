"""The money a prepaid order rests on, and the paper that weighs less than it says.

A prepaid order passes up to the cleared money of the same customer and entity that nobody else has reserved; credit
notes and deposits do not count (semantics.md 3).
"""

from collections.abc import Collection, Iterable

from django.db.models import Sum

from xinheng.base import clock, sql
from xinheng.desk.cash.models import Reservation
from xinheng.desk.exposure.public import Document
from xinheng.rules.exposure import PaperSum
from xinheng.rules.road import Component, Kind


def unreserved(account_id: int, currency: str) -> int:
    """Cleared receipts of an account not yet spent and not reserved, in minor units."""
    return sum(amount for _, amount in _free_receipts(account_id, currency))


def _free_receipts(account_id: int, currency: str) -> list[tuple[int, int]]:
    """(receipt document, what of it is free), oldest first."""
    rows = sql.fetch(
        "SELECT p.document_id, p.amount - COALESCE((SELECT SUM(r.amount) FROM cash_reservation r "
        "WHERE r.receipt_id = p.document_id AND r.dropped_at IS NULL), 0) FROM exposure_position p "
        "JOIN exposure_document d ON d.id = p.document_id WHERE p.account_id = %s AND p.component = %s "
        "AND p.currency = %s AND p.amount > 0 AND d.kind = %s ORDER BY d.dated_on, d.id",
        [account_id, Component.UNAPPLIED, currency, Kind.RECEIPT],
    )
    return [(document, int(amount)) for document, amount in rows if amount > 0]


def reserved_for(order: Document) -> int:
    """What this order has reserved already."""
    return _standing(order.pk).aggregate(total=Sum("amount"))["total"] or 0


def reserve(order: Document, amount: int) -> None:
    """Let an order rest on free money, oldest receipts first; earmarked ones of its own before the others.

    The account is locked and the money was seen to be there.
    """
    left = amount
    free = _free_receipts(order.account_id, order.currency)
    own = set(Document.objects.filter(pk__in=[id for id, _ in free], order_number=order.number).values_list("pk", flat=True))
    for receipt, there in sorted(free, key=lambda row: row[0] not in own):
        taken = min(left, there)
        if taken > 0:
            Reservation.objects.create(receipt_id=receipt, order=order, amount=taken)
            left -= taken


def drop_reservations(order_ids: Iterable[int]) -> None:
    """Give back the money these orders rested on."""
    Reservation.objects.filter(order_id__in=list(order_ids), dropped_at=None).update(dropped_at=clock.now())


def _standing(order_id: int):  # noqa: ANN202 - a queryset of this chapter's own
    return Reservation.objects.filter(order_id=order_id, dropped_at=None)


def papers(account_ids: Collection[int]) -> tuple[PaperSum, ...]:
    """Cheques and bills that are not money yet, by currency, kind and acceptor."""
    rows = sql.fetch_in(
        "SELECT p.currency, i.kind, i.acceptor, p.component, SUM(p.amount) FROM exposure_position p "
        "JOIN cash_instrument i ON i.document_id = p.document_id WHERE p.component IN (%s, %s) AND p.amount > 0 "
        "AND p.account_id IN ({values}) GROUP BY p.currency, i.kind, i.acceptor, p.component",
        sorted(account_ids),
        [Component.INSTRUMENT, Component.CONTINGENT],
    )
    return tuple(
        PaperSum(currency, kind.upper(), acceptor.upper() or "OTHER", int(amount), contingent=component == Component.CONTINGENT)
        for currency, kind, acceptor, component, amount in rows
    )
