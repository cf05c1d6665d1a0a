"""Sums by day over all movements: kept, added to, and always what the whole ledger says."""

from datetime import date, timedelta

import pytest

from tests import books
from xinheng.base import clock, sql
from xinheng.desk.exposure import public as exposure
from xinheng.rules.road import Kind
from xinheng.site import founding
from xinheng.site.pages import history

pytestmark = pytest.mark.django_db
EVERYBODY = history.EVERYBODY


@pytest.fixture
def later(monkeypatch):
    """``later(minutes)``: so much time passes."""
    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def passes(minutes):
        now[0] += timedelta(minutes=minutes)

    return passes


def from_the_ledger():
    return history._read("", [])


def invoice(who, number, amount, on):
    return books.add(books.document(who, Kind.INVOICE, number, amount, on=on, due_on=on))[0]


def test_what_is_kept_and_what_came_since_are_together_the_ledger(acme, later):
    invoice(acme, "I1", 50_00, date(2026, 1, 5))
    assert history.invoiced(EVERYBODY) == from_the_ledger() == {("2026-01-05", "USD"): (50_00, 50_00)}
    second = invoice(acme, "I2", 30_00, date(2026, 2, 5))
    assert history.invoiced(EVERYBODY) == from_the_ledger()
    later(11)
    assert history.invoiced(EVERYBODY) == from_the_ledger()
    exposure.reverse(exposure.open_entry("test", by=founding.console()), [second])
    invoice(acme, "I3", 7_00, date(2026, 1, 5))
    later(11)
    assert history.invoiced(EVERYBODY) == from_the_ledger()
    later(11)
    assert history.invoiced(EVERYBODY) == from_the_ledger()
    assert history.invoiced(EVERYBODY)["2026-01-05", "USD"] == (57_00, 57_00)


def test_a_movement_that_is_committed_late_is_not_missed(acme, later):
    """Ids are given out before they are committed: what is younger than a transaction may last is always read again."""
    invoice(acme, "I1", 50_00, date(2026, 1, 5))
    history.invoiced(EVERYBODY)
    later(5)
    history.invoiced(EVERYBODY)
    kept = history.cache.get(history._KEY)
    assert kept[0] == 0
    later(6)
    history.invoiced(EVERYBODY)
    newest = sql.fetch("SELECT MAX(id) FROM exposure_movement")[0][0]
    assert history.cache.get(history._KEY)[0] == newest


def test_goods_invoiced_later_are_sold_when_they_are_invoiced(acme):
    delivery = books.add(books.document(acme, Kind.DELIVERY, "D1", 40_00, on=date(2026, 1, 3)))[0]
    books.add(
        books.document(acme, Kind.INVOICE, "I1", 40_00, on=date(2026, 1, 20), due_on=books.DAY, delivery_number="D1")
    )
    assert delivery.number == "D1"
    assert history.invoiced(EVERYBODY) == {("2026-01-20", "USD"): (40_00, 40_00)}
