"""What a file is, by its first bytes: a text, a workbook, or something that only bears the wrong name.

Names say nothing: programs write HTML into .xls and tabs into .csv.  What is no table is refused with its proper name,
so that people see which file they took by mistake.
"""

import zipfile
from pathlib import Path

from xinheng.exchange.sheets.errors import Damaged, NotATable

TEXT, XLSX, XLS = "text", "xlsx", "xls"

#: How much of the beginning tells what a file is.
HEAD = 65_536
#: More control characters than this, and than this share of the beginning, and it is no text.
_CONTROLS_MAX, _CONTROLS_SHARE_MAX = 8, 0.05

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"RIFF", "RIFF"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_MARKUP = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<table", "HTML"), (b"<?xml", "XML"), (b"<svg", "SVG"))
_JSON = (b'{"', b'[{"', b'["', b"[[")
_CONTROLS = bytes({*range(32), 127} - {9, 10, 11, 12, 13, 26})


def what_is(path: Path, head: bytes) -> str:
    """TEXT, XLSX or XLS, by the first ``HEAD`` bytes.  Raises NotATable, Damaged."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise NotATable(path=path.name, what=name)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _what_is_packed(path)
    if head.startswith(_OLE):
        return XLS
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:32].lower()
    for magic, name in _MARKUP:
        if start.startswith(magic):
            raise NotATable(path=path.name, what=name)
    if b"".join(start.split()).startswith(_JSON):
        raise NotATable(path=path.name, what="JSON")
    return TEXT


def refuse_binary(path: Path, head: bytes) -> None:
    """Raise NotATable for bytes that are no text in any encoding without NUL bytes."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > max(_CONTROLS_MAX, len(head) * _CONTROLS_SHARE_MAX):
        raise NotATable(path=path.name, what="binary")


def _what_is_packed(path: Path) -> str:
    """A workbook is a ZIP archive with certain files in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise Damaged(path=path.name, details=str(error)[:200]) from None
    if "xl/workbook.xml" in names:
        return XLSX
    for name, what in (("xl/workbook.bin", "XLSB"), ("word/document.xml", "Word"), ("content.xml", "OpenDocument")):
        if name in names:
            raise NotATable(path=path.name, what=what)
    raise NotATable(path=path.name, what="ZIP")
