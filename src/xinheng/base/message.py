"""Many statements in one message to PostgreSQL, each planned once a session.

A decision reads and writes with some twenty short statements.  Sent one by one they cost twenty waits, and as the many
results of one cursor they cost more of our time than of the server's; so the message is put together here, and the
driver only sends it, waits and turns values into Python's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Self

import psycopg
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, TransactionStatus

#: Statements a session prepares at most, and the longest one worth it: lists of many values differ every time.
_PREPARED_MAX, _PREPARED_PARAMETERS = 200, 40
#: What a statement that went well answers: with rows, without, or nothing because there was nothing to do.
_WELL = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY}
_ROWS = ExecStatus.TUPLES_OK

Statement = tuple[str, Sequence[Any]]


class Session:
    """What a connection remembers: the statements it has prepared, and how its values are written and read."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._calls: dict[str, bytes] = {}
        self._values = Transformer(connection)

    @classmethod
    def of(cls, connection: "psycopg.Connection[Any]") -> Self:
        """The session of a connection, begun with its first message."""
        found = connection.__dict__.get("_xinheng_session")
        if found is None:
            found = connection.__dict__["_xinheng_session"] = cls(connection)
        return found

    def send(self, statements: Sequence[Statement], *, commit: bool) -> list[list[tuple]]:
        """The rows of each statement, an empty list where it has none; BEGIN goes along when it is due.

        Raises:
            psycopg.Error: what the first statement that failed was refused for.
        """
        connection = self._connection
        idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
        begins = idle and not connection.autocommit
        if begins:
            connection.autocommit = True  # we say BEGIN ourselves; Django sets this back when the transaction ends
        parts = [b"BEGIN"] if begins else []
        parts += [self._call(*one) for one in statements]
        if commit:
            parts.append(b"COMMIT")
        results = self._answers(b";".join(parts))
        return [self._rows(result) for result in results[begins : begins + len(statements)]]

    def _answers(self, message: bytes) -> list[Any]:
        connection = self._connection
        with connection.lock:
            connection.pgconn.send_query(message)
            results = connection.wait(generators.execute(connection.pgconn))
        for result in results:
            if result.status not in _WELL:
                raise psycopg.errors.error_from_result(result, encoding=connection.info.encoding)
        return results

    def _rows(self, result: Any) -> list[tuple]:
        if result.status != _ROWS or not result.ntuples:
            return []
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, tuple)

    def _call(self, statement: str, params: Sequence[Any]) -> bytes:
        """A statement with its values: by the name it was prepared under, or as it is when that does not pay."""
        call = self._calls.get(statement)
        if call is None:
            if len(params) > _PREPARED_PARAMETERS or len(self._calls) >= _PREPARED_MAX:
                return psycopg.ClientCursor(self._connection).mogrify(statement, params).encode()
            call = self._calls[statement] = self._prepare(statement, len(params))
        return call + b"(" + b",".join(map(self._values.as_literal, params)) + b")" if params else call

    def _prepare(self, statement: str, count: int) -> bytes:
        name = f"xinheng_{len(self._calls)}"
        places = iter(range(1, count + 1))
        text = re.sub("%s|%%", lambda found: _place(found[0], places), statement)
        self._answers(f"PREPARE {name} AS {text}".encode())
        return f"EXECUTE {name}".encode()


def _place(found: str, places: Iterator[int]) -> str:
    return f"${next(places)}" if found == "%s" else "%"
