"""Short statements over many rows, the same on both engines.

The ledger posts in a handful of set-based statements instead of one query a row: a decision has no time for twelve
round trips, and an import lands in one step.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections

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
        if not statements:
            return []
        from xinheng.base.message import Session  # only where PostgreSQL's driver is

        with database.wrap_database_errors:
            return Session.of(database.connection).send(statements, commit=commit)


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
