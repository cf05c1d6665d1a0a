"""The customer list with what each of them owes and may owe: names from the first chapter, figures from all."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Offered
from xinheng.base.screens import ListScreen
from xinheng.base.tables import ChipColumn, Column, MoneyColumn, Table
from xinheng.base.templatetags.house import chip
from xinheng.desk.customers.filters import CustomerFilter
from xinheng.desk.customers.models import Customer
from xinheng.desk.customers.tables import CustomerTable
from xinheng.desk.customers.views import CustomerList
from xinheng.desk.customers.words import STATUS, STATUS_TONES
from xinheng.desk.exposure.public import DueTotal
from xinheng.desk.limits.public import Hold
from xinheng.desk.limits.words import LINE_KINDS
from xinheng.rules.road import Component
from xinheng.site.pages.customer_order import EXPOSURE, OVERDUE, OWED, USED, ordered
from xinheng.site.pages.figures import Figures, figures_of

#: From which share of the limit on the bar is amber; above the whole it is red.
_WATCH_PERCENT = 90


class UseColumn(Column):
    """How much of the limit is used, as a bar with its figure."""

    css = "num"

    def render(self, value: Figures) -> SafeString:
        percent = value.used_percent
        if percent is None:
            return SafeString(formats.MISSING)
        tone = "bad" if percent > 100 else "watch" if percent >= _WATCH_PERCENT else "ok"
        return format_html(
            '<span class="use use-{}"><span>{}%</span><svg class="use-track" aria-hidden="true">'
            '<rect class="use-fill" width="{}%" height="100%" rx="3"/></svg></span>',
            tone,
            percent if percent < 999 else "999+",
            min(percent, 100),
        )

    def value(self, **kwargs: Any) -> int | None:
        return kwargs["value"].used_percent


class LimitColumn(MoneyColumn):
    """The limit as an amount or a word; the group's is marked."""

    def render(self, value: Figures, record: Any) -> SafeString | str:
        if value.limit_kind != "amount":
            return str(LINE_KINDS[value.limit_kind])
        shown = formats.plain(value.limit, value.currency)
        return format_html('{}<span class="below">{}</span>', shown, _("the group's")) if value.of_group else shown

    def value(self, **kwargs: Any) -> Any:
        found = kwargs["value"]
        if found.limit_kind != "amount":
            return str(LINE_KINDS[found.limit_kind])
        return super().value(value=found.limit, record=found)


class StateColumn(ChipColumn):
    """Active, inactive, or stopped by a hold."""

    def render(self, value: str, record: Any) -> SafeString:
        if record.figures.held:
            return chip(pgettext("customer", "On hold"), "bad")
        return super().render(value)

    def value(self, **kwargs: Any) -> str:
        return pgettext("customer", "On hold") if kwargs["record"].figures.held else super().value(**kwargs)


class CustomersTable(CustomerTable):
    """Names and figures; amounts in company currency, which stands once above."""

    owed = MoneyColumn(_("Owed"), accessor="figures__owed", currency="figures.currency", initial_sort_descending=True)
    overdue = MoneyColumn(
        _("Overdue"),
        accessor="figures__overdue",
        currency="figures.currency",
        tone="bad",
        initial_sort_descending=True,
    )
    exposure = MoneyColumn(
        pgettext_lazy("figure", "Exposure"),
        accessor="figures__exposure",
        currency="figures.currency",
        initial_sort_descending=True,
        css="off-phone",
    )
    limit = LimitColumn(pgettext_lazy("figure", "Limit"), accessor="figures", orderable=False)
    used = UseColumn(pgettext_lazy("figure", "Used"), accessor="figures", initial_sort_descending=True)
    status = StateColumn(pgettext_lazy("customer", "Status"), tones=STATUS_TONES, words=STATUS)

    class Meta(Table.Meta):
        sequence = ("name", "group", "branch", "salesperson", "owed", "overdue", "exposure", "limit", "used", "status")

    def order_owed(self, rows: QuerySet[Customer], is_descending: bool) -> tuple[QuerySet[Customer], bool]:
        return ordered(rows, OWED, descending=is_descending), True

    def order_overdue(self, rows: QuerySet[Customer], is_descending: bool) -> tuple[QuerySet[Customer], bool]:
        return ordered(rows, OVERDUE, descending=is_descending), True

    def order_exposure(self, rows: QuerySet[Customer], is_descending: bool) -> tuple[QuerySet[Customer], bool]:
        return ordered(rows, EXPOSURE, descending=is_descending), True

    def order_used(self, rows: QuerySet[Customer], is_descending: bool) -> tuple[QuerySet[Customer], bool]:
        return ordered(rows, USED, descending=is_descending), True

    def decorate(self, rows: list[Any]) -> None:
        found = figures_of(rows, clock.business_date())
        for row in rows:
            row.figures = found[row.pk]


class CustomersFilter(CustomerFilter):
    """With what later chapters know: overdue, on hold."""

    only = django_filters.ChoiceFilter(
        label=pgettext_lazy("filter", "Only"),
        method="by_trouble",
        choices=[("overdue", _("with overdue debt")), ("held", _("on hold"))],
        empty_label=pgettext_lazy("filter", "all"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "receivables.view" not in self.request.powers.rights:  # who is late is not for everybody
            self.filters["only"].extra["choices"] = [("held", _("on hold"))]

    def by_trouble(self, rows: QuerySet[Customer], _name: str, wanted: str) -> QuerySet[Customer]:
        if wanted == "overdue":
            late = DueTotal.objects.filter(
                account__customer=OuterRef("pk"),
                component=Component.INVOICED,
                due_on__lt=clock.business_date(),
                amount__gt=0,
            )
            return rows.filter(Exists(late))
        standing = Hold.objects.filter(
            Q(customer=OuterRef("pk")) | Q(group=OuterRef("group_id"), group__isnull=False), lifted_at=None
        )
        return rows.filter(Exists(standing))


class Customers(CustomerList, ListScreen):
    """The list that people see."""

    table_class = CustomersTable
    filter_class = CustomersFilter

    def table(self, rows: Any, request: HttpRequest) -> CustomersTable:
        held = request.powers.rights  # type: ignore[attr-defined]
        hidden = [] if "receivables.view" in held else ["owed", "overdue"]
        hidden += [] if {"receivables.view", "lines.view"} <= held else ["exposure", "limit", "used"]
        return CustomersTable(rows, request=request, exclude=hidden)

    def offered(self, request: HttpRequest) -> list[Offered]:
        if "customers.edit" not in request.powers.rights:  # type: ignore[attr-defined]
            return []
        return [Offered(_("New customer"), "plus", reverse("new-customer"), "btn-primary")]

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        said = ngettext("%(shown)s customer", "%(shown)s customers", count) % {"shown": formats.count(count)}
        currency = clock.company().currency
        return pgettext("list", "%(said)s; amounts in %(currency)s.") % {"said": said, "currency": currency}
