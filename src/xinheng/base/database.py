"""One transaction, one set of promises, on both engines: bounded waits, and rows that can never change again.

Movements, decisions and audit lines are refused every UPDATE, DELETE and TRUNCATE by triggers.  They are declared by
``append_only = True`` on the model, installed after every migration (SQLite rebuilds tables and drops them), and
``verify`` compares what the catalogue holds with what is declared here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from xinheng.base import sql
from xinheng.base.errors import LockTimeout

#: What the engines call a lock that somebody else holds for longer than the bounded wait, or a wait in a circle.
_WAITED = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03", "40P01"})


@contextmanager
def atomic(*, durable: bool = True) -> Iterator[None]:
    """One action's transaction; a lock that does not come in time becomes LockTimeout and nothing is written."""
    try:
        with transaction.atomic(durable=durable and not _in_whole.get() and not _inside_test()):
            yield
    except OperationalError as error:
        cause = error.__cause__
        if {getattr(cause, name, None) for name in ("sqlite_errorname", "sqlstate")} & _WAITED:
            raise LockTimeout from error
        raise


#: Whether what is done now belongs to a larger whole that commits it.
_in_whole: ContextVar[bool] = ContextVar("in_whole", default=False)


@contextmanager
def together() -> Iterator[None]:
    """An action and what is kept about it as one transaction: both are there afterwards, or neither.

    Raises:
        LockTimeout: nothing was written.
    """
    with atomic():
        mark = _in_whole.set(True)
        try:
            yield
        finally:
            _in_whole.reset(mark)


def _inside_test() -> bool:
    """Test cases wrap each test in a transaction; an action inside it cannot be the outermost one."""
    return connection.in_atomic_block and any(getattr(b, "_from_testcase", False) for b in connection.atomic_blocks)


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def share(key: int) -> str:
    """A statement that lets many go on at once until somebody wants to be ``alone`` (PostgreSQL)."""
    return f"SELECT pg_advisory_xact_lock_shared({key})"


def alone(key: int) -> None:
    """Wait until nobody shares this key or has it alone, and keep everybody out until the transaction ends.

    On SQLite the immediate transaction is that already.
    """
    if is_postgres():
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def append_only_tables() -> list[str]:
    """The tables whose rows never change, as the models declare them."""
    models = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    return sorted(model._meta.db_table for model in models)


def _triggers(table: str) -> dict[str, str]:
    """Trigger name → the statement that makes it, for the engine in use."""
    if is_postgres():
        events = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}
        return {
            f"{table}_no_{event}": f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION xinheng_refuse()"
            for event, each in events.items()
        }
    return {
        f"{table}_no_{event}": f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
        for event in ("update", "delete")
    }


#: PostgreSQL's function behind every refusing trigger.
_REFUSE = " BEGIN RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME; END "


def installed_triggers() -> set[str]:
    """The names of the refusing triggers that the database holds now, enabled and saying what they were made to say."""
    if not is_postgres():
        rows = sql.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        declared = {name: text for table in append_only_tables() for name, text in _triggers(table).items()}
        return {name for name, text in rows if declared.get(name) == text}
    rows = sql.fetch(
        "SELECT t.tgname, c.relname, t.tgtype FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') "
        "AND p.proname = 'xinheng_refuse' AND p.prosrc = %s",
        [_REFUSE],
    )
    return {name for name, table, kind in rows if _KINDS.get(kind) == name.removeprefix(table)}


#: What PostgreSQL's catalogue calls a trigger before an update or deletion of each row, or before a truncation.
_KINDS = {19: "_no_update", 11: "_no_delete", 34: "_no_truncate"}


def declared_triggers() -> set[str]:
    return {name for table in append_only_tables() for name in _triggers(table)}


def install_triggers(**_: object) -> None:
    """Make the triggers that are declared and missing, or say something else.  Safe to repeat."""
    tables = set(connection.introspection.table_names())
    if is_postgres():
        sql.execute(
            f"CREATE OR REPLACE FUNCTION xinheng_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$".replace(
                "%", "%%"
            )
        )
    present = installed_triggers()
    for table in append_only_tables():
        for name, statement in _triggers(table).items() if table in tables else ():
            if name not in present:
                _drop(name, table)
                sql.execute(statement)


def _drop(name: str, table: str) -> None:
    sql.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}" if is_postgres() else f"DROP TRIGGER IF EXISTS {name}")


def remove_triggers() -> None:
    """For the emptying of a test database only: nothing in the product calls it."""
    for table in append_only_tables():
        for name in _triggers(table):
            _drop(name, table)


def _prepare(sender: object, connection, **_: object) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


def install() -> None:
    """Called once when the app is ready."""
    connection_created.connect(_prepare, dispatch_uid="xinheng.prepare")
    post_migrate.connect(install_triggers, dispatch_uid="xinheng.triggers")
