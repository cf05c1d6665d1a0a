"""The first page: how things stand, in a sentence, a picture and the lists behind them; different for each trade."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base import charts, clock, formats, policies
from xinheng.base.charts import Chart
from xinheng.base.models import User
from xinheng.base.remembering import remembered
from xinheng.desk.control import leaving, waiting
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables import words as ageing_words
from xinheng.desk.receivables.public import AgeingScope, Ask
from xinheng.rules.ageing import Bounds
from xinheng.rules.policy import Scope
from xinheng.site.pages import trends

_TOP = 8
_FEW = 5
_WAITING = 6
_GOODS = 50


def overview(request: HttpRequest) -> HttpResponse:
    """What matters to this reader today."""
    held = request.powers.rights  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "active": "overview",
        "currency": clock.company().currency,
        "own": request.powers.scope != Scope.ALL,  # type: ignore[attr-defined]
        "shows_money": "receivables.view" in held,
        "shows_orders": "orders.view" in held,
        "shows_decisions": "decisions.view" in held,
        "ships": "deliveries.ship" in held and "receivables.view" not in held,
    }
    reader: User = request.user  # type: ignore[assignment]
    if context["shows_money"]:
        context |= _money(reader, context["currency"], own=context["own"])
    if context["shows_orders"]:
        context |= _orders(reader)
    if "lines.view" in held:
        context["breach_count"] = waiting.breaches_seen_by(reader).filter(ended_on=None).count()
    if context["ships"]:
        context |= _goods(reader)
    return render(request, "overview/page.html", context)


def _money(reader: User, currency: str, *, own: bool) -> dict[str, Any]:
    """Owed, due, overdue, days sales outstanding or money collected, ageing, the largest debtors, the weeks ahead."""
    on = clock.business_date()
    bounds = Bounds(tuple(policies.in_force(on).policy.business.ageing_bounds_days))
    ask = Ask(exposure.today(on), bounds=bounds, scope=AgeingScope(seen_by=reader if own else None))
    stamp = exposure.Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    name = f"overview {f'user {reader.pk}' if own else 'all'} {on} {currency} {bounds}"

    def kept[Answer](what: str, make: Callable[[], Answer]) -> Answer:
        return remembered(f"{name} {what}", stamp, make)

    amounts = receivables.in_company_currency(kept("ageing", lambda: receivables.age(ask)), on)
    width = len(bounds.labels)
    overdue = _late(amounts, width)
    top = kept("top", lambda: receivables.ageing_rows(ask, "customer", limit=_TOP))
    debtors = [one for one in (_debtor(row, on, width) for row in top) if one["overdue"]]
    few = sum(one["overdue"] for one in debtors[:_FEW])
    months = kept("dso", lambda: trends.dso(reader, on, currency))
    ahead = kept("ahead", lambda: trends.due_ahead(reader, on, currency))
    since = on - timedelta(days=1)
    return {
        "owed": amounts[width],
        "overdue": overdue,
        "unapplied": amounts[width + 1],
        "due_week": ahead[0][1],
        "due_week_address": _due_address(max(on, ahead[0][0]), ahead[0][0] + timedelta(days=6)),
        "late_address": _items_address(due_until=since.isoformat(), side=receivables.DEBIT),
        "overdue_share": formats.percent(overdue, amounts[width]),
        "few": min(_FEW, len(debtors)),
        "few_share": formats.percent(few, overdue),
        "ageing": _ageing_chart(bounds, amounts, currency, on),
        "debtors": debtors,
        "dso": months[-1].dso_days,
        "dso_before": months[-2].dso_days,
        "dso_chart": _dso_chart(months, currency),
        "ahead_chart": _ahead_chart(ahead, currency, on),
        "moved": trends.moved(reader, since, on, currency),
        "since": since,
        **(_collected(reader, on, currency) if own else {}),
    }


def _late(amounts: list[int | None], width: int) -> int | None:
    late = amounts[1:width]
    return None if None in late else sum(amount or 0 for amount in late)


def _collected(reader: User, on: date, currency: str) -> dict[str, Any]:
    """What came in this month, and in the month before up to the same day."""
    first = on.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    until = min(before + (on - first), first - timedelta(days=1))
    return {
        "collected": trends.collected(reader, first, on, currency),
        "collected_before": trends.collected(reader, before, until, currency),
        "month_first": first,
    }


def _items_address(**query: str) -> str:
    return f"{reverse('receivables:items')}?{urlencode(query)}"


def _due_address(first: date, last: date) -> str:
    return _items_address(due_from=first.isoformat(), due_until=last.isoformat())


def _debtor(row: receivables.AgeingRow, on: date, width: int) -> dict[str, Any]:
    amounts = receivables.in_company_currency(row.currencies, on)
    return {"customer": row.subject, "overdue": _late(amounts, width) or 0, "open": amounts[width]}


def _ageing_chart(bounds: Bounds, amounts: list[int | None], currency: str, on: date) -> Chart:
    bars = [
        charts.Bar(ageing_words.bucket(label), amounts[index], address=_items_address(bucket=str(index)))
        for index, label in enumerate(bounds.labels)
    ]
    title, first = _("What is open, by age"), pgettext("ageing", "Age")
    return charts.bars("ageing", title, currency, bars, first=first, note=on.isoformat(), colours="age")


def _dso_chart(months: list[trends.Month], currency: str) -> Chart:
    days = pgettext("figure", "%(days)s days")
    points, rows = [], []
    for month in months:
        said = str(month.dso_days) if month.dso_days is not None else formats.MISSING
        outstanding = formats.short(month.outstanding, currency)
        points.append(
            {
                "name": month.last.strftime("%Y-%m"),
                "title": month.last.isoformat(),
                "value": month.dso_days,
                "text": days % {"days": said},
                "more": outstanding,
            }
        )
        cells = [said, formats.plain(month.outstanding, currency)]
        rows.append(charts.Row(month.last.isoformat(), cells, [said, charts.raw(month.outstanding, currency)]))
    heads = [pgettext("axis", "Month end"), pgettext("axis", "Days"), f"{_('Owed')} ({currency})"]
    note = _("against the sales of 90 days")
    title, unit = _("Days sales outstanding"), pgettext("axis", "days")
    return Chart("dso", "line", title, unit, {"points": points}, heads, rows, note)


def _ahead_chart(ahead: list[tuple[date, int | None]], currency: str, on: date) -> Chart:
    bars = [
        charts.Bar(
            monday.strftime("%m-%d"),
            amount,
            title=_("week of %(day)s") % {"day": monday.isoformat()},
            address=_due_address(max(on, monday), monday + timedelta(days=6)),
        )
        for monday, amount in ahead
    ]
    title, first = _("Falls due in the next 13 weeks"), pgettext("axis", "Due in")
    return charts.bars("ahead", title, currency, bars, first=first, labels=False)


def _orders(reader: User) -> dict[str, Any]:
    """Orders that wait, the longest first, with what frees them."""
    held = waiting.waiting_for(reader)
    rows = list(held[:_WAITING])
    found = waiting.cases(rows)
    money = waiting.money_waiting(held)
    return {
        "held": [found[row.pk] for row in rows],
        "held_count": held.count(),
        "held_money": " + ".join(formats.short(amount, one) for one, amount in money.items()),
        "unreleased": waiting.unreleased_for(reader).filter(settled_at=None).count(),
    }


def _goods(reader: User) -> dict[str, Any]:
    """What may leave the warehouse, soonest first, and what passed and must not leave all the same."""
    goods = leaving.goods_of(reader, on=clock.business_date(), count=_GOODS)
    return {
        "may_leave": goods.free,
        "may_leave_all": goods.all_seen,
        "stopped_now": goods.stopped,
        "looked_at": _GOODS,
    }
