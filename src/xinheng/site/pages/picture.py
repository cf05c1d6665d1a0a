"""The pictures on a customer's page: what fills the limit, from the limit to what is free, by due week, by invoice."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from xinheng.base import charts, formats, policies
from xinheng.base.charts import Chart, Step
from xinheng.desk.control.public import Share, Standing
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import words
from xinheng.desk.receivables.public import Paid
from xinheng.rules.money import total
from xinheng.rules.road import Component

#: How many weeks each side of today has bars of its own; what is further away is added up at the end.
WEEKS = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """One component in the exposure bar; ``width`` and ``left`` in percent of the bar, ``address`` its documents."""

    name: str
    css: str
    amount: int
    left: float
    width: float
    address: str


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
    watch_percent: int | None
    over: bool
    less: Segment | None = None  # unapplied money, which makes the exposure smaller

    @property
    def watch_wide(self) -> float:
        """The width of the watch zone below the limit."""
        return (self.limit_at or 0) - (self.watch_at or 0)


def exposure_bar(found: Standing, addresses: Mapping[str, str]) -> Bar:
    """What the customer owes or is about to owe, component by component, against its own limit."""
    parts = [(name, amount) for name, amount in found.parts.items() if amount and name != "unapplied"]
    owed = found.exposure
    if found.own is not None and found.own.exposure is not None and (elsewhere := _elsewhere(found, found.own)) > 0:
        parts.append(("elsewhere", elsewhere))
        owed = found.own.exposure
    bar = _bar(_("This customer"), found.own, owed, parts, found, addresses)
    unapplied = found.parts.get("unapplied")
    if not unapplied:
        return bar
    name = exposure.component_name("unapplied")
    return dataclasses.replace(bar, less=Segment(name, "unapplied", unapplied, 0, 0, addresses["unapplied"]))


def _elsewhere(found: Standing, share: Share) -> int:
    """What fills a limit beside this customer's account towards this entity."""
    return (share.exposure or 0) - (found.exposure or 0)


def group_bar(found: Standing, addresses: Mapping[str, str]) -> Bar | None:
    """The group's limit: this customer's share of it, and the others'."""
    if found.group is None or found.group.exposure is None:
        return None
    mine = found.exposure or 0
    parts = [("mine", max(0, mine)), ("others", max(0, found.group.exposure - mine))]
    title = _("Group %(code)s") % {"code": found.group.holder}
    shown = [part for part in parts if part[1]]
    return _bar(title, found.group, found.group.exposure, shown, found, addresses)


def addresses_of(customer: Customer) -> dict[str, str]:
    """Where each component of a customer's exposure opens: its items, orders or money."""
    items, code = reverse("receivables:items"), {"customer": customer.code}
    cash = reverse("customer-tab", args=[customer.pk, "cash"])
    found = {
        "invoiced": f"{items}?{urlencode({**code, 'side': 'debit'})}",
        "delivered": f"{items}?{urlencode({**code, 'what': 'goods'})}",
        "unapplied": f"{items}?{urlencode({**code, 'side': 'credit'})}",
        "ordered": f"{reverse('control:orders')}?{urlencode({'q': customer.code})}",
        "instrument": cash,
        "contingent": cash,
    }
    if customer.group:
        found["others"] = f"{reverse('customers')}?{urlencode({'group': customer.group.code})}"
    return found


def _bar(
    title: str,
    share: Share | None,
    owed: int | None,
    parts: list[tuple[str, int]],
    found: Standing,
    addresses: Mapping[str, str],
) -> Bar:
    limit = share.limit if share else None
    gross = sum(amount for _name, amount in parts)
    length = max(gross, limit or 0, 1) * 1.04
    segments, at = [], 0.0
    for name, amount in sorted(parts, key=lambda part: _ORDER.index(part[0])):
        width = amount * 100 / length
        address, wide = addresses.get(name, ""), max(0.3, round(width, 2))
        css = "others" if name == "elsewhere" else name
        segments.append(Segment(_part_name(name), css, amount, round(at, 2), wide, address))
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
        watch,
        limit is not None and owed is not None and owed > limit,
    )


_ORDER = ("mine", "invoiced", "instrument", "contingent", "delivered", "consigned", "ordered", "elsewhere", "others")


def _part_name(name: str) -> str:
    if name == "mine":
        return _("This customer")
    if name == "elsewhere":
        return _("towards other entities")
    return pgettext("group", "other members") if name == "others" else exposure.component_name(name)


def waterfall(found: Standing) -> Chart | None:
    """From the limit that binds down to what is free; none where no amount bounds."""
    share = found.binding
    if share is None or share.limit is None or share.exposure is None:
        return None
    steps = [Step(pgettext("figure", "Limit"), share.limit, "start")]
    if others := _elsewhere(found, share):
        whose = pgettext("group", "other members") if share is found.group else _("towards other entities")
        steps.append(Step(whose, -others, "order"))
    counted = 0
    for name, amount in found.parts.items():
        signed = (amount or 0) * (1 if name == "unapplied" else -1)
        counted -= signed
        steps += [Step(exposure.component_name(name), signed, "part")] if signed else []
    lighter = counted - (found.exposure or 0)
    steps += [Step(_("Paper weighs less"), lighter, "part")] if lighter else []
    steps.append(Step(_("Available"), share.available, "end"))
    return charts.waterfall("waterfall", _("From the limit to what is free"), share.line.currency, steps)


def due_weeks(
    customer: Customer, accounts: Collection[int], today: date, currency: str, rates: Mapping[str, Any]
) -> Chart:
    """What is open by the week in which it falls due, weeks begin on Monday; far weeks added up at the ends."""
    rows = exposure.DueTotal.objects.filter(account__in=accounts, component=Component.INVOICED, amount__gt=0)
    weeks: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    monday = today - timedelta(days=today.weekday())
    for due_on, code, amount in rows.values_list("due_on", "currency").annotate(Sum("amount")):
        week = (due_on - monday).days // 7
        weeks[max(-WEEKS, min(WEEKS, week))][code] += amount
    found = [_week(customer, week, monday, today, total(weeks.get(week, {}), currency, rates)) for week in _range()]
    title = _("Open items by the week they fall due")
    chart = charts.bars("weeks", title, currency, found, first=pgettext("axis", "Due in"), labels=False)
    return chart if any(one.amount for one in found) else dataclasses.replace(chart, rows=[])


def _range() -> Iterable[int]:
    return range(-WEEKS, WEEKS + 1)


def _week(customer: Customer, week: int, monday: date, today: date, amount: int | None) -> charts.Bar:
    first = monday + timedelta(days=7 * week)
    last = first + timedelta(days=6)
    name = {-WEEKS: pgettext("week", "earlier"), WEEKS: pgettext("week", "later")}.get(week, first.strftime("%m-%d"))
    due = {"due_from": first.isoformat(), "due_until": last.isoformat()}
    if abs(week) == WEEKS:
        del due["due_from" if week < 0 else "due_until"]
    return charts.Bar(
        name=name,
        amount=amount,
        title=_("week of %(day)s") % {"day": first.isoformat()} if abs(week) < WEEKS else name,
        address=f"{reverse('receivables:items')}?{urlencode({'customer': customer.code, **due})}",
        marks={"late": last < today, "now": week == 0},
    )


def dots(paid: Collection[Paid]) -> Chart:
    """Each invoice as a dot: issued when, paid how many days late."""
    data = {
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
    rows = [_dot_row(one) for one in reversed(list(paid))]
    heads = [
        pgettext("document", "Invoice"),
        pgettext("document", "Date"),
        pgettext("document", "Due"),
        pgettext("figure", "Amount"),
        _("Days late"),
        pgettext("paid", "Paid"),
    ]
    title = _("How it pays: each invoice of the last year")
    return Chart("paid", "dots", title, pgettext("axis", "days late"), data, heads, rows)


def _dot_row(one: Paid) -> charts.Row:
    said = [one.issued_on.isoformat(), one.due_on.isoformat()]
    state = pgettext("paid", "open") if one.open else pgettext("paid", "paid")
    late = pgettext("paid", "not due yet") if one.open and one.days_late <= 0 else words.days_late(one.days_late)
    cells = [*said, formats.full(one.amount, one.currency), late, state]
    values = [*said, charts.raw(one.amount, one.currency), str(one.days_late), state]
    name = f"{one.number}/{one.part}" if one.part > 1 else one.number
    return charts.Row(name, cells, values, reverse("document", args=[one.document_id]))


def _when(one: Paid) -> str:
    if one.open:
        if one.days_late <= 0:
            return pgettext("paid", "not due yet")
        return ngettext("open, %(days)s day late", "open, %(days)s days late", one.days_late) % {"days": one.days_late}
    if one.days_late == 0:
        return pgettext("paid", "paid on the day")
    if one.days_late < 0:
        return ngettext("paid %(days)s day early", "paid %(days)s days early", -one.days_late) % {
            "days": -one.days_late
        }
    return ngettext("paid %(days)s day late", "paid %(days)s days late", one.days_late) % {"days": one.days_late}
