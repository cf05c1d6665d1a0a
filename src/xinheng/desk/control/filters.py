"""How held orders, orders and unreleased deliveries are picked out."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.inputs import SalespersonFilter
from xinheng.base.models import Branch
from xinheng.desk.control.models import Decision
from xinheng.desk.control.words import REASON_NAMES
from xinheng.desk.customers.public import Customer
from xinheng.desk.sales.public import PAYMENTS, STATES, Order

_ALL = pgettext_lazy("filter", "all")
_HINT = _("Order number or customer")


def _words() -> django_filters.CharFilter:
    widget = forms.TextInput(attrs={"type": "search", "placeholder": _HINT})
    return django_filters.CharFilter(label=_HINT, method="by_words", widget=widget)


class _OrderFilter(django_filters.FilterSet):
    """What both lists are picked by."""

    q = _words()
    branch = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("customer", "Branch"),
        field_name="document__account__customer__branch",
        queryset=Branch.objects.all(),
        to_field_name="code",
        empty_label=_ALL,
    )
    salesperson = SalespersonFilter(label=pgettext_lazy("customer", "Salesperson"), field_name="document__salesperson")
    payment = django_filters.ChoiceFilter(
        label=pgettext_lazy("order", "Payment"),
        choices=[(code.value, PAYMENTS[code]) for code in Order.Payment],
        empty_label=_ALL,
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Any], _name: str, typed: str) -> QuerySet[Any]:
        if Customer.objects.filter(code=typed).exists():
            return rows.filter(document__account__customer__code=typed)
        for word in typed.split():
            known = Q(document__number__icontains=word) | Q(document__account__customer__search__contains=word.lower())
            rows = rows.filter(known)
        return rows


class OrderFilter(_OrderFilter):
    """Filters of all orders."""

    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("order", "State"), choices=list(STATES.items()), empty_label=_ALL
    )


class HeldFilter(_OrderFilter):
    """Filters of the queue: also by what holds an order."""

    reason = django_filters.ChoiceFilter(
        label=_("Reason"), method="by_reason", choices=list(REASON_NAMES.items()), empty_label=_ALL
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "decisions.view" not in self.request.powers.rights:  # nor may one find out by asking reason by reason
            del self.filters["reason"]

    def by_reason(self, rows: QuerySet[Any], _name: str, wanted: str) -> QuerySet[Any]:
        """Those whose last decision gives this reason."""
        told = Decision.objects.annotate(said=Cast("outcome", TextField()))
        return rows.filter(Exists(told.filter(pk=OuterRef("decision_id"), said__contains=f'"code": "{wanted}"')))
