"""Invoices 发票 as they come and as they are taken back: one document per instalment, each with its due day."""

from collections.abc import Iterable, Sequence
from datetime import date

from xinheng.base import clock
from xinheng.base.errors import Conflict, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.acting import (
    acting,
    credit_changed,
    customer_of,
    customers_of_accounts,
    debt_grew,
    noted,
)
from xinheng.desk.receivables.days import effective_day, stands
from xinheng.desk.receivables.due import with_due_days
from xinheng.desk.receivables.models import Allocation, InvoiceTax
from xinheng.desk.receivables.rows import InvoiceRow, TaxRow
from xinheng.desk.receivables.term_days import end_days
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind


class HasAllocations(XinhengError):
    """Something rests on the document (money, paper, a write-off): undo that first.  params: what, number."""

    code = "HAS_ALLOCATIONS"


def record_invoices(entry: Entry, rows: Sequence[InvoiceRow]) -> list[Document]:
    """Record invoices inside a locked transaction; one whose term has instalments becomes several documents.

    Raises:
        django.db.IntegrityError: a number is present.  UnknownTerm.
    """
    complete = with_due_days(rows)
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.INVOICE,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                part=row.part or 1,
                dated_on=row.issued_on,
                due_on=row.due_on,
                currency=row.currency,
                amount=row.amount,
                term=row.term,
                salesperson=row.salesperson,
                order_number=row.order_number,
                delivery_number=row.delivery_number,
                inferred=row.inferred,
                nature=row.nature or ItemNature.PLAIN.value,
            )
            for row in complete
        ],
    )
    record_tax(documents, [row.tax for row in complete])
    return documents


def record_tax(documents: Sequence[Document], stated: Sequence[TaxRow | None]) -> None:
    """Keep what invoices and red invoices say beside their amount, for those that say anything."""
    InvoiceTax.objects.bulk_create(
        (
            InvoiceTax(
                document=document,
                net=tax.net,
                tax=tax.tax,
                tax_rate=tax.tax_rate,
                fapiao_code=tax.fapiao_code,
                fapiao_number=tax.fapiao_number,
            )
            for document, tax in zip(documents, stated, strict=True)
            if tax is not None and tax != TaxRow()
        ),
        batch_size=2_000,
    )


def reverse_invoices(entry: Entry, documents: Sequence[Document]) -> None:
    """Take invoices back inside a locked transaction; their goods stand where they stood before.

    Raises:
        HasAllocations: something was settled, paper stands for it, or did on some day since.  WrongState: taken back.
    """
    refuse_reversed(documents)
    found = stands([document.pk for document in documents], Component.INVOICED)
    for document in documents:
        stand = found.get(document.pk)
        if stand is None:  # an invoice over nothing
            continue
        on = effective_day(document.effective_on, document.entity_id)
        if stand.today != document.amount or not stand.untouched(on):
            raise HasAllocations(what="invoice", number=document.number)
    exposure.reverse(entry, documents)


def refuse_reversed(documents: Iterable[Document]) -> None:
    """Raises WrongState for a document that was taken back already."""
    for document in documents:
        if document.reversed_by_id is not None:
            raise WrongState(what=Kind(document.kind).name.lower(), number=document.number, state="REVERSED")


def refuse_present(kind: Kind, entity_id: int, number: str, *, part: int | None = None) -> None:
    """Raises Conflict when a document with this number is there."""
    present = Document.objects.filter(kind=kind, entity_id=entity_id, number=number, reversed_by=None)
    if part is not None:
        present = present.filter(part=part)
    if present.exists():
        raise Conflict(what=kind.name.lower(), number=number)


def parts_of(document: Document) -> list[Document]:
    """All present instalments of an invoice, oldest due first."""
    found = Document.objects.filter(
        kind=document.kind, entity_id=document.entity_id, number=document.number, reversed_by=None
    )
    return sorted(found, key=lambda one: (one.due_on or date.max, one.part))


def post_invoice(row: InvoiceRow, *, by: User) -> list[Document]:
    """Enter one invoice by hand.

    Raises:
        Conflict: the number is present.  UnknownTerm, Refused, LockTimeout.
    """
    customer_id = customers_of_accounts([row.account_id])[row.account_id]
    with acting("receivables.invoice.posted", right="receivables.post", customer_ids=[customer_id], by=by) as entry:
        refuse_present(Kind.INVOICE, row.entity_id, row.number, part=row.part)
        documents = record_invoices(entry, [row])
        noted(entry, customer_id, f"invoice:{row.number}", amount=row.amount, currency=row.currency)
        debt_grew([customer_id], "INVOICE", by=by)
        return documents


def reverse_invoice(document: Document, *, reason: str, by: User) -> list[Document]:
    """Take an invoice back by hand, with all its instalments.

    Raises:
        HasAllocations, WrongState, ReasonMissing, Refused, LockTimeout.
    """
    customer_id = customer_of(document)
    with acting("receivables.invoice.reversed", right="receivables.post", customer_ids=[customer_id], by=by) as entry:
        documents = parts_of(document)
        if not documents:
            raise WrongState(what="invoice", number=document.number, state="REVERSED")
        reverse_invoices(entry, documents)
        end_days(entry, [(document.account_id, Kind.INVOICE, document.number)])
        noted(entry, customer_id, f"invoice:{document.number}", reason=reason)
        credit_changed([customer_id], "INVOICE", on=clock.business_date(), by=by)
        return documents


def has_allocations(documents: Iterable[Document]) -> bool:
    """Whether money or a credit note stands against one of these, on either side."""
    ids = [document.pk for document in documents]
    standing = Allocation.objects.filter(undone_by=None)
    return standing.filter(invoice__in=ids).exists() or standing.filter(credit__in=ids).exists()
