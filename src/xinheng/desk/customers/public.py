"""What later chapters may ask of the customer file."""

from xinheng.desk.customers.actions import change_customer, described, enter_customer, write_customers
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.queries import by_code, group_by_code, search, sees, visible_to

__all__ = [
    "Customer",
    "Group",
    "by_code",
    "change_customer",
    "described",
    "enter_customer",
    "group_by_code",
    "search",
    "sees",
    "visible_to",
    "write_customers",
]
