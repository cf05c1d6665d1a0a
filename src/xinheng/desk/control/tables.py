"""The queue of held orders, the list of orders, and goods that left without a release."""

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import clock, formats, names
from xinheng.base.tables import (
    ChipColumn,
    ChooseColumn,
    Column,
    DayColumn,
    LinkColumn,
    MoneyColumn,
    SalespersonColumn,
    Table,
)
from xinheng.base.templatetags.house import chip
from xinheng.desk.control import waiting, words
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales

_NUMBER = pgettext_lazy("document", "Order")
_CUSTOMER = pgettext_lazy("customer", "Customer")


def order_address(order: Any) -> str:
    """One order with its decision."""
    return reverse("control:order", args=[order.pk])


def customer_address(order: Any) -> str:
    """The page of the order's customer."""
    return reverse("customer", args=[order.document.account.customer_id])


def reason_chips(reasons: Any) -> SafeString:
    """Reasons as chips: what holds in red, what is only noticed in amber; the sentence on hovering."""
    tones = {"BLOCK": "bad", "NOTICE": "watch", "RELEASED": "normal", "SHADOW": "watch"}
    shown = [(chip(words.REASON_NAMES[one["code"]], tones[one["effect"]], words.reason(one)),) for one in reasons]
    return format_html('<span class="chips">{}</span>', format_html_join("", "{}", shown))


def _person(user: Any) -> str:
    return names.of(user, get_language() or "zh")


def _also(more: int) -> str:
    """How many other ways there are."""
    return ngettext("or %(count)s other way", "or %(count)s other ways", more) % {"count": more}


class DecideColumn(django_tables2.Column):
    """Opens the decision beside the list."""

    def __init__(self) -> None:
        cell = {"class": "act"}
        super().__init__("", accessor="pk", orderable=False, exclude_from_export=True, attrs={"th": cell, "td": cell})

    def render(self, value: int) -> SafeString:
        return format_html(
            '<button type="button" class="btn btn-sm" data-drawer hx-get="{}" hx-target="#drawer">{}</button>',
            reverse("control:peek", args=[value]),
            _("Decide"),
        )


class SinceColumn(DayColumn):
    """Since when it waits, and for how many days."""

    def render(self, value: Any) -> SafeString:
        days = (clock.business_date() - value).days
        said = ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days > 0 else _("today")
        return format_html('<span>{}<span class="below">{}</span></span>', super().render(value), said)


class HeldTable(Table):
    """What waits, why, what frees it and who may sign."""

    choose = ChooseColumn(label=lambda order: order.document.number)
    number = LinkColumn(
        _NUMBER,
        accessor="document__number",
        order_by="document__number",
        to=order_address,
        css="short",
        below=lambda order: sales.PAYMENTS[order.payment],
        below_head=pgettext_lazy("order", "Payment"),
    )
    customer = LinkColumn(
        _CUSTOMER,
        accessor="document__account__customer",
        order_by="document__account__customer__name",
        to=customer_address,
        right="customers.view",
        below=lambda order: order.document.account.customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    since = SinceColumn(pgettext_lazy("held", "Since"), accessor="document__dated_on", order_by="document__dated_on")
    amount = MoneyColumn(
        pgettext_lazy("figure", "Amount"),
        accessor="document__amount",
        currency="document.currency",
        order_by=("document__currency", "document__amount"),  # amounts of two currencies have no order
        signed=True,
    )
    reasons = Column(_("Reasons"), empty_values=(), orderable=False, css="wide")
    frees = Column(_("What frees it"), empty_values=(), orderable=False, css="wide")
    signers = Column(_("Who may release"), empty_values=(), orderable=False, visible=False)
    decide = DecideColumn()

    class Meta(Table.Meta):
        row_attrs = {"data-order": lambda record: record.pk}

    def decorate(self, rows: list[Any]) -> None:
        found = waiting.cases(rows)
        for row in rows:
            row.case = found[row.pk]

    def render_reasons(self, record: Any) -> SafeString:
        marks = [chip(words.REASON_NAMES["FORCED_HOLD"], "bad")] if record.forced_hold else []
        return format_html(
            "{}{}", format_html_join("", "{}", ((mark,) for mark in marks)), reason_chips(record.case.reasons)
        )

    def value_reasons(self, record: Any) -> str:
        return " ".join(words.reason(one) for one in record.case.reasons)

    def render_frees(self, record: Any) -> SafeString:
        frees, rule = record.case.frees, record.case.signers
        asked = [one.by for one in record.case.requests]
        said = words.free(frees[0]) if frees else _("only a person can let it go")
        also = [_also(len(frees) - 1)] if len(frees) > 1 else []
        also += [_("release: %(who)s") % {"who": words.signers(rule)}] if rule else []
        also += [_("asked for by %(who)s") % {"who": formats.listed(map(_person, asked))}] if asked else []
        return format_html('{}<span class="below">{}</span>', said, " · ".join(also))

    def value_frees(self, record: Any) -> str:
        return "; ".join(words.free(one) for one in record.case.frees)

    def value_signers(self, record: Any) -> str:
        rule = record.case.signers
        return words.signers(rule) if rule else formats.MISSING

    def address_of(self, record: Any) -> str:
        return order_address(record)


class OrderTable(Table):
    """All orders."""

    number = LinkColumn(
        _NUMBER, accessor="document__number", order_by="document__number", to=order_address, css="short"
    )
    customer = LinkColumn(
        _CUSTOMER,
        accessor="document__account__customer",
        order_by="document__account__customer__name",
        to=customer_address,
        right="customers.view",
        below=lambda order: order.document.account.customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    dated_on = DayColumn(pgettext_lazy("document", "Date"), accessor="document__dated_on")
    amount = MoneyColumn(
        pgettext_lazy("figure", "Amount"),
        accessor="document__amount",
        currency="document.currency",
        signed=True,
        order_by=("document__currency", "document__amount"),
    )
    payment = ChipColumn(
        pgettext_lazy("order", "Payment"), tones=dict.fromkeys(sales.PAYMENTS, "closed"), words=sales.PAYMENTS
    )
    salesperson = SalespersonColumn(pgettext_lazy("customer", "Salesperson"), accessor="document__salesperson")
    ship_date = DayColumn(_("Ship date"))
    state = ChipColumn(pgettext_lazy("order", "State"), tones=sales.STATE_TONES, words=sales.STATES)

    def address_of(self, record: Any) -> str:
        return order_address(record)


class UnreleasedTable(Table):
    """Goods that left without a release, with the name on it (OC-009)."""

    number = LinkColumn(
        pgettext_lazy("document", "Delivery"),
        accessor="delivery__number",
        to=lambda record: reverse("document", args=[record.pk]),
    )
    customer = LinkColumn(
        _CUSTOMER,
        accessor="delivery__account__customer",
        order_by="delivery__account__customer__name",
        to=lambda record: reverse("customer", args=[record.delivery.account.customer_id]),
        right="customers.view",
        below=lambda record: record.delivery.account.customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    dated_on = DayColumn(pgettext_lazy("document", "Date"), accessor="delivery__dated_on")
    amount = MoneyColumn(
        pgettext_lazy("figure", "Amount"),
        accessor="delivery__amount",
        currency="delivery.currency",
        signed=True,
        order_by=("delivery__currency", "delivery__amount"),
    )
    reason = Column(_("Why it is listed"))
    responsible = SalespersonColumn(_("Who answers for it"))

    def render_reason(self, value: str) -> str:
        return str(sales.UNRELEASED_REASONS.get(value, value))

    def address_of(self, record: Any) -> str:
        return reverse("document", args=[record.pk])


class UnlinkedTable(Table):
    """Deliveries and invoices that name no order, beside the open orders they might belong to."""

    number = LinkColumn(pgettext_lazy("document", "Document"), to=lambda record: reverse("document", args=[record.pk]))
    kind = Column(pgettext_lazy("document", "Kind"))
    customer = LinkColumn(
        _CUSTOMER,
        accessor="account__customer",
        order_by="account__customer__name",
        to=lambda record: reverse("customer", args=[record.account.customer_id]),
        right="customers.view",
        below=lambda record: record.account.customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    dated_on = DayColumn(pgettext_lazy("document", "Date"))
    amount = MoneyColumn(pgettext_lazy("figure", "Amount"), signed=True, order_by=("currency", "amount"))
    orders = Column(_("Open orders it might belong to"), empty_values=(), orderable=False, css="wide")

    def decorate(self, rows: list[Any]) -> None:
        found = sales.candidates(rows)
        for row in rows:
            row.candidates = found[row.pk]

    def render_kind(self, record: Any) -> str:
        return exposure.kind_name(record.kind)

    def value_kind(self, record: Any) -> str:
        return exposure.kind_name(record.kind)

    def render_orders(self, record: Any) -> SafeString:
        shown = (
            (
                reverse("control:order", args=[one.document.pk]),
                one.document.number,
                formats.full(one.left, one.document.currency),
            )
            for one in record.candidates[:5]
        )
        return format_html_join(", ", '<a href="{}">{}</a> ({})', shown)

    def value_orders(self, record: Any) -> str:
        return ", ".join(one.document.number for one in record.candidates)

    def address_of(self, record: Any) -> str:
        return reverse("document", args=[record.pk])
