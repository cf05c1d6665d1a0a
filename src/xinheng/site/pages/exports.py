"""Who took which list out of the house, and when: for whoever reads the audit trail."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xinheng.base import clock, exports, formats
from xinheng.base.inputs import DayFilter
from xinheng.base.models import AuditLine
from xinheng.base.screens import ListScreen
from xinheng.base.tables import ChipColumn, Column, LinkColumn, NameColumn, NumberColumn, Table
from xinheng.site.pages.jobs import MomentColumn

_WHAT = {
    exports.EXPORTED: pgettext_lazy("export", "exported"),
    exports.FETCHED: pgettext_lazy("export", "file fetched"),
}


class ExportFilter(django_filters.FilterSet):
    """Whose, which, when."""

    q = django_filters.CharFilter(label=pgettext_lazy("export", "Person or list"), method="by_words")
    verb = django_filters.ChoiceFilter(
        label=pgettext_lazy("export", "What"), choices=list(_WHAT.items()), empty_label=pgettext_lazy("filter", "all")
    )
    since = DayFilter(label=pgettext_lazy("job", "From day"), method="from_day")
    until = DayFilter(label=pgettext_lazy("job", "Until day"), method="until_day")

    class Meta:
        model = AuditLine
        fields: list[str] = []

    def by_words(self, rows: QuerySet[AuditLine], _name: str, typed: str) -> QuerySet[AuditLine]:
        for word in typed.split():
            who = (
                Q(actor__username__icontains=word)
                | Q(actor__name_zh__icontains=word)
                | Q(actor__name_en__icontains=word)
            )
            rows = rows.filter(who | Q(subject__icontains=word))
        return rows

    def from_day(self, rows: QuerySet[AuditLine], _name: str, day: Any) -> QuerySet[AuditLine]:
        return rows.filter(at__gte=clock.start_of(day))

    def until_day(self, rows: QuerySet[AuditLine], _name: str, day: Any) -> QuerySet[AuditLine]:
        return rows.filter(at__lte=clock.end_of(day))


def _list_address(line: AuditLine) -> str:
    """The list as it was asked for; its page asks for the reader's own rights."""
    query = line.data["query"].replace("format=xlsx", "").strip("&").replace("&&", "&")
    return f"{line.data['path']}?{query}" if query else line.data["path"]


def _asked(line: AuditLine) -> str:
    return formats.listed(f"{name} {value}" for name, value in line.data["asked"])


class ExportTable(Table):
    """One line a file that left."""

    at = MomentColumn(pgettext_lazy("export", "When"))
    actor = NameColumn(pgettext_lazy("export", "Who"), order_by="actor__username")
    verb = ChipColumn(pgettext_lazy("export", "What"), tones={exports.FETCHED: "closed"}, words=_WHAT)
    path = LinkColumn(
        pgettext_lazy("export", "List"),
        accessor="subject",
        to=_list_address,
        named=lambda line: exports.title_of(line.data["path"]),
        below=lambda line: _asked(line) or "",
        below_head=pgettext_lazy("export", "Filters"),
    )
    rows_out = NumberColumn(pgettext_lazy("export", "Rows"), accessor="pk", orderable=False)
    job = Column(pgettext_lazy("export", "Job"), accessor="pk", orderable=False, css="off-phone")

    def render_rows_out(self, record: AuditLine) -> str:
        return f"{record.data['rows']:,}" if "rows" in record.data else formats.MISSING

    def value_rows_out(self, record: AuditLine) -> Any:
        return record.data.get("rows")

    def render_job(self, record: AuditLine) -> str:
        return str(record.data.get("job", formats.MISSING))

    def value_job(self, record: AuditLine) -> Any:
        return record.data.get("job")


class Exports(ListScreen):
    """The log, the latest first."""

    right = "audit.read"
    title = pgettext_lazy("way", "Exports")
    table_class = ExportTable
    filter_class = ExportFilter
    export_name = "exports"
    active = "settings:opening"
    empty = gettext_lazy("No list was exported yet. Every Excel file that somebody takes out is noted here.")

    def rows(self, request: HttpRequest) -> QuerySet[AuditLine]:
        found: QuerySet[AuditLine] = exports.log_of()
        return found

    def answer(self, request: HttpRequest, rows: QuerySet[AuditLine], count: int) -> str:
        if not count:
            return ""
        people = rows.order_by().values("actor").distinct().count()
        files = ngettext("%(number)s file left", "%(number)s files left", count) % {"number": formats.count(count)}
        said = ngettext("%(files)s, taken by %(people)s person.", "%(files)s, taken by %(people)s people.", people)
        return said % {"files": files, "people": formats.count(people)}
