"""Small books for tests: a company, its entity, people, customers; amounts in whole units of two decimals."""

from datetime import date

from xinheng.base import clock
from xinheng.base.models import Company, User
from xinheng.desk.customers.public import Customer, write_customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules.road import Kind
from xinheng.site import founding

DAY = date(2026, 3, 2)


def found(currency: str = "USD", today: date = DAY) -> Company:
    """Books with nothing in them; the business date is ``today``."""
    company = founding.begin(currency=currency, name="")
    company.business_date = today
    company.save()
    return company


def person(username: str, *roles: str, **more: object) -> User:
    """A user with roles of the shipped policy."""
    user = User(username=username, roles=list(roles), **more)
    user.set_unusable_password()
    user.save()
    return user


def customer(code: str, **stated: str) -> Customer:
    """A customer with its lock row and its account towards MAIN."""
    made = write_customers([{"code": code, "name": f"Customer {code}", **stated}])[0]
    exposure.ensure_holders(customer_ids=[made.pk], group_ids=[made.group_id] if made.group_id else [])
    exposure.account(made.pk, exposure.entity())
    return made


def line(who: Customer, amount: int | None, *, by: User | None = None, **more: object) -> limits.Line:
    """A line of an amount in minor units (None: unlimited)."""
    kind = "unlimited" if amount is None else "amount"
    row = limits.LineRow(kind=kind, currency="USD", amount=amount, customer_id=who.pk, **more)
    return limits.set_line(row, on=clock.business_date(), by=by or founding.console())


def close_month(month: date, *, by: User | None = None) -> exposure.Period:
    """Close a month of MAIN; the business date has left it behind."""
    over = exposure.month_after(month)
    Company.objects.filter(business_date__lt=over).update(business_date=over)
    return exposure.close_month(exposure.entity(), month, by=by or founding.console())


def document(
    who: Customer, kind: Kind, number: str, amount: int, on: date = DAY, **more: object
) -> exposure.NewDocument:
    """A document of a customer towards MAIN."""
    seller = exposure.entity()
    return exposure.NewDocument(
        kind=kind,
        entity_id=seller.pk,
        account_id=exposure.account(who.pk, seller).pk,
        number=number,
        dated_on=on,
        currency="USD",
        amount=amount,
        **more,
    )


def add(*documents: exposure.NewDocument) -> list[exposure.Document]:
    """Put documents into the ledger."""
    return exposure.add(exposure.open_entry("test", by=founding.console()), documents)


def stands(who: Customer, moment: exposure.Moment = exposure.NOW) -> dict[str, int]:
    """What stands where for a customer: component name → minor units, those of nothing left out."""
    found = exposure.amounts(exposure.accounts_of(customer_id=who.pk), moment)
    return {component.name: amount for (_, _, component), amount in found.items() if amount}
