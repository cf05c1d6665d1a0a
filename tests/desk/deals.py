"""Orders, policies and people of small books, in one short line each; amounts in minor units."""

from datetime import date
from typing import Any

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base import policies
from xinheng.base.models import PolicyVersion, User
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import SHIPPED
from xinheng.site import founding


def order(who: Customer, number: str, amount: int, on: date = DAY, *, by: User | None = None, **more: Any) -> Order:
    """An order that was entered and not checked yet."""
    entity = more.pop("entity", None)
    more = {"currency": "USD", "salesperson": who.salesperson, **money.of(who, entity), **more}
    row = sales.OrderRow(number=number, dated_on=on, amount=amount, **more)
    return sales.enter_order(row, customer_id=who.pk, by=by or founding.console())


def check(one: Order, on: date = DAY) -> Decision:
    return control.check_order(one, on=on, by=founding.console())


def checked(who: Customer, number: str, amount: int, on: date = DAY, **more: Any) -> Order:
    """An order entered and checked on the same day."""
    made = order(who, number, amount, on, **more)
    check(made, on)
    return again(made)


def ship(one: Order, on: date = DAY, **more: Any) -> exposure.Document:
    return control.ship(one, on=on, by=founding.console(), **more)


def change(one: Order, on: date = DAY, **more: Any) -> Decision | None:
    return control.change_order(one, control.Change(**more), on=on, by=founding.console())


def again(one: Order) -> Order:
    """The order as it is now."""
    return Order.objects.select_related("document__account__customer", "document__entity").get(pk=one.pk)


def state(one: Order) -> str:
    return str(again(one).state)


def last(one: Order) -> Decision:
    """What was decided about it last."""
    return Decision.objects.filter(document=one.pk).order_by("-id")[0]


def reasons(decision: Decision) -> list[str]:
    return [one["code"] for one in decision.outcome["reasons"]]


def blocks(decision: Decision) -> list[str]:
    return [one["code"] for one in decision.outcome["reasons"] if one["effect"] == "BLOCK"]


def policy(*changes: tuple[str, str], on: date | None = None) -> PolicyVersion:
    """Sign a policy: the shipped one with texts replaced."""
    text = SHIPPED
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    proposer = User.objects.filter(username="proposer").first() or books.person("proposer", "FINANCE_DIRECTOR")
    signer = User.objects.filter(username="boss").first() or books.person("boss", "GENERAL_MANAGER")
    row = policies.propose(text, by=proposer, effective_from=on or date(2000, 1, 1))
    return policies.sign(row.version, by=signer)


def effect(rule: str, **points: str) -> tuple[str, str]:
    """A change of one rule's effects: ``effect("over_limit", invoice="BLOCK")``."""
    line = next(one for one in SHIPPED.splitlines() if one.startswith(f"{rule} "))
    changed = line
    for point, new in points.items():
        before, _, rest = changed.partition(f'{point} = "')
        changed = f'{before}{point} = "{new}"{rest.partition(chr(34))[2]}'
    return line, changed
