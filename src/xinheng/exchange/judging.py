"""Staged documents against the books: which are there already, which say something else, which belong to somebody else.

Everything is asked set-based over the staging table, outside any lock; what another user may have changed meanwhile
is asked again once the accounts are locked.
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


@dataclass(frozen=True, slots=True)
class Compared:
    """One field a row may state: its heading's name and the condition under which the books say the same."""

    field: str
    same: str


def stated(field: str, column: str, books: str) -> Compared:
    """The books say the same in their column ``books``; an unstated cell says nothing."""
    return Compared(field, f"(s.{column} IS NULL OR s.{column} = {books})")


#: What every document states; the currency only where the row said it (``said`` holds it then).
COMMON = (
    Compared("customer", f"{_ACCOUNT} = d.account_id"),
    stated("currency", "said_currency", "d.currency"),
    Compared("amount", "s.kind = d.kind"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """How the rows of one kind of file are found in the books and compared with them.

    ``matching`` is the condition between row ``s`` and document ``d`` beside entity and number; ``joins`` reaches what
    a chapter keeps beside the document.
    """

    kinds: Sequence[Kind]
    compared: Sequence[Compared]
    matching: str = "1 = 1"
    joins: str = ""

    @property
    def pairs(self) -> str:
        codes = ",".join(str(int(kind)) for kind in self.kinds)
        return (
            f"FROM {_ROWS} JOIN exposure_document d ON d.entity_id = s.entity_id AND d.kind IN ({codes}) "
            f"AND d.number = s.number AND d.reversed_by_id IS NULL AND {self.matching} {self.joins}"
        )


def mark_known(question: Question) -> None:
    """Mark rows that the books know as present or as in conflict; a whole invoice is its instalments together."""
    same = " AND ".join(one.same for one in question.compared)
    sql.execute(
        f"UPDATE {TABLE} SET state = CASE WHEN found.same = 1 THEN {State.PRESENT} ELSE {State.CONFLICT} END FROM "
        f"(SELECT s.line, CASE WHEN MIN(CASE WHEN {same} THEN 1 ELSE 0 END) = 1 AND SUM(d.amount) = MIN(s.amount) "
        f"THEN 1 ELSE 0 END AS same {question.pairs} WHERE s.state IN {NEW} GROUP BY s.line) found "
        f"WHERE found.line = {TABLE}.line"
    )


def conflicts(question: Question) -> Iterator[tuple[int, str]]:
    """Line and first differing field of every row in conflict."""
    cases = " ".join(f"WHEN NOT {one.same} THEN '{one.field}'" for one in question.compared)
    last = None
    for line, field in sql.fetch(
        f"SELECT s.line, CASE {cases} ELSE 'amount' END {question.pairs} WHERE s.state = {State.CONFLICT} "
        "ORDER BY s.line, d.part"
    ):
        if line != last:
            yield line, field
        last = line


def in_other_entities(question: Question) -> list[int]:
    """Lines of new rows whose customer has a document with this number towards another entity."""
    codes = ",".join(str(int(kind)) for kind in question.kinds)
    rows = sql.fetch(
        f"SELECT DISTINCT s.line FROM {_ROWS} JOIN exposure_document d ON d.number = s.number AND d.kind IN ({codes}) "
        f"AND d.entity_id <> s.entity_id AND d.reversed_by_id IS NULL JOIN exposure_account a ON a.id = d.account_id "
        f"WHERE s.state IN {NEW} AND a.customer_id = w.customer_id ORDER BY s.line"
    )
    return [line for (line,) in rows]


def repeated(*, by_part: bool) -> list[int]:
    """Lines of rows whose key stands in an earlier row of the file; void rows are not in the file any more.

    With ``by_part`` a number may come once for each instalment, but not as a whole beside its instalments.
    """
    part = "COALESCE(part, 1)" if by_part else "1"
    found = sql.fetch(
        f"SELECT s.line FROM {TABLE} s JOIN (SELECT entity_id, number, {part} AS part, MIN(line) AS first FROM {TABLE} "
        f"GROUP BY entity_id, number, {part} HAVING COUNT(*) > 1) r ON r.entity_id = s.entity_id "
        f"AND r.number = s.number AND r.part = {part.replace('part', 's.part', 1)} WHERE s.line > r.first"
    )
    if by_part:
        found += sql.fetch(
            f"SELECT s.line FROM {TABLE} s JOIN (SELECT entity_id, number, MIN(line) AS first FROM {TABLE} "
            f"GROUP BY entity_id, number HAVING COUNT(part) > 0 AND COUNT(*) > COUNT(part)) r "
            f"ON r.entity_id = s.entity_id AND r.number = s.number WHERE s.line > r.first"
        )
    return sorted({line for (line,) in found})


def mark_walking(condition: str) -> None:
    """Rows that hang together with other documents land through their chapter."""
    sql.execute(f"UPDATE {TABLE} SET state = {State.WALK} WHERE state = {State.BULK} AND ({condition})")


def waiting(names: str) -> str:
    """The condition that a document in the books names this row's number in its column ``names``."""
    return (
        f"EXISTS (SELECT 1 FROM exposure_document d WHERE d.{names} = {TABLE}.number "
        f"AND d.entity_id = {TABLE}.entity_id AND d.reversed_by_id IS NULL AND d.kind IN ({_GOODS}))"
    )


def strangers(*, named: Sequence[tuple[str, Kind]], waited_for: str = "") -> list[tuple[int, str, str]]:
    """Line, field and what differs ('customer' or 'currency') of rows whose family is somebody else's.

    ``named`` are the columns in which rows name other documents, with the kind of what they name; ``waited_for`` is
    the column in which documents of the books name these rows.
    """
    found: list[tuple[int, str, str]] = []
    for column, kind in named:
        found += _differing(column, f"d.kind = {int(kind)} AND d.number = s.{column}")
        if kind in road.GOODS:
            found += _differing(column, f"d.{column} = s.{column} AND d.kind IN ({_GOODS})")
            found += _differing_in_file(column)
    if waited_for:
        found += _differing("number", f"d.{waited_for} = s.number AND d.kind IN ({_GOODS})")
    first: dict[int, tuple[int, str, str]] = {}
    for one in sorted(found):
        first.setdefault(one[0], one)
    return list(first.values())


def _differing(column: str, condition: str) -> list[tuple[int, str, str]]:
    rows = sql.fetch(
        f"SELECT s.line, CASE WHEN d.account_id <> {_ACCOUNT} THEN 'customer' ELSE 'currency' END FROM {_ROWS} "
        f"JOIN exposure_document d ON d.entity_id = s.entity_id AND d.reversed_by_id IS NULL AND {condition} "
        f"WHERE s.state IN ({State.BULK}, {State.WALK}, {State.CONFLICT}) AND s.{column} IS NOT NULL "
        f"AND (d.account_id <> {_ACCOUNT} OR d.currency <> s.currency)"
    )
    return [(line, _FIELDS.get(column, column), what) for line, what in rows]


def _differing_in_file(column: str) -> list[tuple[int, str, str]]:
    """Rows that name what an earlier row of the file names for another customer or in another currency."""
    rows = sql.fetch(
        f"SELECT s.line, CASE WHEN s.ref <> f.ref THEN 'customer' ELSE 'currency' END FROM {TABLE} s "
        f"JOIN (SELECT entity_id, {column} AS named, MIN(line) AS first FROM {TABLE} WHERE {column} IS NOT NULL "
        f"AND state <> {State.BAD} GROUP BY entity_id, {column} HAVING COUNT(DISTINCT ref) > 1 "
        f"OR COUNT(DISTINCT currency) > 1) r ON r.entity_id = s.entity_id AND r.named = s.{column} "
        f"JOIN {TABLE} f ON f.line = r.first WHERE s.state <> {State.BAD} "
        "AND (s.ref <> f.ref OR s.currency <> f.currency)"
    )
    return [(line, _FIELDS.get(column, column), what) for line, what in rows]


_FIELDS = {"order_number": "order", "delivery_number": "delivery", "invoice_number": "invoice"}
