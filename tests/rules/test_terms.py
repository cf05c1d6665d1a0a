"""When a customer has to pay: due dates of every settlement mode, and how long a term lets him owe."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.calendar import WEEKENDS_ONLY, WorkingCalendar
from xinheng.rules.terms import Base, BaseDateMissing, Mode, PartKind, due_dates, parse_term, term_days_max

CODES = [
    *("30D", "2M", "COD", "月结30", "月结30 cut 25 pay 10", "季结30 cut 20", "年结30", "3x30D", "6x1M from DELIVERY"),
    *(
        "30%@0D+70%@60D",
        "30D from ACCEPTANCE latest 90D",
        "滚结 1 latest 60D",
        "代销 30",
        "铺底 12M",
        "45D 质保 5% 12M",
    ),
    *("30D roll=NEXT", "月结30 roll=PREVIOUS", "0D roll=PREVIOUS", "60D from MONTH_END"),
]


def day(text):
    return date.fromisoformat(text)


def due(code, issued, *, amount=10_000, calendar=WEEKENDS_ONLY, **events):
    base_dates = {Base.INVOICE: day(issued)} | {Base[name]: day(text) for name, text in events.items()}
    return due_dates(parse_term(code), base_dates=base_dates, amount=amount, calendar=calendar)


def only(code, issued, **events):
    """The one instalment's due date as text; '' when it is not known."""
    (instalment,) = due(code, issued, **events)
    return instalment.due_on.isoformat() if instalment.due_on else ""


@pytest.mark.covers("LM-007")
@pytest.mark.parametrize(
    ("code", "issued", "due_on"),
    [
        ("30D", "2026-01-15", "2026-02-14"),
        ("60D", "2026-01-15", "2026-03-16"),
        ("0D", "2026-01-15", "2026-01-15"),
        ("1M", "2026-01-31", "2026-02-28"),
        ("1M", "2024-01-31", "2024-02-29"),
        ("2M", "2025-12-31", "2026-02-28"),
        ("30D from MONTH_END", "2026-01-15", "2026-03-02"),
    ],
)
def test_a_period_counts_from_the_invoice_date_without_its_first_day(code, issued, due_on):
    assert only(code, issued) == due_on


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(
    ("code", "issued", "due_on"),
    [
        ("月结30", "2026-01-01", "2026-03-02"),
        ("月结30", "2026-01-31", "2026-03-02"),
        ("月结30", "2026-02-01", "2026-03-30"),
        ("月结30", "2024-02-29", "2024-03-30"),
        ("月结0", "2026-02-10", "2026-02-28"),
        # invoices of the cut day are in, of the next day out
        ("月结30 cut 25", "2026-01-25", "2026-03-02"),
        ("月结30 cut 25", "2026-01-26", "2026-03-30"),
        ("月结30 cut 25", "2025-12-26", "2026-03-02"),
        ("月结0 cut 25", "2025-12-25", "2025-12-31"),
        # a month shorter than the cut day is in as a whole
        ("月结0 cut 31", "2026-02-28", "2026-02-28"),
        ("月结0 cut 31", "2026-01-31", "2026-01-31"),
        ("月结0 cut 30", "2026-01-31", "2026-02-28"),
        ("月结0 cut 30", "2026-02-28", "2026-02-28"),
        ("月结0 cut 28", "2024-02-29", "2024-03-31"),
        # the first pay day on or after month end + days
        ("月结30 cut 25 pay 10", "2026-01-20", "2026-03-10"),
        ("月结30 cut 25 pay 10", "2026-01-26", "2026-04-10"),
        ("月结30 cut 25 pay 10", "2025-11-26", "2026-02-10"),
        ("月结10 pay 10", "2026-01-20", "2026-02-10"),
        ("月结11 pay 10", "2026-01-20", "2026-03-10"),
        ("月结0 pay 31", "2026-02-03", "2026-02-28"),
        ("月结1 pay 31", "2026-01-03", "2026-02-28"),
        ("季结30", "2026-01-01", "2026-04-30"),
        ("季结30", "2026-03-31", "2026-04-30"),
        ("季结30", "2026-04-01", "2026-07-30"),
        ("季结0 cut 25", "2026-03-26", "2026-06-30"),
        ("季结0 cut 25", "2026-01-28", "2026-03-31"),
        ("年结30", "2026-06-15", "2027-01-30"),
        ("年结0 cut 25", "2026-12-26", "2027-12-31"),
        ("年结15 pay 20", "2026-06-15", "2027-01-20"),
    ],
)
def test_a_statement_closes_with_its_month_quarter_or_year(code, issued, due_on):
    assert only(code, issued) == due_on


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(
    ("code", "events", "due_on"),
    [
        ("30D from DELIVERY", {}, ""),
        ("30D from DELIVERY", {"DELIVERY": "2026-01-20"}, "2026-02-19"),
        ("30D from DELIVERY", {"DELIVERY": "2025-10-01"}, "2026-01-15"),  # not before the invoice
        ("签收后30D", {"DELIVERY": "2026-01-20"}, ""),
        ("签收后30D", {"ACCEPTANCE": "2026-02-01"}, "2026-03-03"),
        ("30D from STATEMENT", {"STATEMENT": "2026-02-05"}, "2026-03-07"),
        ("月结30 from DELIVERY", {}, ""),
        ("月结30 from DELIVERY", {"DELIVERY": "2026-02-02"}, "2026-03-30"),
        ("滚结 1", {}, ""),
        ("滚结 1", {"NEXT_BATCH": "2026-02-20"}, "2026-02-20"),
        ("代销 30", {"SALE_REPORT": "2026-02-10"}, "2026-03-12"),
        ("代销 30", {}, "2026-02-14"),  # the invoice follows the report
        ("铺底", {}, ""),
        ("铺底", {"FLOAT_END": "2026-12-31"}, "2026-12-31"),
        ("铺底 until 2026-12-31", {}, "2026-12-31"),
        ("铺底 until 2025-12-31", {}, "2026-01-15"),  # the stock's time is over: due at once
        ("铺底 12M", {}, "2027-01-15"),
        ("COD", {}, "2026-01-15"),
        ("COD", {"DELIVERY": "2026-01-18"}, "2026-01-18"),
        ("PREPAID", {"DELIVERY": "2026-01-18"}, "2026-01-15"),
        ("CASH", {}, "2026-01-15"),
    ],
)
def test_what_waits_for_an_event_is_due_when_it_happens(code, events, due_on):
    assert only(code, "2026-01-15", **events) == due_on


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(
    ("code", "events", "due_on", "provisional"),
    [
        ("30D from ACCEPTANCE latest 90D", {}, "2026-04-15", True),
        ("30D from ACCEPTANCE latest 90D", {"ACCEPTANCE": "2026-01-20"}, "2026-02-19", False),
        ("30D from ACCEPTANCE latest 90D", {"ACCEPTANCE": "2026-06-01"}, "2026-04-15", False),
        ("滚结 2 latest 2M", {}, "2026-03-15", True),
        ("铺底 latest 1年", {}, "2027-01-15", True),
    ],
)
def test_the_latest_day_stands_in_for_the_event_and_binds_after_it(code, events, due_on, provisional):
    (instalment,) = due(code, "2026-01-15", **events)
    assert (instalment.due_on.isoformat(), instalment.provisional) == (due_on, provisional)


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize(
    ("code", "amount", "parts"),
    [
        ("30%@0D+70%@60D", 101, [("2026-01-31", 30), ("2026-04-01", 71)]),
        ("3x30D", 100, [("2026-03-02", 34), ("2026-04-01", 33), ("2026-05-01", 33)]),
        ("3x1M", -100, [("2026-02-28", -34), ("2026-03-31", -33), ("2026-04-30", -33)]),
        ("30D 质保 10% 12M", 1001, [("2026-03-02", 901), ("2027-01-31", 100)]),
        ("2x30D 质保 5% 1年", 1000, [("2026-03-02", 475), ("2026-04-01", 475), ("2027-01-31", 50)]),
        ("质保 10% 12M", 1000, [("2026-01-31", 900), ("2027-01-31", 100)]),
        ("30%@预付+60%@签收后30D 质保 10% 12M from ACCEPTANCE", 1000, [("2026-01-31", 300), (None, 600), (None, 100)]),
    ],
)
def test_instalments_add_up_to_the_amount(code, amount, parts):
    found = due(code, "2026-01-31", amount=amount)
    assert [(one.due_on.isoformat() if one.due_on else None, one.amount) for one in found] == parts
    assert [one.part for one in found] == list(range(1, len(parts) + 1))


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("30D 质保 10% 12M", [PartKind.ORDINARY, PartKind.RETENTION]),
        ("铺底", [PartKind.FLOAT]),
        ("50%@铺底+50%@30D", [PartKind.FLOAT, PartKind.ORDINARY]),
    ],
)
def test_retention_money_and_initial_stock_are_told_apart(code, kinds):
    assert [one.kind for one in due(code, "2026-01-15")] == kinds


CLOSED = WorkingCalendar(holidays=frozenset({day("2026-02-16"), day("2026-02-17")}))


@pytest.mark.parametrize(
    ("code", "issued", "due_on"),
    [
        ("30D", "2026-01-15", "2026-02-14"),  # a Saturday stays
        ("30D roll=NEXT", "2026-01-15", "2026-02-18"),
        ("30D roll=PREVIOUS", "2026-01-15", "2026-02-13"),
        ("30D roll=NEXT", "2026-01-13", "2026-02-12"),
        ("0D roll=PREVIOUS", "2026-02-14", "2026-02-14"),  # never before the invoice
        ("30D from DELIVERY roll=NEXT", "2026-01-15", ""),
    ],
)
def test_whether_a_rest_day_moves_is_the_term_s(code, issued, due_on):
    assert only(code, issued, calendar=CLOSED) == due_on


def test_without_an_invoice_date_there_is_no_due_date():
    with pytest.raises(BaseDateMissing) as refused:
        due_dates(parse_term("30D"), base_dates={}, amount=1, calendar=WEEKENDS_ONLY)
    assert refused.value.code == "BASE_DATE_MISSING"


@given(
    code=st.sampled_from(CODES),
    issued=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    amount=st.integers(-(10**12), 10**12),
    delivered=st.none() | st.integers(-100, 100),
)
def test_no_part_is_due_before_the_invoice_or_lost(code, issued, amount, delivered):
    base_dates = {Base.INVOICE: issued}
    if delivered is not None:
        base_dates[Base.DELIVERY] = base_dates[Base.ACCEPTANCE] = issued + timedelta(days=delivered)
    found = due_dates(parse_term(code), base_dates=base_dates, amount=amount, calendar=WEEKENDS_ONLY)
    assert sum(one.amount for one in found) == amount
    assert all(one.due_on >= issued for one in found if one.due_on is not None)


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("30D", 30),
        ("2M", 62),
        ("COD", 0),
        ("CASH", 0),
        ("PREPAID", 0),
        ("月结0", 30),
        ("月结30", 60),
        ("月结30 cut 25", 66),
        ("月结30 cut 25 pay 10", 76),
        ("季结0", 91),
        ("年结30", 395),
        ("30%@0D+70%@60D", 60),
        ("3x30D", 90),
        ("30D 质保 10% 12M", 30),  # retention money is another matter
        ("代销 30", 30),
        ("铺底 12M", 366),
        ("铺底 until 2026-12-31", None),
        ("铺底", None),
        ("滚结", None),
        ("滚结 latest 45D", 45),
        ("30D from ACCEPTANCE", None),
        ("30D from ACCEPTANCE latest 90D", 90),
        ("50%@30D+50%@30D from DELIVERY", None),
        ("30D from MONTH_END", 60),
    ],
)
def test_the_longest_a_term_lets_a_customer_owe(code, days):
    assert term_days_max(parse_term(code)) == days


@given(code=st.sampled_from(CODES), issued=st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_no_invoice_is_owed_longer_than_the_longest(code, issued):
    term = parse_term(code.replace(" roll=NEXT", ""))
    longest = term_days_max(term)
    for one in due_dates(term, base_dates={Base.INVOICE: issued}, amount=100, calendar=WEEKENDS_ONLY):
        if longest is not None and one.kind is not PartKind.RETENTION:
            assert (one.due_on - issued).days <= longest


@pytest.mark.parametrize(
    ("code", "modes", "gives_credit"),
    [
        ("30D", {Mode.NET}, True),
        ("COD", {Mode.COD}, False),
        ("30%@预付+70%@月结30", {Mode.PREPAID, Mode.MONTHLY}, True),
        ("50%@预付+50%@货到付款", {Mode.PREPAID, Mode.COD}, False),
        ("90%@现金 质保 10% 12M", {Mode.CASH}, True),
    ],
)
def test_a_term_says_how_it_is_settled_and_whether_it_gives_credit(code, modes, gives_credit):
    term = parse_term(code)
    assert (term.modes, term.gives_credit) == (modes, gives_credit)
