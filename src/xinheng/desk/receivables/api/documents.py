"""Invoices and credit notes: looked at, taken back; bad debt; the days that due days count from."""

from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Day, MaybeCode, OnDay, Reason, ReasonOn, Stated
from xinheng.base.api.rooms import Room
from xinheng.base.stated import read_amount, read_currency, read_date, read_number, read_past_date
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, DocumentShape
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.shapes import DebtShape, FollowedShape, InvoiceShape, ReversalShape
from xinheng.rules.road import Kind
from xinheng.rules.terms import TOLD

room = Room("Invoices 发票")
#: acceptance, statement, sale-report
EVENTS = {event.value.lower().replace("_", "-"): event for event in TOLD}
Event = Literal[tuple(EVENTS)]  # type: ignore[valid-type]
Goods = Literal["invoices", "deliveries"]
_KINDS = {"invoices": Kind.INVOICE, "deliveries": Kind.DELIVERY}


class NewCreditNote(Stated):
    """A credit note to enter; it reduces the invoice it names at once."""

    number: Code
    customer: Code
    amount: Amount
    currency: MaybeCode = ""
    date: Day | None = None
    invoice: MaybeCode = ""
    entity: MaybeCode = ""


class Happened(OnDay):
    """What happened, and when."""

    event: Event


class Mistaken(Reason):
    """What did not happen on that day after all, and why."""

    event: Event


class WrittenOff(ReasonOn):
    """How much of it; all that is open without an amount."""

    amount: Amount | None = None


class Recovered(OnDay):
    """How much came after all, and the receipt it came with."""

    amount: Amount
    receipt: Code


def _invoice(request: HttpRequest, number: str, entity: str) -> Document:
    return exposure.document_of(Kind.INVOICE, number, entity, caller(request))


def current(request: HttpRequest, number: str, entity: str = "", **_stated: Any) -> InvoiceShape:
    """The invoice as it stands, its customer locked until the transaction ends."""
    exposure.lock([_invoice(request, number, entity).account.customer_id])
    return receivables.invoice_shape(_invoice(request, number, entity))


@room.write("/credit-notes", DocumentShape, right="receivables.post", makes=True)
def enter_credit_note(request: HttpRequest, body: NewCreditNote) -> Any:
    """Enter a credit note; what finds no room on its invoice stays unapplied."""
    by = caller(request)
    buyer = customers.whose(body.customer, by)
    currency = read_currency(body.currency or buyer.currency or clock.company().currency)
    seller = exposure.entity(body.entity)
    row = receivables.CreditNoteRow(
        entity_id=seller.pk,
        account_id=exposure.account(buyer.pk, seller).pk,
        number=read_number(body.number),
        dated_on=read_past_date(body.date),
        currency=currency,
        amount=read_amount(body.amount, currency, positive=True),
        invoice_number=body.invoice,
    )
    receivables.post_credit_note(row, on=clock.business_date(), by=by)
    return exposure.document_shape(exposure.document_of(Kind.CREDIT_NOTE, row.number, seller.code, by))


@room.write("/credit-notes/{path:number}/reversals", ReversalShape, right="receivables.post")
def reverse_credit_note(request: HttpRequest, number: Code, body: Reason, entity: MaybeCode = "") -> Any:
    """Take a credit note back; what it settles is undone first."""
    by = caller(request)
    found = exposure.document_of(Kind.CREDIT_NOTE, number, entity, by)
    parts = receivables.parts_of(found)
    receivables.reverse_credit_note(found, reason=body.reason, by=by)
    return receivables.reversal_shape(found, parts)


@room.write("/invoices/{path:number}/reversals", ReversalShape, right="receivables.post", current=current)
def reverse_invoice(request: HttpRequest, number: Code, body: Reason, entity: MaybeCode = "") -> Any:
    """Take an invoice back with all its instalments; what settles it is undone first."""
    found = _invoice(request, number, entity)
    parts = receivables.parts_of(found)
    receivables.reverse_invoice(found, reason=body.reason, by=caller(request))
    return receivables.reversal_shape(found, parts)


@room.write("/invoices/{path:number}/write-offs", DebtShape, right="receivables.write_off", current=current)
def write_off(request: HttpRequest, number: Code, body: WrittenOff, entity: MaybeCode = "") -> Any:
    """Give up what is open of an invoice; its customer is put on hold."""
    found = _invoice(request, number, entity)
    minor = None if body.amount is None else read_amount(body.amount, found.currency, positive=True)
    on = read_date(body.date)
    taken = receivables.write_off(found, reason=body.reason, on=on, by=caller(request), amount=minor)
    return receivables.debt_shape(found, taken)


@room.write("/invoices/{path:number}/write-off-undoings", DebtShape, right="receivables.write_off", current=current)
def undo_write_off(request: HttpRequest, number: Code, body: ReasonOn, entity: MaybeCode = "") -> Any:
    """Take a write-off back: what was not recovered is owed again. The hold stays."""
    found = _invoice(request, number, entity)
    on = read_date(body.date)
    return receivables.debt_shape(
        found, receivables.undo_write_off(found, reason=body.reason, on=on, by=caller(request))
    )


@room.write("/invoices/{path:number}/recoveries", DebtShape, right="receivables.allocate", current=current)
def recover(request: HttpRequest, number: Code, body: Recovered, entity: MaybeCode = "") -> Any:
    """Settle written-off debt with money that came after all."""
    by = caller(request)
    found = _invoice(request, number, entity)
    credit = exposure.document_of(Kind.RECEIPT, body.receipt, found.entity.code, by)
    row = receivables.AllocationRow(
        entity_id=found.entity_id,
        credit_number=credit.number,
        invoice_number=found.number,
        dated_on=read_past_date(body.date),
        amount=read_amount(body.amount, found.currency, positive=True),
        credit_kind=Kind.RECEIPT,
    )
    receivables.recover(row, credit, by=by)
    return receivables.debt_shape(found, row.amount)


@room.write("/{of}/{path:number}/events", FollowedShape, right="receivables.post")
def say_happened(request: HttpRequest, of: Goods, number: Code, body: Happened, entity: MaybeCode = "") -> Any:
    """Say when something happened that the due day counts from."""
    by, event, on = caller(request), EVENTS[body.event], read_date(body.date)
    found = exposure.document_of(_KINDS[of], number, entity, by)
    done = receivables.happened(found, event, on=on, by=by)
    return receivables.followed_shape(found, event, done, on=on)


@room.write("/{of}/{path:number}/event-undoings", FollowedShape, right="receivables.post")
def say_not_happened(request: HttpRequest, of: Goods, number: Code, body: Mistaken, entity: MaybeCode = "") -> Any:
    """Take such a day back: it was wrong."""
    by, event = caller(request), EVENTS[body.event]
    found = exposure.document_of(_KINDS[of], number, entity, by)
    done = receivables.not_happened(found, event, reason=body.reason, by=by)
    return receivables.followed_shape(found, event, done, on=None)


@room.read("/invoices/{path:number}", InvoiceShape, right="receivables.view")
def show_invoice(request: HttpRequest, number: Code, entity: MaybeCode = "") -> Any:
    """One invoice with what is open of each instalment."""
    return receivables.invoice_shape(_invoice(request, number, entity))
