"""The calendar of working days: which days the bank, the warehouse and the finance office are open.

A week has its rest days; public holidays close some of the others, and China moves rest days so that some weekends are
worked (调休).  The holidays of a year are published late in the year before, so a calendar knows for which years it has
the published days; any other year has weekends only and is provisional.  The days come from a table that people can
correct; this page only reckons.
"""

from dataclasses import dataclass
from datetime import date

from xinheng.rules.dates import add_days
from xinheng.rules.errors import RuleError


class CalendarContradiction(RuleError):
    """A calendar in which a day is both a holiday and worked, or no weekday is worked.  params: days."""

    code = "CALENDAR_CONTRADICTION"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days of one place.

    ``holidays`` are closed although it is no rest day of the week, ``make_up_days`` are worked although it is one.
    ``rest_weekdays``: 0 is Monday.  Raises CalendarContradiction when made.
    """

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    published_years: frozenset[int] = frozenset()
    rest_weekdays: frozenset[int] = frozenset({5, 6})

    def __post_init__(self) -> None:
        both = self.holidays & self.make_up_days
        if both:
            raise CalendarContradiction(days=[day.isoformat() for day in sorted(both)])
        if self.rest_weekdays >= frozenset(range(7)):
            raise CalendarContradiction(days="rest_weekdays")

    def provisional(self, year: int) -> bool:
        """Whether the year's holidays have not been published yet, so that only weekends rest."""
        return year not in self.published_years

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked."""
        return day in self.make_up_days or (day not in self.holidays and day.weekday() not in self.rest_weekdays)

    def on_or_after(self, day: date) -> date:
        """The day itself when it is worked, else the next one that is.  Raises DateOutOfRange."""
        return self._nearest(day, 1)

    def on_or_before(self, day: date) -> date:
        """The day itself when it is worked, else the last one before it that was.  Raises DateOutOfRange."""
        return self._nearest(day, -1)

    def next_working_day(self, day: date) -> date:
        """The first working day after the day.  Raises DateOutOfRange."""
        return self._nearest(add_days(day, 1), 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before the day.  Raises DateOutOfRange."""
        return self._nearest(add_days(day, -1), -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The last day of a period of working days; the first day is not counted, worked or not.

        A negative count goes back; a count of 0 is the day itself.  Raises DateOutOfRange.
        """
        step = 1 if count > 0 else -1
        for _ in range(abs(count)):
            day = self._nearest(add_days(day, step), step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in a period, its first day not counted; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(add_days(start, days)) for days in range(1, (end - start).days + 1))

    def _nearest(self, day: date, step: int) -> date:
        while not self.is_working_day(day):
            day = add_days(day, step)
        return day


#: Saturdays and Sundays rest and nothing is published: what a company has before it fills in its calendar.
WEEKENDS_ONLY = WorkingCalendar()
