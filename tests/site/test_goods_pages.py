"""What the warehouse is shown: orders whose goods may leave, and those a delivery would be refused, with why."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from tests.site.visits import browse, read, words
from xinheng.desk.control import public as control
from xinheng.desk.control.leaving import goods_of
from xinheng.desk.customers.public import Customer
from xinheng.desk.limits import public as limits
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import CheckPoint
from xinheng.site import founding
from xinheng.site.pages import overview

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse(acme):
    books.line(acme, 500_00)
    return books.person("wh", "WAREHOUSE", code="S01")


def hold(who, **more):
    limits.place_hold(customer=who, by=founding.console(), reason="stop", **more)


def line(who, **more):
    row = limits.LineRow(currency="USD", customer_id=who.pk, **more)
    limits.set_line(row, on=DAY, by=founding.console())


def overdue(who):
    money.invoice(who, "I", 200_00, DAY - timedelta(60), due_on=DAY - timedelta(30))


HAPPENS = {
    "nothing": lambda who: None,
    "a hold by hand": hold,
    "a delivery stop": lambda who: hold(who, cause="DELIVERY_STOP"),
    "a hold that counts at the order only": lambda who: hold(who, cause="WARNING"),
    "overdue debt": overdue,
    "a breach noticed": lambda who: (overdue(who), control.start_day(DAY, by=founding.console())),
    "credit withdrawn": lambda who: line(who, kind="amount", amount=500_00, withdrawn=True),
    "no credit any more": lambda who: line(who, kind="none"),
    "a line that ran out": lambda who: line(who, kind="amount", amount=500_00, valid_until=DAY - timedelta(1)),
    "a smaller line": lambda who: line(who, kind="amount", amount=50_00),
    "an inactive customer": lambda who: Customer.objects.filter(pk=who.pk).update(status="INACTIVE"),
}


@pytest.mark.covers("OC-009", "OC-010")
@pytest.mark.parametrize("payment", ["credit", "cod"])
@pytest.mark.parametrize("happens", HAPPENS)
def test_the_list_agrees_with_what_a_delivery_is_answered(acme, warehouse, happens, payment):
    one = deals.checked(acme, "O", 100_00, payment=payment)
    parted = deals.checked(acme, "P", 100_00, payment=payment)
    deals.ship(parted, amount=40_00)
    HAPPENS[happens](acme)
    goods = goods_of(warehouse, on=DAY, count=50)
    listed = {found.pk: True for found in goods.free} | {found.pk: False for found in goods.stopped}
    answers = {}
    for order in Order.objects.filter(pk__in=[one.pk, parted.pk], state__in=("APPROVED", "RELEASED")):
        try:
            control.check_order(order, on=DAY, by=founding.console(), point=CheckPoint.DELIVERY)
        finally:
            answers[order.pk] = deals.last(order).verdict != "held"
    assert listed == answers


@pytest.mark.covers("OC-009")
def test_goods_whose_customer_was_put_on_hold_are_told_apart_from_those_that_may_leave(acme, warehouse):
    stopped = deals.checked(acme, "O-stopped", 100_00)
    other = books.customer("B", salesperson="S01")
    books.line(other, 500_00)
    free = deals.checked(other, "O-free", 100_00)
    hold(acme)
    page = words(read(browse(warehouse), "/"))
    assert "1 order may leave. 1 order passed, but its goods must not leave now." in page
    may, must_not = page.split("Must not leave")
    assert free.document.number in may
    assert stopped.document.number not in may
    assert stopped.document.number in must_not
    assert "passed; its goods are stopped now" in must_not


@pytest.mark.covers("OC-008", "OC-009")
def test_the_page_of_an_order_that_passed_says_when_its_goods_are_stopped_now(acme, manager, warehouse):
    one = deals.checked(acme, "O", 100_00)
    page = f"/control/orders/{one.pk}/"
    assert "must not leave" not in read(browse(manager), page)
    hold(acme, cause="DELIVERY_STOP")
    assert "The goods of order O must not leave: customer on hold." in words(read(browse(manager), page))
    assert "The goods of order O must not leave." in words(read(browse(warehouse), page))
    client = browse(manager)
    client.post(f"{page}check/")
    assert deals.again(one).stopped_goods == 100_00
    assert "Your verdict" in read(client, page)


def test_the_look_is_bounded_and_the_page_says_so(acme, warehouse, monkeypatch, django_assert_max_num_queries):
    books.line(acme, None)
    for number in range(12):
        deals.checked(acme, f"O{number}", 1_00)
    with django_assert_max_num_queries(2 * 10 + 20):  # two statements an order, in one message on PostgreSQL
        goods = goods_of(warehouse, on=DAY, count=10)
    assert (len(goods.free), goods.all_seen) == (10, False)
    monkeypatch.setattr(overview, "_GOODS", 10)
    assert "Of the 10 orders that ship first, 10 may leave." in words(read(browse(warehouse), "/"))
    monkeypatch.setattr(overview, "_GOODS", 12)
    assert "12 orders may leave." in words(read(browse(warehouse), "/"))
