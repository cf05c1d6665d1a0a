"""The customer file over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import Field

from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Code, Line, MaybeCode, Name, Person, Stated
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.stated import read_number
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer, CustomerShape

room = Room("Customers 客户")
TaxId = Annotated[MaybeCode, Field(max_length=40)]
BranchCode = Annotated[MaybeCode, Field(max_length=32)]
ClassCode = Annotated[MaybeCode, Field(max_length=16)]
CurrencyCode = Annotated[MaybeCode, Field(max_length=3)]
Status = Literal["ACTIVE", "INACTIVE"]


class CustomerFile(Stated):
    """What is stated of a customer; what is left out stays as it is, an empty text empties it."""

    name: Name | None = None
    name_en: Name | None = None
    tax_id: TaxId | None = None
    group: MaybeCode | None = None
    branch: BranchCode | None = None
    salesperson: Person | None = None
    currency: CurrencyCode | None = None
    term: Line | None = None
    customer_class: ClassCode | None = None
    status: Status | None = None


class NewCustomer(CustomerFile):
    """A customer to enter."""

    code: Code


def current(request: HttpRequest, code: str, **_stated: Any) -> CustomerShape:
    """The file as it stands, its row locked until the transaction ends."""
    found = customers.whose(code, caller(request))
    return customers.customer_shape(Customer.objects.select_for_update().get(pk=found.pk))


@room.read("/customers", Page[CustomerShape], right="customers.view")
def list_customers(
    request: HttpRequest,
    q: Line = "",
    salesperson: Person = "",
    group: MaybeCode = "",
    branch: MaybeCode = "",
    status: Status | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Customers; `q` finds them by code, name, pinyin, initials or tax id."""
    asked = {"salesperson": salesperson, "group__code": group, "branch__code": branch, "status": status}
    found = customers.search(customers.visible_to(caller(request)), q).select_related("group", "branch")
    found = found.filter(**{name: value for name, value in asked.items() if value})
    return page(found, customers.customer_shape, cursor=cursor, limit=limit)


@room.write("/customers", CustomerShape, right="customers.edit", makes=True)
def enter_customer(request: HttpRequest, body: NewCustomer) -> Any:
    """Open a customer file."""
    stated = body.model_dump(exclude_none=True)
    made = customers.enter_customer(read_number(stated.pop("code")), by=caller(request), **stated)
    return customers.customer_shape(made)


@room.write("/customers/{path:code}/changes", CustomerShape, right="customers.edit", current=current)
def change_customer(request: HttpRequest, code: Code, body: CustomerFile) -> Any:
    """Change what the file says."""
    by = caller(request)
    found = customers.whose(code, by)
    customers.change_customer(found, by=by, **body.model_dump(exclude_none=True))
    return customers.customer_shape(customers.whose(code, by))


@room.read("/customers/{path:code}", CustomerShape, right="customers.view")
def show_customer(request: HttpRequest, code: Code) -> Any:
    """One customer."""
    return customers.customer_shape(customers.whose(code, caller(request)))
