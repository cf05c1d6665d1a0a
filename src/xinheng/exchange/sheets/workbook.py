"""Sheets of Excel workbooks as tables: what a cell shows becomes the text that a person would have typed.

Numbers come without the noise of binary fractions (0.1 + 0.2 is 0.3), whole ones without decimals, days as ISO days.
What the sheet hides or does not know is told instead of read as blank: errors, formulas never worked out, merged cells
whose value stands only in the first of them, rows that a filter hides, numbers with more digits than Excel keeps.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from xinheng.exchange.findings import Finding
from xinheng.exchange.sheets.cells import BLANKS, column, first_fault, is_plain, shown
from xinheng.exchange.sheets.errors import Empty, MergedHeadings, NoRows
from xinheng.exchange.sheets.sheet import Chunk, Sheet, checked_headings

#: Excel keeps fifteen digits of a number; the others of a longer one are zeros or lost.
DIGITS = 15
_LONGEST = 10.0**DIGITS
#: Before the text of a number whose digits are lost; no cell can hold it.
_LOST = "\x00"

#: Odd cells: row → place of the column → code.
Marks = Mapping[int, Mapping[int, str]]
#: First row, first column, last row, last column; rows count from 1, columns from 0.
Range = tuple[int, int, int, int]


class WorkbookSheet(Sheet):
    """One sheet.  Rows have the numbers that Excel shows."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._marks: dict[int, dict[int, str]] = {}
        self._hidden: Collection[int] = frozenset()
        self._row = 0

    @abstractmethod
    def _values(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Number and values of every row, from the first column of the table on; blank rows may be left out."""

    @abstractmethod
    def _last_row(self) -> int:
        """The number of the last row."""

    def close(self) -> None:
        """The sheet is in memory; the file is not held open."""

    def _begin_table(self, merged: Sequence[Range], first_column: int) -> None:
        """Find the headings: the first row that is not blank.  Raises BadFile."""
        for number, values in self._values():
            cells = _texts(values)
            if any(cells):
                across = any(top <= number <= bottom and left < right for top, left, bottom, right in merged)
                if across or (number in self._marks):
                    raise MergedHeadings(path=self.path.name, line=number)
                self._row = number
                self.headings = checked_headings(cells, path=self.path, line=number)
                break
        else:
            raise Empty(path=self.path.name)
        for top, left, bottom, right in merged:
            for row in range(max(top, self._row + 1), bottom + 1):
                for place in range(left - first_column, right - first_column + 1):
                    self._marks.setdefault(row, {}).setdefault(place, "CELL_MERGED")

    def chunks(self, size: int = 20_000, *, used: Collection[int] | None = None) -> Iterator[Chunk]:
        places, last, told = self._places(used), max(1, self._last_row()), 0
        chunk = Chunk([], [], [], 0.0)
        for number, values in self._values():
            if number <= self._row:
                continue
            self._take(chunk, number, _texts(values), places)
            if len(chunk.rows) + len(chunk.findings) >= size:
                chunk.done = min(1.0, number / last)
                told += 1
                yield chunk
                chunk = Chunk([], [], [], 0.0)
        if chunk.rows or chunk.findings:
            chunk.done = 1.0
            yield chunk
        elif not told:
            raise NoRows(path=self.path.name)

    def _take(self, chunk: Chunk, number: int, row: list[str], places: Sequence[int]) -> None:
        """Put a row into the chunk, or what is wrong with it; blank rows are left out."""
        marks = self._marks.get(number)
        if marks is None and not any(row):
            return
        width = len(self.headings)
        outside = any(row[width:])
        row = row[:width] + [""] * (width - len(row))
        found = self._fault(number, row, marks or {}, places)
        if found is None and outside:
            found = Finding(number, "", shown(" | ".join(row)), "ROW_TOO_LONG", {"found": "?", "expected": width})
        if found is None:
            if any(row):
                chunk.lines.append(number)
                chunk.rows.append(row)
        else:
            chunk.findings.append(found)

    def _fault(
        self, number: int, row: Sequence[str], marks: Mapping[int, str], places: Sequence[int]
    ) -> Finding | None:
        if number in self._hidden:
            return Finding(number, "", shown(" | ".join(filter(None, row))), "ROW_HIDDEN")
        for place in places:
            if place in marks:
                return Finding(number, column(self.headings, place), shown(row[place]), marks[place])
        if is_plain(row):
            return None
        for place in places:
            if row[place].startswith(_LOST):
                value = shown(row[place][len(_LOST) :])
                return Finding(number, column(self.headings, place), value, "CELL_DIGITS_LOST", {"digits": DIGITS})
        return first_fault(number, row, self.headings, places)


def number_text(number: float) -> str:
    """A number as it would be typed: 1234.5, 12, 0.0000001; with a mark where Excel has lost digits of it."""
    if number.is_integer() and abs(number) < _LONGEST:
        return str(int(number))
    shortest = repr(number)
    if len(shortest) <= DIGITS and "e" not in shortest:
        return shortest
    plain = format(Decimal(f"{number:.{DIGITS}g}"), "f")
    return _LOST + plain if abs(number) >= _LONGEST else plain


def _moment_text(moment: datetime) -> str:
    """A day, or with its time of day where it has one; Excel's times are fractions, so to the nearest second."""
    near = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return str(near.date()) if near.time() == time() else str(near)


def _span_text(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


_TEXT: dict[type, Callable[[Any], str]] = {
    str: lambda text: text.strip(BLANKS),
    float: number_text,
    int: str,
    bool: lambda flag: "TRUE" if flag else "FALSE",
    datetime: _moment_text,
    date: str,
    time: str,
    timedelta: _span_text,
}


def _texts(values: Sequence[Any]) -> list[str]:
    return [_TEXT[type(value)](value) for value in values]
