"""The rows that did not land, written out so that they can be corrected and imported again.

Headings and cells are those of the file; the line and the reason stand behind them.  A text that a spreadsheet would
take for a formula gets the apostrophe with which spreadsheets mark text, and the reading of a file takes it off again.
"""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinheng.base import excel
from xinheng.base.files import NotWritten, require_writable, why
from xinheng.exchange import headings
from xinheng.exchange.findings import Finding
from xinheng.exchange.marking import as_text
from xinheng.exchange.opening import opened
from xinheng.exchange.options import Options, Result, remark
from xinheng.exchange.sheets import Sheet


def require_place(into: Path, path: Path) -> None:
    """Stop here unless the bad rows of the file at ``path`` can be written; nothing is read before that is known.

    Raises:
        NotWritten
    """
    require_writable(into)
    if into.exists() and path.exists() and into.samefile(path):
        raise NotWritten(path=str(into), said=gettext_lazy("it is the file to be imported"))


def put_aside(path: Path, options: Options, result: Result) -> None:
    """Write the bad rows; where the disk fails now, what landed has landed, and the result says what is missing."""
    try:
        write_rejects(path, options, result)
    except OSError as error:
        params = {"path": str(options.rejects), "said": why(error)}
        result.warnings.append(Finding(0, "", "", NotWritten.code, params))


def write_rejects(path: Path, options: Options, result: Result) -> None:
    """Write the bad rows of the file at ``path`` to ``options.rejects``: CSV, or Excel where the name says so."""
    into = options.rejects
    assert into is not None  # noqa: S101 - the caller looked
    with opened(path, options) as sheet:
        heads = [*sheet.headings, _("import line"), _("import error")]  # known_headings.IGNORED knows them again
        used = headings.match(result.kind, sheet.headings, options.mapping).columns.values()
        rows = _rows(sheet, result, used)
        if into.suffix.lower() == ".xlsx":
            into.write_bytes(excel.workbook(heads, rows))
            return
        with into.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            writer.writerows([as_text(cell) for cell in row] for row in rows)


def _rows(sheet: Sheet, result: Result, used: Collection[int]) -> Iterator[list[str]]:
    """The bad rows in the order of the file; one that could not be read as a row keeps what was seen of it.

    ``used`` are the places of the columns that were read.
    """
    reasons = {one.line: str(remark(one)["reason"]) for one in reversed(result.errors)}
    seen: set[int] = set()
    width = len(sheet.headings)
    for chunk in sheet.chunks(used=used):
        found = [(line, row) for line, row in zip(chunk.lines, chunk.rows, strict=True) if line in reasons]
        found += [(one.line, [one.value, *[""] * (width - 1)]) for one in chunk.findings]
        for line, row in sorted(found, key=lambda one: one[0]):
            if line not in seen:
                seen.add(line)
                yield [*row, str(line), reasons.get(line, "")]
