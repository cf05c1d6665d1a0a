"""Facts and decisions kept for years: as plain JSON, read back whole, and readable when fields have been added."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rules.order_check.making import ON, facts, hold, holder, item, late, line, standing
from xinheng.rules.exposure import Components, PaperSum
from xinheng.rules.order_check import (
    RULEBOOK_VERSION,
    canonical,
    check,
    decision_to_json,
    facts_from_json,
    facts_to_json,
    fingerprint,
)
from xinheng.rules.order_check.facts import Credit, Release
from xinheng.rules.policy import ReasonCode, load, shipped

FULL = facts(
    100,
    holder(
        line(1000, valid_from=ON, term="30D", term_days=30, extra=5, initial_stock=7, initial_stock_until=ON, id="7"),
        components={"USD": Components(1, 2, 3, 4, 5, 6, 7)},
        papers=(PaperSum("USD", "DRAFT", "SMALL_BANK", 5),),
        due=(late(9, 4),),
        items=(item("I1", 9, 4, salesperson="S1"),),
        initial_stock={"USD": 2},
        rates={"USD": Decimal("7.10")},
    ),
    group=holder(line(2000), code="G"),
    standing=standing(credit=Credit.CASH, grades=("A",), instruments_allowed=(), kept_until=ON),
    holds=(hold(),),
    prepaid_money=3,
    release=Release("A", 100, "CNY", ON, (ReasonCode.OVER_LIMIT,)),
    missing_approvals=("合同",),
)


@pytest.mark.parametrize("found", [facts(), FULL], ids=["plain", "full"])
def test_facts_come_back_as_they_were(found):
    stored = json.loads(json.dumps(facts_to_json(found)))
    assert facts_from_json(stored) == found
    assert check(facts_from_json(stored), shipped()) == check(found, shipped())


def test_a_field_that_did_not_exist_yet_takes_its_default_and_one_that_is_gone_is_left_out():
    stored = facts_to_json(facts(term="30D"))
    del stored["order"]["term"], stored["holds"]
    stored["of_old"] = 1
    stored["customer"]["line"]["of_old"] = 1
    assert facts_from_json(stored) == facts()


def test_a_decision_names_the_policy_its_signature_and_the_rule_book():
    stored = decision_to_json(check(FULL, shipped()))
    assert (stored["policy"], stored["policy_signed"], stored["rulebook"]) == ("shipped-1", False, RULEBOOK_VERSION)
    signed = load({"version": "2026-2"}, base=shipped(), signed_by="gm")
    stored = decision_to_json(check(FULL, signed))
    assert (stored["policy"], stored["policy_signed"]) == ("2026-2", True)


def test_a_decision_is_plain_json():
    stored = decision_to_json(check(FULL, shipped()))
    assert json.loads(json.dumps(stored)) == stored
    assert [one["code"] for one in stored["reasons"]][:2] == ["ON_HOLD", "MISSING_APPROVAL"]
    assert stored["reasons"][1]["params"] == {"documents": ["合同"]}
    assert stored["measures"][0]["missing_rates"] == []


def test_the_fingerprint_is_of_the_facts_not_of_how_they_are_written():
    one, other = facts_to_json(facts()), dict(reversed(facts_to_json(facts()).items()))
    assert canonical(one) == canonical(other)
    assert fingerprint(canonical(one)) == fingerprint(canonical(other))
    assert fingerprint(canonical(one)) != fingerprint(canonical(facts_to_json(replace(facts(), prepaid_money=1))))
    assert "合同" in canonical(facts_to_json(FULL))
