"""Receipts: what has cleared counts, what has not is remembered, a deposit stays apart."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Conflict, Refused, WrongState
from xinheng.base.models import AuditLine
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables

LATER = DAY + timedelta(3)


@pytest.mark.parametrize(
    ("method", "purpose", "stands"),
    [
        ("transfer", "payment", {"UNAPPLIED": 50_00}),
        ("cash", "payment", {"UNAPPLIED": 50_00}),
        ("cheque", "payment", {}),
        ("draft", "payment", {}),
        ("bank_acceptance", "payment", {}),
        ("transfer", "deposit", {"DEPOSIT": 50_00}),
        ("cheque", "deposit", {}),
    ],
)
@pytest.mark.covers("AR-012")
def test_only_what_has_cleared_counts_and_a_deposit_stays_apart(acme, method, purpose, stands):
    money.receipt(acme, "R1", 50_00, method=method, purpose=purpose)
    assert books.stands(acme) == stands
    assert money.in_order()


def test_a_cheque_is_money_from_the_day_the_bank_paid(acme, console):
    receipt = cash.post_receipt(money.receipt_row(acme, "R1", 50_00, method="cheque"), on=DAY, by=console)
    cash.clear_receipt(receipt, cleared_on=LATER, on=LATER, by=console)
    assert books.stands(acme, exposure.Moment(DAY)) == {}
    assert books.stands(acme, exposure.Moment(LATER)) == {"UNAPPLIED": 50_00}
    with pytest.raises(WrongState):
        cash.clear_receipt(receipt, cleared_on=LATER, on=LATER, by=console)
    money.invoice(acme, "I1", 50_00)
    (made,) = money.allocate("R1", "I1", 50_00, DAY)
    assert made.effective_on == LATER
    assert money.in_order()


def test_a_receipt_is_taken_back_unless_it_was_used(acme, console):
    money.invoice(acme, "I1", 50_00)
    receipt = cash.post_receipt(money.receipt_row(acme, "R1", 50_00), on=DAY, by=console)
    made = money.allocate("R1", "I1", 20_00)
    with pytest.raises(receivables.HasAllocations):
        cash.reverse_receipt(receipt, reason="entered wrongly", by=console)
    receivables.undo_allocations(money.entry(), made)
    cash.reverse_receipt(receipt, reason="another customer's", by=console)
    assert books.stands(acme) == {"INVOICED": 50_00}
    with pytest.raises(WrongState):
        cash.reverse_receipt(receipt, reason="again", by=console)
    cash.post_receipt(money.receipt_row(acme, "R1", 10_00), on=DAY, by=console)
    assert money.in_order()


@pytest.mark.parametrize(("method", "purpose"), [("cheque", "payment"), ("transfer", "deposit")])
def test_what_never_was_money_is_taken_back_too(acme, console, method, purpose):
    receipt = money.receipt(acme, "R1", 50_00, method=method, purpose=purpose)
    cash.reverse_receipt(receipt, reason="returned", by=console)
    assert books.stands(acme) == {}
    with pytest.raises(WrongState):
        cash.clear_receipt(receipt, cleared_on=DAY, on=DAY, by=console)
    assert money.in_order()


def test_a_receipt_of_a_closed_month_counts_in_the_open_one_and_keeps_its_date(acme, console):
    books.close_month(DAY, by=console)
    receipt = money.receipt(acme, "R1", 50_00, DAY)
    assert (receipt.dated_on, receipt.effective_on.isoformat()) == (DAY, "2026-04-01")
    assert books.stands(acme, exposure.Moment(DAY)) == {}


def test_who_may_not_post_is_refused_a_number_comes_once_and_each_leaves_a_line(acme, console):
    with pytest.raises(Refused):
        cash.post_receipt(money.receipt_row(acme, "R1", 1_00), on=DAY, by=books.person("w", "WAREHOUSE"))
    cash.post_receipt(money.receipt_row(acme, "R1", 1_00), on=DAY, by=console)
    with pytest.raises(Conflict):
        cash.post_receipt(money.receipt_row(acme, "R1", 1_00), on=DAY, by=console)
    line = AuditLine.objects.get(verb="cash.receipt.posted")
    assert line.data == {"amount": 1_00, "currency": "USD", "method": "transfer", "purpose": "payment"}
