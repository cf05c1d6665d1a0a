"""The calendar of working days as data: published days off and make-up working days 调休 of the People's Republic."""

import functools
from datetime import date

from xinheng.base import audit, rights
from xinheng.base.database import atomic
from xinheng.base.models import User
from xinheng.desk.limits.models import CalendarDay
from xinheng.rules.calendar import WorkingCalendar

#: The first year for which the days are kept.
FIRST_YEAR = 2009


def install_calendar(this_year: int) -> int:
    """Keep the published days of all years up to the next one; days somebody entered stay.  Returns how many are new.

    A year counts as published only when its make-up working days are known too: before the State Council announces
    them, statutory days alone would be half a calendar, so the year stays provisional.
    """
    known = set(CalendarDay.objects.values_list("on", flat=True))
    years = range(FIRST_YEAR, this_year + 2)
    new = [day for year in years for day in _published(year) if day[0] not in known]
    CalendarDay.objects.bulk_create((CalendarDay(on=on, working=works, name=name) for on, works, name in new), 1000)
    return len(new)


@functools.cache
def _published(year: int) -> tuple[tuple[date, bool, str], ...]:
    """Days off and make-up working days of a year, (day, working, name); nothing before they are announced."""
    import holidays

    published = holidays.country_holidays("CN", years=year, language="zh_CN")
    makeup = sorted(day for day in published.weekend_workdays if day.year == year)
    if not makeup:
        return ()
    off = ((day, False, published[day][:100]) for day in published if day.year == year)
    return (*off, *((day, True, "调休上班") for day in makeup))


def working_calendar() -> WorkingCalendar:
    """The rule book's calendar from the kept days; one day entered by hand does not make its year a published one."""
    days = list(CalendarDay.objects.values_list("on", "working"))
    return WorkingCalendar(
        holidays=frozenset(on for on, working in days if not working),
        make_up_days=frozenset(on for on, working in days if working),
        published_years=frozenset(on.year for on, working in days if working),
    )


def set_day(on: date, *, working: bool, name: str, by: User) -> CalendarDay:
    """Enter or change one day, for instance when the next year is announced.

    Raises:
        Refused.
    """
    rights.require(by, "calendar.edit")
    with atomic():
        day, _ = CalendarDay.objects.update_or_create(on=on, defaults={"working": working, "name": name})
        data = {"working": working, "name": name}
        audit.record("settings", "limits.calendar.set", f"day:{on}", by=by, data=data)
        return day
