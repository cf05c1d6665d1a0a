"""An invoice that stands again with another due day is the same debt: what stood for it stands for it again."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Moment
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.site import verification

pytestmark = [pytest.mark.django_db, pytest.mark.covers("LM-010", "AR-012")]
DAYS = timedelta
ISSUED, CAME, DUE = DAY - DAYS(10), DAY - DAYS(3), DAY + DAYS(27)


@pytest.fixture
def waiting(acme):
    """100.00 owed, due thirty days after goods that are not here yet."""
    money.invoice(acme, "I1", 100_00, ISSUED, term="30D from DELIVERY", delivery_number="D1")
    return acme


def goods_come(who):
    row = sales.DeliveryRow(number="D1", dated_on=CAME, amount=100_00, currency="USD", **money.of(who))
    sales.record_deliveries(money.entry(), [row])


def on_each_day(who):
    """What stands where at the end of every day around."""
    return [books.stands(who, Moment(ISSUED + DAYS(day))) for day in range(40)]


def invoice():
    return Document.objects.get(kind=Kind.INVOICE, reversed_by=None)


def owed():
    return [(item.due_on, item.open) for item in receivables.open_items(receivables.Ask(exposure.NOW))]


def nothing(who, bill, console):
    """The paper stays where it is."""


def paid(who, bill, console):
    cash.clear_instrument(bill, cleared_on=DAY + DAYS(5), on=DAY, by=console)


def refused(who, bill, console):
    cash.dishonour_instrument(bill, dishonoured_on=DAY + DAYS(5), by=console)


def passed_on(who, bill, console):
    cash.endorse_instrument(bill, endorsed_on=DAY + DAYS(2), by=console)


def passed_on_and_refused(who, bill, console):
    passed_on(who, bill, console)
    refused(who, bill, console)


def passed_on_and_paid(who, bill, console):
    passed_on(who, bill, console)
    paid(who, bill, console)


@pytest.mark.parametrize("face", [60_00, 100_00, 130_00])
@pytest.mark.parametrize(
    "then", [nothing, paid, refused, passed_on, passed_on_and_refused, passed_on_and_paid], ids=lambda one: one.__name__
)
def test_paper_stands_for_it_again_wherever_it_has_got_to(waiting, console, then, face):
    bill = money.paper(waiting, "B1", face, DAY, invoice_number="I1")
    then(waiting, bill, console)
    before, left = on_each_day(waiting), owed()
    goods_come(waiting)
    assert invoice().due_on == DUE
    assert on_each_day(waiting) == before
    assert set(owed()) == {(due or DUE, amount) for due, amount in left}
    assert list(verification.differences()) == []


def test_refused_after_that_it_is_owed_with_the_new_day(waiting, console):
    bill = money.paper(waiting, "B1", 100_00, DAY, invoice_number="I1")
    goods_come(waiting)
    cash.dishonour_instrument(bill, dishonoured_on=DAY + DAYS(5), by=console)
    assert owed() == [(DUE, 100_00)]
    assert list(verification.differences()) == []


def test_the_bill_can_still_be_taken_back(waiting, console):
    bill = money.paper(waiting, "B1", 100_00, DAY, invoice_number="I1")
    goods_come(waiting)
    cash.reverse_instrument(bill, reason="wrong", by=console)
    assert books.stands(waiting) == {"INVOICED": 100_00}
    assert owed() == [(DUE, 100_00)]
    assert list(verification.differences()) == []


def test_bad_debt_and_what_was_recovered_of_it_come_along(waiting, console):
    receivables.write_off(invoice(), reason="gone", on=DAY, by=console, amount=70_00)
    money.receipt(waiting, "R1", 50_00, DAY)
    receivables.record_recoveries(money.entry(), [money.allocation_row("R1", "I1", 20_00)])
    money.allocate("R1", "I1", 30_00)
    before = on_each_day(waiting)
    goods_come(waiting)
    assert invoice().due_on == DUE
    assert on_each_day(waiting) == before
    assert receivables.undo_write_off(invoice(), reason="found", on=DAY, by=console) == 50_00
    assert owed() == [(DUE, 50_00)]
    assert list(verification.differences()) == []


def test_money_paper_and_bad_debt_of_a_closed_month_stay_as_they_were_told(waiting, console):
    bill = money.paper(waiting, "B1", 40_00, ISSUED + DAYS(1), invoice_number="I1")
    money.receipt(waiting, "R1", 30_00, ISSUED + DAYS(2))
    money.allocate("R1", "I1", 30_00, ISSUED + DAYS(2))
    receivables.write_off(invoice(), reason="gone", on=ISSUED + DAYS(3), by=console, amount=10_00)
    books.close_month(ISSUED, by=console)
    before = on_each_day(waiting)
    goods_come(waiting)
    assert on_each_day(waiting) == before
    assert invoice().effective_on == DAY.replace(day=1)
    cash.dishonour_instrument(bill, dishonoured_on=DAY, by=console)
    assert owed() == [(DUE, 60_00)]
    assert list(verification.differences()) == []
