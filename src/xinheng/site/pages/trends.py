"""Figures over time for the overview: days sales outstanding by month, what falls due in the weeks ahead."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base import sql
from xinheng.base.database import is_postgres
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.rules.money import total
from xinheng.rules.road import Component, Kind

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
    where, params = _accounts(reader)
    month = "to_char(m.effective_on, 'YYYY-MM-DD')" if is_postgres() else "m.effective_on"
    first = _month_ends(on)[0] - timedelta(days=_QUARTER_DAYS)
    changes: dict[tuple[str, str], int] = defaultdict(int)
    for side, sign in (("target", 1), ("source", -1)):
        rows = sql.fetch(
            f"SELECT CASE WHEN m.effective_on < %s THEN '' ELSE {month} END, m.currency, SUM(m.amount) "
            f"FROM exposure_movement m JOIN exposure_position p ON p.id = m.{side}_id "
            f"WHERE p.component = {int(Component.INVOICED)}{where} GROUP BY 1, 2",
            [first, *params],
        )
        for day, currency, amount in rows:
            changes[str(day), currency] += sign * int(amount)
    sold = _sold(where, params, first)
    rates = exposure.rates_on(on, into)
    return [_month(last, changes, sold, into, rates) for last in _month_ends(on)]


def _sold(where: str, params: list[object], first: date) -> dict[tuple[str, str], int]:
    day = "to_char(m.dated_on, 'YYYY-MM-DD')" if is_postgres() else "m.dated_on"
    rows = sql.fetch(
        f"SELECT {day}, m.currency, SUM(m.amount) FROM exposure_document m WHERE m.kind = {int(Kind.INVOICE)} "
        f"AND m.reversed_by_id IS NULL AND m.dated_on >= %s{where} GROUP BY 1, 2",
        [first, *params],
    )
    return {(str(on), currency): int(amount) for on, currency, amount in rows}


def _month(
    last: date,
    changes: Mapping[tuple[str, str], int],
    sold: Mapping[tuple[str, str], int],
    into: str,
    rates: Mapping[str, Decimal],
) -> Month:
    end, begin = last.isoformat(), (last - timedelta(days=_QUARTER_DAYS)).isoformat()
    owed: dict[str, int] = defaultdict(int)
    sales: dict[str, int] = defaultdict(int)
    for (day, currency), amount in changes.items():
        if day <= end:
            owed[currency] += amount
    for (day, currency), amount in sold.items():
        if begin < day <= end:
            sales[currency] += amount
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
    """A kind of step that value takes: what the movements have in common, what it is called, its colour."""

    name: Any
    where: dict[str, Any]
    tone: str = ""


#: What the overview counts since yesterday, and what the list of movements may be narrowed to.
STEPS = {
    "money": Step(_("Money in"), {"source": None, "target__component": Component.UNAPPLIED}, "in"),
    "invoiced": Step(pgettext_lazy("component", "Invoiced"), {"target__component": Component.INVOICED}),
    "delivered": Step(pgettext_lazy("figure", "Delivered"), {"target__component": Component.DELIVERED}),
    "written-off": Step(pgettext_lazy("component", "Written off"), {"target__component": Component.WRITTEN_OFF}),
}


def movements(reader: User, since: date, until: date) -> QuerySet[exposure.Movement]:
    """Every step of value of the reader's customers that took effect in some days."""
    sees = customers.sees(reader, "account__customer__")
    return exposure.Movement.objects.filter(sees, effective_on__gte=since, effective_on__lte=until)


def moved(reader: User, since: date, on: date, into: str) -> dict[str, tuple[Step, int, int | None]]:
    """What happened from a day on: for each step how many movements and how much; steps nobody took are left out."""
    rates, found = exposure.rates_on(on, into), {}
    for key, step in STEPS.items():
        rows = movements(reader, since, on).filter(**step.where).order_by().values_list("currency")
        sums = {currency: (number, amount) for currency, number, amount in rows.annotate(Count("id"), Sum("amount"))}
        if sums:
            number = sum(one for one, _ in sums.values())
            found[key] = (step, number, total({code: amount for code, (_, amount) in sums.items()}, into, rates))
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
