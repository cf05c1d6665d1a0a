"""违约: debt that exists is above the limit, or overdue beyond the policy; deliveries wait, cash is proposed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rules.order_check.making import (
    DELIVERY,
    NO_LINE,
    ON,
    ORDER,
    codes,
    effects,
    facts,
    holder,
    late,
    line,
    policy,
    rule,
    standing,
    verdict,
)
from xinheng.rules.exposure import Components
from xinheng.rules.order_check import breach, breach_undecided, check
from xinheng.rules.order_check.facts import HolderKind, LineKind
from xinheng.rules.policy import ItemNature, Payment, shipped

pytestmark = pytest.mark.covers("OC-010")
CUSTOMER, GROUP = HolderKind.CUSTOMER, HolderKind.GROUP


def causes(found, under=None):
    """What each holder's breach rests on; {} without one."""
    breached = breach(found, under or shipped())
    return {kind: list(params["causes"]) for kind, params in breached.causes} if breached else {}


@pytest.mark.parametrize(
    ("owes", "breached"),
    [
        (Components(invoiced=1000), False),
        (Components(invoiced=1001), True),
        (Components(delivered=600, invoiced=401), True),
        (Components(consigned=1001), True),
        (Components(invoiced=1500, unapplied=500), False),
        (Components(ordered=10**9), False),  # an order, refused or not, is no debt
        (Components(invoiced=1000, instrument=500), False),  # paper stands for what it pays
    ],
    ids=str,
)
def test_debt_above_the_limit(owes, breached):
    assert causes(facts(10**9, holder(1000, owes))) == ({CUSTOMER: ["DEBT_OVER_LIMIT"]} if breached else {})


@pytest.mark.parametrize("limit", [NO_LINE, LineKind.UNLIMITED, LineKind.NONE])
def test_without_a_limit_only_late_debt_is_a_breach(limit):
    assert causes(facts(customer=holder(limit, 10**9))) == {}
    assert causes(facts(customer=holder(limit, 10**9, due=(late(9, 100_00),)))) == {CUSTOMER: ["OVERDUE_DAYS"]}


@pytest.mark.parametrize(
    ("due", "breached"),
    [
        (late(5, 100_00), []),
        (late(6, 10_00), []),
        (late(6, 100_00), ["OVERDUE_DAYS"]),
        (late(1, 1, ItemNature.COD), ["COD_OVERDUE"]),
        (late(90, 100_00, ItemNature.DISPUTED), []),
    ],
)
def test_overdue_beyond_the_policy(due, breached):
    assert causes(facts(customer=holder(10**9, due=(due,)))) == ({CUSTOMER: breached} if breached else {})


def test_an_overdue_rule_that_does_not_stop_deliveries_is_no_breach():
    mild = policy(check_points=rule("overdue_days", "NOTICE", DELIVERY))
    assert causes(facts(customer=holder(10**9, due=(late(9, 100_00),))), mild) == {}


def test_it_holds_deliveries_at_once_and_leaves_new_orders_to_the_other_rules():
    customer = holder(line(10**9), 100_00, due=(late(9, 100_00),))
    assert effects(check(facts(100, customer, point=ORDER), shipped())) == {"OVERDUE_DAYS": "NOTICE"}
    at_delivery = check(facts(100, customer, point=DELIVERY), shipped())
    assert effects(at_delivery) == {"OVERDUE_DAYS": "BLOCK", "BREACH": "BLOCK"}


@pytest.mark.parametrize("payment", Payment)
def test_even_those_that_are_paid_otherwise(payment):
    customer = holder(1000, 1001)
    found = facts(100, customer, point=DELIVERY, payment=payment, prepaid_money=100)
    assert "BREACH" in codes(check(found, shipped()))


def test_the_hold_of_a_breach_counts_where_the_policy_says():
    at_orders = policy(holds={"points": {"BREACH": ["ORDER"]}})
    customer = holder(1000, 1001)
    assert effects(check(facts(0, customer, payment=Payment.COD), at_orders)) == {"BREACH": "BLOCK"}
    nowhere = policy(holds={"points": {"BREACH": []}}, check_points=rule("breach", "NOTICE"))
    assert effects(check(facts(0, customer, payment=Payment.COD), nowhere)) == {"BREACH": "NOTICE"}
    unseen = policy(holds={"points": {"BREACH": []}}, check_points=rule("breach", "IGNORE"))
    assert effects(check(facts(0, customer, payment=Payment.COD, point=DELIVERY), unseen)) == {}


def test_the_reason_tells_what_it_rests_on():
    customer = holder(1000, 1001, due=(late(9, 100_00),))
    decision = check(facts(0, customer, point=DELIVERY), shipped())
    (reason,) = [one for one in decision.reasons if one.code == "BREACH"]
    assert reason.params == {
        "causes": ["OVERDUE_DAYS", "DEBT_OVER_LIMIT"],
        "overdue_amounts": {"CNY": 100_00},
        "oldest_due_on": "2026-02-21",
        "debt": 1001,
        "limit": 1000,
        "currency": "CNY",
    }


def test_a_group_may_be_in_breach_while_its_member_is_not():
    found = facts(customer=holder(1000, 1000), group=holder(1500, 1501, code="G"))
    assert causes(found) == {GROUP: ["DEBT_OVER_LIMIT"]}


def test_another_members_late_debt_is_not_its_breach():
    assert causes(facts(customer=holder(1000), group=holder(10**9, code="G", due=(late(90, 10**8),)))) == {}


def test_it_proposes_the_turn_to_cash_to_those_who_may_take_credit_away():
    found = breach(facts(customer=holder(1000, 1001)), shipped())
    assert (found.propose_cash, found.kept, found.signers) == (True, False, shipped().release.revoke_credit)
    assert not breach(facts(customer=holder(1000, 1001)), policy(breach={"propose_cash": False})).propose_cash


class TestWithoutRates:
    """A debt that cannot be measured is neither a breach nor none."""

    BLIND = holder(1000, components={"USD": Components(invoiced=1)})

    def test_nobody_can_tell(self):
        assert breach(facts(customer=self.BLIND), shipped()) is None
        assert breach_undecided(facts(customer=self.BLIND), shipped()) == {CUSTOMER}
        assert breach_undecided(facts(customer=holder(1000, 1001)), shipped()) == frozenset()

    def test_the_delivery_waits_for_the_rate(self):
        decision = check(facts(0, self.BLIND, point=DELIVERY), shipped())
        assert [one.params["blinds"] for one in decision.reasons] == ["OVER_LIMIT", "BREACH"]

    def test_late_debt_is_a_breach_all_the_same(self):
        found = facts(customer=replace(self.BLIND, due=(late(9, 100_00),)))
        assert causes(found) == {CUSTOMER: ["OVERDUE_DAYS"]}
        assert breach_undecided(found, shipped()) == {CUSTOMER}


@pytest.mark.covers("OC-011")
class TestKeptCredit:
    """Two directors together may keep a customer's credit despite a breach, until a day."""

    LATE = holder(line(10**9), 100_00, due=(late(9, 100_00),))

    @pytest.mark.parametrize(
        ("until", "expected"),
        [(None, "held"), (ON - timedelta(days=1), "held"), (ON, "watch"), (ON + timedelta(days=9), "watch")],
    )
    def test_until_its_last_day_the_breach_is_a_notice(self, until, expected):
        found = facts(100, self.LATE, point=DELIVERY, standing=standing(kept_until=until))
        assert verdict(found) == expected
        assert breach(found, shipped()).kept == (expected == "watch")
        assert breach(found, shipped()).propose_cash == (expected == "held")

    def test_it_softens_only_what_the_policy_lists(self):
        found = facts(100, self.LATE, point=DELIVERY, standing=standing(kept_until=ON))
        only_breach = policy(breach={"waiver_covers": ["BREACH"]})
        assert effects(check(found, only_breach)) == {"OVERDUE_DAYS": "BLOCK", "BREACH": "NOTICE"}

    def test_it_does_not_make_room(self):
        found = facts(1, holder(1000, 1001), point=DELIVERY, standing=standing(kept_until=ON))
        assert effects(check(found, shipped())) == {"OVER_LIMIT": "BLOCK", "BREACH": "NOTICE"}

    def test_a_missing_rate_is_softened_as_the_rule_it_blinds(self):
        blind = holder(line(LineKind.UNLIMITED), components={"USD": Components(invoiced=1)}, due=(late(9, 100_00),))
        found = facts(0, blind, point=DELIVERY, standing=standing(kept_until=ON))
        strict = policy(overdue={"share_percent_max": 10})
        assert effects(check(found, strict)) == {"RATE_MISSING": "NOTICE", "OVERDUE_DAYS": "NOTICE", "BREACH": "NOTICE"}
