"""One round trip: everything about an order and the holders of its limits, read after their rows were locked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xinheng.base import sql
from xinheng.desk.control.around import Around, HoldNow, Place
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

#: Natures that are looked at whatever their due day: a batch before this one, stock that does not revolve.
_ALWAYS = (ItemNature.ROLLING.value, ItemNature.INITIAL_STOCK.value)
Row = tuple


@dataclass(frozen=True, slots=True)
class OrderNow:
    """An order with its customer, as they are under the lock; amounts in minor units.

    ``id`` is 0 where nothing but the customer is looked at, or an invoice without an order.
    """

    id: int
    state: str
    payment: str
    instrument: str
    term: str
    forced_hold: bool
    released_amount: int | None
    released_until: date | None
    released_codes: tuple[str, ...]
    number: str
    entity_id: int
    account_id: int
    dated_on: date
    effective_on: date
    currency: str
    first_amount: int
    salesperson: str
    occupies: bool
    customer_id: int
    customer_code: str
    active: bool
    group_id: int | None
    group_code: str
    customer_term: str
    customer_class: str


@dataclass(slots=True)
class Read:
    """What one round trip brought; ``left_out`` is what the question itself stands for and must not count twice."""

    order: OrderNow
    around: Around
    amount: int = 0  # the order after its changes
    gone: int = 0  # what has left
    has_family: bool = False  # somebody names this order
    reserved_id: int | None = None  # its position in ORDERED
    reserved: int = 0
    open_from: date | None = None
    needs_papers: bool = False
    ids: tuple[int, int] = (0, 0)  # the next entry and position
    missing_papers: tuple[str, ...] = ()
    left_out: dict[Place, int] = field(default_factory=dict)


def read(document_id: int, *, customer_id: int, group_id: int | None, on: date) -> Read:
    """Read an order and its holders; the keys never change, so they may come from before the lock."""
    batch = sql.Batch()
    _ask(batch, document_id)
    _ask_around(batch, customer_id, group_id, on)
    (order_row,), family, *around = batch.run()
    found = _understood(order_row, family, _around(customer_id, around))
    if found.needs_papers:
        found.missing_papers = missing_papers(document_id)
    return found


def read_many(orders: Sequence[tuple[int, int, int | None]], on: date) -> list[Read]:
    """Orders (each with the ids of its customer and group) and their holders, in one round trip, without a lock."""
    places = {one: place for place, one in enumerate(dict.fromkeys((customer, group) for _, customer, group in orders))}
    batch = sql.Batch()
    for document_id, _, _ in orders:
        _ask(batch, document_id)
    for customer_id, group_id in places:
        _ask_around(batch, customer_id, group_id, on)
    rows = batch.run()
    first = 2 * len(orders)
    found = []
    for place, (document_id, customer_id, group_id) in enumerate(orders):
        (order_row,), family = rows[2 * place : 2 * place + 2]
        start = first + places[customer_id, group_id] * _STATEMENTS
        read = _understood(order_row, family, _around(customer_id, rows[start : start + _STATEMENTS]))
        if read.needs_papers:
            read.missing_papers = missing_papers(document_id)
        found.append(read)
    return found


def read_around(customers: Sequence[tuple[int, int | None]], on: date) -> list[Around]:
    """Customers (with the ids of their groups) and what they owe, in one round trip."""
    batch = sql.Batch()
    for customer_id, group_id in customers:
        _ask_around(batch, customer_id, group_id, on)
    rows = batch.run()
    return [
        _around(customer_id, rows[place * _STATEMENTS : (place + 1) * _STATEMENTS])
        for place, (customer_id, _) in enumerate(customers)
    ]


def missing_papers(document_id: int) -> tuple[str, ...]:
    """The documents an order needs that nobody has approved."""
    rows = sql.fetch(
        "SELECT name FROM sales_paper WHERE order_id = %s AND approved_at IS NULL ORDER BY id", [document_id]
    )
    return tuple(name for (name,) in rows)


_LINE = ", ".join("id" if name == "pk" else name for name in limits.LineNow._fields)
#: Statements of ``_ask_around``.
_STATEMENTS = 5


def _ask_around(batch: sql.Batch, customer_id: int, group_id: int | None, on: date) -> None:
    whose, holder = ("c.group_id = %s", group_id) if group_id else ("a.customer_id = %s", customer_id)
    batch.add(
        "SELECT a.id, a.customer_id, a.entity_id, e.code, b.currency, b.component, b.amount FROM exposure_account a "
        "JOIN exposure_entity e ON e.id = a.entity_id JOIN customers_customer c ON c.id = a.customer_id "
        f"LEFT JOIN exposure_balance b ON b.account_id = a.id AND b.amount <> 0 WHERE {whose}",
        [holder],
    )
    batch.add(
        "SELECT t.account_id, t.due_on, t.currency, t.nature, t.component, t.amount FROM exposure_account a "
        "JOIN customers_customer c ON c.id = a.customer_id JOIN exposure_duetotal t ON t.account_id = a.id "
        f"WHERE {whose} AND t.component IN (%s, %s) AND t.amount > 0 AND (t.due_on < %s OR t.nature IN (%s, %s))",
        [holder, int(Component.DELIVERED), int(Component.INVOICED), on, *_ALWAYS],
    )
    batch.add(
        f"SELECT {_LINE} FROM limits_line WHERE replaced_at IS NULL AND (customer_id = %s OR group_id = %s)",
        [customer_id, group_id],
    )
    batch.add(
        "SELECT id, cause, forced, group_id FROM limits_hold WHERE lifted_at IS NULL "
        "AND (customer_id = %s OR group_id = %s) ORDER BY id",
        [customer_id, group_id],
    )
    batch.add(
        "SELECT kept_until FROM control_breach WHERE ended_on IS NULL AND (customer_id = %s OR group_id = %s)",
        [customer_id, group_id],
    )


def _ask(batch: sql.Batch, document_id: int) -> None:
    """The order itself with what it has reserved and the ids of what may be written, and everybody who names it."""
    ids = ", ".join(sql.next_id(table) for table in ("exposure_entry", "exposure_position"))
    batch.add(
        "SELECT d.id, o.state, o.payment, o.instrument, d.term, o.forced_hold, o.released_amount, o.released_until, "
        "o.released_codes, d.number, d.entity_id, d.account_id, d.dated_on, d.effective_on, d.currency, d.amount, "
        "d.salesperson, d.occupies, c.id, c.code, c.status, c.group_id, g.code, c.term, c.customer_class, "
        "p.id, p.amount, "
        "(SELECT MAX(month) FROM exposure_period WHERE entity_id = d.entity_id AND reopened_at IS NULL), "
        "EXISTS (SELECT 1 FROM sales_paper WHERE order_id = d.id AND approved_at IS NULL), "
        f"{ids} FROM sales_order o JOIN exposure_document d ON d.id = o.document_id "
        "JOIN exposure_account a ON a.id = d.account_id JOIN customers_customer c ON c.id = a.customer_id "
        "LEFT JOIN customers_group g ON g.id = c.group_id "
        "LEFT JOIN exposure_position p ON p.document_id = d.id AND p.component = %s WHERE o.document_id = %s",
        [int(Component.ORDERED), document_id],
    )
    # Whoever names it for another customer or in another currency does not belong to it.
    batch.add(
        "SELECT f.kind, f.amount, f.part FROM exposure_document o "
        "JOIN exposure_document f ON f.order_number = o.number AND NOT (f.order_number = '') "
        "AND f.entity_id = o.entity_id AND f.account_id = o.account_id AND f.currency = o.currency "
        "AND f.reversed_by_id IS NULL WHERE o.id = %s",
        [document_id],
    )


def _understood(order_row: Row, family: Sequence[Row], around: Around) -> Read:
    *order_columns, reserved_id, reserved, closed, needs_papers, entry, position = order_row
    order = _order(order_columns)
    changes = [(part, amount) for kind, amount, part in family if kind == Kind.ORDER_CHANGE]
    return Read(
        order=order,
        around=around,
        amount=max(changes)[1] if changes else order.first_amount,
        gone=sum(amount for kind, amount, _ in family if kind == Kind.DELIVERY),
        has_family=bool(family),
        reserved_id=reserved_id,
        reserved=reserved or 0,
        open_from=exposure.month_after(sql.as_date(closed)),
        needs_papers=bool(needs_papers),
        ids=(entry, position),
    )


def _around(customer_id: int, rows: Sequence[Sequence[Row]]) -> Around:
    accounts, due, lines, holds, kept = rows
    found = Around(
        customer_id,
        lines=[_line(row) for row in lines],
        holds=[HoldNow(id, cause, bool(forced), group is not None) for id, cause, forced, group in holds],
        kept=[sql.as_date(until) for (until,) in kept],
    )
    for account, customer, entity, code, currency, component, amount in accounts:
        found.owners[account] = (customer, entity)
        found.entities[entity] = code
        if currency is not None:
            found.balances[account, currency, Component(component)] = amount
    found.due = [
        (account, sql.as_day(day), currency, nature, Component(component), amount)
        for account, day, currency, nature, component, amount in due
    ]
    return found


def _order(row: Sequence) -> OrderNow:
    values = list(row)
    for index in (7, 12, 13):
        values[index] = sql.as_date(values[index])
    values[5], values[17] = bool(values[5]), bool(values[17])
    values[8] = tuple(_json(values[8]))
    values[20], values[22] = values[20] == "ACTIVE", values[22] or ""
    return OrderNow(*values)


def _line(row: Row) -> limits.LineNow:
    line = limits.LineNow(*row)
    return line._replace(
        valid_from=sql.as_date(line.valid_from),
        valid_until=sql.as_date(line.valid_until),
        extra_until=sql.as_date(line.extra_until),
        initial_stock_until=sql.as_date(line.initial_stock_until),
        withdrawn=bool(line.withdrawn),
        instruments=_json(line.instruments),
        signed=bool(line.signed),
    )


def _json(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored
