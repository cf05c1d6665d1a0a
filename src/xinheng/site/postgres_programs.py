"""PostgreSQL's own programs, started with the connection's settings: pg_dump reads one snapshot, pg_restore writes one
transaction.  A password never stands on a command line, where every user of the machine could read it.
"""

import os
import subprocess
from pathlib import Path

from django.db import connection

from xinheng.base.errors import XinhengError

#: What the programs and libpq call alike; the rest of Django's settings is Django's.
_OURS = frozenset({"cursor_factory", "context", "prepare_threshold", "server_side_binding", "client_encoding"})
_SAID_MAX = 300


class ProgramFailed(XinhengError):
    """One of PostgreSQL's programs is missing or refused.  params: program, said."""

    code = "PROGRAM_FAILED"


def dump(target: Path) -> None:
    """Everything of the database into one file.

    Raises:
        ProgramFailed
    """
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(target))


def restore(source: Path) -> None:
    """All of a dump, or nothing of it, into the database.

    Raises:
        ProgramFailed
    """
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(source))


def _run(program: str, *words: str) -> None:
    from psycopg.conninfo import make_conninfo

    params = {name: value for name, value in connection.get_connection_params().items() if name not in _OURS}
    password = params.pop("password", "")
    env = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [program, "--dbname", make_conninfo(**params), *words]
    try:
        subprocess.run(command, env=env, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise ProgramFailed(program=program, said="not found on PATH") from None
    except subprocess.CalledProcessError as error:
        raise ProgramFailed(program=program, said=error.stderr.strip()[-_SAID_MAX:]) from None
