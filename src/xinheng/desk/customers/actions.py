"""What may be done to a customer's file: enter, change, put in a group."""

from collections.abc import Callable, Iterable, Mapping

from xinheng.base import audit, clock, events, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Conflict
from xinheng.base.models import Branch, User
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.names import checked_tax_id, search_text
from xinheng.desk.customers.queries import by_codes
from xinheng.rules.currencies import decimals
from xinheng.rules.terms import parse_term

#: What a person may state about a customer; group and branch by code.
FIELDS = ("name", "name_en", "tax_id", "group", "branch", "salesperson", "currency", "term", "customer_class", "status")


class BadStatus(BadInput):
    """A customer is active or inactive.  params: value."""

    code = "BAD_STATUS"


def enter_customer(code: str, *, by: User, **stated: str) -> Customer:
    """Open a customer file.

    Raises:
        Conflict: the code exists.  BadTaxId, BadStatus, UnknownCurrency, UnknownTerm: a field is wrong.  Refused.
    """
    rights.require(by, "customers.edit")
    with atomic():
        if Customer.objects.filter(code=code).exists():
            raise Conflict(what="customer", number=code)
        customer = write_customers([{"code": code, **stated}])[0]
        audit.record("customers", "customers.customer.entered", f"customer:{code}", by=by, data=stated)
        return customer


def change_customer(customer: Customer, *, by: User, **stated: str) -> Customer:
    """Change what the file says, a blank field included; the audit line keeps what it said before.

    Held orders are looked at again when the group, the class or the status has changed.

    Raises:
        BadTaxId, BadStatus, UnknownCurrency, UnknownTerm: a field is wrong.  Refused, LockTimeout.
    """
    rights.require(by, "customers.edit")
    with atomic():
        before = {name: described(customer, name) for name in stated}
        groups = [customer.group_id]
        changed = write_customers([{"code": customer.code, **stated}], clearing=True)[0]
        after = {name: described(changed, name) for name in stated}
        if before != after:
            data = {"before": before, "after": after}
            audit.record("customers", "customers.customer.changed", f"customer:{customer.code}", by=by, data=data)
        if any(before.get(name) != after.get(name) for name in ("group", "status", "customer_class")):
            members = Customer.objects.filter(group__in=[id for id in (*groups, changed.group_id) if id])
            ids = frozenset({changed.pk, *members.values_list("id", flat=True)})
            events.tell(events.CreditChanged(ids, "CUSTOMER", clock.business_date(), by))
        return changed


def described(customer: Customer, name: str) -> str:
    """A field as a person states it."""
    value = getattr(customer, name)
    return value.code if isinstance(value, (Group, Branch)) else value or ""


def write_customers(rows: Iterable[Mapping[str, str]], *, clearing: bool = False) -> list[Customer]:
    """Make or change customers from stated fields; a blank one is unstated, or empty where ``clearing``.

    Whoever moves to another group is locked with both groups first.  No audit line: the caller writes it.

    Raises:
        BadTaxId, BadStatus, UnknownCurrency, UnknownTerm: a field is wrong; nothing was written.
    """
    rows = [_checked(row) for row in rows]
    groups = _coded(Group, {row["group"] for row in rows if row.get("group")})
    branches = _coded(Branch, {row["branch"] for row in rows if row.get("branch")})
    present = by_codes(row["code"] for row in rows)
    _lock_movers(rows, present, groups, clearing=clearing)
    now, made, changed = clock.now(), [], []
    for row in rows:
        customer = present.get(row["code"])
        (changed if customer else made).append(
            customer := customer or Customer(code=row["code"], name=row.get("name") or row["code"], created_at=now)
        )
        for name in FIELDS:
            value = row.get(name)
            if value:
                setattr(customer, name, {"group": groups, "branch": branches}.get(name, {}).get(value, value))
            elif clearing and value is not None and name not in _NEVER_BLANK:
                setattr(customer, name, None if name in {"group", "branch"} else "")
        customer.search = search_text(customer.code, customer.name, customer.name_en, customer.tax_id)
    Customer.objects.bulk_create(made, batch_size=1000)
    Customer.objects.bulk_update(changed, [*FIELDS, "search"], batch_size=500)
    by_code = {customer.code: customer for customer in (*made, *changed)}
    return [by_code[row["code"]] for row in rows]


#: Every customer has a name and a status.
_NEVER_BLANK = frozenset({"name", "status"})


def _checked(row: Mapping[str, str]) -> dict[str, str]:
    """The row with its identifiers and codes as they are kept."""
    return {name: _CHECKS[name](value) if value and name in _CHECKS else value for name, value in row.items()}


def _checked_currency(value: str) -> str:
    decimals(value)
    return value


def _checked_status(value: str) -> str:
    if value not in Customer.Status:
        raise BadStatus(value=value)
    return value


_CHECKS: dict[str, Callable[[str], str]] = {
    "tax_id": checked_tax_id,
    "currency": _checked_currency,
    "term": lambda value: str(parse_term(value)),
    "status": _checked_status,
}


def _lock_movers(
    rows: Iterable[Mapping[str, str]], present: Mapping[str, Customer], groups: Mapping[str, Group], *, clearing: bool
) -> None:
    """Tell whoever holds the locks about customers that change their group: what they owe moves with them."""
    customers, touched = set(), set()
    for row in rows:
        customer, code = present.get(row["code"]), row.get("group")
        if customer is None or code is None or (not code and not clearing):
            continue
        group_id = groups[code].pk if code else None
        if group_id != customer.group_id:
            customers.add(customer.pk)
            touched |= {id for id in (group_id, customer.group_id) if id}
    if customers:
        events.tell(events.CustomersMoving(frozenset(customers), frozenset(touched)))


def _coded[Model: (Group, Branch)](model: type[Model], codes: set[str]) -> dict[str, Model]:
    """Groups or branches by code; unknown ones are made with the code as name."""
    found = {item.code: item for item in model.objects.filter(code__in=codes)}
    for code in sorted(codes - found.keys()):
        found[code] = model.objects.create(code=code, name=code)
    return found
