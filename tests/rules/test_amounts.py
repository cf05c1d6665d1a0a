"""Amounts as people write them: read where they are clear, refused where they could mean two things."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules import amounts, money
from xinheng.rules.amounts import decimal_separator_of, parse_amount, parse_minor


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("-1234.5", "-1234.5"),
        ("007", "7"),
        (".50", "0.50"),
        (",50", "0.50"),
        ("+5", "5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1 234.56", "1234.56"),
        ("1\u00a0234\u00a0567,8", "1234567.8"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234’567.00", "1234567.00"),
        ("1，234．56", "1234.56"),
        ("１２３４．５６", "1234.56"),
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("1.234", "1.234"),
        ("(1,234.50)", "-1234.50"),
        ("（1234.50）", "-1234.50"),
        ("( 5 )", "-5"),
        ("1,234.50-", "-1234.50"),
        ("5 -", "-5"),
        ("\u22125", "-5"),
        ("－5", "-5"),
        ("- 5", "-5"),
        ("  42  ", "42"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_a_clear_text_is_read(text, value):
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "separator", "value"),
    [
        ("1,23", ",", "1.23"),
        ("1234,56", ",", "1234.56"),
        ("1,234", ",", "1.234"),
        ("1.234", ",", "1234"),
        ("1.234,56", ",", "1234.56"),
        ("1.234.567", ",", "1234567"),
        ("1 234", ",", "1234"),
        ("-1234", ",", "-1234"),
        ("1,234", ".", "1234"),
        ("1,234.56", ".", "1234.56"),
        ("1.234", ".", "1.234"),
        ("1234.5", ".", "1234.5"),
        (".5", ".", "0.5"),
    ],
)
def test_the_caller_may_know_the_decimal_separator(text, separator, value):
    assert parse_amount(text, decimal_separator=separator) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("¥1,234.56", "CNY", "1234.56"),
        ("￥100", "CNY", "100"),
        ("¥ 100", "JPY", "100"),
        ("100元", "CNY", "100"),
        ("-$5", "USD", "-5"),
        ("$-5", "HKD", "-5"),
        ("($5.10)", "USD", "-5.10"),
        ("$(5.10)", "USD", "-5.10"),
        ("1 234,56 €", "EUR", "1234.56"),
        ("€5-", "EUR", "-5"),
    ],
)
def test_a_sign_of_the_row_s_currency_does_no_harm(text, currency, value):
    assert parse_amount(text, currency=currency) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "currency", "sign"),
    [("$100", "CNY", "$"), ("100€", "USD", "€"), ("¥100", None, "¥"), ("100元", "EUR", "元")],
)
def test_another_currency_s_sign_is_refused(text, currency, sign):
    with pytest.raises(amounts.ForeignSign) as refused:
        parse_amount(text, currency=currency)
    assert refused.value.params == {"amount": text, "sign": sign, "currency": currency or ""}


REFUSED = {
    amounts.EmptyAmount: ["", "   ", "\u3000"],
    amounts.UnreadableAmount: [
        *("1,23,4", "12,34,567", "1,2345,678", "1.2.3", "1,234,56.7", "1 234.567,8", "1 23", "0,123,456", "1'23"),
        *("5.", "1.234,567,890", "abc", "12abc", "1万", "50%", "0x10", "1_000", "१२३", "5²", "½", "--5", "-5-", "+-5"),
        *("++5", "(-5)", "(5-)", "(+5)", "-(5)", "()", "-", "+", ".", "1\t234", "1\x00", "12:30", "2026-03-01", "5+"),
        *("-" * 49, "1+1", "TRUE", "(5", "5)"),
    ],
    amounts.AmbiguousAmount: ["1,23", "1234,56", "0,123", "-1,5", "1,2345", "1234,567"],
    amounts.FormulaText: ["=1+1", "=SUM(A1:A9)", "@A1", "＝1+1", " =5"],
    amounts.ExponentText: ["1e309", "1E5", "-1.5e+3", "1,5E-2", "(2e2)"],
    money.NotFinite: ["NaN", "nan", "inf", "-Infinity", "sNaN", "∞"],
    money.AmountTooLarge: ["1" * 49],
}
CODES = {
    amounts.EmptyAmount: "AMOUNT_EMPTY",
    amounts.UnreadableAmount: "AMOUNT_UNREADABLE",
    amounts.AmbiguousAmount: "AMOUNT_AMBIGUOUS",
    amounts.FormulaText: "AMOUNT_FORMULA",
    amounts.ExponentText: "AMOUNT_EXPONENT",
    money.NotFinite: "AMOUNT_NOT_FINITE",
    money.AmountTooLarge: "AMOUNT_TOO_LARGE",
}


@pytest.mark.parametrize(("text", "error"), [(text, error) for error, texts in REFUSED.items() for text in texts])
def test_anything_else_is_refused_under_its_code(text, error):
    with pytest.raises(money.AmountError) as refused:
        parse_amount(text)
    assert type(refused.value) is error
    assert refused.value.code == CODES[error]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("1,234.56", ","),
        ("1.234,56", "."),
        ("1,234,567", ","),
        ("1.234.567", "."),
        ("1.23", ","),
        ("1,23", "."),
        (",5", "."),
    ],
)
def test_a_text_against_the_caller_s_separator_is_ambiguous(text, separator):
    with pytest.raises(amounts.AmbiguousAmount):
        parse_amount(text, decimal_separator=separator)


@pytest.mark.parametrize(
    ("text", "places", "minor"),
    [
        ("1234.56", 2, 123456),
        ("1234.5", 2, 123450),
        ("1234", 2, 123400),
        ("1234", 0, 1234),
        ("-0.05", 2, -5),
        ("1.500", 2, 150),
        ("0.0001", 4, 1),
        ("1,234.56", 2, 123456),
        ("99999999999999.99", 2, money.MINOR_MAX),
        ("-99999999999999.99", 2, -money.MINOR_MAX),
        ("(0.01)", 2, -1),
    ],
)
def test_straight_to_minor_units(text, places, minor):
    assert parse_minor(text, places) == minor


def test_minor_units_take_the_same_hints():
    assert parse_minor("1.234", 2, decimal_separator=",") == 123400
    assert parse_minor("12,5", 2, decimal_separator=",") == 1250
    assert parse_minor("¥12.50", 2, currency="CNY") == 1250


@pytest.mark.parametrize(
    ("text", "places", "error"),
    [
        ("1.005", 2, money.TooManyDecimals),
        ("1.5", 0, money.TooManyDecimals),
        ("1.234", 2, money.TooManyDecimals),  # a European thousand is refused, never misread
        ("1000000000000000.00", 2, money.AmountTooLarge),
        ("9" * 17, 0, money.AmountTooLarge),
        ("9" * 30, 0, money.AmountTooLarge),
        ("x", 2, amounts.UnreadableAmount),
    ],
)
def test_minor_units_refuse_what_does_not_fit(text, places, error):
    with pytest.raises(error):
        parse_minor(text, places)


@given(minor=st.integers(-money.MINOR_MAX, money.MINOR_MAX), currency=st.sampled_from(["CNY", "JPY", "KWD", "CLF"]))
def test_both_ways_read_what_money_writes(minor, currency):
    text = money.to_text(minor, currency)
    assert parse_minor(text, money.decimals(currency)) == minor
    assert money.to_minor(parse_amount(text), currency) == minor


@given(
    minor=st.integers(-money.MINOR_MAX, money.MINOR_MAX),
    marks=st.sampled_from([",.", ".,", " ,", "',", "'."]),
)
def test_every_culture_s_grouping_is_read(minor, marks):
    english = f"{Decimal(minor).scaleb(-2):,.2f}"
    text = english.translate({ord(","): marks[0], ord("."): marks[1]})
    hint = marks[1]
    assert parse_minor(text, 2, decimal_separator=hint) == minor


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    try:
        value = parse_amount(text)
    except money.AmountError:
        return
    assert value.is_finite()


@pytest.mark.parametrize(
    ("texts", "separator"),
    [
        (["1.234,56", "12"], ","),
        (["12,50", "7,1"], ","),
        (["-12,50 €"], ","),
        (["1 234,5"], ","),
        (["1,234.56"], "."),
        (["12.50"], "."),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["0,125"], ","),
        (["1,234", "1.234", "12", "1 234", "1 234 567", "", "abc", "1,234,56,7", "1.234,567,8"], None),
        (["12,50", "12.50"], None),
        ([], None),
        (["1,234.5.6", "9" * 99 + ",5"], None),
        (["1,234,567,5"], None),
    ],
)
def test_a_column_shows_its_separator(texts, separator):
    assert decimal_separator_of(texts) == separator
