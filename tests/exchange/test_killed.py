"""An import that is killed leaves nothing behind wherever it was; run again it ends in the books of one clean run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import installation
from tests.exchange.files import invoice, write

POINTS = 20
_PYTHON = """
import json, sys
from pathlib import Path
from tests.exchange.killing import held, import_file
statements = import_file(Path(sys.argv[1]))
print(json.dumps([statements, held()]))
"""


def rows():
    """Every way a row can land: alone, in a family, in instalments, red, corrected."""
    yield from (invoice(f"I{n}", f"C{n % 20}", f"{n}.10", due_date="2026-04-01") for n in range(1, 600))
    yield from (invoice(f"J{n}", "C1", n, order=f"S{n}", due_date="2026-04-01") for n in range(1, 40))
    yield from (invoice(f"K{n}", "C2", n * 100, term="30%@30D+70%@60D") for n in range(1, 20))
    yield from (invoice(f"L{n}", "C3", -1, red_of=f"I{3 + 20 * n}") for n in range(1, 10))
    yield from (invoice(f"M{n}", "C4", 50, net=45, tax=5) for n in range(1, 20))


@pytest.fixture
def books(tmp_path):
    """Books with customers, and some of the invoices already there with other amounts."""
    with installation.empty(tmp_path) as made:
        made.does("init", "--currency", "USD")
        customers = write(tmp_path / "customers.csv", [{"code": f"C{n}", "name": f"Customer {n}"} for n in range(20)])
        made.does("import", "customers", customers)
        old = write(tmp_path / "old.csv", [invoice(f"M{n}", "C4", 40) for n in range(1, 20)])
        made.does("import", "invoices", old)
        yield made


def run(made, code, *words):
    return json.loads(made.python(code, *map(str, words)))


def test_twenty_times_killed_and_then_run_is_one_clean_run(books, tmp_path):
    path = write(tmp_path / "invoices.csv", rows())
    with installation.copied(books, tmp_path) as clean:
        statements, wanted = run(clean, _PYTHON, path)
    before = run(books, "import json; from tests.exchange.killing import held; print(json.dumps(held()))")
    done = subprocess.run(
        [sys.executable, "-m", "tests.exchange.killing", str(path), str(POINTS), str(statements)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
        env=books.surroundings(DJANGO_SETTINGS_MODULE="xinheng.site.settings"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    states = json.loads(done.stdout)
    assert [one["killed"] for one in states] == [True] * POINTS
    # All or nothing: only the last one dies after everything has been written.
    assert [one["held"] == before for one in states[:-1]] == [True] * (POINTS - 1)
    assert states[-1]["held"] in (before, wanted)
    _, found = run(books, _PYTHON, path)
    assert found == wanted
    books.does("verify")
