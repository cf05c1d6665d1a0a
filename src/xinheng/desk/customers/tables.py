"""The list of customers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from xinheng.base.tables import ChipColumn, Column, LinkColumn, SalespersonColumn, Table
from xinheng.desk.customers import words


def address(customer: Any) -> str:
    """One customer's page."""
    return reverse("customer", args=[customer.pk])


class CustomerTable(Table):
    """Who the customers are; what they owe is added by whoever knows (later chapters)."""

    name = LinkColumn(
        pgettext_lazy("customer", "Customer"),
        to=address,
        named=lambda customer: customer,
        below=lambda customer: customer.code,
        below_head=pgettext_lazy("customer", "Code"),
    )
    group = Column(pgettext_lazy("customer", "Group"), accessor="group__name", order_by="group__code", css="off-phone")
    branch = Column(
        pgettext_lazy("customer", "Branch"), accessor="branch__code", order_by="branch__code", css="off-phone"
    )
    salesperson = SalespersonColumn(pgettext_lazy("customer", "Salesperson"))
    status = ChipColumn(pgettext_lazy("customer", "Status"), tones=words.STATUS_TONES, words=words.STATUS)

    def address_of(self, record: Any) -> str:
        return address(record)
