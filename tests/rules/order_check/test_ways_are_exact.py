"""What frees an order is exact: doing it makes the check pass, and less of it would not (semantics.md 3)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, event, given, settings

from tests.rules.order_check.random_facts import all_facts
from tests.rules.order_check.random_policies import POLICIES
from xinheng.rules.order_check import Decision, Free, Step, StepKind, check
from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.facts import Facts
from xinheng.rules.policy import Effect, Policy, ReasonCode

#: Rules that ask for late invoices whole, so that a part of one might do as well.
WHOLE = {
    ReasonCode.OVERDUE_DAYS,
    ReasonCode.OVERDUE_SHARE,
    ReasonCode.COD_OVERDUE,
    ReasonCode.ROLLING_BATCH_UNPAID,
    ReasonCode.BREACH,
}


def passes(facts: Facts, free: Free, policy: Policy) -> bool:
    return not check(apply_free(facts, free), policy).held


def otherwise(free: Free, step: Step, **params: Any) -> Free:
    """The same way with one step done differently."""
    return Free(tuple(Step(one.kind, {**one.params, **params}) if one is step else one for one in free.steps))


def ways_with(decision: Decision, kind: StepKind) -> list[tuple[Free, Step]]:
    return [(free, step) for free in decision.frees for step in free.steps if step.kind is kind]


@settings(max_examples=250)
@given(all_facts(), POLICIES)
def test_doing_what_is_said_frees_the_order(facts, policy):
    for free in check(facts, policy).frees:
        event(" + ".join(step.kind for step in free.steps))
        assert passes(facts, free, policy)


@settings(max_examples=150)
@given(all_facts(), POLICIES)
def test_a_larger_order_or_less_money_or_a_lower_limit_would_not_do(facts, policy):
    decision, effects = check(facts, policy), policy.check_points.at(facts.point)
    assume(decision.held)
    for free, step in ways_with(decision, StepKind.REDUCE_ORDER):
        assert 0 < step.params["to"] < facts.order.whole
        assert not passes(facts, otherwise(free, step, to=step.params["to"] + 1), policy)
    for free, step in ways_with(decision, StepKind.PREPAY):
        assert not passes(facts, otherwise(free, step, amount=step.params["amount"] - 1), policy)
    limits_block = all(
        effects.get(code) is Effect.BLOCK for code in (ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT)
    )
    for free, step in ways_with(decision, StepKind.RAISE_LIMIT) if limits_block else ():
        to = step.params["to"]
        assert to == 0 or not passes(facts, otherwise(free, step, to=to - 1), policy)


@settings(max_examples=150)
@given(all_facts(("CNY",)), POLICIES)
def test_one_fen_less_paid_would_not_do(facts, policy):
    decision = check(facts, policy)
    assume(decision.held and not WHOLE & {one.code for one in decision.reasons if one.effect is Effect.BLOCK})
    for free, step in ways_with(decision, StepKind.PAY):
        for where in ("items", "due"):
            for place in range(len(step.params[where])):
                less = [{**one, "amount": one["amount"] - (at == place)} for at, one in enumerate(step.params[where])]
                assert not passes(facts, otherwise(free, step, **{where: less}), policy)
        for currency, amount in step.params["on_account"].items():
            assert not passes(facts, otherwise(free, step, on_account={currency: amount - 1}), policy)


@pytest.mark.parametrize("share", ["0.5", "0.001"])
@settings(max_examples=80)
@given(all_facts(), POLICIES)
def test_any_lower_rate_than_the_highest_that_frees_does_as_well(share, facts, policy):
    for free, step in ways_with(check(facts, policy), StepKind.ADD_RATE):
        rates = [{**one, "rate_max": _of(one["rate_max"], share)} for one in step.params["rates"]]
        assert passes(facts, otherwise(free, step, rates=rates), policy)


def _of(rate: str | None, share: str) -> str | None:
    return None if rate is None else str(Decimal(rate) * Decimal(share))
