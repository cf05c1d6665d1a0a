"""What measures speed works and says what it must; how fast anything is, no test asks."""

import os
import subprocess
import sys

import pytest

from benchmarks import import_raw, report
from benchmarks.decisions import DAY
from tests.installation import ROOT

ENGINE = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"


def test_a_small_run_measures_everything(tmp_path):
    """On SQLite everything, on PostgreSQL what differs there."""
    page = tmp_path / "RESULTS.md"
    only = ["--only", "decisions"] if ENGINE == "postgresql" else []
    command = [sys.executable, "benchmarks/run.py", "--small", "--engine", ENGINE, "--output", page, *only]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = page.read_text(encoding="utf-8")
    jobs = ["a decision, 2 clients on different accounts", "a decision, 2 clients on one account"]
    if not only:
        jobs += [
            "a decision in a ledger of 10,000 items against 100",
            "a decision for a customer with 1,000 open items against 10",
            "ageing of 10,000 open items, in all",
            "ageing of 10,000 open items, a page of customers",
            "import of 10,000 invoices",
            "import of 10,000 invoices, rows a second",
            "memory of an import of 10,000 against 1,000",
            "longest check of another customer while 500 invoices are imported",
        ]
    for job in jobs:
        assert f" | {job} | " in said
    assert "## What costs most now" in said
    assert "of a decision's time" in said
    assert str(tmp_path) not in said


GOALS = [
    (report.DIFFERENT, 0.25, "aim reached"),
    (report.DIFFERENT, 0.2, "floor kept"),
    (report.DIFFERENT, 0.14, "**floor missed**"),
    (report.FLAT, 1.1, "aim reached"),
    (report.FLAT, 1.2, "floor kept"),
    (report.FLAT, 1.31, "**floor missed**"),
    (report.ROWS_A_SECOND, 25_000, "aim reached"),
    (report.ROWS_A_SECOND, 24_999, "aim not reached"),
]


@pytest.mark.parametrize(("goal", "value", "verdict"), GOALS)
def test_a_figure_is_judged_by_its_aim_and_floor(goal, value, verdict):
    assert goal.verdict(value) == verdict


def test_the_file_of_invoices_is_the_same_each_time(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        import_raw.write_file(file, 50, 5, first=DAY, days=3)
    lines = files[0].read_text(encoding="utf-8").splitlines()
    assert files[0].read_bytes() == files[1].read_bytes()
    assert lines[0] == "number,customer,issue_date,due_date,amount"
    assert len(lines) == 51
