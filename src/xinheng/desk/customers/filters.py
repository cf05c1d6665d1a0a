"""How customers are picked out: by whatever one knows of them, group, branch, salesperson, status."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.inputs import SalespersonFilter
from xinheng.base.models import Branch
from xinheng.desk.customers import words
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.queries import search


class CustomerFilter(django_filters.FilterSet):
    """Filters of the customer list; all of them live in the address."""

    q = django_filters.CharFilter(
        label=_("Name, pinyin, initials, code or tax id"),
        method="by_words",
        widget=forms.TextInput(
            attrs={"type": "search", "maxlength": 100, "placeholder": _("Name, pinyin, initials, code or tax id")}
        ),
    )
    group = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("customer", "Group"),
        queryset=Group.objects.all(),
        to_field_name="code",
        empty_label=pgettext_lazy("filter", "all"),
    )
    branch = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("customer", "Branch"),
        queryset=Branch.objects.all(),
        to_field_name="code",
        empty_label=pgettext_lazy("filter", "all"),
    )
    salesperson = SalespersonFilter(label=pgettext_lazy("customer", "Salesperson"))
    status = django_filters.ChoiceFilter(
        label=pgettext_lazy("customer", "Status"),
        choices=list(words.STATUS.items()),
        empty_label=pgettext_lazy("filter", "all"),
    )

    class Meta:
        model = Customer
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Customer], _name: str, typed: str) -> QuerySet[Customer]:
        return search(rows, typed)
