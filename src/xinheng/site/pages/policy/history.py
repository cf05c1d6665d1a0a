"""Every version of the policy there ever was, as a list."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from xinheng.base import formats
from xinheng.base.models import PolicyVersion
from xinheng.base.screens import ListScreen
from xinheng.base.tables import ChipColumn, Column, DayColumn, LinkColumn, NameColumn, Table
from xinheng.site.pages.policy import reading


class VersionTable(Table):
    """Since when, who proposed it and who signed it."""

    version = LinkColumn(
        pgettext_lazy("policy", "Version"),
        to=lambda one: reverse("policy:version", args=[one.version]),
        named=lambda one: str(one.version),
    )
    status = ChipColumn(pgettext_lazy("policy", "State"), tones=reading.TONES, words=dict(PolicyVersion.Status.choices))
    effective_from = DayColumn(pgettext_lazy("policy", "Holds from"))
    proposed_by = NameColumn(pgettext_lazy("policy", "Proposed by"), order_by="proposed_by__username")
    signed_by = NameColumn(pgettext_lazy("policy", "Signed by"), order_by="signed_by__username")
    note = Column(pgettext_lazy("policy", "What changes and why"), orderable=False, css="wide")

    class Meta(Table.Meta):
        order_by = ("-version",)

    def address_of(self, record: Any) -> str:
        return reverse("policy:version", args=[record.version])


class VersionFilter(django_filters.FilterSet):
    """By what became of it."""

    status = django_filters.ChoiceFilter(
        label=pgettext_lazy("policy", "State"),
        choices=PolicyVersion.Status.choices,
        empty_label=pgettext_lazy("filter", "all"),
    )

    class Meta:
        model = PolicyVersion
        fields: list[str] = []


class Versions(ListScreen):
    """The history."""

    right = "policy.view"
    title = _("Versions of the policy")
    table_class = VersionTable
    filter_class = VersionFilter
    export_name = "policy"
    active = reading.ACTIVE
    empty = _("There is no version yet.")

    def rows(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        return reading.versions()

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        waiting = reading.versions().filter(status=PolicyVersion.Status.PROPOSED).count()
        if not waiting:
            return str(_("No proposal waits for a signature."))
        said = ngettext(
            "%(count)s proposal waits for a signature.", "%(count)s proposals wait for a signature.", waiting
        )
        return said % {"count": formats.count(waiting)}
