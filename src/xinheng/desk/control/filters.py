"""How held orders, orders and unreleased deliveries are picked out."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.models import Branch
from xinheng.desk.sales.public import PAYMENTS, STATES, Order

_ALL = pgettext_lazy("filter", "all")
_HINT = _("Order number or customer")


def _words() -> django_filters.CharFilter:
    widget = forms.TextInput(attrs={"type": "search", "placeholder": _HINT})
    return django_filters.CharFilter(label=_HINT, method="by_words", widget=widget)


class HeldFilter(django_filters.FilterSet):
    """Filters of the queue."""

    q = _words()
    branch = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("customer", "Branch"),
        field_name="document__account__customer__branch",
        queryset=Branch.objects.all(),
        to_field_name="code",
        empty_label=_ALL,
    )
    salesperson = django_filters.CharFilter(
        label=pgettext_lazy("customer", "Salesperson"), field_name="document__salesperson", lookup_expr="iexact"
    )
    payment = django_filters.ChoiceFilter(
        label=pgettext_lazy("order", "Payment"),
        choices=[(code.value, PAYMENTS[code]) for code in Order.Payment],
        empty_label=_ALL,
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Any], _name: str, typed: str) -> QuerySet[Any]:
        for word in typed.split():
            known = Q(document__number__icontains=word) | Q(document__account__customer__search__contains=word.lower())
            rows = rows.filter(known)
        return rows


class OrderFilter(HeldFilter):
    """Filters of all orders."""

    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("order", "State"), choices=list(STATES.items()), empty_label=_ALL
    )
