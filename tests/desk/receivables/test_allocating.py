"""Allocation: money settles what it is meant for, takes effect on the latest of three days, and can be undone."""

from datetime import date, timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Refused, WrongState
from xinheng.base.models import AuditLine
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.rules.allocation import Match
from xinheng.rules.road import Kind

LATER = DAY + timedelta(10)


@pytest.mark.covers("LM-003")
def test_money_lowers_exposure_when_it_comes_and_its_allocation_leaves_it(acme):
    money.invoice(acme, "I1", 120_00)
    money.receipt(acme, "R1", 50_00)
    assert books.stands(acme) == {"INVOICED": 120_00, "UNAPPLIED": 50_00}
    money.allocate("R1", "I1", 50_00)
    assert books.stands(acme) == {"INVOICED": 70_00}
    assert money.in_order()


def test_without_an_instalment_the_oldest_due_is_filled_first(acme):
    for part, days, amount in ((1, 30, 30_00), (2, 60, 50_00), (3, 90, 20_00)):
        money.invoice(acme, "I1", amount, part=part, due_on=DAY + timedelta(days))
    money.receipt(acme, "R1", 40_00)
    money.allocate("R1", "I1", 40_00)
    items = receivables.open_items(receivables.Ask(exposure.NOW))
    assert [(item.part, item.open) for item in items] == [(2, 40_00), (3, 20_00)]


def test_a_stated_instalment_is_the_one_that_is_filled(acme):
    money.invoice(acme, "I1", 30_00, part=1, due_on=DAY)
    money.invoice(acme, "I1", 50_00, part=2, due_on=LATER)
    money.receipt(acme, "R1", 40_00)
    money.allocate("R1", "I1", 40_00, part=2)
    items = receivables.open_items(receivables.Ask(exposure.NOW))
    assert [(item.part, item.open) for item in items] == [(1, 30_00), (2, 10_00)]


@pytest.mark.parametrize(
    ("invoiced", "received", "allocated", "effective"),
    [(0, 0, 0, 0), (0, 5, 3, 5), (5, 0, 3, 5), (0, 3, 5, 5)],
)
def test_it_takes_effect_on_the_latest_of_its_own_the_receipts_and_the_invoices_day(
    acme, invoiced, received, allocated, effective
):
    money.invoice(acme, "I1", 10_00, DAY + timedelta(invoiced))
    money.receipt(acme, "R1", 10_00, DAY + timedelta(received))
    (made,) = money.allocate("R1", "I1", 10_00, DAY + timedelta(allocated))
    assert made.effective_on == DAY + timedelta(effective)
    assert money.in_order()


BAD = [
    ({"credit": "R9"}, "UNKNOWN"),
    ({"invoice": "I9"}, "UNKNOWN"),
    ({"part": 2}, "UNKNOWN"),
    ({"amount": 0}, "NOT_POSITIVE"),
    ({"amount": -1}, "NOT_POSITIVE"),
    ({"amount": 60_01}, "MORE_THAN_RECEIVED"),
    ({"credit": "RBIG", "amount": 50_01}, "MORE_THAN_OPEN"),
    ({"credit": "REUR"}, "OTHER_CURRENCY"),
    ({"credit": "RB"}, "OTHER_CUSTOMER"),
    ({"credit": "CHEQUE"}, "NOT_CLEARED"),
    ({"credit": "DEPOSIT"}, "DEPOSIT_NOT_APPLICABLE"),
    ({"credit": "TWICE"}, "AMBIGUOUS"),
]


@pytest.mark.parametrize(("wrong", "code"), BAD, ids=[f"{code}-{wrong}" for wrong, code in BAD])
def test_what_cannot_stand_is_named_and_nothing_is_written(acme, wrong, code):
    bob = books.customer("B")
    money.invoice(acme, "I1", 50_00)
    money.receipt(acme, "R1", 60_00)
    money.receipt(acme, "RBIG", 100_00)
    money.receipt(acme, "REUR", 60_00, currency="EUR")
    money.receipt(bob, "RB", 60_00)
    money.receipt(acme, "CHEQUE", 60_00, method="cheque")
    money.receipt(acme, "DEPOSIT", 60_00, purpose="deposit")
    money.receipt(acme, "TWICE", 60_00)
    money.credit_note(acme, "TWICE", 60_00)
    good = money.allocation_row("R1", "I1", 1_00)
    bad = money.allocation_row(**{"credit": "R1", "invoice": "I1", "amount": 10_00, **wrong})
    problems = receivables.check_allocations([good, bad, good])
    assert [(one.index, one.code) for one in problems] == [(1, code)]
    with pytest.raises(receivables.BadRows) as refused:
        receivables.allocate_many(money.entry(), [good, bad])
    assert refused.value.code == code
    assert not receivables.Allocation.objects.exists()


def test_rows_see_what_the_rows_before_them_used(acme):
    money.invoice(acme, "I1", 50_00)
    money.receipt(acme, "R1", 60_00)
    rows = [money.allocation_row("R1", "I1", amount) for amount in (40_00, 20_00, 10_00, 1)]
    assert [one.index for one in receivables.check_allocations(rows)] == [1, 3]


def test_a_number_that_two_kinds_bear_means_the_one_of_the_invoices_customer(acme):
    bob = books.customer("B")
    money.invoice(acme, "I1", 50_00)
    money.receipt(bob, "X", 50_00)
    money.credit_note(acme, "X", 50_00)
    (made,) = money.allocate("X", "I1", 50_00)
    assert made.credit.kind == Kind.CREDIT_NOTE


def test_undone_it_is_as_if_it_had_never_been_also_on_the_days_before(acme):
    money.invoice(acme, "I1", 50_00)
    money.receipt(acme, "R1", 60_00)
    made = money.allocate("R1", "I1", 50_00, LATER)
    assert (money.open_on("I1", LATER - timedelta(1)), money.open_on("I1", LATER)) == (50_00, 0)
    receivables.undo_allocations(money.entry(), made)
    assert money.open_on("I1", LATER) == 50_00
    assert books.stands(acme, exposure.Moment(LATER)) == {"INVOICED": 50_00, "UNAPPLIED": 60_00}
    with pytest.raises(WrongState):
        receivables.undo_allocations(money.entry(), made)
    assert money.in_order()


def test_after_a_month_is_closed_nothing_takes_effect_in_it(acme, console):
    money.invoice(acme, "I1", 50_00)
    money.receipt(acme, "R1", 60_00)
    made = money.allocate("R1", "I1", 50_00)
    books.close_month(DAY, by=console)
    receivables.undo_allocations(money.entry(), made)
    first_open = date(2026, 4, 1)
    assert money.open_on("I1", first_open - timedelta(1)) == 0
    assert money.open_on("I1", first_open) == 50_00
    (again,) = money.allocate("R1", "I1", 50_00, DAY)
    assert again.effective_on == first_open
    assert money.in_order()


def test_a_gap_left_by_a_closed_month_is_not_allocated_into_when_the_month_is_open_again(acme, console):
    controller = books.person("fm", "FINANCE_MANAGER")
    money.invoice(acme, "I1", 50_00)
    money.receipt(acme, "R1", 60_00)
    made = money.allocate("R1", "I1", 50_00, DAY + timedelta(3))
    books.close_month(DAY, by=console)
    receivables.undo_allocations(money.entry(), made)
    exposure.reopen_month(exposure.entity(), by=console)
    exposure.reopen_month(exposure.entity(), by=controller)
    (again,) = money.allocate("R1", "I1", 50_00, DAY)
    assert again.effective_on == date(2026, 4, 1)
    assert money.in_order()


def test_by_hand_oldest_first_or_exactly(acme, console):
    money.invoice(acme, "I1", 30_00, due_on=DAY + timedelta(5))
    young = money.invoice(acme, "I2", 70_00, due_on=DAY + timedelta(9))
    old = money.invoice(acme, "I3", 20_00, due_on=DAY + timedelta(1))
    first = money.receipt(acme, "R1", 35_00)
    receivables.allocate_oldest(first, dated_on=DAY, on=DAY, by=console)
    assert (money.open_on("I3"), money.open_on("I1"), money.open_on("I2")) == (0, 15_00, 70_00)
    second = money.receipt(acme, "R2", 85_00)
    assert receivables.find_exact(second).match is Match.ONE
    receivables.allocate_exact(second, dated_on=DAY, on=DAY, by=console)
    assert (money.open_on("I1"), money.open_on("I2")) == (0, 0)
    assert receivables.unapplied(second) == 0
    undone = receivables.Allocation.objects.get(credit=second, invoice=young)
    receivables.undo_allocation(undone, reason="wrong invoice", by=console)
    receivables.allocate_by_hand(second, [(young, 10_00)], dated_on=DAY, on=DAY, by=console)
    assert (money.open_on("I2"), receivables.unapplied(second)) == (60_00, 60_00)
    assert old.pk
    assert money.in_order()


def test_who_may_not_allocate_is_refused_and_who_may_leaves_a_line(acme, console):
    invoice = money.invoice(acme, "I1", 30_00)
    receipt = money.receipt(acme, "R1", 30_00)
    outsider = books.person("warehouse", "WAREHOUSE")
    with pytest.raises(Refused):
        receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=outsider)
    made = receivables.allocate(money.allocation_row("R1", "I1", 30_00), receipt, on=DAY, by=console)
    line = AuditLine.objects.get(verb="receivables.allocation.made")
    assert line.subject == "receipt:R1"
    assert line.data == {"settled": [{"invoice": invoice.pk, "amount": 30_00}]}
    assert made[0].undone_by_id is None
