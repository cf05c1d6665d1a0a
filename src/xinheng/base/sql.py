"""Short statements over many rows, the same on both engines.

The ledger posts in a handful of set-based statements instead of one query a row: a decision has no time for twelve
round trips, and an import lands in one step.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection

#: SQLite allows 32,766 parameters a statement; both engines plan shorter statements faster.
PARAMETERS = 20_000


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple]:
    """All rows of a query; dates of SQLite stay text unless the caller converts them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _plain(params))
        return cursor.fetchall()


def execute(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _plain(params))
        return cursor.rowcount


def fetch_in(sql: str, values: Iterable[Any], params: Sequence[Any] = ()) -> list[tuple]:
    """Rows of a query that holds one ``{values}`` list, asked in chunks; ``params`` come before the list."""
    rows: list[tuple] = []
    for chunk in batched(values, PARAMETERS):
        rows += fetch(sql.format(values=",".join(["%s"] * len(chunk))), [*params, *chunk])
    return rows


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], tail: str = "") -> list[tuple]:
    """INSERT … VALUES of many rows; what RETURNING in ``tail`` gives, in the order of the rows."""
    returned: list[tuple] = []
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    one = f"({', '.join(['%s'] * len(columns))})"
    for chunk in batched(rows, PARAMETERS // len(columns)):
        params = [value for row in chunk for value in row]
        sql = f"{head}{', '.join([one] * len(chunk))} {tail}"
        if "RETURNING" in tail:
            returned += fetch(sql, params)
        else:
            execute(sql, params)
    return returned


def update(statement: str, relation: str, rows: Iterable[Sequence[Any]]) -> None:
    """An UPDATE … FROM over ``rows`` given as a relation, e.g. ``changed(id, delta)``."""
    for chunk in batched(rows, 5_000):
        values = ", ".join([f"({', '.join(['%s'] * len(chunk[0]))})"] * len(chunk))
        execute(f"WITH {relation} AS (VALUES {values}) {statement}", [value for row in chunk for value in row])


class Batch:
    """Statements that go to the database together: one round trip on PostgreSQL, however many there are.

    An action gathers its facts in one batch and writes everything it decided in another.
    """

    def __init__(self) -> None:
        self._statements: list[tuple[str, Sequence[Any]]] = []

    def add(self, sql: str, params: Sequence[Any] = ()) -> None:
        """One more statement; its rows come at its place in what ``run`` returns."""
        self._statements.append((sql, params))

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], tail: str = "") -> None:
        """INSERT … VALUES of many rows."""
        one = f"({', '.join(['%s'] * len(columns))})"
        for chunk in batched(rows, PARAMETERS // len(columns)):
            values = ", ".join([one] * len(chunk))
            self.add(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values} {tail}",
                [value for row in chunk for value in row],
            )

    def run(self) -> list[list[tuple]]:
        """Send all statements; the rows of each, an empty list where it returns none."""
        statements, self._statements = self._statements, []
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            return [_rows(statement, params) for statement, params in statements]
        return _together(statements) if statements else []


#: Statements a session prepares at most, and the longest one worth it: lists of many values differ every time.
_PREPARED_MAX, _PREPARED_PARAMETERS = 200, 40


def _together(statements: Sequence[tuple[str, Sequence[Any]]]) -> list[list[tuple]]:
    """PostgreSQL: one message with all statements, each planned once a session."""
    import psycopg

    with connection.wrap_database_errors:
        raw = connection.connection
        prepared: dict[str, str] = raw.__dict__.setdefault("_xinheng_prepared", {})
        with psycopg.ClientCursor(raw) as cursor:
            parts = []
            for statement, params in statements:
                call = _prepared(cursor, prepared, statement, len(params))
                parts.append(cursor.mogrify(call, params))
            cursor.execute(";".join(parts))
            results = [_fetched(cursor)]
            while cursor.nextset():
                results.append(_fetched(cursor))
    return results


def _fetched(cursor: Any) -> list[tuple]:
    return cursor.fetchall() if cursor.description else []


def _prepared(cursor: Any, prepared: dict[str, str], statement: str, count: int) -> str:
    """How to call a statement: by the name it was prepared under, or as it is when that does not pay."""
    if count > _PREPARED_PARAMETERS or (statement not in prepared and len(prepared) >= _PREPARED_MAX):
        return statement
    if statement not in prepared:
        name = f"xinheng_{len(prepared)}"
        places = iter(range(1, count + 1))
        cursor.execute(f"PREPARE {name} AS " + re.sub("%s|%%", lambda found: _place(found[0], places), statement))
        prepared[statement] = name
    return f"EXECUTE {prepared[statement]}" + (f"({', '.join(['%s'] * count)})" if count else "")


def _place(found: str, places: Iterator[int]) -> str:
    return f"${next(places)}" if found == "%s" else "%"


def _rows(statement: str, params: Sequence[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _plain(params))
        return cursor.fetchall() if cursor.description else []


def next_id(table: str) -> str:
    """An expression for the next id of a table; the caller writes the row with it.

    On SQLite the caller holds the only write transaction, so the largest id so far tells it.
    """
    if connection.vendor == "sqlite":
        return (
            f"(SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0), "
            f"COALESCE((SELECT MAX(id) FROM {table}), 0)) + 1)"
        )
    return f"nextval('{table}_id_seq')"


def _plain(params: Sequence[Any]) -> Sequence[Any]:
    """SQLite's driver has no dates of its own: they are stored as ISO text, as Django's columns do."""
    if connection.vendor != "sqlite":
        return params
    return [_engine_value(value) for value in params]


def _engine_value(value: Any) -> Any:
    if isinstance(value, date):
        return _text(value)
    return value.hex if isinstance(value, UUID) else value


def _text(value: date) -> str:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat(" ")
    return value.isoformat()


def as_date(value: date | str | None) -> date | None:
    """A date column as either engine gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_day(value: date | str) -> date:
    """A date column that is never null."""
    return date.fromisoformat(value) if isinstance(value, str) else value
