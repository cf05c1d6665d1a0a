"""What holds for every check, whatever it sees and whatever the policy says."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.order_check.making import facts, holder
from tests.rules.order_check.random_facts import all_facts
from tests.rules.order_check.random_policies import POLICIES
from xinheng.rules.order_check import check, decision_to_json, facts_from_json, facts_to_json, stops
from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.decision import StepKind, Verdict
from xinheng.rules.order_check.facts import Hold, HolderKind
from xinheng.rules.policy import Effect, HoldKind, ReasonCode, shipped

IN_ORDER = list(ReasonCode)


@settings(max_examples=100)
@given(all_facts(), POLICIES)
def test_the_same_facts_decided_again_or_years_later_from_the_store_give_the_same_decision(facts, policy):
    decision = check(facts, policy)
    stored = json.loads(json.dumps(facts_to_json(facts)))
    assert facts_from_json(stored) == facts
    assert check(facts_from_json(stored), policy) == decision == check(facts, policy)
    assert json.loads(json.dumps(decision_to_json(decision))) == decision_to_json(decision)


@settings(max_examples=100)
@given(all_facts(), POLICIES)
def test_reasons_make_the_verdict_and_stand_in_their_order(facts, policy):
    decision = check(facts, policy)
    places = [IN_ORDER.index(reason.code) for reason in decision.reasons]
    assert places == sorted(places)
    blocks = [reason for reason in decision.reasons if reason.effect is Effect.BLOCK]
    assert decision.held == bool(blocks)
    assert (decision.verdict is Verdict.APPROVED) == (not decision.reasons)
    assert decision.released == any(reason.effect is Effect.RELEASED for reason in decision.reasons)
    assert bool(decision.frees) <= decision.held


@settings(max_examples=100)
@given(all_facts(), POLICIES)
def test_a_rule_that_is_switched_off_is_never_reported(facts, policy):
    on = set(policy.check_points.at(facts.point)) | {ReasonCode.RELEASE_EXPIRED}
    if policy.holds.counts(HoldKind.BREACH, facts.point):
        on.add(ReasonCode.BREACH)
    for reason in check(facts, policy).reasons:
        assert (reason.params["blinds"] if reason.code is ReasonCode.RATE_MISSING else reason.code) in on


@settings(max_examples=100)
@given(all_facts(), POLICIES)
def test_without_a_rate_there_is_no_total_and_with_all_rates_there_is_one(facts, policy):
    for measure in check(facts, policy).measures:
        holder = facts.group if measure.holder is HolderKind.GROUP else facts.customer
        assert (measure.exposure is None) <= bool(measure.missing_rates)
        for currency in measure.missing_rates:
            assert currency != holder.currency
            assert currency not in holder.rates


@settings(max_examples=100)
@given(all_facts(), POLICIES, st.sampled_from(HolderKind))
def test_no_release_overcomes_a_forced_hold(facts, policy, holder):
    facts = replace(facts, holds=(*facts.holds, Hold("9", holder, "OTHER", forced=True)))
    stops = policy.check_points.at(facts.point).get(ReasonCode.FORCED_HOLD) is Effect.BLOCK
    decision = check(facts, policy)
    assert decision.held or not stops
    for free in decision.frees if stops else ():
        assert [step for step in free.steps if step.kind is StepKind.LIFT_HOLD and "9" in step.params["holds"]]


@settings(max_examples=100)
@given(all_facts())
def test_under_the_shipped_policy_there_is_always_something_somebody_can_do(facts):
    decision = check(facts, shipped())
    assert bool(decision.frees) == decision.held


@settings(max_examples=100)
@given(all_facts(), POLICIES)
def test_a_signed_release_binds_amount_customer_currency_and_day(facts, policy):
    signed = [free for free in check(facts, policy).frees if free.steps[-1].kind is StepKind.SIGN]
    for free in signed:
        after = apply_free(facts, free)
        release = after.release
        assert not check(after, policy).held
        assert check(replace(after, release=None), policy).held
        for worse in (
            replace(release, amount=after.order.whole - 1),
            replace(release, customer="somebody else"),
            replace(release, currency="XXX"),
            replace(release, expires_on=after.on - timedelta(days=1)),
        ):
            decision = check(replace(after, release=worse), policy)
            assert decision.held
            assert decision.reasons[-1].code is ReasonCode.RELEASE_EXPIRED


def test_a_list_is_told_what_holds_without_the_ways_out():
    held = facts(300, holder(1000, 900))
    assert [reason.code for reason in stops(held, shipped())] == [ReasonCode.OVER_LIMIT]
    assert stops(facts(100, holder(1000, 900)), shipped()) == ()
