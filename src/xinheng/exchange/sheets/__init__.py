"""Files as tables: the first step of every import, which knows nothing yet of customers and amounts.

``open_sheet`` says what a file is by its content, not its name: a text in whatever encoding and with whatever
delimiter, or an Excel workbook.  A ``Sheet`` gives its headings and then its rows in chunks, so that memory does not
grow with the file.  What cannot be told for sure is refused with the reason; nothing is read two ways in silence.
"""

from pathlib import Path

from django.conf import settings

from xinheng.exchange.sheets import signatures
from xinheng.exchange.sheets.errors import Absent, BadFile, Empty, NotAFile, TooLarge
from xinheng.exchange.sheets.plain import PlainSheet
from xinheng.exchange.sheets.sheet import Chunk, Sheet

__all__ = ["BadFile", "Chunk", "Sheet", "open_sheet"]


def open_sheet(path: Path, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Sheet:
    """The table in a file; a context manager.

    ``encoding`` and ``delimiter`` (the character, or "tab") are taken at their word for texts, ``sheet`` names a sheet
    of a workbook, else its first visible one is meant.  Raises BadFile, see ``errors``.
    """
    head = _head(path)
    kind = signatures.what_is(path, head)
    if kind == signatures.XLSX:
        from xinheng.exchange.sheets.xlsx import XlsxSheet

        return XlsxSheet(path, sheet)
    if kind == signatures.XLS:
        from xinheng.exchange.sheets.xls import XlsSheet

        return XlsSheet(path, sheet)
    return PlainSheet(path, encoding=encoding, delimiter=delimiter)


def _head(path: Path) -> bytes:
    """The beginning of a file that is there, is a file, has something in it and is not too large."""
    try:
        if path.exists() and not path.is_file():
            raise NotAFile(path=path.name or str(path))
        size = path.stat().st_size
        if size > settings.IMPORT_MAX_BYTES:
            raise TooLarge(path=path.name, size=size, most=settings.IMPORT_MAX_BYTES)
        with path.open("rb") as file:
            head = file.read(signatures.HEAD)
    except (OSError, ValueError):  # a name with a NUL in it is a ValueError
        raise Absent(path=str(path)) from None
    if not head:
        raise Empty(path=path.name)
    return head
