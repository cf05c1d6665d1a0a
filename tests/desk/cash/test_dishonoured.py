"""Paper the bank refused stops its customer, people are told, and a person lifts the hold."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base.errors import Refused
from xinheng.desk.cash import public as cash
from xinheng.desk.limits import public as limits
from xinheng.desk.notices.models import Notice
from xinheng.rules.policy import SHIPPED

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(acme):
    books.line(acme, 500_00)
    money.invoice(acme, "I1", 100_00, due_on=DAY + timedelta(30))
    return money.paper(acme, "B1", 100_00, invoice_number="I1")


def standing():
    found = limits.Hold.objects.filter(lifted_at=None)
    return [(one.customer.code, one.cause, one.forced, one.reason) for one in found]


def test_the_bank_refused_so_the_customer_is_stopped_at_once_and_people_are_told(acme, bill, console):
    waiting = deals.checked(acme, "O", 10_00)
    clerk = books.person("clerk", "SETTLEMENT_CLERK")
    cash.dishonour_instrument(bill, dishonoured_on=DAY, by=clerk)
    assert standing() == [("A", "DISHONOUR", False, "B1")]
    assert deals.blocks(deals.check(deals.order(acme, "P", 10_00))) == ["ON_HOLD"]
    with pytest.raises(deals.control.StillHeld):
        deals.ship(waiting)
    (told,) = Notice.objects.filter(kind="HOLD_PLACED")
    assert {"SALESPERSON", "FINANCE_MANAGER"} <= set(told.told.split(","))
    assert (told.data["cause"], told.data["reason"]) == ("DISHONOUR", "B1")
    assert books.stands(acme)["INVOICED"] == 100_00


def test_it_is_lifted_as_other_holds_are_and_orders_are_looked_at_again(acme, bill, console):
    cash.dishonour_instrument(bill, dishonoured_on=DAY, by=console)
    order = deals.checked(acme, "O", 10_00)
    (hold,) = limits.Hold.objects.all()
    with pytest.raises(Refused):
        limits.lift_hold(hold, by=books.person("s", "SALESPERSON"), reason="paid", on=DAY)
    limits.lift_hold(hold, by=console, reason="paid in cash", on=DAY)
    assert (standing(), deals.state(order)) == ([], "APPROVED")


@pytest.mark.parametrize(("points", "held"), [('["DELIVERY"]', "DELIVERIES"), ('["ORDER"]', "ALL"), ("[]", None)])
def test_what_it_stops_is_the_policys_to_say(acme, bill, console, points, held):
    line = next(one for one in SHIPPED.splitlines() if one.startswith("DISHONOUR ="))
    deals.policy((line, f"DISHONOUR = {points}"))
    cash.dishonour_instrument(bill, dishonoured_on=DAY, by=console)
    assert [one.scope for one in limits.Hold.objects.all()] == ([held] if held else [])


def test_paid_or_passed_on_it_stops_nobody(acme, bill, console):
    cash.endorse_instrument(bill, endorsed_on=DAY, by=console)
    cash.clear_instrument(bill, cleared_on=DAY, on=DAY, by=console)
    assert standing() == []
