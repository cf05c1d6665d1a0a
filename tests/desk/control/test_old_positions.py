"""An order that has partly left, been invoiced ahead or changed is looked at for what is still to come, never twice."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
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


def gone(who, number, amount, **more):
    row = sales.DeliveryRow(number=number, dated_on=DAY, currency="USD", amount=amount, **money.of(who), **more)
    return sales.record_deliveries(money.entry(), [row])[0]


def after(decision):
    return decision.outcome["measures"][0]["after"]


STORIES = {
    "nothing yet": (lambda who: None, 100_00),
    "partly gone": (lambda who: gone(who, "D", 60_00, order_number="O"), 100_00),
    "more gone than ordered": (lambda who: gone(who, "D", 130_00, order_number="O"), 130_00),
    "partly gone and invoiced": (
        lambda who: (gone(who, "D", 60_00, order_number="O"), money.invoice(who, "I", 60_00, delivery_number="D")),
        100_00,
    ),
    "invoiced ahead of the goods": (lambda who: money.invoice(who, "I", 70_00, order_number="O"), 100_00),
    "invoiced ahead in full": (lambda who: money.invoice(who, "I", 100_00, order_number="O"), 100_00),
    "returned in part": (
        lambda who: (
            gone(who, "D", 60_00, order_number="O"),
            sales.record_returns(
                money.entry(),
                [
                    sales.ReturnRow(
                        number="B", dated_on=DAY, currency="USD", amount=20_00, delivery_number="D", **money.of(who)
                    )
                ],
            ),
        ),
        80_00,
    ),
}


@pytest.mark.covers("OC-007")
@pytest.mark.parametrize("story", STORIES)
def test_checking_again_leaves_its_own_part_out_and_reserves_nothing_twice(acme, story):
    tell, owed = STORIES[story]
    books.line(acme, 130_00)
    one = deals.checked(acme, "O", 100_00)
    tell(acme)
    before = books.stands(acme)
    for _ in range(2):
        decision = deals.check(one)
        assert decision.verdict in {"approved", "watch"}
        assert after(decision) == owed
        assert books.stands(acme) == before
    assert list(verification.differences()) == []


@pytest.mark.parametrize("story", [name for name in STORIES if name not in {"more gone than ordered"}])
def test_what_leaves_next_is_not_counted_again(acme, story):
    tell, owed = STORIES[story]
    one = deals.checked(acme, "O", 100_00)
    tell(acme)
    deals.ship(one)
    assert deals.last(one).point == "DELIVERY"
    assert after(deals.last(one)) == owed
    assert sum(books.stands(acme).values()) == owed
    assert list(verification.differences()) == []


def test_goods_invoiced_ahead_are_still_checked_when_they_leave(acme):
    one = deals.checked(acme, "O", 100_00)
    money.invoice(acme, "I", 100_00, order_number="O", due_on=DAY + timedelta(30))
    books.line(acme, 99_00)
    with pytest.raises(control.StillHeld) as held:
        deals.ship(one)
    assert set(held.value.params["reasons"]) == {"OVER_LIMIT", "BREACH"}


def test_a_part_of_it_leaves_on_a_limit_that_carries_all_of_it(acme):
    one = deals.checked(acme, "O", 100_00)
    deals.ship(one, amount=40_00)
    assert after(deals.last(one)) == 100_00
    deals.ship(one, amount=60_00)
    assert after(deals.last(one)) == 100_00


def test_an_order_held_after_it_partly_left_waits_for_the_rest_only(acme):
    one = deals.checked(acme, "O", 100_00)
    gone(acme, "D", 60_00, order_number="O")
    grown = deals.change(one, amount=120_00)
    assert (grown.verdict, after(grown)) == ("held", 120_00)
    assert books.stands(acme) == {"DELIVERED": 60_00}
    books.line(acme, 120_00)
    assert deals.state(one) == "APPROVED"
    assert books.stands(acme) == {"DELIVERED": 60_00, "ORDERED": 60_00}


def test_a_release_is_for_the_whole_order_whatever_has_left(acme):
    one = deals.checked(acme, "O", 150_00)
    control.sign_release(one, reason="yes", on=DAY, by=books.person("fm", "FINANCE_MANAGER"))
    deals.ship(one, amount=60_00)
    assert deals.check(one).verdict == "watch"
    assert deals.ship(one, amount=40_00).amount == 40_00
    grown = deals.change(one, amount=151_00)
    assert (grown.verdict, deals.reasons(grown)) == ("held", ["OVER_LIMIT", "RELEASE_EXPIRED"])


def test_cutting_it_as_told_frees_an_order_that_has_partly_left(acme):
    one = deals.checked(acme, "O", 100_00)
    gone(acme, "D", 60_00, order_number="O")
    held = deals.change(one, amount=130_00)
    steps = [step for free in held.outcome["frees"] for step in free["steps"] if step["kind"] == "REDUCE_ORDER"]
    assert steps[0]["params"]["to"] == 100_00
    assert deals.change(one, amount=100_00).verdict == "watch"


def receive(who, number, amount):
    return cash.post_receipt(money.receipt_row(who, number, amount), on=DAY, by=founding.console())


def test_a_prepaid_order_needs_money_for_all_of_it_whatever_has_left(acme):
    receive(acme, "R", 100_00)
    one = deals.checked(acme, "O", 100_00, payment="prepaid")
    deals.ship(one, amount=60_00)
    assert deals.check(one).verdict == "approved"
    assert cash.reserved_for(one.pk) == 100_00
    deals.ship(one)
    grown = deals.change(one, amount=120_00)
    assert (grown.verdict, deals.reasons(grown)) == ("held", ["PREPAYMENT_SHORT"])
    receive(acme, "S", 20_00)
    assert deals.state(one) == "APPROVED"


def test_a_prepaid_order_invoiced_ahead_still_needs_its_money(acme):
    one = deals.order(acme, "O", 100_00, payment="prepaid")
    money.invoice(acme, "I", 100_00, order_number="O")
    held = deals.check(one)
    assert (held.verdict, deals.reasons(held)) == ("held", ["PREPAYMENT_SHORT"])
    receive(acme, "R", 100_00)
    assert deals.state(one) == "APPROVED"


@pytest.mark.covers("LM-003")
def test_as_of_a_past_day_paper_weighs_as_it_stood_then(acme):
    """A small bank's acceptance weighs half while it is held, a cheque all; what has cleared since weighed then."""
    for number, kind, acceptor, amount in (
        ("B-1", "BANK_ACCEPTANCE", "SMALL_BANK", 40_00),
        ("B-2", "CHEQUE", "", 20_00),
    ):
        money.invoice(acme, f"I-{number}", amount, on=DAY - timedelta(9))
        stated = {"kind": kind, "acceptor": acceptor} if acceptor else {"kind": kind}
        document = money.paper(acme, number, amount, DAY - timedelta(8), invoice_number=f"I-{number}", **stated)
        cash.clear_instrument(document, cleared_on=DAY - timedelta(2), on=DAY, by=founding.console())

    def weighs(days_ago):
        moment = exposure.Moment(DAY - timedelta(days_ago))
        return control.standing(acme, exposure.entity(), moment).exposure

    assert [weighs(days) for days in (9, 8, 3, 2, 0)] == [60_00, 40_00, 40_00, 0, 0]
