"""Short statements over many rows, the same on both engines.

The ledger posts in a handful of set-based statements instead of one query a row: a decision has no time for twelve
round trips, and an import lands in one step.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any

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


def _plain(params: Sequence[Any]) -> Sequence[Any]:
    """SQLite's driver has no dates of its own: they are stored as ISO text, as Django's columns do."""
    if connection.vendor != "sqlite":
        return params
    return [_text(value) if isinstance(value, date) else value for value in params]


def _text(value: date) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value.isoformat()


def as_date(value: date | str | None) -> date | None:
    """A date column as either engine gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value
