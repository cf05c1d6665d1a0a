"""The staging table: where a file's rows wait, typed and not yet landed, outside any lock.

It is a temporary table of this connection and goes with it, so a killed import leaves nothing that could stand in the
way of the next one.  An unstated cell is null.  What becomes of a row is written into its ``state``.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from django.db import connection

from xinheng.base import sql
from xinheng.base.database import is_postgres
from xinheng.desk.exposure import public as exposure

TABLE = "import_rows"
#: Types of the columns a kind asks for.
TYPES = {"text": "text", "day": "date", "minor": "bigint", "whole": "integer"}
#: How an unstated cell is written for COPY.  No cell can say it: control characters are refused when a file is read.
_BLANK = "\x1f"
_PAGE = 2_000


class State(IntEnum):
    """What becomes of a staged row."""

    BULK = 0  # lands set-based
    WALK = 1  # lands through its chapter, because other documents hang together with it
    PRESENT = 2  # is in the books already
    CONFLICT = 3  # is in the books and says something else
    BAD = 4


#: Rows that will be written as new ones.
NEW = f"({State.BULK:d}, {State.WALK:d})"


class Stage:
    """One file's rows.  ``columns`` maps names to ``TYPES``; every row has its line in the file before them.

    ``blank`` stands for an unstated cell in the rows given to ``add``; ``later`` are columns that judging fills.  With
    ``numbered`` each row is given the ids of the document and position it may become.
    """

    def __init__(self, columns: Mapping[str, str], *, later: Mapping[str, str], numbered: bool) -> None:
        self.columns = ("line", *columns)
        self.blank = _BLANK if is_postgres() else None
        self.count = 0
        self._digest = hashlib.sha256()
        self._line = "\t".join(["%s"] * len(self.columns)) + "\n"
        self._indexed = not is_postgres()
        self.close()
        line = "line integer NOT NULL" if is_postgres() else "line integer PRIMARY KEY"
        parts = [line, f"state integer NOT NULL DEFAULT {State.BULK:d}"]
        parts += [f"{name} {TYPES[type]}" for name, type in {**columns, **later}.items()]
        if numbered:
            parts += filter(None, [exposure.bulk.numbering("line").columns])
        sql.execute(f"CREATE TEMPORARY TABLE {TABLE} ({', '.join(parts)})")

    def add(self, rows: Sequence[tuple]) -> None:
        """Keep rows: line, then cells in the order of the columns as texts, ISO days, whole numbers or ``blank``."""
        if not rows:
            return
        text = "".join([self._line % row for row in rows])
        self._digest.update(text.replace("\tNone", f"\t{_BLANK}").encode())
        if is_postgres():
            if "\\" in text:
                text = text.replace("\\", "\\\\")
            copying = f"COPY {TABLE} ({', '.join(self.columns)}) FROM STDIN (NULL '{_BLANK}')"
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                copy.write(text)
        else:
            with _one_transaction(), connection.cursor() as cursor:
                marks = ", ".join(["%s"] * len(self.columns))
                cursor.executemany(f"INSERT INTO {TABLE} ({', '.join(self.columns)}) VALUES ({marks})", rows)
        self.count += len(rows)

    def add_bad(self, columns: Sequence[str], rows: Sequence[tuple]) -> None:
        """Keep what could be read of bad rows, so that a later row with the same key is told apart from a first one."""
        with _one_transaction():
            sql.insert(TABLE, ("state", "line", *columns), [(State.BAD.value, *row) for row in rows])

    def complete(self) -> None:
        """All rows are there: let the planner know what it deals with."""
        if is_postgres():
            sql.execute(f"ANALYZE {TABLE}")

    def reset(self) -> None:
        """Forget what was judged against the books; what is wrong in itself stays so."""
        sql.execute(f"UPDATE {TABLE} SET state = {State.BULK:d} WHERE state NOT IN ({State.BULK:d}, {State.BAD:d})")

    def mark(self, lines: Sequence[int], state: State) -> None:
        """Say what becomes of these rows."""
        if not lines:
            return
        self._find_by_line()
        sql.update(
            f"UPDATE {TABLE} SET state = {state:d} FROM changed WHERE {TABLE}.line = changed.line",
            "changed(line)",
            [(line,) for line in lines],
        )

    def counts(self) -> dict[State, int]:
        """How many rows are in each state."""
        found = dict(sql.fetch(f"SELECT state, COUNT(*) FROM {TABLE} GROUP BY state"))
        return {state: found.get(state, 0) for state in State}

    def pages(
        self, condition: str, *, columns: Sequence[str] = (), size: int = _PAGE
    ) -> Iterator[list[dict[str, Any]]]:
        """Rows in the order of the file, a page at a time; days as the engine gives them."""
        self._find_by_line()
        wanted, last = ("line", *(columns or self.columns[1:])), -1
        while True:
            rows = sql.fetch(
                f"SELECT {', '.join(wanted)} FROM {TABLE} WHERE line > %s AND ({condition}) ORDER BY line LIMIT {size}",
                [last],
            )
            if not rows:
                return
            last = rows[-1][0]
            yield [dict(zip(wanted, row, strict=True)) for row in rows]

    def digest(self, landed: int) -> str:
        """SHA-256 over the rows that land; over all of them it was reckoned while they came in."""
        if landed == self.count:
            return self._digest.hexdigest()
        chosen = hashlib.sha256()
        for page in self.pages(f"state IN ({State.BULK:d}, {State.WALK:d}, {State.CONFLICT:d})"):
            for row in page:
                cells = (_BLANK if value is None else value for value in row.values())
                chosen.update((self._line % tuple(cells)).encode())
        return chosen.hexdigest()

    def close(self) -> None:
        """Nothing is left of the rows."""
        sql.execute(f"DROP TABLE IF EXISTS {TABLE}")

    def _find_by_line(self) -> None:
        if not self._indexed:
            sql.execute(f"CREATE UNIQUE INDEX {TABLE}_line ON {TABLE} (line)")
            self._indexed = True


@contextmanager
def _one_transaction() -> Iterator[None]:
    """SQLite would otherwise end a transaction after every row; nothing of the books is touched or locked."""
    if is_postgres() or connection.in_atomic_block:
        yield
        return
    sql.execute("BEGIN")
    try:
        yield
    except BaseException:
        sql.execute("ROLLBACK")
        raise
    sql.execute("COMMIT")
