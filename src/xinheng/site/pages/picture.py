"""The pictures on a customer's page: what fills the limit, from the limit to what is free, by due week, by invoice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from xinheng.base import formats, policies
from xinheng.desk.control.public import Share, Standing
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables.public import Paid
from xinheng.rules.money import total
from xinheng.rules.road import Component

#: How many weeks each side of today has bars of its own; what is further away is added up at the end.
WEEKS = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """One component in the exposure bar; ``width`` and ``left`` in percent of the bar."""

    name: str
    css: str
    amount: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Components side by side against a limit; all places in percent of the bar's length, none too thin to be seen."""

    title: str
    currency: str
    segments: list[Segment]
    exposure: int | None
    limit: int | None
    limit_at: float | None
    watch_at: float | None
    over: bool

    @property
    def watch_wide(self) -> float:
        """The width of the watch zone below the limit."""
        return (self.limit_at or 0) - (self.watch_at or 0)


def exposure_bar(found: Standing) -> Bar:
    """What the customer owes or is about to owe, component by component, against its own limit."""
    parts = [(name, amount) for name, amount in found.parts.items() if amount and name != "unapplied"]
    return _bar(_("This customer"), found.own, found.exposure, parts, found)


def group_bar(found: Standing) -> Bar | None:
    """The group's limit: this customer's share of it, and the others'."""
    if found.group is None or found.group.exposure is None:
        return None
    mine = found.exposure or 0
    parts = [("invoiced", max(0, mine)), ("others", max(0, found.group.exposure - mine))]
    title = _("Group %(code)s") % {"code": found.group.holder}
    return _bar(title, found.group, found.group.exposure, [part for part in parts if part[1]], found)


def _bar(title: str, share: Share | None, owed: int | None, parts: list[tuple[str, int]], found: Standing) -> Bar:
    limit = share.limit if share else None
    gross = sum(amount for _name, amount in parts)
    length = max(gross, limit or 0, 1) * 1.04
    segments, at = [], 0.0
    for name, amount in sorted(parts, key=lambda part: _ORDER.index(part[0])):
        width = amount * 100 / length
        words = pgettext("group", "other members") if name == "others" else exposure.component_name(name)
        segments.append(Segment(words, name, amount, round(at, 2), max(0.3, round(width, 2))))
        at += width
    watch = policies.in_force(found.on).policy.limit.watch_percent
    limit_at = limit * 100 / length if limit is not None else None
    return Bar(
        title,
        share.line.currency if share else found.currency,
        segments,
        owed,
        limit,
        round(limit_at, 2) if limit_at is not None else None,
        round(limit_at * watch / 100, 2) if limit_at and watch else None,
        limit is not None and owed is not None and owed > limit,
    )


_ORDER = ("invoiced", "instrument", "contingent", "delivered", "consigned", "ordered", "others")


def waterfall(found: Standing) -> list[dict[str, Any]]:
    """From the limit that binds down to what is free; nothing where no amount bounds."""
    share = found.binding
    if share is None or share.limit is None or share.exposure is None:
        return []
    rows = [(pgettext("figure", "Limit"), share.limit, "start")]
    if share is found.group:
        others = share.exposure - (found.exposure or 0)
        rows += [(pgettext("group", "other members"), -others, "order")] if others else []
    counted = 0
    for name, amount in found.parts.items():
        signed = (amount or 0) * (1 if name == "unapplied" else -1)
        counted -= signed
        rows += [(exposure.component_name(name), signed, "part")] if signed else []
    lighter = counted - (found.exposure or 0)
    rows += [(_("Paper weighs less"), lighter, "part")] if lighter else []
    rows.append((_("Available"), share.available, "end"))
    currency = share.line.currency
    return [
        {
            "name": str(name),
            "amount": amount,
            "value": formats.number(amount, currency),
            "text": formats.short(amount, currency),
            "kind": kind,
        }
        for name, amount, kind in rows
    ]


def due_weeks(accounts: Collection[int], today: date, currency: str, rates: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is open by the week in which it falls due, weeks begin on Monday; far weeks added up at the ends."""
    rows = exposure.DueTotal.objects.filter(account__in=accounts, component=Component.INVOICED, amount__gt=0)
    weeks: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    monday = today - timedelta(days=today.weekday())
    for due_on, code, amount in rows.values_list("due_on", "currency").annotate(Sum("amount")):
        week = (due_on - monday).days // 7
        weeks[max(-WEEKS, min(WEEKS, week))][code] += amount
    return [_week(week, monday, today, total(weeks.get(week, {}), currency, rates), currency) for week in _range()]


def _range() -> Iterable[int]:
    return range(-WEEKS, WEEKS + 1)


def _week(week: int, monday: date, today: date, amount: int | None, currency: str) -> dict[str, Any]:
    first = monday + timedelta(days=7 * week)
    if week == -WEEKS:
        name = pgettext("week", "earlier")
    elif week == WEEKS:
        name = pgettext("week", "later")
    else:
        name = first.strftime("%m-%d")
    return {
        "name": name,
        "title": _("week of %(day)s") % {"day": first.isoformat()} if abs(week) < WEEKS else name,
        "value": formats.number(amount, currency),
        "amount": amount,
        "text": formats.short(amount, currency) if amount else "",
        "more": formats.full(amount, currency),
        "late": first + timedelta(days=6) < today,
        "now": week == 0,
    }


def dots(paid: Iterable[Paid]) -> dict[str, Any]:
    """Each invoice as a dot: issued when, paid how many days late."""
    return {
        "axis": pgettext("axis", "days late"),
        "dots": [
            {
                "name": one.number,
                "on": one.issued_on.isoformat(),
                "late": one.days_late,
                "open": bool(one.open),
                "text": formats.full(one.open or one.amount, one.currency),
                "more": _when(one),
                "url": reverse("document", args=[one.document_id]),
            }
            for one in paid
        ],
    }


def _when(one: Paid) -> str:
    if one.open:
        if one.days_late <= 0:
            return pgettext("paid", "not due yet")
        return ngettext("open, %(days)s day late", "open, %(days)s days late", one.days_late) % {"days": one.days_late}
    if one.days_late <= 0:
        return ngettext("paid %(days)s day early", "paid %(days)s days early", -one.days_late) % {
            "days": -one.days_late
        }
    return ngettext("paid %(days)s day late", "paid %(days)s days late", one.days_late) % {"days": one.days_late}
