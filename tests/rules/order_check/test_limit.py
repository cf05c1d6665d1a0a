"""The limit: what counts against it, what just fits, what is over, and whose line binds."""

from decimal import Decimal

import pytest

from tests.rules.order_check.making import (
    CHANGE,
    DELIVERY,
    INVOICE,
    NO_LINE,
    ON,
    ORDER,
    codes,
    effects,
    facts,
    holder,
    late,
    line,
    params,
    policy,
    rule,
    verdict,
)
from xinheng.rules.exposure import Components, PaperSum
from xinheng.rules.order_check import check
from xinheng.rules.order_check.facts import HolderKind, LineKind
from xinheng.rules.policy import Payment, shipped


@pytest.mark.covers("LM-003", "OC-002", "OC-007")
@pytest.mark.parametrize(
    ("limit", "owes", "amount", "expected"),
    [
        pytest.param(1000, 900, 100, "watch", id="equal to the limit passes"),
        pytest.param(1000, 900, 101, "held", id="one fen above is held"),
        pytest.param(1000, 800, 100, "approved", id="ninety percent of it without a word"),
        pytest.param(1000, 800, 101, "watch", id="above that in the watch zone"),
        pytest.param(1000, 1200, 0, "held", id="in debt above it even without more"),
        pytest.param(0, 0, 1, "held", id="a limit of 0 holds any order"),
        pytest.param(0, -500, 1, "held", id="even of a customer who has paid ahead"),
        pytest.param(0, 0, 0, "approved", id="an order over nothing needs nothing"),
        pytest.param(LineKind.UNLIMITED, 10**12, 10**12, "approved", id="unlimited is never over"),
        pytest.param(LineKind.NONE, 0, 1, "held", id="no credit"),
        pytest.param(80_000, 50_000, 40_000, "held", id="TV14.4: 90,000 of one purchase of 80,000"),
        pytest.param(80_000, 50_000, 30_000, "watch", id="TV14.4: 80,000 of 80,000, equal allowed"),
    ],
)
def test_exposure_with_the_order_against_the_limit(limit, owes, amount, expected):
    assert verdict(facts(amount, holder(limit, owes))) == expected


@pytest.mark.covers("LM-003")
@pytest.mark.parametrize(
    ("components", "counted"),
    [
        (Components(ordered=7), 7),
        (Components(delivered=7), 7),
        (Components(consigned=7), 7),
        (Components(invoiced=7), 7),
        (Components(instrument=7), 7),
        (Components(contingent=7), 7),
        (Components(invoiced=7, unapplied=5), 2),
        (Components(unapplied=5), -5),
        (Components(1, 10, 100, 1000, 10_000, 100_000, 5), 111_106),
    ],
    ids=str,
)
def test_every_component_counts_and_money_not_yet_allocated_counts_for_the_customer(components, counted):
    (measure,) = check(facts(0, holder(10**9, components)), shipped()).measures
    assert (measure.exposure, measure.headroom) == (counted, 10**9 - counted)


@pytest.mark.covers("LM-003")
def test_a_cheque_that_has_not_cleared_is_still_owed():
    """TV14.6: receivables 100,000, a cheque over 60,000 of them not cleared, limit 100,000: an order of 1 is held."""
    owes = Components(invoiced=40_000, instrument=60_000)
    cheque = PaperSum("CNY", "CHEQUE", "OTHER", 60_000)
    assert verdict(facts(1, holder(100_000, owes, papers=(cheque,)))) == "held"
    accepted = PaperSum("CNY", "BANK_ACCEPTANCE", "LARGE_BANK", 60_000)
    assert verdict(facts(60_000, holder(100_000, owes, papers=(accepted,)))) == "watch"


def test_the_reason_tells_what_is_owed_and_by_how_much_it_is_over():
    decision = check(facts(150, holder(1000, 900)), shipped())
    assert params(decision, "OVER_LIMIT") == {
        "limit": 1000,
        "exposure": 900,
        "after": 1050,
        "over": 50,
        "currency": "CNY",
    }
    near = check(facts(50, holder(1000, 900)), shipped())
    assert params(near, "NEAR_LIMIT")["watch_percent"] == 90


def test_an_order_over_a_limit_of_zero_is_over_by_what_it_lacks():
    assert params(check(facts(50, holder(0, 20)), shipped()), "OVER_LIMIT")["over"] == 70
    assert params(check(facts(50, holder(0, -80)), shipped()), "OVER_LIMIT")["over"] == 0


def test_the_watch_zone_is_the_policys():
    at_half = policy(limit={"watch_percent": 50})
    assert verdict(facts(100, holder(1000, 401)), at_half) == "watch"
    assert verdict(facts(100, holder(1000, 400)), at_half) == "approved"
    assert verdict(facts(100, holder(1000, 900)), policy(limit={"watch_percent": "none"})) == "approved"
    assert verdict(facts(100, holder(1000, 900)), policy(check_points=rule("near_limit", "IGNORE"))) == "approved"


def test_where_nobody_looks_at_the_limit_being_over_it_is_at_least_near():
    blind = policy(check_points=rule("over_limit", "IGNORE"))
    assert codes(check(facts(500, holder(1000, 900)), blind)) == ["NEAR_LIMIT"]


@pytest.mark.covers("LM-003", "OC-002")
@pytest.mark.parametrize(
    ("point", "effect"), [(ORDER, "BLOCK"), (CHANGE, "BLOCK"), (DELIVERY, "BLOCK"), (INVOICE, "NOTICE")]
)
def test_over_the_limit_holds_at_order_change_and_delivery_and_only_warns_at_the_invoice(point, effect):
    found = check(facts(200, holder(1000, Components(ordered=900)), point=point), shipped())
    assert effects(found) == {"OVER_LIMIT": effect}


@pytest.mark.parametrize(
    ("increase", "until", "expected"),
    [(100, ON, "watch"), (100, None, "watch"), (99, ON, "held"), (100, ON.replace(day=1), "held"), (0, ON, "held")],
)
def test_a_temporary_increase_counts_until_its_last_day(increase, until, expected):
    assert verdict(facts(100, holder(line(900, extra=increase, extra_until=until), 900))) == expected


@pytest.mark.covers("LM-012", "OC-007")
@pytest.mark.parametrize(
    ("customer", "group", "expected"),
    [
        pytest.param(NO_LINE, None, ["NO_CREDIT"], id="nobody stated a line: a cash customer"),
        pytest.param(NO_LINE, NO_LINE, ["NO_CREDIT"], id="nor did its group"),
        pytest.param(NO_LINE, line(1000), [], id="a member without its own line draws on its group's"),
        pytest.param(NO_LINE, line(99), ["OVER_GROUP_LIMIT"], id="as far as that goes"),
        pytest.param(line(1000), line(99), ["OVER_GROUP_LIMIT"], id="a member never unlocks what the group refuses"),
        pytest.param(line(99), line(1000), ["OVER_LIMIT"], id="and the group does not stretch its line"),
        pytest.param(line(99), line(98), ["OVER_LIMIT", "OVER_GROUP_LIMIT"], id="both must pass"),
        pytest.param(line(1000), line(LineKind.NONE), ["NO_CREDIT"], id="a group without credit"),
        pytest.param(line(LineKind.NONE), line(1000), ["NO_CREDIT"], id="a member without credit"),
        pytest.param(line(LineKind.UNLIMITED), line(1000), [], id="unlimited within the group's"),
        pytest.param(line(LineKind.UNLIMITED), None, [], id="unlimited alone"),
    ],
)
def test_the_lines_of_a_customer_and_of_its_group(customer, group, expected):
    group = group and holder(group, code="G")
    assert codes(check(facts(100, holder(customer), group=group), shipped())) == expected


def test_a_group_is_filled_by_all_its_members():
    group = holder(1000, 950, code="G")
    decision = check(facts(100, holder(1000, 0), group=group), shipped())
    assert codes(decision) == ["OVER_GROUP_LIMIT"]
    assert decision.reasons[0].holder is HolderKind.GROUP
    assert params(decision, "OVER_GROUP_LIMIT")["after"] == 1050


@pytest.mark.parametrize(
    ("customer", "group", "binding"),
    [
        (holder(1000, 0), holder(1000, 500, code="G"), "G"),
        (holder(1000, 600), holder(1000, 500, code="G"), "A"),
        (holder(NO_LINE), holder(1000, code="G"), "G"),
        (holder(NO_LINE), holder(NO_LINE, code="G"), "A"),
        (holder(1000), holder(NO_LINE, code="G"), "A"),
        (holder(LineKind.UNLIMITED), holder(10**9, code="G"), "G"),
        (holder(1), holder(LineKind.NONE, code="G"), "G"),
        (holder(LineKind.NONE), holder(LineKind.NONE, code="G"), "A"),
    ],
)
def test_the_answer_begins_with_whose_limit_binds(customer, group, binding):
    measures = check(facts(100, customer, group=group), shipped()).measures
    assert measures[0].code == binding
    assert len(measures) == 2


def test_limits_in_two_currencies_are_compared_in_that_of_the_order():
    """1,000 fen left are less than 500 cents left when a dollar is worth 7 yuan."""
    own = holder(line(1000), 0)
    group = holder(line(500), currency="USD", code="G", rates={"CNY": Decimal("0.14")})
    assert check(facts(0, own, group=group), shipped()).measures[0].code == "A"
    cheap = holder(line(500), currency="USD", code="G", rates={"CNY": Decimal(2)})
    assert check(facts(0, own, group=cheap), shipped()).measures[0].code == "G"


@pytest.mark.parametrize("without", ["customer", "group"])
def test_a_limit_that_cannot_be_measured_binds_first(without):
    owes = {"USD": Components(invoiced=1)}
    own = holder(1000, components=owes if without == "customer" else {})
    group = holder(1, code="G", components=owes if without == "group" else {})
    measures = check(facts(0, own, group=group), shipped()).measures
    assert measures[0].code == {"customer": "A", "group": "G"}[without]


class TestRates:
    """Amounts in several currencies: converted, summed, rounded once; a rate that is missing holds the order."""

    def test_a_total_over_currencies_is_rounded_once(self):
        owes = {"USD": Components(invoiced=1), "HKD": Components(invoiced=1)}
        rates = {"USD": Decimal("0.4"), "HKD": Decimal("0.4")}
        (measure,) = check(facts(0, holder(1000, components=owes, rates=rates)), shipped()).measures
        assert (measure.exposure, measure.by_currency) == (1, {"USD": 1, "HKD": 1})
        assert measure.components["INVOICED"] == 1

    def test_an_order_in_another_currency_fills_the_limit_at_the_rate(self):
        rates = {"JPY": Decimal("0.05")}  # a yen, which has no decimals, is worth 5 fen
        assert verdict(facts(20, holder(100, rates=rates), currency="JPY")) == "watch"
        assert verdict(facts(21, holder(100, rates=rates), currency="JPY")) == "held"

    def test_half_a_fen_rounds_up_and_over_the_limit(self):
        rates = {"USD": Decimal("0.5")}
        assert verdict(facts(200, holder(100, rates=rates), currency="USD")) == "watch"
        assert verdict(facts(201, holder(100, rates=rates), currency="USD")) == "held"

    @pytest.mark.parametrize(
        ("owes", "currency", "missing"),
        [
            ({"USD": Components(invoiced=1)}, "CNY", ["USD"]),
            ({}, "USD", ["USD"]),
            ({"USD": Components(invoiced=1)}, "JPY", ["USD", "JPY"]),
            ({"USD": Components(ordered=1), "JPY": Components(unapplied=3)}, "CNY", ["USD", "JPY"]),
        ],
    )
    def test_a_missing_rate_holds_and_leaves_the_total_open(self, owes, currency, missing):
        decision = check(facts(100, holder(1000, components=owes), currency=currency), shipped())
        assert codes(decision) == ["RATE_MISSING"]
        assert decision.held
        assert params(decision, "RATE_MISSING") == {
            "blinds": "OVER_LIMIT",
            "from": missing,
            "into": "CNY",
            "on": ON.isoformat(),
        }
        assert decision.measures[0].after is None
        assert decision.measures[0].headroom is None

    def test_an_amount_of_nothing_needs_no_rate(self):
        owes = {"USD": Components(invoiced=3, unapplied=3), "CNY": Components(invoiced=10)}
        decision = check(facts(0, holder(1000, components=owes), currency="JPY"), shipped())
        assert codes(decision) == []
        assert decision.measures[0].exposure == 10
        assert decision.measures[0].components["INVOICED"] is None

    def test_a_rule_that_is_not_looked_at_is_not_blind(self):
        found = facts(100, holder(1000, components={"USD": Components(invoiced=1)}))
        assert verdict(found, policy(check_points=rule("over_limit", "IGNORE"))) == "approved"
        assert verdict(found, policy(check_points=rule("over_limit", "NOTICE"))) == "watch"

    @pytest.mark.parametrize("limit", [LineKind.UNLIMITED, LineKind.NONE, NO_LINE])
    def test_without_an_amount_to_compare_with_no_rate_is_asked_for(self, limit):
        found = facts(100, holder(limit, components={"USD": Components(invoiced=1)}))
        assert "RATE_MISSING" not in codes(check(found, shipped()))

    @pytest.mark.parametrize("payment", [Payment.PREPAID, Payment.COD])
    def test_nor_for_an_order_that_needs_no_limit(self, payment):
        found = facts(100, holder(components={"USD": Components(invoiced=1)}), payment=payment, prepaid_money=100)
        assert verdict(found) == "approved"

    def test_money_that_meets_the_order_in_its_own_currency_needs_no_rate(self):
        owes = {"USD": Components(unapplied=100)}
        decision = check(facts(100, holder(1000, components=owes), currency="USD"), shipped())
        assert codes(decision) == []
        assert (decision.measures[0].exposure, decision.measures[0].after) == (None, 0)


class TestInitialStock:
    """铺底: a line of its own beside the limit that does not revolve, with its own end (semantics.md 3, LM-010)."""

    pytestmark = pytest.mark.covers("LM-010")

    @pytest.mark.parametrize(
        ("granted", "unpaid", "until", "amount", "expected"),
        [
            (500, 500, ON, 100, "approved"),
            (500, 500, None, 850, "approved"),
            (500, 500, ON.replace(day=1), 501, "held"),  # its end has passed: it fills the ordinary limit
            (500, 300, ON, 1000, "watch"),
            (500, 300, ON, 1001, "held"),  # what was paid of it cannot be drawn again
            (500, 600, ON, 900, "watch"),  # what is above it fills the ordinary limit
            (500, 600, ON, 901, "held"),
            (0, 500, ON, 501, "held"),
        ],
    )
    def test_what_it_carries(self, granted, unpaid, until, amount, expected):
        stock = line(1000, initial_stock=granted, initial_stock_until=until)
        customer = holder(stock, unpaid, initial_stock={"CNY": unpaid} if unpaid else {})
        assert verdict(facts(amount, customer)) == expected

    def test_in_another_currency_it_is_carried_at_the_rate(self):
        stock = line(1000, initial_stock=500)
        customer = holder(stock, 200, initial_stock={"USD": 100}, rates={"USD": Decimal(2)})
        assert check(facts(0, customer), shipped()).measures[0].limit == 1200

    def test_without_a_rate_it_is_not_carried(self):
        customer = holder(line(1000, initial_stock=500), initial_stock={"USD": 100})
        assert check(facts(0, customer), shipped()).measures[0].limit == 1000


@pytest.mark.covers("LM-003")
def test_what_counts_is_the_policys_choice():
    """K22: a company may leave open orders out; the statement of policy names the choice."""
    owes = Components(ordered=900, invoiced=100)
    debts_only = policy(exposure={"components": ["DELIVERED", "INVOICED", "INSTRUMENT", "UNAPPLIED"]})
    assert verdict(facts(900, holder(1000, owes)), debts_only) == "watch"
    assert verdict(facts(900, holder(1000, owes))) == "held"


@pytest.mark.covers("OC-007")
def test_every_reason_is_told_not_only_the_first():
    customer = holder(line(100, valid_until=ON.replace(day=1)), 500, due=(late(10, 100_00),))
    decision = check(facts(100, customer, point=DELIVERY, instrument="COMMERCIAL_ACCEPTANCE"), shipped())
    assert codes(decision) == ["INSTRUMENT_NOT_ALLOWED", "LINE_EXPIRED", "OVER_LIMIT", "OVERDUE_DAYS", "BREACH"]
