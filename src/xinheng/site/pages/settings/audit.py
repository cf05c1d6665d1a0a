"""The audit trail 审计记录 as a list: who did what to what, newest first, picked out by person, verb, chain and day."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import clock, formats
from xinheng.base.inputs import DayField
from xinheng.base.models import AuditLine, User
from xinheng.base.tables import Column, NameColumn, Table
from xinheng.desk.exposure.public import Holder
from xinheng.site import words
from xinheng.site.pages.settings import trail
from xinheng.site.pages.settings.lists import Go, SettingsList
from xinheng.site.pages.settings.people import MomentColumn

_ALL = pgettext_lazy("filter", "all")
_HINT = _("Number, customer, or kind:number")


class DayFilter(django_filters.Filter):
    """A day where the company is."""

    field_class = DayField


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(clock.company().time_zone))


class TrailFilter(django_filters.FilterSet):
    """By what it is about, who did it, what was done, in which chain, on which days."""

    subject = django_filters.CharFilter(
        label=_HINT, method="by_subject", widget=forms.TextInput(attrs={"type": "search", "placeholder": _HINT})
    )
    who = django_filters.ChoiceFilter(label=pgettext_lazy("trail", "Who"), method="by_who", empty_label=_ALL)
    verb = django_filters.ChoiceFilter(label=pgettext_lazy("trail", "What was done"), empty_label=_ALL)
    stream = django_filters.ChoiceFilter(label=pgettext_lazy("trail", "Chain"), empty_label=_ALL)
    since = DayFilter(label=pgettext_lazy("trail", "From"), method="by_since")
    until = DayFilter(label=pgettext_lazy("trail", "Until"), method="by_until")

    class Meta:
        model = AuditLine
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "zh"
        people = User.objects.only("username", "name_zh", "name_en").order_by("username")
        self.filters["who"].extra["choices"] = [(one.username, one.name_in(reader)) for one in people]
        said = sorted(((code, str(one)) for code, one in words.verbs().items()), key=lambda pair: pair[1])
        self.filters["verb"].extra["choices"] = said
        chains = list(trail.STREAMS.items())
        if (asked := self.data.get("stream", "")).startswith("holder:"):
            chains += [(asked, trail.chain(asked))]
        self.filters["stream"].extra["choices"] = chains

    def by_subject(self, rows: QuerySet[AuditLine], _name: str, typed: str) -> QuerySet[AuditLine]:
        """``kind:number`` is that and nothing else; a number is any kind's, and a customer's code its whole chain."""
        kind, colon, number = typed.strip().partition(":")
        whose = Holder.objects.filter(Q(customer__code=number or kind) | Q(group__code=number or kind))
        streams = [f"holder:{pk}" for pk in whose.values_list("pk", flat=True)]
        if colon:
            about = Q(subject=f"{kind}:{number}")
            return rows.filter(about | Q(stream__in=streams) if kind in {"customer", "group"} else about)
        return rows.filter(Q(subject__in=[kind, *(f"{one}:{kind}" for one in trail.KINDS)]) | Q(stream__in=streams))

    def by_who(self, rows: QuerySet[AuditLine], _name: str, wanted: str) -> QuerySet[AuditLine]:
        return rows.filter(actor__username=wanted)

    def by_since(self, rows: QuerySet[AuditLine], _name: str, wanted: date) -> QuerySet[AuditLine]:
        return rows.filter(at__gte=_begins(wanted))

    def by_until(self, rows: QuerySet[AuditLine], _name: str, wanted: date) -> QuerySet[AuditLine]:
        return rows.filter(at__lt=_begins(wanted + timedelta(days=1))) if wanted < date.max else rows


class TrailTable(Table):
    """One line each, with its place in its chain and the beginning of its fingerprint."""

    at = MomentColumn(pgettext_lazy("trail", "When"), order_by=("at", "pk"))
    verb = Column(pgettext_lazy("trail", "What was done"), css="main")
    subject = Column(pgettext_lazy("trail", "About"), orderable=False)
    actor = NameColumn(pgettext_lazy("trail", "Who"), order_by=("actor__username", "-pk"))
    data = Column(pgettext_lazy("trail", "Kept with it"), orderable=False, css="wide kept")
    stream = Column(pgettext_lazy("trail", "Chain"), orderable=False, css="off-phone")
    digest = Column(pgettext_lazy("trail", "Fingerprint"), orderable=False, css="off-phone")

    def decorate(self, rows: list[Any]) -> None:
        self.about = trail.About(rows)
        self.chains = trail.chains({one.stream for one in rows})

    def render_verb(self, value: str) -> str:
        return str(words.done(value))

    def value_verb(self, value: str) -> str:
        return str(words.done(value))

    def render_subject(self, record: AuditLine) -> SafeString | str:
        said, address = self.about.words(record), self.about.address(record)
        return format_html('<a href="{}">{}</a>', address, said) if address else said

    def value_subject(self, record: AuditLine) -> str:
        return self.about.words(record)

    def render_data(self, value: dict[str, Any]) -> SafeString:
        return format_html_join(" ", "<span>{}: {}</span>", words.kept(value))

    def value_data(self, value: dict[str, Any]) -> str:
        return "; ".join(f"{name}: {said}" for name, said in words.kept(value))

    def render_stream(self, record: AuditLine) -> str:
        return f"{self.chains[record.stream]} #{record.sequence}"

    def value_stream(self, record: AuditLine) -> str:
        return self.render_stream(record)

    def render_digest(self, value: str) -> SafeString:
        return format_html('<code title="{}">{}</code>', value, value[:10])

    def value_digest(self, value: str) -> str:
        return value


class Audit(SettingsList):
    """The list."""

    right = "audit.read"
    title = pgettext_lazy("settings", "Audit trail")
    table_class = TrailTable
    filter_class = TrailFilter
    export_name = "audit-trail"
    empty = _("Nothing was done yet. Whatever anybody does leaves its line here.")

    def rows(self, request: HttpRequest) -> QuerySet[AuditLine]:
        return AuditLine.objects.select_related("actor").order_by("-pk")

    def answer(self, request: HttpRequest, rows: QuerySet[AuditLine], count: int) -> str:
        return ngettext("%(number)s line", "%(number)s lines", count) % {"number": formats.count(count)}

    def ways(self, request: HttpRequest) -> list[Go]:
        return [Go(_("State of the chains"), reverse("settings:chains"), "link")]
