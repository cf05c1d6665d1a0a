"""Deciding about a policy: propose the draft, sign a proposal, withdraw it, go back to an earlier version."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from xinheng.base import clock, deeds, formats, policies, policy_drafts
from xinheng.base.deeds import Deed, ReasonField, ReasonForm
from xinheng.base.inputs import DayField
from xinheng.base.models import PolicyVersion
from xinheng.base.screens import needs, refuse_without
from xinheng.site.pages.policy import reading, writing
from xinheng.site.pages.policy.differences import differences


class ProposalForm(forms.Form):
    """From when the new version shall hold, what it changes and why."""

    effective_from = DayField(label=pgettext_lazy("policy", "Holds from"))
    note = ReasonField(
        label=pgettext_lazy("policy", "What changes and why"),
        error_messages={"required": gettext_lazy("Say what changes and why: whoever signs reads it first.")},
    )

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day < clock.business_date():
            raise forms.ValidationError(
                _("A policy does not hold for days that are over. Choose today or a later day.")
            )
        return day


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@needs("policy.propose")
def propose(request: HttpRequest) -> HttpResponse:
    """Put the draft forward; whoever has missed something that came meanwhile sees both first."""
    user: Any = request.user
    found = policy_drafts.of(user)
    if found is None:
        return redirect("policy:draft")
    form = ProposalForm(_sent(request), initial={"effective_from": clock.business_date()})
    seen = request.POST.get("seen", "")

    def act(cleaned: dict[str, Any]) -> str:
        made = policy_drafts.propose(
            by=user,
            effective_from=cleaned["effective_from"],
            note=cleaned["note"],
            seen=int(seen[:9]) if seen.isdecimal() else 0,
        )
        about = {"version": made.version, "who": formats.listed(reading.rights_holders())}
        return _("Version %(version)s is proposed. It waits for a signature by: %(who)s.") % about

    context = writing.context_of(found)
    deed = Deed(
        title=_("Propose the draft"),
        consequence=_("%(changes)s Your draft becomes a proposal that nobody can change; somebody else signs it.")
        % {"changes": context["count_said"]},
        button=pgettext("verb", "Propose"),
        back=reverse("policy:in-force"),
        back_name=_("Policy"),
    )
    return deeds.ask(request, deed, form, act, template="policy/propose.html", more=context)


@needs("policy.sign")
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Sign a proposal: it comes into force from its day."""
    user: Any = request.user
    row = reading.version_of(number)
    if request.method != "POST" and row.status != PolicyVersion.Status.PROPOSED:
        return redirect("policy:version", number)
    latest = policies.here().latest.version
    changed = differences(policy_drafts.plain(latest), policy_drafts.plain(number))
    about = {"version": number, "day": formats.day(row.effective_from)}

    def act(_cleaned: dict[str, Any]) -> str:
        policies.sign(number, by=user)
        return _("Version %(version)s is signed; it holds from %(day)s.") % about

    deed = Deed(
        title=_("Sign version %(version)s") % about,
        consequence=_("From %(day)s every check follows it, and it says your name. %(changes)s")
        % {**about, "changes": reading.count_said(len(changed))},
        button=pgettext("verb", "Sign"),
        back=reverse("policy:version", args=[number]),
        back_name=_("Version %(version)s") % about,
        facts=((pgettext("policy", "What changes and why"), row.note or formats.MISSING),),
    )
    more = {
        "active": reading.ACTIVE,
        "differences": reading.grouped(changed),
        "moved": row.based_on != latest,
        "latest": latest,
    }
    return deeds.ask(request, deed, forms.Form(_sent(request)), act, template="policy/sign.html", more=more)


@needs("policy.view")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a proposal back, or turn it down."""
    user: Any = request.user
    row = reading.version_of(number)
    if request.method != "POST" and row.status != PolicyVersion.Status.PROPOSED:
        return redirect("policy:version", number)
    mine = row.proposed_by_id == user.pk
    if not mine:
        refuse_without(request, "policy.sign")
    about = {"version": number}

    def act(cleaned: dict[str, Any]) -> str:
        policies.withdraw(number, by=user, reason=cleaned["reason"])
        return _("Version %(version)s is withdrawn.") % about

    deed = Deed(
        title=(_("Withdraw version %(version)s") if mine else _("Turn down version %(version)s")) % about,
        consequence=_("It will never come into force; it stays in the history with your reason."),
        button=pgettext("verb", "Withdraw") if mine else pgettext("verb", "Turn down"),
        back=reverse("policy:version", args=[number]),
        back_name=_("Version %(version)s") % about,
        icon="x",
        grave=True,
    )
    return deeds.ask(request, deed, ReasonForm(_sent(request)), act, more={"active": reading.ACTIVE})


@needs("policy.propose")
def go_back(request: HttpRequest, number: int) -> HttpResponse:
    """A draft equal to an earlier version: it holds again once it is proposed and signed."""
    user: Any = request.user
    row = reading.version_of(number)
    about = {"version": number}

    def act(_cleaned: dict[str, Any]) -> str:
        policy_drafts.begin(by=user, like=row.version)
        return _("Your draft is equal to version %(version)s now.") % about

    said = _("A draft equal to it is made; it comes into force when it has been proposed and signed.")
    if policy_drafts.of(user) is not None:
        said += " " + _("The draft you have now is thrown away.")
    deed = Deed(
        title=_("Return to version %(version)s") % about,
        consequence=said,
        button=pgettext("verb", "Make the draft"),
        back=reverse("policy:draft"),
        back_name=_("Your draft"),
        icon="history",
    )
    return deeds.ask(request, deed, forms.Form(_sent(request)), act, more={"active": reading.ACTIVE})


@needs("policy.propose")
def give_up(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    user: Any = request.user
    found = policy_drafts.of(user)
    if found is None:
        return redirect("policy:draft")
    context = writing.context_of(found)

    def act(_cleaned: dict[str, Any]) -> str:
        policy_drafts.give_up(by=user)
        return _("Your draft is thrown away.")

    deed = Deed(
        title=_("Throw the draft away"),
        consequence=_("%(changes)s All of it is gone then; the signed policy stays as it is.")
        % {"changes": context["count_said"]},
        button=pgettext("verb", "Throw it away"),
        back=reverse("policy:draft"),
        back_name=_("Your draft"),
        icon="trash",
        grave=True,
    )
    return deeds.ask(request, deed, forms.Form(_sent(request)), act, more={"active": reading.ACTIVE})
