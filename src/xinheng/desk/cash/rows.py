"""Receipts, cheques and bills as they are handed in: by a person, a file or another system."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Money received, in minor units.

    ``method`` transfer and cash have cleared; cheque, draft and bank_acceptance are remembered until they do.
    ``purpose`` deposit stays apart.  ``order_number`` earmarks the money for an order.
    """

    entity_id: int
    account_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    method: str = "transfer"
    purpose: str = "payment"
    order_number: str = ""
    salesperson: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """A cheque or bill received, in minor units; ``kind`` and ``acceptor`` are the policy's codes (CHEQUE, LARGE_BANK).

    ``invoice_number`` earmarks it; without one it is on account.  ``state`` other than received happened on
    ``state_on``: by default the maturity, or for endorsing and discounting the day it came.
    """

    entity_id: int
    account_id: int
    number: str
    kind: str
    dated_on: date
    maturity: date
    currency: str
    amount: int
    acceptor: str = ""
    invoice_number: str = ""
    state: str = "received"
    state_on: date | None = None
    salesperson: str = ""
