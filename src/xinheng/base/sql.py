"""Short statements over many rows, the same on both engines.

The ledger posts in a handful of set-based statements instead of one query a row: a decision has no time for twelve
round trips, and an import lands in one step.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: SQLite allows 32,766 parameters a statement; both engines plan shorter statements faster.
PARAMETERS = 20_000


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple]:
    """All rows of a query; dates of SQLite stay text unless the caller converts them."""
    with connection.cursor() as cursor:
        cursor.execute(*_ready(sql, params))
        return cursor.fetchall()


def execute(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(*_ready(sql, params))
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

    @property
    def count(self) -> int:
        """How many statements wait to be sent."""
        return len(self._statements)

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
        return self._run()

    def run_last(self) -> None:
        """Send all statements as the last thing an action does: COMMIT goes with them, in the same message.

        Inside another action's transaction, or a test's, nothing is committed here.
        """
        blocks = connection.atomic_blocks
        self._run(commit=len(blocks) == 1 and not blocks[0]._from_testcase)

    def _run(self, *, commit: bool = False) -> list[list[tuple]]:
        statements, self._statements = self._statements, []
        database = connections[DEFAULT_DB_ALIAS]  # looked up once: the proxy asks for the thread's own each time
        database.ensure_connection()
        if database.vendor == "sqlite":
            return [_rows(statement, params) for statement, params in statements]
        return _together(database, statements, commit=commit) if statements else []


#: Statements a session prepares at most, and the longest one worth it: lists of many values differ every time.
_PREPARED_MAX, _PREPARED_PARAMETERS = 200, 40
#: What libpq calls PGRES_TUPLES_OK: a result with rows.
_ROWS_CAME = 2


def _together(
    database: BaseDatabaseWrapper, statements: Sequence[tuple[str, Sequence[Any]]], *, commit: bool
) -> list[list[tuple]]:
    """PostgreSQL: one message with all statements, each planned once a session; BEGIN goes along when it is due."""
    import psycopg
    from psycopg.adapt import Transformer
    from psycopg.pq import TransactionStatus

    with database.wrap_database_errors:
        raw = database.connection
        prepared: dict[str, str] = raw.__dict__.setdefault("_xinheng_prepared", {})
        begins = not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE
        with psycopg.ClientCursor(raw) as cursor:
            if begins:
                raw.autocommit = True  # we say BEGIN ourselves; Django sets this back when the transaction ends
            literal = Transformer(cursor).as_literal
            parts = [b"BEGIN"] if begins else []
            parts += [_call(cursor, prepared, literal, *one) for one in statements]
            if commit:
                parts.append(b"COMMIT")
            cursor.execute(b";".join(parts))
            results = [_fetched(cursor)]
            while cursor.nextset():
                results.append(_fetched(cursor))
    return results[begins : begins + len(statements)]


def _fetched(cursor: Any) -> list[tuple]:
    return cursor.fetchall() if cursor.pgresult.status == _ROWS_CAME else []


def _call(
    cursor: Any, prepared: dict[str, bytes], literal: Callable[[Any], bytes], statement: str, params: Sequence[Any]
) -> bytes:
    """A statement with its values: by the name it was prepared under, or as it is when that does not pay."""
    call = prepared.get(statement)
    if call is None:
        if len(params) > _PREPARED_PARAMETERS or len(prepared) >= _PREPARED_MAX:
            return cursor.mogrify(statement, params).encode()
        name = f"xinheng_{len(prepared)}"
        places = iter(range(1, len(params) + 1))
        cursor.execute(f"PREPARE {name} AS " + re.sub("%s|%%", lambda found: _place(found[0], places), statement))
        call = prepared[statement] = f"EXECUTE {name}".encode()
    return call + b"(" + b",".join(map(literal, params)) + b")" if params else call


def _place(found: str, places: Iterator[int]) -> str:
    return f"${next(places)}" if found == "%s" else "%"


def _rows(statement: str, params: Sequence[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*_ready(statement, params))
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


#: From how many values on PostgreSQL's driver spends more on finding their places than the server on the rows.
_MANY = 100


def _ready(statement: str, params: Sequence[Any]) -> tuple[str, Sequence[Any] | None]:
    """A statement and its values as the engine's driver takes them best.

    SQLite's driver has no dates of its own: they are stored as ISO text, as Django's columns do.  PostgreSQL's takes
    many values quicker as literals, made by the driver itself, which it would put there anyway.
    """
    if connection.vendor == "sqlite":
        return statement, [_engine_value(value) for value in params]
    if len(params) < _MANY:
        return statement, params
    from psycopg.adapt import Transformer

    connection.ensure_connection()
    literal = Transformer(connection.connection).as_literal
    first, *others = statement.replace("%%", "%").split("%s")
    if len(others) != len(params):
        raise TypeError(f"{len(params)} values for {len(others)} places")
    filled = [first]
    for value, text in zip(params, others, strict=True):
        filled += literal(value).decode(), text
    return "".join(filled), None


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


def as_moment(value: datetime | str) -> datetime:
    """A moment as either engine gives it; SQLite keeps UTC without saying so."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def as_day(value: date | str) -> date:
    """A date column that is never null."""
    return date.fromisoformat(value) if isinstance(value, str) else value
