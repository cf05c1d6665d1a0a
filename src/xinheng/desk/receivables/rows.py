"""Invoices, credit notes and allocations as they are handed in: by a person, a file or another system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xinheng.base.errors import BadInput
from xinheng.rules.money import to_text
from xinheng.rules.road import Kind


@dataclass(frozen=True, slots=True)
class TaxRow:
    """What an invoice says beside its amount; net and tax in minor units, the rate as it is written."""

    net: int | None = None
    tax: int | None = None
    tax_rate: str = ""
    fapiao_code: str = ""
    fapiao_number: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice, or one instalment of it; the amount in minor units, tax included.

    ``part`` None: the whole invoice, which its term may split into instalments.  Without ``due_on`` the due day follows
    from the term: its own, else the order's, else the line's; without any it is due at once.  ``inferred``: the policy
    found the order, the invoice did not name it.
    """

    entity_id: int
    account_id: int
    number: str
    issued_on: date
    currency: str
    amount: int
    part: int | None = None
    due_on: date | None = None
    term: str = ""
    order_number: str = ""
    delivery_number: str = ""
    salesperson: str = ""
    tax: TaxRow | None = None
    nature: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class CreditNoteRow:
    """A credit note or red invoice, its amount positive; ``invoice_number`` names the (blue) invoice it reduces."""

    entity_id: int
    account_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    invoice_number: str = ""
    salesperson: str = ""
    tax: TaxRow | None = None


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """So much of a receipt, credit note or instrument settles an invoice.

    ``part`` None fills the oldest due first.  ``credit_kind`` None takes whichever of the three bears the number and
    belongs to the invoice's customer.  ``occurrence`` counts equal rows of one file.  ``stated_amount`` is what a row
    said of which this is a part; ``automatic`` is what a credit note does by itself; ``batch_id`` is the batch of one
    that is made again.
    """

    entity_id: int
    credit_number: str
    invoice_number: str
    dated_on: date
    amount: int
    part: int | None = None
    occurrence: int = 1
    credit_kind: Kind | None = None
    stated_amount: int | None = None
    automatic: bool = False
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row cannot be recorded: its place among the rows, a stable code and what the sentence needs."""

    index: int
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What found no room when a corrected document got its allocations back; minor units, now unapplied."""

    credit_number: str
    invoice_number: str
    amount: int
    currency: str


def shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """A problem's parameters as people read them: amounts in whole units of their currency."""
    currency = params.get("currency")
    return {
        name: to_text(value, currency) if isinstance(value, int) and currency and name in {"amount", "open"} else value
        for name, value in params.items()
    }


class BadRows(BadInput):
    """Some rows cannot be recorded; nothing was written.  params: code and params of the first problem."""

    code = "BAD_ROWS"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(**shown(problems[0].params))
        self.code = problems[0].code
