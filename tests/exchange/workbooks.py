"""Excel workbooks for tests, today's and old ones, with whatever may be odd in them."""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter


def write_xlsx(path: Path, *sheets: Sequence[Sequence[Any]], touch: Callable[..., None] | None = None) -> None:
    """Write sheets of rows; ``touch`` gets the workbook and its sheets before they are closed."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        made = []
        for number, rows in enumerate(sheets, start=1):
            sheet = book.add_worksheet(f"表{number}")
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(place, column, value)
            made.append(sheet)
        if touch is not None:
            touch(book, *made)


class Error(str):
    """An error of the old format by its name."""

    CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


class Day(float):
    """A serial number formatted as a day."""


def write_xls(
    path: Path,
    rows: Sequence[Sequence[Any]],
    *,
    hidden: Sequence[int] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    encrypted: bool = False,
) -> None:
    """Write one sheet of texts, numbers, booleans, Days and Errors; rows and columns count from 0."""
    path.write_bytes(_compound("Workbook", _biff(rows, hidden, merged, encrypted)))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff(
    rows: Sequence[Sequence[Any]], hidden: Sequence[int], merged: Sequence[tuple[int, int, int, int]], encrypted: bool
) -> bytes:
    """A workbook of one sheet as records of BIFF8."""
    name = "表1".encode("utf-16-le")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0x0600))
    if encrypted:
        start += _record(0x002F, struct.pack("<HHHH", 0, 0, 0x1234, 0x5678))
    font = _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + bytes([5, 0]) + b"Arial")
    formats = b"".join(_record(0x00E0, struct.pack("<HHH", 0, code, 0) + bytes(14)) for code in (0, 14))
    before = start + font * 5 + formats
    size = len(before) + 4 + 8 + len(name) + 4
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0x0600))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    for row in hidden:
        sheet += _record(0x0208, struct.pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x120))
    for place, row in enumerate(rows):
        sheet += b"".join(_old_cell(place, column, value) for column, value in enumerate(row) if value is not None)
    if merged:
        ranges = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged)
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + ranges)
    bound = _record(0x0085, struct.pack("<IBBBB", size, 0, 0, len(name) // 2, 1) + name)
    return before + bound + _record(0x000A) + sheet + _record(0x000A)


def _old_cell(row: int, column: int, value: Any) -> bytes:
    head = struct.pack("<HHH", row, column, isinstance(value, Day))
    if isinstance(value, Error):
        return _record(0x0205, head + bytes([Error.CODES[value], 1]))
    if isinstance(value, bool):
        return _record(0x0205, head + bytes([value, 0]))
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, head + struct.pack("<HB", len(text) // 2, 1) + text)
    return _record(0x0203, head + struct.pack("<d", value))


def _compound(name: str, stream: bytes) -> bytes:
    """An OLE file of one stream: header, one table of sectors, one directory, the stream."""
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // 512)
    stream = stream.ljust(count * 512, b"\0")
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    assert len(table) <= 128, "one table of sectors is enough for a test"
    table += [0xFFFFFFFF] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    root = _entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0)
    directory = root + _entry(name, 2, child=0xFFFFFFFF, start=2, size=len(stream)) + _entry("", 0) * 2
    return header + struct.pack("<128I", *table) + directory + stream


def _entry(name: str, kind: int, *, child: int = 0xFFFFFFFF, start: int = 0, size: int = 0) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0") + struct.pack("<H", len(text)) + links + bytes(36) + struct.pack("<III", start, size, 0)
    )
