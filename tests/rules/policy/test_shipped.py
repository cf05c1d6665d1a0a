"""The policy that ships says what semantics.md 3 and the source articles say, default by default."""

from decimal import Decimal

import pytest

from xinheng.rules.policy import (
    RIGHTS,
    SHIPPED,
    CheckPoint,
    Effect,
    ItemNature,
    Matching,
    Payment,
    ReasonCode,
    ReleaseAction,
    Scope,
    load,
    shipped,
)
from xinheng.rules.policy.codes import DERIVED
from xinheng.rules.signers import SignerKind, SignerRule

ORDER, CHANGE, DELIVERY, INVOICE = CheckPoint
BLOCK, NOTICE, IGNORE = Effect.BLOCK, Effect.NOTICE, Effect.IGNORE
#: What each rule does at order, change, delivery and invoice.
USUAL = (BLOCK, BLOCK, BLOCK, NOTICE)
EFFECTS = {
    "CUSTOMER_INACTIVE": (BLOCK, BLOCK, BLOCK, IGNORE),
    "FORCED_HOLD": USUAL,
    "ON_HOLD": USUAL,
    "GROUP_ON_HOLD": USUAL,
    "MISSING_APPROVAL": USUAL,
    "INSTRUMENT_NOT_ALLOWED": USUAL,
    "TERM_NOT_ALLOWED": USUAL,
    "GRADE_NOT_ALLOWED": USUAL,
    "CREDIT_WITHDRAWN": USUAL,
    "NO_CREDIT": USUAL,
    "LINE_UNSIGNED": (IGNORE,) * 4,
    "LINE_NOT_YET_VALID": USUAL,
    "LINE_EXPIRED": USUAL,
    "OVER_LIMIT": USUAL,  # over the limit holds at order and at delivery
    "OVER_GROUP_LIMIT": USUAL,
    "NEAR_LIMIT": (NOTICE, NOTICE, NOTICE, IGNORE),
    "PREPAYMENT_SHORT": USUAL,
    "OVERDUE_DAYS": (NOTICE, NOTICE, BLOCK, NOTICE),  # a notice at the order, a hold at the delivery
    "OVERDUE_AMOUNT": (NOTICE, NOTICE, BLOCK, NOTICE),
    "OVERDUE_SHARE": (NOTICE, NOTICE, BLOCK, NOTICE),
    "OVERDUE_NOTICE": (IGNORE,) * 4,
    "COD_OVERDUE": (NOTICE, NOTICE, BLOCK, NOTICE),
    "ROLLING_BATCH_UNPAID": USUAL,  # batch n needs batch n−1 paid
    "GROUP_OVERDUE": USUAL,  # below the set amount it is a notice whatever stands here
    "BREACH": (IGNORE, IGNORE, BLOCK, IGNORE),  # deliveries at once; new orders follow the rules above
}


@pytest.mark.covers("OC-001", "OC-002", "OC-007")
@pytest.mark.parametrize("code", EFFECTS)
def test_each_rule_at_each_moment(code):
    points = shipped().check_points
    assert tuple(points.at(point).get(ReasonCode(code), IGNORE) for point in CheckPoint) == EFFECTS[code]


def test_every_rule_is_named_above():
    assert set(EFFECTS) == set(ReasonCode) - DERIVED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("version", "shipped-1", id="its version"),
        pytest.param("effective_from", None, id="in force from always"),
        pytest.param("signed_by", None, id="unsigned"),
        pytest.param("limit.watch_percent", 90, id="watch zone"),
        pytest.param("overdue.grace_days", 5, id="five days of grace"),
        pytest.param("overdue.cod_grace_days", 0, id="cash on delivery without grace (OC-018)"),
        pytest.param("overdue.amount_max", {}, id="no bound of the late amount"),
        pytest.param("overdue.share_percent_max", None, id="nor of its share"),
        pytest.param(
            "overdue.excluded", (ItemNature.DISPUTED, ItemNature.INITIAL_STOCK), id="not counting disputes, stock"
        ),
        pytest.param("terms.days_max", 30, id="at most 30 days (LM-008)"),
        pytest.param("terms.days_max_by_class", {}, id="for every class of customers"),
        pytest.param(
            "instruments.allowed", ("CASH", "CHEQUE", "DRAFT", "REMITTANCE", "BANK_ACCEPTANCE"), id="the five of LM-011"
        ),
        pytest.param("exposure.contingent_weight_percent", 100, id="paper with recourse weighs in full"),
        pytest.param(
            "exposure.components",
            ("ORDERED", "DELIVERED", "CONSIGNED", "INVOICED", "INSTRUMENT", "CONTINGENT", "UNAPPLIED"),
            id="all components count",
        ),
        pytest.param(
            "breach.components", ("DELIVERED", "CONSIGNED", "INVOICED", "UNAPPLIED"), id="what is debt already"
        ),
        pytest.param("breach.propose_cash", True, id="a breach proposes the turn to cash (OC-010)"),
        pytest.param("breach.waiver_days", 30, id="kept credit holds thirty days"),
        pytest.param("release.expiry_days", 7, id="a release holds a week"),
        pytest.param("release.tiers", (), id="without tiers"),
        pytest.param(
            "release.not_releasable", (ReasonCode.FORCED_HOLD, ReasonCode.CUSTOMER_INACTIVE), id="no release of"
        ),
        pytest.param("grades.bindings", {}, id="grades bind nothing"),
        pytest.param("grades.without_rating", "", id="and none without a rating either"),
        pytest.param("matching.unlinked_documents", Matching.NONE, id="unlinked documents stay so"),
        pytest.param("business.ageing_bounds_days", (30, 60, 90), id="ageing bounds"),
        pytest.param("business.oldest_items_max", 10, id="ten oldest items"),
    ],
)
def test_each_default(path, value):
    found = shipped()
    for name in path.split("."):
        found = getattr(found, name)
    assert found == value


def test_an_overdue_amount_counts_above_a_minimum_and_a_members_from_a_set_one():
    assert shipped().overdue.minimum_amounts["*"] == Decimal(10)
    assert shipped().group.overdue_hold_amounts["*"] == Decimal(100_000)
    for currency in ("JPY", "KRW", "VND", "IDR"):  # money of many digits
        assert shipped().overdue.minimum_amounts[currency] > 100
        assert shipped().group.overdue_hold_amounts[currency] > 10**6


@pytest.mark.covers("LM-002", "OC-010", "OC-011")
@pytest.mark.parametrize(
    ("action", "rule"),
    [
        (
            ReleaseAction.SPECIAL_SALE,
            SignerRule(SignerKind.ANY_OF, ("GENERAL_MANAGER", "FINANCE_MANAGER", "SALES_MANAGER")),
        ),
        (
            ReleaseAction.KEEP_CREDIT_DESPITE_BREACH,
            SignerRule(SignerKind.ALL_OF, ("SALES_DIRECTOR", "FINANCE_DIRECTOR")),
        ),
        (ReleaseAction.REVOKE_CREDIT, SignerRule(SignerKind.ANY_OF, ("FINANCE_DIRECTOR",))),
    ],
)
def test_three_acts_have_signers_of_their_own(action, rule):
    assert shipped().release.rule_for(action) == rule


@pytest.mark.covers("LM-001")
def test_only_the_general_manager_signs_policies_and_only_a_signature_from_outside_makes_one_signed():
    roles = shipped().roles
    assert [code for code, role in roles.items() if role.allows("policy.sign")] == ["GENERAL_MANAGER"]
    assert not shipped().signed
    assert load(SHIPPED, signed_by="gm").signed


@pytest.mark.covers("OC-012")
def test_nobody_enters_and_releases_proposes_and_signs_or_posts_and_writes_off():
    for code, role in shipped().roles.items():
        for one, other in (
            ("orders.enter", "orders.release"),
            ("policy.propose", "policy.sign"),
            ("cash.post", "receivables.write_off"),
            ("receivables.post", "receivables.write_off"),
        ):
            assert code == "CONSOLE" or not (role.allows(one) and role.allows(other)), (code, one, other)


@pytest.mark.covers("OC-012")
def test_the_roles_of_the_source_and_whose_customers_they_see():
    scopes = {code: role.scope for code, role in shipped().roles.items()}
    assert scopes["SALESPERSON"] is Scope.OWN
    assert scopes["SALES_SUPERVISOR"] is Scope.TEAM
    assert scopes["SALES_MANAGER"] is scopes["REGIONAL_MANAGER"] is scopes["WAREHOUSE"] is Scope.BRANCH
    assert scopes["CREDIT_ADMINISTRATOR"] is scopes["FINANCE_DIRECTOR"] is scopes["AUDITOR"] is Scope.ALL
    for code in ("CREDIT_CHECKER", "SETTLEMENT_CLERK", "BILLING_CLERK", "CUSTOMER_SERVICE", "MARKETING_MANAGER"):
        assert code in scopes


def test_the_console_may_do_everything_but_sign_approve_and_release():
    console = shipped().roles["CONSOLE"]
    denied = {right for right in RIGHTS if not console.allows(right)}
    assert denied == {"policy.sign", "forms.approve", "orders.release", "credit.keep", "credit.revoke"}


def test_an_auditor_reads_and_changes_nothing():
    auditor = shipped().roles["AUDITOR"]
    verbs = {right.partition(".")[2] for right in RIGHTS if auditor.allows(right)}
    assert verbs <= {"view", "read", "replay", "backtest", "export", "verify"}


def test_payments_go_from_strict_to_loose():
    assert sorted(Payment, key=lambda one: one.looseness) == [Payment.PREPAID, Payment.COD, Payment.CREDIT]


def test_a_hold_of_a_kind_nobody_named_counts_at_every_moment():
    holds = shipped().holds
    assert all(holds.counts("OTHER", point) for point in CheckPoint)
    assert [point for point in CheckPoint if holds.counts("DELIVERY_STOP", point)] == [DELIVERY]
    assert [point for point in CheckPoint if holds.counts("WARNING", point)] == [ORDER, CHANGE]
    assert all(holds.counts("MANUAL", point) for point in (ORDER, CHANGE, DELIVERY, INVOICE))
