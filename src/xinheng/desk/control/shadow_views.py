"""The door of shadow mode: which orders it would have held, for what money, why, and who of them paid late."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from xinheng.base import charts, clock, formats
from xinheng.base.charts import Chart
from xinheng.base.inputs import DayFilter
from xinheng.base.screens import ListScreen
from xinheng.base.tables import ChipColumn, Column, DayColumn, LinkColumn, MoneyColumn, Table
from xinheng.desk.control import watched, words
from xinheng.desk.control.models import Decision
from xinheng.desk.control.tables import customer_address, reason_chips
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.rules.money import total
from xinheng.rules.policy import CheckPoint, ReasonCode

_USUAL_DAYS = 31
_ALL = pgettext_lazy("filter", "all")


def _address(decision: Decision) -> str:
    return reverse("control:order", args=[decision.document_id])


class ShadowFilter(django_filters.FilterSet):
    """Which days, moments, reasons and customers; the last month unless asked for other days."""

    since = DayFilter(label=pgettext_lazy("movement", "From day"), field_name="on", lookup_expr="gte")
    until = DayFilter(label=pgettext_lazy("movement", "Until day"), field_name="on", lookup_expr="lte")
    point = django_filters.ChoiceFilter(
        label=gettext_lazy("Moment"), choices=[(one.value, words.POINTS[one]) for one in CheckPoint], empty_label=_ALL
    )
    reason = django_filters.ChoiceFilter(
        label=gettext_lazy("Reason"), method="by_reason", choices=list(words.REASON_NAMES.items()), empty_label=_ALL
    )
    late = django_filters.BooleanFilter(label=gettext_lazy("Paid late afterwards"))
    customer = django_filters.CharFilter(label=pgettext_lazy("customer", "Customer"), method="by_customer")

    class Meta:
        model = Decision
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        stated = {name: value for name, value in (data or {}).items() if value}
        today = clock.business_date()
        usual = {"since": (today - timedelta(days=_USUAL_DAYS)).isoformat(), "until": today.isoformat()}
        super().__init__(usual | stated, *args, **kwargs)

    def by_reason(self, rows: QuerySet[Decision], _name: str, wanted: str) -> QuerySet[Decision]:
        told = rows.annotate(said=Cast("outcome", TextField()))
        return told.filter(said__contains=f'"code": "{wanted}"')

    def by_customer(self, rows: QuerySet[Decision], _name: str, typed: str) -> QuerySet[Decision]:
        visible = customers.visible_to(self.request.user)
        found = visible.filter(code=typed.strip()) or customers.search(visible, typed)
        return rows.filter(account__customer__in=found)


class LateColumn(Column):
    """Whether the customer paid late afterwards: the proof that a rule was right."""

    def render(self, value: bool) -> str:
        return str(_("yes") if value else formats.MISSING)

    def value(self, **kwargs: Any) -> str:
        return str(_("yes") if kwargs["value"] else _("no"))


class ShadowTable(Table):
    """One line for each order and moment at which it would have been held first."""

    number = LinkColumn(pgettext_lazy("document", "Order"), to=_address, css="short")
    customer = LinkColumn(
        pgettext_lazy("customer", "Customer"),
        accessor="document__account__customer",
        order_by="document__account__customer__name",
        to=customer_address,
        right="customers.view",
        below=lambda one: one.document.account.customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    on = DayColumn(pgettext_lazy("document", "Date"))
    point = ChipColumn(gettext_lazy("Moment"), tones=dict.fromkeys(words.POINTS, "closed"), words=words.POINTS)
    amount = MoneyColumn(
        pgettext_lazy("figure", "Amount"),
        accessor="document__amount",
        currency="document.currency",
        signed=True,
        order_by=("document__currency", "document__amount"),
    )
    reasons = Column(gettext_lazy("Reasons"), empty_values=(), orderable=False, css="wide")
    late = LateColumn(gettext_lazy("Paid late afterwards"))

    def render_reasons(self, record: Decision) -> SafeString:
        return reason_chips(record.outcome["reasons"])

    def value_reasons(self, record: Decision) -> str:
        return " ".join(words.reason(one) for one in record.outcome["reasons"])

    def address_of(self, record: Decision) -> str:
        return _address(record)


class ShadowOrders(ListScreen):
    """What would have been held where the policy only watches."""

    right = "decisions.view"
    title = pgettext_lazy("way", "Shadow mode")
    table_class = ShadowTable
    filter_class = ShadowFilter
    template_name = "control/shadow.html"
    export_name = "shadow-mode"
    active = "control:shadow"
    empty = gettext_lazy(
        "Nothing would have been held on these days. Where the policy watches only (section shadow mode), an order "
        "that a rule would hold goes ahead and appears here."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Decision]:
        return watched.would_hold(request.user, today=clock.business_date())  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Decision], count: int) -> str:
        self.seen = watched.summed(rows)
        if not count:
            return ""
        said = ngettext(
            "%(count)s order worth %(money)s went ahead that would have been held.",
            "%(count)s orders worth %(money)s went ahead that would have been held.",
            self.seen.count,
        ) % {
            "count": formats.count(self.seen.count),
            "money": " + ".join(formats.short(amount, code) for code, amount in sorted(self.seen.amounts.items())),
        }
        if not self.seen.late:
            return said
        late = ngettext(
            "%(said)s The customer of %(late)s of them paid late afterwards.",
            "%(said)s The customers of %(late)s of them paid late afterwards.",
            self.seen.late,
        )
        return late % {"said": said, "late": formats.count(self.seen.late)}

    def context(self, request: HttpRequest) -> dict[str, Any]:
        seen = getattr(self, "seen", None)
        return {"chart": _chart(seen) if seen is not None and seen.count else None}


def _chart(seen: watched.Seen) -> Chart:
    """What each reason would have stopped, in the company's currency at today's rates."""
    currency = clock.company().currency
    codes = {code for code, _currency in seen.by_reason}
    rates = exposure.rates_on(clock.business_date(), currency) if seen.amounts.keys() - {currency} else {}
    bars = []
    for code in (one for one in ReasonCode if one.value in codes):
        sums = {of: amount for (reason, of), amount in seen.by_reason.items() if reason == code}
        address = f"?reason={code.value}"
        bars.append(charts.Bar(str(words.REASON_NAMES[code]), total(sums, currency, rates), address=address))
    note = _("an order with several reasons counts under each")
    first = pgettext("decision", "Reason")
    return charts.bars("shadow", _("What would have been held, by reason"), currency, bars, first=first, note=note)
