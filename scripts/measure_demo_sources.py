"""The demo company's two small tables: how customers pay, and exchange rates.

`payment_behaviour.csv` holds summary figures only, measured on the sample "IBM Late Payment Histories" (itself
probably simulated; its rows are not part of this project): customers are put into four classes by the share of their
invoices settled after the 30 days, and per class the deciles of the days to settle are taken, apart for invoices
that were disputed and those that were not. `ecb_rates.csv` is an extract of the euro foreign exchange reference
rates of the European Central Bank (free reuse with the source named) for the days of the demo company's invoices.

    python3 scripts/measure_demo_sources.py behaviour INVOICES.csv
    python3 scripts/measure_demo_sources.py rates eurofxref-hist.zip
"""

import csv
import io
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

DATA = Path(__file__).parent.parent / "src/xinheng/exchange/demo/data"
TERM_DAYS = 30
# A class reaches up to this share of invoices settled late.
CLASSES = (("prompt", 0.10), ("usual", 0.35), ("late", 0.80), ("very-late", 1.01))
CURRENCIES = ("GBP", "USD", "CNY")
FIRST_DAY, LAST_DAY = "2009-11-30", "2010-12-09"


def decile(ordered: list[int], tenth: int) -> int:
    """The value at this tenth of a sorted sample, interpolated and rounded half up to whole days."""
    position = (len(ordered) - 1) * tenth
    low, rest = divmod(position, 10)
    high = min(low + 1, len(ordered) - 1)
    return (2 * (ordered[low] * (10 - rest) + ordered[high] * rest) + 10) // 20


def classify(settled: list[tuple[int, bool]]) -> str:
    """The class of one customer from (days to settle, disputed) of each of its invoices."""
    late = sum(days > TERM_DAYS for days, _ in settled) / len(settled)
    return next(name for name, bound in CLASSES if late < bound)


def measure(path: str) -> list[tuple[object, ...]]:
    """One row per class and kind of invoice: share of customers, share of invoices, eleven deciles of days."""
    customers: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    with Path(path).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            customers[row["customerID"]].append((int(row["DaysToSettle"]), row["Disputed"] == "Yes"))
    members: dict[str, list[list[tuple[int, bool]]]] = defaultdict(list)
    for settled in customers.values():
        members[classify(settled)].append(settled)
    rows: list[tuple[object, ...]] = []
    for name, _ in CLASSES:
        invoices = [invoice for settled in members[name] for invoice in settled]
        for disputed in (False, True):
            days = sorted(days for days, was in invoices if was is disputed)
            share = 100 * len(members[name]) / len(customers), 100 * len(days) / len(invoices)
            rows.append(
                (name, "yes" if disputed else "no", *(f"{x:.1f}" for x in share), *(decile(days, t) for t in range(11)))
            )
    return rows


def rates(path: str) -> list[tuple[str, ...]]:
    """One row per published day: what one euro was worth in each currency, as published."""
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        published = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))
        days = [(row["Date"], *(row[c] for c in CURRENCIES)) for row in published]
    return sorted(day for day in days if FIRST_DAY <= day[0] <= LAST_DAY)


def write(name: str, heading: tuple[str, ...], rows: list[tuple]) -> None:
    """One committed table."""
    with (DATA / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])


def main(what: str, path: str) -> None:
    """Make one of the two tables."""
    if what == "behaviour":
        deciles = tuple(f"d{10 * tenth}" for tenth in range(11))
        write("payment_behaviour.csv", ("class", "disputed", "customers_pct", "invoices_pct", *deciles), measure(path))
    elif what == "rates":
        write("ecb_rates.csv", ("date", *CURRENCIES), rates(path))
    else:
        raise SystemExit(f"behaviour or rates, not {what}")


if __name__ == "__main__":
    main(*sys.argv[1:])
