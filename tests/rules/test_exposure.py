"""How much is owed or about to be owed: components weighed, paper by kind and acceptor, currencies converted once."""

from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.exposure import Components, PaperSum, exposure
from xinheng.rules.policy import COMPONENTS, Acceptor, Instrument, load, shipped

SHIPPED = shipped().exposure


def rules(**more):
    return load({"exposure": more}, base=shipped()).exposure


def owed(components, *, papers=(), into="CNY", rates=None, under=SHIPPED, **more):
    by_currency = components if isinstance(components, dict) else {"CNY": components}
    return exposure(by_currency, papers=papers, rules=under, rates=rates or {}, into=into, **more)


@pytest.mark.covers("LM-003")
@pytest.mark.parametrize(
    ("components", "expected"),
    [
        (Components(), 0),
        (Components(ordered=1, delivered=2, consigned=4, invoiced=8, instrument=16, contingent=32), 63),
        (Components(invoiced=100, unapplied=40), 60),
        (Components(unapplied=40), -40),
    ],
    ids=str,
)
def test_the_sum_of_the_components_less_unapplied_money(components, expected):
    assert owed(components).total == expected


def test_each_component_is_told_by_itself_unapplied_money_negative():
    parts = owed(Components(1, 2, 3, 4, 5, 6, 7)).by_component
    assert parts == dict(zip(COMPONENTS, (1, 2, 3, 4, 5, 6, -7), strict=True))
    assert [name.upper() for name in Components.__slots__] == list(COMPONENTS)


def test_whoever_owes_nothing_in_any_currency_owes_nothing():
    result = owed({})
    assert (result.total, result.by_currency, set(result.by_component.values())) == (0, {}, {0})


@pytest.mark.covers("LM-003")
@pytest.mark.parametrize("left_out", COMPONENTS)
def test_what_the_policy_leaves_out_does_not_count(left_out):
    counted = [name for name in COMPONENTS if name != left_out]
    result = owed(Components(1, 10, 100, 1000, 10**4, 10**5, 10**6), under=rules(components=counted))
    weights = dict(zip(COMPONENTS, (1, 10, 100, 1000, 10**4, 10**5, -(10**6)), strict=True))
    assert result.total == sum(weights[name] for name in counted)
    assert left_out not in result.by_component


def test_a_breach_counts_other_components_than_the_limit():
    assert owed(Components(ordered=1, invoiced=10), components_counted=("INVOICED",)).total == 10


@pytest.mark.covers("LM-003")
@pytest.mark.parametrize(
    ("kind", "acceptor", "percent"),
    [
        ("BANK_ACCEPTANCE", "LARGE_BANK", 0),
        ("BANK_ACCEPTANCE", "SMALL_BANK", 50),
        ("BANK_ACCEPTANCE", "OTHER", 100),
        ("BANK_ACCEPTANCE", "COMPANY", 100),
        ("COMMERCIAL_ACCEPTANCE", "COMPANY", 100),
        ("COMMERCIAL_ACCEPTANCE", "LARGE_BANK", 100),
        ("CHEQUE", "OTHER", 100),
        ("CHEQUE", "LARGE_BANK", 100),
        ("DRAFT", "LARGE_BANK", 0),
        ("DRAFT", "SMALL_BANK", 50),
        ("PROMISSORY_NOTE", "SMALL_BANK", 50),
        ("LETTER_OF_CREDIT", "LARGE_BANK", 0),
        ("CASH", "OTHER", 0),
        ("REMITTANCE", "OTHER", 0),
        ("NEVER_HEARD_OF", "LARGE_BANK", 100),
    ],
)
def test_bills_weigh_by_kind_and_acceptor(kind, acceptor, percent):
    paper = PaperSum("CNY", kind, acceptor, 200)
    result = owed(Components(invoiced=1000, instrument=200), papers=(paper,))
    assert result.total == 1000 + 2 * percent
    assert result.by_component["INSTRUMENT"] == 2 * percent


def test_papers_of_several_kinds_add_up_and_what_no_paper_explains_weighs_in_full():
    papers = (
        PaperSum("CNY", "BANK_ACCEPTANCE", "LARGE_BANK", 100),
        PaperSum("CNY", "BANK_ACCEPTANCE", "SMALL_BANK", 100),
        PaperSum("USD", "BANK_ACCEPTANCE", "LARGE_BANK", 7),
    )
    owes = {"CNY": Components(instrument=250), "USD": Components(instrument=10)}
    result = owed(owes, papers=papers, rates={"USD": Decimal(10)})
    assert result.by_currency == {"CNY": 100, "USD": 3}
    assert result.total == 130


@pytest.mark.parametrize(
    ("contingent_percent", "acceptor", "expected"),
    [(100, "OTHER", 200), (100, "SMALL_BANK", 100), (50, "OTHER", 100), (50, "SMALL_BANK", 50), (0, "OTHER", 0)],
)
def test_paper_passed_on_weighs_by_both_weights(contingent_percent, acceptor, expected):
    paper = PaperSum("CNY", "BANK_ACCEPTANCE", acceptor, 200, contingent=True)
    under = rules(contingent_weight_percent=contingent_percent)
    assert owed(Components(contingent=200), papers=(paper,), under=under).total == expected


def test_paper_of_a_component_that_does_not_count_is_not_looked_at():
    paper = PaperSum("CNY", "BANK_ACCEPTANCE", "LARGE_BANK", 200)
    assert (
        owed(Components(invoiced=5, instrument=200), papers=(paper,), under=rules(components=["INVOICED"])).total == 5
    )


@pytest.mark.parametrize(("amount", "expected"), [(1, 1), (2, 1), (3, 2), (5, 3)])
def test_half_a_fen_is_rounded_up_once(amount, expected):
    assert owed(Components(contingent=amount), under=rules(contingent_weight_percent=50)).total == expected
    twice = owed({"CNY": Components(contingent=1), "USD": Components(invoiced=1)}, rates={"USD": Decimal("0.5")},
                 under=rules(contingent_weight_percent=50))  # fmt: skip
    assert (twice.total, twice.by_currency) == (1, {"CNY": 1, "USD": 1})


class TestCurrencies:
    """Converted, summed, rounded once; without a rate there is no total."""

    OWES = {"CNY": Components(invoiced=100), "USD": Components(invoiced=3), "JPY": Components(unapplied=2)}

    def test_with_all_rates(self):
        result = owed(self.OWES, rates={"USD": Decimal("7.1"), "JPY": Decimal("0.05")})
        # two yen, which have no decimals, are worth ten fen
        assert (result.total, result.missing_rates) == (111, ())
        assert result.exact == {"CNY": 100, "USD": 3, "JPY": -2}
        assert result.by_component["UNAPPLIED"] == -10

    @pytest.mark.parametrize(
        ("rates", "missing"),
        [({}, ("USD", "JPY")), ({"USD": Decimal(7)}, ("JPY",)), ({"JPY": Decimal(1)}, ("USD",))],
    )
    def test_without_one_there_is_no_total(self, rates, missing):
        result = owed(self.OWES, rates=rates)
        assert (result.total, result.missing_rates) == (None, missing)
        assert result.by_currency == {"CNY": 100, "USD": 3, "JPY": -2}

    def test_an_amount_of_nothing_needs_none(self):
        assert owed({"USD": Components(invoiced=5, unapplied=5)}).total == 0

    def test_one_currency_that_is_not_the_wanted_one(self):
        assert owed({"USD": Components(invoiced=3)}, rates={"USD": Decimal("0.5")}).total == 2

    def test_an_order_more_is_added_before_rounding(self):
        result = owed({"USD": Components(invoiced=1)}, rates={"USD": Decimal("0.4")})
        assert result.total == 0
        assert result.with_more(1, "USD", {"USD": Decimal("0.4")}) == 1
        assert result.with_more(1, "CNY", {"USD": Decimal("0.4")}) == 1
        assert result.with_more(1, "EUR", {"USD": Decimal("0.4")}) is None


AMOUNTS = st.builds(Components, **{one.name: st.integers(0, 10**9) for one in fields(Components)})


@given(AMOUNTS, st.integers(0, 100), st.sampled_from(tuple(Instrument)), st.sampled_from(tuple(Acceptor)), st.data())
def test_weights_only_make_paper_lighter_and_never_negative(components, percent, kind, acceptor, data):
    papers = [
        PaperSum("CNY", kind, acceptor, data.draw(st.integers(0, components.instrument))),
        PaperSum("CNY", kind, acceptor, data.draw(st.integers(0, components.contingent)), contingent=True),
    ]
    under = replace(SHIPPED, contingent_weight_percent=percent)
    result = owed(components, papers=papers, under=under)
    light = under.weight_of(kind, acceptor)
    expected = (
        components.ordered + components.delivered + components.consigned + components.invoiced - components.unapplied
        + components.instrument - Fraction(papers[0].amount * (100 - light), 100)
        + Fraction(percent, 100) * (components.contingent - Fraction(papers[1].amount * (100 - light), 100))
    )  # fmt: skip
    assert result.exact["CNY"] == expected
    assert 0 <= result.by_component["INSTRUMENT"] <= components.instrument
    assert 0 <= result.by_component["CONTINGENT"] <= components.contingent
