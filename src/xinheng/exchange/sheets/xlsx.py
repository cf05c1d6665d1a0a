"""Excel workbooks of today (.xlsx, .xlsm)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from xinheng.exchange.sheets import package
from xinheng.exchange.sheets.errors import Damaged, Empty, Encrypted
from xinheng.exchange.sheets.workbook import WorkbookSheet


class XlsxSheet(WorkbookSheet):
    """A sheet by its name, else the first that can be seen.  Raises BadFile."""

    encoding = "xlsx"

    def __init__(self, path: Path, sheet: str = "") -> None:
        super().__init__(path)
        with package.opened(path) as archive:
            name, part = package.sheet_part(archive, path, sheet)
            looked = package.looked_at(archive, path, part)
        self._sheet = self._read(name)
        start = self._sheet.start
        if start is None:
            raise Empty(path=path.name)
        self._hidden = looked.hidden
        self._marks = {
            row: {place - start[1]: code for place, code in marks.items()} for row, marks in looked.marks.items()
        }
        merged = [
            (top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in self._sheet.merged_cell_ranges or ()
        ]
        self._begin_table(merged, start[1])

    def _read(self, name: str) -> CalamineSheet:
        try:
            with CalamineWorkbook.from_path(self.path) as workbook:
                return workbook.get_sheet_by_name(name)
        except PasswordError:
            raise Encrypted(path=self.path.name) from None
        except (CalamineError, OSError, ValueError) as error:
            raise Damaged(path=self.path.name, details=str(error)[:200]) from None
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # how a Rust library fails; no subclass of Exception
                raise
            raise Damaged(path=self.path.name, details=str(error)[:200]) from None

    def _values(self) -> Iterator[tuple[int, Sequence[Any]]]:
        return enumerate(self._sheet.iter_rows(), start=1)

    def _last_row(self) -> int:
        return (self._sheet.end or (0, 0))[0] + 1
