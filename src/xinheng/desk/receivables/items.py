"""Open items 未结单据: what each invoice still owes and what each receipt or credit note still has, at any moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.base import sql
from xinheng.desk.receivables.ageing import Ask
from xinheng.desk.receivables.fifo import consumed
from xinheng.desk.receivables.item_order import order_by
from xinheng.desk.receivables.scope import condition, later_moves
from xinheng.rules.ageing import By, bucket_edges
from xinheng.rules.road import Component, Kind

#: An item owed to us, and one we owe: the customer's unapplied money.
DEBIT, CREDIT = "debit", "credit"


@dataclass(frozen=True, slots=True)
class Item:
    """One open item; amounts in minor units, both positive, ``open`` what was left of ``amount`` at the moment."""

    document_id: int
    kind: Kind
    number: str
    part: int
    customer_id: int
    customer_code: str
    customer_name: str
    customer_name_en: str
    entity: str
    dated_on: date
    due_on: date | None
    currency: str
    amount: int
    open: int
    side: str
    salesperson: str
    order_number: str
    delivery_number: str
    nature: str

    def days_overdue(self, on: date) -> int:
        """How late it was at the end of a day; 0 when it was not."""
        return max(0, (on - self.due_on).days) if self.due_on else 0


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of the items: one bucket (its number), one side, due in some days, which page, and in which order.

    ``order`` is one of ``item_order.ORDERS``, with a minus before it the other way round; without one the oldest first.
    """

    bucket: int | None = None
    side: str = ""
    due_from: date | None = None
    due_until: date | None = None
    order: str = ""
    limit: int | None = None
    offset: int = 0


def open_items(ask: Ask, part: Slice | None = None) -> list[Item]:
    """The items open at a moment; unless asked otherwise the oldest due first, money of a day after its debts.

    Raises:
        Unknown: a code in the scope.
    """
    part = part or Slice()
    opened = _opened(ask, part)
    first, last = (f"ORDER BY {order_by(part.order, ask.by, still)}" for still in (opened.still, "h.still"))
    bound = "" if part.limit is None else f"LIMIT {int(part.limit)} OFFSET {int(part.offset)}"
    # The page is chosen before anything is joined to it: a million items are sorted, fifty are described.
    rows = sql.fetch(
        f"WITH {opened.tables}chosen(id, still) AS (SELECT p.id, {opened.still} {opened.body} {first} {bound}) "
        "SELECT d.id, d.kind, d.number, d.part, c.id, c.code, c.name, c.name_en, e.code, d.dated_on, "
        "d.due_on, d.currency, d.amount, h.still, p.component, "
        "COALESCE(NULLIF(d.salesperson, ''), c.salesperson), d.order_number, d.delivery_number, d.nature "
        "FROM chosen h JOIN exposure_position p ON p.id = h.id JOIN exposure_document d ON d.id = p.document_id "
        "JOIN exposure_account a ON a.id = p.account_id JOIN customers_customer c ON c.id = a.customer_id "
        f"JOIN exposure_entity e ON e.id = a.entity_id {last}",
        opened.params,
    )
    return [_item(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many items there are; what is owed, what is not yet applied and what is left of the one without the other, by
    currency in minor units.  Only the first is what an ageing calls open."""

    count: int
    owed: Mapping[str, int]
    unapplied: Mapping[str, int]

    @property
    def net(self) -> dict[str, int]:
        """What is owed less what is not yet applied."""
        return {one: self.owed.get(one, 0) - self.unapplied.get(one, 0) for one in {**self.owed, **self.unapplied}}


def count_items(ask: Ask, part: Slice | None = None) -> Counted:
    """How many items there are and what they come to."""
    opened = _opened(ask, part or Slice())
    credit = f"p.component = {int(Component.UNAPPLIED)}"
    head = f"WITH {opened.tables.removesuffix(', ')} " if opened.tables else ""
    rows = sql.fetch(
        f"{head}SELECT p.currency, CASE WHEN {credit} THEN 1 ELSE 0 END, COUNT(*), SUM({opened.still}) {opened.body} "
        "GROUP BY 1, 2 ORDER BY 1",
        opened.params,
    )
    owed = {currency: int(amount) for currency, is_credit, _, amount in rows if not is_credit}
    unapplied = {currency: int(amount) for currency, is_credit, _, amount in rows if is_credit}
    return Counted(sum(count for _, _, count, _ in rows), owed, unapplied)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is open, as SQL over ``p``: common tables (each followed by a comma), what still is, FROM and WHERE."""

    tables: str
    still: str
    body: str
    params: list[object]


def _opened(ask: Ask, part: Slice) -> _Opened:
    """The open items of a slice; now they stand in the books, for another moment what moved since is taken off."""
    scope = condition(ask.scope)
    codes = ",".join(str(int(component)) for component in _of_side(ask, part.side)) or "NULL"
    bucket, bucket_params = _in_bucket(ask, part)
    due, due_params = _due_in(part)
    if ask.fifo:
        tables, params = consumed(ask.moment, scope, by_due=ask.by is By.DUE)
        body = f"FROM consumed p WHERE p.component IN ({codes}){bucket}{due}"
        return _Opened(f"{tables}, ", "p.amount", body, [*params, *bucket_params, *due_params])
    wanted = f"p.component IN ({codes}){scope.where}"
    params = [*scope.params, *bucket_params, *due_params]
    if ask.moment.is_now:
        body = f"FROM exposure_position p {scope.joins} WHERE p.amount > 0 AND {wanted}{bucket}{due}"
        return _Opened("", "p.amount", body, params)
    later, later_params = later_moves(ask.moment, scope)
    # Two ways to an item, each along an index: what is open now, and what moved since.
    found = (
        f"found(id) AS (SELECT p.id FROM exposure_position p {scope.joins} WHERE p.amount > 0 AND {wanted} "
        "UNION SELECT position FROM later)"
    )
    body = (
        f"FROM found f JOIN exposure_position p ON p.id = f.id LEFT JOIN later l ON l.position = p.id {scope.joins} "
        f"WHERE p.amount > COALESCE(l.moved, 0) AND {wanted}{bucket}{due}"
    )
    still = "p.amount - COALESCE(l.moved, 0)"
    return _Opened(f"{later}, {found}, ", still, body, [*later_params, *scope.params, *params])


def _of_side(ask: Ask, side: str) -> list[Component]:
    """What is asked for of one side; both where none is named."""
    wanted = {DEBIT: False, CREDIT: True}.get(side)
    return [one for one in ask.components if wanted is None or (one is Component.UNAPPLIED) is wanted]


def _in_bucket(ask: Ask, part: Slice) -> tuple[str, list[object]]:
    """The days of one bucket."""
    if part.bucket is None:
        return "", []
    day = "p.due_on" if ask.by is By.DUE else "p.dated_on"
    edge = bucket_edges(ask.on, ask.bounds)[part.bucket]
    conditions, params = [], []
    for sign, bound in ((">=", edge.from_date), ("<=", edge.to_date)):
        if bound is not None:
            conditions.append(f"{day} {sign} %s")
            params.append(bound)
    where = " AND ".join(conditions)
    if part.bucket == 0:
        where = f"({where} OR {day} IS NULL)"
    return f" AND p.component <> {int(Component.UNAPPLIED)} AND {where}", params


def _due_in(part: Slice) -> tuple[str, list[object]]:
    """The days on which the items fall due; money without a due day is in none."""
    found = [(sign, day) for sign, day in ((">=", part.due_from), ("<=", part.due_until)) if day]
    return "".join(f" AND p.due_on {sign} %s" for sign, _ in found), [day for _, day in found]


def _item(row: tuple) -> Item:
    dated_on = sql.as_date(row[9])
    assert dated_on is not None  # noqa: S101 - the column is never null
    side = CREDIT if row[14] == Component.UNAPPLIED else DEBIT
    return Item(
        row[0], Kind(row[1]), *row[2:9], dated_on, sql.as_date(row[10]), row[11], row[12], int(row[13]), side, *row[15:]
    )
