"""Staged documents against the books: which are there already, which say something else, which belong to somebody else.

Everything is asked set-based over the staging table, outside any lock; what somebody else has written meanwhile is
asked again once the accounts are locked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinheng.base import sql
from xinheng.exchange.staging import NEW, TABLE, State
from xinheng.exchange.whose import WHOSE
from xinheng.rules import road
from xinheng.rules.road import Kind

_GOODS = ",".join(str(int(kind)) for kind in sorted(road.GOODS))
_ROWS = f"{TABLE} s JOIN {WHOSE} w ON w.ref = s.ref"
_ACCOUNT = "COALESCE(w.account_id, 0)"
_ALIVE = f"({State.BULK:d}, {State.WALK:d}, {State.CONFLICT:d})"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field a row may state: its name and the condition under which the books say the same."""

    field: str
    same: str


def stated(field: str, column: str, books: str) -> Compared:
    """The books say the same in their column ``books``; an unstated cell says nothing."""
    return Compared(field, f"(s.{column} IS NULL OR s.{column} = {books})")


#: What no update may change: whose a document is, and in which currency.
FIXED = frozenset({"customer", "currency"})
WHOSE_SAME = Compared("customer", f"{_ACCOUNT} = d.account_id")


@dataclass(frozen=True, slots=True)
class Question:
    """How the rows of one kind of file are found in the books and compared with them.

    ``kind`` is the expression for a row's own kind; ``matching`` a condition between row ``s`` and document ``d``
    beside entity and number; ``joins`` reaches what a chapter keeps beside the document.
    """

    kinds: Sequence[Kind]
    compared: Sequence[Compared]
    kind: str
    amount: str = "d.amount"
    matching: str = "1 = 1"
    joins: str = ""

    @property
    def codes(self) -> str:
        return ",".join(str(int(kind)) for kind in self.kinds)

    @property
    def pairs(self) -> str:
        return (
            f"FROM {_ROWS} JOIN exposure_document d ON d.entity_id = w.entity_id AND d.kind IN ({self.codes}) "
            f"AND d.number = s.number AND d.reversed_by_id IS NULL AND {self.matching} {self.joins}"
        )

    @property
    def all_compared(self) -> tuple[Compared, ...]:
        """The kind of document is part of the amount: a red invoice is a negative one."""
        return (*self.compared, Compared("amount", f"{self.kind} = d.kind"))


def mark_known(question: Question) -> None:
    """Mark rows that the books know as present or as in conflict; a whole invoice is its instalments together."""
    same = " AND ".join(one.same for one in question.all_compared)
    sql.execute(
        f"UPDATE {TABLE} SET state = CASE WHEN found.same = 1 THEN {State.PRESENT:d} ELSE {State.CONFLICT:d} END FROM "
        f"(SELECT s.line, CASE WHEN MIN(CASE WHEN {same} THEN 1 ELSE 0 END) = 1 "
        f"AND SUM({question.amount}) = MIN(s.amount) THEN 1 ELSE 0 END AS same {question.pairs} "
        f"WHERE s.state IN {NEW} GROUP BY s.line) found WHERE found.line = {TABLE}.line"
    )


def conflicts(question: Question) -> Iterator[tuple[int, str]]:
    """Line and first differing field of every row in conflict."""
    cases = " ".join(f"WHEN NOT {one.same} THEN '{one.field}'" for one in question.all_compared)
    last = None
    for line, field in sql.fetch(
        f"SELECT s.line, CASE {cases} ELSE 'amount' END {question.pairs} WHERE s.state = {State.CONFLICT:d} "
        "ORDER BY s.line, d.part"
    ):
        if line != last:
            yield line, field
        last = line


def repeated(*, part: str | None, main: int) -> list[int]:
    """Lines of rows whose key stands in an earlier row of the file; void rows are not in the file any more.

    With ``part`` (the column of the instalment) a number may come once for each instalment, but not as a whole beside
    its instalments.  ``main`` is the entity of rows that are nobody's.
    """
    key = f"COALESCE(w.entity_id, {main})"
    rows = f"{TABLE} s LEFT JOIN {WHOSE} w ON w.ref = s.ref"
    each = f", COALESCE(s.{part}, 1)" if part else ""
    found = sql.fetch(
        f"SELECT line FROM (SELECT s.line AS line, ROW_NUMBER() OVER (PARTITION BY s.number, {key}{each} ORDER BY "
        f"s.line) AS nth FROM {rows} WHERE s.number IN (SELECT number FROM {TABLE} WHERE number <> '' GROUP BY number "
        "HAVING COUNT(*) > 1)) r WHERE nth > 1"
    )
    if part:
        found += sql.fetch(
            f"SELECT s.line FROM {rows} JOIN (SELECT s.number AS number, {key} AS entity, MIN(s.line) AS first "
            f"FROM {rows} GROUP BY s.number, {key} HAVING COUNT(s.{part}) > 0 AND COUNT(*) > COUNT(s.{part})) r "
            f"ON r.number = s.number AND r.entity = {key} JOIN {TABLE} f ON f.line = r.first "
            f"WHERE s.line > r.first AND (s.{part} IS NULL) <> (f.{part} IS NULL)"
        )
    return sorted({line for (line,) in found})


def mark_walking(condition: str) -> None:
    """Rows that hang together with other documents land through their chapter."""
    sql.execute(f"UPDATE {TABLE} SET state = {State.WALK:d} WHERE state = {State.BULK:d} AND ({condition})")


def awaited(names: str) -> str:
    """The condition that a document in the books, or another row, names this row's number in its column ``names``."""
    return (
        f"number IN (SELECT d.{names} FROM exposure_document d WHERE NOT (d.{names} = '') "
        f"AND d.reversed_by_id IS NULL AND +d.kind IN ({_GOODS}))"
    )


def strangers(*, named: Sequence[tuple[str, Kind]], awaited_in: str = "") -> list[tuple[int, str, str]]:
    """Line, field and what differs ('customer' or 'currency') of rows whose family is somebody else's.

    ``named`` are the columns in which rows name other documents, with the kind of what they name; ``awaited_in`` is the
    column in which documents of the books name these rows.
    """
    found: list[tuple[int, str, str]] = []
    for column, kind in named:
        found += _differing(column, f"d.entity_id = w.entity_id AND d.kind = {int(kind)} AND d.number = s.{column}")
        if kind in (Kind.ORDER, Kind.DELIVERY):
            found += _differing(column, f"{_named_in(column, column)} AND d.number <> s.number")
            found += _differing_in_file(column)
    if awaited_in:
        found += _differing("number", _named_in(awaited_in, "number"))
    first: dict[int, tuple[int, str, str]] = {}
    for one in sorted(found):
        first.setdefault(one[0], one)
    return list(first.values())


def currency_of_row(has_column: bool) -> str:
    """The expression for a row's currency: its own, else its customer's."""
    return "COALESCE(s.said_currency, w.currency)" if has_column else "w.currency"


def _named_in(names: str, number: str) -> str:
    """Documents of the same entity that name in ``names`` what a row has in ``number``, found by the index of names."""
    named = f"d.{names} = s.{number} AND NOT (d.{names} = '')"
    return f"{named} AND +d.entity_id = w.entity_id AND d.kind IN ({_GOODS})"


def _differing(column: str, condition: str) -> list[tuple[int, str, str]]:
    currency = "COALESCE(s.said_currency, w.currency)"
    rows = sql.fetch(
        f"SELECT s.line, CASE WHEN d.account_id <> {_ACCOUNT} THEN 'customer' ELSE 'currency' END FROM {_ROWS} "
        f"JOIN exposure_document d ON d.reversed_by_id IS NULL AND {condition} "
        f"WHERE s.state IN {_ALIVE} AND s.{column} IS NOT NULL "
        f"AND (d.account_id <> {_ACCOUNT} OR d.currency <> {currency})"
    )
    return [(line, _FIELDS.get(column, column), what) for line, what in rows]


def _differing_in_file(column: str) -> list[tuple[int, str, str]]:
    """Rows that name what an earlier row of the file names for another customer or in another currency."""
    currency = "COALESCE(s.said_currency, w.currency)"
    rows = sql.fetch(
        f"SELECT s.line, CASE WHEN s.ref <> r.ref THEN 'customer' ELSE 'currency' END FROM {_ROWS} JOIN "
        f"(SELECT line, FIRST_VALUE(s.ref) OVER named AS ref, FIRST_VALUE({currency}) OVER named AS currency "
        f"FROM {_ROWS} WHERE s.{column} IS NOT NULL AND s.state <> {State.BAD:d} "
        f"WINDOW named AS (PARTITION BY w.entity_id, s.{column} ORDER BY s.line)) r ON r.line = s.line "
        f"WHERE s.ref <> r.ref OR {currency} <> r.currency"
    )
    return [(line, _FIELDS.get(column, column), what) for line, what in rows]


_FIELDS = {"order_number": "order", "delivery_number": "delivery", "invoice_number": "invoice"}
