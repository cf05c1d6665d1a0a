"""What only the passing of a day brings about: overdue debt, releases that run out, lines that begin."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base.errors import Refused
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Breach, Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    books.found()
    who = books.customer("A", salesperson="S01")
    books.line(who, 100_00)
    return who


def start(day):
    return control.start_day(day, by=founding.console())


@pytest.mark.covers("OC-001", "OC-004")
def test_debt_that_becomes_late_overnight_is_found_in_the_morning(acme):
    money.invoice(acme, "I", 20_00, due_on=DAY + timedelta(30))
    assert start(DAY + timedelta(35)).found["breaches_begun"] == 0
    assert start(DAY + timedelta(36)).found["breaches_begun"] == 1
    assert Breach.objects.get().found_on == DAY + timedelta(36)
    assert start(DAY + timedelta(36)).found["breaches_begun"] == 0  # may be repeated


def test_a_release_that_ran_out_gives_its_room_back(acme):
    manager = books.person("fm", "FINANCE_MANAGER")
    one = deals.checked(acme, "O", 150_00)
    control.sign_release(one, reason="yes", on=DAY, by=manager)
    waits = deals.checked(acme, "WAITS", 100_00)
    start(DAY + timedelta(7))
    assert deals.state(one) == "RELEASED"
    assert start(DAY + timedelta(8)).found["releases_run_out"] == 1
    assert (deals.state(one), deals.last(one).cause) == ("HELD", "EXPIRY")
    assert (deals.state(waits), deals.last(waits).cause) == ("APPROVED", "ORDER")
    assert list(verification.differences()) == []


def test_a_line_that_begins_frees_what_waits_for_it(acme):
    late = books.customer("B")
    books.line(late, 100_00, valid_from=DAY + timedelta(10))
    waits = deals.checked(late, "WAITS", 10_00)
    assert deals.reasons(deals.last(waits)) == ["LINE_NOT_YET_VALID"]
    start(DAY + timedelta(9))
    count = Decision.objects.count()
    assert deals.state(waits) == "HELD"
    assert start(DAY + timedelta(10)).found["checked_again"] == 1
    assert (deals.state(waits), deals.last(waits).cause) == ("APPROVED", "DAY")
    start(DAY + timedelta(11))
    assert Decision.objects.count() == count + 1  # nobody is looked at without a reason


def test_a_day_is_known_to_have_begun(acme):
    assert not control.day_started(DAY)
    start(DAY)
    assert control.day_started(DAY)
    with pytest.raises(Refused):
        control.start_day(DAY, by=books.person("s", "SALESPERSON"))


@pytest.mark.covers("OC-018")
def test_cash_on_delivery_unpaid_the_day_after_stands_against_the_salesperson(acme):
    nobody = books.customer("N", salesperson="S02")  # no line: cash on delivery needs none
    one = deals.checked(nobody, "O", 40_00, payment="cod")
    assert deals.last(one).verdict == "approved"
    delivery = deals.ship(one)
    assert (delivery.due_on, delivery.nature) == (DAY, "COD")
    assert control.cod_unpaid(DAY) == []
    morning = DAY + timedelta(1)
    (found,) = control.cod_unpaid(morning)
    assert (found.salesperson, found.customer.code, found.document.number, found.amount) == (
        "S02",
        "N",
        delivery.number,
        40_00,
    )
    start(morning)
    assert Breach.objects.get().facts["causes"] == ["COD_OVERDUE"]
    two = deals.checked(nobody, "P", 10_00, morning, payment="cod")
    noticed = deals.last(two)
    assert (noticed.verdict, deals.reasons(noticed)) == ("watch", ["COD_OVERDUE"])
    assert noticed.outcome["reasons"][0]["params"]["salespeople"] == ["S02"]
    with pytest.raises(control.StillHeld):
        deals.ship(two, morning)


def test_cash_on_delivery_that_was_invoiced_stays_due_on_arrival(acme):
    one = deals.checked(acme, "O", 40_00, payment="cod", salesperson="S09")
    delivery = deals.ship(one)
    money.invoice(acme, "I", 40_00, delivery_number=delivery.number)
    (found,) = control.cod_unpaid(DAY + timedelta(1))
    assert (found.salesperson, found.document.number, found.amount) == ("S09", "I", 40_00)
    money.receipt(acme, "R", 40_00, DAY + timedelta(1))
    money.allocate("R", "I", 40_00, DAY + timedelta(1))
    assert control.cod_unpaid(DAY + timedelta(2)) == []


@pytest.mark.covers("OC-018")
@pytest.mark.parametrize("named", [{"delivery_number": "O-D1"}, {"order_number": "O"}])
def test_an_invoice_that_comes_later_gives_cash_on_delivery_no_more_time(acme, named):
    one = deals.checked(acme, "O", 40_00, payment="cod")
    assert deals.ship(one).number == "O-D1"
    later = DAY + timedelta(9)
    money.invoice(acme, "I", 40_00, later, **named)
    (found,) = control.cod_unpaid(later)
    assert (found.document.number, found.due_on) == ("I", DAY)


def test_goods_taken_back_are_owed_by_nobody(acme):
    one = deals.checked(acme, "O", 40_00, payment="cod")
    delivery = deals.ship(one)
    row = sales.ReturnRow(
        number="B", dated_on=DAY, currency="USD", amount=40_00, delivery_number=delivery.number, **money.of(acme)
    )
    sales.record_returns(money.entry(), [row])
    assert control.cod_unpaid(DAY + timedelta(1)) == []
    assert list(exposure.differences()) == []
