"""A signed release: what it binds, what it overcomes, and what nothing overcomes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rules.order_check.making import (
    DELIVERY,
    ON,
    ORDER,
    codes,
    effects,
    facts,
    hold,
    holder,
    late,
    line,
    params,
    policy,
    standing,
    step,
    verdict,
    ways,
)
from xinheng.rules.order_check import check
from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.facts import Release
from xinheng.rules.policy import ReasonCode, shipped

OVER = holder(1000, 1000)
SIGNED = Release(customer="A", amount=100, currency="CNY", expires_on=ON)


def signed(**more):
    return replace(SIGNED, **more)


@pytest.mark.covers("LM-002")
def test_what_is_signed_passes_and_says_so():
    decision = check(facts(100, OVER, release=SIGNED), shipped())
    assert (decision.verdict, decision.released) == ("watch", True)
    assert effects(decision) == {"OVER_LIMIT": "RELEASED"}
    assert decision.frees == ()


def test_an_order_that_needs_no_release_does_not_use_it():
    decision = check(facts(100, release=SIGNED), shipped())
    assert (decision.verdict, decision.released) == ("approved", False)


@pytest.mark.covers("LM-002", "OC-009")
@pytest.mark.parametrize(
    ("release", "why"),
    [
        (signed(), ""),
        (signed(expires_on=ON + timedelta(days=7)), ""),
        (signed(amount=10**6), ""),
        (signed(customer="B"), "CUSTOMER"),
        (signed(currency="USD"), "CURRENCY"),
        (signed(amount=99), "AMOUNT"),
        (signed(expires_on=ON - timedelta(days=1)), "EXPIRED"),
    ],
)
def test_it_binds_customer_currency_amount_and_last_day(release, why):
    decision = check(facts(100, OVER, release=release), shipped())
    assert codes(decision) == (["OVER_LIMIT", "RELEASE_EXPIRED"] if why else ["OVER_LIMIT"])
    assert decision.held == bool(why)
    if why:
        assert params(decision, "RELEASE_EXPIRED")["why"] == why


def test_it_is_for_the_whole_order_of_which_a_part_has_left():
    assert verdict(facts(40, OVER, passed=60, release=SIGNED)) == "watch"
    assert verdict(facts(40, OVER, passed=61, release=SIGNED)) == "held"


def test_a_release_that_is_not_needed_is_not_called_expired():
    assert codes(check(facts(100, release=signed(customer="B")), shipped())) == []


@pytest.mark.parametrize("reasons", [(), (ReasonCode.OVER_LIMIT,), (ReasonCode.OVER_LIMIT, ReasonCode.BREACH)])
def test_it_covers_what_its_signers_saw(reasons):
    assert verdict(facts(100, OVER, release=signed(codes=reasons))) == "watch"


def test_and_nothing_else():
    found = facts(100, OVER, point=DELIVERY, release=signed(codes=(ReasonCode.OVERDUE_DAYS,)))
    assert effects(check(found, shipped())) == {"OVER_LIMIT": "BLOCK"}
    later = facts(100, holder(1000, 1001, due=(late(9, 100_00),)), point=DELIVERY)
    sale = signed(codes=(ReasonCode.OVER_LIMIT, ReasonCode.OVERDUE_DAYS))
    assert effects(check(replace(later, release=sale), shipped())) == {
        "OVER_LIMIT": "RELEASED",
        "OVERDUE_DAYS": "RELEASED",
        "BREACH": "BLOCK",
    }


@pytest.mark.covers("OC-013")
class TestNever:
    """What no release overcomes: a forced hold, and whatever else the policy says."""

    def test_a_forced_hold(self):
        decision = check(facts(100, release=SIGNED, holds=(hold(forced=True),)), shipped())
        assert effects(decision) == {"FORCED_HOLD": "BLOCK"}

    def test_not_even_where_the_policy_forgets_to_say_so(self):
        forgetful = policy(release={"not_releasable": []})
        assert verdict(facts(100, release=SIGNED, holds=(hold(forced=True),)), forgetful) == "held"
        assert verdict(facts(100, release=SIGNED, holds=(hold(),)), forgetful) == "watch"

    def test_an_inactive_customer_as_shipped(self):
        gone = facts(100, release=SIGNED, standing=standing(active=False))
        assert verdict(gone) == "held"
        assert verdict(gone, policy(release={"not_releasable": ["FORCED_HOLD"]})) == "watch"

    def test_others_beside_it_are_overcome(self):
        decision = check(facts(100, OVER, release=SIGNED, holds=(hold(forced=True),)), shipped())
        assert effects(decision) == {"FORCED_HOLD": "BLOCK", "OVER_LIMIT": "RELEASED"}
        assert decision.released


class TestWhoSigns:
    """K6: one of three managers for a sale beyond the policy, both directors for keeping credit despite a breach."""

    @pytest.mark.covers("LM-002")
    def test_a_special_sale(self):
        found = check(facts(100, OVER, salesperson="S1"), shipped())
        assert step(found, "SIGN") == {
            "action": "SPECIAL_SALE",
            "codes": ["OVER_LIMIT"],
            "signers": {"kind": "ANY_OF", "roles": ["GENERAL_MANAGER", "FINANCE_MANAGER", "SALES_MANAGER"], "n": 1},
            "not": ["S1"],
            "amount": 100,
            "currency": "CNY",
            "expires_on": "2026-03-09",
        }

    @pytest.mark.covers("OC-011")
    def test_a_breach_takes_both_directors(self):
        """TV14.8: one of them is not enough."""
        found = check(facts(100, holder(1000, 1001), point=DELIVERY), shipped())
        asked = step(found, "SIGN")
        assert (asked["action"], asked["not"]) == ("KEEP_CREDIT_DESPITE_BREACH", [])
        assert asked["signers"] == {"kind": "ALL_OF", "roles": ["SALES_DIRECTOR", "FINANCE_DIRECTOR"], "n": 1}

    def test_they_answer_for_the_notices_they_saw_but_not_for_a_breach_that_needs_others(self):
        warning = policy(holds={"points": {"BREACH": []}}, check_points={"breach": {"order": "NOTICE"}})
        found = check(facts(100, holder(1000, 1001, due=(late(9, 100_00),))), warning)
        assert effects(found) == {"OVER_LIMIT": "BLOCK", "OVERDUE_DAYS": "NOTICE", "BREACH": "NOTICE"}
        assert step(found, "SIGN")["codes"] == ["OVER_LIMIT", "OVERDUE_DAYS"]

    @pytest.mark.parametrize(
        ("amount", "currency", "roles"),
        [
            (1000_00, "CNY", ["SALES_MANAGER"]),
            (1000_01, "CNY", ["FINANCE_MANAGER"]),
            (5000_01, "CNY", ["GENERAL_MANAGER"]),
            (200_01, "USD", ["FINANCE_MANAGER"]),
            (5000_01, "USD", ["GENERAL_MANAGER"]),
        ],
    )
    def test_stricter_signers_for_larger_orders_the_last_tier_that_applies(self, amount, currency, roles):
        tiers = policy(
            release={
                "special_sale": {"kind": "ANY_OF", "roles": ["SALES_MANAGER"]},
                "tiers": [
                    {"above": {"*": "1000", "USD": "200"}, "signers": {"kind": "ANY_OF", "roles": ["FINANCE_MANAGER"]}},
                    {"above": {"*": "5000"}, "signers": {"kind": "ANY_OF", "roles": ["GENERAL_MANAGER"]}},
                ],
            }
        )
        decision = check(facts(amount, holder(line(0)), currency=currency), tiers)
        assert step(decision, "SIGN")["signers"]["roles"] == roles

    def test_the_expiry_is_the_policys(self):
        found = check(facts(100, OVER), policy(release={"expiry_days": 0}))
        assert step(found, "SIGN")["expires_on"] == ON.isoformat()

    def test_what_no_release_overcomes_is_put_right_first(self):
        found = check(facts(100, OVER, standing=standing(active=False)), shipped())
        (last,) = [way for way in ways(found) if way[-1][0] == "SIGN"]
        assert [kind for kind, _ in last] == ["REACTIVATE", "SIGN"]

    def test_even_if_that_is_paying(self):
        strict = policy(release={"not_releasable": ["OVER_LIMIT"]})
        found = check(facts(100, OVER, missing_approvals=("contract",)), strict)
        assert [kind for kind, _ in ways(found)[-1]] == ["PAY", "SIGN"]

    def test_signing_does_what_it_says(self):
        found = facts(100, OVER, point=ORDER)
        signing = check(found, shipped()).frees[-1]
        after = apply_free(found, signing)
        assert after.release == Release("A", 100, "CNY", ON + timedelta(days=7), (ReasonCode.OVER_LIMIT,))
