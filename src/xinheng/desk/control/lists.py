"""The lists of control: the queue of held orders, all orders, goods without a release, documents without an order."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xinheng.base import formats
from xinheng.base.deeds import Offered
from xinheng.base.screens import ListScreen
from xinheng.desk.control import waiting
from xinheng.desk.control.filters import HeldFilter, OrderFilter
from xinheng.desk.control.forms import RIGHTS
from xinheng.desk.control.tables import HeldTable, OrderTable, UnlinkedTable, UnreleasedTable
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.road import Kind


class HeldOrders(ListScreen):
    """Orders that wait for somebody, longest waiting first."""

    right = "orders.view"
    title = gettext_lazy("Held orders")
    table_class = HeldTable
    filter_class = HeldFilter
    template_name = "control/held.html"
    export_name = "held-orders"
    active = "control:held"
    empty = gettext_lazy("No order waits. When a check holds one, it appears here with what frees it.")

    def rows(self, request: HttpRequest) -> QuerySet[Order]:
        return waiting.waiting_for(request.user)  # type: ignore[arg-type]

    def table(self, rows: QuerySet[Order], request: HttpRequest) -> HeldTable:
        held = request.powers.rights  # type: ignore[attr-defined]
        hidden = [] if set(RIGHTS.values()) & held else ["choose"]
        if "decisions.view" not in held:  # why a customer's order waits is not for everybody who moves goods
            hidden += ["reasons", "frees", "signers", "decide"]
        return HeldTable(rows, request=request, exclude=hidden)

    def answer(self, request: HttpRequest, rows: QuerySet[Order], count: int) -> str:
        if not count:
            return ""
        first = rows.order_by("document__dated_on").first()
        assert first is not None  # noqa: S101 - there are some
        money = " + ".join(formats.short(amount, one) for one, amount in waiting.money_waiting(rows).items())
        said = ngettext(
            "%(number)s order worth %(money)s waits, since %(day)s.",
            "%(number)s orders worth %(money)s wait; the oldest since %(day)s.",
            count,
        )
        return said % {"number": formats.count(count), "money": money, "day": formats.day(first.document.dated_on)}

    def context(self, request: HttpRequest) -> dict[str, Any]:
        held = request.powers.rights  # type: ignore[attr-defined]
        return {f"may_{verb}": right in held for verb, right in RIGHTS.items()}


class Orders(ListScreen):
    """All orders the reader may see."""

    right = "orders.view"
    title = pgettext_lazy("way", "Orders")
    table_class = OrderTable
    filter_class = OrderFilter
    export_name = "orders"
    active = "control:orders"
    empty = gettext_lazy("No order is entered yet. They are entered here, or come in a file or from the ERP.")

    def rows(self, request: HttpRequest) -> QuerySet[Order]:
        return waiting.orders_seen_by(request.user)  # type: ignore[arg-type]

    def offered(self, request: HttpRequest) -> list[Offered]:
        if "orders.enter" not in request.powers.rights:  # type: ignore[attr-defined]
            return []
        return [
            Offered(gettext_lazy("New order"), "plus", reverse("control:new-order"), "btn-primary"),
            Offered(gettext_lazy("Several orders"), "table", reverse("control:several-orders")),
        ]

    def answer(self, request: HttpRequest, rows: QuerySet[Order], count: int) -> str:
        if not count:
            return ""
        held = rows.order_by().filter(waiting.WAITS).count()
        said = ngettext("%(number)s order", "%(number)s orders", count) % {"number": formats.count(count)}
        if not held:
            return _("%(orders)s; none of them waits for somebody.") % {"orders": said}
        waits = ngettext(
            "%(orders)s; %(held)s of them waits for somebody.", "%(orders)s; %(held)s of them wait for somebody.", held
        )
        return waits % {"orders": said, "held": formats.count(held)}


class Unreleased(ListScreen):
    """Goods that left without a release."""

    right = "deliveries.view"
    title = gettext_lazy("Shipped unreleased")
    table_class = UnreleasedTable
    export_name = "shipped-unreleased"
    active = "control:unreleased"
    empty = gettext_lazy("Nothing left without a release.")

    def rows(self, request: HttpRequest) -> QuerySet[sales.Unreleased]:
        return waiting.unreleased_for(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        number = rows.filter(settled_at=None).count()
        return ngettext(
            "%(number)s delivery left without a shipping order.",
            "%(number)s deliveries left without a shipping order.",
            number,
        ) % {"number": number}


class Unlinked(ListScreen):
    """Deliveries and invoices that name no order although one is open."""

    right = "deliveries.view"
    title = gettext_lazy("Unlinked documents")
    table_class = UnlinkedTable
    export_name = "unlinked"
    active = "control:unlinked"
    empty = gettext_lazy("Every delivery and invoice names its order, or its customer has none open.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = waiting.unlinked_for(request.user)  # type: ignore[arg-type]
        # Whoever only moves goods sees the goods, not what is invoiced.
        return rows if "receivables.view" in request.powers.rights else rows.filter(kind=Kind.DELIVERY)  # type: ignore[attr-defined]

    def answer(self, request: HttpRequest, rows: QuerySet[Any], count: int) -> str:
        return ngettext(
            "%(number)s document names no order although its customer has one open.",
            "%(number)s documents name no order although their customers have one open.",
            count,
        ) % {"number": formats.count(count)}
