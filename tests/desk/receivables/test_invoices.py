"""Invoices: when they are due, what is special about them then, and how they are taken back."""

from datetime import date, timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Conflict, Refused, WrongState
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.models import DueTotal
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.rules.terms import UnknownTerm

#: term, what becomes of 100.00 issued on 2 March 2026: due day, amount, nature
TERMS = [
    ("30D", [(date(2026, 4, 1), 100_00, "PLAIN")]),
    ("月结30 cut 25 pay 10", [(date(2026, 5, 10), 100_00, "PLAIN")]),
    ("30%@0D+70%@60D", [(date(2026, 3, 2), 30_00, "PLAIN"), (date(2026, 5, 1), 70_00, "PLAIN")]),
    (
        "3x30D",
        [(date(2026, 4, 1), 33_34, "PLAIN"), (date(2026, 5, 1), 33_33, "PLAIN"), (date(2026, 5, 31), 33_33, "PLAIN")],
    ),
    ("30D 质保 10% 365D", [(date(2026, 4, 1), 90_00, "PLAIN"), (date(2027, 3, 2), 10_00, "RETENTION")]),
    ("铺底 until 2026-12-31", [(date(2026, 12, 31), 100_00, "INITIAL_STOCK")]),
    ("滚结 1 latest 90D", [(date(2026, 5, 31), 100_00, "ROLLING")]),
    ("签收后30D", [(None, 100_00, "PLAIN")]),
]


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(("term", "parts"), TERMS, ids=[term for term, _ in TERMS])
def test_the_due_day_follows_from_the_term(acme, term, parts):
    row = money.invoice_row(acme, "I1", 100_00, term=term)
    made = receivables.record_invoices(money.entry(), [row])
    assert [(one.due_on, one.amount, one.nature) for one in made] == parts
    assert [one.part for one in made] == list(range(1, len(parts) + 1))
    assert money.in_order()


def test_a_stated_due_day_wins_over_every_term(acme):
    made = money.invoice(acme, "I1", 100_00, term="30D", due_on=DAY + timedelta(3))
    assert made.due_on == DAY + timedelta(3)


def test_a_stated_instalment_takes_its_day_from_its_own_part_of_the_term(acme):
    made = money.invoice(acme, "I1", 40_00, term="3x30D", part=2)
    assert (made.part, made.due_on, made.amount) == (2, date(2026, 5, 1), 40_00)


def test_without_a_term_of_its_own_the_orders_then_the_lines_then_none(acme):
    assert money.invoice(acme, "I0", 1_00).due_on == DAY
    books.line(acme, 100_00, term_days=45)
    assert money.invoice(acme, "I1", 1_00).due_on == DAY + timedelta(45)
    books.line(acme, 100_00, term="月结0")
    assert money.invoice(acme, "I2", 1_00).due_on == date(2026, 3, 31)
    books.add(books.document(acme, Kind.ORDER, "S1", 9_00, term="10D"))
    assert money.invoice(acme, "I3", 1_00, order_number="S1").due_on == DAY + timedelta(10)


@pytest.mark.covers("OC-018")
def test_what_was_sold_cash_on_delivery_is_due_the_day_the_goods_arrive(acme):
    row = sales.OrderRow(number="S1", dated_on=DAY, currency="USD", amount=10_00, payment="cod", **money.of(acme))
    sales.record_orders(money.entry(), [row], opening=True)
    books.add(books.document(acme, Kind.DELIVERY, "D1", 10_00, DAY + timedelta(1), order_number="S1"))
    issued, arrived = DAY + timedelta(4), DAY + timedelta(1)
    by_delivery = money.invoice(acme, "I1", 6_00, issued, delivery_number="D1")
    by_order = money.invoice(acme, "I2", 4_00, issued, order_number="S1")
    assert (by_delivery.due_on, by_delivery.nature) == (arrived, "COD")
    assert (by_order.due_on, by_order.nature) == (arrived, "COD")
    natures = DueTotal.objects.filter(amount__gt=0).values_list("due_on", "nature", "amount")
    assert sorted(natures) == [(arrived, "COD", 10_00)]


def test_an_invoice_ahead_of_its_cash_on_delivery_goods_is_due_when_it_is_written(acme):
    row = sales.OrderRow(number="S1", dated_on=DAY, currency="USD", amount=10_00, payment="cod", **money.of(acme))
    sales.record_orders(money.entry(), [row], opening=True)
    made = money.invoice(acme, "I1", 10_00, DAY + timedelta(4), order_number="S1")
    assert (made.due_on, made.nature) == (DAY + timedelta(4), "COD")


def test_a_term_nobody_can_read_is_refused(acme):
    with pytest.raises(UnknownTerm):
        money.invoice(acme, "I1", 1_00, term="whenever")


def test_what_the_tax_invoice_says_is_kept_as_text_and_whole_cents(acme):
    tax = receivables.TaxRow(net=88_50, tax=11_50, tax_rate="13%", fapiao_code="0110", fapiao_number="00000007")
    made = money.invoice(acme, "I1", 100_00, tax=tax)
    assert (made.tax.net, made.tax.fapiao_code, made.tax.fapiao_number) == (88_50, "0110", "00000007")


def test_taken_back_an_invoice_gives_its_goods_back_and_its_number_may_come_again(acme, console):
    books.add(books.document(acme, Kind.DELIVERY, "D1", 10_00))
    made = receivables.post_invoice(
        money.invoice_row(acme, "I1", 10_00, delivery_number="D1", term="3x30D"), by=console
    )
    with pytest.raises(Conflict):
        receivables.post_invoice(money.invoice_row(acme, "I1", 10_00), by=console)
    receivables.reverse_invoice(made[1], reason="wrong price", by=console)
    assert books.stands(acme) == {"DELIVERED": 10_00}
    with pytest.raises(WrongState):
        receivables.reverse_invoice(made[1], reason="again", by=console)
    receivables.post_invoice(money.invoice_row(acme, "I1", 9_00, delivery_number="D1"), by=console)
    assert books.stands(acme) == {"DELIVERED": 1_00, "INVOICED": 9_00}
    assert money.in_order()


def test_what_something_rests_on_is_not_taken_back(acme, console):
    made = money.invoice(acme, "I1", 10_00)
    money.receipt(acme, "R1", 4_00)
    allocated = money.allocate("R1", "I1", 4_00)
    with pytest.raises(receivables.HasAllocations):
        receivables.reverse_invoice(made, reason="entered wrongly", by=console)
    receivables.undo_allocations(money.entry(), allocated)
    receivables.reverse_invoice(made, reason="entered wrongly", by=console)
    assert books.stands(acme) == {"UNAPPLIED": 4_00}


def test_an_invoice_that_paper_stood_for_is_not_taken_back_although_it_is_whole_again(acme, console):
    from xinheng.desk.cash import public as cash

    made = money.invoice(acme, "I1", 10_00)
    bill = money.paper(acme, "B1", 10_00, invoice_number="I1")
    cash.dishonour_instrument(bill, dishonoured_on=DAY + timedelta(9), by=console)
    assert books.stands(acme) == {"INVOICED": 10_00}
    with pytest.raises(receivables.HasAllocations):
        receivables.reverse_invoice(made, reason="entered wrongly", by=console)


def test_who_may_not_post_is_refused(acme):
    with pytest.raises(Refused):
        receivables.post_invoice(money.invoice_row(acme, "I1", 1_00), by=books.person("w", "WAREHOUSE"))
    assert exposure.Document.objects.count() == 0
