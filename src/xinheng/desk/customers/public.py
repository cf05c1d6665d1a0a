"""What later chapters may ask of the customer file."""

from xinheng.desk.customers.actions import change_customer, described, enter_customer, write_customers
from xinheng.desk.customers.inputs import CustomerField, GroupField, chosen
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.names import checked_tax_id
from xinheng.desk.customers.queries import (
    by_code,
    by_codes,
    group_by_code,
    search,
    sees,
    sees_all,
    visible_among,
    visible_to,
    whose,
)
from xinheng.desk.customers.shapes import CustomerShape, customer_shape

__all__ = [
    "Customer",
    "CustomerField",
    "CustomerShape",
    "Group",
    "GroupField",
    "by_code",
    "by_codes",
    "change_customer",
    "checked_tax_id",
    "chosen",
    "customer_shape",
    "described",
    "enter_customer",
    "group_by_code",
    "search",
    "sees",
    "sees_all",
    "visible_among",
    "visible_to",
    "whose",
    "write_customers",
]
