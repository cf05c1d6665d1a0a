"""Figures over time for the overview: days sales outstanding by month, what falls due in the weeks ahead."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.rules.money import total
from xinheng.rules.road import Component, Kind
from xinheng.site.pages import history

MONTHS = 12
WEEKS = 13
_QUARTER_DAYS = 90


@dataclass(frozen=True, slots=True)
class Month:
    """One month end: outstanding in minor units of the company's currency, and days sales outstanding."""

    last: date
    outstanding: int | None
    dso_days: int | None


def dso(reader: User, on: date, into: str) -> list[Month]:
    """Days sales outstanding at the last month ends and today, oldest first.

    Outstanding at the end, divided by what was invoiced in the ninety days before, times ninety.
    """
    days = history.invoiced(_accounts(reader))
    rates = exposure.rates_on(on, into)
    return [_month(last, days, into, rates) for last in _month_ends(on)]


def _month(last: date, days: Mapping[history.Day, history.Sums], into: str, rates: Mapping[str, Decimal]) -> Month:
    end, begin = last.isoformat(), (last - timedelta(days=_QUARTER_DAYS)).isoformat()
    owed: dict[str, int] = defaultdict(int)
    sales: dict[str, int] = defaultdict(int)
    for (day, currency), (change, sold) in days.items():
        if day <= end:
            owed[currency] += change
            sales[currency] += sold if day > begin else 0
    outstanding, invoiced = total(owed, into, rates), total(sales, into, rates)
    days = round(outstanding * _QUARTER_DAYS / invoiced) if outstanding is not None and invoiced else None
    return Month(last, outstanding, days)


def _month_ends(on: date) -> list[date]:
    """The ends of the last months, then the day itself."""
    ends, first = [on], on.replace(day=1)
    while len(ends) <= MONTHS:
        last = first - timedelta(days=1)
        ends.append(last)
        first = last.replace(day=1)
    return ends[::-1]


def _accounts(reader: User) -> tuple[str, list[object]]:
    """The condition on ``m.account_id`` for customers the reader may see, empty for all."""
    sees = customers.sees(reader, "customer__")
    if not sees:
        return "", []
    query, params = exposure.Account.objects.filter(sees).values("id").query.sql_with_params()
    return f" AND m.account_id IN ({query})", list(params)


def due_ahead(reader: User, on: date, into: str) -> list[tuple[date, int | None]]:
    """What is open by the week in which it falls due, from this week on: (Monday, minor units)."""
    monday = on - timedelta(days=on.weekday())
    rows = exposure.DueTotal.objects.filter(
        customers.sees(reader, "account__customer__"),
        component=Component.INVOICED,
        amount__gt=0,
        due_on__gte=on,
        due_on__lt=monday + timedelta(days=7 * WEEKS),
    )
    weeks: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for due_on, currency, amount in rows.values_list("due_on", "currency").annotate(Sum("amount")):
        weeks[(due_on - monday).days // 7][currency] += amount
    rates = exposure.rates_on(on, into)
    return [(monday + timedelta(days=7 * week), total(weeks.get(week, {}), into, rates)) for week in range(WEEKS)]


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of step that value takes: where it goes, of which kinds of document (none: any), its name and colour."""

    name: Any
    target: Component
    from_outside: bool = False
    kinds: tuple[Kind, ...] = ()
    tone: str = ""

    @property
    def where(self) -> dict[str, Any]:
        """The step as a condition on movements."""
        found: dict[str, Any] = {"target__component": self.target}
        found |= {"source": None} if self.from_outside else {}
        return found | ({"target__document__kind__in": self.kinds} if self.kinds else {})

    def took(self, target: int, source: int | None, kind: int) -> bool:
        """Whether a movement was such a step."""
        return target == self.target and not (self.from_outside and source) and (not self.kinds or kind in self.kinds)


#: What the overview counts since yesterday, and what the list of movements may be narrowed to.
STEPS = {
    "money": Step(_("Money in"), Component.UNAPPLIED, from_outside=True, kinds=(Kind.RECEIPT,), tone="in"),
    "invoiced": Step(pgettext_lazy("component", "Invoiced"), Component.INVOICED),
    "delivered": Step(pgettext_lazy("figure", "Delivered"), Component.DELIVERED),
    "written-off": Step(pgettext_lazy("component", "Written off"), Component.WRITTEN_OFF),
}


def moved(reader: User, since: date, on: date, into: str) -> dict[str, tuple[Step, int, int | None]]:
    """What happened from a day on: for each step how many movements and how much; steps nobody took are left out."""
    sees = customers.sees(reader, "account__customer__")
    rows = exposure.Movement.objects.filter(sees, effective_on__gte=since, effective_on__lte=on).order_by()
    by = ("target__component", "source__component", "target__document__kind", "currency")
    taken = list(rows.values_list(*by).annotate(Count("id"), Sum("amount")))  # one pass for all steps
    rates, found = exposure.rates_on(on, into), {}
    for key, step in STEPS.items():
        number, sums = 0, defaultdict(int)
        for target, source, kind, currency, count, amount in taken:
            if step.took(target, source, kind):
                number, sums[currency] = number + count, sums[currency] + amount
        if number:
            found[key] = (step, number, total(sums, into, rates))
    return found


def collected(reader: User, since: date, until: date, into: str) -> int | None:
    """Money that came in from the reader's customers on some days, in minor units; None where a rate is missing."""
    rows = exposure.Document.objects.filter(
        account__in=exposure.Account.objects.filter(customers.sees(reader, "customer__")).values("id"),
        kind=Kind.RECEIPT,
        dated_on__gte=since,
        dated_on__lte=until,
        reversed_by=None,
    )
    sums = dict(rows.order_by().values_list("currency").annotate(Sum("amount")))
    return total(sums, into, exposure.rates_on(until, into))
