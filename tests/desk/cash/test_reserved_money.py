"""Prepaid orders rest on received money; when it goes elsewhere they are checked again."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order


def prepaid(who, number, amount, *, state=Order.State.APPROVED):
    row = sales.OrderRow(number=number, dated_on=DAY, currency="USD", amount=amount, payment="prepaid", **money.of(who))
    document = sales.record_orders(money.entry(), [row])[0]
    Order.objects.filter(pk=document.pk).update(state=state)
    return document


def free(who, on=DAY):
    return cash.unreserved(money.of(who)["account_id"], "USD", on)


@pytest.mark.covers("LM-003")
def test_only_cleared_receipts_of_the_account_and_currency_count(acme):
    money.receipt(acme, "R1", 50_00)
    money.receipt(acme, "R2", 7_00, method="cheque")
    money.receipt(acme, "R3", 7_00, purpose="deposit")
    money.receipt(acme, "R4", 7_00, currency="EUR")
    money.receipt(books.customer("B"), "R5", 7_00)
    money.credit_note(acme, "C1", 7_00)
    assert free(acme) == 50_00


@pytest.mark.covers("OC-009")
def test_money_dated_ahead_is_not_here_yet(acme):
    tomorrow = DAY + timedelta(1)
    money.receipt(acme, "R1", 50_00)
    money.receipt(acme, "R2", 7_00, tomorrow, order_number="S9")
    assert (free(acme), free(acme, tomorrow)) == (50_00, 57_00)
    account = money.of(acme)["account_id"]
    assert cash.received_for_orders([account], DAY) == {}
    assert cash.received_for_orders([account], tomorrow) == {(account, "S9", "USD"): 7_00}
    order = prepaid(acme, "S1", 57_00)
    assert cash.reserve(order, 57_00, DAY) == 50_00
    assert cash.reserve(order, 57_00, tomorrow) == 57_00


def test_reserved_money_is_not_free_until_it_is_dropped(acme):
    money.receipt(acme, "R1", 50_00)
    order = prepaid(acme, "S1", 30_00)
    assert cash.reserve(order, 30_00, DAY) == 30_00
    assert (free(acme), cash.reserved_for(order.pk)) == (20_00, 30_00)
    assert cash.reserve(order, 30_00, DAY) == 30_00
    assert free(acme) == 20_00
    cash.drop_reservations([order.pk])
    assert (free(acme), cash.reserved_for(order.pk)) == (50_00, 0)


def test_no_more_is_reserved_than_there_is(acme):
    money.receipt(acme, "R1", 50_00)
    first, second = prepaid(acme, "S1", 30_00), prepaid(acme, "S2", 30_00)
    assert cash.reserve(first, 30_00, DAY) == 30_00
    assert cash.reserve(second, 30_00, DAY) == 20_00
    assert free(acme) == 0


def test_what_was_received_for_an_order_is_reserved_for_it_first(acme):
    money.receipt(acme, "R1", 50_00, DAY - timedelta(1))
    meant = money.receipt(acme, "R2", 50_00, order_number="S1")
    order = prepaid(acme, "S1", 30_00)
    cash.reserve(order, 30_00, DAY)
    assert list(cash.Reservation.objects.values_list("receipt_id", flat=True)) == [meant.pk]


def test_what_was_received_for_another_order_is_reserved_last(acme):
    others = money.receipt(acme, "R1", 50_00, DAY - timedelta(1), order_number="S9")
    free_money = money.receipt(acme, "R2", 20_00)
    cash.reserve(prepaid(acme, "S1", 30_00), 30_00, DAY)
    taken = dict(cash.Reservation.objects.values_list("receipt_id", "amount"))
    assert taken == {free_money.pk: 20_00, others.pk: 10_00}
    account = money.of(acme)["account_id"]
    assert cash.received_for_orders([account], DAY) == {(account, "S9", "USD"): 40_00}


def test_a_cancelled_order_needs_no_money(acme):
    money.receipt(acme, "R1", 50_00)
    order = prepaid(acme, "S1", 30_00)
    cash.reserve(order, 30_00, DAY)
    Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)
    assert free(acme) == 50_00


def test_paying_the_orders_own_invoice_is_what_the_money_is_for(acme):
    money.receipt(acme, "R1", 50_00)
    order = prepaid(acme, "S1", 30_00)
    cash.reserve(order, 30_00, DAY)
    money.invoice(acme, "I1", 25_00, order_number="S1")
    made = money.allocate("R1", "I1", 25_00)
    assert (free(acme), cash.reserved_for(order.pk)) == (20_00, 30_00)
    assert not cash.Reservation.objects.exclude(dropped_at=None).exists()
    receivables.undo_allocations(money.entry(), made)
    assert (free(acme), cash.reserved_for(order.pk)) == (20_00, 30_00)


def test_free_money_goes_elsewhere_before_reserved_money_does(acme):
    money.receipt(acme, "R1", 50_00)
    order = prepaid(acme, "S1", 30_00)
    cash.reserve(order, 30_00, DAY)
    money.invoice(acme, "I1", 50_00)
    money.allocate("R1", "I1", 20_00)
    assert cash.reserved_for(order.pk) == 30_00


@pytest.fixture
def passed(acme, console):
    """A prepaid order that passed on the receipt R1."""
    money.receipt(acme, "R1", 50_00)
    row = sales.OrderRow(number="S1", dated_on=DAY, currency="USD", amount=40_00, payment="prepaid", **money.of(acme))
    order = sales.enter_order(row, customer_id=acme.pk, by=console)
    control.check_order(order, on=DAY, by=console)
    order.refresh_from_db()
    assert (order.state, free(acme)) == (Order.State.APPROVED, 10_00)
    return order


def test_an_order_whose_money_went_elsewhere_is_held(acme, console, passed):
    money.invoice(acme, "I1", 50_00)
    receipt = exposure.document(60, "R1")
    receivables.allocate(money.allocation_row("R1", "I1", 45_00), receipt, on=DAY, by=console)
    passed.refresh_from_db()
    assert passed.state == Order.State.HELD
    assert free(acme) == 5_00


def test_it_stays_approved_when_there_is_other_money(acme, console, passed):
    money.receipt(acme, "R2", 40_00)
    money.invoice(acme, "I1", 50_00)
    receipt = exposure.document(60, "R1")
    receivables.allocate(money.allocation_row("R1", "I1", 45_00), receipt, on=DAY, by=console)
    passed.refresh_from_db()
    assert passed.state == Order.State.APPROVED
    assert free(acme) == 5_00


def test_a_receipt_taken_back_holds_the_order_that_rested_on_it(acme, console, passed):
    cash.reverse_receipt(exposure.document(60, "R1"), reason="not ours", by=console)
    passed.refresh_from_db()
    assert passed.state == Order.State.HELD


def test_new_money_frees_an_order_that_waits_for_it(acme, console):
    row = sales.OrderRow(number="S1", dated_on=DAY, currency="USD", amount=40_00, payment="prepaid", **money.of(acme))
    order = sales.enter_order(row, customer_id=acme.pk, by=console)
    assert control.check_order(order, on=DAY, by=console).verdict == "held"
    cash.post_receipt(money.receipt_row(acme, "R1", 40_00), on=DAY, by=console)
    order.refresh_from_db()
    assert order.state == Order.State.APPROVED
    assert free(acme) == 0


def test_the_audit_chain_is_whole_after_all_this(acme, console, passed):
    from xinheng.base import audit

    money.invoice(acme, "I1", 50_00)
    receivables.allocate_oldest(exposure.document(60, "R1"), dated_on=DAY, on=DAY, by=console)
    assert list(audit.differences(exposure.heads())) == []
