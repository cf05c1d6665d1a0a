"""Amounts are whole minor units: nothing is lost, and a total is rounded once."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules import money
from xinheng.rules.money import MINOR_MAX

MINOR = st.integers(-MINOR_MAX, MINOR_MAX)
CURRENCY = st.sampled_from(["CNY", "JPY", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("120", "CNY", 12000),
        ("120.00", "CNY", 12000),
        ("120.0000", "CNY", 12000),
        ("-0.05", "CNY", -5),
        ("1.2E+3", "CNY", 120000),
        ("120", "JPY", 120),
        ("1.234", "KWD", 1234),
        ("0.0001", "CLF", 1),
        ("0E+400", "CNY", 0),
        ("-0", "CNY", 0),
        ("99999999999999.99", "CNY", MINOR_MAX),
        ("-9999999999999999", "JPY", -MINOR_MAX),
    ],
)
def test_an_amount_becomes_minor_units(amount, currency, minor):
    assert money.to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "error", "code"),
    [
        ("1.005", "CNY", money.TooManyDecimals, "AMOUNT_TOO_MANY_DECIMALS"),
        ("0.5", "JPY", money.TooManyDecimals, "AMOUNT_TOO_MANY_DECIMALS"),
        ("1e-999999", "CNY", money.TooManyDecimals, "AMOUNT_TOO_MANY_DECIMALS"),
        ("0." + "1" * 60, "CNY", money.TooManyDecimals, "AMOUNT_TOO_MANY_DECIMALS"),
        ("1e309", "CNY", money.AmountTooLarge, "AMOUNT_TOO_LARGE"),
        ("1e999999", "CNY", money.AmountTooLarge, "AMOUNT_TOO_LARGE"),
        ("100000000000000.00", "CNY", money.AmountTooLarge, "AMOUNT_TOO_LARGE"),
        ("10000000000000000", "JPY", money.AmountTooLarge, "AMOUNT_TOO_LARGE"),
        ("NaN", "CNY", money.NotFinite, "AMOUNT_NOT_FINITE"),
        ("sNaN", "CNY", money.NotFinite, "AMOUNT_NOT_FINITE"),
        ("-Infinity", "CNY", money.NotFinite, "AMOUNT_NOT_FINITE"),
    ],
)
def test_an_amount_that_cannot_be_kept_is_refused(amount, currency, error, code):
    with pytest.raises(error) as refused:
        money.to_minor(Decimal(amount), currency)
    assert refused.value.code == code
    assert len(str(refused.value.params["amount"])) <= 40


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (12000, "CNY", "120.00"),
        (-5, "CNY", "-0.05"),
        (0, "CNY", "0.00"),
        (120, "JPY", "120"),
        (-7, "JPY", "-7"),
        (1, "KWD", "0.001"),
        (-123456, "CLF", "-12.3456"),
        (MINOR_MAX, "CNY", "99999999999999.99"),
    ],
)
def test_an_amount_is_written_with_the_currency_s_decimals(minor, currency, text):
    assert money.to_text(minor, currency) == text
    assert str(money.to_decimal(minor, currency)) == text


@given(minor=MINOR, currency=CURRENCY)
def test_what_is_written_is_read_back(minor, currency):
    assert money.to_minor(money.to_decimal(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(7, 3), 2),
        (Fraction(-7, 3), -2),
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(49, 100), 0),
        (7, 7),
        (-7, -7),
    ],
)
def test_half_goes_away_from_zero(exact, rounded):
    assert money.round_half_up(exact) == rounded


@given(minor=st.decimals(-(10**9), 10**9, places=4))
def test_rounding_is_the_decimal_module_s_half_up(minor):
    assert money.round_half_up(Fraction(minor)) == int(minor.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("minor", "source", "target", "rate", "converted"),
    [
        (10000, "USD", "CNY", "7.1234", Fraction(71234)),
        (10000, "CNY", "JPY", "20.5", Fraction(2050)),
        (2050, "JPY", "CNY", "0.0488", Fraction(10004)),
        (1, "KWD", "CNY", "23.17", Fraction(2317, 1000)),
        (-333, "USD", "CNY", "7.1", Fraction(-23643, 10)),
    ],
)
def test_a_conversion_is_exact(minor, source, target, rate, converted):
    assert money.convert(minor, source, target, Decimal(rate)) == converted


@pytest.mark.parametrize("rate", ["0", "-7.1", "NaN", "sNaN", "Infinity"])
def test_a_rate_that_is_no_positive_number_is_refused(rate):
    with pytest.raises(money.BadRate) as refused:
        money.convert(100, "USD", "CNY", Decimal(rate))
    assert refused.value.params == {"rate": rate}


@pytest.mark.parametrize(
    ("amounts", "rates", "expected"),
    [
        ({}, {}, 0),
        ({"CNY": 100}, {}, 100),
        ({"CNY": 100, "USD": 0}, {}, 100),
        ({"CNY": 100, "USD": 1}, {}, None),
        ({"CNY": 100, "USD": 100}, {"USD": "7.1234"}, 812),
        ({"USD": 1, "EUR": 1, "HKD": 1}, {"USD": "0.4", "EUR": "0.4", "HKD": "0.4"}, 1),  # apart each would be 0
        ({"CNY": Fraction(1, 2), "USD": Fraction(1, 2)}, {"USD": "2"}, 2),
        ({"CNY": -100, "JPY": 1000}, {"JPY": "0.05"}, 4900),
    ],
)
def test_a_total_is_rounded_once_and_null_when_a_rate_is_missing(amounts, rates, expected):
    rates = {currency: Decimal(rate) for currency, rate in rates.items()}
    assert money.total(amounts, "CNY", rates) == expected


@pytest.mark.parametrize(
    ("minor", "shares", "parts"),
    [
        (10000, (1, 1, 1), (3334, 3333, 3333)),
        (-10000, (1, 1, 1), (-3334, -3333, -3333)),
        (2, (1, 1, 1), (1, 1, 0)),
        (101, (Fraction(3, 10), Fraction(7, 10)), (30, 71)),  # 30.3 and 70.7: the second lost more
        (100, (1, 0), (100, 0)),
        (0, (1, 2), (0, 0)),
    ],
)
def test_a_split_adds_up(minor, shares, parts):
    assert money.split(minor, shares) == parts


@given(minor=MINOR, shares=st.lists(st.integers(0, 10_000), min_size=1, max_size=60).filter(any))
def test_every_split_adds_up_and_no_part_is_off_by_a_unit(minor, shares):
    parts = money.split(minor, shares)
    assert sum(parts) == minor
    assert all(abs(part - Fraction(minor) * share / sum(shares)) < 1 for part, share in zip(parts, shares, strict=True))


@pytest.mark.parametrize("shares", [(), (0, 0), (2, -1)])
def test_shares_that_share_nothing_are_refused(shares):
    with pytest.raises(money.BadSplit):
        money.split(100, shares)
