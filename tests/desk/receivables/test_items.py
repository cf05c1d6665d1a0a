"""Open items carry debit and credit, at any moment, bucket by bucket and page by page."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Moment
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import Ask, Slice


@pytest.fixture
def history(acme):
    """Three invoices and a receipt that pays the oldest ten days later."""
    for number, days in enumerate((50, 20, -5)):
        money.invoice(acme, f"I{number}", 10_00, DAY - timedelta(60), due_on=DAY - timedelta(days))
    money.receipt(acme, "R1", 15_00, DAY + timedelta(10), salesperson="li")
    money.allocate("R1", "I0", 10_00, DAY + timedelta(10))
    return acme


def seen(found):
    return [(item.number, item.side, item.open) for item in found]


def test_debits_by_due_day_then_what_has_none(history):
    assert seen(receivables.open_items(Ask(exposure.NOW))) == [
        ("I1", "debit", 10_00),
        ("I2", "debit", 10_00),
        ("R1", "credit", 5_00),
    ]
    assert seen(receivables.open_items(Ask(Moment(DAY)))) == [(f"I{n}", "debit", 10_00) for n in range(3)]


def test_one_side_one_bucket_one_page(history):
    ask = Ask(Moment(DAY))
    assert seen(receivables.open_items(ask, Slice(bucket=0))) == [("I2", "debit", 10_00)]
    assert seen(receivables.open_items(ask, Slice(bucket=1))) == [("I1", "debit", 10_00)]
    assert seen(receivables.open_items(ask, Slice(bucket=2))) == [("I0", "debit", 10_00)]
    assert seen(receivables.open_items(ask, Slice(limit=1, offset=1))) == [("I1", "debit", 10_00)]
    now = Ask(exposure.NOW)
    assert seen(receivables.open_items(now, Slice(side="credit"))) == [("R1", "credit", 5_00)]
    counted = receivables.count_items(now)
    assert (counted.count, counted.net) == (3, {"USD": 15_00})
    assert receivables.count_items(ask, Slice(bucket=1)) == receivables.Counted(1, {"USD": 10_00}, {})


def test_an_item_without_a_due_day_is_not_due(acme):
    money.invoice(acme, "I1", 10_00, DAY - timedelta(99), term="签收后30D")
    (item,) = receivables.open_items(Ask(Moment(DAY)), Slice(bucket=0))
    assert (item.due_on, item.days_overdue(DAY)) == (None, 0)


def test_an_item_says_whose_it_is_and_how_late(history):
    item = receivables.open_items(Ask(Moment(DAY)))[0]
    assert (item.customer_code, item.entity, item.amount) == ("A", "MAIN", 10_00)
    assert item.days_overdue(DAY) == 50


def test_whoever_paid_late_or_still_owes_late_is_known(acme):
    bob, carol, dave = (books.customer(code) for code in "BCD")
    for who in (acme, bob, carol, dave):
        money.invoice(who, f"I{who.code}", 10_00, DAY, due_on=DAY + timedelta(10))
        money.receipt(who, f"R{who.code}", 10_00, DAY + timedelta(5))
    money.allocate("RA", "IA", 10_00, DAY + timedelta(11))
    money.allocate("RB", "IB", 10_00, DAY + timedelta(10))
    money.credit_note(dave, "CD", 10_00, DAY + timedelta(20), invoice_number="ID")
    assert receivables.last_paid_late("ABCD", until=DAY + timedelta(30)) == {"A": DAY, "C": DAY}
    assert receivables.last_paid_late("ABCD", until=DAY + timedelta(10)) == {}
    assert receivables.last_paid_late([], until=DAY) == {}
