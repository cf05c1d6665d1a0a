"""Every code that a page may show has words, in both languages, in one place."""

import json
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real

import xinheng
from tests.rules.order_check.cases import every_decision
from xinheng.base import formats
from xinheng.desk.cash import words as cash
from xinheng.desk.cash.models import Instrument, Receipt
from xinheng.desk.control import words as control
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import words as exposure
from xinheng.desk.limits import words as limits
from xinheng.desk.limits.models import Hold, Line
from xinheng.desk.receivables import words as receivables
from xinheng.desk.sales import words as sales
from xinheng.desk.sales.models import Order
from xinheng.rules.ageing import parse_bounds
from xinheng.rules.order_check import StepKind, decision_to_json
from xinheng.rules.policy import CheckPoint, HoldKind, ItemNature, Payment, ReasonCode
from xinheng.rules.policy import Instrument as Means
from xinheng.rules.road import Component, Kind
from xinheng.site import words as site
from xinheng.site.pages.settings import trail

HOUSE = Path(xinheng.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TABLES = {
    "kinds of documents": (Kind, exposure.KINDS),
    "components": (Component, exposure.COMPONENTS),
    "natures": (set(ItemNature) - {ItemNature.PLAIN}, exposure.NATURES),
    "states of orders": (Order.State, sales.STATES),
    "colours of states": (Order.State, sales.STATE_TONES),
    "payments": ([*Payment, *Order.Payment], sales.PAYMENTS),
    "means of payment": (Means, sales.INSTRUMENTS),
    "lines": (Line.Kind, limits.LINE_KINDS),
    "holds": (HoldKind, limits.HOLD_CAUSES),
    "scopes of holds": (Hold.Scope, limits.HOLD_SCOPES),
    "reasons, short": (ReasonCode, control.REASON_NAMES),
    "reasons, as sentences": (ReasonCode, control.REASONS),
    "steps": (StepKind, control._STEPS),
    "verdicts": (Decision.Verdict, control.VERDICTS),
    "check points": (CheckPoint, control.POINTS),
    "methods": (Receipt.Method, cash.METHODS),
    "purposes": (Receipt.Purpose, cash.PURPOSES),
    "states of paper": (Instrument.State, cash.PAPER_STATES),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_code_has_words(name):
    codes, words = TABLES[name]
    assert [code for code in codes if code not in words] == []


@pytest.mark.parametrize("name", [name for name in TABLES if not name.startswith(("colours", "steps"))])
def test_words_are_chinese_in_chinese_and_not_in_english(name):
    for words in TABLES[name][1].values():
        with translation.override("zh-hans"):
            assert CHINESE.search(str(words)), words
        with translation.override("en"):
            assert not CHINESE.search(str(words)), words


def test_every_verb_of_an_action_has_words():
    verb = re.compile(
        r'"((?:base|customers|exposure|limits|sales|receivables|cash|control|exchange)\.[a-z-]+\.[a-z-]+)"'
    )
    said = {found for path in HOUSE.rglob("*.py") for found in verb.findall(path.read_text(encoding="utf-8"))}
    assert {one for one in said if str(site.done(one)) == one} == set()


def test_every_chain_of_the_house_has_words():
    stream = re.compile(r'audit\.record\(\s*"([a-z]+)"')
    said = {found for path in HOUSE.rglob("*.py") for found in stream.findall(path.read_text(encoding="utf-8"))}
    assert said - set(trail.STREAMS) == set()


def test_short_nouns_are_not_djangos():
    """Django says 排序 for "Order": whatever it translates too must be our own word in our own catalogue."""
    with translation.override("zh-hans"):
        assert str(exposure.KINDS[Kind.ORDER]) == "订单"
        assert translation.pgettext("document", "Order") == "订单"
        catalogue = trans_real.catalog()
        assert catalogue.gettext("Limits") == "授信"


def test_buckets_are_named_in_days_and_months():
    with translation.override("zh-hans"):
        labels = [receivables.bucket(one) for one in parse_bounds("30,60").labels]
        assert labels == ["未到期", "1-30 天", "31-60 天", "60 天以上"]
        assert receivables.bucket(parse_bounds("1M,2M").labels[-1]) == "2 个月以上"
    with translation.override("en"):
        assert receivables.bucket(">90") == "over 90 days"


def test_a_way_out_reads_as_a_sentence_in_both_languages(db):
    from tests import books

    books.found()
    free = {
        "steps": [
            {"kind": "CHANGE_PAYMENT", "params": {"to": "PREPAID"}},
            {"kind": "PREPAY", "params": {"amount": 12_000_00, "currency": "CNY"}},
        ]
    }
    signers = {"kind": "ANY_OF", "roles": ["GENERAL_MANAGER", "SALES_MANAGER"], "n": 1}
    with translation.override("zh-hans"):
        assert control.free(free) == "付款方式改为预付款，并且客户预付 ¥12,000.00"
        assert control.signers(signers) == "总经理、销售经理任一人"
    with translation.override("en"):
        assert control.free(free) == "payment is changed to prepaid, and the customer pays CN¥12,000.00 beforehand"
        assert control.signers(signers) == "any one of General manager, Sales manager"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_reason_and_every_way_out_that_the_rules_give_reads_as_a_whole_sentence(db, language):
    from tests import books

    books.found()
    said = []
    with translation.override(language):
        for decision in every_decision():
            stored = json.loads(json.dumps(decision_to_json(decision)))
            said += [control.reason(one) for one in stored["reasons"]]
            said += [control.free(one) for one in stored["frees"]]
    for sentence in said:
        assert not re.search(r"—|…|None|%[(]|[A-Z]+_[A-Z]+|[{}]", sentence), sentence
        assert bool(CHINESE.search(sentence)) == (language == "zh-hans"), sentence
    assert len(said) > 150


def test_one_sentence_fits_one_reason():
    with translation.override("en"):
        assert {
            control.reason({"code": code, "params": params, "holder": holder}) for code, params, holder in SAID
        } == {
            "The limit is nought: no order passes on credit.",
            "The group: The credit line ran out on 2026-03-01.",
            "The release covers CN¥1.00 only.",
            "The exchange rate of USD, JPY into CNY is missing on 2026-03-02, "
            "so one rule cannot be judged: Over the limit.",
        }


SAID = [
    ("OVER_LIMIT", {"limit": 0, "exposure": None, "after": 5, "over": 5, "currency": "CNY"}, "CUSTOMER"),
    ("LINE_EXPIRED", {"line": "7", "day": "2026-03-01"}, "GROUP"),
    ("RELEASE_EXPIRED", {"why": "AMOUNT", "expires_on": "2026-03-02", "amount": 100, "currency": "CNY"}, "ORDER"),
    (
        "RATE_MISSING",
        {"blinds": "OVER_LIMIT", "from": ["USD", "JPY"], "into": "CNY", "on": "2026-03-02"},
        "CUSTOMER",
    ),
]


def test_enumerations_follow_the_language():
    with translation.override("zh-hans"):
        assert formats.listed(["甲", "乙"]) == "甲、乙"
    with translation.override("en"):
        assert formats.listed(["a", "b"]) == "a, b"
