"""What was imported: who, when, which kind, how many rows, whether it still stands; above it the way in for a file."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import clock, formats, names
from xinheng.base.models import Batch
from xinheng.base.screens import ListScreen
from xinheng.base.tables import Column, LinkColumn, NumberColumn, Table
from xinheng.base.templatetags.house import chip, moment
from xinheng.exchange.models import Upload
from xinheng.exchange.pages.words import KINDS
from xinheng.exchange.uploads import queries, store

_ALL = pgettext_lazy("filter", "all")
_HINT = _("File name or number")
#: So many files on their way are shown.
_WAITING = 20


def batch_address(batch: Batch) -> str:
    """One batch with what it brought."""
    return reverse("imports:batch", args=[batch.pk])


def kind_name(kind: str) -> str:
    """What a kind of file is called."""
    return str(KINDS.get(kind, kind))


def rows_landed(batch: Batch) -> int:
    """How many rows it brought, those that took the place of others included."""
    return int(batch.result.get("accepted", 0)) + int(batch.result.get("updated", 0))


def batch_chip(batch: Batch) -> SafeString:
    """Whether it still stands."""
    return chip(_("taken back"), "closed") if batch.undone_at else chip(_("in the books"), "normal")


class BatchTable(Table):
    """Batches, the newest first."""

    number = LinkColumn(
        pgettext_lazy("batch", "Batch"),
        accessor="pk",
        to=batch_address,
        named=lambda one: str(one.pk),
        below=lambda one: one.file_name,
        below_head=pgettext_lazy("batch", "File"),
    )
    recorded_at = Column(pgettext_lazy("batch", "When"), css="day")
    kind = Column(pgettext_lazy("batch", "Kind"))
    landed = NumberColumn(pgettext_lazy("batch", "Rows"), accessor="result", orderable=False)
    recorded_by = Column(pgettext_lazy("batch", "Who"), order_by=("recorded_by__name_zh",))
    state = Column(pgettext_lazy("batch", "State"), accessor="pk", order_by=("undone_at",))
    file_digest = Column(pgettext_lazy("batch", "Digest"), orderable=False)

    def render_recorded_at(self, value: Any) -> str:
        return moment(value, clock.company().time_zone)

    def render_kind(self, value: str) -> str:
        return kind_name(value)

    def value_kind(self, value: str) -> str:
        return kind_name(value)

    def render_landed(self, record: Batch) -> str:
        return formats.count(rows_landed(record), rows_landed(record))

    def value_landed(self, record: Batch) -> int:
        return rows_landed(record)

    def render_recorded_by(self, value: Any) -> str:
        return names.of(value, get_language() or "zh")

    def value_recorded_by(self, value: Any) -> str:
        return names.of(value, get_language() or "zh")

    def render_state(self, record: Batch) -> SafeString:
        return batch_chip(record)

    def value_state(self, record: Batch) -> str:
        return str(_("taken back") if record.undone_at else _("in the books"))

    def render_file_digest(self, value: str) -> SafeString:
        return format_html('<code title="{}">{}</code>', value, value[:10])

    def value_file_digest(self, value: str) -> str:
        return value

    def address_of(self, record: Batch) -> str:
        return batch_address(record)


class BatchFilter(django_filters.FilterSet):
    """Picked by file, kind, state."""

    q = django_filters.CharFilter(
        label=_HINT, method="by_words", widget=forms.TextInput(attrs={"type": "search", "placeholder": _HINT})
    )
    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("batch", "Kind"), choices=list(KINDS.items()), empty_label=_ALL
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("batch", "State"),
        method="by_state",
        choices=[("in", _("in the books")), ("undone", _("taken back"))],
        empty_label=_ALL,
    )

    class Meta:
        model = Batch
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Batch], _name: str, typed: str) -> QuerySet[Batch]:
        wanted = Q(file_name__icontains=typed) | Q(file_digest__startswith=typed.lower())
        return rows.filter(wanted | Q(pk=int(typed)) if typed.isdecimal() and len(typed) < 19 else wanted)

    def by_state(self, rows: QuerySet[Batch], _name: str, wanted: str) -> QuerySet[Batch]:
        return rows.filter(undone_at__isnull=wanted == "in")


class Imports(ListScreen):
    """Every batch the reader may see."""

    title = pgettext_lazy("way", "Imports")
    table_class = BatchTable
    filter_class = BatchFilter
    template_name = "exchange/imports.html"
    export_name = "imports"
    active = "settings:opening"
    empty = _("Nothing was imported yet. What a file brought appears here with its number, and can be taken back.")

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.require_reader(request.user)  # type: ignore[arg-type]
        return super().get(request)

    def rows(self, request: HttpRequest) -> QuerySet[Batch]:
        return queries.batches_seen_by(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Batch], count: int) -> str:
        if not count:
            return ""
        said = ngettext("%(number)s file was brought in.", "%(number)s files were brought in.", count)
        said = said % {"number": formats.count(count)}
        undone = rows.order_by().filter(undone_at__isnull=False).count()
        if not undone:
            return said
        more = ngettext(" %(number)s of them was taken back.", " %(number)s of them were taken back.", undone)
        return said + more % {"number": formats.count(undone)}

    def context(self, request: HttpRequest) -> dict[str, Any]:
        kinds = queries.kinds_for(request.user)  # type: ignore[arg-type]
        under_way = queries.uploads_seen_by(request.user).filter(  # type: ignore[arg-type]
            state__in=(Upload.State.OPEN, Upload.State.LOOKED)
        )
        return {
            "kinds": [kind_name(kind) for kind in kinds],
            "endings": ",".join(store.ENDINGS),
            "under_way": [
                {"upload": one, "kind": kind_name(one.kind), "busy": queries.is_busy(one)}
                for one in under_way[:_WAITING]
            ],
        }
