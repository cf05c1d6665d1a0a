"""Invoices, receipts, paper and allocations of small books, in one short line each; amounts in minor units."""

from datetime import date

from tests.books import DAY
from xinheng.desk.cash import public as cash
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding


def entry(verb: str = "test") -> exposure.Entry:
    """A heading for movements, by the console operator."""
    return exposure.open_entry(verb, by=founding.console())


def of(who: Customer, entity: exposure.Entity | None = None) -> dict[str, int]:
    """Whose document: entity and account ids."""
    seller = entity or exposure.entity()
    return {"entity_id": seller.pk, "account_id": exposure.account(who.pk, seller).pk}


def invoice_row(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> receivables.InvoiceRow:
    more = {"currency": "USD", **of(who), **more}
    return receivables.InvoiceRow(number=number, issued_on=on, amount=amount, **more)


def invoice(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> exposure.Document:
    """An invoice, or one instalment of it."""
    return receivables.record_invoices(entry(), [invoice_row(who, number, amount, on, **more)])[0]


def credit_note_row(
    who: Customer, number: str, amount: int, on: date = DAY, **more: object
) -> receivables.CreditNoteRow:
    more = {"currency": "USD", **of(who), **more}
    return receivables.CreditNoteRow(number=number, dated_on=on, amount=amount, **more)


def credit_note(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> exposure.Document:
    return receivables.record_credit_notes(entry(), [credit_note_row(who, number, amount, on, **more)])[0]


def receipt_row(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> cash.ReceiptRow:
    more = {"currency": "USD", **of(who), **more}
    return cash.ReceiptRow(number=number, dated_on=on, amount=amount, **more)


def receipt(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> exposure.Document:
    return cash.record_receipts(entry(), [receipt_row(who, number, amount, on, **more)])[0]


def paper_row(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> cash.InstrumentRow:
    more = {"currency": "USD", "kind": "CHEQUE", "maturity": on, **of(who), **more}
    return cash.InstrumentRow(number=number, dated_on=on, amount=amount, **more)


def paper(who: Customer, number: str, amount: int, on: date = DAY, **more: object) -> exposure.Document:
    return cash.record_instruments(entry(), [paper_row(who, number, amount, on, **more)])[0]


def allocation_row(credit: str, invoice: str, amount: int, on: date = DAY, **more: object) -> receivables.AllocationRow:
    more = {"entity_id": exposure.entity().pk, **more}
    return receivables.AllocationRow(credit_number=credit, invoice_number=invoice, dated_on=on, amount=amount, **more)


def allocate(credit: str, invoice: str, amount: int, on: date = DAY, **more: object) -> list[receivables.Allocation]:
    return receivables.allocate_many(entry(), [allocation_row(credit, invoice, amount, on, **more)])


def open_on(number: str, on: date | None = None) -> int:
    """What all instalments of an invoice still owe at the end of a day."""
    ask = receivables.Ask(exposure.Moment(on))
    return sum(item.open for item in receivables.open_items(ask) if item.number == number)


def in_order() -> bool:
    """Whether the ledger is whole; says what is not."""
    found = list(exposure.differences())
    assert found == []
    return True
