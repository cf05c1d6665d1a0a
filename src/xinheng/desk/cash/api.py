"""Money over HTTP: receipts, cheques and bills, from the day they come to the day they are money or are not."""

from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Day, MaybeCode, OnDay, Reason, Stated
from xinheng.base.api.rooms import Room
from xinheng.base.stated import read_amount, read_currency, read_date, read_number, read_past_date
from xinheng.desk.cash import public as cash
from xinheng.desk.cash.shapes import InstrumentShape, ReceiptShape
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import DebtShape, ReversalShape
from xinheng.rules.policy import Acceptor, Instrument
from xinheng.rules.road import Kind

room = Room("Receipts and instruments 收款与票据")
Method = Literal[tuple(one.value for one in cash.Receipt.Method)]  # type: ignore[valid-type]
Purpose = Literal[tuple(one.value for one in cash.Receipt.Purpose)]  # type: ignore[valid-type]
PaperKind = Literal[tuple(one.value for one in Instrument)]  # type: ignore[valid-type]
PaperAcceptor = Literal[("", *(one.value for one in Acceptor))]  # type: ignore[valid-type]


class NewReceipt(Stated):
    """Money that came; it settles nothing by itself."""

    number: Code
    customer: Code
    amount: Amount
    currency: MaybeCode = ""
    date: Day | None = None
    method: Method = "transfer"
    purpose: Purpose = "payment"
    order: MaybeCode = ""
    entity: MaybeCode = ""


class NewInstrument(Stated):
    """A cheque or bill that came; with an invoice it is earmarked for it."""

    number: Code
    customer: Code
    kind: PaperKind
    amount: Amount
    maturity: Day
    currency: MaybeCode = ""
    date: Day | None = None
    acceptor: PaperAcceptor = ""
    invoice: MaybeCode = ""
    entity: MaybeCode = ""


class Became(OnDay):
    """What became of a cheque or bill."""

    state: Literal["cleared", "dishonoured", "endorsed", "discounted"]


class RecoveredMoney(Stated):
    """Money that came after all for debt that was written off: the number of the new receipt, and the invoice."""

    number: Code
    invoice: Code
    amount: Amount
    date: Day | None = None
    method: Literal["transfer", "cash"] = "transfer"
    entity: MaybeCode = ""


def _of(kind: Kind, request: HttpRequest, number: str, entity: str) -> Document:
    return exposure.document_of(kind, number, entity, caller(request))


def current_receipt(request: HttpRequest, number: str, entity: str = "", **_stated: Any) -> ReceiptShape:
    """The receipt as it stands, its customer locked until the transaction ends."""
    exposure.lock([_of(Kind.RECEIPT, request, number, entity).account.customer_id])
    return cash.receipt_shape(_of(Kind.RECEIPT, request, number, entity))


def current_instrument(request: HttpRequest, number: str, entity: str = "", **_stated: Any) -> InstrumentShape:
    """The paper as it stands, its customer locked until the transaction ends."""
    exposure.lock([_of(Kind.INSTRUMENT, request, number, entity).account.customer_id])
    return cash.instrument_shape(_of(Kind.INSTRUMENT, request, number, entity))


def _where(request: HttpRequest, body: NewReceipt | NewInstrument) -> dict[str, Any]:
    """Of whom, towards whom, in what."""
    buyer = customers.whose(body.customer, caller(request))
    currency = read_currency(body.currency or buyer.currency or clock.company().currency)
    seller = exposure.entity(body.entity)
    return {
        "entity_id": seller.pk,
        "account_id": exposure.account(buyer.pk, seller).pk,
        "number": read_number(body.number),
        "currency": currency,
        "amount": read_amount(body.amount, currency, positive=True),
    }


@room.write("/receipts", ReceiptShape, right="cash.post", makes=True)
def enter_receipt(request: HttpRequest, body: NewReceipt) -> Any:
    """Receive money; what is cleared counts at once, the rest when it clears."""
    row = cash.ReceiptRow(
        dated_on=read_past_date(body.date),
        method=body.method,
        purpose=body.purpose,
        order_number=body.order,
        **_where(request, body),
    )
    made = cash.post_receipt(row, on=clock.business_date(), by=caller(request))
    return cash.receipt_shape(_of(Kind.RECEIPT, request, row.number, made.entity.code))


@room.write("/receipts/{path:number}/clearings", ReceiptShape, right="cash.post", current=current_receipt)
def clear_receipt(request: HttpRequest, number: Code, body: OnDay, entity: MaybeCode = "") -> Any:
    """Say that a cheque or draft received as money has cleared."""
    found = _of(Kind.RECEIPT, request, number, entity)
    cash.clear_receipt(found, cleared_on=read_past_date(body.date), on=clock.business_date(), by=caller(request))
    return cash.receipt_shape(_of(Kind.RECEIPT, request, number, entity))


@room.write("/receipts/{path:number}/reversals", ReversalShape, right="cash.post", current=current_receipt)
def reverse_receipt(request: HttpRequest, number: Code, body: Reason, entity: MaybeCode = "") -> Any:
    """Take a receipt back; what it settles is undone first."""
    found = _of(Kind.RECEIPT, request, number, entity)
    parts = receivables.parts_of(found)
    cash.reverse_receipt(found, reason=body.reason, by=caller(request))
    return receivables.reversal_shape(found, parts)


@room.read("/receipts/{path:number}", ReceiptShape, right="receivables.view")
def show_receipt(request: HttpRequest, number: Code, entity: MaybeCode = "") -> Any:
    """One receipt with what of it is unapplied."""
    return cash.receipt_shape(_of(Kind.RECEIPT, request, number, entity))


@room.write("/recoveries", DebtShape, right="cash.post", makes=True)
def recover_with_new_receipt(request: HttpRequest, body: RecoveredMoney) -> Any:
    """Receive money and settle written-off debt with it in one step."""
    by = caller(request)
    found = _of(Kind.INVOICE, request, body.invoice, body.entity)
    money = cash.ReceiptRow(
        entity_id=found.entity_id,
        account_id=found.account_id,
        number=read_number(body.number),
        dated_on=read_past_date(body.date),
        currency=found.currency,
        amount=read_amount(body.amount, found.currency, positive=True),
        method=body.method,
    )
    cash.recover(money, found, on=clock.business_date(), by=by)
    return receivables.debt_shape(found, money.amount)


@room.write("/instruments", InstrumentShape, right="instruments.post", makes=True)
def enter_instrument(request: HttpRequest, body: NewInstrument) -> Any:
    """Receive a cheque or bill; it is not money until it is paid."""
    row = cash.InstrumentRow(
        kind=body.kind,
        dated_on=read_past_date(body.date),
        maturity=read_date(body.maturity),
        acceptor=body.acceptor,
        invoice_number=body.invoice,
        **_where(request, body),
    )
    made = cash.post_instrument(row, by=caller(request))
    return cash.instrument_shape(_of(Kind.INSTRUMENT, request, row.number, made.entity.code))


@room.write("/instruments/{path:number}/changes", InstrumentShape, right="instruments.post", current=current_instrument)
def change_instrument(request: HttpRequest, number: Code, body: Became, entity: MaybeCode = "") -> Any:
    """Say that a cheque or bill was paid, dishonoured, passed on or discounted."""
    by, on = caller(request), read_past_date(body.date)
    found = _of(Kind.INSTRUMENT, request, number, entity)
    if body.state == "cleared":
        cash.clear_instrument(found, cleared_on=on, on=clock.business_date(), by=by)
    elif body.state == "dishonoured":
        cash.dishonour_instrument(found, dishonoured_on=on, by=by)
    elif body.state == "endorsed":
        cash.endorse_instrument(found, endorsed_on=on, by=by)
    else:
        cash.discount_instrument(found, discounted_on=on, by=by)
    return cash.instrument_shape(_of(Kind.INSTRUMENT, request, number, entity))


@room.write("/instruments/{path:number}/reversals", ReversalShape, right="instruments.post", current=current_instrument)
def reverse_instrument(request: HttpRequest, number: Code, body: Reason, entity: MaybeCode = "") -> Any:
    """Take a cheque or bill back that should not have been entered."""
    found = _of(Kind.INSTRUMENT, request, number, entity)
    parts = receivables.parts_of(found)
    cash.reverse_instrument(found, reason=body.reason, by=caller(request))
    return receivables.reversal_shape(found, parts)


@room.read("/instruments/{path:number}", InstrumentShape, right="receivables.view")
def show_instrument(request: HttpRequest, number: Code, entity: MaybeCode = "") -> Any:
    """One cheque or bill."""
    return cash.instrument_shape(_of(Kind.INSTRUMENT, request, number, entity))
