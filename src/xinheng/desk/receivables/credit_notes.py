"""Credit notes and red invoices 红字发票: a claim of the customer's that reduces the invoice it names at once.

The oldest instalment first; what is left over, or a note that names no invoice, stays unapplied until somebody
allocates it.  Our own paper for it is the 应收调整单.
"""

from collections.abc import Sequence
from datetime import date

from xinheng.base.errors import WrongState
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
from xinheng.desk.receivables.allocations import allocate_many, undo_allocations
from xinheng.desk.receivables.days import effective_day, stands
from xinheng.desk.receivables.invoices import HasAllocations, record_tax, refuse_present, refuse_reversed
from xinheng.desk.receivables.matching import Paper, papers
from xinheng.desk.receivables.models import Allocation
from xinheng.desk.receivables.rows import AllocationRow, BadRows, CreditNoteRow, Problem
from xinheng.rules.road import Component, Kind, Step


def check_credit_notes(rows: Sequence[CreditNoteRow]) -> list[Problem]:
    """What is wrong with which rows: the invoice they name is unknown, another customer's, or in another currency."""
    return _problems(rows, _named_invoices(rows))


def record_credit_notes(entry: Entry, rows: Sequence[CreditNoteRow]) -> list[Document]:
    """Record credit notes inside a locked transaction and reduce the invoices they name, row after row.

    Raises:
        BadRows: nothing was written.  django.db.IntegrityError: a number is present.
    """
    invoices = _named_invoices(rows)
    if problems := _problems(rows, invoices):
        raise BadRows(problems)
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.CREDIT_NOTE,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                salesperson=row.salesperson,
                invoice_number=row.invoice_number,
            )
            for row in rows
        ],
    )
    record_tax(documents, [row.tax for row in rows])
    steps = [_claim(document) for document in documents if document.amount]
    exposure.post(entry, steps, exposure.items(documents, steps))
    allocate_many(entry, _reductions(rows, invoices))
    return documents


def _reductions(rows: Sequence[CreditNoteRow], invoices: dict[tuple[int, str], list[Paper]]) -> list[AllocationRow]:
    """How much of each note its invoice still takes, notes before it counted."""
    parts = {paper.id for found in invoices.values() for paper in found}
    owed = {id: stand.today for id, stand in stands(parts, Component.INVOICED).items()}
    left = {key: sum(owed.get(paper.id, 0) for paper in found) for key, found in invoices.items()}
    wanted = []
    for row in rows:
        key = (row.entity_id, row.invoice_number)
        amount = min(row.amount, left.get(key, 0))
        if amount:
            left[key] -= amount
            wanted.append(
                AllocationRow(
                    entity_id=row.entity_id,
                    credit_number=row.number,
                    invoice_number=row.invoice_number,
                    dated_on=row.dated_on,
                    amount=amount,
                    credit_kind=Kind.CREDIT_NOTE,
                    automatic=True,
                )
            )
    return wanted


def reverse_credit_notes(entry: Entry, documents: Sequence[Document]) -> None:
    """Take credit notes back inside a locked transaction; the invoices they named are owed again.

    Raises:
        HasAllocations: somebody allocated the note to another invoice.  WrongState: taken back already.
    """
    refuse_reversed(documents)
    ids = [document.pk for document in documents]
    own = list(Allocation.objects.filter(credit__in=ids, undone_by=None, automatic=True))
    undo_allocations(entry, own)
    take_back(entry, documents, Component.UNAPPLIED)
    exposure.reverse(entry, documents)


def take_back(entry: Entry, documents: Sequence[Document], component: Component) -> None:
    """Let all that documents brought into one component leave again, on their own day or the first possible one.

    Raises:
        HasAllocations: part of it went elsewhere.
    """
    found = stands([document.pk for document in documents], component)
    steps = []
    for document in documents:
        stand = found.get(document.pk)
        if stand is None:
            continue
        if stand.today != document.amount:
            raise HasAllocations(what=Kind(document.kind).name.lower(), number=document.number)
        on = stand.first_day(document.amount, effective_day(document.effective_on, document.entity_id))
        steps += [Step((document.pk, component), None, document.amount, on)] if document.amount else []
    exposure.post(entry, steps, exposure.items(documents, steps))


def post_credit_note(row: CreditNoteRow, *, on: date, by: User) -> Document:
    """Enter one credit note by hand; held orders are looked at again.

    Raises:
        Conflict, BadRows, Refused, LockTimeout.
    """
    customer_id = customers_of_accounts([row.account_id])[row.account_id]
    verb, right = "receivables.credit-note.posted", "receivables.post"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        refuse_present(Kind.CREDIT_NOTE, row.entity_id, row.number)
        document = record_credit_notes(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "invoice": row.invoice_number}
        noted(entry, customer_id, f"credit-note:{row.number}", **data)
        credit_changed([customer_id], "CREDIT_NOTE", on=on, by=by)
        return document


def reverse_credit_note(document: Document, *, reason: str, by: User) -> Document:
    """Take one credit note back by hand.

    Raises:
        HasAllocations, WrongState, ReasonMissing, Refused, LockTimeout.
    """
    customer_id = customer_of(document)
    verb, right = "receivables.credit-note.reversed", "receivables.post"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        fresh = Document.objects.get(pk=document.pk)
        if fresh.kind != Kind.CREDIT_NOTE:
            raise WrongState(what="credit_note", number=fresh.number, state=Kind(fresh.kind).name)
        reverse_credit_notes(entry, [fresh])
        noted(entry, customer_id, f"credit-note:{fresh.number}", reason=reason)
        debt_grew([customer_id], "CREDIT_NOTE", by=by)
        return fresh


def _claim(document: Document) -> Step:
    return Step(None, (document.pk, Component.UNAPPLIED), document.amount, document.effective_on)


def _named_invoices(rows: Sequence[CreditNoteRow]) -> dict[tuple[int, str], list[Paper]]:
    return papers([Kind.INVOICE], {(row.entity_id, row.invoice_number) for row in rows if row.invoice_number})


def _problems(rows: Sequence[CreditNoteRow], invoices: dict[tuple[int, str], list[Paper]]) -> list[Problem]:
    problems = []
    for index, row in enumerate(rows):
        if not row.invoice_number:
            continue
        found = invoices.get((row.entity_id, row.invoice_number))
        if not found:
            problems.append(Problem(index, "UNKNOWN", {"what": "invoice", "number": row.invoice_number}))
        elif found[0].account_id != row.account_id:
            params = {"number": row.number, "invoice": row.invoice_number}
            problems.append(Problem(index, "OTHER_CUSTOMER", params))
        elif found[0].currency != row.currency:
            params = {"currency": row.currency, "invoice_currency": found[0].currency}
            problems.append(Problem(index, "OTHER_CURRENCY", params))
    return problems
