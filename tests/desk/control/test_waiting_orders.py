"""What waits is looked at again by itself, oldest first, whenever something may have freed it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base import audit
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.control import waiting
from xinheng.desk.control.models import Decision, Occasion
from xinheng.desk.customers.public import change_customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    books.found()
    who = books.customer("A", salesperson="S01")
    books.line(who, 100_00)
    return who


def by():
    return founding.console()


def receipt(who, number="R", amount=50_00):
    return cash.post_receipt(money.receipt_row(who, number, amount), on=DAY, by=by())


def _receipt(acme):
    receipt(acme)


def _cheque_clears(acme):
    cheque = cash.post_receipt(money.receipt_row(acme, "R", 50_00, method="cheque"), on=DAY, by=by())
    assert deals.Order.objects.filter(state="HELD").exists()
    cash.clear_receipt(cheque, cleared_on=DAY, on=DAY, by=by())


def _credit_note(acme):
    receivables.post_credit_note(money.credit_note_row(acme, "C", 50_00), on=DAY, by=by())


def _line(acme):
    books.line(acme, 150_00)


def _order_cancelled(acme):
    sales.cancel_order(sales.order_by_number("FIRST"), on=DAY, by=by())


def _order_shrinks(acme):
    deals.change(sales.order_by_number("FIRST"), amount=40_00)


def _order_stopped(acme):
    control.force_hold(sales.order_by_number("FIRST"), reason="wait", on=DAY, by=by())


def _order_held_again(acme):
    hold = sales.order_by_number("FIRST")
    hold.instrument = "LETTER_OF_CREDIT"
    hold.save()
    assert deals.check(hold).verdict == "held"


def _invoice_back(acme):
    receivables.reverse_invoice(exposure.document(30, "OLD"), reason="wrong", by=by())


def _write_off(acme):
    receivables.write_off(exposure.document(30, "OLD"), reason="gone", on=DAY, by=by())
    hold = limits.Hold.objects.get()
    limits.lift_hold(hold, by=by(), reason="they pay before", on=DAY)


def _bank_bill(acme):
    row = money.paper_row(
        acme,
        "B",
        50_00,
        kind="BANK_ACCEPTANCE",
        acceptor="LARGE_BANK",
        invoice_number="OLD",
        maturity=DAY + timedelta(90),
    )
    cash.post_instrument(row, by=by())


FREED = {
    "RECEIPT": _receipt,
    "RECEIPT after clearing": _cheque_clears,
    "CREDIT_NOTE": _credit_note,
    "LINE": _line,
    "ORDER cancelled": _order_cancelled,
    "ORDER shrinks": _order_shrinks,
    "ORDER stopped": _order_stopped,
    "ORDER held again": _order_held_again,
    "INVOICE": _invoice_back,
    "HOLD": _write_off,
    "INSTRUMENT": _bank_bill,
}


@pytest.mark.covers("OC-002", "OC-003")
@pytest.mark.parametrize("what", FREED)
def test_it_is_free_by_itself(acme, what):
    money.invoice(acme, "OLD", 50_00, due_on=DAY + timedelta(30))
    first = deals.checked(acme, "FIRST", 50_00)
    waits = deals.checked(acme, "WAITS", 10_00)
    assert (deals.state(first), deals.state(waits)) == ("APPROVED", "HELD")
    FREED[what](acme)
    assert deals.state(waits) == "APPROVED"
    assert deals.last(waits).cause == what.split()[0]
    assert list(audit.differences(exposure.heads())) == []


def test_an_allocation_frees_what_overdue_debt_held(acme):
    deals.policy(deals.effect("overdue_days", order="BLOCK"))
    money.invoice(acme, "OLD", 50_00, DAY - timedelta(60), due_on=DAY - timedelta(30))
    waits = deals.checked(acme, "WAITS", 10_00)
    paid = receipt(acme)
    assert deals.state(waits) == "HELD"
    receivables.allocate_oldest(paid, dated_on=DAY, on=DAY, by=by())
    assert (deals.state(waits), deals.last(waits).cause) == ("APPROVED", "ALLOCATION")


def test_a_rate_frees_what_it_held(acme):
    waits = deals.checked(acme, "WAITS", 10_00, currency="EUR")
    dear = deals.checked(acme, "DEAR", 99_00, currency="EUR")
    assert deals.reasons(deals.last(waits)) == ["RATE_MISSING"]
    exposure.set_rate(exposure.RateRow(DAY, "EUR", "USD", Decimal("1.10")), by=by())
    assert (deals.state(waits), deals.state(dear)) == ("APPROVED", "HELD")
    assert deals.last(waits).cause == "RATE"
    exposure.set_rate(exposure.RateRow(DAY, "EUR", "USD", Decimal("0.90")), by=by())
    assert deals.state(dear) == "APPROVED"


def test_a_customer_made_active_again_is_looked_at(acme):
    change_customer(acme, by=by(), status="INACTIVE")
    waits = deals.checked(acme, "WAITS", 10_00)
    assert deals.reasons(deals.last(waits)) == ["CUSTOMER_INACTIVE"]
    acme.refresh_from_db()
    change_customer(acme, by=by(), status="ACTIVE")
    assert (deals.state(waits), deals.last(waits).cause) == ("APPROVED", "CUSTOMER")


def test_the_oldest_comes_first_and_no_two_take_the_last_of_a_limit(acme):
    books.line(acme, 1)
    younger = deals.checked(acme, "A-younger", 60_00, DAY)
    older = deals.checked(acme, "Z-older", 60_00, DAY - timedelta(1))
    same_day = deals.checked(acme, "B-same-day", 30_00, DAY)
    books.line(acme, 100_00)
    assert [deals.state(one) for one in (older, younger, same_day)] == ["APPROVED", "HELD", "APPROVED"]
    assert books.stands(acme) == {"ORDERED": 90_00}
    looked = Decision.objects.filter(cause="LINE").order_by("id")
    assert [one.number for one in looked][-3:] == ["Z-older", "A-younger", "B-same-day"]


def test_members_of_a_group_share_what_comes_free(acme):
    one, two = books.customer("M1", group="G"), books.customer("M2", group="G")
    row = limits.LineRow(kind="amount", currency="USD", amount=100_00, group_id=one.group_id)
    limits.set_line(row, on=DAY, by=by())
    money.invoice(one, "I", 100_00, due_on=DAY + timedelta(30))
    waits = deals.checked(two, "WAITS", 40_00)
    also = deals.checked(one, "ALSO", 40_00)
    receipt(one, amount=60_00)
    assert (deals.state(waits), deals.state(also)) == ("APPROVED", "HELD")


def test_what_nobody_checked_or_somebody_stopped_is_left_alone(acme):
    entered = deals.order(acme, "ENTERED", 10_00)
    stopped = deals.checked(acme, "STOPPED", 10_00)
    control.force_hold(stopped, reason="wait", on=DAY, by=by())
    rejected = deals.checked(acme, "REJECTED", 500_00)
    control.reject(rejected, reason="no", by=by())
    books.line(acme, 900_00)
    assert [deals.state(one) for one in (entered, stopped, rejected)] == ["ENTERED", "HELD", "REJECTED"]


def test_money_for_somebody_else_looks_at_nobody(acme):
    deals.checked(acme, "WAITS", 500_00)
    count = Decision.objects.count()
    receipt(books.customer("B"))
    assert Decision.objects.count() == count


def test_every_occasion_is_kept_for_back_tests(acme):
    receipt(acme)
    kept = Occasion.objects.get(cause="RECEIPT")
    assert (kept.customer, kept.on, kept.by) == (acme, DAY, by())


def test_the_paper_an_order_needs_holds_it_until_somebody_approves_it(acme):
    one = deals.checked(acme, "O", 10_00, needs=("contract C-7", "special price"))
    held = deals.last(one)
    assert deals.reasons(held) == ["MISSING_APPROVAL"]
    assert held.outcome["frees"][0]["steps"][0]["params"]["documents"] == ["contract C-7", "special price"]
    director = books.person("sd", "SALES_DIRECTOR")
    sales.approve_paper(one, "contract C-7", reason="sealed", on=DAY, by=director)
    assert deals.state(one) == "HELD"
    sales.approve_paper(one, "special price", reason="once", on=DAY, by=director)
    assert (deals.state(one), deals.last(one).cause) == ("APPROVED", "PAPER")


def test_stopped_goods_stand_in_the_queue_of_those_who_sign(acme, client):
    one = deals.checked(acme, "O", 50_00)
    limits.place_hold(customer=acme, by=by(), reason="look", cause="DELIVERY_STOP")
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    manager = books.person("fm", "FINANCE_MANAGER")
    (row,) = waiting.waiting_for(manager)
    assert (row.pk, row.decision_id) == (one.pk, deals.last(one).pk)
    client.force_login(manager)
    said = client.post(f"/control/orders/{one.pk}/verdict/", {"verb": "release", "reason": "one load only"})
    assert said.status_code == 302
    assert deals.again(one).stopped_goods is None
    assert deals.ship(one).amount == 50_00
