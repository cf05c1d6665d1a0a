"""What an order must meet whatever its customer owes: activity, holds, approvals, means of payment, term, grade."""

import pytest

from tests.rules.order_check.making import (
    CHANGE,
    DELIVERY,
    INVOICE,
    NO_LINE,
    ORDER,
    codes,
    effects,
    facts,
    hold,
    holder,
    line,
    params,
    policy,
    rule,
    standing,
    verdict,
)
from xinheng.rules.order_check import check
from xinheng.rules.order_check.facts import Credit, HolderKind
from xinheng.rules.policy import HoldKind, Payment, shipped

POINTS = (ORDER, CHANGE, DELIVERY, INVOICE)


@pytest.mark.covers("OC-002")
def test_an_inactive_customer_does_not_trade_and_is_invoiced_for_what_has_left():
    gone = standing(active=False)
    verdicts = [verdict(facts(standing=gone, point=point)) for point in POINTS]
    assert verdicts == ["held", "held", "held", "approved"]


@pytest.mark.covers("OC-008", "OC-013")
@pytest.mark.parametrize(
    ("kind", "stops"),
    [
        (HoldKind.MANUAL, {ORDER, CHANGE, DELIVERY}),
        (HoldKind.WRITE_OFF, {ORDER, CHANGE, DELIVERY}),
        (HoldKind.DISHONOUR, {ORDER, CHANGE, DELIVERY}),
        (HoldKind.COLLECTION, {ORDER, CHANGE, DELIVERY}),
        (HoldKind.WARNING, {ORDER, CHANGE}),
        (HoldKind.DELIVERY_STOP, {DELIVERY}),
        (HoldKind.BREACH, {DELIVERY}),
        ("OWN_KIND", {ORDER, CHANGE, DELIVERY}),
    ],
)
def test_what_a_hold_stops_is_said_by_its_kind(kind, stops):
    assert {point for point in POINTS if verdict(facts(holds=(hold(kind),), point=point)) == "held"} == stops


@pytest.mark.covers("OC-013")
@pytest.mark.parametrize(
    ("placed", "code", "of"),
    [
        (hold(of=HolderKind.CUSTOMER), "ON_HOLD", HolderKind.CUSTOMER),
        (hold(of=HolderKind.ORDER), "ON_HOLD", HolderKind.ORDER),
        (hold(of=HolderKind.GROUP), "GROUP_ON_HOLD", HolderKind.GROUP),
        (hold(of=HolderKind.CUSTOMER, forced=True), "FORCED_HOLD", HolderKind.CUSTOMER),
        (hold(of=HolderKind.ORDER, forced=True), "FORCED_HOLD", HolderKind.ORDER),
        (hold(of=HolderKind.GROUP, forced=True), "FORCED_HOLD", HolderKind.GROUP),
    ],
)
def test_a_hold_of_the_order_the_customer_or_its_group(placed, code, of):
    (reason,) = check(facts(holds=(placed,)), shipped()).reasons
    assert (reason.code, reason.holder, reason.params) == (code, of, {"holds": ["1"], "kinds": ["MANUAL"]})


def test_several_holds_are_one_reason_of_each_sort():
    holds = (hold(id="1"), hold(id="2", of=HolderKind.ORDER), hold(id="3", forced=True), hold("WARNING", id="4"))
    decision = check(facts(holds=holds, point=DELIVERY), shipped())
    assert codes(decision) == ["FORCED_HOLD", "ON_HOLD"]
    assert params(decision, "ON_HOLD")["holds"] == ["1", "2"]


@pytest.mark.covers("OC-013")
def test_a_forced_hold_counts_everywhere_whatever_its_kind():
    stop = hold("WARNING", forced=True)
    assert [verdict(facts(holds=(stop,), point=point)) for point in POINTS] == ["held", "held", "held", "watch"]


@pytest.mark.parametrize("name", ["forced_hold", "on_hold", "group_on_hold"])
def test_holds_that_the_policy_does_not_look_at(name):
    placed = hold(of=HolderKind.GROUP if name == "group_on_hold" else HolderKind.CUSTOMER, forced=name == "forced_hold")
    assert verdict(facts(holds=(placed,)), policy(check_points=rule(name, "IGNORE"))) == "approved"


@pytest.mark.covers("OC-009", "OC-011")
def test_a_document_that_nobody_has_approved_holds():
    decision = check(facts(missing_approvals=("contract", "price")), shipped())
    assert codes(decision) == ["MISSING_APPROVAL"]
    assert params(decision, "MISSING_APPROVAL") == {"documents": ["contract", "price"]}
    ignoring = policy(check_points=rule("missing_approval", "IGNORE"))
    assert verdict(facts(missing_approvals=("contract",)), ignoring) == "approved"


@pytest.mark.covers("LM-011", "OC-007")
@pytest.mark.parametrize(
    ("instrument", "agreed", "expected"),
    [
        ("", None, "approved"),  # whatever is allowed
        ("CASH", None, "approved"),
        ("CHEQUE", None, "approved"),
        ("DRAFT", None, "approved"),
        ("REMITTANCE", None, "approved"),
        ("BANK_ACCEPTANCE", None, "approved"),
        ("COMMERCIAL_ACCEPTANCE", None, "held"),
        ("PROMISSORY_NOTE", None, "held"),
        ("COMMERCIAL_ACCEPTANCE", ("COMMERCIAL_ACCEPTANCE",), "approved"),  # what was agreed with this customer
        ("CHEQUE", ("CASH",), "held"),
        ("CHEQUE", (), "held"),
        ("", (), "approved"),
    ],
)
@pytest.mark.parametrize("payment", Payment)
def test_means_of_payment(instrument, agreed, expected, payment):
    found = facts(
        instrument=instrument, payment=payment, prepaid_money=100, standing=standing(instruments_allowed=agreed)
    )
    assert verdict(found) == expected


def test_means_of_payment_that_the_policy_does_not_look_at():
    blind = policy(check_points=rule("instrument_not_allowed", "IGNORE"))
    assert verdict(facts(instrument="PROMISSORY_NOTE"), blind) == "approved"


@pytest.mark.covers("LM-008")
@pytest.mark.parametrize(
    ("own", "group", "order", "expected"),
    [
        pytest.param(line(), None, {"term_days": 30}, None, id="30 days unless somebody granted more"),
        pytest.param(line(), None, {"term_days": 31}, 30, id="not a day more"),
        pytest.param(line(), None, {}, None, id="an order that names none takes the line's"),
        pytest.param(line(term_days=60), None, {"term_days": 60}, None, id="the line grants 60"),
        pytest.param(line(term_days=60), None, {"term_days": 61}, 60, id="and no more"),
        pytest.param(line(term_days=10), None, {"term_days": 30}, 10, id="a line may grant less"),
        pytest.param(line(term_days=0), None, {"term_days": 1}, 0, id="or nothing"),
        pytest.param(NO_LINE, line(term_days=60), {"term_days": 60}, None, id="the group's where there is no other"),
        pytest.param(line(term_days=10), line(term_days=60), {"term_days": 60}, 10, id="its own before the group's"),
        pytest.param(NO_LINE, line(), {"term_days": 31}, 30, id="else the policy's"),
        pytest.param(line(), None, {"term": "滚结 1"}, 30, id="a term that nothing bounds is longer than any"),
        pytest.param(line(term="滚结 1"), None, {"term": "滚结 1"}, None, id="unless the line grants that very term"),
        pytest.param(line(term="滚结 1"), None, {"term": "滚结 2"}, 30, id="another one it does not"),
        pytest.param(
            line(term="月结30"), None, {"term": "月结30", "term_days": 60}, None, id="nor is it counted in days"
        ),
        pytest.param(NO_LINE, line(term="滚结 1"), {"term": "滚结 1"}, None, id="the group's too"),
        pytest.param(line(term="30D", term_days=30), line(term="滚结 1"), {"term": "滚结 1"}, 30, id="its own first"),
    ],
)
def test_the_longest_term(own, group, order, expected):
    group = group and holder(group, code="G")
    decision = check(facts(100, holder(own), group=group, **order), shipped())
    assert codes(decision) == ([] if expected is None else ["TERM_NOT_ALLOWED"])
    if expected is not None:
        said = {"term": order.get("term", ""), "days": order.get("term_days"), "days_max": expected}
        assert params(decision, "TERM_NOT_ALLOWED") == said


@pytest.mark.covers("LM-008")
def test_a_class_of_customers_may_have_a_longest_term_of_its_own():
    longer = policy(terms={"days_max_by_class": {"KEY": 90}})
    assert verdict(facts(term_days=90, standing=standing(customer_class="KEY")), longer) == "approved"
    assert verdict(facts(term_days=91, standing=standing(customer_class="KEY")), longer) == "held"
    assert verdict(facts(term_days=31, standing=standing(customer_class="OTHER")), longer) == "held"


@pytest.mark.covers("LM-008")
@pytest.mark.parametrize("payment", [Payment.PREPAID, Payment.COD])
def test_who_pays_at_once_has_no_term(payment):
    assert verdict(facts(term_days=90, payment=payment, prepaid_money=100)) == "approved"


def test_terms_that_the_policy_does_not_look_at():
    assert verdict(facts(term_days=90), policy(check_points=rule("term_not_allowed", "IGNORE"))) == "approved"


GRADES = policy(
    grades={
        "bindings": {
            "PERIOD_A": {"loosest_payment": "CREDIT", "term_days_max": 60},
            "PERIOD_B": {"loosest_payment": "CREDIT", "term_days_max": 15},
            "THREE_B": {"loosest_payment": "COD", "term_days_max": "none"},
            "THREE_D": {"loosest_payment": "PREPAID", "term_days_max": "none"},
        }
    }
)


class TestGrades:
    """What grades bind, once the policy says so; a customer may hold several, and the strictest counts (K1)."""

    @pytest.mark.parametrize("grades", [(), ("PERIOD_D",), ("THREE_D", "PERIOD_D")])
    @pytest.mark.parametrize("payment", Payment)
    def test_as_shipped_they_bind_nothing(self, grades, payment):
        assert verdict(facts(payment=payment, prepaid_money=100, standing=standing(grades=grades))) == "approved"

    @pytest.mark.parametrize(
        ("grades", "passing"),
        [
            ((), {Payment.CREDIT, Payment.COD, Payment.PREPAID}),
            (("PERIOD_A",), {Payment.CREDIT, Payment.COD, Payment.PREPAID}),
            (("UNKNOWN",), {Payment.CREDIT, Payment.COD, Payment.PREPAID}),
            (("THREE_B",), {Payment.COD, Payment.PREPAID}),
            (("THREE_D",), {Payment.PREPAID}),
            (("PERIOD_A", "THREE_B", "THREE_D"), {Payment.PREPAID}),
        ],
    )
    def test_the_loosest_payment(self, grades, passing):
        found = {how: facts(payment=how, prepaid_money=100, standing=standing(grades=grades)) for how in Payment}
        assert {how for how in Payment if verdict(found[how], GRADES) == "approved"} == passing

    def test_the_reason_names_both(self):
        decision = check(facts(standing=standing(grades=("THREE_B",))), GRADES)
        assert params(decision, "GRADE_NOT_ALLOWED") == {"payment": "CREDIT", "loosest": "COD"}

    @pytest.mark.parametrize(
        ("granted", "grades", "days", "expected"),
        [
            (None, ("PERIOD_B",), 15, "approved"),
            (None, ("PERIOD_B",), 16, "held"),
            (90, ("PERIOD_A",), 60, "approved"),
            (90, ("PERIOD_A",), 61, "held"),
            (10, ("PERIOD_A",), 11, "held"),
            (90, ("PERIOD_A", "PERIOD_B"), 16, "held"),
            (90, ("PERIOD_C",), 90, "approved"),
        ],
    )
    def test_a_grade_narrows_the_term(self, granted, grades, days, expected):
        customer = holder(line(term_days=granted))
        assert verdict(facts(100, customer, term_days=days, standing=standing(grades=grades)), GRADES) == expected

    def test_even_the_lines_own_term(self):
        customer = holder(line(term="滚结 1"))
        found = facts(100, customer, term="滚结 1", standing=standing(grades=("PERIOD_B",)))
        assert params(check(found, GRADES), "TERM_NOT_ALLOWED")["days_max"] == 15

    def test_the_policy_says_how_the_unrated_are_treated(self):
        as_d = policy(
            grades={
                "bindings": {"NONE": {"loosest_payment": "PREPAID", "term_days_max": "none"}},
                "without_rating": "NONE",
            }
        )
        assert codes(check(facts(), as_d)) == ["GRADE_NOT_ALLOWED"]
        assert codes(check(facts(standing=standing(grades=("PERIOD_A",))), as_d)) == []

    def test_and_may_look_away(self):
        blind = policy(
            grades={"bindings": {"THREE_D": {"loosest_payment": "PREPAID", "term_days_max": "none"}}},
            check_points=rule("grade_not_allowed", "NOTICE", ORDER),
        )
        assert effects(check(facts(standing=standing(grades=("THREE_D",))), blind)) == {"GRADE_NOT_ALLOWED": "NOTICE"}
        blind = policy(check_points=rule("grade_not_allowed", "IGNORE"))
        assert verdict(facts(standing=standing(grades=("THREE_D",))), blind) == "approved"


class TestCredit:
    """Whether there is credit at all: cash customers, withdrawn credit, lines that are unsigned or out of force."""

    @pytest.mark.covers("LM-012")
    def test_without_a_line_every_customer_is_a_cash_customer(self):
        decision = check(facts(1, holder(NO_LINE)), shipped())
        assert params(decision, "NO_CREDIT") == {"why": "UNSET"}
        assert params(check(facts(1, holder(line(0))), shipped()), "OVER_LIMIT")["limit"] == 0

    @pytest.mark.covers("LM-012", "OC-010")
    def test_a_customer_turned_to_cash_has_none_whatever_its_line_says(self):
        """TV14.12: a bounced cheque turned it to cash, the old limit is still on file."""
        found = facts(100, holder(1000), standing=standing(credit=Credit.CASH))
        assert params(check(found, shipped()), "NO_CREDIT") == {"why": "CASH"}
        assert codes(check(facts(100, holder(NO_LINE), standing=standing(credit=Credit.CASH)), shipped())) == [
            "NO_CREDIT"
        ]

    @pytest.mark.covers("OC-010")
    @pytest.mark.parametrize(
        ("credit", "own", "group", "of"),
        [
            (Credit.WITHDRAWN, line(), None, [HolderKind.CUSTOMER]),
            (Credit.CREDIT, line(withdrawn=True), None, [HolderKind.CUSTOMER]),
            (Credit.WITHDRAWN, line(withdrawn=True), None, [HolderKind.CUSTOMER]),
            (Credit.WITHDRAWN, NO_LINE, line(), [HolderKind.CUSTOMER]),
            (Credit.CREDIT, NO_LINE, line(withdrawn=True), [HolderKind.GROUP]),
            (Credit.WITHDRAWN, line(), line(withdrawn=True), [HolderKind.CUSTOMER, HolderKind.GROUP]),
        ],
    )
    def test_credit_that_was_withdrawn(self, credit, own, group, of):
        group = group and holder(group, code="G")
        decision = check(facts(100, holder(own), group=group, standing=standing(credit=credit)), shipped())
        assert set(codes(decision)) == {"CREDIT_WITHDRAWN"}
        assert [reason.holder for reason in decision.reasons] == of

    @pytest.mark.covers("OC-010", "LM-012")
    @pytest.mark.parametrize("payment", [Payment.PREPAID, Payment.COD])
    @pytest.mark.parametrize("credit", Credit)
    def test_who_has_none_still_buys_for_cash(self, payment, credit):
        found = facts(100, holder(NO_LINE), payment=payment, prepaid_money=100, standing=standing(credit=credit))
        assert verdict(found) == "approved"

    @pytest.mark.covers("LM-001")
    def test_a_line_that_nobody_signed_counts_until_the_policy_asks_for_the_signature(self):
        unsigned = facts(100, holder(line(id="7", signed=False)))
        assert verdict(unsigned) == "approved"
        strict = policy(check_points=rule("line_unsigned", "BLOCK"))
        assert params(check(unsigned, strict), "LINE_UNSIGNED") == {"line": "7"}

    @pytest.mark.parametrize(
        ("valid_from", "valid_until", "code", "day"),
        [
            (None, None, "", ""),
            ("2026-03-02", "2026-03-02", "", ""),
            ("2026-03-03", None, "LINE_NOT_YET_VALID", "2026-03-03"),
            ("2026-03-03", "2026-03-01", "LINE_NOT_YET_VALID", "2026-03-03"),
            (None, "2026-03-01", "LINE_EXPIRED", "2026-03-01"),
            ("2025-01-01", "2026-03-01", "LINE_EXPIRED", "2026-03-01"),
        ],
    )
    def test_the_days_of_a_line(self, valid_from, valid_until, code, day):
        days = {"valid_from": valid_from, "valid_until": valid_until}
        dates = {name: None if text is None else type(facts().on).fromisoformat(text) for name, text in days.items()}
        decision = check(facts(100, holder(line(id="7", **dates))), shipped())
        assert codes(decision) == ([code] if code else [])
        if code:
            assert params(decision, code) == {"line": "7", "day": day}
            off = policy(check_points=rule(code, "IGNORE"))
            assert verdict(facts(100, holder(line(**dates))), off) == "approved"

    @pytest.mark.parametrize("name", ["no_credit", "credit_withdrawn"])
    def test_what_the_policy_does_not_look_at(self, name):
        found = facts(100, holder(NO_LINE), standing=standing(credit=Credit.WITHDRAWN))
        left = {"no_credit": ["CREDIT_WITHDRAWN"], "credit_withdrawn": ["NO_CREDIT"]}[name]
        assert codes(check(found, policy(check_points=rule(name, "IGNORE")))) == left
