"""The doors of one order: its decision laid open, the drawer beside the queue, and the verdicts of those who may."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinheng.base import clock
from xinheng.base.errors import Refused, Unknown, XinhengError
from xinheng.base.messages import sentence
from xinheng.base.models import User
from xinheng.base.screens import needs, refuse_without
from xinheng.desk.cash import public as cash
from xinheng.desk.control import explaining, order_deeds, public, waiting, words
from xinheng.desk.control.forms import RIGHTS, ManyForm, VerdictForm
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Kind

#: Longer than the number of any order; such a one is nobody's and left out.
_ID_DIGITS = 18


def _standing(request: HttpRequest, order: Order) -> dict[str, Any]:
    """What the page and the drawer of one order share."""
    case = waiting.case_of(order)
    held = request.powers.rights  # type: ignore[attr-defined]
    decides = order.state == Order.State.HELD or (order.state in sales.OCCUPYING and order.stopped_goods is not None)
    over = order.state in {Order.State.REJECTED, Order.State.CANCELLED}
    shown = {"order": order, "document": order.document, "case": case, "decision": case.decision, "over": over}
    if case.decision and "decisions.view" in held:
        shown["measure"] = case.decision.outcome["measures"][0]
        shown["verdict"] = words.answer(case.decision)
    if over:
        shown["signatures"] = waiting.signatures_of(order)
    return shown | {
        "may_release": decides and "orders.release" in held and case.may_sign(request.user),  # type: ignore[arg-type]
        "may_reject": order.state in {Order.State.HELD, Order.State.ENTERED} and "orders.reject" in held,
        "may_ask": decides and "orders.enter" in held and case.may_be_asked_by(request.user),  # type: ignore[arg-type]
        "may_check": order.state in {Order.State.HELD, Order.State.ENTERED} and "orders.check" in held,
        "decides": decides,
        "releases_others": "orders.release" in held,
        "opens_customers": "customers.view" in held,
    }


@needs("orders.view")
def peek(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision in the drawer, without leaving the list."""
    order = waiting.order_for(request.user, pk)  # type: ignore[arg-type]
    context = _standing(request, order) | _goods_now(request, order)
    if "measure" in context:
        now = _now(order, context["decision"], request.user)  # type: ignore[arg-type]
        context["frees"] = _frees(order, context["decision"], now)
    return render(request, "control/_drawer.html", context)


@needs("orders.view")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: what was decided and why, rule by rule, and what frees it."""
    found = waiting.order_for(request.user, pk)  # type: ignore[arg-type]
    context = _standing(request, found) | {"form": VerdictForm(), "active": "control:orders"}
    decisions = waiting.decisions_of(found)
    chosen, wanted = context["decision"], request.GET.get("decision", "")
    if wanted:
        chosen = next((one for one in decisions if str(one.pk) == wanted), None)
        if chosen is None:
            raise Unknown(what="decision", number=wanted)
    if "measure" in context:
        context |= _explained(found, chosen, request.user)  # type: ignore[arg-type]
    context |= _goods_now(request, found)
    context |= {
        "amount": sales.amount_now(found),
        "remaining": sales.remaining(found),
        "decisions": decisions,
        "signatures": waiting.signatures_of(found),
        "family": waiting.family_of(found),
        "rests_on": cash.resting(order=found.pk),
        "offered": order_deeds.offered(found, request.powers.rights),  # type: ignore[attr-defined]
        "shipping": list(found.shipping_orders.order_by("-id")),
    }
    return render(request, "control/order.html", context)


def _goods_now(request: HttpRequest, order: Order) -> dict[str, Any]:
    """What a delivery of an order that passed would be answered now, where that is no."""
    reader, held, now = request.user, request.powers.rights, None  # type: ignore[attr-defined]
    if order.state in sales.OCCUPYING:
        now = public.look(order, point=CheckPoint.DELIVERY, on=clock.business_date(), by=reader)
    if now is None or now.verdict != public.Decision.Verdict.HELD:
        return {}
    said = words.answer(now) if "decisions.view" in held else words.verdict(now)
    return {"goods_stopped": said, "may_stop": order.stopped_goods is None and "orders.check" in held}


def _now(order: Order, decision: public.Decision, reader: User) -> public.Decision | None:
    """What a check would say now, while the order can still be checked."""
    return public.look(order, point=CheckPoint(decision.point), on=clock.business_date(), by=reader)


def _frees(order: Order, decision: public.Decision, now: public.Decision | None) -> list[Any]:
    """What frees an order that waits, as things stand now; of what was decided otherwise, what would have freed it."""
    waits = order.state == Order.State.HELD and now is not None and now.verdict == public.Decision.Verdict.HELD
    found: list[Any] = (now if waits and now is not None else decision).outcome["frees"]
    return found


def _explained(order: Order, decision: public.Decision, reader: User) -> dict[str, Any]:
    """A decision laid open, beside what a check would say now while the order can still be checked."""
    outcome = decision.outcome
    rules = explaining.rule_lines(decision)
    items = decision.facts["customer"]["items"]
    known = waiting.documents_by_number(order.document, [one["number"] for one in items], Kind.INVOICE)
    now = _now(order, decision, reader)
    return {
        "decision": decision,
        "frees": _frees(order, decision, now),
        "verdict": words.answer(decision),
        "measure": outcome["measures"][0],
        "waterfalls": [chart for one in outcome["measures"] if (chart := explaining.waterfall(one))],
        "rules": rules,
        "passed_count": sum(line.outcome == "passed" for line in rules),
        "facts": explaining.facts_table(decision, now),
        "now": now,
        "oldest": [{**one, "document": known.get(one["number"])} for one in items],
    }


@require_POST
@needs("orders.view")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one order through or turn it down."""
    found = waiting.order_for(request.user, pk)  # type: ignore[arg-type]
    form = VerdictForm(request.POST)
    if not form.is_valid():
        context = _standing(request, found) | {"form": form}
        return render(request, "control/_drawer.html" if request.htmx else "control/refused.html", context, status=422)  # type: ignore[attr-defined]
    context: dict[str, Any] = {}
    try:
        context["said"] = _decide(request, found, form.cleaned_data["verb"], form.cleaned_data["reason"])
    except Refused:
        raise
    except XinhengError as error:  # somebody else was quicker, say: the drawer shows how the order stands now
        if not request.htmx:  # type: ignore[attr-defined]
            raise
        context |= {"refused": sentence(error), "form": form}
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, context["said"])
        return redirect("control:order", pk)
    found = waiting.order_for(request.user, pk)  # type: ignore[arg-type]
    context |= _standing(request, found) | _goods_now(request, found)
    response = render(request, "control/_drawer.html", context, status=422 if "refused" in context else 200)
    response["HX-Trigger"] = "rows-changed"
    return response


def _decide(request: HttpRequest, found: Order, verb: str, reason: str) -> str:
    """Carry one verdict out and say what came of it."""
    by, number = request.user, found.document.number
    if verb == VerdictForm.REJECT:
        public.reject(found, reason=reason, by=by)  # type: ignore[arg-type]
        return _("Order %(number)s is rejected.") % {"number": number}
    if verb == VerdictForm.ASK:
        public.ask_release(found, reason=reason, on=clock.business_date(), by=by)  # type: ignore[arg-type]
        return _("Those who may sign order %(number)s were told.") % {"number": number}
    released = public.sign_release(found, reason=reason, on=clock.business_date(), by=by)  # type: ignore[arg-type]
    if released.missing.count:
        missing = released.missing.count
        said = ngettext(
            "Signed. %(count)s more signature is needed for order %(number)s.",
            "Signed. %(count)s more signatures are needed for order %(number)s.",
            missing,
        )
        return said % {"count": missing, "number": number}
    return _("Order %(number)s is released.") % {"number": number}


@require_POST
@needs("orders.view")
def many(request: HttpRequest) -> HttpResponse:
    """Sign several orders through or turn them down; each for itself, so one refusal stops no other."""
    seen = waiting.orders_seen_by(request.user)  # type: ignore[arg-type]
    asked = [int(id) for id in request.POST.getlist("chosen") if id.isdecimal() and len(id) <= _ID_DIGITS]
    found = {one.pk: one for one in seen.filter(pk__in=asked)}  # also those that wait no more: that is told of each
    form = ManyForm(request.POST, chosen=list(found))
    if not form.is_valid():
        said = [error for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(said))
        return redirect("control:held")
    refuse_without(request, RIGHTS[form.cleaned_data["verb"]])
    for pk in form.cleaned_data["chosen"]:
        try:
            messages.success(
                request, _decide(request, found[pk], form.cleaned_data["verb"], form.cleaned_data["reason"])
            )
        except XinhengError as error:
            messages.error(request, format_html("{}: {}", found[pk].document.number, sentence(error)))
    return redirect("control:held")


@require_POST
@needs("orders.check")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an order through its credit check again, now; one that passed through the check of its goods."""
    found = waiting.order_for(request.user, pk)  # type: ignore[arg-type]
    point = CheckPoint.DELIVERY if found.state in sales.OCCUPYING else CheckPoint.ORDER
    decision = public.check_order(found, on=clock.business_date(), by=request.user, point=point)  # type: ignore[arg-type]
    messages.success(request, words.verdict(decision))
    return redirect("control:order", pk)


@needs("orders.view")
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """The order with this number, for links from other systems."""
    found = sales.order_by_number(number, entity=request.GET.get("entity", ""))
    return redirect("control:order", waiting.order_for(request.user, found.pk).pk)  # type: ignore[arg-type]
