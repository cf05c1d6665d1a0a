"""Files for the importer in one short line each: rows as dictionaries, written as CSV into a folder of the test."""

import csv
from collections.abc import Iterable
from pathlib import Path

from xinheng.base.models import User
from xinheng.exchange.importing import Options, Result, run_import
from xinheng.site import founding


def write(path: Path, rows: Iterable[dict[str, object]]) -> Path:
    """Rows as a file; the first row gives the headings."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


class Loader:
    """Imports rows; every file has a name of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def __call__(self, kind: str, *rows: dict[str, object], by: User | None = None, **options: object) -> Result:
        self.count += 1
        path = write(self.folder / f"{self.count}-{kind}.csv", rows)
        return run_import(kind, path, Options(**options), by=by or founding.console())

    def good(self, kind: str, *rows: dict[str, object], **options: object) -> Result:
        """The same, where nothing may be wrong."""
        result = self(kind, *rows, **options)
        assert result.errors == []
        return result


def codes(result: Result) -> list[tuple[int, str]]:
    """What was wrong: line and code."""
    return [(one.line, one.code) for one in result.errors]


def invoice(
    number: str, customer: str, amount: object, issued: str = "2026-03-02", **more: object
) -> dict[str, object]:
    return {"number": number, "customer": customer, "issue_date": issued, "amount": amount, **more}


def document(number: str, customer: str, amount: object, on: str = "2026-03-02", **more: object) -> dict[str, object]:
    return {"number": number, "customer": customer, "date": on, "amount": amount, **more}


def allocation(receipt: str, invoice: str, amount: object, on: str = "2026-03-04", **more: object) -> dict[str, object]:
    return {"receipt": receipt, "invoice": invoice, "date": on, "amount": amount, **more}
