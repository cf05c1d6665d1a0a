"""What may be done to a customer's file: enter, change, put in a group."""

from collections.abc import Iterable, Mapping

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Conflict
from xinheng.base.models import Branch, User
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.names import checked_tax_id, search_text

#: What a person may state about a customer; group and branch by code.
FIELDS = ("name", "name_en", "tax_id", "group", "branch", "salesperson", "currency", "status")


def enter_customer(code: str, *, by: User, **stated: str) -> Customer:
    """Open a customer file.

    Raises:
        Conflict: the code exists.  BadTaxId: the tax id is wrong.  Refused.
    """
    rights.require(by, "customers.edit")
    with atomic():
        if Customer.objects.filter(code=code).exists():
            raise Conflict(what="customer", number=code)
        customer = write_customers([{"code": code, **stated}])[0]
        audit.record("customers", "customers.customer.entered", f"customer:{code}", by=by, data=stated)
        return customer


def change_customer(customer: Customer, *, by: User, **stated: str) -> Customer:
    """Change what the file says; the audit line keeps what it said before."""
    rights.require(by, "customers.edit")
    with atomic():
        before = {name: described(customer, name) for name in stated}
        changed = write_customers([{"code": customer.code, **stated}])[0]
        after = {name: described(changed, name) for name in stated}
        if before != after:
            data = {"before": before, "after": after}
            audit.record("customers", "customers.customer.changed", f"customer:{customer.code}", by=by, data=data)
        return changed


def described(customer: Customer, name: str) -> str:
    """A field as a person states it."""
    value = getattr(customer, name)
    return value.code if isinstance(value, (Group, Branch)) else value or ""


def write_customers(rows: Iterable[Mapping[str, str]]) -> list[Customer]:
    """Make or change customers from stated fields; blank is unstated.  No audit line: the caller writes it."""
    rows = list(rows)
    groups = _coded(Group, {row["group"] for row in rows if row.get("group")})
    branches = _coded(Branch, {row["branch"] for row in rows if row.get("branch")})
    present = {c.code: c for c in Customer.objects.filter(code__in=[row["code"] for row in rows])}
    now, made, changed = clock.now(), [], []
    for row in rows:
        customer = present.get(row["code"])
        (changed if customer else made).append(
            customer := customer or Customer(code=row["code"], name=row.get("name") or row["code"], created_at=now)
        )
        for name in FIELDS:
            if value := row.get(name):
                setattr(customer, name, {"group": groups, "branch": branches}.get(name, {}).get(value, value))
        customer.tax_id = checked_tax_id(customer.tax_id)
        customer.search = search_text(customer.code, customer.name, customer.name_en, customer.tax_id)
    Customer.objects.bulk_create(made, batch_size=1000)
    Customer.objects.bulk_update(changed, [*FIELDS, "search"], batch_size=500)
    by_code = {customer.code: customer for customer in (*made, *changed)}
    return [by_code[row["code"]] for row in rows]


def _coded[Model: (Group, Branch)](model: type[Model], codes: set[str]) -> dict[str, Model]:
    """Groups or branches by code; unknown ones are made with the code as name."""
    found = {item.code: item for item in model.objects.filter(code__in=codes)}
    for code in sorted(codes - found.keys()):
        found[code] = model.objects.create(code=code, name=code)
    return found
