"""One customer's story back-tested: who would have been held or freed, money at stake, and who paid late later."""

from datetime import date, timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base import policies
from xinheng.base.models import AuditLine, Company
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.policy import SHIPPED, load
from xinheng.site import founding

pytestmark = pytest.mark.django_db

TOLD = date(2026, 4, 30)


def tell() -> None:
    """One customer's March: a limit of 100, an order too many, money, goods, an invoice that is paid late."""
    who, by = books.customer("A", salesperson="S01"), founding.console()
    books.line(who, 100_00)
    deals.checked(who, "O1", 60_00)  # passes
    deals.checked(who, "O2", 60_00)  # one too many
    deals.checked(who, "O3", 40_00)  # fills the limit to the brim
    deals.ship(sales.order_by_number("O1"))
    row = money.invoice_row(who, "I1", 60_00, due_on=DAY + timedelta(10), delivery_number="O1-D1")
    receivables.post_invoice(row, by=by)
    later = DAY + timedelta(20)
    Company.objects.update(business_date=later)
    control.start_day(later, by=by)  # I1 is ten days late: a breach
    deals.checked(who, "O4", 10_00, later)
    paid = cash.post_receipt(money.receipt_row(who, "R1", 60_00, later), on=later, by=by)  # O2 passes now
    receivables.allocate_oldest(paid, dated_on=later, on=later, by=by)
    deals.ship(sales.order_by_number("O2"), later)


@pytest.fixture
def told(db) -> None:
    books.found()
    tell()


def tried(since: date | None = None, **effects: str) -> dict:
    old, new = deals.effect("over_limit", **effects)
    policy = load(SHIPPED.replace(old, new), version="9")
    return control.backtest_json(control.backtest(policy, since=since, until=TOLD))


def test_what_would_have_passed_is_told_with_the_money_and_who_paid_late(told):
    states = {one.document.number: one.state for one in sales.Order.objects.select_related("document")}
    assert states == {"O1": "APPROVED", "O2": "APPROVED", "O3": "APPROVED", "O4": "HELD"}
    found = tried(order="NOTICE", change="NOTICE")
    assert (found["orders"], found["held_before"], found["held_now"]) == (4, 2, 0)
    freed = found["newly_freed"]
    assert (freed["count"], freed["amounts"], freed["paid_late"]) == (2, {"USD": "70.00"}, 1)
    assert [(one["order"], one["amount"], one["paid_late"]) for one in freed["orders"]] == [
        ("O2", "60.00", True),
        ("O4", "10.00", False),
    ]
    assert found["newly_held"]["count"] == 0


def test_what_passes_takes_the_room_of_those_after_it(told):
    """With the limit only noticed at the order, O1 to O3 come to 160: what leaves is stopped by it."""
    found = tried(order="NOTICE", change="NOTICE")["deliveries"]
    assert (found["asked"], found["stopped_before"], found["stopped_now"]) == (2, 0, 2)
    assert found["newly_stopped"]["amounts"] == {"USD": "120.00"}
    assert found["newly_stopped"]["orders"][0]["reasons"] == ["OVER_LIMIT"]


def test_before_the_first_day_asked_for_things_happened_as_they_did(told):
    found = tried(since=DAY + timedelta(20), order="NOTICE", change="NOTICE")
    assert [one["order"] for one in found["newly_freed"]["orders"]] == ["O4"]
    assert found["orders"] == 2  # O2 was looked at again, O4 came


def test_it_says_the_same_twice_and_writes_nothing(told):
    def stamp() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Decision, exposure.Document, AuditLine, exposure.Movement))

    before = stamp()
    assert tried(order="NOTICE") == tried(order="NOTICE")
    assert stamp() == before


def test_the_policy_in_force_would_change_nothing(told):
    found = control.backtest_json(control.backtest(policies.current().policy, since=None, until=TOLD))
    assert (found["newly_held"]["count"], found["newly_freed"]["count"]) == (0, 0)
    assert found["held_before"] == found["held_now"] == 2


def test_a_stricter_policy_holds_what_passed(told):
    policy = load(SHIPPED.replace(*deals.effect("line_unsigned", order="BLOCK")), version="9")
    found = control.backtest_json(control.backtest(policy, since=None, until=TOLD))
    held = found["newly_held"]
    assert [(one["order"], one["reasons"][0]) for one in held["orders"]] == [
        ("O1", "LINE_UNSIGNED"),
        ("O3", "LINE_UNSIGNED"),
    ]
    assert held["amounts"] == {"USD": "100.00"}
    assert held["paid_late"] == 2


def test_the_progress_is_told(told):
    steps = []
    control.backtest(policies.current().policy, since=None, until=TOLD, tick=lambda done, of: steps.append((done, of)))
    assert steps == [(1, 1)]
