"""One transaction, one set of promises, on both engines: bounded waits, and rows that can never change again.

Movements, decisions and audit lines are refused every UPDATE, DELETE and TRUNCATE by triggers.  They are declared by
``append_only = True`` on the model, installed after every migration (SQLite rebuilds tables and drops them), and
``verify`` compares what the catalogue holds with what is declared here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from xinheng.base.errors import LockTimeout

#: What the engines say when somebody else holds the lock for longer than the bounded wait.
_WAITED = ("database is locked", "lock timeout", "LockNotAvailable", "deadlock detected")


@contextmanager
def atomic(*, durable: bool = True) -> Iterator[None]:
    """One action's transaction; a lock that does not come in time becomes LockTimeout and nothing is written."""
    try:
        with transaction.atomic(durable=durable and not _inside_test()):
            yield
    except OperationalError as error:
        if any(words in str(error) for words in _WAITED):
            raise LockTimeout from error
        raise


def _inside_test() -> bool:
    """Test cases wrap each test in a transaction; an action inside it cannot be the outermost one."""
    return connection.in_atomic_block and any(getattr(b, "_from_testcase", False) for b in connection.atomic_blocks)


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def append_only_tables() -> list[str]:
    """The tables whose rows never change, as the models declare them."""
    models = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    return sorted(model._meta.db_table for model in models)


def _statements(table: str) -> dict[str, list[str]]:
    """Trigger name → statements that make it, for the engine in use."""
    if is_postgres():
        body = (
            f"CREATE TRIGGER {{name}} BEFORE {{event}} ON {table} FOR EACH {{each}} EXECUTE FUNCTION xinheng_refuse()"
        )
        events = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}
        return {
            f"{table}_no_{event}": [body.format(name=f"{table}_no_{event}", event=event.upper(), each=each)]
            for event, each in events.items()
        }
    return {
        f"{table}_no_{event}": [
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
        ]
        for event in ("update", "delete")
    }


def installed_triggers() -> set[str]:
    """The names of the refusing triggers that the database holds now."""
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' AND "
                "tgfoid = (SELECT oid FROM pg_proc WHERE proname = 'xinheng_refuse' LIMIT 1)"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


def declared_triggers() -> set[str]:
    return {name for table in append_only_tables() for name in _statements(table)}


def install_triggers(**_: object) -> None:
    """Make the triggers that are declared and missing.  Safe to repeat."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "CREATE OR REPLACE FUNCTION xinheng_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME; END $$"
            )
        present = installed_triggers()
        for table in append_only_tables():
            if table in tables:
                for name, statements in _statements(table).items():
                    if name not in present:
                        for statement in statements:
                            cursor.execute(statement)


def remove_triggers() -> None:
    """For the emptying of a test database only: nothing in the product calls it."""
    with connection.cursor() as cursor:
        for table in append_only_tables():
            for name in set(_statements(table)) & installed_triggers():
                cursor.execute(f"DROP TRIGGER {name} ON {table}" if is_postgres() else f"DROP TRIGGER {name}")


def _prepare(sender: object, connection, **_: object) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


def install() -> None:
    """Called once when the app is ready."""
    connection_created.connect(_prepare, dispatch_uid="xinheng.prepare")
    post_migrate.connect(install_triggers, dispatch_uid="xinheng.triggers")
