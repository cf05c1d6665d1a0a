"""Screens that are tables of names: a list says its rights, its rows, its columns and filters; the rest is here.

Every screen names the right it needs; without it the reader is told which right is missing and who has it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.forms import BaseForm, Field
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views import View

from xinheng.base import excel, exports, lists, rights
from xinheng.base.deeds import Offered
from xinheng.base.errors import BadInput, Refused
from xinheng.base.tables import PER_PAGE, CappedPaginator, Table


class Misread(BadInput):
    """Filters of an address that cannot be read.  params: said."""

    code = "MISREAD"


Screen = Callable[..., HttpResponse]
_PAGE_DIGITS = 6
#: What every address of a list may hold beside its filters.
_OF_EVERY_LIST = frozenset({"page", "sort", "format", lists.COLUMNS})


def refuse_without(request: HttpRequest, right: str) -> None:
    """Stop here unless the reader holds the right.

    Raises:
        Refused
    """
    if right not in request.powers.rights:  # type: ignore[attr-defined]
        raise Refused(right=right, who=", ".join(rights.holders(right)))


def needs(*names: str) -> Callable[[Screen], Screen]:
    """A screen that nobody sees without these rights."""

    def guarded(screen: Screen) -> Screen:
        @wraps(screen)
        def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            for name in names:
                refuse_without(request, name)
            return screen(request, *args, **kwargs)

        return guard

    return guarded


def misread(asked: QueryDict, form: BaseForm | None = None) -> list[str]:
    """What of the question in an address was not understood, a sentence each; of nothing then rows may be shown.

    A field that the form does not have, or not for this reader, is as little understood as a value it does not know.
    """
    fields, errors = (form.fields, form.errors) if form is not None else ({}, {})
    said = [
        pgettext("filter", "%(field)s: %(problem)s") % {"field": _label(fields, name), "problem": " ".join(problems)}
        for name, problems in errors.items()
    ]
    unknown = _("it cannot be asked for here.")
    lacking = [name for name, value in asked.items() if value and name not in fields and name not in _OF_EVERY_LIST]
    return said + [pgettext("filter", "%(field)s: %(problem)s") % {"field": one, "problem": unknown} for one in lacking]


def _label(fields: Mapping[str, Field], name: str) -> str:
    return str(fields[name].label or name) if name in fields else name


def asked(form: BaseForm) -> list[tuple[str, str]]:
    """The question of an address in words: each filter that was chosen, with what was chosen, as a sheet keeps it."""
    found = []
    for bound in form:
        value = bound.value()
        if value in (None, "", []):
            continue
        choices = {str(code): str(words) for code, words in getattr(bound.field, "choices", ())}
        found.append((str(bound.label), choices.get(str(value), str(value))))
    return found


def refuse_sheet(said: Sequence[str]) -> None:
    """No file is made of a question that was not understood.

    Raises:
        Misread
    """
    if said:
        raise Misread(said=" ".join(said))


def start_sheet(request: HttpRequest, said: Sequence[str] = ()) -> None:
    """Nothing goes into a file without the right, nor of a question that was not understood.

    Raises:
        Refused, Misread
    """
    refuse_without(request, "reports.export")
    refuse_sheet(said)


def page_of(request: HttpRequest) -> int:
    """The page asked for; the first where nonsense stands in the address."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) <= _PAGE_DIGITS else 1


class ListScreen(View):
    """A list: filters that live in the address, 50 rows at once, sorting, Excel.

    ``rows`` gives what the reader may see; ``answer`` may say the one sentence that stands above.
    """

    right: ClassVar[str] = ""  # none: whoever is signed in
    title: ClassVar[Any]
    table_class: ClassVar[type[Table]]
    filter_class: ClassVar[type[django_filters.FilterSet] | None] = None
    template_name: ClassVar[str] = "base/list.html"
    export_name: ClassVar[str] = "list"
    empty: ClassVar[Any] = ""
    active: ClassVar[str] = ""

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Everything the reader may see here."""
        raise ValueError(f"{type(self).__name__} does not say its rows")

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        """The sentence a person would say about these rows; ``count`` stops at 10,001."""
        return ""

    def offered(self, request: HttpRequest) -> list[Offered]:
        """The buttons at the head of the list, for this reader."""
        return []

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What the template needs besides."""
        return {}

    def table(self, rows: Any, request: HttpRequest) -> Table:
        """The table over the filtered rows."""
        return self.table_class(rows, request=request)

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.right:
            refuse_without(request, self.right)
        found = (
            self.filter_class(request.GET, queryset=self.rows(request), request=request) if self.filter_class else None
        )
        wrong = misread(request.GET, found.form if found is not None else None)
        rows = found.qs if found is not None else self.rows(request)
        if wrong:
            rows = rows.none()
        table = self.table(rows, request)
        table.request = request
        lists.show_columns(table, lists.wanted_columns(request))
        if sort := request.GET.getlist("sort"):
            table.order_by = sort
        if request.GET.get("format") == "xlsx":
            start_sheet(request, wrong)
            about = asked(found.form) if found is not None else ()
            count = CappedPaginator(table.rows, PER_PAGE).count
            make = partial(excel.answer, table, self.export_name, about)
            return exports.answer(request, self.export_name, make, count=count, about=about)
        table.paginate(CappedPaginator, PER_PAGE, page_of(request))
        only_rows = bool(request.htmx and request.htmx.target == "rows")  # type: ignore[attr-defined]
        filtered = bool(found is not None and found.form.has_changed())
        context = {
            "screen": self,
            "title": self.title,
            "table": table,
            "filter": found,
            "filtered": filtered,
            "misread": wrong,
            "sentence": "" if wrong else self.answer(request, rows, table.paginator.count),
            "empty": self.empty,
            "active": self.active,
            "only_rows": only_rows,
            "offered": self.offered(request),
            **self.context(request),
        }
        return render(request, "base/_rows.html" if only_rows else self.template_name, context)
