"""Paper takes an invoice's place until the bank has paid it, and gives the place back when it does not."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Refused, WrongState
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Moment
from xinheng.desk.receivables import public as receivables
from xinheng.rules.exposure import PaperSum

DAYS = timedelta
DUE = DAY - DAYS(10)


@pytest.fixture
def invoiced(acme):
    """100.00 owed in two instalments, the second due first."""
    money.invoice(acme, "I1", 60_00, DAY - DAYS(30), part=1, due_on=DAY + DAYS(20))
    money.invoice(acme, "I1", 40_00, DAY - DAYS(30), part=2, due_on=DUE)
    return acme


def owed():
    items = receivables.open_items(receivables.Ask(exposure.NOW))
    return [(item.part, item.due_on, item.open) for item in items]


@pytest.mark.covers("AR-012")
def test_earmarked_paper_takes_the_place_of_its_invoice_oldest_due_first(invoiced):
    money.paper(invoiced, "B1", 50_00, invoice_number="I1")
    assert books.stands(invoiced) == {"INVOICED": 50_00, "INSTRUMENT": 50_00}
    assert owed() == [(1, DAY + DAYS(20), 50_00)]
    assert money.in_order()


def test_paid_it_settles(invoiced, console):
    bill = money.paper(invoiced, "B1", 50_00, invoice_number="I1")
    cash.clear_instrument(bill, cleared_on=DAY + DAYS(5), on=DAY, by=console)
    assert books.stands(invoiced) == {"INVOICED": 50_00}
    assert books.stands(invoiced, Moment(DAY)) == {"INVOICED": 50_00, "INSTRUMENT": 50_00}
    assert money.in_order()


def test_dishonoured_the_invoice_is_owed_again_due_when_it_was_due(invoiced, console):
    bill = money.paper(invoiced, "B1", 50_00, invoice_number="I1")
    cash.dishonour_instrument(bill, dishonoured_on=DAY + DAYS(5), by=console)
    assert owed() == [(2, DUE, 40_00), (1, DAY + DAYS(20), 60_00)]
    with pytest.raises(WrongState):
        cash.clear_instrument(bill, cleared_on=DAY, on=DAY, by=console)
    assert money.in_order()


def test_money_is_not_allocated_into_the_days_on_which_paper_stood_there(invoiced, console):
    bill = money.paper(invoiced, "B1", 100_00, invoice_number="I1")
    cash.dishonour_instrument(bill, dishonoured_on=DAY + DAYS(5), by=console)
    money.receipt(invoiced, "R1", 100_00, DAY + DAYS(1))
    made = money.allocate("R1", "I1", 100_00, DAY + DAYS(1))
    assert {one.effective_on for one in made} == {DAY + DAYS(5)}
    assert money.in_order()


@pytest.mark.parametrize("pass_on", [cash.endorse_instrument, cash.discount_instrument])
def test_passed_on_it_may_still_come_back(invoiced, console, pass_on):
    day = {cash.endorse_instrument: "endorsed_on", cash.discount_instrument: "discounted_on"}[pass_on]
    bill = money.paper(invoiced, "B1", 50_00, invoice_number="I1")
    pass_on(bill, **{day: DAY + DAYS(2)}, by=console)
    assert books.stands(invoiced) == {"INVOICED": 50_00, "CONTINGENT": 50_00}
    other = money.paper(invoiced, "B2", 50_00, invoice_number="I1")
    pass_on(other, **{day: DAY + DAYS(2)}, by=console)
    cash.dishonour_instrument(bill, dishonoured_on=DAY + DAYS(9), by=console)
    cash.clear_instrument(other, cleared_on=DAY + DAYS(9), on=DAY, by=console)
    assert books.stands(invoiced) == {"INVOICED": 50_00}
    with pytest.raises(WrongState):
        pass_on(other, **{day: DAY}, by=console)
    assert money.in_order()


def test_on_account_it_is_only_remembered_until_it_is_paid(acme, console):
    bill = money.paper(acme, "B1", 50_00)
    cash.endorse_instrument(bill, endorsed_on=DAY, by=console)
    assert books.stands(acme) == {}
    cash.clear_instrument(bill, cleared_on=DAY + DAYS(5), on=DAY, by=console)
    assert books.stands(acme) == {"UNAPPLIED": 50_00}
    money.invoice(acme, "I1", 80_00)
    money.allocate("B1", "I1", 50_00)
    assert books.stands(acme) == {"INVOICED": 30_00}
    assert money.in_order()


def test_what_goes_beyond_its_invoice_is_on_account(invoiced, console):
    bill = money.paper(invoiced, "B1", 130_00, invoice_number="I1")
    assert books.stands(invoiced) == {"INSTRUMENT": 100_00}
    cash.clear_instrument(bill, cleared_on=DAY, on=DAY, by=console)
    assert books.stands(invoiced) == {"UNAPPLIED": 30_00}
    assert money.in_order()


@pytest.mark.parametrize(
    ("state", "stands"),
    [
        ("received", {"INVOICED": 50_00, "INSTRUMENT": 50_00}),
        ("cleared", {"INVOICED": 50_00}),
        ("dishonoured", {"INVOICED": 100_00}),
        ("endorsed", {"INVOICED": 50_00, "CONTINGENT": 50_00}),
        ("discounted", {"INVOICED": 50_00, "CONTINGENT": 50_00}),
    ],
)
def test_a_file_may_bring_paper_in_any_state_and_it_can_be_taken_back_from_each(invoiced, console, state, stands):
    bill = money.paper(invoiced, "B1", 50_00, invoice_number="I1", state=state)
    assert books.stands(invoiced) == stands
    cash.reverse_instrument(bill, reason="entered for the wrong customer", by=console)
    assert books.stands(invoiced) == {"INVOICED": 100_00}
    with pytest.raises(WrongState):
        cash.reverse_instrument(bill, reason="again", by=console)
    assert money.in_order()


def test_what_its_money_settled_must_be_undone_before_it_is_taken_back(acme, console):
    bill = money.paper(acme, "B1", 50_00, state="cleared")
    money.invoice(acme, "I1", 80_00)
    made = money.allocate("B1", "I1", 10_00)
    with pytest.raises(receivables.HasAllocations):
        cash.reverse_instrument(bill, reason="entered wrongly", by=console)
    receivables.undo_allocations(money.entry(), made)
    cash.reverse_instrument(bill, reason="entered wrongly", by=console)
    assert books.stands(acme) == {"INVOICED": 80_00}
    assert money.in_order()


def test_paper_weighs_by_its_kind_and_by_who_stands_behind_it(invoiced, console):
    money.paper(invoiced, "B1", 10_00, invoice_number="I1", kind="BANK_ACCEPTANCE", acceptor="LARGE_BANK")
    money.paper(invoiced, "B2", 20_00, invoice_number="I1", kind="BANK_ACCEPTANCE", acceptor="LARGE_BANK")
    money.paper(invoiced, "B3", 5_00, invoice_number="I1", state="endorsed")
    money.paper(invoiced, "B4", 5_00)
    assert cash.papers(exposure.accounts_of(customer_id=invoiced.pk)) == (
        PaperSum("USD", "BANK_ACCEPTANCE", "LARGE_BANK", 30_00),
        PaperSum("USD", "CHEQUE", "", 5_00, contingent=True),
    )


@pytest.mark.parametrize(
    ("named", "code"), [("I9", "UNKNOWN"), ("IB", "OTHER_CUSTOMER"), ("IEUR", "OTHER_CURRENCY")], ids=str
)
def test_paper_needs_the_invoice_it_names(acme, named, code):
    money.invoice(books.customer("B"), "IB", 30_00)
    money.invoice(acme, "IEUR", 30_00, currency="EUR")
    row = money.paper_row(acme, "B1", 20_00, invoice_number=named)
    assert [one.code for one in cash.check_instruments([row])] == [code]
    with pytest.raises(receivables.BadRows):
        cash.record_instruments(money.entry(), [row])


def test_who_may_not_post_is_refused(acme):
    with pytest.raises(Refused):
        cash.post_instrument(money.paper_row(acme, "B1", 1_00), by=books.person("w", "WAREHOUSE"))
