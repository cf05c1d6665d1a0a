"""A customer's file as every door writes it."""

from typing import TypedDict

from xinheng.desk.customers.models import Customer


class CustomerShape(TypedDict):
    """A customer; group and branch by code."""

    code: str
    name: str
    name_en: str
    tax_id: str
    group: str | None
    branch: str | None
    salesperson: str
    currency: str
    term: str
    customer_class: str
    status: str


def customer_shape(one: Customer) -> CustomerShape:
    """A customer."""
    return {
        "code": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "tax_id": one.tax_id,
        "group": one.group.code if one.group else None,
        "branch": one.branch.code if one.branch else None,
        "salesperson": one.salesperson,
        "currency": one.currency,
        "term": one.term,
        "customer_class": one.customer_class,
        "status": one.status,
    }
