"""Short statements over many rows, the same on both engines.

The ledger posts in a handful of set-based statements instead of one query a row: a decision has no time for twelve
round trips, and an import lands in one step.
"""

from collections.abc import Iterable, Sequence
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
        import psycopg

        with connection.wrap_database_errors:
            raw = connection.connection
            cursors = []
            with raw.pipeline():
                for statement, params in statements:
                    cursor = psycopg.Cursor(raw)
                    cursor.execute(statement, params, prepare=True)
                    cursors.append(cursor)
            return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def _rows(statement: str, params: Sequence[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _plain(params))
        return cursor.fetchall() if cursor.description else []


def next_ids(batch: Batch, *tables: str) -> None:
    """Ask for the next id of each table, one row with one column each; the caller writes rows with these ids.

    On SQLite the caller holds the only write transaction, so the largest id so far tells it.
    """
    for table in tables:
        if connection.vendor == "sqlite":
            batch.add(
                "SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), "
                f"COALESCE((SELECT MAX(id) FROM {table}), 0)) + 1",
                [table],
            )
        else:
            batch.add(f"SELECT nextval('{table}_id_seq')")


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
