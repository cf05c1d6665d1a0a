"""Shadow mode on live orders: they go ahead, what would have held them is kept, and the list tells what came of it."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.desk.control import public as control
from xinheng.desk.control import watched
from xinheng.desk.control.models import Decision
from xinheng.desk.limits import public as limits
from xinheng.desk.notices.models import Notice
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db
SHADOW = ("[shadow]\nclasses = {}", '[shadow]\nclasses = { ORDER = ["*"], DELIVERY = ["RETAIL"] }')


@pytest.fixture
def acme():
    books.found()
    found = books.customer("A", salesperson="S01")
    books.line(found, 100_00)
    deals.policy(SHADOW)
    return found


def test_an_order_goes_ahead_and_the_decision_says_what_would_have_held_it(acme):
    one = deals.order(acme, "O", 150_00)
    decision = deals.check(one)
    assert (decision.verdict, decision.shadow, deals.state(one)) == ("watch", True, "APPROVED")
    assert books.stands(acme) == {"ORDERED": 150_00}
    assert [(each["code"], each["effect"]) for each in decision.outcome["reasons"]] == [("OVER_LIMIT", "SHADOW")]
    assert control.decision_json(decision)["shadow"] is True
    assert not Notice.objects.exists()
    assert [each.differs for each in control.replay(control.every_decision())] == [False]
    assert list(verification.differences()) == []


def test_what_is_not_watched_holds_as_ever(acme):
    one = deals.order(acme, "O", 150_00)
    deals.check(one)
    with pytest.raises(control.StillHeld):  # its goods: only those of RETAIL are watched
        deals.ship(one, amount=150_00)
    assert Decision.objects.filter(shadow=True).count() == 1


def test_a_forced_hold_stops_it_all_the_same(acme):
    limits.place_hold(customer=acme, reason="fraud", by=founding.console())
    one = deals.order(acme, "O", 150_00)
    decision = deals.check(one)
    assert (decision.verdict, decision.shadow, deals.state(one)) == ("held", False, "HELD")


def test_the_list_counts_each_order_once_with_its_money_and_who_paid_late(acme):
    good = books.customer("B")
    books.line(good, 10_00)
    for who, number, amount in ((acme, "O1", 150_00), (acme, "O2", 30_00), (good, "O3", 20_00), (good, "O4", 1_00)):
        one = deals.order(who, number, amount)
        deals.check(one)
        deals.check(one)  # looked at twice, told once
    money.invoice(acme, "I", 40_00, due_on=DAY + timedelta(5))
    later = DAY + timedelta(6)
    rows = watched.would_hold(founding.console(), today=later)
    assert [(one.number, one.late) for one in rows] == [("O4", False), ("O3", False), ("O2", True), ("O1", True)]
    seen = watched.summed(rows)
    assert (seen.count, seen.amounts, seen.late) == (4, {"USD": 201_00}, 2)
    assert seen.by_reason == {("OVER_LIMIT", "USD"): 201_00}
    early = watched.would_hold(founding.console(), today=DAY)
    assert not any(one.late for one in early)


def test_money_that_came_after_the_due_day_was_late_too(acme):
    deals.check(deals.order(acme, "O", 150_00))
    money.invoice(acme, "I", 40_00, due_on=DAY + timedelta(5))
    money.invoice(acme, "J", 40_00, due_on=DAY + timedelta(5))
    money.receipt(acme, "R", 80_00, DAY + timedelta(9))
    money.allocate("R", "I", 40_00, DAY + timedelta(4))
    money.allocate("R", "J", 40_00, DAY + timedelta(9))
    at = [watched.would_hold(founding.console(), today=DAY + timedelta(days)).get().late for days in (5, 8, 9)]
    assert at == [False, True, True]


def test_whoever_does_not_see_the_customer_does_not_see_its_orders(acme):
    deals.check(deals.order(acme, "O", 150_00))
    other = books.person("other", "SALESPERSON", code="S99")
    mine = books.person("mine", "SALESPERSON", code="S01")
    assert not watched.would_hold(other, today=DAY).exists()
    assert watched.would_hold(mine, today=DAY).count() == 1
