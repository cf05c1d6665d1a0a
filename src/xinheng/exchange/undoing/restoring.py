"""What a batch had replaced stands again: documents are recorded as they were, allocations are made again."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

from xinheng.base.models import Batch
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind

#: What bears the number of an order or delivery and goes and comes with it.
_FOLLOWS = {Kind.ORDER_CHANGE: Kind.ORDER, Kind.ORDER_CLOSE: Kind.ORDER, Kind.DELIVERY_CLOSE: Kind.DELIVERY}
#: Entity, kind and number of a document.
Key = tuple[int, int, str]


def standing_keys(batch: Batch) -> set[Key]:
    """What of a batch still stands; ask before it is taken back."""
    rows = Document.objects.filter(batch=batch, reversed_by=None)
    return set(rows.values_list("entity_id", "kind", "number"))


def bring_back(batch: Batch, entry: Entry, stood: Collection[Key]) -> None:
    """Record again what entries of the batch reversed, in its old order, with the allocations it had.

    What stands again belongs to the batch it had come with, so that this one can be undone in its turn.  A document
    that somebody took back after the batch had corrected it (it is not among what ``stood``) stays taken back.
    """
    entries: dict[int | None, Entry] = {None: entry}

    def of_batch(id: int | None) -> Entry:
        if id not in entries:
            entries[id] = exposure.open_entry(entry.verb, by=entry.actor, batch_id=id)
        return entries[id]

    replaced = Document.objects.filter(reversed_by__batch=batch).select_related("tax", "entry").order_by("id")
    for kind in (Kind.ORDER, Kind.DELIVERY, Kind.RETURN, Kind.INVOICE, Kind.CREDIT_NOTE, Kind.RECEIPT, Kind.INSTRUMENT):
        corrected = (one for one in replaced.filter(kind=kind) if _key(one) in stood)
        for id, old in groupby(corrected, key=lambda one: one.batch_id):
            _RECORD[kind](of_batch(id), list(old))
    followed = [one for kind, of in _FOLLOWS.items() for one in replaced.filter(kind=kind) if _key(one, of) in stood]
    sales.follow_again(entry, sorted(followed, key=lambda one: one.pk))
    undone = receivables.Allocation.objects.filter(undone_by__batch=batch).select_related(
        "credit__reversed_by", "invoice__reversed_by"
    )
    again = [one for one in undone.order_by("id") if _can_be_made_again(one, batch, stood)]
    receivables.apply_again(entry, again, same_batch=True)


def _key(one: Document, kind: int | None = None) -> Key:
    return one.entity_id, kind or one.kind, one.number


def _can_be_made_again(one: receivables.Allocation, batch: Batch, stood: Collection[Key]) -> bool:
    """Whether both sides stand again; what a note that was recorded again does by itself it has done by then."""
    replaced = [
        side
        for side in (one.credit, one.invoice)
        if side.reversed_by is not None and side.reversed_by.batch_id == batch.pk
    ]
    if one.automatic and one.credit in replaced:
        return False
    return all(_key(side) in stood for side in replaced)


def _common(old: Document) -> dict[str, object]:
    return {
        "entity_id": old.entity_id,
        "account_id": old.account_id,
        "number": old.number,
        "currency": old.currency,
        "amount": old.amount,
    }


def _tax(old: Document) -> receivables.TaxRow | None:
    kept = getattr(old, "tax", None)
    return None if kept is None else receivables.TaxRow(**{name: getattr(kept, name) for name in receivables.TAX})


def _invoices(entry: Entry, old: Sequence[Document]) -> None:
    """A due day that had followed from something follows from what is known now."""
    rows = [receivables.row_of(one) for one in old]
    followed = [one.entry.verb in receivables.FOLLOWING for one in old]
    again = [replace(row, due_on=None) if follows else row for row, follows in zip(rows, followed, strict=True)]
    receivables.record_invoices(entry, again)


def _credit_notes(entry: Entry, old: Sequence[Document]) -> None:
    rows = [
        receivables.CreditNoteRow(
            **_common(one),  # type: ignore[arg-type]
            dated_on=one.dated_on,
            invoice_number=one.invoice_number,
            salesperson=one.salesperson,
            tax=_tax(one),
        )
        for one in old
    ]
    receivables.record_credit_notes(entry, rows)


def _receipts(entry: Entry, old: Sequence[Document]) -> None:
    kept = cash.Receipt.objects.in_bulk([one.pk for one in old])
    rows = [
        cash.ReceiptRow(
            **_common(one),  # type: ignore[arg-type]
            dated_on=one.dated_on,
            method=kept[one.pk].method,
            purpose=kept[one.pk].purpose,
            order_number=one.order_number,
            salesperson=one.salesperson,
        )
        for one in old
    ]
    for before, made in zip(old, cash.record_receipts(entry, rows), strict=True):
        cleared, now = kept[before.pk].cleared_on, cash.Receipt.objects.get(pk=made.pk)
        if cleared is not None and now.cleared_on is None:
            cash.record_clearing(entry, made, cleared_on=cleared)


def _instruments(entry: Entry, old: Sequence[Document]) -> None:
    kept = cash.Instrument.objects.in_bulk([one.pk for one in old])
    rows = [
        cash.InstrumentRow(
            **_common(one),  # type: ignore[arg-type]
            kind=kept[one.pk].kind,
            dated_on=one.dated_on,
            maturity=kept[one.pk].maturity,
            acceptor=kept[one.pk].acceptor,
            invoice_number=one.invoice_number,
            state=kept[one.pk].state,
            state_on=kept[one.pk].state_on,
            salesperson=one.salesperson,
        )
        for one in old
    ]
    cash.record_instruments(entry, rows)


def _orders(entry: Entry, old: Sequence[Document]) -> None:
    kept = sales.Order.objects.in_bulk([one.pk for one in old])
    rows = [
        sales.OrderRow(
            **_common(one),  # type: ignore[arg-type]
            dated_on=one.dated_on,
            salesperson=one.salesperson,
            ship_date=kept[one.pk].ship_date,
            payment=kept[one.pk].payment,
            term=one.term,
            instrument=kept[one.pk].instrument,
        )
        for one in old
    ]
    for before, made in zip(old, sales.record_orders(entry, rows), strict=True):
        order, was = sales.Order.objects.select_related("document").get(pk=made.pk), kept[before.pk]
        for name in ("released_amount", "released_until", "released_codes", "forced_hold", "stopped_goods"):
            setattr(order, name, getattr(was, name))
        sales.carry_papers(was, order)
        sales.move(entry, order, was.state)


def _deliveries(entry: Entry, old: Sequence[Document]) -> None:
    rows = [
        sales.DeliveryRow(
            **_common(one),  # type: ignore[arg-type]
            dated_on=one.dated_on,
            order_number=one.order_number,
            inferred=one.inferred,
            consigned=one.consigned,
        )
        for one in old
    ]
    sales.record_deliveries(entry, rows)


def _returns(entry: Entry, old: Sequence[Document]) -> None:
    rows = [
        sales.ReturnRow(
            **_common(one),  # type: ignore[arg-type]
            dated_on=one.dated_on,
            delivery_number=one.delivery_number,
        )
        for one in old
    ]
    sales.record_returns(entry, rows)


_RECORD = {
    Kind.ORDER: _orders,
    Kind.DELIVERY: _deliveries,
    Kind.RETURN: _returns,
    Kind.INVOICE: _invoices,
    Kind.CREDIT_NOTE: _credit_notes,
    Kind.RECEIPT: _receipts,
    Kind.INSTRUMENT: _instruments,
}
