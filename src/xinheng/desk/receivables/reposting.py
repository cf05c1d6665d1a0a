"""Correcting what was recorded: an invoice or credit note is taken back and posted again with what rested on it.

Nothing is edited: allocations and credit notes are undone, the document is reversed, the new one is recorded, and they
are applied again in the same order up to the new amount.  What finds no room stays unapplied and is reported
(semantics.md 5, ``--update``).  An invoice of which only the due day is another is the same debt: paper and write-offs
come along, and it still belongs to the batch that brought it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.allocations import apply_again, set_aside
from xinheng.desk.receivables.bulk import TAX
from xinheng.desk.receivables.credit_notes import record_credit_notes, reverse_credit_notes
from xinheng.desk.receivables.invoices import record_invoices, reverse_invoices
from xinheng.desk.receivables.lifting import lay, lift
from xinheng.desk.receivables.rows import BadRows, CreditNoteRow, InvoiceRow, Left, Problem, TaxRow


@dataclass(frozen=True, slots=True)
class Reposted:
    """The documents that took the place of others, and what found no room any more."""

    documents: list[Document]
    left: list[Left]


def repost_invoices(entry: Entry, documents: Sequence[Document], rows: Sequence[InvoiceRow]) -> Reposted:
    """Replace instalments by corrected ones inside a locked transaction; ``rows`` stand in the order of ``documents``.

    Raises:
        BadRows: another customer, entity or currency.  HasAllocations: paper or a write-off rests on it.
    """
    refuse_others(documents, rows)
    aside = set_aside(entry, documents)
    reverse_invoices(entry, documents)
    made = record_invoices(entry, rows)
    return Reposted(made, apply_again(entry, aside))


def stand_again(entry: Entry, invoice: Document, row: InvoiceRow) -> Document:
    """The same instalment with another due day, inside a locked transaction; all that rested on it rests on it again.

    ``row`` differs from what the invoice says in nothing else.
    """
    aside = set_aside(entry, [invoice])
    lifted = lift(entry, invoice)
    reverse_invoices(entry, [invoice])
    (made,) = record_invoices(entry, [row])
    lay(entry, lifted, invoice, made)
    apply_again(entry, aside, same_batch=True)
    if invoice.batch_id is not None:
        made.batch_id = invoice.batch_id
        made.save(update_fields=["batch"])
    return made


def repost_credit_notes(entry: Entry, documents: Sequence[Document], rows: Sequence[CreditNoteRow]) -> Reposted:
    """Replace credit notes by corrected ones inside a locked transaction; ``rows`` stand in the order of ``documents``.

    What a note does to the invoice it names it does anew; what people allocated of it is allocated again.

    Raises:
        BadRows: another customer, entity or currency, or what ``record_credit_notes`` refuses.
    """
    refuse_others(documents, rows)
    aside = [one for one in set_aside(entry, documents) if not one.automatic]
    reverse_credit_notes(entry, documents)
    made = record_credit_notes(entry, rows)
    return Reposted(made, apply_again(entry, aside))


def row_of(invoice: Document) -> InvoiceRow:
    """What would have to be stated to record an instalment of an invoice once more as it is."""
    kept = getattr(invoice, "tax", None)
    return InvoiceRow(
        entity_id=invoice.entity_id,
        account_id=invoice.account_id,
        number=invoice.number,
        issued_on=invoice.dated_on,
        currency=invoice.currency,
        amount=invoice.amount,
        part=invoice.part,
        due_on=invoice.due_on,
        term=invoice.term,
        order_number=invoice.order_number,
        delivery_number=invoice.delivery_number,
        salesperson=invoice.salesperson,
        tax=TaxRow(**{name: getattr(kept, name) for name in TAX}) if kept else None,
        nature=invoice.nature,
        inferred=invoice.inferred,
    )


def refuse_others(documents: Sequence[Document], rows: Sequence[Any]) -> None:
    """Raises BadRows where a row that is to replace a document has another customer, entity or currency."""
    problems = []
    for index, (document, row) in enumerate(zip(documents, rows, strict=True)):
        if (row.entity_id, row.account_id) != (document.entity_id, document.account_id):
            problems.append(Problem(index, "OTHER_CUSTOMER", {"number": row.number, "invoice": document.number}))
        elif row.currency != document.currency:
            params = {"currency": row.currency, "invoice_currency": document.currency}
            problems.append(Problem(index, "OTHER_CURRENCY", params))
    if problems:
        raise BadRows(problems)
