"""Dates as contracts count them.

A period does not count its first day: 30 days from 15 January end on 14 February.  A period of months ends on the
corresponding day, and where a month has no such day on its last: one month from 31 January is 28 or 29 February (Civil
Code arts 201 and 202; 票据法 art 107 says the same of bills).  Whether a last day that falls on a rest day moves is
decided elsewhere (terms.py), because for a due date it is the contract's business.
"""

from calendar import monthrange
from datetime import date, timedelta

from xinheng.rules.errors import RuleError

#: Nothing in a company's books is dated earlier; a year before it is a slip of the keyboard.
YEAR_MIN = 1900


class DateOutOfRange(RuleError):
    """A date before the year 1 or after the year 9999.  params: start, days or months."""

    code = "DATE_OUT_OF_RANGE"


def add_days(day: date, days: int) -> date:
    """The last day of a period of ``days`` days; the first day is not counted.  Raises DateOutOfRange."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise DateOutOfRange(start=day.isoformat(), days=days) from None


def days_from(day: date, days: int) -> date:
    """As ``add_days``, for expiries and days of grace: beyond the calendar stands its last day, or its first."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def add_months(day: date, months: int) -> date:
    """The last day of a period of months: the corresponding day, else the month's last.  Raises DateOutOfRange."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= 9999:
        raise DateOutOfRange(start=day.isoformat(), months=months)
    return on_day(year, month, day.day)


def on_day(year: int, month: int, day: int) -> date:
    """That day of the month, or the month's last where the month is shorter: day 31 of February is the 28th or 29th."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return on_day(day.year, day.month, 31)


def quarter_end(day: date) -> date:
    """The last day of the day's calendar quarter."""
    return on_day(day.year, (day.month + 2) // 3 * 3, 31)


def year_end(day: date) -> date:
    """31 December of the day's year."""
    return date(day.year, 12, 31)


def next_day_of_month(day: date, wanted: int) -> date:
    """The first day on or after ``day`` that is the ``wanted`` day of its month (its last, where it is shorter)."""
    this_month = on_day(day.year, day.month, wanted)
    if this_month >= day:
        return this_month
    following = add_days(month_end(day), 1)
    return on_day(following.year, following.month, wanted)


def days_overdue(due_on: date | None, as_of: date) -> int:
    """How many days late at the end of ``as_of``; 0 on the due day and before it, and where no due date is known."""
    return max(0, (as_of - due_on).days) if due_on is not None else 0
