"""Text files as tables: comma, semicolon, tab or bar between the cells, quotation marks around those that need them.

The usual block of rows goes through untouched, as the reader made it; only blocks in which something is out of the
ordinary are looked at row by row.
"""

import csv
import gc
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from xinheng.exchange.findings import Finding
from xinheng.exchange.sheets import encodings
from xinheng.exchange.sheets.cells import CELL_MAX, clean, first_fault, is_plain, shown
from xinheng.exchange.sheets.delimiters import delimiter_of, named
from xinheng.exchange.sheets.errors import BadHeading, Empty, NoRows, UnclosedQuote
from xinheng.exchange.sheets.lines import Lines
from xinheng.exchange.sheets.sheet import Chunk, Sheet, checked_headings

#: The first line by which a spreadsheet is told how its cells are divided.
_SAYS_DELIMITER = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE).match
_END = re.compile(r"\r\n|\r|\n")
#: Between cells looked at together; a cell that holds it is odd.
_EDGE = "\x1f"


class PlainSheet(Sheet):
    """A text file.  Raises BadFile where it is none, or where its encoding or its headings cannot be told."""

    def __init__(self, path: Path, *, encoding: str = "", delimiter: str = "") -> None:
        super().__init__(path)
        self._encoding = encodings.named(encoding, path) if encoding else encodings.encoding_of(path)
        self.encoding = self._encoding.codec
        self._file: BinaryIO = path.open("rb")
        try:
            self.delimiter, self._above = self._beginning(named(delimiter) if delimiter else "")
            self.headings = self._read_headings(self._begin()[1])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._file.close()

    def chunks(self, size: int = 20_000, *, used: Collection[int] | None = None) -> Iterator[Chunk]:
        lines, reader = self._begin()
        self._read_headings(reader)
        places, told = self._places(used), 0
        while True:
            before = reader.line_num + self._above
            with _uncollected():
                rows, fault = _take(reader, size)
                chunk = self._looked_at(rows, before, reader.line_num + self._above - before, lines, places)
            if not rows and fault is None:
                break
            if fault is not None:
                start = before + 1 + sum(map(_height, rows))
                chunk.findings += self._faults(fault, start, reader.line_num + self._above)
            chunk.done = min(1.0, lines.read / self.size)
            told += len(chunk.rows) + len(chunk.findings)
            yield chunk
        if not told:
            raise NoRows(path=self.path.name)
        self._digest = lines.digest

    def _beginning(self, delimiter: str) -> tuple[str, int]:
        """The delimiter, and how many lines stand above the headings: blank ones, and one that says the delimiter."""
        lines = next(Lines(self._rewound(), self._encoding, path=self.path, delimiter=",").blocks(), [])
        for above, line in enumerate(lines):
            says = _SAYS_DELIMITER(line)
            if says:
                delimiter = delimiter or named(says[1])
            elif "".join(clean([line])):
                return delimiter or delimiter_of(lines[above : above + 50], path=self.path), above
        raise Empty(path=self.path.name)

    def _rewound(self) -> BinaryIO:
        self._file.seek(0)
        return self._file

    def _begin(self) -> tuple[Lines, "csv._reader"]:
        """A fresh pass through the file, standing at the headings."""
        lines = Lines(self._rewound(), self._encoding, path=self.path, delimiter=self.delimiter)
        each = chain.from_iterable(lines.blocks())
        for _ in islice(each, self._above):
            pass
        return lines, csv.reader(each, delimiter=self.delimiter, strict=True)

    def _read_headings(self, reader: "csv._reader") -> tuple[str, ...]:
        line = self._above + 1
        try:
            return checked_headings(next(reader), path=self.path, line=line)
        except csv.Error:
            if reader.line_num > 1:
                raise UnclosedQuote(path=self.path.name, line=line) from None
            raise BadHeading(path=self.path.name, line=line) from None

    def _looked_at(self, rows: list[list[str]], before: int, taken: int, lines: Lines, places: Sequence[int]) -> Chunk:
        """The rows that stand on ``taken`` lines below line ``before``, put right where they need it."""
        wrapped = taken != len(rows)
        numbers = list(range(before + 1, before + 1 + len(rows)))
        if wrapped:
            heights = list(map(_height, rows))
            numbers = [before + 1 + above for above in _sums(heights)]
        odd = wrapped or lines.odd_until > before
        if odd or (lines.blank_until > before and _needs_cleaning(rows)):
            rows = [clean(row) for row in rows]
        width = len(self.headings)
        if not odd and all(map(any, rows)) and set(map(len, rows)) == {width}:
            return Chunk(numbers, rows, [], 0.0)
        return self._sorted_out(numbers, rows, places if odd else ())

    def _sorted_out(self, numbers: Sequence[int], rows: Sequence[list[str]], places: Sequence[int]) -> Chunk:
        """The rows one by one: blank ones left out, bad ones told, cells looked at in ``places``."""
        chunk, width = Chunk([], [], [], 0.0), len(self.headings)
        for line, row in zip(numbers, rows, strict=True):
            if not any(row):
                continue
            found = self._shape_fault(line, row) if len(row) != width else None
            if found is None and places and not is_plain(row):
                found = first_fault(line, row, self.headings, places)
            if found is None:
                chunk.lines.append(line)
                chunk.rows.append(row if len(row) == width else row[:width])
            else:
                chunk.findings.append(found)
        return chunk

    def _shape_fault(self, line: int, row: Sequence[str]) -> Finding | None:
        """What is wrong with the length of a row; blank cells behind the last heading are nothing."""
        width = len(self.headings)
        if len(row) > width and not any(row[width:]):
            return None
        code = "ROW_TOO_LONG" if len(row) > width else "ROW_TOO_SHORT"
        said = self.delimiter.join(row[:50])
        return Finding(line, "", shown(said), code, {"found": len(row), "expected": width})

    def _faults(self, fault: csv.Error, first: int, last: int) -> list[Finding]:
        """Findings for the lines of a row that could not be divided into cells.  Raises UnclosedQuote."""
        if "end of data" in str(fault) or ("limit" in str(fault) and last > first):
            raise UnclosedQuote(path=self.path.name, line=first)
        code = "CELL_TOO_LONG" if "limit" in str(fault) else "ROW_QUOTES"
        return [Finding(line, "", "", code, {"most": CELL_MAX}) for line in range(first, last + 1)]


def _take(reader: "csv._reader", size: int) -> tuple[list[list[str]], csv.Error | None]:
    """The next rows, and what stopped them short of ``size``."""
    rows: list[list[str]] = []
    try:
        for row in islice(reader, size):
            rows.append(row)  # extend would lose what came before a fault
    except csv.Error as fault:
        return rows, fault
    return rows, None


def _needs_cleaning(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a blank stands at the edge of any cell: asked of all cells at once."""
    text = _EDGE.join(["", *map(_EDGE.join, rows), ""])
    return f"{_EDGE} " in text or f" {_EDGE}" in text


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of garbage: it would look through everything again and again for thousands of new lists."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _height(row: Sequence[str]) -> int:
    """How many lines of the file a row takes."""
    return 1 + sum(len(_END.findall(cell)) for cell in row)


def _sums(heights: Sequence[int]) -> Iterator[int]:
    total = 0
    for height in heights:
        yield total
        total += height
