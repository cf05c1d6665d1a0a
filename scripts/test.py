"""Run everything: the rule book, SQLite, the browser, PostgreSQL, and the contract at the command line (`make test`).

    scripts/test.py [PART …] [-- PYTEST WORDS …]      PART: rules sqlite browser postgres doors doors-postgres

Legs that are one process each run two at a time and are printed when they end; the others fill the cores by themselves.

What the machine lacks (PostgreSQL's initdb, Chromium, ../shared) is left out and said so. With CI=true only ../shared
may be absent: anything else left out, by this script or by a test, is a failure.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
DOORS = SHARED / "checks" / "doors.py"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
WORKERS = "2"
PYTEST_FOUND_NOTHING = 5
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: The one reason for which CI may leave a test out: data that is not part of the project.
ABSENT_DATA = "../shared"


@dataclass
class Part:
    """One leg of the run and what came of it."""

    name: str
    run: Callable[["Runner", "Part"], None]
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skips: Counter = field(default_factory=Counter)
    left_out: str = ""
    #: What it printed, where it ran beside another one; None where it prints as it goes.
    printed: list[str] | None = None

    @property
    def forbidden(self) -> list[str]:
        """What CI does not let pass: anything left out for another reason than absent data."""
        reasons = [*self.skips, *([self.left_out] if self.left_out else [])]
        return [reason for reason in reasons if IN_CI and ABSENT_DATA not in reason]

    def line(self) -> str:
        if self.left_out:
            return f"  {self.name:<15} left out: {self.left_out}"
        skipped = f", {self.skips.total()} skipped" if self.skips else ""
        return f"  {self.name:<15} {self.passed:>5} passed, {self.failed} failed{skipped}, {self.seconds:.0f} s"


class Runner:
    """The environment of the run, and the programs it starts in it."""

    def __init__(self, scratch: Path, words: list[str]) -> None:
        self.scratch = scratch
        self.words = words
        #: Nothing of the tests touches the installation in var/.
        self.environment = {**os.environ, "XINHENG_HOME": str(scratch / "home"), "XINHENG_TESTING": "1"}
        for name in ("DATABASE_URL", "XINHENG_TOKEN", "XINHENG_LANG", "XINHENG_PRODUCTION", "DJANGO_SETTINGS_MODULE"):
            self.environment.pop(name, None)
        self.servers = contextlib.ExitStack()
        self.server: postgres.Server | None = None
        self._running: set[subprocess.Popen] = set()

    def start(self, part: Part, words: list[str | Path], environment: dict[str, str]) -> tuple[int, str]:
        """Run a program to its end; its exit code and what it printed."""
        process = subprocess.Popen(
            [str(word) for word in words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._running.add(process)
        printed: list[str] = []
        for line in process.stdout or ():
            printed.append(line)
            if part.printed is None:
                print(line, end="", flush=True)
            else:
                part.printed.append(line)
        code = process.wait()
        self._running.discard(process)
        return code, "".join(printed)

    def stop(self) -> None:
        """End whatever still runs; Ctrl-C reached it too, and it may tidy up."""
        for process in list(self._running):
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
                process.wait(1)
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
                process.wait(15)

    def pytest(self, part: Part, *words: str, **environment: str) -> None:
        report = self.scratch / f"{part.name}.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *words, *self.words]
        code, _ = self.start(part, command, self.environment | environment)
        for case in ET.parse(report).iter("testcase") if report.is_file() else ():
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                part.failed += 1
            elif skip is not None:
                part.skips[skip.get("message") or "no reason given"] += 1
            else:
                part.passed += 1
        if code == PYTEST_FOUND_NOTHING and not self.words:
            part.left_out = "no test was found"
        elif code not in (0, PYTEST_FOUND_NOTHING):
            part.failed = max(part.failed, 1)  # a coverage floor missed, a file that cannot be imported

    def doors(self, part: Part, *words: str, **environment: str) -> None:
        if not DOORS.is_file():
            part.left_out = f"{ABSENT_DATA}/checks/doors.py is absent"
            return
        command = [sys.executable, DOORS, ROOT / ".venv" / "bin" / "xinheng", *words]
        plain = {key: value for key, value in self.environment.items() if key != "XINHENG_TESTING"}
        code, printed = self.start(part, command, plain | environment)
        counted = re.search(r"^(\d+) passed, (\d+) failed$", printed, re.MULTILINE)
        part.passed, part.failed = (int(counted[1]), int(counted[2])) if counted else (0, 1)
        if code and not part.failed:
            part.failed = 1

    def with_postgres(self, part: Part) -> postgres.Server | None:
        """The throwaway cluster, started when first needed; None, the reason noted, where PostgreSQL is missing."""
        if self.server is None:
            if postgres.programs() is None:
                part.left_out = "PostgreSQL's initdb was found neither on PATH nor under /usr/lib/postgresql"
                return None
            self.server = self.servers.enter_context(postgres.cluster())
        return self.server

    def run(self, part: Part) -> None:
        started = time.monotonic()
        if part.printed is None:
            print(f"\n== {part.name} ==", flush=True)
        part.run(self, part)
        part.seconds = time.monotonic() - started
        if part.printed is not None:
            print(f"\n== {part.name} ==\n{''.join(part.printed)}", end="", flush=True)


def rules(runner: Runner, part: Part) -> None:
    """Without Django: the rule book stands alone, and nothing imports it before its coverage is measured."""
    coverage = ("--cov=xinheng.rules", "--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered")
    quiet = ("-W", "ignore::pytest.PytestConfigWarning")  # Django's setting means nothing here
    runner.pytest(part, "tests/rules", "-p", "no:django", *quiet, *coverage)


def sqlite(runner: Runner, part: Part) -> None:
    runner.pytest(part, "-n", WORKERS, "-m", "not postgres and not browser", "--ignore=tests/rules")


def browser(runner: Runner, part: Part) -> None:
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if chromium is None:
        part.left_out = f"Chromium was not found on PATH ({', '.join(CHROMIUM)})"
        return
    runner.pytest(part, "-m", "browser", XINHENG_TEST_CHROMIUM=chromium)


def on_postgres(runner: Runner, part: Part) -> None:
    if server := runner.with_postgres(part):
        address = server.database("xinheng")
        words = ("-n", WORKERS, "-m", "not browser and not sqlite", "--ignore=tests/rules")
        runner.pytest(part, *words, DATABASE_URL=address, **server.environment)


def doors_on_postgres(runner: Runner, part: Part) -> None:
    if not DOORS.is_file():
        part.left_out = f"{ABSENT_DATA}/checks/doors.py is absent"
    elif server := runner.with_postgres(part):
        runner.doors(part, "--postgres", server.url, **server.environment)


PARTS = {
    "rules": rules,
    "sqlite": sqlite,
    "browser": browser,
    "postgres": on_postgres,
    "doors": lambda runner, part: runner.doors(part),
    "doors-postgres": doors_on_postgres,
}
#: One process each, the longest first.
SINGLE = ("browser", "doors-postgres", "doors", "rules")


def summary(parts: list[Part]) -> int:
    """One line per part, what was skipped and why, and the closing line that CI reads."""
    print("\nTests 测试结果", flush=True)
    for part in parts:
        print(part.line())
    for reason, count in sum((part.skips for part in parts), Counter()).items():
        print(f"  skipped {count}: {reason}")
    forbidden = [f"{part.name}: {reason}" for part in parts for reason in part.forbidden]
    for reason in forbidden:
        print(f"  CI leaves nothing out: {reason}")
    failed = sum(part.failed for part in parts) + len(forbidden)
    skipped = sum(part.skips.total() for part in parts)
    print(f"{sum(part.passed for part in parts)} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def run_all(runner: Runner, parts: list[Part]) -> None:
    single = sorted((part for part in parts if part.name in SINGLE), key=lambda part: SINGLE.index(part.name))
    if len(single) > 1:
        for part in single:
            part.printed = []
        print(f"\n{', '.join(part.name for part in single)}: two at a time …", flush=True)
        if any(part.name == "doors-postgres" for part in single):
            runner.with_postgres(Part("", sqlite))  # from this thread: the server ends with the one that started it
    with ThreadPoolExecutor(int(WORKERS)) as lanes:
        try:
            for done in [lanes.submit(runner.run, part) for part in single]:
                done.result()
        except BaseException:
            lanes.shutdown(wait=False, cancel_futures=True)
            runner.stop()
            raise
    for part in parts:
        if part not in single:
            try:
                runner.run(part)
            finally:
                runner.stop()


def main() -> int:
    words = sys.argv[1:]
    words, extra = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        print(f"no such part: {' '.join(unknown)}; there are: {' '.join(PARTS)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parts = [Part(name, PARTS[name]) for name in PARTS if not words or name in words]
    scratch = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    runner = Runner(scratch, extra)
    try:
        with runner.servers:
            run_all(runner, parts)
        return summary(parts)
    except postgres.PostgresError as error:
        print(f"PostgreSQL: {error}\n0 passed, 1 failed", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted 已中断", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
