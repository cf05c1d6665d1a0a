"""The policy as a document: refused with all its mistakes at once, written back in full, compared field by field."""

import json
import tomllib
from datetime import date
from decimal import Decimal

import pytest

from xinheng.rules.policy import (
    SHIPPED,
    Change,
    Policy,
    PolicyError,
    ProblemCode,
    diff,
    dump,
    load,
    problems,
    sections,
    shipped,
)
from xinheng.rules.signers import SignerKind, SignerRule

pytestmark = pytest.mark.covers("LM-001")


def wrong(**sections_):
    """The mistakes of the shipped policy with something said otherwise: (place, code)."""
    return [(one.path, one.code) for one in problems(sections_, base=shipped())]


@pytest.mark.parametrize(
    ("section", "at", "code"),
    [
        ({"limit": {"watch_percent": 0}}, "limit.watch_percent", "OUT_OF_RANGE"),
        ({"limit": {"watch_percent": 101}}, "limit.watch_percent", "OUT_OF_RANGE"),
        ({"limit": {"watch_percent": "90"}}, "limit.watch_percent", "WRONG_TYPE"),
        ({"limit": {"watch_percent": 90.0}}, "limit.watch_percent", "WRONG_TYPE"),
        ({"limit": {"watch_percent": True}}, "limit.watch_percent", "WRONG_TYPE"),
        ({"limit": {"other": 1}}, "limit.other", "UNKNOWN_FIELD"),
        ({"limit": 90}, "limit", "WRONG_TYPE"),
        ({"other": {}}, "other", "UNKNOWN_FIELD"),
        ({"signed_by": "me"}, "signed_by", "UNKNOWN_FIELD"),
        ({"version": ""}, "version", "NOT_A_CODE"),
        ({"version": "a\nb"}, "version", "NOT_A_CODE"),
        ({"version": 1}, "version", "WRONG_TYPE"),
        ({"effective_from": "2026-02-31"}, "effective_from", "NOT_A_DATE"),
        ({"effective_from": "20260301"}, "effective_from", "NOT_A_DATE"),
        ({"effective_from": 20260301}, "effective_from", "NOT_A_DATE"),
        ({"effective_from": "soon"}, "effective_from", "NOT_A_DATE"),
        ({"overdue": {"grace_days": -1}}, "overdue.grace_days", "OUT_OF_RANGE"),
        ({"overdue": {"grace_days": "none"}}, "overdue.grace_days", "WRONG_TYPE"),
        ({"overdue": {"excluded": ["PLAIN"]}}, "overdue.excluded[0]", "NOT_A_CHOICE"),
        ({"overdue": {"excluded": ["RETENTION"]}}, "overdue.excluded[0]", "NOT_A_CHOICE"),
        ({"overdue": {"excluded": ["DISPUTED", "DISPUTED"]}}, "overdue.excluded", "DUPLICATE"),
        ({"overdue": {"excluded": "DISPUTED"}}, "overdue.excluded", "WRONG_TYPE"),
        ({"overdue": {"minimum_amounts": {"*": "-1"}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": "1e9"}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": "NaN"}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": "1,000"}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": "0.00001"}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": "1000000000000000"}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": 1.5}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"*": True}}}, "overdue.minimum_amounts.*", "NOT_AN_AMOUNT"),
        ({"overdue": {"minimum_amounts": {"RMB": "1"}}}, "overdue.minimum_amounts.RMB", "UNKNOWN_CURRENCY"),
        ({"overdue": {"minimum_amounts": {"cny": "1"}}}, "overdue.minimum_amounts.cny", "NOT_A_CODE"),
        ({"overdue": {"minimum_amounts": "10"}}, "overdue.minimum_amounts", "WRONG_TYPE"),
        ({"instruments": {"allowed": []}}, "instruments.allowed", "EMPTY"),
        ({"instruments": {"allowed": ["GOLD"]}}, "instruments.allowed[0]", "NOT_A_CHOICE"),
        ({"exposure": {"components": []}}, "exposure.components", "EMPTY"),
        ({"exposure": {"components": ["SETTLED"]}}, "exposure.components[0]", "NOT_A_CHOICE"),
        (
            {"exposure": {"instrument_weights_percent": {"GOLD": {"OTHER": 1}}}},
            "exposure.instrument_weights_percent.GOLD",
            "UNKNOWN_FIELD",
        ),
        (
            {"exposure": {"instrument_weights_percent": {"CHEQUE": {"OTHER": 101}}}},
            "exposure.instrument_weights_percent.CHEQUE.OTHER",
            "OUT_OF_RANGE",
        ),
        ({"check_points": {"over_limit": {"order": "STOP"}}}, "check_points.over_limit.order", "NOT_A_CHOICE"),
        ({"check_points": {"over_limit": {"order": "RELEASED"}}}, "check_points.over_limit.order", "NOT_A_CHOICE"),
        ({"check_points": {"over_limit": {"order": ["BLOCK"]}}}, "check_points.over_limit.order", "NOT_A_CHOICE"),
        ({"check_points": {"near_limit": {"order": "BLOCK"}}}, "check_points.near_limit.order", "NOT_A_CHOICE"),
        ({"check_points": {"overdue_notice": {"order": "BLOCK"}}}, "check_points.overdue_notice.order", "NOT_A_CHOICE"),
        ({"check_points": {"rate_missing": {"order": "BLOCK"}}}, "check_points.rate_missing", "UNKNOWN_FIELD"),
        ({"holds": {"points": {"OTHER": []}}}, "holds.points.OTHER", "UNKNOWN_FIELD"),
        ({"holds": {"points": {"MANUAL": ["NEVER"]}}}, "holds.points.MANUAL[0]", "NOT_A_CHOICE"),
        ({"breach": {"propose_cash": "yes"}}, "breach.propose_cash", "WRONG_TYPE"),
        ({"breach": {"waiver_covers": ["FORCED_HOLD"]}}, "breach.waiver_covers[0]", "NOT_A_CHOICE"),
        ({"release": {"not_releasable": ["RELEASE_EXPIRED"]}}, "release.not_releasable[0]", "NOT_A_CHOICE"),
        ({"business": {"ageing_bounds_days": [30, 20]}}, "business.ageing_bounds_days", "NOT_RISING"),
        ({"business": {"ageing_bounds_days": [30, 0]}}, "business.ageing_bounds_days[1]", "OUT_OF_RANGE"),
        ({"grades": {"without_rating": "NONE"}}, "grades.without_rating", "UNKNOWN_GRADE"),
        ({"roles": {"CLERK": dump(shipped())["roles"]["SETTLEMENT_CLERK"]}}, "roles", "NOBODY_MAY"),
        ({"grades": {"bindings": {"a": {}}}}, "grades.bindings.a", "NOT_A_CODE"),
        ({"terms": {"days_max_by_class": {"KEY": 3651}}}, "terms.days_max_by_class.KEY", "OUT_OF_RANGE"),
        ({"roles": {"CLERK": {"name_zh": "员"}}}, "roles.CLERK.name_en", "MISSING"),
    ],
)
def test_a_mistake_is_named_with_its_place(section, at, code):
    assert (at, ProblemCode(code)) in wrong(**section)


@pytest.mark.parametrize(
    ("rule", "at", "code"),
    [
        ("GENERAL_MANAGER", "", "WRONG_TYPE"),
        ({"kind": "SOME_OF", "roles": ["GENERAL_MANAGER"]}, ".kind", "NOT_A_CHOICE"),
        ({"roles": ["GENERAL_MANAGER"]}, ".kind", "MISSING"),
        ({"kind": "ANY_OF"}, ".roles", "MISSING"),
        ({"kind": "ANY_OF", "roles": []}, ".roles", "EMPTY"),
        ({"kind": "ANY_OF", "roles": ["BOSS"]}, ".roles", "UNKNOWN_ROLE"),
        ({"kind": "ANY_OF", "roles": ["GENERAL_MANAGER"], "n": 1}, ".n", "UNKNOWN_FIELD"),
        ({"kind": "N_OF", "roles": ["GENERAL_MANAGER"]}, ".n", "MISSING"),
        ({"kind": "N_OF", "roles": ["GENERAL_MANAGER"], "n": 0}, ".n", "OUT_OF_RANGE"),
        ({"kind": "ALL_OF", "roles": ["GENERAL_MANAGER"], "by": 1}, ".by", "UNKNOWN_FIELD"),
    ],
)
@pytest.mark.parametrize("act", ["special_sale", "keep_credit_despite_breach", "revoke_credit"])
def test_a_mistake_in_who_signs(act, rule, at, code):
    assert wrong(release={act: rule}) == [(f"release.{act}{at}", ProblemCode(code))]


def test_a_tier_speaks_for_every_currency_and_its_signers_are_roles():
    signers = {"kind": "ANY_OF", "roles": ["BOSS"]}
    assert wrong(release={"tiers": [{"above": {"CNY": "1"}, "signers": {**signers, "roles": ["AUDITOR"]}}]}) == [
        ("release.tiers[0].above.*", ProblemCode.MISSING)
    ]
    assert wrong(release={"tiers": [{"above": {"*": "1"}, "signers": signers}]}) == [
        ("release.tiers[0].signers.roles", ProblemCode.UNKNOWN_ROLE)
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_document():
    found = wrong(
        colour="red",
        limit={"watch_percent": 0, "high": 1, "low": 2},
        overdue={"grace_days": "x"},
        release={"tiers": [{}]},
    )
    assert found == [
        ("colour", ProblemCode.UNKNOWN_FIELD),
        ("limit.high", ProblemCode.UNKNOWN_FIELD),
        ("limit.low", ProblemCode.UNKNOWN_FIELD),
        ("limit.watch_percent", ProblemCode.OUT_OF_RANGE),
        ("overdue.grace_days", ProblemCode.WRONG_TYPE),
        ("release.tiers[0].above", ProblemCode.MISSING),
        ("release.tiers[0].signers", ProblemCode.MISSING),
    ]


def test_a_mistake_tells_what_stands_there_and_what_was_expected():
    (one,) = problems({"limit": {"watch_percent": 0}}, base=shipped())
    assert (one.value, one.expected) == ("0", "1..100 | none")
    (one,) = problems({"effective_from": "soon"}, base=shipped())
    assert one.expected == "YYYY-MM-DD | always"
    (one,) = problems({"breach": {"propose_cash": 1}}, base=shipped())
    assert one.expected == "true | false"
    (one,) = problems({"overdue": {"excluded": ["X" * 500]}}, base=shipped())
    assert (len(one.value), one.expected) == (200, "DISPUTED | INITIAL_STOCK")
    (one,) = problems({"overdue": {"amount_max": 1}}, base=shipped())
    assert one.expected.startswith("{… = ")
    (one,) = problems({"limit": 1}, base=shipped())
    assert one.expected == "{watch_percent = …}"


def test_an_error_holds_all_of_them():
    with pytest.raises(PolicyError) as refused:
        load({"limit": {"watch_percent": 0}, "overdue": {"grace_days": -1}}, base=shipped())
    assert refused.value.code == "POLICY_INVALID"
    assert len(refused.value.problems) == 2
    assert (
        refused.value.params["problems"] == "limit.watch_percent: OUT_OF_RANGE 0; overdue.grace_days: OUT_OF_RANGE -1"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[limit",
        "limit = 90\nlimit = 91",
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        "a = 2026-02-31",
        "\x00",
        "version = \ud800",
    ],
    ids=[
        "open bracket",
        "twice",
        "five thousand brackets",
        "five thousand digits",
        "31 February",
        "NUL",
        "half a character",
    ],
)
def test_what_is_no_toml_is_said_to_be_none(text):
    assert [one.code for one in problems(text)] == [ProblemCode.NOT_TOML]


def test_a_document_without_a_base_has_to_say_everything():
    missing = {one.path for one in problems("version = '1'") if one.code is ProblemCode.MISSING}
    assert missing == {knob.name for knob, _ in sections()} - {"version"}
    assert problems(SHIPPED) == ()


class TestRoundTrip:
    """What is written back is the whole policy, and reads as the same one."""

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"effective_from": "2026-03-01"},
            {"effective_from": date(2026, 3, 1)},
            {
                "limit": {"watch_percent": "none"},
                "overdue": {"share_percent_max": 5, "amount_max": {"*": "99.50", "JPY": 7}},
            },
            {"release": {"special_sale": {"kind": "N_OF", "roles": ["AUDITOR", "WAREHOUSE"], "n": 2}}},
            {
                "release": {
                    "tiers": [{"above": {"*": "1"}, "signers": {"kind": "ALL_OF", "roles": ["GENERAL_MANAGER"]}}],
                    "not_releasable": [],
                }
            },
            {
                "grades": {
                    "bindings": {"S_A": {"loosest_payment": "COD", "term_days_max": "none"}},
                    "without_rating": "S_A",
                }
            },
            {"terms": {"days_max_by_class": {"KEY": 90}}, "matching": {"unlinked_documents": "OLDEST"}},
        ],
    )
    def test_of_a_policy(self, said):
        policy = load(said, base=shipped())
        written = dump(policy)
        assert load(json.loads(json.dumps(written))) == policy
        assert diff(policy, load(written)) == []

    def test_of_the_shipped_one_nothing_is_lost(self):
        assert dump(shipped()) == dump(load(tomllib.loads(SHIPPED)))
        assert set(dump(shipped())) == {knob.name for knob, _ in sections()}

    def test_who_signed_it_is_not_written(self):
        assert "signed_by" not in dump(load(SHIPPED, signed_by="gm"))


def test_a_version_may_be_given_from_outside():
    assert load(SHIPPED, version="2026-7").version == "2026-7"


def test_a_base_supplies_what_is_left_out_but_tables_under_codes_are_taken_whole():
    policy = load({"overdue": {"grace_days": 1}, "holds": {"points": {"MANUAL": ["ORDER"]}}}, base=shipped())
    assert policy.overdue.grace_days == 1
    assert policy.overdue.minimum_amounts == shipped().overdue.minimum_amounts
    assert set(policy.holds.points) == {"MANUAL"}
    assert policy.roles == shipped().roles


def test_amounts_are_read_exactly():
    policy = load({"overdue": {"amount_max": {"*": "99.50", "KWD": "0.0005", "JPY": 7}}}, base=shipped())
    assert policy.overdue.amount_max == {"*": Decimal("99.50"), "KWD": Decimal("0.0005"), "JPY": Decimal(7)}


def test_a_signer_rule_counts_its_signers():
    rules = {"ANY_OF": 1, "ALL_OF": 2, "N_OF": 3}
    for kind, needed in rules.items():
        assert SignerRule(SignerKind(kind), ("A", "B"), 3).needed == needed


class TestDiff:
    """Two versions compared field by field, in the order of the document."""

    def test_nothing_differs_from_itself(self):
        assert diff(shipped(), shipped()) == []

    def test_every_field_that_differs_with_its_section(self):
        new = load(
            {
                "version": "2",
                "overdue": {"amount_max": {"CNY": "5"}, "minimum_amounts": {"*": "10"}},
                "check_points": {"overdue_days": {"order": "BLOCK"}},
            },
            base=shipped(),
        )
        assert diff(shipped(), new) == [
            Change("version", "", "shipped-1", "2"),
            Change("check_points", "overdue_days.order", "NOTICE", "BLOCK"),
            Change("overdue", "minimum_amounts.JPY", "1000", None),
            Change("overdue", "minimum_amounts.KRW", "10000", None),
            Change("overdue", "minimum_amounts.VND", "200000", None),
            Change("overdue", "minimum_amounts.IDR", "100000", None),
            Change("overdue", "amount_max.CNY", None, "5"),
        ]

    def test_backwards_it_is_the_mirror(self):
        new = load({"overdue": {"amount_max": {"CNY": "5"}}}, base=shipped())
        assert diff(new, shipped()) == [Change("overdue", "amount_max.CNY", "5", None)]


class TestForms:
    """A form can be drawn from the policy itself: every section, every field, its words, range and source."""

    def test_every_section_with_its_fields(self):
        found = {section.name: [one.name for one in fields] for section, fields in sections()}
        assert list(found) == [name for name in Policy.__dataclass_fields__ if name != "signed_by"]
        assert found["limit"] == ["watch_percent"]
        assert found["version"] == []
        assert found["roles"] == ["name_zh", "name_en", "scope", "rights", "without"]
        assert "over_limit" in found["check_points"]

    @pytest.mark.parametrize("section", [section for section, _ in sections()], ids=lambda section: section.name)
    def test_every_field_has_words_in_both_languages_and_says_what_it_expects(self, section):
        for one in _inside(section):
            assert all((one.words.zh, one.words.en, one.words.help_zh, one.words.help_en))
            assert any("一" <= letter <= "鿿" for letter in one.words.zh + one.words.help_zh)
            assert not any("一" <= letter <= "鿿" for letter in one.words.en + one.words.help_en)
            assert one.kind.expected
            assert all(id[:2].isupper() and id[2] == "-" for id in one.covers)


def _inside(knob):
    from xinheng.rules.policy.document import _inside as inside

    yield knob
    for one in inside(knob.kind):
        yield from _inside(one)
