"""Measure on both engines and write RESULTS.md (`make bench`).

    benchmarks/run.py [--engine ENGINE]… [--only JOB]… [--small] [--output FILE]

``--small`` takes a hundredth of everything: it shows that the measuring works, not how fast anything is.  Only a whole
run writes RESULTS.md by itself.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent.parent / "scripts")]

from benchmarks import books, import_raw, report  # noqa: E402 - found beside this file however it is started
from benchmarks import decisions as decision  # noqa: E402
from benchmarks.books import Books  # noqa: E402
from benchmarks.report import Goal, Row  # noqa: E402

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rows: int = 1_000_000
    part: int = 250_000  # the smaller file, whose memory is compared
    small_ledger: int = 10_000
    customers: int = 20_000
    fat: int = 100_000
    waiting_sqlite: int = 50_000
    decisions: int = 120
    rounds: int = 3
    single: int = 60
    clients: int = 8


SMALL = Size(10_000, 1_000, 100, 200, 1_000, 500, 6, 1, 6, 2)


@dataclass
class Run:
    """One engine's measurements and what they share."""

    engine: str
    server: str
    place: Path
    size: Size
    rows: list[Row] = field(default_factory=list)
    costs: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        print(f"  {NAMES[self.engine]}: {text}", file=sys.stderr, flush=True)

    def add(
        self, job: str, figure: str, beside: str, value: float | None = None, goal: Goal | None = None, unit: str = " ×"
    ) -> None:
        row = Row(NAMES[self.engine], job, figure, beside, value, goal, unit)
        self.rows.append(row)
        print("| " + " | ".join(row.cells()) + " |", flush=True)

    @property
    def on_postgres(self) -> bool:
        return bool(self.server)

    def books(self, name: str) -> Books:
        return books.make(self.place, f"{self.engine[0]}_{name}", self.server)

    def file(self, rows: int, *, years: bool = False) -> str:
        """A file of invoices for the customers there are: those of the last month, or of three years."""
        path = self.place / f"invoices-{rows}-{'years' if years else 'month'}.csv"
        if not path.exists():
            days = 3 * 365 if years else 30
            first = decision.DAY - timedelta(days=days - 1)
            import_raw.write_file(path, rows, customers=self.size.customers, first=first, days=days)
        return str(path)


def decisions(run: Run) -> None:
    """Eight clients on different accounts, and on one, beside what the engine alone could do."""
    size, made = run.size, run.books("decisions")
    each = size.rounds * (size.decisions + decision.WARM)
    codes = [f"D{n}" for n in range(size.clients)]
    for code in codes:
        made.ask("customer", code=code, items=10, orders=each)
    made.ask("customer", code="HOT", items=10, orders=each * size.clients + size.single + decision.WARM)
    _beside_raw(run, made, "different accounts", codes, report.DIFFERENT)
    _beside_raw(run, made, "one account", ["HOT"] * size.clients, report.HOT)
    shares = made.ask("costs", code="HOT", first=each * size.clients, count=size.single)
    listed = ", ".join(f"{place} {share:.0%}" for place, share in shares.items())
    run.costs.append(f"- {NAMES[run.engine]}: of a decision's time (profiled, one client): {listed}.")
    made.remove()


def _beside_raw(run: Run, made: Books, where: str, codes: list[str], goal: Goal) -> None:
    size, hot = run.size, len(set(codes)) == 1
    job = f"a decision, {size.clients} clients on {where}"
    ratios, ours, raws = [], [], []
    for turn in range(size.rounds):
        run.say(f"{job}, round {turn + 1} of {size.rounds} …")
        first = turn * (size.decisions + decision.WARM) * (size.clients if hot else 1)
        if run.on_postgres:
            raws.append(made.ask("raw_rate", clients=size.clients, count=size.decisions, hot=hot))
        ours.append(made.ask("rate", codes=codes, first=first, count=size.decisions))
        ratios += [ours[-1] / raws[-1]] if raws else []
    figure = f"{statistics.median(ours):,.0f}/s"
    if raws:
        run.add(job, figure, f"raw {statistics.median(raws):,.0f}/s", statistics.median(ratios), goal)
    else:
        run.add(job, figure, "one writer at a time")


def _each(run: Run, pair: Iterable[tuple[Books, str]], *, half: int) -> list[float]:
    """Seconds a decision takes in each of two places, in turn, the best round of each; each order is used once."""
    taken: list[list[float]] = [[], []]
    places = list(pair)
    for turn in range(run.size.rounds):
        for index, (where, code) in enumerate(places):
            first = (half * run.size.rounds + turn) * (run.size.single + decision.WARM)
            taken[index].append(where.ask("seconds_each", code=code, first=first, count=run.size.single))
    return [min(one) for one in taken]


def flat_and_ageing(run: Run, wanted: set[str]) -> None:
    """A ledger of a million items: as fast as a small one, and aged at once."""
    size = run.size
    orders = 2 * size.rounds * (size.single + decision.WARM)
    run.say(f"making a ledger of {size.rows:,} items …")
    empty = run.books("empty")
    empty.ask("customers", count=size.customers)
    large = empty.copy(f"{run.engine[0]}_large")
    large.ask("land_raw", path=run.file(size.rows, years=True))
    if "flat" in wanted:
        small = empty.copy(f"{run.engine[0]}_small")
        small.ask("land_raw", path=run.file(size.small_ledger, years=True))
        for where in (small, large):
            where.ask("customer", code="LEAN", items=10, orders=orders)
        large.ask("customer", code="FAT", items=size.fat, orders=orders)
        run.say("decisions in a large ledger and a small one …")
        big, little = _each(run, [(large, "LEAN"), (small, "LEAN")], half=0)
        job = f"a decision in a ledger of {size.rows:,} items against {size.small_ledger:,}"
        run.add(job, f"{big * 1000:.2f} ms", f"{little * 1000:.2f} ms", big / little, report.FLAT)
        fat, lean = _each(run, [(large, "FAT"), (large, "LEAN")], half=1)
        job = f"a decision for a customer with {size.fat:,} open items against 10"
        run.add(job, f"{fat * 1000:.2f} ms", f"{lean * 1000:.2f} ms", fat / lean, report.FLAT)
        small.remove()
    if "ageing" in wanted:
        large.ask("analyse")
        run.say("ageing …")
        for name, (ours, plain) in large.ask("ageing").items():
            job = f"ageing of {size.rows:,} open items, {name}"
            run.add(job, f"{ours:.2f} s", f"plain SQL {plain:.2f} s", ours / plain, report.AGEING)
    large.remove()
    empty.remove()


def imports(run: Run) -> None:
    """A million invoices from a file, beside the same rows by hand-written SQL, and the memory it takes."""
    size = run.size
    empty = run.books("empty")
    empty.ask("customers", count=size.customers)

    def landed(part: str, rows: int) -> dict:
        copy = empty.copy(f"{run.engine[0]}_{part}_{rows}")
        try:
            return copy.ask(part, path=run.file(rows))
        finally:
            copy.remove()

    run.say(f"importing {size.part:,} invoices …")
    part = landed("land", size.part)
    run.say(f"landing {size.rows:,} invoices by hand-written SQL …")
    raw = landed("land_raw", size.rows)
    run.say(f"importing {size.rows:,} invoices …")
    whole = landed("land", size.rows)
    job, speed = f"import of {size.rows:,} invoices", size.rows / whole["seconds"]
    beside = f"by hand {raw['seconds']:.1f} s"
    run.add(job, f"{whole['seconds']:.1f} s", beside, raw["seconds"] / whole["seconds"], report.IMPORT)
    run.add(f"{job}, rows a second", f"{speed:,.0f}/s", "", speed, report.ROWS_A_SECOND, "/s")
    run.add(
        f"memory of an import of {size.rows:,} against {size.part:,}",
        f"{whole['megabytes']:.0f} MB",
        f"{part['megabytes']:.0f} MB",
        whole["megabytes"] / part["megabytes"],
        report.MEMORY,
    )
    stages = {name: seconds for name, seconds in whole["stages"].items() if seconds > whole["seconds"] / 100}
    listed = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
    run.costs.append(f"- {NAMES[run.engine]}: of an import's {whole['seconds']:.1f} s: {listed}.")
    empty.remove()


def waiting(run: Run) -> None:
    """How long a customer who is not in the file waits for a check while the file lands."""
    size = run.size
    rows, goal = (size.rows, report.WAIT_POSTGRES) if run.on_postgres else (size.waiting_sqlite, report.WAIT_SQLITE)
    made = run.books("waiting")
    made.ask("customers", count=size.customers)
    made.ask("customer", code="OTHER", items=10, orders=40)
    run.say(f"checks beside an import of {rows:,} invoices …")
    calm = _probed(made, lambda: time.sleep(2))
    busy = _probed(made, lambda: made.ask("land", path=run.file(rows)))
    run.add(
        f"longest check of another customer while {rows:,} invoices are imported",
        f"{busy['longest']:.2f} s of {busy['checks']:,} checks",
        f"alone {calm['longest']:.2f} s",
        busy["longest"],
        goal,
        " s",
    )
    made.remove()


def _probed(made: Books, meanwhile: Callable[[], object]) -> dict:
    with made.start("probe", code="OTHER") as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        meanwhile()
        process.stdin.close()
        said = process.stdout.read()
    return json.loads(said.strip().splitlines()[-1])


JOBS = ("decisions", "flat", "ageing", "imports", "waiting")


def measure(run: Run, wanted: set[str]) -> None:
    if "decisions" in wanted:
        decisions(run)
    if wanted & {"flat", "ageing"}:
        flat_and_ageing(run, wanted)
    if "imports" in wanted:
        imports(run)
    if "waiting" in wanted:
        waiting(run)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--engine", choices=list(NAMES), action="append")
    words.add_argument("--only", choices=JOBS, action="append")
    words.add_argument("--small", action="store_true")
    words.add_argument("--output", type=Path)
    chosen = words.parse_args()
    import postgres

    engines = chosen.engine or [engine for engine in NAMES if engine == "sqlite" or postgres.programs()]
    load = os.getloadavg()[0]
    rows, costs = [], []
    with books.servers(engines) as servers, books.scratch() as place:
        for engine, server in servers.items():
            run = Run(engine, server, place, SMALL if chosen.small else Size())
            measure(run, set(chosen.only or JOBS))
            rows += run.rows
            costs += run.costs
            if chosen.output:  # what was measured stays, whatever becomes of the rest
                chosen.output.write_text(report.page(rows, costs, load=load), encoding="utf-8")
    whole = not (chosen.only or chosen.small or chosen.engine)
    if whole and not chosen.output:
        report.PAGE.write_text(report.page(rows, costs, load=load), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
