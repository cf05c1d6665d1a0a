"""Working days: rest days of the week, public holidays, make-up days, and years whose days are not published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.calendar import WEEKENDS_ONLY, CalendarContradiction, WorkingCalendar
from xinheng.rules.dates import DateOutOfRange


def day(text):
    return date.fromisoformat(text)


def span(first, last):
    return frozenset(day(first) + timedelta(days=days) for days in range((day(last) - day(first)).days + 1))


#: Around China's National Day of 2025: closed 1 to 8 October, worked on the Sunday before and the Saturday after.
AUTUMN = WorkingCalendar(
    holidays=span("2025-10-01", "2025-10-08"),
    make_up_days=frozenset({day("2025-09-28"), day("2025-10-11")}),
    published_years=frozenset({2025}),
)


@pytest.mark.parametrize(
    ("when", "worked"),
    [
        ("2025-09-26", True),  # Friday
        ("2025-09-27", False),  # Saturday
        ("2025-09-28", True),  # a Sunday made up
        ("2025-10-01", False),
        ("2025-10-04", False),
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2025-10-12", False),
    ],
)
def test_is_working_day(when, worked):
    assert AUTUMN.is_working_day(day(when)) is worked


@pytest.mark.parametrize(
    ("when", "on_or_after", "on_or_before", "following", "previous"),
    [
        ("2025-10-04", "2025-10-09", "2025-09-30", "2025-10-09", "2025-09-30"),
        ("2025-09-27", "2025-09-28", "2025-09-26", "2025-09-28", "2025-09-26"),
        ("2025-09-30", "2025-09-30", "2025-09-30", "2025-10-09", "2025-09-29"),
        ("2025-10-10", "2025-10-10", "2025-10-10", "2025-10-11", "2025-10-09"),
    ],
)
def test_the_nearest_working_day(when, on_or_after, on_or_before, following, previous):
    assert AUTUMN.on_or_after(day(when)) == day(on_or_after)
    assert AUTUMN.on_or_before(day(when)) == day(on_or_before)
    assert AUTUMN.next_working_day(day(when)) == day(following)
    assert AUTUMN.previous_working_day(day(when)) == day(previous)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2025-10-04", 1, "2025-10-09"),
        ("2025-10-04", 0, "2025-10-04"),
        ("2025-10-09", -2, "2025-09-29"),
    ],
)
def test_add_working_days(start, count, end):
    assert AUTUMN.add_working_days(day(start), count) == day(end)


def test_the_seventh_business_day_after_september_in_hong_kong():
    hong_kong = WorkingCalendar(holidays=frozenset({day("2026-10-01")}))
    assert hong_kong.add_working_days(day("2026-09-30"), 7) == day("2026-10-12")


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [("2025-09-26", "2025-10-09", 4), ("2025-10-09", "2025-09-26", -4), ("2025-10-01", "2025-10-08", 0)],
)
def test_working_days_between(start, end, count):
    assert AUTUMN.working_days_between(day(start), day(end)) == count


@given(start=st.dates(date(2025, 8, 1), date(2025, 12, 31)), count=st.integers(1, 60))
def test_counting_and_adding_agree(start, count):
    end = AUTUMN.add_working_days(start, count)
    assert AUTUMN.is_working_day(end)
    assert AUTUMN.working_days_between(start, end) == count


def test_a_year_without_published_days_is_provisional():
    assert AUTUMN.provisional(2026) and not AUTUMN.provisional(2025)
    assert WEEKENDS_ONLY.provisional(2025)
    assert WEEKENDS_ONLY.is_working_day(day("2025-10-01")) and not WEEKENDS_ONLY.is_working_day(day("2025-09-28"))


def test_a_week_may_rest_on_other_days():
    gulf = WorkingCalendar(rest_weekdays=frozenset({4, 5}))
    assert gulf.on_or_after(day("2025-10-03")) == day("2025-10-05")


@pytest.mark.parametrize(
    "days",
    [
        {"holidays": span("2025-10-01", "2025-10-02"), "make_up_days": span("2025-10-02", "2025-10-03")},
        {"rest_weekdays": frozenset(range(7))},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(days):
    with pytest.raises(CalendarContradiction) as refused:
        WorkingCalendar(**days)
    assert refused.value.params["days"] in (["2025-10-02"], "rest_weekdays")


def test_the_end_of_time_is_refused():
    with pytest.raises(DateOutOfRange):
        WEEKENDS_ONLY.next_working_day(date.max)
