"""A debt that is given up leaves the receivables, stops the customer, and may still be paid."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Refused, SamePerson, WrongState
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables

LATER = DAY + timedelta(10)


def test_the_oldest_instalment_goes_first_and_the_customer_is_stopped(acme, console):
    invoice = money.invoice(acme, "I1", 30_00, part=1, due_on=LATER)
    money.invoice(acme, "I1", 20_00, part=2, due_on=DAY)
    taken = receivables.write_off(invoice, reason="bankrupt", on=LATER, by=console, amount=35_00)
    assert taken == 35_00
    assert books.stands(acme) == {"INVOICED": 15_00}
    assert books.stands(acme, exposure.Moment(DAY)) == {"INVOICED": 50_00}
    assert [hold.cause for hold in limits.holds_standing(customer_id=acme.pk, group_id=None)] == ["WRITE_OFF"]
    assert money.in_order()


def test_money_that_comes_after_all_settles_it(acme, console):
    invoice = money.invoice(acme, "I1", 50_00)
    receivables.write_off(invoice, reason="bankrupt", on=DAY, by=console)
    with pytest.raises(receivables.BadRows):
        cash.recover(money.receipt_row(acme, "R1", 50_01, LATER), invoice, on=LATER, by=console)
    cash.recover(money.receipt_row(acme, "R1", 20_00, LATER), invoice, on=LATER, by=console)
    assert books.stands(acme) == {}
    receipt = money.receipt(acme, "R2", 40_00, LATER)
    receivables.recover(money.allocation_row("R2", "I1", 30_00, LATER), receipt, by=console)
    assert books.stands(acme) == {"UNAPPLIED": 10_00}
    assert money.in_order()


def test_a_recovery_undone_is_written_off_again(acme, console):
    invoice = money.invoice(acme, "I1", 50_00)
    receivables.write_off(invoice, reason="bankrupt", on=DAY, by=console)
    cash.recover(money.receipt_row(acme, "R1", 20_00, LATER), invoice, on=LATER, by=console)
    receivables.undo_allocation(receivables.Allocation.objects.get(), reason="not ours", by=console)
    assert books.stands(acme) == {"UNAPPLIED": 20_00}
    receivables.undo_write_off(invoice, reason="paying after all", on=LATER, by=console)
    assert books.stands(acme) == {"UNAPPLIED": 20_00, "INVOICED": 50_00}
    with pytest.raises(WrongState):
        receivables.undo_write_off(invoice, reason="again", on=LATER, by=console)
    assert money.in_order()


def test_no_more_than_is_open_and_not_by_whom_it_concerns(acme, console):
    invoice = money.invoice(acme, "I1", 50_00, salesperson="li")
    with pytest.raises(receivables.MoreThanOpen):
        receivables.write_off(invoice, reason="", on=DAY, by=console, amount=50_01)
    with pytest.raises(Refused):
        receivables.write_off(invoice, reason="", on=DAY, by=books.person("w", "WAREHOUSE"))
    with pytest.raises(SamePerson):
        receivables.write_off(invoice, reason="", on=DAY, by=books.person("li", "CONSOLE"))
    money.receipt(acme, "R1", 50_00)
    money.allocate("R1", "I1", 50_00)
    with pytest.raises(WrongState):
        receivables.write_off(invoice, reason="", on=DAY, by=console)
