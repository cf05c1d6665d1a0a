"""Movements, decisions and audit lines never change: the database refuses, and verify sees when it no longer would."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests import books
from tests.desk import money
from xinheng.base import database, sql
from xinheng.site import verification

pytestmark = pytest.mark.django_db
TABLES = (
    "base_auditline",
    "base_seal",
    "control_decision",
    "control_signature",
    "exposure_entry",
    "exposure_movement",
)


@pytest.fixture
def recorded(db):
    """A row in every table that never changes."""
    from tests.desk.control.test_check_order import check, order
    from xinheng.desk.control import public as control

    books.found()
    who = books.customer("A")
    books.line(who, 50_00)
    one = order(who, "S1", 60_00)
    check(one)
    control.sign_release(one, reason="known", on=books.DAY, by=books.person("gm", "GENERAL_MANAGER"))
    money.invoice(who, "I1", 10_00)
    verification.seal()


def refused(statement):
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        sql.execute(statement)


def test_these_tables_never_change():
    assert set(TABLES) <= set(database.append_only_tables())


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_or_deleted(recorded, table):
    assert sql.fetch(f"SELECT COUNT(*) FROM {table}")[0][0] > 0
    refused(f"UPDATE {table} SET id = id")
    refused(f"DELETE FROM {table}")


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(recorded, table):
    refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.sqlite
@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced(recorded, table):
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize("event", ["update", "delete"])
def test_verify_misses_a_trigger_that_was_dropped_and_migrate_brings_it_back(recorded, event):
    assert list(verification.differences()) == []
    name = f"exposure_movement_no_{event}"
    database._drop(name, "exposure_movement")
    assert list(verification.differences()) == [f"trigger {name}: missing, rows could be changed"]
    call_command("migrate", interactive=False, verbosity=0)
    assert list(verification.differences()) == []
    refused("UPDATE exposure_movement SET amount = amount")


@pytest.mark.sqlite
def test_verify_sees_a_trigger_that_says_something_else(recorded):
    name = "base_auditline_no_update"
    database._drop(name, "base_auditline")
    sql.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON base_auditline BEGIN SELECT 1; END")
    assert [line.split(":")[0] for line in verification.differences()] == [f"trigger {name}"]
    database.install_triggers()
    assert list(verification.differences()) == []


@pytest.mark.postgres
@pytest.mark.parametrize(
    "tampering",
    [
        "ALTER TABLE base_auditline DISABLE TRIGGER base_auditline_no_update",
        "CREATE OR REPLACE FUNCTION xinheng_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP TRIGGER base_auditline_no_update ON base_auditline; CREATE TRIGGER base_auditline_no_update "
        "BEFORE INSERT ON base_auditline FOR EACH ROW EXECUTE FUNCTION xinheng_refuse()",
    ],
    ids=["disabled", "another function", "another event"],
)
def test_verify_sees_a_trigger_that_would_not_refuse(recorded, tampering):
    sql.execute(tampering)
    found = list(verification.differences())
    assert "trigger base_auditline_no_update: missing, rows could be changed" in found
    database.install_triggers()
    with transaction.atomic():
        assert list(verification.differences()) == []


def test_a_new_connection_lets_no_replacement_pass(recorded):
    if connection.vendor == "sqlite":
        assert sql.fetch("PRAGMA recursive_triggers") == [(1,)]
