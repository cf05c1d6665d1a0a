"""The first page: how things stand, in a sentence, a picture and the lists behind them; different for each trade."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext

from xinheng.base import clock, formats, policies
from xinheng.base.models import User
from xinheng.base.remembering import remembered
from xinheng.desk.control import waiting
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables import words as ageing_words
from xinheng.desk.receivables.public import AgeingScope, Ask
from xinheng.desk.sales import public as sales
from xinheng.rules.ageing import Bounds
from xinheng.rules.policy import Scope
from xinheng.site.pages import trends

_TOP = 8
_FEW = 5
_WAITING = 6


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
        context |= _money(reader, context["currency"], request.powers.scope)  # type: ignore[attr-defined]
    if context["shows_orders"]:
        context |= _orders(reader)
    if context["ships"]:
        context |= _goods(reader)
    return render(request, "overview/page.html", context)


def _money(reader: User, currency: str, scope: str) -> dict[str, Any]:
    """Owed, due, overdue, days sales outstanding, ageing, the largest debtors, the weeks ahead."""
    on = clock.business_date()
    bounds = Bounds(tuple(policies.in_force(on).policy.business.ageing_bounds_days))
    ask = Ask(exposure.NOW, bounds=bounds, scope=AgeingScope(seen_by=None if scope == Scope.ALL else reader))
    stamp = exposure.Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    whose = "all" if scope == Scope.ALL else f"user {reader.pk}"
    name = f"overview {whose} {on} {currency} {bounds}"
    found = remembered(f"{name} ageing", stamp, lambda: receivables.age(ask))
    top = remembered(f"{name} top", stamp, lambda: receivables.ageing_rows(ask, "customer", limit=_TOP))
    months = remembered(f"{name} dso", stamp, lambda: trends.dso(reader, on, currency))
    ahead = remembered(f"{name} ahead", stamp, lambda: trends.due_ahead(reader, on, currency))
    amounts = receivables.in_company_currency(found, on)
    width = len(bounds.labels)
    late = amounts[1:width]
    overdue = None if None in late else sum(amount or 0 for amount in late)
    debtors = [_debtor(row, on, width) for row in top]
    few = sum(one["overdue"] or 0 for one in debtors[:_FEW])
    return {
        "owed": amounts[width],
        "overdue": overdue,
        "unapplied": amounts[width + 1],
        "due_week": ahead[0][1],
        "overdue_share": formats.percent(overdue, amounts[width]),
        "few": min(_FEW, len([one for one in debtors if one["overdue"]])),
        "few_share": formats.percent(few, overdue),
        "ageing": _ageing_chart(bounds, amounts, currency),
        "debtors": [one for one in debtors if one["open"]],
        "months": months,
        "dso": months[-1].dso_days,
        "dso_before": months[-2].dso_days,
        "dso_chart": _dso_chart(months, currency),
        "ahead": ahead,
        "ahead_chart": _ahead_chart(ahead, currency),
        "moved": trends.moved(reader, on - timedelta(days=1), on, currency),
        "since": on - timedelta(days=1),
    }


def _debtor(row: receivables.AgeingRow, on: Any, width: int) -> dict[str, Any]:
    amounts = receivables.in_company_currency(row.currencies, on)
    late = amounts[1:width]
    overdue = None if None in late else sum(amount or 0 for amount in late)
    return {"customer": row.subject, "overdue": overdue, "open": amounts[width]}


def _ageing_chart(bounds: Bounds, amounts: list[int | None], currency: str) -> dict[str, Any]:
    bars = []
    for index, label in enumerate(bounds.labels):
        words = ageing_words.bucket(label)
        bars.append(
            {
                "name": words,
                "title": words,
                "amount": amounts[index],
                "value": formats.number(amounts[index], currency),
                "text": formats.short(amounts[index], currency),
                "more": formats.full(amounts[index], currency),
                "url": f"{reverse('receivables:items')}?bucket={index}",
            }
        )
    return {"colours": "age", "bars": bars}


def _dso_chart(months: list[trends.Month], currency: str) -> dict[str, Any]:
    days = pgettext("figure", "%(days)s days")
    return {
        "points": [
            {
                "name": month.last.strftime("%Y-%m"),
                "title": month.last.isoformat(),
                "value": month.dso_days,
                "text": days % {"days": month.dso_days if month.dso_days is not None else formats.MISSING},
                "more": formats.short(month.outstanding, currency),
            }
            for month in months
        ]
    }


def _ahead_chart(ahead: list[tuple[Any, int | None]], currency: str) -> dict[str, Any]:
    return {
        "labels": False,
        "bars": [
            {
                "name": monday.strftime("%m-%d"),
                "title": monday.isoformat(),
                "value": formats.number(amount, currency),
                "text": formats.short(amount, currency),
                "more": formats.full(amount, currency),
            }
            for monday, amount in ahead
        ],
    }


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
    """What may leave the warehouse, soonest first."""
    free = waiting.orders_seen_by(reader).filter(state__in=sales.OCCUPYING).order_by("ship_date", "document_id")
    return {"may_leave": list(free[:50]), "may_leave_count": free.count()}
