"""Figures beside their limits, and the page that keeps the last ones."""

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is to reach: at least when ``more`` is better, else at most; some have no floor."""

    aim: float
    floor: float | None
    more: bool = False

    def verdict(self, value: float) -> str:
        if self._reaches(value, self.aim):
            return "aim reached"
        if self.floor is None:
            return "aim not reached"
        return "floor kept" if self._reaches(value, self.floor) else "**floor missed**"

    def _reaches(self, value: float, bound: float) -> bool:
        return value >= bound if self.more else value <= bound

    def words(self, unit: str) -> str:
        sign = "≥" if self.more else "≤"
        floor = "" if self.floor is None else f" ({self.floor:g}{unit})"
        return f"{sign} {self.aim:g}{unit}{floor}"


#: design figures: what the product aims at, and what it must not miss.
DIFFERENT = Goal(0.25, 0.15, more=True)
HOT = Goal(0.15, 0.08, more=True)
FLAT = Goal(1.1, 1.3)
AGEING = Goal(1.3, 2)
IMPORT = Goal(0.7, 0.5, more=True)
ROWS_A_SECOND = Goal(25_000, None, more=True)  # what must not be missed is the ratio
MEMORY = Goal(1.1, 1.3)
WAIT_POSTGRES = Goal(0.2, 1)
WAIT_SQLITE = Goal(2, 5)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a job, its figure, the limit beside it, and what is judged."""

    engine: str
    job: str
    figure: str
    beside: str
    value: float | None = None
    goal: Goal | None = None
    unit: str = " ×"

    def cells(self) -> tuple[str, ...]:
        if self.goal is None or self.value is None:
            return (self.engine, self.job, self.figure, self.beside, "", "", "")
        ratio = f"{self.value:,.0f}{self.unit}" if self.value >= 1000 else f"{self.value:.2f}{self.unit}"
        return (
            *(self.engine, self.job, self.figure, self.beside, ratio),
            *(self.goal.words(self.unit), self.goal.verdict(self.value)),
        )


HEADINGS = ("engine", "job", "figure", "beside", "judged", "aim (floor)", "verdict")


def table(rows: Iterable[Row]) -> str:
    lines = [HEADINGS, tuple("---" for _ in HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """What it was measured on, in one line."""
    processor = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    system = re.search(r'PRETTY_NAME="(.+)"', _read("/etc/os-release"))
    parts = [
        f"{os.cpu_count()} cores" + (f" ({processor[1].strip()})" if processor else ""),
        f"{int(memory[1]) / 1024 / 1024:.0f} GiB" if memory else "",
        system[1] if system else platform.system(),
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        _postgres(),
    ]
    return ", ".join(part for part in parts if part)


def _postgres() -> str:
    import postgres

    programs = postgres.programs()
    if programs is None:
        return ""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"(\d+(?:\.\d+)?)", said)
    return f"PostgreSQL {version[1]} (fsync on, max_wal_size 4GB)" if version else ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def page(rows: list[Row], costs: list[str], *, load: float) -> str:
    """The page of results."""
    judged = [(row, row.goal.verdict(row.value)) for row in rows if row.goal and row.value is not None]
    missed = [row for row, verdict in judged if "missed" in verdict]
    short = [row for row, verdict in judged if verdict in ("floor kept", "aim not reached")]
    summary = f"{len(missed)} floors missed, {len(short)} aims not reached."
    listed = [f"- {row.engine}: {row.job}" for row in [*missed, *short]]
    return "\n".join(
        [
            "# What was measured last",
            "",
            f"`make bench`, {datetime.now(UTC):%Y-%m-%d}. {machine()}.",
            f"Load of the machine by others when it began: {load:.1f}. Each figure stands beside its raw limit of the",
            "same run; compare ratios, not figures of different runs.",
            "",
            table(rows),
            "",
            summary,
            *listed,
            "",
            "## What costs most now",
            "",
            *costs,
            "",
        ]
    )
