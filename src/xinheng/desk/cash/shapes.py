"""Receipts, cheques and bills as every door writes them."""

from xinheng.desk.exposure.public import Document, DocumentShape, document_shape
from xinheng.desk.receivables import public as receivables
from xinheng.rules.money import to_text


class ReceiptShape(DocumentShape):
    """Money received; ``unapplied`` is what of it settles nothing yet."""

    method: str
    purpose: str
    cleared: str | None
    unapplied: str


class InstrumentShape(DocumentShape):
    """A cheque or bill."""

    paper: str
    acceptor: str
    maturity: str
    state: str
    state_on: str


def receipt_shape(one: Document) -> ReceiptShape:
    """A receipt."""
    money = one.receipt
    return {
        **document_shape(one),
        "method": money.method,
        "purpose": money.purpose,
        "cleared": money.cleared_on.isoformat() if money.cleared_on else None,
        "unapplied": to_text(receivables.unapplied(one), one.currency),
    }


def instrument_shape(one: Document) -> InstrumentShape:
    """A cheque or bill."""
    paper = one.instrument
    return {
        **document_shape(one),
        "paper": paper.kind,
        "acceptor": paper.acceptor,
        "maturity": paper.maturity.isoformat(),
        "state": paper.state,
        "state_on": paper.state_on.isoformat(),
    }
