"""The list of breaches: whose debt it is, what it rests on, since when deliveries stop, what is made of it (OC-010)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from xinheng.base import formats
from xinheng.base.inputs import SalespersonFilter
from xinheng.base.models import Branch
from xinheng.base.tables import Column, LinkColumn, MoneyColumn, Table
from xinheng.base.templatetags.house import chip
from xinheng.desk.control import words
from xinheng.desk.control.models import Breach
from xinheng.desk.control.sentences import named
from xinheng.desk.control.tables import SinceColumn
from xinheng.rules.money import to_decimal

_ALL = pgettext_lazy("filter", "all")
_HINT = _("Customer or group")
#: What a breach can rest on, as the rule book calls it.
CAUSES = ("DEBT_OVER_LIMIT", "OVERDUE_DAYS", "OVERDUE_AMOUNT", "OVERDUE_SHARE", "COD_OVERDUE")
_TONES = {
    Breach.Proposal.NONE: "bad",
    Breach.Proposal.OPEN: "bad",
    Breach.Proposal.DECLINED: "bad",
    Breach.Proposal.ACCEPTED: "closed",
    Breach.Proposal.KEPT: "watch",
    Breach.Proposal.LAPSED: "closed",
}


def breach_address(breach: Breach) -> str:
    """One breach with what can be made of it."""
    return reverse("control:breach", args=[breach.pk])


def holder_address(breach: Breach) -> str:
    """The customer in breach, or the members of the group."""
    if breach.customer_id:
        return reverse("customer", args=[breach.customer_id])
    return f"{reverse('customers')}?{urlencode({'group': breach.holder.code})}"


def hold_chip(breach: Breach) -> SafeString:
    """Whether its deliveries are stopped by it."""
    if breach.hold.lifted_at is None:
        return chip(_("deliveries stopped"), "bad")
    return chip(_("hold lifted"), "closed")


def state_chip(breach: Breach) -> SafeString:
    """What is made of it, in two or three words."""
    return chip(Breach.Proposal(breach.proposal).label, _TONES[Breach.Proposal(breach.proposal)])


class BreachTable(Table):
    """Who is in breach, why, since when, and what is proposed."""

    holder = LinkColumn(
        pgettext_lazy("customer", "Customer"),
        accessor="holder",
        order_by=("customer__name", "group__name"),
        to=holder_address,
        right="customers.view",
        below=lambda one: one.holder.code if one.customer_id else pgettext("breach", "group %s") % one.holder.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    found_on = SinceColumn(pgettext_lazy("breach", "Since"))
    causes = Column(pgettext_lazy("breach", "Causes"), empty_values=(), orderable=False, css="wide")
    overdue = Column(pgettext_lazy("breach", "Overdue"), empty_values=(), orderable=False, css="num")
    debt = MoneyColumn(
        pgettext_lazy("breach", "Debt"), accessor="facts__debt", currency="facts.currency", orderable=False, signed=True
    )
    limit = MoneyColumn(
        pgettext_lazy("breach", "Limit"),
        accessor="facts__limit",
        currency="facts.currency",
        orderable=False,
        signed=True,
    )
    hold = Column(pgettext_lazy("breach", "Hold"), empty_values=(), orderable=False)
    proposal = Column(pgettext_lazy("breach", "Proposal"))
    ended_on = SinceColumn(pgettext_lazy("breach", "Ended"), visible=False)

    def render_causes(self, record: Breach) -> str:
        return words.breach_causes(record)

    def value_causes(self, record: Breach) -> str:
        return words.breach_causes(record)

    def render_overdue(self, record: Breach) -> str:
        return words.breach_overdue(record) or formats.MISSING

    def value_overdue(self, record: Breach) -> Any:
        """A figure where it is of one currency, the one of the debt beside it."""
        amounts = record.facts.get("overdue_amounts") or {}
        if set(amounts) == {record.facts["currency"]}:
            return to_decimal(amounts[record.facts["currency"]], record.facts["currency"])
        return words.breach_overdue(record)

    def render_hold(self, record: Breach) -> SafeString:
        return hold_chip(record)

    def value_hold(self, record: Breach) -> str:
        return str(_("hold lifted") if record.hold.lifted_at else _("deliveries stopped"))

    def render_proposal(self, record: Breach) -> SafeString:
        return format_html('<a href="{}">{}</a>', breach_address(record), state_chip(record))

    def value_proposal(self, record: Breach) -> str:
        return words.breach_state(record)

    def address_of(self, record: Breach) -> str:
        return breach_address(record)


class BreachFilter(django_filters.FilterSet):
    """Picked by whose it is, what it rests on, what is made of it; those that stand, unless others are asked for."""

    q = django_filters.CharFilter(
        label=_HINT, method="by_words", widget=forms.TextInput(attrs={"type": "search", "placeholder": _HINT})
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("breach", "State"),
        method="by_state",
        choices=[("ended", pgettext_lazy("breach", "ended")), ("all", _ALL)],
        empty_label=pgettext_lazy("breach", "standing"),
    )
    cause = django_filters.ChoiceFilter(
        label=pgettext_lazy("breach", "Causes"),
        method="by_cause",
        choices=lambda: [(code, named(code)) for code in CAUSES],
        empty_label=_ALL,
    )
    proposal = django_filters.ChoiceFilter(
        label=pgettext_lazy("breach", "Proposal"), choices=Breach.Proposal.choices, empty_label=_ALL
    )
    branch = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("customer", "Branch"),
        field_name="customer__branch",
        queryset=Branch.objects.all(),
        to_field_name="code",
        empty_label=_ALL,
    )
    salesperson = SalespersonFilter(label=pgettext_lazy("customer", "Salesperson"), field_name="customer__salesperson")

    class Meta:
        model = Breach
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Breach]) -> QuerySet[Breach]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(ended_on=None)

    def by_words(self, rows: QuerySet[Breach], _name: str, typed: str) -> QuerySet[Breach]:
        for word in typed.split():
            group = Q(group__code__icontains=word) | Q(group__name__icontains=word)
            rows = rows.filter(Q(customer__code=word) | Q(customer__search__contains=word.lower()) | group)
        return rows

    def by_state(self, rows: QuerySet[Breach], _name: str, wanted: str) -> QuerySet[Breach]:
        return rows.filter(ended_on__isnull=False) if wanted == "ended" else rows

    def by_cause(self, rows: QuerySet[Breach], _name: str, wanted: str) -> QuerySet[Breach]:
        return rows.annotate(said=Cast("facts", TextField())).filter(said__contains=f'"{wanted}"')
