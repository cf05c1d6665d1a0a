"""Credit notes and red invoices reduce the invoice they name at once; the rest is the customer's money."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import WrongState
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Kind

LATER = DAY + timedelta(10)


def test_the_oldest_instalment_is_reduced_first_and_the_rest_is_unapplied(acme):
    money.invoice(acme, "I1", 30_00, part=1, due_on=LATER)
    money.invoice(acme, "I1", 20_00, part=2, due_on=DAY)
    money.credit_note(acme, "C1", 35_00, invoice_number="I1")
    items = receivables.open_items(receivables.Ask(exposure.NOW))
    assert [(item.part, item.open) for item in items] == [(1, 15_00)]
    money.credit_note(acme, "C2", 25_00, LATER, invoice_number="I1")
    assert books.stands(acme) == {"UNAPPLIED": 10_00}
    assert books.stands(acme, exposure.Moment(DAY)) == {"INVOICED": 15_00}
    assert money.in_order()


def test_two_notes_of_one_file_on_one_invoice_share_what_it_has(acme):
    money.invoice(acme, "I1", 30_00)
    rows = [money.credit_note_row(acme, f"C{n}", 20_00, invoice_number="I1") for n in (1, 2)]
    receivables.record_credit_notes(money.entry(), rows)
    assert books.stands(acme) == {"UNAPPLIED": 10_00}


def test_a_note_that_names_no_invoice_waits_and_is_allocated_like_money(acme):
    money.invoice(acme, "I1", 30_00)
    money.credit_note(acme, "C1", 20_00)
    assert books.stands(acme) == {"INVOICED": 30_00, "UNAPPLIED": 20_00}
    money.allocate("C1", "I1", 20_00)
    assert books.stands(acme) == {"INVOICED": 10_00}


def test_a_note_dated_before_its_invoice_waits_for_it(acme):
    money.invoice(acme, "I1", 30_00, LATER)
    money.credit_note(acme, "C1", 20_00, DAY, invoice_number="I1")
    assert books.stands(acme, exposure.Moment(DAY)) == {"UNAPPLIED": 20_00}
    assert books.stands(acme, exposure.Moment(LATER)) == {"INVOICED": 10_00}
    assert money.in_order()


@pytest.mark.parametrize(
    ("named", "code"), [("I9", "UNKNOWN"), ("IB", "OTHER_CUSTOMER"), ("IEUR", "OTHER_CURRENCY")], ids=str
)
def test_a_note_needs_the_invoice_it_names(acme, named, code):
    money.invoice(books.customer("B"), "IB", 30_00)
    money.invoice(acme, "IEUR", 30_00, currency="EUR")
    row = money.credit_note_row(acme, "C1", 20_00, invoice_number=named)
    assert [one.code for one in receivables.check_credit_notes([row])] == [code]
    with pytest.raises(receivables.BadRows):
        receivables.record_credit_notes(money.entry(), [row])
    assert not exposure.Document.objects.filter(kind=Kind.CREDIT_NOTE).exists()


def test_taken_back_its_invoice_is_owed_again(acme, console):
    money.invoice(acme, "I1", 30_00)
    note = receivables.post_credit_note(
        money.credit_note_row(acme, "C1", 20_00, invoice_number="I1"), on=DAY, by=console
    )
    receivables.reverse_credit_note(note, reason="entered twice", by=console)
    assert books.stands(acme) == {"INVOICED": 30_00}
    with pytest.raises(WrongState):
        receivables.reverse_credit_note(note, reason="again", by=console)
    assert money.in_order()


def test_what_people_allocated_of_it_must_be_undone_first(acme, console):
    money.invoice(acme, "I1", 30_00)
    note = money.credit_note(acme, "C1", 20_00)
    made = money.allocate("C1", "I1", 5_00)
    with pytest.raises(receivables.HasAllocations):
        receivables.reverse_credit_note(note, reason="entered wrongly", by=console)
    receivables.undo_allocations(money.entry(), made)
    receivables.reverse_credit_note(note, reason="entered wrongly", by=console)
    assert money.in_order()


def test_an_invoice_is_no_credit_note(acme, console):
    with pytest.raises(WrongState):
        receivables.reverse_credit_note(money.invoice(acme, "I1", 1_00), reason="entered wrongly", by=console)
