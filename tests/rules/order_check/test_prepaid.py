"""预付: exempt from the limit, not from money; it passes up to the cleared money that nobody else has reserved."""

import pytest

from tests.rules.order_check.making import NO_LINE, codes, facts, holder, line, paid, params, policy, rule, verdict
from xinheng.rules.order_check import check
from xinheng.rules.order_check.facts import LineKind
from xinheng.rules.policy import Payment, shipped

pytestmark = pytest.mark.covers("OC-007")
PREPAID = Payment.PREPAID


@pytest.mark.parametrize(("money", "expected"), [(100, "approved"), (101, "approved"), (99, "held"), (0, "held")])
def test_it_passes_up_to_the_money_that_is_there(money, expected):
    assert verdict(paid(PREPAID, 100, prepaid_money=money)) == expected


@pytest.mark.parametrize("limit", [NO_LINE, line(0), LineKind.NONE, line(withdrawn=True)])
def test_it_needs_no_limit(limit):
    assert verdict(paid(PREPAID, 100, holder(limit, 10**6), prepaid_money=100)) == "approved"


def test_the_reason_tells_what_is_short():
    decision = check(paid(PREPAID, 100, prepaid_money=30), shipped())
    assert params(decision, "PREPAYMENT_SHORT") == {"money": 30, "amount": 100, "short": 70, "currency": "CNY"}


def test_the_money_is_for_the_whole_order_of_which_a_part_has_left():
    assert verdict(paid(PREPAID, 40, passed=60, prepaid_money=100)) == "approved"
    assert params(check(paid(PREPAID, 40, passed=60, prepaid_money=99), shipped()), "PREPAYMENT_SHORT")["short"] == 1


def test_on_credit_nobody_asks_for_money():
    assert codes(check(facts(100, prepaid_money=0), shipped())) == []


def test_the_policy_may_look_away():
    assert verdict(paid(PREPAID), policy(check_points=rule("prepayment_short", "IGNORE"))) == "approved"
