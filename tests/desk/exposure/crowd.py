"""Many processes at once: ``python -m tests.desk.exposure.crowd SCENE`` forks them and tells what the books hold after.

A scene is JSON: ``customers`` with their group, ``lines``, ``entities``, and for each process whose orders it enters
and checks, of which amount and how many.  All of them start at the same moment, when a pipe is closed.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import django


def main() -> int:
    django.setup()
    scene = json.loads(sys.argv[1])
    _make(scene)
    errors = _together([lambda work=work, name=name: _orders(name, **work) for name, work in enumerate(scene["work"])])
    print(json.dumps({"errors": errors, **_books()}))
    return 0


def _make(scene: dict[str, Any]) -> None:
    from tests import books
    from xinheng.desk.customers.public import Customer
    from xinheng.desk.exposure import public as exposure
    from xinheng.desk.limits import public as limits
    from xinheng.site import founding

    books.found()
    for code in scene.get("entities", []):
        exposure.Entity.objects.create(code=code, name=code)
    for code, group in scene["customers"].items():
        books.customer(code, group=group)
    for line in scene["lines"]:
        whose = Customer.objects.get(code=line["customer"])
        holder = {"group_id": whose.group_id} if line.get("shared") else {"customer_id": whose.pk}
        row = limits.LineRow(kind="amount", currency="USD", amount=line["amount"], **holder)
        limits.set_line(row, on=books.DAY, by=founding.console())


def _together(works: list[Callable[[], None]]) -> list[str]:
    """Run each in a process of its own, all started at once; what went wrong in any of them."""
    from django.db import connections

    connections.close_all()
    gate, opener = os.pipe()
    reports, telling = os.pipe()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)  # until the pipe is closed
            status = 0
            try:
                work()
            except BaseException:
                os.write(telling, traceback.format_exc()[-3000:].encode() + b"\0")
                status = 1
            os._exit(status)
        children.append(child)
    os.close(gate)
    os.close(opener)
    for child in children:
        os.waitpid(child, 0)
    os.close(telling)
    with os.fdopen(reports, "rb") as said:
        return [text for text in said.read().decode().split("\0") if text]


def _orders(name: int, *, customer: str, amount: int, count: int, entity: str = "MAIN") -> None:
    """What a clerk does: enter an order, have it checked, take the next."""
    from tests import books
    from xinheng.desk.control import public as control
    from xinheng.desk.customers.public import by_code
    from xinheng.desk.exposure import public as exposure
    from xinheng.desk.sales import public as sales
    from xinheng.site import founding

    whose, seller, by = by_code(customer), exposure.entity(entity), founding.console()
    account = exposure.account(whose.pk, seller)
    for number in range(count):
        row = sales.OrderRow(
            entity_id=seller.pk,
            account_id=account.pk,
            number=f"{name}-{number}",
            dated_on=books.DAY,
            currency="USD",
            amount=amount,
        )
        order = sales.enter_order(row, customer_id=whose.pk, by=by)
        control.check_order(order, on=books.DAY, by=by)


def _books() -> dict[str, Any]:
    """What stands where, how many orders passed, and what verification says."""
    from xinheng.base import sql
    from xinheng.site import verification

    ordered = sql.fetch(
        "SELECT c.code, e.code, SUM(b.amount) FROM exposure_balance b JOIN exposure_account a ON a.id = b.account_id "
        "JOIN customers_customer c ON c.id = a.customer_id JOIN exposure_entity e ON e.id = a.entity_id "
        "GROUP BY c.code, e.code ORDER BY c.code, e.code"
    )
    states = sql.fetch("SELECT state, COUNT(*) FROM sales_order GROUP BY state ORDER BY state")
    return {
        "ordered": [[who, seller, int(amount)] for who, seller, amount in ordered],
        "states": dict(states),
        "decisions": sql.fetch("SELECT COUNT(*) FROM control_decision")[0][0],
        "differences": list(verification.differences()),
    }


if __name__ == "__main__":
    sys.exit(main())
