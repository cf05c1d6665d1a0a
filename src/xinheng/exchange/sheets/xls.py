"""Old Excel workbooks (.xls): what tax platforms and many accounting programs still write."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlrd

from xinheng.exchange.sheets.errors import Damaged, Empty, Encrypted, NoSuchSheet, NotATable, TooLarge
from xinheng.exchange.sheets.workbook import Range, WorkbookSheet

_VISIBLE = 0
#: A sheet has at most 65,536 rows of 256 columns; more than this is pictures.
_LARGEST = 256 << 20
#: Streams of an OLE file, by which a document of another program is told from a workbook.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (("WordDocument".encode("utf-16-le"), "Word"), ("PowerPoint Document".encode("utf-16-le"), "PowerPoint"))


class XlsSheet(WorkbookSheet):
    """A sheet by its name, else the first that can be seen.  Raises BadFile."""

    encoding = "xls"

    def __init__(self, path: Path, sheet: str = "") -> None:
        super().__init__(path)
        self._book = self._open()
        self._sheet = self._chosen(sheet)
        used = [
            place for row in range(self._sheet.nrows) for place, kind in enumerate(self._sheet.row_types(row)) if kind
        ]
        if not used:
            raise Empty(path=path.name)
        self._first = min(used)
        self._hidden = {row + 1 for row, info in self._sheet.rowinfo_map.items() if info.hidden}
        for row in range(self._sheet.nrows):
            for place, kind in enumerate(self._sheet.row_types(row)):
                if kind == xlrd.XL_CELL_ERROR:
                    self._marks.setdefault(row + 1, {})[place - self._first] = "CELL_ERROR"
        self._begin_table(self._merged(), self._first)

    def _open(self) -> xlrd.Book:
        if self.size > _LARGEST:
            raise TooLarge(path=self.path.name, size=self.size, most=_LARGEST)
        content = self.path.read_bytes()
        if _ENCRYPTED in content:
            raise Encrypted(path=self.path.name)
        try:
            return xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True, logfile=_Nowhere())
        except Exception as error:  # the reader trusts the file, and fails in any way on a broken one
            details = str(error)[:200] or type(error).__name__
        if "encrypted" in details:
            raise Encrypted(path=self.path.name)
        for mark, what in _OTHERS:
            if mark in content:
                raise NotATable(path=self.path.name, what=what)
        raise Damaged(path=self.path.name, details=details)

    def _chosen(self, name: str) -> xlrd.sheet.Sheet:
        names = self._book.sheet_names()
        for index, (found, state) in enumerate(zip(names, self._book._sheet_visibility, strict=True)):
            if found.strip().casefold() == name.strip().casefold() if name else state == _VISIBLE:
                try:
                    return self._book.sheet_by_index(index)
                except Exception as error:
                    raise Damaged(path=self.path.name, details=str(error)[:200] or type(error).__name__) from None
        raise NoSuchSheet(path=self.path.name, sheet=name, sheets=names)

    def _merged(self) -> list[Range]:
        return [(top + 1, left, bottom, right - 1) for top, bottom, left, right in self._sheet.merged_cells]

    def _values(self) -> Iterator[tuple[int, Sequence[Any]]]:
        for row in range(self._sheet.nrows):
            yield row + 1, [self._value(cell) for cell in self._sheet.row(row)[self._first :]]

    def _value(self, cell: xlrd.sheet.Cell) -> Any:
        """The value as a workbook of today would give it."""
        if cell.ctype == xlrd.XL_CELL_DATE:
            return self._moment(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        return "" if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value

    def _moment(self, serial: float) -> Any:
        """The day of a serial number; a number that is no day stays a number."""
        try:
            day = datetime(1904, 1, 1) if self._book.datemode else datetime(1899, 12, 30)  # noqa: DTZ001
            if serial < (0 if self._book.datemode else 61):  # Excel's calendar has a day too many before March 1900
                return timedelta(days=serial)
            return day + timedelta(days=serial)
        except OverflowError:
            return serial

    def _last_row(self) -> int:
        return self._sheet.nrows


class _Nowhere:
    """Where the reader's remarks go: they are about its inside."""

    def write(self, _: str) -> None:
        """Nothing."""
