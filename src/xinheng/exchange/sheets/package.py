"""What an .xlsx file is inside, looked at before anything is laid out in memory.

A workbook is a ZIP archive of XML.  A few kilobytes of it can stand for gigabytes, and a single stray cell in the last
corner for a table of seventeen thousand million.  So the sheet is first read through as bytes: how large it is, how
far it reaches, which rows are hidden, which cells are errors or formulas that were never worked out.  The reader that
gives the values tells none of that.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path, PurePosixPath

from django.conf import settings

from xinheng.exchange.sheets.errors import Damaged, Encrypted, FarCell, NoSuchSheet, TooLarge, TooManyColumns
from xinheng.exchange.sheets.sheet import COLUMNS_MAX

#: A full sheet of twenty columns is smaller, unpacked.
UNPACKED_MAX = 1 << 30
#: Cells laid out in memory, blank ones too: a full sheet of thirty columns.
AREA_MAX = 32_000_000
_ROWS_MAX = 1 << 20
_SMALL = 8 << 20
_PIECE = 1 << 20

_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_WORKS_OUT_LATER = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
#: A cell with content beyond column Z; blank cells that are only coloured reach nowhere.
_WIDE = re.compile(rb"""\sr=["']([A-Z]{2,})[0-9]+["'][^<>]*(?<!/)>""")
_ROW_OF_CELL = re.compile(rb"""\sr=["'][A-Z]+([0-9]+)["'][^<>]*(?<!/)>""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>[^<]|<(?:\w+:)?is>")
_EMPTY_VALUE = re.compile(rb"<(?:\w+:)?v[\s/>]")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


@dataclass(slots=True)
class Looked:
    """What was seen in a sheet: odd cells as row → column (from 0) → code, and hidden rows; rows count from 1."""

    marks: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def sheet_part(archive: zipfile.ZipFile, path: Path, sheet: str) -> tuple[str, str]:
    """Name and part of the sheet that was asked for, else of the first that can be seen.  Raises NoSuchSheet."""
    relations = {}
    for attributes in map(_attributes, _RELATION.findall(_small(archive, "xl/_rels/workbook.xml.rels"))):
        relations[attributes.get("Id", "")] = attributes.get("Target", "")
    found = []
    for attributes in map(_attributes, _SHEET.findall(_small(archive, "xl/workbook.xml"))):
        key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        part = PurePosixPath("xl") / relations.get(key, "").removeprefix("/xl/")
        if part.as_posix() in archive.NameToInfo and "chartsheets" not in part.parts:
            found.append((attributes.get("name", ""), part.as_posix(), attributes.get("state", "visible")))
    for name, part, state in found:
        if name.strip().casefold() == sheet.strip().casefold() if sheet else state == "visible":
            return name, part
    raise NoSuchSheet(path=path.name, sheet=sheet, sheets=[name for name, _, _ in found])


def looked_at(archive: zipfile.ZipFile, path: Path, part: str) -> Looked:
    """Read a sheet through.  Raises TooLarge, TooManyColumns, Damaged."""
    _refuse_large(archive, path, part)
    later = _WORKS_OUT_LATER.search(_small(archive, "xl/workbook.xml")) is not None
    looked, widest = Looked(), 26
    for piece in _pieces(archive, path, part):
        widest = max([widest, *(_column(letters.decode()) + 1 for letters in set(_WIDE.findall(piece)))])
        if b"hidden=" in piece:
            looked.hidden.update(_hidden(piece))
        if b'"e"' in piece or b"'e'" in piece or _FORMULA.search(piece):
            for row, place, code in _odd_cells(piece, path, later):
                looked.marks.setdefault(row, {})[place] = code
    if widest > COLUMNS_MAX:
        raise TooManyColumns(path=path.name, found=widest, most=COLUMNS_MAX)
    if widest * _ROWS_MAX > AREA_MAX:
        last = max(
            (int(row) for piece in _pieces(archive, path, part) for row in _ROW_OF_CELL.findall(piece)), default=0
        )
        if widest * last > AREA_MAX:
            raise FarCell(path=path.name, rows=last, columns=widest)
    return looked


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever is broken in it becomes Damaged or Encrypted."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError) as error:
        raise Damaged(path=path.name, details=str(error)[:200]) from None
    except RuntimeError as error:
        if "password" in str(error):
            raise Encrypted(path=path.name) from None
        raise Damaged(path=path.name, details=str(error)[:200]) from None


def _refuse_large(archive: zipfile.ZipFile, path: Path, part: str) -> None:
    """Refuse what is too large by what the archive says, then by what really comes out of the texts."""
    most = min(UNPACKED_MAX, settings.IMPORT_MAX_BYTES)
    texts = "xl/sharedStrings.xml"
    sizes = [archive.NameToInfo[name].file_size for name in (part, texts) if name in archive.NameToInfo]
    if sum(sizes) > most:
        raise TooLarge(path=path.name, size=sum(sizes), most=most)
    if texts in archive.NameToInfo:
        for _ in _pieces(archive, path, texts):
            pass


def _pieces(archive: zipfile.ZipFile, path: Path, part: str) -> Iterator[bytes]:
    """A part of the archive, unpacked a piece at a time; pieces end behind a cell, so none is cut."""
    most, size, rest = min(UNPACKED_MAX, settings.IMPORT_MAX_BYTES), 0, b""
    with archive.open(part) as stream:
        while raw := stream.read(_PIECE):
            size += len(raw)
            if size > most:
                raise TooLarge(path=path.name, size=size, most=most)
            piece = rest + raw
            cut = piece.rfind(b"</")
            cut = piece.find(b">", cut) + 1 if cut >= 0 else 0
            if not cut and len(piece) < 4 * _PIECE:
                rest = piece
                continue
            yield piece[:cut] if cut else piece
            rest = piece[cut:] if cut else b""
    if rest:
        yield rest


def _hidden(piece: bytes) -> Iterator[int]:
    for attributes in map(_attributes, _ROW.findall(piece)):
        if attributes.get("hidden") in ("1", "true") and attributes.get("r", "").isdigit():
            yield int(attributes["r"])


def _odd_cells(piece: bytes, path: Path, later: bool) -> Iterator[tuple[int, int, str]]:
    """Row, column and code of cells that are errors, or formulas whose value is not there or not worked out yet."""
    for raw, body in _CELL.findall(piece):
        is_formula = _FORMULA.search(body) is not None
        if not is_formula and b'"e"' not in raw and b"'e'" not in raw:
            continue
        attributes = _attributes(raw)
        kind = attributes.get("t", "")
        if kind == "e":
            code = "CELL_ERROR"
        elif is_formula and (later or not _has_value(body, kind)):
            code = "CELL_FORMULA"
        else:
            continue
        place = _PLACE.match(attributes.get("r", ""))
        if place is None:
            raise Damaged(path=path.name, details="a cell does not say where it stands")
        yield int(place[2]), _column(place[1]), code


def _has_value(body: bytes, kind: str) -> bool:
    """Whether a formula's value is there; an empty text is a value, an empty number is none."""
    return _VALUE.search(body) is not None or (kind == "str" and _EMPTY_VALUE.search(body) is not None)


def _column(letters: str) -> int:
    """A is 0, Z 25, AA 26."""
    number = 0
    for letter in letters[:6]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _attributes(raw: bytes) -> dict[str, str]:
    return {
        name.decode(): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(raw)
    }


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part that is never large; what is beyond belongs to no honest workbook."""
    with archive.open(name) as stream:
        return stream.read(_SMALL)
