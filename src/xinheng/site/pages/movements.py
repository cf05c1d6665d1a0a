"""Steps of value, newest first: what came in, was invoiced, delivered or written off, each with its document.

The list behind what the overview counts since yesterday; it looks at one month unless asked for other days, because a
ledger has millions of steps.
"""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.inputs import DayFilter
from xinheng.base.screens import ListScreen
from xinheng.base.tables import Column, DayColumn, LinkColumn, MoneyColumn, NameColumn, Table
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure.public import OUTSIDE, Movement, component_name, kind_name
from xinheng.rules.road import Kind
from xinheng.site.pages import trends

_USUAL_DAYS = 31


def document_of(movement: Movement) -> Any:
    """The document a step is about: the one that gains, else the one that gives."""
    return (movement.target or movement.source).document


def address_of(movement: Movement) -> str:
    """That document's page."""
    found = document_of(movement)
    return reverse("control:order" if found.kind == Kind.ORDER else "document", args=[found.pk])


class MovementFilter(django_filters.FilterSet):
    """Which steps, on which days, of whom."""

    step = django_filters.ChoiceFilter(
        label=pgettext_lazy("movement", "Step"),
        method="by_step",
        choices=[(key, one.name) for key, one in trends.STEPS.items()],
        empty_label=pgettext_lazy("filter", "all"),
    )
    since = DayFilter(label=pgettext_lazy("movement", "From day"), field_name="effective_on", lookup_expr="gte")
    until = DayFilter(label=pgettext_lazy("movement", "Until day"), field_name="effective_on", lookup_expr="lte")
    customer = django_filters.CharFilter(label=pgettext_lazy("customer", "Customer"), method="by_customer")

    class Meta:
        model = Movement
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        stated = {name: value for name, value in (data or {}).items() if value}
        today = clock.business_date()
        usual = {"since": (today - timedelta(days=_USUAL_DAYS)).isoformat(), "until": today.isoformat()}
        super().__init__(usual | stated, *args, **kwargs)

    def by_step(self, rows: QuerySet[Movement], _name: str, wanted: str) -> QuerySet[Movement]:
        return rows.filter(**trends.STEPS[wanted].where)

    def by_customer(self, rows: QuerySet[Movement], _name: str, typed: str) -> QuerySet[Movement]:
        visible = customers.visible_to(self.request.user)
        found = visible.filter(code=typed.strip()) or customers.search(visible, typed)
        return rows.filter(account__customer__in=found)


class ComponentColumn(Column):
    """Where value stood or stands; before the first document it comes from outside."""

    def render(self, value: Any) -> str:
        return component_name(value.component)

    def value(self, **kwargs: Any) -> str:
        return component_name(kwargs["value"].component)


class MovementTable(Table):
    """One line a step."""

    effective_on = DayColumn(_("Effective"), order_by=("effective_on", "pk"))
    document = LinkColumn(
        _("Document"),
        accessor="pk",
        to=address_of,
        named=lambda movement: document_of(movement).number,
        below=lambda movement: kind_name(document_of(movement).kind),
        below_head=pgettext_lazy("document", "Kind"),
    )
    customer = LinkColumn(
        pgettext_lazy("customer", "Customer"),
        accessor="account__customer",
        order_by="account__customer__name",
        to=lambda movement: reverse("customer", args=[movement.account.customer_id]),
        below=lambda movement: movement.account.customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    source = ComponentColumn(pgettext_lazy("movement", "From"), order_by="source__component", default=OUTSIDE)
    target = ComponentColumn(pgettext_lazy("movement", "To"), order_by="target__component", default=OUTSIDE)
    amount = MoneyColumn(pgettext_lazy("figure", "Amount"), signed=True, order_by=("currency", "amount"))
    actor = NameColumn(
        pgettext_lazy("movement", "By"), accessor="entry__actor", order_by="entry__actor__username", css="off-phone"
    )

    def order_document(self, rows: QuerySet[Movement], is_descending: bool) -> tuple[QuerySet[Movement], bool]:
        number = Coalesce("target__document__number", "source__document__number")
        return rows.order_by(number.desc() if is_descending else number.asc(), "pk"), True

    def address_of(self, record: Movement) -> str:
        return address_of(record)


class Movements(ListScreen):
    """The list."""

    right = "receivables.view"
    title = _("Movements")
    table_class = MovementTable
    filter_class = MovementFilter
    export_name = "movements"
    empty = _("Nothing moved on these days.")

    def answer(self, request: HttpRequest, rows: QuerySet[Movement], count: int) -> str:
        """What one kind of step comes to; steps of several kinds have no common sum."""
        said = ngettext("%(shown)s movement", "%(shown)s movements", count) % {"shown": formats.count(count)}
        if not count or request.GET.get("step") not in trends.STEPS:
            return said
        sums = rows.order_by().values_list("currency").annotate(Sum("amount"))
        return pgettext("list", "%(said)s, %(sums)s") % {
            "said": said,
            "sums": " + ".join(formats.full(amount, currency) for currency, amount in sums),
        }

    def rows(self, request: HttpRequest) -> QuerySet[Movement]:
        rows = Movement.objects.filter(customers.sees(request.user, "account__customer__"))  # type: ignore[arg-type]
        named = ("account__customer", "source__document", "target__document", "entry__actor")
        return rows.select_related(*named).order_by("-effective_on", "-id")
