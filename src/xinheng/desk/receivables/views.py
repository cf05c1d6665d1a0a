"""The doors of receivables: the ageing as a matrix that opens, and the open items behind every cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django_htmx.http import HttpResponseClientRedirect

from xinheng.base import clock, excel, formats, names, policies
from xinheng.base.models import User
from xinheng.base.remembering import remembered
from xinheng.base.screens import needs, page_of, refuse_without
from xinheng.base.tables import PER_PAGE
from xinheng.desk.exposure.public import Entry
from xinheng.desk.receivables import ageing as reads
from xinheng.desk.receivables import breakdown, fifo, items, words
from xinheng.desk.receivables.ageing import Ask
from xinheng.desk.receivables.forms import FIFO, GOODS_WANTED, AgeingForm
from xinheng.rules.ageing import Bounds, By, CurrencyAgeing
from xinheng.rules.money import to_decimal
from xinheng.rules.policy import Scope

#: How many customers the answer names as those who owe most.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount of the matrix: minor units, how strongly it glows (0 to 5), what it opens."""

    amount: int | None
    heat: int
    address: str
    bucket: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the matrix."""

    name: str
    below: str
    address: str
    cells: list[Cell]


def form_of(request: HttpRequest) -> AgeingForm:
    """The question in the address."""
    today = clock.business_date()
    days = policies.in_force(today).policy.business.ageing_bounds_days
    stated = {name: value for name, value in request.GET.items() if value}
    form = AgeingForm(stated, today=today, bounds=Bounds(tuple(days)), reader=request.user)  # type: ignore[arg-type]
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
        f"ageing {what} {ask.on} {ask.moment} {ask.by} {ask.bounds} {ask.components} {asked}", stamp, make
    )


@needs("receivables.view")
def ageing(request: HttpRequest) -> HttpResponse:
    """Customers (or groups, branches, salespeople, entities) by age of what they owe."""
    form = form_of(request)
    if request.htmx and form.errors:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(request.get_full_path())
    ask, chosen = form.ask(_reader(request)), form.chosen
    by_fifo = chosen["by"] == FIFO and chosen["what"] != GOODS_WANTED
    totals = _kept(ask, "fifo" if by_fifo else "totals", lambda: fifo.fifo_ageing(ask) if by_fifo else reads.age(ask))
    page, order = page_of(request), _order(request, ask)
    exporting = request.GET.get("format") == "xlsx"
    rows = [] if by_fifo else _rows(ask, chosen["rows"], order, 0 if exporting else page)
    currency = _currency(ask, totals)
    lines = [_line(row, chosen["rows"], request, ask, currency) for row in rows]
    if exporting:
        return _sheet(request, ask, lines, currency)
    _glow(lines)
    context = {
        "active": "receivables:ageing",
        "form": form,
        "ask": ask,
        "by_fifo": by_fifo,
        "currency": currency,
        "heads": _heads(ask),
        "order": str(order),
        "total": Line("", "", "", _cells(totals, request, ask, currency, {})),
        "lines": lines[:PER_PAGE],
        "page": page,
        "more": len(lines) > PER_PAGE,
        "chart": _chart(totals, request, ask, currency),
        "others": {code: one for code, one in totals.items() if code != currency and (one.amount or one.unapplied)},
    }
    part = "receivables/ageing.html"
    if request.htmx and request.htmx.target == "matrix":  # type: ignore[attr-defined]
        part, context["swapped"] = "receivables/_matrix.html", True
    return render(request, part, context | _answer(ask, totals, currency))


def _rows(ask: Ask, dimension: str, order: str | int, page: int) -> list[breakdown.AgeingRow]:
    """One page of rows and one more, so that it shows whether there is a next one; page 0 is all of them."""
    if not page:
        return breakdown.ageing_rows(ask, dimension, order=order, limit=excel.ROWS_MAX)
    bound = {"limit": PER_PAGE + 1, "offset": PER_PAGE * (page - 1)}
    what = f"rows by {dimension}, {order}, page {page}"
    return _kept(ask, what, lambda: breakdown.ageing_rows(ask, dimension, order=order, **bound))


def _order(request: HttpRequest, ask: Ask) -> str | int:
    wanted = request.GET.get("sort", "")
    if wanted.isdecimal() and int(wanted) < len(ask.bounds.labels):
        return int(wanted)
    return wanted if wanted == breakdown.OUTSTANDING else breakdown.OVERDUE


def _currency(ask: Ask, totals: dict[str, CurrencyAgeing]) -> str:
    """One currency for the whole matrix: the one asked for, else the company's."""
    return ask.scope.currency if ask.scope.currency in totals else next(iter(totals))


def _amounts(found: Any, ask: Ask, currency: str) -> list[int | None]:
    """Buckets, outstanding, unapplied in the matrix's currency."""
    if ask.scope.currency and currency == ask.scope.currency:
        one = found[currency]
        return [*(bucket.amount for bucket in one.buckets), one.amount, one.unapplied]
    return reads.in_company_currency(found, ask.on)


def _cells(found: Any, request: HttpRequest, ask: Ask, currency: str, narrower: dict[str, str]) -> list[Cell]:
    amounts = _amounts(found, ask, currency)
    width = len(ask.bounds.labels)
    cells = [
        Cell(amount, 0, _items_address(request, narrower, bucket=str(index)), index)
        for index, amount in enumerate(amounts[:width])
    ]
    cells.append(Cell(amounts[width], 0, _items_address(request, narrower, side=items.DEBIT)))
    cells.append(Cell(amounts[width + 1], 0, _items_address(request, narrower, side=items.CREDIT)))
    return cells


def _items_address(request: HttpRequest, narrower: dict[str, str], **more: str) -> str:
    kept = {
        name: value for name, value in request.GET.items() if value and name not in {"rows", "page", "sort", "format"}
    }
    return f"{reverse('receivables:items')}?{urlencode({**kept, **narrower, **more})}"


def _line(row: breakdown.AgeingRow, dimension: str, request: HttpRequest, ask: Ask, currency: str) -> Line:
    subject = row.subject
    code = str(getattr(subject, "code", subject or ""))
    narrower = {dimension: code} if code else {}
    if subject in (None, ""):
        name, below = str(words.NOBODY.get(dimension, formats.MISSING)), ""
    else:
        name = names.of(subject, get_language() or "zh")
        below = code if code != name else ""
    address = reverse("customer", args=[row.key]) if dimension == "customer" else _narrowed(request, narrower)
    return Line(name, below, address, _cells(row.currencies, request, ask, currency, narrower))


def _narrowed(request: HttpRequest, narrower: dict[str, str]) -> str:
    kept = {name: value for name, value in request.GET.items() if value and name not in {"rows", "page"}}
    return f"?{urlencode({**kept, **narrower})}" if narrower else ""


def _glow(lines: list[Line]) -> None:
    """The largest overdue cell glows most; the others in proportion."""
    late = [cell for line in lines for cell in line.cells if cell.bucket and cell.amount]
    most = max((abs(cell.amount or 0) for cell in late), default=0)
    for line in lines:
        for place, cell in enumerate(line.cells):
            if cell.bucket and cell.amount and most:
                heat = 1 + 4 * abs(cell.amount) // most
                line.cells[place] = Cell(cell.amount, heat, cell.address, cell.bucket)


def _heads(ask: Ask) -> list[str]:
    return [words.bucket(label, ask.by) for label in ask.bounds.labels]


def _chart(totals: Any, request: HttpRequest, ask: Ask, currency: str) -> dict[str, Any]:
    amounts = _amounts(totals, ask, currency)
    return {
        "colours": "age",
        "bars": [
            {
                "name": head,
                "title": head,
                "value": formats.number(amount, currency),
                "text": formats.short(amount, currency),
                "more": formats.full(amount, currency),
                "url": _items_address(request, {}, bucket=str(index)),
            }
            for index, (head, amount) in enumerate(zip(_heads(ask), amounts, strict=False))
        ],
    }


def _answer(ask: Ask, totals: Any, currency: str) -> dict[str, Any]:
    """What stands in the sentence: outstanding, overdue, and how much of it a few customers owe."""
    amounts = _amounts(totals, ask, currency)
    width = len(ask.bounds.labels)
    if None in amounts:
        return {"outstanding": None}
    overdue = sum(amount or 0 for amount in amounts[1:width])
    found: dict[str, Any] = {"outstanding": amounts[width], "overdue": overdue, "unapplied": amounts[width + 1]}
    if ask.by is By.ISSUE:
        old = sum(amount or 0 for amount in amounts[2:width])
        return found | {"old": old, "old_from": words.bucket(ask.bounds.labels[1])}
    if overdue and not ask.scope.customer:
        top = _kept(ask, "top", lambda: breakdown.ageing_rows(ask, "customer", order=breakdown.OVERDUE, limit=_FEW))
        few = [sum(amount or 0 for amount in _amounts(row.currencies, ask, currency)[1:width]) for row in top]
        found |= {"few": len([one for one in few if one]), "few_share": formats.percent(sum(few), overdue)}
    return found


def _sheet(request: HttpRequest, ask: Ask, lines: list[Line], currency: str) -> HttpResponse:
    refuse_without(request, "reports.export")
    heads = [str(words.DIMENSIONS["customer"]), "", *_heads(ask), f"Σ {currency}", str(words.SIDES["credit"])]
    rows = (
        [line.name, line.below, *(None if c.amount is None else to_decimal(c.amount, currency) for c in line.cells)]
        for line in lines
    )
    return excel.file(heads, rows, f"ageing-{ask.on.isoformat()}")


@needs("receivables.view")
def open_items(request: HttpRequest) -> HttpResponse:
    """The open items behind a cell, the oldest first."""
    form = form_of(request)
    ask = form.ask(_reader(request))
    bucket, side = request.GET.get("bucket", ""), request.GET.get("side", "")
    page = page_of(request)
    part = items.Slice(
        bucket=int(bucket) if bucket.isdecimal() and int(bucket) < len(ask.bounds.labels) else None,
        side=side if side in words.SIDES else "",
        limit=PER_PAGE,
        offset=PER_PAGE * (page - 1),
    )
    if request.GET.get("format") == "xlsx":
        return _item_sheet(request, ask, part)
    count, sums = _kept(ask, f"items {part.bucket} {part.side}", lambda: items.count_items(ask, part))
    rows = _kept(ask, f"items {part}", lambda: items.open_items(ask, part))
    context = {
        "active": "receivables:items",
        "form": form,
        "ask": ask,
        "on": ask.on,
        "part": part,
        "bucket_name": words.bucket(ask.bounds.labels[part.bucket], ask.by) if part.bucket is not None else "",
        "side_name": words.SIDES.get(part.side, ""),
        "rows": [{"item": row, "late": row.days_overdue(ask.on) if row.side == items.DEBIT else 0} for row in rows],
        "count": count,
        "sums": sums,
        "page": page,
        "pages": max(1, -(-count // PER_PAGE)),
        "sides": [("", ""), *words.SIDES.items()],
    }
    return render(request, "receivables/items.html", context)


def _item_sheet(request: HttpRequest, ask: Ask, part: items.Slice) -> HttpResponse:
    refuse_without(request, "reports.export")
    every = items.open_items(ask, items.Slice(part.bucket, part.side, excel.ROWS_MAX))
    heads = ["number", "part", "customer", "name", "entity", "dated_on", "due_on", "currency", "amount", "open", "side"]
    rows = (
        [
            one.number,
            one.part,
            one.customer_code,
            one.customer_name,
            one.entity,
            one.dated_on,
            one.due_on,
            one.currency,
            to_decimal(one.amount, one.currency),
            to_decimal(one.open, one.currency),
            one.side,
        ]
        for one in every
    )
    return excel.file(heads, rows, f"open-items-{ask.on.isoformat()}")
