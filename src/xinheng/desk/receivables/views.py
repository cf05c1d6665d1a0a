"""The doors of receivables: the ageing as a matrix that opens, and the open items behind every cell."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from xinheng.base import clock, excel, exports, formats, policies
from xinheng.base.models import User
from xinheng.base.remembering import remembered
from xinheng.base.screens import asked, misread, needs, page_of, start_sheet
from xinheng.base.tables import PER_PAGE
from xinheng.desk.exposure.public import Entry
from xinheng.desk.receivables import ageing as reads
from xinheng.desk.receivables import breakdown, item_order, items, sheets, words
from xinheng.desk.receivables.ageing import Ask
from xinheng.desk.receivables.forms import GOODS_WANTED, AgeingForm, ItemsForm
from xinheng.desk.receivables.matrix import Cell, Found, Layout, Line, added, glowing
from xinheng.rules.ageing import Bounds, By
from xinheng.rules.policy import Scope

#: How many customers the answer names as those who owe most.
_FEW = 5
#: There are fewer than a hundred buckets.
_PLACE_DIGITS = 2


def form_of[Form: AgeingForm](request: HttpRequest, kind: type[Form]) -> Form:
    """The question in the address."""
    today = clock.business_date()
    days = policies.in_force(today).policy.business.ageing_bounds_days
    stated = {name: value for name, value in request.GET.items() if value}
    form = kind(stated, today=today, bounds=Bounds(tuple(days)), reader=request.user)  # type: ignore[arg-type]
    form.is_valid()
    return form


def _reader(request: HttpRequest) -> User | None:
    """Whose view it is; None for somebody who sees everything, so that nothing need be left out."""
    return None if request.powers.scope == Scope.ALL else request.user  # type: ignore[attr-defined, return-value]


def _kept[Answer](ask: Ask, what: str, make: Callable[[], Answer]) -> Answer:
    """An answer over all items is kept a while when it was dear."""
    scope = ask.scope
    whose = scope.seen_by.pk if scope.seen_by else "all"
    asked = (scope.customer, scope.group, scope.branch, scope.salesperson, scope.entity, scope.currency, whose)
    stamp = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return remembered(
        f"ageing {what} {ask.on} {ask.moment} {ask.by} {ask.bounds} {ask.components} {ask.fifo} {asked}", stamp, make
    )


@needs("receivables.view")
def ageing(request: HttpRequest) -> HttpResponse:
    """Customers (or groups, branches, salespeople, entities) by age of what they owe."""
    form = form_of(request, AgeingForm)
    if request.htmx and form.errors:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(request.get_full_path())
    if wrong := misread(request.GET, form):
        return _misread(request, form, wrong, "receivables/ageing.html")
    ask, chosen = form.ask(_reader(request)), form.chosen
    before = form.before(ask)
    totals = _totals(ask)
    layout = Layout(ask, _currency(ask, totals), request.GET.dict())
    page, order = page_of(request), _order(request, ask)
    if request.GET.get("format") == "xlsx":
        start_sheet(request)
        lines = _compared(layout, chosen["rows"], _rows(ask, chosen["rows"], order, 0), before)
        about = asked(form)
        make = partial(sheets.ageing, layout, chosen["rows"], lines, before, about)
        return exports.answer(request, "ageing", make, count=len(lines), about=about)
    rows = _rows(ask, chosen["rows"], order, page)
    lines = glowing(_compared(layout, chosen["rows"], rows[:PER_PAGE], before))
    total = layout.row(totals, _totals(before) if before else None, {})
    context = {
        "active": "receivables:ageing",
        "form": form,
        "ask": ask,
        "before": before,
        "currency": layout.currency,
        "heads": layout.heads(),
        "width": layout.width,
        "order": str(order),
        "total": total,
        "lines": lines,
        "page": page,
        "more": len(rows) > PER_PAGE,
        "chart": layout.chart(totals),
        "others": {code: one for code, one in totals.items() if code != layout.currency},
    }
    part = "receivables/ageing.html"
    if request.htmx and request.htmx.target == "matrix":  # type: ignore[attr-defined]
        part, context["swapped"] = "receivables/_matrix.html", True
    return render(request, part, context | _answer(layout, totals) | _change(layout, total, before))


def _misread(request: HttpRequest, form: AgeingForm, wrong: list[str], template: str) -> HttpResponse:
    """The page with its filters and what is wrong with them; figures of another question are not shown."""
    if request.GET.get("format") == "xlsx":
        start_sheet(request, wrong)
    active = "receivables:ageing" if template == "receivables/ageing.html" else "receivables:items"
    return render(request, template, {"active": active, "form": form, "misread": wrong})


def _totals(ask: Ask) -> Found:
    return _kept(ask, "totals", lambda: reads.age(ask))


def _rows(ask: Ask, dimension: str, order: str | int, page: int) -> list[breakdown.AgeingRow]:
    """One page of rows and one more, so that it shows whether there is a next one; page 0 is all of them."""
    if not page:
        return breakdown.ageing_rows(ask, dimension, order=order, limit=excel.rows_max())
    bound = {"limit": PER_PAGE + 1, "offset": PER_PAGE * (page - 1)}
    what = f"rows by {dimension}, {order}, page {page}"
    return _kept(ask, what, lambda: breakdown.ageing_rows(ask, dimension, order=order, **bound))


def _compared(layout: Layout, dimension: str, rows: list[breakdown.AgeingRow], before: Ask | None) -> list[Line]:
    """The lines of a page, each with what it was on the other day."""
    then: dict[Any, Found] = {}
    nothing: Found = {}
    if before is not None and rows:
        nothing = reads.shaped({}, before.bounds, home=clock.company().currency)
        keys = [row.key for row in rows]
        then = {one.key: one.currencies for one in breakdown.ageing_rows(before, dimension, keys=keys)}
    return [layout.line(row, dimension, then.get(row.key, nothing) if before else None) for row in rows]


def _order(request: HttpRequest, ask: Ask) -> str | int:
    wanted = request.GET.get("sort", "")
    if wanted.isdecimal() and len(wanted) <= _PLACE_DIGITS and int(wanted) < len(ask.bounds.labels):
        return int(wanted)
    return wanted if wanted == breakdown.OUTSTANDING else breakdown.OVERDUE


def _currency(ask: Ask, totals: Found) -> str:
    """One currency for the whole matrix: the one asked for, else the company's."""
    return ask.scope.currency or next(iter(totals))


def _answer(layout: Layout, totals: Found) -> dict[str, Any]:
    """What stands in the sentence: outstanding, overdue, and how much of it a few customers owe."""
    ask, width, amounts = layout.ask, layout.width, layout.amounts(totals)
    overdue = added(amounts[1:width])
    if amounts[width] is None or overdue is None:
        return {"outstanding": None}
    found: dict[str, Any] = {"outstanding": amounts[width], "overdue": overdue}
    if ask.by is By.ISSUE:
        return found | {"old": added(amounts[2:width]), "old_from": words.bucket(ask.bounds.labels[1])}
    if overdue and not ask.scope.customer:
        top = _kept(ask, "top", lambda: breakdown.ageing_rows(ask, "customer", order=breakdown.OVERDUE, limit=_FEW))
        few = [added(layout.amounts(row.currencies)[1:width]) or 0 for row in top]
        found |= {"few": len([one for one in few if one]), "few_share": formats.percent(sum(few), overdue)}
    return found


def _change(layout: Layout, total: list[Cell], before: Ask | None) -> dict[str, Any]:
    """What the sentence says about the other day."""
    if before is None:
        return {}
    overdue = total[layout.width].change if layout.shows_overdue else None
    outstanding = total[layout.width + layout.shows_overdue].change
    return {"since": before.on, "open_change": outstanding, "overdue_change": overdue}


def _sheet_of_items(request: HttpRequest, ask: Ask, form: ItemsForm, order: str) -> HttpResponse:
    count, about = items.count_items(ask, form.slice(limit=None)).count, asked(form)
    make = partial(sheets.items, ask, form.slice(limit=excel.rows_max(), order=order), about)
    return exports.answer(request, "open-items", make, count=count, about=about)


@needs("receivables.view")
def open_items(request: HttpRequest) -> HttpResponse:
    """The open items behind a cell, the oldest first."""
    form = form_of(request, ItemsForm)
    if wrong := misread(request.GET, form):
        return _misread(request, form, wrong, "receivables/items.html")
    ask, order = form.ask(_reader(request)), item_order.known(request.GET.get("sort", ""))
    if request.GET.get("format") == "xlsx":
        start_sheet(request)
        return _sheet_of_items(request, ask, form, order)
    whole = form.slice(limit=None)
    counted = _kept(ask, f"items {whole}", lambda: items.count_items(ask, whole))
    pages = max(1, -(-counted.count // PER_PAGE))
    page = min(page_of(request), pages)  # beyond the last one is the last one
    part = form.slice(limit=PER_PAGE, offset=PER_PAGE * (page - 1), order=order)
    rows = _kept(ask, f"items {part}", lambda: items.open_items(ask, part))
    context = {
        "active": "receivables:items",
        "form": form,
        "ask": ask,
        "on": ask.on,
        "part": part,
        "usual_order": "due_on" if ask.by is By.DUE else "dated_on",
        "bucket_name": words.bucket(ask.bounds.labels[part.bucket], ask.by) if part.bucket is not None else "",
        "side_name": words.SIDES.get(part.side, ""),
        "rows": [{"item": row, "late": row.days_overdue(ask.on) if row.side == items.DEBIT else 0} for row in rows],
        "count": counted.count,
        "counted": counted,
        "goods": form.chosen["what"] == GOODS_WANTED,
        "back": f"?{urlencode(back)}" if (back := _kept_filters(request)) else "",
        "page": page,
        "pages": pages,
    }
    return render(request, "receivables/items.html", context)


def _kept_filters(request: HttpRequest) -> dict[str, str]:
    """What of the address means something to the ageing, for the way back."""
    return {name: value for name, value in request.GET.items() if value and name in AgeingForm.base_fields}
