"""Receipts 收款: money counts once it has cleared, a cheque is not money yet, a deposit 押金 never lowers a debt."""

from collections.abc import Sequence
from datetime import date

from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.desk.cash.models import Receipt
from xinheng.desk.cash.reservations import drop_of_receipts
from xinheng.desk.cash.rows import ReceiptRow
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import AllocationRow, Left, Reposted
from xinheng.rules.road import Component, Kind, Step

#: Methods that are money at once; the others are paper until the bank has paid (AR-012).
CLEARED_AT_ONCE = frozenset({Receipt.Method.TRANSFER, Receipt.Method.CASH})


def record_receipts(entry: Entry, rows: Sequence[ReceiptRow]) -> list[Document]:
    """Record receipts inside a locked transaction; none of them allocates itself.

    Raises:
        django.db.IntegrityError: a number is present.
    """
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.RECEIPT,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                salesperson=row.salesperson,
                order_number=row.order_number,
            )
            for row in rows
        ],
    )
    receipts = [
        Receipt(
            document=document,
            method=row.method,
            purpose=row.purpose,
            cleared_on=row.dated_on if row.method in CLEARED_AT_ONCE else None,
        )
        for document, row in zip(documents, rows, strict=True)
    ]
    Receipt.objects.bulk_create(receipts, batch_size=4_000)
    steps = [
        Step(None, (one.document_id, _component(one)), one.document.amount, one.document.effective_on)
        for one in receipts
        if one.cleared_on is not None and one.document.amount
    ]
    exposure.post(entry, steps, exposure.items(documents, steps))
    return documents


def reverse_receipts(entry: Entry, documents: Sequence[Document]) -> None:
    """Take receipts back inside a locked transaction; prepaid orders that rested on them are checked again.

    Raises:
        HasAllocations: part of the money was allocated.  WrongState: taken back already.
    """
    receivables.refuse_reversed(documents)
    for component in (Component.UNAPPLIED, Component.DEPOSIT):
        receivables.take_back(entry, documents, component)
    exposure.reverse(entry, documents)
    drop_of_receipts([document.pk for document in documents], by=entry.actor)


def repost_receipts(entry: Entry, documents: Sequence[Document], rows: Sequence[ReceiptRow]) -> Reposted:
    """Replace receipts by corrected ones inside a locked transaction; ``rows`` stand in the order of ``documents``.

    Their allocations are made again in the same order up to the new amount.  A cheque or draft that had cleared has
    cleared, unless it turns out to be paper of another kind.

    Raises:
        BadRows: another customer, entity or currency.
    """
    receivables.refuse_others(documents, rows)
    before = Receipt.objects.in_bulk([document.pk for document in documents])
    aside = receivables.set_aside(entry, documents)
    reverse_receipts(entry, documents)
    made = record_receipts(entry, rows)
    for document, row, new in zip(documents, rows, made, strict=True):
        old = before[document.pk]
        if old.cleared_on and old.method == row.method and row.method not in CLEARED_AT_ONCE:
            record_clearing(entry, new, cleared_on=old.cleared_on)
    left: list[Left] = receivables.apply_again(entry, aside)
    return Reposted(made, left)


def post_receipt(row: ReceiptRow, *, on: date, by: User) -> Document:
    """Enter one receipt by hand; held orders are looked at again when it has cleared.

    Raises:
        Conflict: the number is present.  Refused, LockTimeout.
    """
    customer_id = receivables.customers_of_accounts([row.account_id])[row.account_id]
    with receivables.acting("cash.receipt.posted", right="cash.post", customer_ids=[customer_id], by=by) as entry:
        receivables.refuse_present(Kind.RECEIPT, row.entity_id, row.number)
        document = record_receipts(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "method": row.method, "purpose": row.purpose}
        receivables.noted(entry, customer_id, f"receipt:{row.number}", **data)
        if row.method in CLEARED_AT_ONCE:
            receivables.credit_changed([customer_id], "RECEIPT", on=on, by=by)
        return document


def clear_receipt(document: Document, *, cleared_on: date, on: date, by: User) -> Receipt:
    """The bank has paid a cheque or draft: it is money from that day.

    Raises:
        WrongState: it has cleared already, or was taken back.  Refused, LockTimeout.
    """
    customer_id = receivables.customer_of(document)
    with receivables.acting("cash.receipt.cleared", right="cash.post", customer_ids=[customer_id], by=by) as entry:
        receipt = record_clearing(entry, document, cleared_on=cleared_on)
        receivables.noted(entry, customer_id, f"receipt:{document.number}", cleared_on=str(cleared_on))
        receivables.credit_changed([customer_id], "RECEIPT", on=on, by=by)
        return receipt


def record_clearing(entry: Entry, document: Document, *, cleared_on: date) -> Receipt:
    """The same inside a locked transaction."""
    receipt = Receipt.objects.select_related("document").get(pk=document.pk)
    fresh = receipt.document
    if receipt.cleared_on is not None or fresh.reversed_by_id is not None:
        state = "REVERSED" if fresh.reversed_by_id else "CLEARED"
        raise WrongState(what="receipt", number=fresh.number, state=state)
    receipt.cleared_on = max(cleared_on, fresh.dated_on)
    receipt.save(update_fields=["cleared_on"])
    if fresh.amount:
        on = receivables.effective_day(max(receipt.cleared_on, fresh.effective_on), fresh.entity_id)
        step = Step(None, (fresh.pk, _component(receipt)), fresh.amount, on)
        exposure.post(entry, [step], exposure.items([fresh], [step]))
    return receipt


def reverse_receipt(document: Document, *, reason: str, by: User) -> Document:
    """Take one receipt back by hand, for instance a cheque the bank refused.

    Raises:
        HasAllocations, WrongState, ReasonMissing, Refused, LockTimeout.
    """
    customer_id = receivables.customer_of(document)
    with receivables.acting("cash.receipt.reversed", right="cash.post", customer_ids=[customer_id], by=by) as entry:
        fresh = Document.objects.get(pk=document.pk, kind=Kind.RECEIPT)
        reverse_receipts(entry, [fresh])
        receivables.noted(entry, customer_id, f"receipt:{fresh.number}", reason=reason)
        receivables.debt_grew([customer_id], "RECEIPT", by=by)
        return fresh


def recover(row: ReceiptRow, invoice: Document, *, on: date, by: User) -> Document:
    """Money for a debt that was written off came after all: receive it and settle the debt with it.

    Raises:
        Conflict, BadRows: more than was written off; nothing is received.  Refused, LockTimeout.
    """
    customer_id = receivables.customers_of_accounts([row.account_id])[row.account_id]
    with receivables.acting("cash.receipt.recovered", right="cash.post", customer_ids=[customer_id], by=by) as entry:
        receivables.refuse_present(Kind.RECEIPT, row.entity_id, row.number)
        document = record_receipts(entry, [row])[0]
        settling = AllocationRow(
            entity_id=row.entity_id,
            credit_number=row.number,
            invoice_number=invoice.number,
            dated_on=row.dated_on,
            amount=row.amount,
            credit_kind=Kind.RECEIPT,
        )
        receivables.record_recoveries(entry, [settling])
        data = {"amount": row.amount, "currency": row.currency, "invoice": invoice.number}
        receivables.noted(entry, customer_id, f"receipt:{row.number}", **data)
        receivables.credit_changed([customer_id], "RECEIPT", on=on, by=by)
        return document


def _component(receipt: Receipt) -> Component:
    return Component.DEPOSIT if receipt.purpose == Receipt.Purpose.DEPOSIT else Component.UNAPPLIED
