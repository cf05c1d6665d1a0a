"""Cheques and bills 票据: paper is not money until the bank has paid it.

Earmarked to an invoice it takes the invoice's place (INVOICED→INSTRUMENT) and is neither dunned nor overdue before it
matures; paid it settles, dishonoured the invoice is owed again with its original due day.  What is on account, or goes
beyond its invoice, is only remembered until it is paid.  Endorsed or discounted it may still come back (CONTINGENT).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xinheng.base import clock
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.desk.cash.dishonoured import stop_for_dishonoured
from xinheng.desk.cash.models import Instrument
from xinheng.desk.cash.paper_trail import earmark, earmarked, given_back, problems_of
from xinheng.desk.cash.reservations import drop_of_receipts
from xinheng.desk.cash.rows import InstrumentRow
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Component, Kind, Step

State = Instrument.State
#: What may become of paper in which state.
NEXT = {
    State.RECEIVED: {State.CLEARED, State.DISHONOURED, State.ENDORSED, State.DISCOUNTED},
    State.ENDORSED: {State.CLEARED, State.DISHONOURED},
    State.DISCOUNTED: {State.CLEARED, State.DISHONOURED},
}
#: Out of our hands, but it may come back.
PASSED_ON = frozenset({State.ENDORSED, State.DISCOUNTED})


@dataclass(frozen=True, slots=True)
class Change:
    """One instrument comes into a state on a day."""

    instrument: Instrument
    state: str
    on: date


def check_instruments(rows: Sequence[InstrumentRow]) -> list[receivables.Problem]:
    """What is wrong with which rows: the invoice they name is unknown, another customer's, or in another currency."""
    return problems_of(rows)


def record_instruments(entry: Entry, rows: Sequence[InstrumentRow]) -> list[Document]:
    """Record paper inside a locked transaction, earmark what names an invoice, and bring it into its state.

    Raises:
        BadRows: nothing was written.  django.db.IntegrityError: a number is present.
    """
    if problems := problems_of(rows):
        raise receivables.BadRows(problems)
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.INSTRUMENT,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                due_on=row.maturity,
                currency=row.currency,
                amount=row.amount,
                salesperson=row.salesperson,
                invoice_number=row.invoice_number,
            )
            for row in rows
        ],
    )
    instruments = Instrument.objects.bulk_create(
        (
            Instrument(
                document=document, kind=row.kind, acceptor=row.acceptor, maturity=row.maturity, state_on=row.dated_on
            )
            for document, row in zip(documents, rows, strict=True)
        ),
        batch_size=2_000,
    )
    earmark(entry, documents)
    today = clock.business_date()
    record_changes(
        entry,
        [
            Change(instrument, row.state, row.state_on or _usual_day(row, today))
            for instrument, row in zip(instruments, rows, strict=True)
            if row.state != State.RECEIVED
        ],
    )
    return documents


def record_changes(entry: Entry, changes: Sequence[Change]) -> None:
    """Bring paper into other states inside a locked transaction, each instrument once.

    Raises:
        WrongState: not from its present state, or taken back.
    """
    documents = [change.instrument.document for change in changes]
    receivables.refuse_reversed(documents)
    ids = [document.pk for document in documents]
    held = receivables.stands(ids, Component.INSTRUMENT)
    passed = receivables.stands(ids, Component.CONTINGENT)
    returning = [c.instrument.document_id for c in changes if c.state == State.DISHONOURED]
    backed = earmarked(returning)
    steps: list[Step] = []
    for change in changes:
        instrument, document = change.instrument, change.instrument.document
        if change.state not in NEXT.get(State(instrument.state), ()):
            raise WrongState(what="instrument", number=document.number, state=instrument.state)
        out = instrument.state in PASSED_ON
        stand = (passed if out else held).get(document.pk)
        amount = stand.today if stand else 0
        on = receivables.effective_day(max(change.on, instrument.state_on, document.effective_on), document.entity_id)
        if stand and amount:
            on = stand.first_day(amount, on)
        place = (document.pk, Component.CONTINGENT if out else Component.INSTRUMENT)
        steps += _steps(change.state, place, amount, document.amount, on, backed.get(document.pk, {}))
        instrument.state, instrument.state_on = change.state, max(change.on, instrument.state_on)
    exposure.post(entry, steps, exposure.items(documents, steps))
    Instrument.objects.bulk_update([change.instrument for change in changes], ["state", "state_on"], batch_size=1_000)


def _steps(
    state: str, place: tuple[int, Component], amount: int, face: int, on: date, backed: dict[int, int]
) -> list[Step]:
    """``amount`` of the paper's ``face`` stands for invoices at ``place``, ``backed`` says for which."""
    document = place[0]
    if state == State.DISHONOURED:
        return [Step(place, (invoice, Component.INVOICED), part, on) for invoice, part in backed.items()]
    if state in PASSED_ON:
        return [Step(place, (document, Component.CONTINGENT), amount, on)] if amount else []
    steps = [Step(place, (document, Component.SETTLED), amount, on)] if amount else []
    if face > amount:
        steps.append(Step(None, (document, Component.UNAPPLIED), face - amount, on))
    return steps


def reverse_instruments(entry: Entry, documents: Sequence[Document]) -> None:
    """Take paper back inside a locked transaction, with all that became of it.

    Raises:
        HasAllocations: what it brought on account was allocated.  WrongState: taken back already.
    """
    receivables.refuse_reversed(documents)
    steps = given_back(documents)
    exposure.post(entry, steps, exposure.items(documents, steps))
    exposure.reverse(entry, documents)
    drop_of_receipts([document.pk for document in documents], by=entry.actor)


def post_instrument(row: InstrumentRow, *, by: User) -> Document:
    """Enter one cheque or bill by hand.

    Raises:
        Conflict, BadRows, Refused, LockTimeout.
    """
    customer_id = receivables.customers_of_accounts([row.account_id])[row.account_id]
    verb, right = "cash.instrument.posted", "instruments.post"
    with receivables.acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        receivables.refuse_present(Kind.INSTRUMENT, row.entity_id, row.number)
        document = record_instruments(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "kind": row.kind, "invoice": row.invoice_number}
        receivables.noted(entry, customer_id, f"instrument:{row.number}", **data)
        if row.invoice_number:
            receivables.credit_changed([customer_id], "INSTRUMENT", on=clock.business_date(), by=by)
        return document


def clear_instrument(document: Document, *, cleared_on: date, on: date, by: User) -> Instrument:
    """The bank has paid: what stood for an invoice is settled, the rest is the customer's unapplied money.

    Raises:
        WrongState, Refused, LockTimeout.
    """
    return _change(document, State.CLEARED, cleared_on, on=on, by=by)


def dishonour_instrument(document: Document, *, dishonoured_on: date, by: User) -> Instrument:
    """The bank has refused: the invoices it stood for are owed again, due when they were due, and the customer is put
    on hold.

    Raises:
        WrongState, Refused, LockTimeout.
    """
    return _change(document, State.DISHONOURED, dishonoured_on, by=by)


def endorse_instrument(document: Document, *, endorsed_on: date, by: User) -> Instrument:
    """Passed on to a creditor of ours; it may come back.  Raises WrongState, Refused, LockTimeout."""
    return _change(document, State.ENDORSED, endorsed_on, by=by)


def discount_instrument(document: Document, *, discounted_on: date, by: User) -> Instrument:
    """Sold to a bank with recourse; it may come back.  Raises WrongState, Refused, LockTimeout."""
    return _change(document, State.DISCOUNTED, discounted_on, by=by)


def reverse_instrument(document: Document, *, reason: str, by: User) -> Document:
    """Take one cheque or bill back by hand, with all that became of it.

    Raises:
        HasAllocations, WrongState, ReasonMissing, Refused, LockTimeout.
    """
    customer_id = receivables.customer_of(document)
    verb, right = "cash.instrument.reversed", "instruments.post"
    with receivables.acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        fresh = Document.objects.get(pk=document.pk, kind=Kind.INSTRUMENT)
        reverse_instruments(entry, [fresh])
        receivables.noted(entry, customer_id, f"instrument:{fresh.number}", reason=reason)
        receivables.debt_grew([customer_id], "INSTRUMENT", by=by)
        return fresh


def _change(document: Document, state: str, happened_on: date, *, by: User, on: date | None = None) -> Instrument:
    """Every state weighs differently, so held orders may be free; what the bank refused is debt again."""
    customer_id = receivables.customer_of(document)
    verb, right = f"cash.instrument.{state}", "instruments.post"
    with receivables.acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        instrument = Instrument.objects.select_related("document").get(pk=document.pk)
        record_changes(entry, [Change(instrument, state, happened_on)])
        receivables.noted(entry, customer_id, f"instrument:{document.number}", on=str(instrument.state_on))
        if state == State.DISHONOURED:
            stop_for_dishonoured({customer_id: [document.number]}, by=by)
        receivables.credit_changed([customer_id], "INSTRUMENT", on=on or clock.business_date(), by=by)
        return instrument


def _usual_day(row: InstrumentRow, today: date) -> date:
    """When a state nobody dated came about: paper is paid or refused when it matures, passed on when it comes."""
    return row.dated_on if row.state in PASSED_ON else max(row.dated_on, min(row.maturity, today))
