"""Goods on their way out: checked when they leave, let go by a shipping order, listed by name when none covers them."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base.errors import Refused, SamePerson, WrongState
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    books.found()
    who = books.customer("A", salesperson="S01")
    books.line(who, 500_00)
    return who


def let_go(one, on=DAY, **more):
    return control.let_go(deals.again(one), on=on, by=founding.console(), **more)


def gone(who, number, amount, on=DAY, **more):
    """Goods that a file says have left."""
    row = sales.DeliveryRow(number=number, dated_on=on, amount=amount, **{"currency": "USD", **money.of(who), **more})
    return sales.record_deliveries(money.entry(), [row])[0]


def listed():
    rows = sales.Unreleased.objects.order_by("delivery__number")
    return [(one.delivery.number, one.amount, one.reason, one.responsible) for one in rows]


@pytest.mark.covers("OC-009")
def test_a_shipping_order_is_issued_only_for_what_may_leave(acme):
    one = deals.order(acme, "O", 100_00)
    with pytest.raises(WrongState):
        let_go(one)
    deals.check(one)
    issued = let_go(one)
    assert (issued.amount, issued.expires_on) == (100_00, DAY + timedelta(7))
    with pytest.raises(WrongState):  # everything is covered already
        let_go(one)
    with pytest.raises(WrongState):
        let_go(one, amount=1)
    held = deals.checked(acme, "P", 900_00)
    with pytest.raises(WrongState):
        let_go(held)
    assert sales.ShippingOrder.objects.count() == 1


def test_goods_go_in_parts_each_on_what_was_issued(acme):
    one = deals.checked(acme, "O", 100_00)
    first = let_go(one, amount=60_00)
    delivery = deals.ship(one, amount=40_00)
    assert [(use.shipping_order, use.amount) for use in delivery.left_on.all()] == [(first, 40_00)]
    assert first.left == 20_00
    rest = deals.ship(one)  # 20 of it on what is left, 40 on one issued now
    assert sorted(use.amount for use in rest.left_on.all()) == [20_00, 40_00]
    assert (sales.remaining(deals.again(one)), listed()) == (0, [])
    with pytest.raises(WrongState):
        deals.ship(one)
    assert books.stands(acme) == {"DELIVERED": 100_00}


def test_no_more_leaves_than_was_ordered(acme):
    one = deals.checked(acme, "O", 100_00)
    with pytest.raises(WrongState):
        deals.ship(one, amount=100_01)
    with pytest.raises(WrongState):
        deals.ship(one, amount=0)


def test_a_token_lets_go_what_it_says_and_no_more(acme):
    one, two = deals.checked(acme, "O", 100_00), deals.checked(acme, "P", 100_00)
    token = let_go(one, amount=60_00).token
    faults = []
    for order, stated in ((two, {"token": token}), (one, {"token": token, "amount": 61_00}), (one, {"token": "x"})):
        with pytest.raises(sales.BadShippingOrder) as bad:
            deals.ship(order, **stated)
        faults.append(bad.value.params["fault"])
    assert faults == ["OTHER_ORDER", "TOO_SMALL", "UNKNOWN"]
    with pytest.raises(sales.BadShippingOrder) as bad:
        deals.ship(one, DAY + timedelta(8), token=token)
    assert bad.value.params["fault"] == "EXPIRED"
    assert deals.ship(one, token=token).amount == 60_00
    with pytest.raises(sales.BadShippingOrder) as bad:
        deals.ship(one, token=token)
    assert bad.value.params["fault"] == "USED_UP"


@pytest.mark.covers("OC-008", "OC-013")
@pytest.mark.parametrize("why", ["hold", "delivery stop", "breach", "change", "forced hold", "cancelled", "held again"])
def test_a_shipping_order_is_taken_back_when_the_goods_must_not_leave_any_more(acme, why):
    one = deals.checked(acme, "O", 100_00)
    token = let_go(one).token
    by = founding.console()
    if why == "hold":
        limits.place_hold(customer=acme, by=by, reason="stop")
    elif why == "delivery stop":
        limits.place_hold(customer=acme, by=by, reason="overdue", cause="DELIVERY_STOP")
    elif why == "breach":
        money.invoice(acme, "I", 20_00, DAY - timedelta(60), due_on=DAY - timedelta(30))
        control.start_day(DAY, by=by)
    elif why == "change":
        deals.change(one, amount=90_00)
    elif why == "forced hold":
        control.force_hold(one, reason="wait", on=DAY, by=by)
    elif why == "cancelled":
        sales.cancel_order(one, on=DAY, by=by)
    else:
        limits.set_line(limits.LineRow(kind="none", currency="USD", customer_id=acme.pk), on=DAY, by=by)
        deals.check(one)
    with pytest.raises(sales.BadShippingOrder) as bad:
        deals.ship(one, token=token)
    assert bad.value.params["fault"] == "REVOKED"
    gone(acme, "D", 100_00, order_number="O")
    assert listed() == [("D", 100_00, "RELEASE_REVOKED", "S01")]


def test_a_warning_that_only_counts_at_the_order_leaves_goods_alone(acme):
    one = deals.checked(acme, "O", 100_00)
    token = let_go(one).token
    limits.place_hold(customer=acme, by=founding.console(), reason="watch", cause="WARNING")
    assert deals.ship(one, token=token).amount == 100_00


@pytest.mark.covers("OC-013")
def test_the_credit_administrator_stops_deliveries_and_nothing_else(acme):
    administrator = books.person("ca", "CREDIT_ADMINISTRATOR")
    one = deals.checked(acme, "O", 100_00)
    hold = limits.place_hold(customer=acme, by=administrator, reason="overdue", cause="DELIVERY_STOP")
    assert (hold.scope, hold.forced) == ("DELIVERIES", False)
    assert deals.check(deals.order(acme, "P", 1_00)).verdict == "approved"
    with pytest.raises(control.StillHeld) as held:
        deals.ship(one)
    assert held.value.params["reasons"] == ["ON_HOLD"]
    with pytest.raises(Refused):
        limits.place_hold(customer=acme, by=books.person("s", "SALESPERSON"), reason="x", cause="DELIVERY_STOP")
    limits.lift_hold(hold, by=founding.console(), reason="paid", on=DAY)
    assert deals.ship(one).amount == 100_00


@pytest.mark.covers("OC-009")
def test_what_left_on_nothing_is_listed_with_why_and_who(acme):
    nobody = books.customer("B")
    one = deals.checked(acme, "O", 100_00, salesperson="S02")
    gone(acme, "D1", 10_00)
    gone(nobody, "D2", 10_00)
    gone(acme, "D3", 10_00, order_number="O")
    let_go(one, amount=20_00)
    gone(acme, "D4", 30_00, order_number="O")
    gone(acme, "D5", 5_00, order_number="O")
    assert listed() == [
        ("D1", 10_00, "NO_ORDER", "S01"),
        ("D2", 10_00, "NO_ORDER", "console"),
        ("D3", 10_00, "NO_RELEASE", "S02"),
        ("D4", 10_00, "MORE_THAN_RELEASED", "S02"),
        ("D5", 5_00, "MORE_THAN_RELEASED", "S02"),
    ]


def test_a_delivery_that_states_a_token_leaves_on_that_one_only(acme):
    one = deals.checked(acme, "O", 100_00)
    first, second = let_go(one, amount=30_00), let_go(one, amount=30_00)
    gone(acme, "D1", 30_00, order_number="O", token=second.token)
    assert (first.left, second.left) == (30_00, 0)
    gone(acme, "D2", 5_00, order_number="O", token="made-up")
    assert listed() == [("D2", 5_00, "NO_RELEASE", "S01")]


def test_a_late_delivery_on_an_expired_shipping_order_is_listed(acme):
    one = deals.checked(acme, "O", 100_00)
    let_go(one)
    gone(acme, "D", 100_00, DAY + timedelta(8), order_number="O")
    assert listed() == [("D", 100_00, "RELEASE_EXPIRED", "S01")]


def test_a_delivery_taken_back_gives_its_shipping_order_back(acme):
    one = deals.checked(acme, "O", 100_00)
    issued = let_go(one)
    delivery = gone(acme, "D", 100_00, order_number="O")
    assert issued.left == 0
    exposure.reverse(money.entry(), [delivery])
    assert issued.left == 100_00
    assert deals.ship(one, token=issued.token).amount == 100_00
    assert list(verification.differences()) == []


def test_history_taken_over_needs_no_release(acme):
    row = sales.DeliveryRow(number="D", dated_on=DAY, currency="USD", amount=1, **money.of(acme))
    sales.record_deliveries(money.entry(), [row], opening=True)
    assert listed() == []


def test_somebody_entitled_settles_the_case_with_a_reason(acme):
    gone(acme, "D", 10_00)
    manager = books.person("fm", "FINANCE_MANAGER")
    found = sales.unreleased_by_number("D")
    for person, error in (
        (books.person("s", "SALESPERSON"), Refused),
        (founding.console(), Refused),
        (books.person("own", "SALES_MANAGER", code="S01"), SamePerson),
    ):
        with pytest.raises(error):
            sales.settle_unreleased(found, reason="fine", by=person)
    settled = sales.settle_unreleased(found, reason="the driver was told by telephone", by=manager)
    assert (settled.settled_by, settled.settled_reason) == (manager, "the driver was told by telephone")
    with pytest.raises(WrongState):
        sales.settle_unreleased(found, reason="again", by=manager)


def test_a_release_at_the_order_bounds_the_shipping_order_it_carries(acme):
    books.line(acme, 50_00)
    one = deals.checked(acme, "O", 100_00)
    control.sign_release(one, reason="yes", on=DAY, by=books.person("fm", "FINANCE_MANAGER"))
    issued = let_go(one, DAY + timedelta(5))
    assert issued.expires_on == DAY + timedelta(7)
    with pytest.raises(control.StillHeld):
        deals.ship(one, DAY + timedelta(8))


def test_the_check_at_delivery_is_kept_even_when_it_stops_the_goods(acme):
    one = deals.checked(acme, "O", 100_00)
    limits.place_hold(customer=acme, by=founding.console(), reason="stop")
    with pytest.raises(control.StillHeld):
        deals.ship(one)
    decision = deals.last(one)
    assert (decision.point, decision.verdict, deals.blocks(decision)) == ("DELIVERY", "held", ["FORCED_HOLD"])
    assert deals.again(one).stopped_goods == 100_00
    assert books.stands(acme) == {"ORDERED": 100_00}


def test_goods_in_another_currency_or_for_another_customer_use_nothing_of_an_order(acme):
    other = books.customer("B")
    one = deals.checked(acme, "O", 100_00)
    issued = let_go(one)
    gone(acme, "D1", 20_00, order_number="O", currency="EUR")
    gone(other, "D2", 20_00, order_number="O")
    assert (issued.left, sales.remaining(deals.again(one))) == (100_00, 100_00)
    assert [(number, reason) for number, _, reason, _ in listed()] == [("D1", "NO_RELEASE"), ("D2", "NO_RELEASE")]
