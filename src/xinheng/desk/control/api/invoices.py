"""Invoices entered one by one: checked where the policy says so; files are facts."""

from typing import Any

from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Day, Line, MaybeCode, Person, Stated
from xinheng.base.api.rooms import Room
from xinheng.base.stated import read_amount, read_currency, read_date, read_number
from xinheng.desk.control import public as control
from xinheng.desk.control.shapes import EnteredInvoiceShape
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables

room = Room("Invoices 发票")


class NewInvoice(Stated):
    """An invoice to enter; without a due day it follows from the term: its own, the order's or the line's."""

    number: Code
    customer: Code
    amount: Amount
    currency: MaybeCode = ""
    date: Day | None = None
    due: Day | None = None
    term: Line = ""
    order: MaybeCode = ""
    delivery: MaybeCode = ""
    salesperson: Person = ""
    entity: MaybeCode = ""


@room.write("/invoices", EnteredInvoiceShape, right="receivables.post", makes=True)
def enter_invoice(request: HttpRequest, body: NewInvoice) -> Any:
    """Check an invoice and enter it; 409 when the policy holds it."""
    by = caller(request)
    buyer = customers.whose(body.customer, by)
    currency = read_currency(body.currency or buyer.currency or clock.company().currency)
    seller = exposure.entity(body.entity)
    row = receivables.InvoiceRow(
        entity_id=seller.pk,
        account_id=exposure.account(buyer.pk, seller).pk,
        number=read_number(body.number),
        issued_on=read_date(body.date),
        due_on=read_date(body.due) if body.due else None,
        term=body.term,
        currency=currency,
        amount=read_amount(body.amount, currency, positive=True),
        order_number=body.order,
        delivery_number=body.delivery,
        salesperson=body.salesperson,
    )
    documents, decision = control.enter_invoice(row, on=clock.business_date(), by=by)
    return control.entered_invoice_shape(row.number, documents, decision)
