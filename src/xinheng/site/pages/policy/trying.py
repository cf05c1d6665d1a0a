"""Trying a policy before it is signed: the chosen months again, under it and under the signed one, side by side.

A worker does it; the page follows it, can stop it and begin it again, and shows at its end who would have been held or
freed, the money at stake, and which of them later paid late.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from xinheng.base import charts, clock, formats, policy_drafts
from xinheng.base.errors import Unknown
from xinheng.base.jobs import actions as jobs
from xinheng.base.messages import text
from xinheng.base.models import Job
from xinheng.base.screens import needs
from xinheng.desk.control import public as control
from xinheng.desk.control.words import short_reasons
from xinheng.desk.customers import public as customers
from xinheng.rules import policy as rulebook
from xinheng.site.pages.policy.differences import differences
from xinheng.site.pages.policy.reading import ACTIVE, count_said, grouped

State = Job.State
#: So many months can be chosen from, and so many are chosen at first.
_MONTHS, _USUAL = 36, 3
_LISTED = 10


class TrialForm(forms.Form):
    """What is tried, and over which months."""

    what = forms.ChoiceField(label=pgettext_lazy("policy", "Policy to try"))
    since = forms.ChoiceField(label=pgettext_lazy("policy", "First month"))
    until = forms.ChoiceField(label=pgettext_lazy("policy", "Last month"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        months = [(one, one) for one in _months()]
        usual = months[min(_USUAL, len(months)) - 1][0]
        super().__init__(*args, initial={"since": usual, "until": months[0][0], **kwargs.pop("initial", {})}, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["since"].choices = self.fields["until"].choices = months  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("since", "") > found.get("until", "9"):
            self.add_error("until", _("The last month lies before the first one."))
        return found


def _months() -> list[str]:
    """Months that can be tried, the latest first."""
    day = clock.business_date().replace(day=1)
    found = []
    for _each in range(_MONTHS):
        found.append(day.isoformat()[:7])
        day = (day - timedelta(days=1)).replace(day=1)
    return found


def _last_of(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@needs("policy.backtest")
def ask(request: HttpRequest) -> HttpResponse:
    """Choose what to try and over which months; the trials of before are listed."""
    user: Any = request.user
    draft = policy_drafts.of(user)
    known = [(str(one.version), _("Version %(version)s") % {"version": one.version}) for one in _tried_versions()]
    choices = ([("draft", _("Your draft"))] if draft else []) + known
    first = request.GET.get("version") or choices[0][0]
    form = TrialForm(request.POST if request.method == "POST" else None, choices=choices, initial={"what": first})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        what = form.cleaned_data["what"]
        document = policy_drafts.document(draft) if what == "draft" and draft else policy_drafts.plain(int(what))
        if not rulebook.problems(document):
            since = date.fromisoformat(f"{form.cleaned_data['since']}-01")
            until = min(_last_of(form.cleaned_data["until"]), clock.business_date())
            name = "draft" if what == "draft" else what
            job = control.ask_for_trial(document, since=since, until=until, by=user, name=name)
            return redirect("policy:trial", job.pk)
        problems = [_("The draft has mistakes; correct them before it is tried.")]
    trials = jobs.visible_to(user).filter(kind=control.TRIAL)[:_LISTED]
    context = {"active": ACTIVE, "form": form, "problems": problems, "trials": [(one, name_of(one)) for one in trials]}
    return render(request, "policy/try.html", context, status=422 if form.errors or problems else 200)


def _tried_versions() -> list[Any]:
    from xinheng.site.pages.policy.reading import versions

    return list(versions().exclude(status="WITHDRAWN"))


def name_of(job: Job) -> str:
    """What was tried, and over which months."""
    asked = job.arguments
    name = asked.get("name", "")
    what = _("Version %(version)s") % {"version": name} if name.isdecimal() else _("A draft")
    months = {"what": what, "since": asked["since"], "until": asked["until"]}
    return _("%(what)s, %(since)s to %(until)s") % months


@needs("policy.backtest")
def trial(request: HttpRequest, number: int) -> HttpResponse:
    """One trial: how far it is, or what it found."""
    user: Any = request.user
    job = _trial(number, user)
    if request.htmx and job.state not in (State.WAITING, State.RUNNING):  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    signed = policy_drafts.plain(job.arguments["policy"])
    changed = differences(signed, policy_drafts.stepped(signed, job.arguments["changes"]))
    context = {
        "active": ACTIVE,
        "job": job,
        "name": name_of(job),
        "share": round(100 * job.done / job.of) if job.of else 0,
        "error": text(job.error, job.error_params) if job.error else "",
        "differences": grouped(changed),
        "count_said": count_said(len(changed)),
        "signed": job.arguments["policy"],
        "mine": job.by_id == user.pk,
    }
    if job.state == State.DONE and job.result:
        context |= _found(request, job.result)
    return render(request, "policy/_progress.html" if request.htmx else "policy/trial.html", context)  # type: ignore[attr-defined]


def _trial(number: int, user: Any) -> Job:
    job = jobs.job_by_number(number, by=user)
    if job.kind != control.TRIAL:
        raise Unknown(what="job", number=number)
    return job


def _found(request: HttpRequest, result: Mapping[str, Any]) -> dict[str, Any]:
    """What a trial found, as sentence, picture and tables."""
    orders, goods = result["orders"], result["goods"]
    return {
        "sentence": " ".join([_sentence(orders, goods=False), _sentence(goods, goods=True)]),
        "charts": [
            _chart(key, title, side)
            for key, title, side in (
                ("orders", _("Orders held"), orders),
                ("goods", _("Orders whose goods were stopped"), goods),
            )
            if side["asked"]
        ],
        "tables": [
            (title, side, _rows(request, side["rows"]), len(side["rows"]) < side["count"])
            for title, side in (
                (_("Orders that only this policy holds"), orders["held"]),
                (_("Orders that this policy frees"), orders["freed"]),
                (_("Goods that only this policy stops"), goods["held"]),
                (_("Goods that this policy lets go"), goods["freed"]),
            )
        ],
    }


def _sentence(side: Mapping[str, Any], *, goods: bool) -> str:
    """What changes sides, with the money at stake and who turned out late; what does not change is left out."""
    held, freed = side["held"], side["freed"]
    said = []
    if held["count"]:
        more = (
            ngettext(
                "It stops the goods of %(count)s more order",
                "It stops the goods of %(count)s more orders",
                held["count"],
            )
            if goods
            else ngettext("It holds %(count)s more order", "It holds %(count)s more orders", held["count"])
        )
        said.append(_at_stake(more, held))
    if freed["count"]:
        less = (
            ngettext(
                "It lets the goods of %(count)s order go", "It lets the goods of %(count)s orders go", freed["count"]
            )
            if goods
            else ngettext("It frees %(count)s order", "It frees %(count)s orders", freed["count"])
        )
        said.append(_at_stake(less, freed))
    return " ".join(said) or (_("With the goods nothing changes sides.") if goods else _("No order changes sides."))


def _at_stake(said: str, side: Mapping[str, Any]) -> str:
    about = {"said": said % {"count": side["count"]}, "money": _money(side["money"]), "late": side["late"]}
    if not side["late"]:
        return _("%(said)s, %(money)s at stake; none of their customers later paid late.") % about
    more = ngettext(
        "%(said)s, %(money)s at stake; the customer of %(late)s of them later paid late.",
        "%(said)s, %(money)s at stake; the customers of %(late)s of them later paid late.",
        side["late"],
    )
    return more % about


def _money(amounts: Mapping[str, int]) -> str:
    return " + ".join(formats.short(amount, currency) for currency, amount in amounts.items()) or "0"


def _chart(key: str, title: str, side: Mapping[str, Any]) -> charts.Chart:
    """How many each policy holds, and of what changes sides how many turned out late."""
    bars = [
        (_("as it was"), side["happened"], False),
        (_("signed policy"), side["signed"], False),
        (_("this policy"), side["tried"], False),
        (_("held anew"), side["held"]["count"], False),
        (_("held anew, later late"), side["held"]["late"], True),
        (_("freed"), side["freed"]["count"], False),
        (_("freed, later late"), side["freed"]["late"], True),
    ]
    drawn = [
        {"name": name, "title": name, "value": count, "text": formats.count(count), "late": late}
        for name, count, late in bars
    ]
    rows = [charts.Row(name, [formats.count(count)], [str(count)]) for name, count, _late in bars]
    heads = [pgettext("trial", "Which"), pgettext("trial", "Orders")]
    unit = ngettext("of %(count)s order", "of %(count)s orders", side["asked"]) % {"count": side["asked"]}
    return charts.Chart(f"trial-{key}", "bars", title, unit, {"bars": drawn}, heads, rows)


def _rows(request: HttpRequest, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows the reader may see, each with the page of its order."""
    user: Any = request.user
    codes = {one["customer"] for one in rows}
    seen = {one.code: one for one in customers.visible_to(user).filter(code__in=codes)}
    opens = "orders.view" in request.powers.rights  # type: ignore[attr-defined]
    return [
        {
            **one,
            "who": seen[one["customer"]],
            "day": date.fromisoformat(one["on"]),
            "why": short_reasons(one["reasons"]),
            "address": reverse("document", args=[one["document"]]) if opens else "",
        }
        for one in rows
        if one["customer"] in seen
    ]


@needs("policy.backtest")
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a trial at its next safe point."""
    user: Any = request.user
    jobs.stop(_trial(number, user).pk, by=user)
    return redirect("policy:trial", number)


@needs("policy.backtest")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a trial again that was stopped or has failed."""
    user: Any = request.user
    jobs.again(_trial(number, user).pk, by=user)
    return redirect("policy:trial", number)
