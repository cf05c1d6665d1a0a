"""The doors of breaches: who is in breach and why, and one breach with what people may make of it (OC-010, OC-011)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinheng.base import clock, formats, sql
from xinheng.base.screens import ListScreen, needs
from xinheng.desk.control import turning, waiting, words
from xinheng.desk.control.breach_tables import BreachFilter, BreachTable, hold_chip, holder_address, state_chip
from xinheng.desk.control.forms import BreachForm
from xinheng.desk.control.models import Breach, BreachSignature
from xinheng.desk.control.turning import Turned
from xinheng.desk.customers import public as customers

Verb = BreachSignature.Verb
_ACTS: dict[str, Callable[..., Turned]] = {
    Verb.REVOKE: turning.turn_to_cash,
    Verb.DECLINE: turning.decline,
    Verb.KEEP: turning.keep_credit,
}


class Breaches(ListScreen):
    """Customers and groups in breach, the latest first."""

    right = "lines.view"
    title = gettext_lazy("Breaches")
    table_class = BreachTable
    filter_class = BreachFilter
    export_name = "breaches"
    active = "control:breaches"
    empty = gettext_lazy(
        "Nobody is in breach. Debt over the limit or overdue beyond the policy appears here by itself."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Breach]:
        return waiting.breaches_seen_by(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Breach], count: int) -> str:
        standing = rows.filter(ended_on=None)
        number, proposed = standing.count(), standing.filter(proposal=Breach.Proposal.OPEN).count()
        if not number:
            return ""
        said = ngettext("%(number)s breach stands.", "%(number)s breaches stand.", number)
        said = said % {"number": formats.count(number)}
        if not proposed:
            return said
        more = ngettext(
            " The turn to cash is proposed for %(number)s of them.",
            " The turn to cash is proposed for %(number)s of them.",
            proposed,
        )
        return said + more % {"number": formats.count(proposed)}


@needs("lines.view")
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    """One breach: what it rests on, who signed what, and what the reader may sign."""
    found = waiting.breach_for(request.user, pk)  # type: ignore[arg-type]
    form = BreachForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _sign(request, found, form.cleaned_data["verb"], form.cleaned_data["reason"]))
        return redirect("control:breach", pk)
    status = 422 if form.is_bound else 200
    return render(request, "control/breach.html", _context(request, found) | {"form": form}, status=status)


def _context(request: HttpRequest, found: Breach) -> dict[str, Any]:
    on = clock.business_date()
    debt, limit = found.facts.get("debt"), found.facts.get("limit")
    seen = customers.visible_to(request.user)  # type: ignore[arg-type]
    return {
        "active": "control:breaches",
        "breach": found,
        "holder": found.holder,
        "holder_address": holder_address(found),
        "opens_customers": "customers.view" in request.powers.rights,  # type: ignore[attr-defined]
        "said": words.breach(found),
        "causes": words.breach_causes(found),
        "state": words.breach_state(found),
        "chips": [state_chip(found), *([hold_chip(found)] if found.ended_on is None else [])],
        "currency": found.facts["currency"],
        "overdue": words.breach_overdue(found),
        "oldest_due_on": sql.as_date(found.facts.get("oldest_due_on")),
        "debt": debt,
        "limit": limit,
        "above": None if debt is None or limit is None else debt - limit,
        "members": list(seen.filter(group=found.group_id)) if found.group_id else [],
        "signatures": list(found.signatures.select_related("signer").order_by("-id")),
        "verbs": [verb.value for verb in turning.offered(found, on=on, by=request.user)],  # type: ignore[arg-type]
        "missing": [
            (Verb(verb).label, words.role_names(one.roles)) for verb, one in turning.still_missing(found, on=on).items()
        ],
    }


def _sign(request: HttpRequest, found: Breach, verb: str, reason: str) -> str:
    """Carry one signature out and say what came of it."""
    done = _ACTS[verb](found, reason=reason, on=clock.business_date(), by=request.user)
    if done.missing.count:
        said = ngettext(
            "Signed. %(count)s more signature is needed: %(who)s.",
            "Signed. %(count)s more signatures are needed: %(who)s.",
            done.missing.count,
        )
        return said % {"count": done.missing.count, "who": words.role_names(done.missing.roles)}
    return _("Done: %(said)s.") % {"said": words.breach_state(done.breach)}
