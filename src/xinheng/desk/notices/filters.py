"""How notices are picked out: what waits to be seen, unless others are asked for."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.desk.notices.models import Notice
from xinheng.desk.notices.queries import still_waiting
from xinheng.desk.notices.words import KINDS

_ALL = pgettext_lazy("filter", "all")
_HINT = _("Customer or number")


class InboxFilter(django_filters.FilterSet):
    """By what it is about, what happened, and whether it was seen."""

    q = django_filters.CharFilter(
        label=_HINT, method="by_words", widget=forms.TextInput(attrs={"type": "search", "placeholder": _HINT})
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("notice", "State"),
        method="by_state",
        choices=[("all", _ALL)],
        empty_label=pgettext_lazy("notice", "unread"),
    )
    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("notice", "What happened"), choices=list(KINDS.items()), empty_label=_ALL
    )

    class Meta:
        model = Notice
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return found
        return still_waiting(found)

    def by_words(self, rows: QuerySet[Notice], _name: str, typed: str) -> QuerySet[Notice]:
        for word in typed.split():
            whose = Q(customer__code=word) | Q(customer__search__contains=word.lower())
            whose |= Q(group__code__icontains=word) | Q(group__name__icontains=word)
            rows = rows.filter(whose | Q(data__number__icontains=word))
        return rows

    def by_state(self, rows: QuerySet[Notice], _name: str, _wanted: str) -> QuerySet[Notice]:
        return rows
