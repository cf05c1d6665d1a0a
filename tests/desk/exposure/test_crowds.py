"""Sixteen processes at one limit fill it exactly; who waits for whom, and for how long (semantics.md 1 and 3)."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import installation
from tests.installation import Installation

#: scene → what stands ordered afterwards, all customers and entities together
SCENES = {
    "one account": (
        {
            "customers": {"A": ""},
            "lines": [{"customer": "A", "amount": 200}],
            "work": [{"customer": "A", "amount": 10, "count": 2} for _ in range(16)],
        },
        200,
    ),
    "a limit that orders of several sizes fill": (
        {
            "customers": {"A": ""},
            "lines": [{"customer": "A", "amount": 100}],
            "work": [{"customer": "A", "amount": size, "count": 5} for size in (1, 2, 5, 10) * 4],
        },
        100,
    ),
    "two members of one group": (
        {
            "customers": {"A": "G", "B": "G"},
            "lines": [{"customer": "A", "amount": 150, "shared": True}],
            "work": [{"customer": code, "amount": 10, "count": 2} for code in "AB" * 8],
        },
        150,
    ),
    "one line over two entities": (
        {
            "entities": ["EAST"],
            "customers": {"A": ""},
            "lines": [{"customer": "A", "amount": 120}],
            "work": [{"customer": "A", "amount": 10, "count": 2, "entity": code} for code in ("MAIN", "EAST") * 8],
        },
        120,
    ),
}


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> Iterator[Installation]:
    """Books with nothing in them, made once."""
    with installation.empty(tmp_path_factory.mktemp("founded")) as made:
        made.does("init", "--currency", "USD")
        yield made


@pytest.fixture(scope="module")
def original(founded, tmp_path_factory) -> Iterator[Installation]:
    """Two customers of one line each, an order of each that nobody has checked; made once."""
    with installation.copied(founded, tmp_path_factory.mktemp("original")) as made:
        customers, lines = made.home / "customers.csv", made.home / "lines.csv"
        customers.write_text("code,name\nA,Alpha\nB,Beta\n", encoding="utf-8")
        lines.write_text("customer,limit,currency,term_days\nA,100,USD,30\nB,100,USD,30\n", encoding="utf-8")
        made.does("import", "customers", customers)
        made.does("import", "lines", lines)
        made.does("order", "new", "SA", "A", "60")
        made.does("order", "new", "SB", "B", "60")
        yield made


@pytest.fixture
def empty(founded, tmp_path) -> Iterator[Installation]:
    with installation.copied(founded, tmp_path) as made:
        yield made


@pytest.fixture
def two(original, tmp_path) -> Iterator[Installation]:
    with installation.copied(original, tmp_path) as made:
        yield made


@pytest.mark.covers("LM-003", "OC-002")
@pytest.mark.parametrize("scene", SCENES)
def test_sixteen_processes_fill_a_limit_exactly(empty, scene):
    played, expected = SCENES[scene]
    done = subprocess.run(
        [sys.executable, "-m", "tests.desk.exposure.crowd", json.dumps(played)],
        cwd=installation.ROOT,
        env=empty.surroundings(DJANGO_SETTINGS_MODULE="xinheng.site.settings", PYTHONPATH="src:."),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == []
    assert sum(amount for _, _, amount in told["ordered"]) == expected
    assert sum(told["states"].values()) == sum(work["count"] for work in played["work"]) == told["decisions"]
    assert told["differences"] == []


@contextmanager
def locked(books: Installation, customer: str) -> Iterator[None]:
    """Somebody else holds the customer's lock row (on SQLite: the only lock there is) until the block ends."""
    if url := books.environment.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(url) as other:
            other.execute(
                "SELECT h.id FROM exposure_holder h JOIN customers_customer c ON c.id = h.customer_id "
                "WHERE c.code = %s FOR UPDATE",
                [customer],
            )
            yield
            other.rollback()
        return
    other = sqlite3.connect(books.home / "xinheng.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def counted(books: Installation) -> str:
    return books.python(
        "from xinheng.base import sql\n"
        "tables = ('control_decision', 'base_auditline', 'exposure_movement', 'exposure_entry')\n"
        "print([sql.fetch(f'SELECT COUNT(*) FROM {table}')[0][0] for table in tables],"
        " sql.fetch('SELECT state FROM sales_order ORDER BY document_id'))"
    )


#: A bounded wait so short that a test can wait for its end.
SHORTLY = {"XINHENG_LOCK_WAIT": "1"}


@pytest.mark.parametrize(
    "command",
    [
        ("order", "check", "SA"),
        ("order", "cancel", "SA"),
        ("order", "new", "SA2", "A", "1"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_lock_that_does_not_come_in_time_is_told_and_nothing_is_written(two, command):
    before = counted(two)
    with locked(two, "A"):
        answer = two.run(*command, "--json", **SHORTLY)
    assert (answer.code, answer.json()["error"]["code"]) == (1, "LOCK_TIMEOUT")
    assert counted(two) == before
    assert two.run(*command, **SHORTLY).code == 0


@pytest.mark.postgres
def test_an_order_of_another_customer_does_not_wait(two):
    with locked(two, "A"):
        answer = two.run("order", "check", "SB", "--json", XINHENG_LOCK_WAIT="60")
        assert (answer.code, answer.json()["verdict"]) == (0, "approved")
    assert two.run("verify").code == 0


@pytest.mark.postgres
def test_no_row_is_touched_by_every_decision(two):
    """Whatever else one decision locks, another customer's decision needs none of it."""
    in_the_middle = (
        "from django.db import transaction\n"
        "from xinheng.desk.control import public as control\n"
        "from xinheng.desk.sales import public as sales\n"
        "from xinheng.base import database\n"
        "from xinheng.site import founding\n"
        "from xinheng.base.clock import business_date\n"
        "import subprocess, sys\n"
        "database._inside_test = lambda: True\n"
        "with transaction.atomic():\n"
        "    order = sales.order_by_number('SA')\n"
        "    control.check_order(order, on=business_date(), by=founding.console())\n"
        "    done = subprocess.run(sys.argv[1:], check=False)\n"
        "    print(done.returncode)\n"
    )
    said = two.python(in_the_middle, *two.command("order", "check", "SB", "--json"), XINHENG_LOCK_WAIT="60")
    assert said.strip().endswith("0")


def test_closing_a_month_waits_for_whoever_posts(two):
    with locked(two, "A"):
        pass
    close = (
        "from datetime import date\n"
        "from xinheng.base.models import User\n"
        "from xinheng.base.errors import LockTimeout\n"
        "from xinheng.desk.exposure import public as exposure\n"
        "from xinheng.site import founding\n"
        "try:\n"
        "    exposure.close_month(exposure.entity(), date(2026, 1, 1), by=founding.console())\n"
        "    print('closed')\n"
        "except LockTimeout:\n"
        "    print('waited')\n"
    )
    with posting(two):
        assert two.python(close, **SHORTLY).strip() == "waited"
    assert two.python(close, **SHORTLY).strip() == "closed"


@contextmanager
def posting(books: Installation) -> Iterator[None]:
    """Somebody is in the middle of posting a document."""
    code = (
        "import sys\n"
        "from django.db import transaction\n"
        "from xinheng.desk.customers.public import by_code\n"
        "from xinheng.desk.exposure import public as exposure\n"
        "with transaction.atomic():\n"
        "    exposure.lock([by_code('A').pk])\n"
        "    print('posting', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=installation.ROOT,
        env=books.surroundings(DJANGO_SETTINGS_MODULE="xinheng.site.settings"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stdout.readline().strip() == "posting"
        yield
    finally:
        started.communicate()
