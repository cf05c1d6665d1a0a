"""A corrected document takes the place of the wrong one with all that rested on it, as far as there is room."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables

LATER = DAY + timedelta(10)


def correct(document, **changed):
    row = money.invoice_row(document.account.customer, document.number, **{"amount": document.amount, **changed})
    return receivables.repost_invoices(money.entry(), [document], [row])


def test_a_larger_invoice_keeps_its_payments(acme):
    invoice = money.invoice(acme, "I1", 100_00)
    money.receipt(acme, "R1", 60_00, LATER)
    money.allocate("R1", "I1", 60_00, LATER)
    done = correct(invoice, amount=101_00)
    assert done.left == []
    assert books.stands(acme) == {"INVOICED": 41_00}
    assert books.stands(acme, exposure.Moment(DAY)) == {"INVOICED": 101_00}
    assert money.in_order()


def test_a_smaller_one_takes_them_in_their_old_order_and_tells_what_is_left(acme):
    invoice = money.invoice(acme, "I1", 100_00)
    money.receipt(acme, "R1", 60_00)
    money.allocate("R1", "I1", 60_00)
    money.credit_note(acme, "C1", 30_00, invoice_number="I1")
    done = correct(invoice, amount=70_00)
    assert done.left == [receivables.Left("C1", "I1", 20_00, "USD")]
    assert books.stands(acme) == {"UNAPPLIED": 20_00}
    again = receivables.Allocation.objects.filter(undone_by=None).order_by("id")
    assert [(one.amount, one.stated_amount, one.automatic) for one in again] == [
        (60_00, 60_00, False),
        (10_00, 30_00, True),
    ]
    assert money.in_order()


def test_one_instalment_is_corrected_and_the_others_stay(acme):
    first = money.invoice(acme, "I1", 30_00, part=1, due_on=DAY)
    money.invoice(acme, "I1", 50_00, part=2, due_on=LATER)
    money.receipt(acme, "R1", 40_00)
    money.allocate("R1", "I1", 40_00)
    done = correct(first, amount=10_00, part=1, due_on=DAY)
    assert done.left == []
    items = receivables.open_items(receivables.Ask(exposure.NOW))
    assert [(item.part, item.open) for item in items] == [(2, 20_00)]
    assert money.in_order()


@pytest.mark.parametrize("changed", [{"account_id": 0}, {"entity_id": 0}, {"currency": "EUR"}], ids=str)
def test_another_customer_entity_or_currency_is_no_correction(acme, changed):
    invoice = money.invoice(acme, "I1", 30_00)
    with pytest.raises(receivables.BadRows):
        correct(invoice, **changed)
    assert books.stands(acme) == {"INVOICED": 30_00}


def test_a_corrected_credit_note_does_anew_what_it_does_by_itself(acme):
    money.invoice(acme, "I1", 30_00)
    money.invoice(acme, "I2", 30_00)
    note = money.credit_note(acme, "C1", 40_00, invoice_number="I1")
    money.allocate("C1", "I2", 10_00)
    row = money.credit_note_row(acme, "C1", 35_00, invoice_number="I1")
    done = receivables.repost_credit_notes(money.entry(), [note], [row])
    assert done.left == [receivables.Left("C1", "I2", 5_00, "USD")]
    assert (money.open_on("I1"), money.open_on("I2")) == (0, 25_00)
    assert money.in_order()


def test_a_corrected_receipt_pays_again_what_it_paid(acme):
    money.invoice(acme, "I1", 30_00)
    money.invoice(acme, "I2", 30_00)
    receipt = money.receipt(acme, "R1", 50_00)
    money.allocate("R1", "I1", 30_00)
    money.allocate("R1", "I2", 20_00)
    done = cash.repost_receipts(money.entry(), [receipt], [money.receipt_row(acme, "R1", 40_00, LATER)])
    assert done.left == [receivables.Left("R1", "I2", 10_00, "USD")]
    assert (money.open_on("I1"), money.open_on("I2")) == (0, 20_00)
    assert money.open_on("I1", DAY) == 30_00
    assert money.in_order()


def test_a_receipt_that_turns_out_to_be_a_cheque_pays_nothing(acme):
    money.invoice(acme, "I1", 30_00)
    receipt = money.receipt(acme, "R1", 50_00)
    money.allocate("R1", "I1", 30_00)
    row = money.receipt_row(acme, "R1", 50_00, method="cheque")
    done = cash.repost_receipts(money.entry(), [receipt], [row])
    assert done.left == [receivables.Left("R1", "I1", 30_00, "USD")]
    assert books.stands(acme) == {"INVOICED": 30_00}
