"""Months 月结: what is closed by entity, the next one with its list before it is closed, and re-opening."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import clock, excel, formats, names, rights
from xinheng.base.deeds import Deed, ReasonForm, ask
from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.base.screens import needs, refuse_without
from xinheng.desk.control import waiting
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Period
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables import words
from xinheng.desk.sales.public import Order
from xinheng.rules.money import to_decimal, to_minor
from xinheng.site.pages.settings.lists import ACTIVE, may

#: Closings of an entity on the page; two years.
_MOST = 24
#: Rows of a frozen list on its page; the sheet has all of them.
_ROWS = 500


class MonthForm(forms.Form):
    """Which month, and whether those before it that are open come first."""

    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])\Z",
        label=pgettext_lazy("month", "Month"),
        error_messages={"invalid": gettext_lazy("Write the month as 2026-11.")},
        widget=forms.TextInput(attrs={"size": 8, "maxlength": 7, "autocomplete": "off", "inputmode": "numeric"}),
    )
    with_earlier = forms.BooleanField(
        label=gettext_lazy("Close the open months before it first, each with a list of its own"), required=False
    )


def periods() -> QuerySet[Period]:
    """All closings, newest first."""
    people = ("closed_by", "reopened_by", "reopening_asked_by")
    return Period.objects.select_related("entity", *people).order_by("-month", "-closed_at").defer("ageing")


@needs("receivables.view")
def months(request: HttpRequest) -> HttpResponse:
    """Each entity with its closings, and the month that comes next."""
    found = []
    for entity in Entity.objects.order_by("id"):
        closed = list(periods().filter(entity=entity)[:_MOST])
        last = next((one for one in closed if one.reopened_at is None), None)
        following = upcoming(entity)
        over = following < clock.business_date().replace(day=1)
        found.append({"entity": entity, "closed": closed, "last": last, "next": following, "over": over})
    context = {
        "active": ACTIVE,
        "entities": found,
        "may_close": may(request, "periods.close"),
        "may_reopen": may(request, "periods.reopen"),
    }
    return render(request, "settings/months.html", context)


def upcoming(entity: Entity) -> date:
    """The month that is closed next: the first open one, else the one before the business date's."""
    today = clock.business_date().replace(day=1)
    before = (today.replace(month=today.month - 1)) if today.month > 1 else date(today.year - 1, 12, 1)
    first = exposure.months_before(entity, today)
    return first[0] if first else exposure.open_from(entity.pk) or before


@needs("periods.close")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a month, with what its list would freeze before one's eyes."""
    user: Any = request.user
    entity, following = exposure.entity(code), upcoming(exposure.entity(code))
    form = MonthForm(request.POST if request.method == "POST" else None, initial={"month": f"{following:%Y-%m}"})

    def act(cleaned: dict[str, Any]) -> str:
        wanted = date.fromisoformat(f"{cleaned['month']}-01")
        if cleaned["with_earlier"]:
            done = receivables.close_months(entity, wanted, by=user)
        else:
            done = [receivables.close_month(entity, wanted, by=user)]
        said = formats.listed(f"{one.month:%Y-%m}" for one in done)
        return _("Closed: %(months)s. The month-end list is frozen.") % {"months": said}

    deed = Deed(
        title=_("Close a month of %(entity)s") % {"entity": entity.name},
        consequence=_(
            "Nothing takes effect in it any more: late documents count from the first open day. "
            "Its month-end list is frozen; re-opening takes two people."
        ),
        button=pgettext_lazy("verb", "Close the month"),
        back=reverse("settings:months"),
        back_name=_("Months"),
        icon="lock",
        facts=tuple(_before(user, entity, following)),
    )
    return ask(request, deed, form, act, more={"active": ACTIVE})


def _before(by: User, entity: Entity, month: date) -> list[tuple[str, str]]:
    """What stands in the books before the month is closed: what its list would say, and what is still undone."""
    found = receivables.list_seen_by(by, receivables.before_closing(entity, month) | {"customers": []})
    label = _("Owed at the end of %(month)s") % {"month": f"{month:%Y-%m}"}
    facts = [(label, said) for said in map(_side, found.get("currencies", {}).items())]
    held = waiting.waiting_for(by).filter(document__entity=entity).order_by().count()
    loose = waiting.unlinked_for(by).filter(entity=entity).order_by().count()
    gone = waiting.unreleased_for(by).filter(delivery__entity=entity, settled_at=None).order_by().count()
    entered = waiting.orders_seen_by(by).filter(document__entity=entity, state=Order.State.ENTERED).order_by().count()
    undone = (
        (_("Orders not checked yet"), entered, f"{reverse('control:orders')}?state={Order.State.ENTERED}"),
        (_("Held orders"), held, reverse("control:held")),
        (_("Shipped unreleased"), gone, reverse("control:unreleased")),
        (_("Unlinked documents"), loose, reverse("control:unlinked")),
    )
    return facts + [(name, format_html('<a href="{}">{}</a>', to, formats.count(of))) for name, of, to in undone]


def _minor(written: str, currency: str) -> int:
    return to_minor(Decimal(written), currency)


def _side(pair: tuple[str, dict[str, Any]]) -> str:
    currency, found = pair
    minor = _minor(found["outstanding"]["amount"], currency)
    return _("%(amount)s in %(count)s items, %(unapplied)s not applied") % {
        "amount": formats.full(minor, currency),
        "count": formats.count(found["outstanding"]["count"], 10**9),
        "unapplied": formats.full(_minor(found["unapplied"], currency), currency),
    }


@needs("periods.reopen")
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the last closed month to be opened again, or agree to it."""
    user: Any = request.user
    entity = exposure.entity(code)
    last = periods().filter(entity=entity, reopened_at=None).first()
    if last is None:
        raise Unknown(what="month", number=entity.code)
    asked = last.reopening_asked_by
    words_ = {"month": f"{last.month:%Y-%m}", "entity": entity.name}

    def act(cleaned: dict[str, Any]) -> str:
        done = exposure.reopen_month(entity, by=user, reason=cleaned["reason"])
        said = _("Month %(month)s is open again.") if done.reopened_at else _("Asked for; another person has to agree.")
        return said % words_

    who = names.of(asked, get_language() or "zh")
    consequence = (
        _("%(who)s asked for it: %(reason)s. When you agree, documents count in it again; its list stays as it was.")
        % {"who": who, "reason": last.reopening_reason or formats.MISSING}
        if asked
        else _("It takes two: you ask, and another person with this right agrees. Its month-end list stays as it was.")
    )
    deed = Deed(
        title=_("Re-open %(month)s of %(entity)s") % words_,
        consequence=consequence,
        button=pgettext_lazy("verb", "Agree and open it") if asked else pgettext_lazy("verb", "Ask for it"),
        back=reverse("settings:months"),
        back_name=_("Months"),
        icon="refresh",
        grave=True,
    )
    return ask(request, deed, ReasonForm(request.POST if request.method == "POST" else None), act)


@needs("receivables.view")
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """The month-end list as it was frozen, as much of it as the reader may see."""
    user: Any = request.user
    period = periods().defer(None).filter(pk=pk).first()
    if period is None:
        raise Unknown(what="month", number=str(pk))
    frozen = receivables.list_seen_by(user, period.ageing)
    rows = [_row(one, code, of) for one in frozen.get("customers", []) for code, of in one["currencies"].items()]
    if request.GET.get("format") == "xlsx":
        refuse_without(request, "reports.export")
        return _sheet(period, rows)
    context = {
        "active": ACTIVE,
        "period": period,
        "totals": [_totals(code, of) for code, of in frozen.get("currencies", {}).items()],
        "rows": rows[:_ROWS],
        "all": len(rows),
        "whole": rights.powers(user).scope == "ALL",
    }
    return render(request, "settings/month.html", context)


def _sheet(period: Period, rows: list[dict[str, Any]]) -> HttpResponse:
    """The whole list to take along; customers may have been aged in other bounds than today's."""
    buckets = [one["name"] for one in rows[0]["buckets"]] if rows else []
    heads = [_("Customer"), _("Name"), _("Currency"), *buckets, _("Outstanding"), _("Not applied")]
    cells = ([row["customer"], row["name"], row["currency"], *_amounts(row)] for row in rows)
    name = f"month-end-{period.entity.code}-{period.month:%Y-%m}"
    closed = names.of(period.closed_by, get_language() or "zh")
    return excel.file(heads, cells, name, [(_("Month"), f"{period.month:%Y-%m}"), (_("Closed by"), closed)])


def _amounts(row: dict[str, Any]) -> list[Decimal]:
    minors = [*(one["amount"] for one in row["buckets"]), row["amount"], row["unapplied"]]
    return [to_decimal(minor, row["currency"]) for minor in minors]


def _totals(currency: str, of: dict[str, Any]) -> dict[str, Any]:
    buckets = [
        {"name": words.bucket(one["label"]), "count": one["count"], "amount": _minor(one["amount"], currency)}
        for one in of["buckets"]
    ]
    owed = of["outstanding"]
    return {
        "currency": currency,
        "buckets": buckets,
        "count": owed["count"],
        "amount": _minor(owed["amount"], currency),
        "unapplied": _minor(of["unapplied"], currency),
    }


def _row(one: dict[str, Any], currency: str, of: dict[str, Any]) -> dict[str, Any]:
    return {"customer": one["customer"], "name": one["name"], **_totals(currency, of)}
