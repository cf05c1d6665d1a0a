"""An order that has partly passed is judged for what is still to come; a breach stops what its hold stops."""

from dataclasses import replace
from datetime import date

import pytest

from xinheng.rules.exposure import Components
from xinheng.rules.order_check import breach, breach_undecided, check
from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.facts import (
    DueSum,
    Facts,
    HolderFacts,
    HolderKind,
    Line,
    LineKind,
    OrderFacts,
    Release,
    Standing,
)
from xinheng.rules.policy import SHIPPED, CheckPoint, Payment, ReasonCode, load, shipped

ON = date(2026, 3, 2)


def facts(*, point=CheckPoint.ORDER, limit=100, amount=40, passed=60, components=None, **order):
    """A customer that owes what has passed of its order."""
    owed = Components(delivered=passed) if components is None else components
    return Facts(
        point=point,
        on=ON,
        order=OrderFacts("1", amount, "USD", passed=passed, **order),
        customer=HolderFacts("A", "USD", Line(LineKind.AMOUNT, limit), {"USD": owed}),
    )


def codes(decision):
    return [reason.code for reason in decision.reasons]


@pytest.mark.covers("LM-003")
def test_what_has_passed_counts_once():
    assert not check(facts(), shipped()).held
    assert codes(check(facts(amount=41), shipped())) == [ReasonCode.OVER_LIMIT]


@pytest.mark.parametrize(("signed", "held"), [(99, True), (100, False)])
def test_a_release_is_for_the_whole(signed, held):
    release = Release("A", signed, "USD", ON, ())
    assert check(replace(facts(limit=10), release=release), shipped()).held == held


@pytest.mark.parametrize(("money", "held"), [(99, True), (100, False)])
def test_prepaid_money_is_for_the_whole(money, held):
    asked = replace(facts(payment=Payment.PREPAID), prepaid_money=money)
    decision = check(asked, shipped())
    assert decision.held == held
    if held:
        assert decision.reasons[0].params["short"] == 1


@pytest.mark.parametrize("case", [facts(limit=90), replace(facts(payment=Payment.PREPAID), prepaid_money=90)])
def test_every_way_out_of_a_part_frees_it(case):
    decision = check(case, shipped())
    assert decision.held
    kinds = {step.kind for free in decision.frees for step in free.steps}
    assert "REDUCE_ORDER" in kinds
    for free in decision.frees:
        assert not check(apply_free(case, free), shipped()).held
    cut = next(step for free in decision.frees for step in free.steps if step.kind == "REDUCE_ORDER")
    assert cut.params["to"] == 90  # the whole order


def test_no_cut_is_promised_below_what_has_passed():
    decision = check(facts(limit=50), shipped())
    assert "REDUCE_ORDER" not in {step.kind for free in decision.frees for step in free.steps}


@pytest.mark.covers("OC-010")
def test_the_hold_of_a_breach_stops_where_the_policy_says_it_counts():
    everywhere = load(SHIPPED.replace('BREACH = ["DELIVERY"]', 'BREACH = ["ORDER", "CHANGE", "DELIVERY"]'))
    nowhere = load(
        SHIPPED.replace('BREACH = ["DELIVERY"]', "BREACH = []").replace(
            'breach                 = { order = "IGNORE", change = "IGNORE", delivery = "BLOCK",  invoice = "IGNORE" }',
            'breach                 = { order = "IGNORE", change = "IGNORE", delivery = "NOTICE", invoice = "IGNORE" }',
        )
    )
    case = facts(limit=50, amount=0)
    assert ReasonCode.BREACH not in codes(check(case, shipped()))
    assert ReasonCode.BREACH in codes(check(case, everywhere))
    assert check(case, everywhere).held
    leaving = replace(case, point=CheckPoint.DELIVERY, order=replace(case.order, payment=Payment.COD))
    assert check(leaving, shipped()).held
    assert not check(leaving, nowhere).held
    kept = replace(leaving, standing=Standing(kept_until=ON))
    assert not check(kept, shipped()).held


def test_a_missing_rate_stops_what_a_breach_would_stop():
    debt = {"EUR": Components(invoiced=60)}
    case = facts(point=CheckPoint.DELIVERY, amount=0, payment=Payment.COD)
    case = replace(case, customer=replace(case.customer, components=debt))
    decision = check(case, shipped())
    assert (decision.held, codes(decision)) == (True, [ReasonCode.RATE_MISSING])
    assert breach(case, shipped()) is None
    assert breach_undecided(case, shipped()) == {HolderKind.CUSTOMER}


def test_a_breach_is_decided_where_nothing_is_missing():
    late = (DueSum(date(2026, 1, 2), "USD", 5_000),)
    case = facts(limit=10_000)
    case = replace(case, customer=replace(case.customer, due=late))
    found = breach(case, shipped())
    assert found is not None
    assert [(kind, params["causes"]) for kind, params in found.causes] == [
        (HolderKind.CUSTOMER, [ReasonCode.OVERDUE_DAYS])
    ]
    assert breach_undecided(case, shipped()) == frozenset()
