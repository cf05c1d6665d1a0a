"""Of many customers only those are looked at with whom something can be wrong, and none of these is passed over."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import books
from tests.books import DAY
from xinheng.desk.control import breaching
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Breach
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules.road import Kind
from xinheng.site import founding

pytestmark = pytest.mark.django_db
LATE = DAY - timedelta(60)


def owes(code, amount, due=DAY, line=100_00, **more):
    who = books.customer(code, **more)
    if line != "none":
        books.line(who, line)
    if amount:
        books.add(books.document(who, Kind.INVOICE, f"I-{code}", amount, due_on=due, on=min(due, DAY)))
    return who


def a_crowd():
    """Customers in breach and others, of every sort."""
    books.found()
    exposure.set_rate(exposure.RateRow(DAY, "EUR", "USD", Decimal(2)), by=founding.console())
    owes("fine", 90_00)
    owes("full", 100_00)
    owes("nothing", 0)
    owes("cash", 90_00, line="none")
    owes("unbounded", 900_00, line=None)
    owes("over", 101_00)
    owes("late", 90_00, LATE)
    owes("late without a line", 90_00, LATE, line="none")
    owes("late without a bound", 90_00, LATE, line=None)
    member = owes("member", 120_00, line="none", group="G")
    row = limits.LineRow(kind="amount", currency="USD", amount=50_00, group_id=member.group_id)
    limits.set_line(row, on=DAY, by=founding.console())
    goods = owes("goods", 0)
    books.add(books.document(goods, Kind.DELIVERY, "D-goods", 150_00))
    foreign = owes("foreign", 0)
    books.add(replace(books.document(foreign, Kind.INVOICE, "I-foreign", 60_00, due_on=DAY), currency="EUR"))
    both = owes("two parts", 60_00)
    books.add(books.document(both, Kind.DELIVERY, "D-both", 60_00))
    for number in range(20):
        owes(f"quiet {number}", 10_00)
    return list(breaching.Customer.objects.values_list("pk", flat=True))


def in_breach():
    return set(Breach.objects.filter(ended_on=None).values_list("customer__code", "group__code"))


def test_nobody_in_breach_is_passed_over(monkeypatch):
    ids = a_crowd()
    control.look_for_breaches(ids, on=DAY, by=founding.console())
    quickly = in_breach()
    Breach.objects.update(ended_on=DAY)
    monkeypatch.setattr(breaching, "_FEW", len(ids))
    control.look_for_breaches(ids, on=DAY, by=founding.console())
    assert quickly == in_breach()
    assert {code for code, _ in quickly} >= {
        "over",
        "late",
        "late without a line",
        "goods",
        "foreign",
        "two parts",
        None,
    }
    assert not {code for code, _ in quickly} & {"fine", "full", "cash", "nothing", "unbounded"}


def test_one_that_stands_ends_among_many():
    ids = a_crowd()
    control.look_for_breaches(ids, on=DAY, by=founding.console())
    exposure.reverse(
        exposure.open_entry("test", by=founding.console()), list(exposure.Document.objects.filter(number="I-over"))
    )
    control.look_for_breaches(ids, on=DAY, by=founding.console())
    assert ("over", None) not in in_breach()


def test_the_quiet_ones_cost_nothing():
    books.found()
    ids = [owes(f"quiet {number}", 10_00).pk for number in range(30)]
    console = founding.console()
    with CaptureQueriesContext(connection) as asked:
        assert control.look_for_breaches(ids, on=DAY, by=console) == []
    assert len(asked) == 5, "one question for each thing that may be wrong, however many they are"
