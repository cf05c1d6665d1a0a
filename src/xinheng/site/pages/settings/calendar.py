"""The calendar of working days by year: days off, make-up working days 调休, and years that are not published yet."""

import calendar as months_of
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed, ask
from xinheng.base.inputs import DayField
from xinheng.base.screens import needs
from xinheng.desk.limits import public as limits
from xinheng.desk.limits.public import CalendarDay
from xinheng.site.pages.settings.lists import ACTIVE, CALENDAR_READERS, may, needs_any

WEEKDAYS = (
    pgettext_lazy("weekday", "Mo"),
    pgettext_lazy("weekday", "Tu"),
    pgettext_lazy("weekday", "We"),
    pgettext_lazy("weekday", "Th"),
    pgettext_lazy("weekday", "Fr"),
    pgettext_lazy("weekday", "Sa"),
    pgettext_lazy("weekday", "Su"),
)
_FIRST, _LAST = 2000, 2100


class CalendarForm(forms.Form):
    """One day: whether it is worked, and what it is called."""

    on = DayField(label=pgettext_lazy("calendar", "Day"))
    working = forms.ChoiceField(
        label=pgettext_lazy("calendar", "It is"),
        choices=[("no", pgettext_lazy("calendar", "a day off")), ("yes", pgettext_lazy("calendar", "worked"))],
    )
    name = forms.CharField(label=pgettext_lazy("calendar", "What for"), max_length=100)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not _FIRST <= on.year <= _LAST:
            raise forms.ValidationError(
                _("The calendar holds the years from %(first)s to %(last)s.") % {"first": _FIRST, "last": _LAST}
            )
        return on


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the picture: ``tone`` is rest, off, worked or nothing."""

    on: date
    tone: str
    name: str


def calendar(request: HttpRequest) -> HttpResponse:
    """A year.

    Raises:
        Refused
    """
    needs_any(request, *CALENDAR_READERS)
    year = _year(request)
    days = {one.on: one for one in CalendarDay.objects.filter(on__year=year).order_by("on")}
    provisional = limits.working_calendar().provisional(year)
    context = {
        "active": ACTIVE,
        "year": year,
        "before": year - 1 if year > _FIRST else None,
        "after": year + 1 if year < _LAST else None,
        "months": [(month, _weeks(year, month, days)) for month in range(1, 13)],
        "weekdays": WEEKDAYS,
        "off": [one for one in days.values() if not one.working],
        "worked": [one for one in days.values() if one.working],
        "provisional": provisional,
        "today": clock.business_date(),
        "may_edit": may(request, "calendar.edit"),
    }
    return render(request, "settings/calendar.html", context)


def _year(request: HttpRequest) -> int:
    """The year asked for; the present one where nonsense stands in the address."""
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdecimal() and len(asked) == 4 and _FIRST <= int(asked) <= _LAST:
        return int(asked)
    return clock.business_date().year


def _weeks(year: int, month: int, days: dict[date, CalendarDay]) -> list[list[Cell | None]]:
    weeks = months_of.Calendar().monthdatescalendar(year, month)
    return [[_cell(on, days.get(on)) if on.month == month else None for on in week] for week in weeks]


def _cell(on: date, kept: CalendarDay | None) -> Cell:
    if kept is not None:
        return Cell(on, "worked" if kept.working else "off", kept.name)
    return Cell(on, "rest" if on.weekday() >= 5 else "", "")


@needs("calendar.edit")
def set_day(request: HttpRequest) -> HttpResponse:
    """Enter or change a day."""
    user: Any = request.user
    form = CalendarForm(request.POST if request.method == "POST" else None)

    def act(cleaned: dict[str, Any]) -> str:
        day = limits.set_day(cleaned["on"], working=cleaned["working"] == "yes", name=cleaned["name"], by=user)
        said = _("%(day)s is worked.") if day.working else _("%(day)s is a day off.")
        return said % {"day": formats.day(day.on)}

    deed = Deed(
        title=_("Enter a day of the calendar"),
        consequence=_("Due days that move off rest days are counted with it from now on; documents keep theirs."),
        button=pgettext_lazy("verb", "Keep it"),
        back=reverse("settings:calendar"),
        back_name=_("Calendar"),
        icon="calendar",
    )
    return ask(request, deed, form, act, more={"active": ACTIVE})
