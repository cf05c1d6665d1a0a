"""The policy chooses which rule bites at which moment, and how hard."""

import pytest

from tests.rules.order_check.cases import BITING, every_decision, only
from tests.rules.order_check.making import effects, facts
from xinheng.rules.order_check import StepKind, check
from xinheng.rules.policy import CheckPoint, ReasonCode
from xinheng.rules.policy.codes import DERIVED


def test_every_rule_every_reason_and_every_step_has_a_case():
    assert set(BITING) == set(ReasonCode) - DERIVED
    decisions = every_decision()
    assert {reason.code for one in decisions for reason in one.reasons} == set(ReasonCode)
    assert {step.kind for one in decisions for free in one.frees for step in free.steps} == set(StepKind)


@pytest.mark.covers("OC-001", "OC-002", "OC-007")
@pytest.mark.parametrize("point", CheckPoint)
@pytest.mark.parametrize("code", BITING)
def test_a_rule_bites_at_the_moments_the_policy_chooses_and_nowhere_else(code, point):
    found = facts(100, point=point, **BITING[code])
    assert effects(check(found, only(code, "NOTICE", point))) == {code: "NOTICE"}
    for other in set(CheckPoint) - {point}:
        assert effects(check(found, only(code, "NOTICE", other))) == {}


@pytest.mark.parametrize("code", [code for code in BITING if code not in {"NEAR_LIMIT", "OVERDUE_NOTICE"}])
def test_and_holds_where_the_policy_says_so(code):
    decision = check(facts(100, **BITING[code]), only(code, "BLOCK", CheckPoint.ORDER))
    assert (decision.verdict, effects(decision)) == ("held", {code: "BLOCK"})
