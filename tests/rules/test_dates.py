"""Dates as contracts count them: the first day not counted, months to the corresponding day or the month's last."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules import dates

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-01-15", 30, "2026-02-14"),
        ("2026-01-15", 60, "2026-03-16"),
        ("2026-01-15", 0, "2026-01-15"),
        ("2024-02-28", 1, "2024-02-29"),
        ("2026-03-01", -1, "2026-02-28"),
    ],
)
def test_days(start, days, end):
    assert dates.add_days(day(start), days) == day(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-01-15", 30, "2026-02-14"),
        ("9999-12-31", 1, "9999-12-31"),
        ("9999-12-30", 10**12, "9999-12-31"),
        ("0001-01-01", -1, "0001-01-01"),
        ("0001-01-05", -(10**12), "0001-01-01"),
    ],
)
def test_an_expiry_beyond_the_calendar_is_its_last_day(start, days, end):
    assert dates.days_from(day(start), days) == day(end)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-15", 2, "2026-03-15"),
        ("2025-12-31", 1, "2026-01-31"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-28"),  # the corresponding day, not the month's end
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -13, "2024-12-15"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months(start, months, end):
    assert dates.add_months(day(start), months) == day(end)


@given(start=DAYS, months=st.integers(-300, 300))
def test_a_month_s_period_ends_in_the_right_month_on_the_nearest_day(start, months):
    end = dates.add_months(start, months)
    assert end.year * 12 + end.month == start.year * 12 + start.month + months
    assert end.day == min(start.day, dates.month_end(end).day)


@given(start=DAYS, months=st.integers(-300, 300))
def test_a_later_start_never_ends_earlier(start, months):
    assert dates.add_months(start, months) <= dates.add_months(start + timedelta(days=1), months)


@pytest.mark.parametrize(
    ("of", "month", "quarter", "year"),
    [
        ("2026-01-01", "2026-01-31", "2026-03-31", "2026-12-31"),
        ("2024-02-29", "2024-02-29", "2024-03-31", "2024-12-31"),
        ("2026-06-30", "2026-06-30", "2026-06-30", "2026-12-31"),
        ("2026-07-01", "2026-07-31", "2026-09-30", "2026-12-31"),
        ("2026-12-31", "2026-12-31", "2026-12-31", "2026-12-31"),
    ],
)
def test_ends(of, month, quarter, year):
    assert (dates.month_end(day(of)), dates.quarter_end(day(of)), dates.year_end(day(of))) == (
        day(month),
        day(quarter),
        day(year),
    )


@pytest.mark.parametrize(
    ("start", "wanted", "found"),
    [
        ("2026-03-02", 10, "2026-03-10"),
        ("2026-03-10", 10, "2026-03-10"),
        ("2026-03-11", 10, "2026-04-10"),
        ("2026-12-11", 10, "2027-01-10"),
        ("2026-02-01", 31, "2026-02-28"),
        ("2026-02-28", 31, "2026-02-28"),
        ("2026-01-31", 30, "2026-02-28"),
    ],
)
def test_next_day_of_month(start, wanted, found):
    assert dates.next_day_of_month(day(start), wanted) == day(found)


@pytest.mark.parametrize(
    ("due_on", "as_of", "days"),
    [("2026-01-31", "2026-01-31", 0), ("2026-01-31", "2026-02-01", 1), ("2026-01-31", "2026-01-01", 0)],
)
def test_what_is_due_today_is_not_late(due_on, as_of, days):
    assert dates.days_overdue(day(due_on), day(as_of)) == days


def test_what_has_no_due_date_is_not_late():
    assert dates.days_overdue(None, day("2026-01-31")) == 0


@pytest.mark.parametrize(
    "move",
    [
        lambda: dates.add_days(date.max, 1),
        lambda: dates.add_days(date.min, -1),
        lambda: dates.add_days(date.min, 10**12),
        lambda: dates.add_months(date.max, 1),
        lambda: dates.add_months(date.min, -1),
        lambda: dates.next_day_of_month(date.max, 30),
    ],
)
def test_a_date_that_does_not_exist_is_refused(move):
    with pytest.raises(dates.DateOutOfRange) as refused:
        move()
    assert refused.value.code == "DATE_OUT_OF_RANGE"
