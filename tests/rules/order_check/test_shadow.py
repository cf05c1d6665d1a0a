"""Shadow mode: what the check would have held is told and stops nothing, but for what stops even then."""

from dataclasses import replace

import pytest

from tests.rules.order_check.making import (
    DELIVERY,
    ON,
    ORDER,
    effects,
    facts,
    hold,
    holder,
    late,
    policy,
    standing,
)
from xinheng.rules.order_check import check
from xinheng.rules.order_check.facts import Release
from xinheng.rules.order_check.stored import decision_to_json, facts_from_json, facts_to_json
from xinheng.rules.policy import problems

OVER = holder(1000, 1000)


def watched(*classes, point=ORDER, **more):
    return policy(shadow={"classes": {point: list(classes)}, **more})


@pytest.mark.parametrize(
    ("classes", "point", "customer_class", "held"),
    [
        ((), ORDER, "", True),
        (("*",), ORDER, "", False),
        (("*",), ORDER, "RETAIL", False),
        (("RETAIL",), ORDER, "RETAIL", False),
        (("RETAIL", "EXPORT"), ORDER, "EXPORT", False),
        (("RETAIL",), ORDER, "", True),
        (("RETAIL",), ORDER, "retail", True),
        (("*",), DELIVERY, "", True),  # the order is watched, its goods are not
    ],
)
def test_it_holds_for_the_named_classes_at_the_named_moments(classes, point, customer_class, held):
    asked = facts(100, OVER, point=point, standing=standing(customer_class=customer_class))
    decision = check(asked, watched(*classes))
    assert (decision.held, decision.shadow) == (held, not held)
    assert effects(decision) == {"OVER_LIMIT": "BLOCK" if held else "SHADOW"}


def test_an_order_that_passes_anyway_is_no_matter_of_the_shadow():
    decision = check(facts(100), watched("*"))
    assert (decision.verdict, decision.shadow, decision.frees) == ("approved", False, ())


def test_notices_stay_notices():
    asked = facts(100, holder(1000, 1000, due=(late(20, 50_00),)))
    assert effects(check(asked, watched("*"))) == {"OVER_LIMIT": "SHADOW", "OVERDUE_DAYS": "NOTICE"}


def test_a_hold_that_a_person_placed_stops_it_all_the_same():
    asked = facts(100, OVER, holds=(hold(forced=True),))
    decision = check(asked, watched("*"))
    assert (decision.held, decision.shadow) == (True, False)
    assert effects(decision) == {"FORCED_HOLD": "BLOCK", "OVER_LIMIT": "SHADOW"}


def test_what_still_blocks_is_the_policys_to_say():
    decision = check(facts(100, OVER), watched("*", still_block=["OVER_LIMIT"]))
    assert (decision.held, effects(decision)) == (True, {"OVER_LIMIT": "BLOCK"})
    assert not check(facts(100, holds=(hold(forced=True),)), watched("*", still_block=[])).held


def test_what_was_signed_is_released_and_not_watched():
    signed = Release(customer="A", amount=100, currency="CNY", expires_on=ON)
    decision = check(facts(100, OVER, release=signed), watched("*"))
    assert (decision.released, decision.shadow, effects(decision)) == (True, False, {"OVER_LIMIT": "RELEASED"})


def test_the_way_out_of_what_still_blocks_does_not_ask_for_the_rest():
    decision = check(facts(100, OVER, holds=(hold(forced=True),)), watched("*"))
    assert [[one.kind for one in free.steps] for free in decision.frees] == [["LIFT_HOLD"]]


def test_it_is_kept_with_the_decision_and_decided_again_alike():
    asked, rules = facts(100, OVER), watched("*")
    again = check(facts_from_json(facts_to_json(asked)), rules)
    assert decision_to_json(again) == decision_to_json(check(asked, rules))
    assert check(replace(asked, point=DELIVERY), rules).held


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ({"classes": {"SHIPPING": ["*"]}}, "shadow.classes.SHIPPING"),
        ({"classes": {"ORDER": "*"}}, "shadow.classes.ORDER"),
        ({"classes": {"ORDER": ["*", "*"]}}, "shadow.classes.ORDER"),
        ({"still_block": ["NO_SUCH_REASON"]}, "shadow.still_block[0]"),
    ],
)
def test_mistakes_are_told_with_their_place(section, path):
    assert [one.path for one in problems({"shadow": section}, base=policy())] == [path]
