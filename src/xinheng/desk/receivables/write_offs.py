"""Bad debt 坏账损失核销: an invoice is given up, its customer is stopped, and money may still come.

A write-off takes the debt out of the receivables, not out of the world: what is recovered later settles it.
"""

from collections.abc import Sequence
from datetime import date

from xinheng.base import rights
from xinheng.base.errors import BadInput, SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables.acting import acting, credit_changed, customer_of, debt_grew, noted
from xinheng.desk.receivables.allocations import allocate_many
from xinheng.desk.receivables.days import effective_day, stands
from xinheng.desk.receivables.invoices import parts_of
from xinheng.desk.receivables.models import Allocation
from xinheng.desk.receivables.rows import AllocationRow
from xinheng.rules.road import Component, Step


class MoreThanOpen(BadInput):
    """More is to be taken than stands there.  params: number, amount, open, currency (minor units)."""

    code = "MORE_THAN_OPEN"


def write_off(invoice: Document, *, reason: str, on: date, by: User, amount: int | None = None) -> int:
    """Give up what is open of an invoice, or ``amount`` of it, oldest instalment first; its customer is put on hold.

    Returns the minor units written off.

    Raises:
        MoreThanOpen, SamePerson (the invoice's or customer's own salesperson), WrongState (nothing open),
        ReasonMissing, Refused.
    """
    customer_id = customer_of(invoice)
    customer = Customer.objects.get(pk=customer_id)
    rights.require(by, "receivables.write_off")
    if by.sales_code and by.sales_code in {invoice.salesperson, customer.salesperson}:
        raise SamePerson(what="invoice", number=invoice.number)
    verb, right = "receivables.invoice.written-off", "receivables.write_off"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        taken = move(entry, invoice, Component.INVOICED, Component.WRITTEN_OFF, on=on, amount=amount)
        subject = f"invoice:{invoice.number}"
        noted(entry, customer_id, subject, amount=taken, currency=invoice.currency, reason=reason)
        limits.place_hold(customer=customer, by=by, reason=reason, cause="WRITE_OFF")
        credit_changed([customer_id], "WRITE_OFF", on=on, by=by)
        return taken


def undo_write_off(invoice: Document, *, reason: str, on: date, by: User) -> int:
    """Take a write-off back: what has not been recovered is owed again, due when it was due.  The hold stays.

    Raises:
        WrongState: nothing is written off.  ReasonMissing, Refused.
    """
    customer_id = customer_of(invoice)
    verb, right = "receivables.invoice.write-off-undone", "receivables.write_off"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        taken = move(entry, invoice, Component.WRITTEN_OFF, Component.INVOICED, on=on)
        noted(entry, customer_id, f"invoice:{invoice.number}", amount=taken, currency=invoice.currency, reason=reason)
        debt_grew([customer_id], "WRITE_OFF", by=by)
        return taken


def recover(row: AllocationRow, credit: Document, *, by: User) -> list[Allocation]:
    """Settle written-off debt with money that came after all.

    Raises:
        BadRows: more than was written off or received.  Refused.
    """
    customer_id = customer_of(credit)
    verb, right = "receivables.invoice.recovered", "receivables.allocate"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        made = record_recoveries(entry, [row])
        noted(entry, customer_id, f"invoice:{row.invoice_number}", amount=row.amount, receipt=row.credit_number)
        return made


def record_recoveries(entry: Entry, rows: Sequence[AllocationRow]) -> list[Allocation]:
    """The same inside a locked transaction, for many rows.

    Raises:
        BadRows.
    """
    return allocate_many(entry, rows, component=Component.WRITTEN_OFF)


def nothing_there(invoice: Document, component: Component) -> WrongState:
    """What is said of an invoice of which nothing is open, or nothing written off."""
    state = "NOT_WRITTEN_OFF" if component is Component.WRITTEN_OFF else "NOTHING_OPEN"
    return WrongState(what="invoice", number=invoice.number, state=state)


def standing(invoice: Document, component: Component) -> int:
    """What of an invoice with all its instalments stands open, or written off, in minor units."""
    return sum(stand.today for stand in stands([one.pk for one in parts_of(invoice)], component).values())


def some_standing(invoice: Document, component: Component) -> int:
    """The same where there is something.

    Raises:
        WrongState
    """
    there = standing(invoice, component)
    if not there:
        raise nothing_there(invoice, component)
    return there


def move(
    entry: Entry, invoice: Document, source: Component, target: Component, *, on: date, amount: int | None = None
) -> int:
    """Move an invoice's value between two components, oldest instalment first; all there is without ``amount``."""
    parts = parts_of(invoice)
    found = stands([one.pk for one in parts], source)
    there = sum(stand.today for stand in found.values())
    wanted = there if amount is None else amount
    if wanted > there:
        raise MoreThanOpen(number=invoice.number, amount=wanted, open=there, currency=invoice.currency)
    if wanted <= 0:
        raise nothing_there(invoice, source)
    steps, rest = [], wanted
    for one in parts:
        taken = min(rest, found[one.pk].today) if one.pk in found else 0
        if taken:
            earliest = effective_day(max(on, one.effective_on), one.entity_id)
            day = found[one.pk].first_day(taken, earliest)
            steps.append(Step((one.pk, source), (one.pk, target), taken, day))
            rest -= taken
    exposure.post(entry, steps, exposure.items(parts, steps))
    return wanted
