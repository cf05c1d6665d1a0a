"""The doors of control: the queue of held orders, one order with its decision, all orders, goods without a release."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from xinheng.base import clock, formats
from xinheng.base.errors import Unknown, XinhengError
from xinheng.base.messages import sentence
from xinheng.base.models import User
from xinheng.base.screens import ListScreen, needs, refuse_without
from xinheng.desk.control import explaining, public, waiting, words
from xinheng.desk.control.filters import HeldFilter, OrderFilter
from xinheng.desk.control.forms import ManyForm, VerdictForm
from xinheng.desk.control.tables import HeldTable, OrderTable, UnlinkedTable, UnreleasedTable
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Kind

#: Longer than the number of any order; such a one is nobody's and left out.
_ID_DIGITS = 18
#: What each verb takes.
_RIGHTS = {
    VerdictForm.RELEASE: "orders.release",
    VerdictForm.REJECT: "orders.reject",
    VerdictForm.ASK: "orders.enter",
}


class HeldOrders(ListScreen):
    """Orders that wait for somebody, longest waiting first."""

    right = "orders.view"
    title = gettext_lazy("Held orders")
    table_class = HeldTable
    filter_class = HeldFilter
    template_name = "control/held.html"
    export_name = "held-orders"
    active = "control:held"
    empty = gettext_lazy("No order waits. When a check holds one, it appears here with what frees it.")

    def rows(self, request: HttpRequest) -> QuerySet[Order]:
        return waiting.waiting_for(request.user)  # type: ignore[arg-type]

    def table(self, rows: QuerySet[Order], request: HttpRequest) -> HeldTable:
        held = request.powers.rights  # type: ignore[attr-defined]
        hidden = [] if set(_RIGHTS.values()) & held else ["choose"]
        if "decisions.view" not in held:  # why a customer's order waits is not for everybody who moves goods
            hidden += ["reasons", "frees", "signers", "decide"]
        return HeldTable(rows, request=request, exclude=hidden)

    def answer(self, request: HttpRequest, rows: QuerySet[Order], count: int) -> str:
        if not count:
            return ""
        first = rows.order_by("document__dated_on").first()
        assert first is not None  # noqa: S101 - there are some
        money = " + ".join(formats.short(amount, one) for one, amount in waiting.money_waiting(rows).items())
        said = ngettext(
            "%(number)s order worth %(money)s waits, since %(day)s.",
            "%(number)s orders worth %(money)s wait; the oldest since %(day)s.",
            count,
        )
        return said % {"number": formats.count(count), "money": money, "day": formats.day(first.document.dated_on)}

    def context(self, request: HttpRequest) -> dict[str, Any]:
        held = request.powers.rights  # type: ignore[attr-defined]
        return {f"may_{verb}": right in held for verb, right in _RIGHTS.items()}


class Orders(ListScreen):
    """All orders the reader may see."""

    right = "orders.view"
    title = pgettext_lazy("way", "Orders")
    table_class = OrderTable
    filter_class = OrderFilter
    export_name = "orders"
    active = "control:orders"
    empty = gettext_lazy("No order is entered yet. They come in through a file (xinheng import orders) or the ERP.")

    def rows(self, request: HttpRequest) -> QuerySet[Order]:
        return waiting.orders_seen_by(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Order], count: int) -> str:
        if not count:
            return ""
        held = rows.order_by().filter(waiting.WAITS).count()
        said = ngettext("%(number)s order", "%(number)s orders", count) % {"number": formats.count(count)}
        if not held:
            return _("%(orders)s; none of them waits for somebody.") % {"orders": said}
        waits = ngettext(
            "%(orders)s; %(held)s of them waits for somebody.", "%(orders)s; %(held)s of them wait for somebody.", held
        )
        return waits % {"orders": said, "held": formats.count(held)}


class Unreleased(ListScreen):
    """Goods that left without a release."""

    right = "deliveries.view"
    title = gettext_lazy("Shipped unreleased")
    table_class = UnreleasedTable
    export_name = "shipped-unreleased"
    active = "control:unreleased"
    empty = gettext_lazy("Nothing left without a release.")

    def rows(self, request: HttpRequest) -> QuerySet[sales.Unreleased]:
        return waiting.unreleased_for(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        number = rows.filter(settled_at=None).count()
        return ngettext(
            "%(number)s delivery left without a shipping order.",
            "%(number)s deliveries left without a shipping order.",
            number,
        ) % {"number": number}


class Unlinked(ListScreen):
    """Deliveries and invoices that name no order although one is open."""

    right = "deliveries.view"
    title = gettext_lazy("Unlinked documents")
    table_class = UnlinkedTable
    export_name = "unlinked"
    active = "control:unlinked"
    empty = gettext_lazy("Every delivery and invoice names its order, or its customer has none open.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = waiting.unlinked_for(request.user)  # type: ignore[arg-type]
        # Whoever only moves goods sees the goods, not what is invoiced.
        return rows if "receivables.view" in request.powers.rights else rows.filter(kind=Kind.DELIVERY)  # type: ignore[attr-defined]

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        return ngettext(
            "%(number)s document names no order although its customer has one open.",
            "%(number)s documents name no order although their customers have one open.",
            count,
        ) % {"number": formats.count(count)}


def _standing(request: HttpRequest, order: Order) -> dict[str, Any]:
    """What the page and the drawer of one order share."""
    case = waiting.case_of(order)
    held = request.powers.rights  # type: ignore[attr-defined]
    decides = order.state == Order.State.HELD or (order.state in sales.OCCUPYING and order.stopped_goods is not None)
    shown = {"order": order, "document": order.document, "case": case, "decision": case.decision}
    if case.decision and "decisions.view" in held:
        shown["measure"] = case.decision.outcome["measures"][0]
        shown["verdict"] = words.answer(case.decision)
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
    return render(request, "control/_drawer.html", _standing(request, order) | {"form": VerdictForm()})


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
    context |= _goods_now(found, request.user, held=request.powers.rights)  # type: ignore[arg-type,attr-defined]
    context |= {
        "amount": sales.amount_now(found),
        "remaining": sales.remaining(found),
        "decisions": decisions,
        "signatures": waiting.signatures_of(found),
        "family": waiting.family_of(found),
        "shipping": list(found.shipping_orders.order_by("-id")),
    }
    return render(request, "control/order.html", context)


def _goods_now(order: Order, reader: User, *, held: Collection[str]) -> dict[str, Any]:
    """What a delivery of an order that passed would be answered now, where that is no."""
    now = None
    if order.state in sales.OCCUPYING:
        now = public.look(order, point=CheckPoint.DELIVERY, on=clock.business_date(), by=reader)
    if now is None or now.verdict != public.Decision.Verdict.HELD:
        return {}
    said = words.answer(now) if "decisions.view" in held else words.verdict(now)
    return {"goods_stopped": said, "may_stop": order.stopped_goods is None and "orders.check" in held}


def _explained(order: Order, decision: public.Decision, reader: User) -> dict[str, Any]:
    """A decision laid open, beside what a check would say now while the order can still be checked."""
    outcome = decision.outcome
    rules = explaining.rule_lines(decision)
    items = decision.facts["customer"]["items"]
    known = waiting.documents_by_number(order.document, [one["number"] for one in items], Kind.INVOICE)
    now = public.look(order, point=CheckPoint(decision.point), on=clock.business_date(), by=reader)
    return {
        "decision": decision,
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
    said = _decide(request, found, form.cleaned_data["verb"], form.cleaned_data["reason"])
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect("control:order", pk)
    context = _standing(request, waiting.order_for(request.user, pk)) | {"said": said}  # type: ignore[arg-type]
    response = render(request, "control/_drawer.html", context)
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
    seen = waiting.waiting_for(request.user)  # type: ignore[arg-type]
    asked = [int(id) for id in request.POST.getlist("chosen") if id.isdecimal() and len(id) <= _ID_DIGITS]
    found = {one.pk: one for one in seen.filter(pk__in=asked)}
    form = ManyForm(request.POST, chosen=list(found))
    if not form.is_valid():
        said = [error for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(said))
        return redirect("control:held")
    refuse_without(request, _RIGHTS[form.cleaned_data["verb"]])
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
