"""The customer list."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.screens import ListScreen
from xinheng.desk.customers.filters import CustomerFilter
from xinheng.desk.customers.models import Customer
from xinheng.desk.customers.queries import visible_to
from xinheng.desk.customers.tables import CustomerTable


class CustomerList(ListScreen):
    """Everybody the reader may see, found by whatever is known of them."""

    right = "customers.view"
    title = pgettext_lazy("way", "Customers")
    table_class = CustomerTable
    filter_class = CustomerFilter
    export_name = "customers"
    active = "customers"
    empty = _("No customer is entered yet. They come in through a file (xinheng import customers) or one by one.")

    def rows(self, request: HttpRequest) -> QuerySet[Customer]:
        return visible_to(request.user).select_related("group", "branch")  # type: ignore[arg-type]
