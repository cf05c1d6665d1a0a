"""In which order open items stand: the oldest first unless somebody asks for the largest, a customer's or a number's.

SQL over ``p``, a position; what a document or a customer tells is looked up beside it, only where it is asked for.
"""

from xinheng.rules.ageing import By
from xinheng.rules.road import Component

_OF_DOCUMENT = "(SELECT x.{} FROM exposure_document x WHERE x.id = p.document_id)"
_OF_CUSTOMER = (
    "(SELECT x.{} FROM customers_customer x JOIN exposure_account y ON y.customer_id = x.id WHERE y.id = p.account_id)"
)
#: By name: what items may be ordered by.  Amounts of two currencies have no order, so those stand apart.
ORDERS = {
    "number": (_OF_DOCUMENT.format("number"),),
    "customer": (_OF_CUSTOMER.format("name"),),
    "dated_on": ("p.dated_on",),
    "due_on": ("p.due_on",),
    "amount": ("p.currency", _OF_DOCUMENT.format("amount")),
    "open": ("p.currency", "{sign} * ({still})"),
    "salesperson": (
        f"COALESCE(NULLIF({_OF_DOCUMENT.format('salesperson')}, ''), {_OF_CUSTOMER.format('salesperson')})",
    ),
}
_SIGN = f"(CASE WHEN p.component = {int(Component.UNAPPLIED)} THEN -1 ELSE 1 END)"


def known(asked: str) -> str:
    """The order that was asked for; the usual one where it does not exist."""
    return asked if asked.removeprefix("-") in ORDERS else ""


def order_by(order: str, by: By, still: str) -> str:
    """The keys behind ORDER BY; ``still`` is what of an item is open, and what has no value stands last."""
    day = "p.due_on" if by is By.DUE else "p.dated_on"
    oldest = f"({day} IS NULL), {day}, p.component, p.dated_on, p.id"
    if not known(order):
        return oldest
    *before, value = (one.format(sign=_SIGN, still=still) for one in ORDERS[order.removeprefix("-")])
    way = "DESC" if order.startswith("-") else "ASC"
    return ", ".join([*before, f"({value} IS NULL)", f"{value} {way}", oldest])
