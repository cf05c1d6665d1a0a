"""The doors through which orders are entered: one with its answer, several with an answer each."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from xinheng.base import clock, sending
from xinheng.base.deeds import Deed
from xinheng.base.entering import Done, enter
from xinheng.base.errors import Refused, XinhengError
from xinheng.base.screens import needs
from xinheng.base.sending import SentAlready
from xinheng.desk.control import words
from xinheng.desk.control.entered import enter_and_check
from xinheng.desk.control.models import Decision
from xinheng.desk.control.order_forms import OrderForm, RowForm, SeveralForm
from xinheng.desk.exposure import public as exposure
from xinheng.rules.errors import RuleError

#: Lines of the grid when it opens, and at most.
_ROWS, _ROWS_MAX = 5, 50
Grid = formset_factory(RowForm, extra=_ROWS, max_num=_ROWS_MAX, absolute_max=_ROWS_MAX)


@needs("orders.enter")
def new(request: HttpRequest) -> HttpResponse:
    """One order; its answer is the page one comes to."""
    user: Any = request.user
    preset = exposure.preset(request, "entity")
    form = OrderForm(request.POST if request.method == "POST" else None, reader=user, initial=preset)

    def act(_cleaned: dict[str, Any]) -> Done:
        buyer = form.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        order, decision = enter_and_check(form.row(), customer_id=buyer.pk, on=clock.business_date(), by=user)
        return Done(_said(decision, request), reverse("control:order", args=[order.pk]))

    back, name = exposure.came_from(request, preset, "control:orders", pgettext_lazy("way", "Orders"))
    deed = Deed(
        title=_("New order"),
        consequence=_("It is checked as soon as it is entered. If it is held, its page says what would free it."),
        button=_("Enter and check"),
        back=back,
        back_name=name,
        icon="shopping-cart",
    )
    return enter(request, deed, form, act)


def _said(decision: Decision, request: HttpRequest) -> str:
    held = request.powers.rights  # type: ignore[attr-defined]
    said = words.answer(decision) if "decisions.view" in held else words.verdict(decision)
    return _("Entered. %(answer)s") % {"answer": said}


@dataclass(slots=True)
class Landed:
    """One line of the grid that was taken, with its answer."""

    said: str
    address: str
    verdict: str = ""


@needs("orders.enter")
def several(request: HttpRequest) -> HttpResponse:
    """Several orders at once, each decided by itself: those that are wrong stay in the grid, the others are taken."""
    user: Any = request.user
    posted = request.POST if request.method == "POST" else None
    head = SeveralForm(posted)
    grid = Grid(posted, prefix="row", form_kwargs={"reader": user})
    landed: list[Landed] = []
    status = 200
    if posted is not None:
        complete = grid.is_valid()
        if not head.is_valid() or not (complete or any(_filled(one) for one in grid.forms)):
            status = 422
        else:
            landed, left = _land(request, grid, head)
            if landed:
                messages.success(request, _told(landed))
            status = 422 if left or not landed else 200
            if not left and not landed:
                head.add_error(None, _("No line is filled in. Write a customer and an amount."))
            head, grid = _again(head, left, user) if landed else (head, grid)
    context = {"form": head, "grid": grid, "landed": landed, "active": "control:orders", "rows_max": _ROWS_MAX}
    return render(request, "control/several.html", context | {"bound": status != 200}, status=status)


def _filled(line: RowForm) -> bool:
    return line.has_changed() and line.is_valid()


def _land(request: HttpRequest, grid: Any, head: SeveralForm) -> tuple[list[Landed], list[RowForm]]:
    """Take every line that can be taken; those that cannot come back with what is wrong."""
    landed, left = [], []
    for place, line in enumerate(grid.forms):
        if not line.has_changed():
            continue
        if not line.is_valid():
            left.append(line)
            continue
        try:
            landed.append(_one(request, line, head, f"{head.cleaned_data['sent']}-{place}"))
        except Refused:
            raise
        except (XinhengError, RuleError) as error:
            line.refuse(error)
            left.append(line)
    return landed, left


def _one(request: HttpRequest, line: RowForm, head: SeveralForm, key: str) -> Landed:
    user: Any = request.user
    verdicts: list[str] = []

    def act() -> Done:
        buyer = line.buyer()
        assert buyer is not None  # noqa: S101 - the line is valid
        row = line.row(head.cleaned_data["dated_on"])
        order, decision = enter_and_check(row, customer_id=buyer.pk, on=clock.business_date(), by=user)
        verdicts.append(decision.verdict)
        return Done(_said(decision, request), reverse("control:order", args=[order.pk]))

    try:
        done = sending.land(key, act, by=user)
    except SentAlready as already:
        done = already.done
    return Landed(done.said, done.address, *verdicts)


def _told(landed: list[Landed]) -> str:
    held = sum(one.verdict == Decision.Verdict.HELD for one in landed)
    said = ngettext("%(number)s order is entered.", "%(number)s orders are entered.", len(landed))
    said = said % {"number": len(landed)}
    if held:
        more = ngettext("%(number)s of them is held.", "%(number)s of them are held.", held) % {"number": held}
        return f"{said} {more}"
    return said


def _again(head: SeveralForm, left: list[RowForm], user: Any) -> tuple[SeveralForm, Any]:
    """A fresh grid under a new key, with the lines that could not be taken and what is wrong with each."""
    data: dict[str, Any] = {"dated_on": head.data.get("dated_on", ""), "sent": sending.new_key()}
    fresh = Grid(prefix="row", form_kwargs={"reader": user})
    if left:
        data |= {"row-TOTAL_FORMS": len(left), "row-INITIAL_FORMS": 0}
        for place, line in enumerate(left):
            for name in line.fields:
                data[f"row-{place}-{name}"] = line.data.get(line.add_prefix(name), "")
        fresh = Grid(data, prefix="row", form_kwargs={"reader": user})
        for line, before in zip(fresh.forms, left, strict=True):
            line.full_clean()
            line._errors = before.errors
            line.there = before.there
    again = SeveralForm(data)
    again.full_clean()
    return again, fresh
