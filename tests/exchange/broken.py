"""Files that must not come in: each with what is wrong, the code that says so, and the line where it stands.

The same table is held against the reading of files and against the whole import.  Where customers matter, C1 is in the
books and C9 is not; the company's currency is CNY and its entity MAIN.  ``codes`` are those that say it well enough;
``line`` is None where the file as a whole is wrong.  ``in_cell`` marks faults that show only when the cells are read.
"""

import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.exchange.workbooks import Day, Error, write_xls, write_xlsx

HEADINGS = "number,customer,issue_date,amount"
GOOD = "I1,C1,2026-03-05,100.00"
CHINESE = "发票号码,客户编码,开票日期,价税合计,客户名称"


@dataclass(frozen=True, slots=True)
class Broken:
    """One file.  ``content`` writes it to a path; ``options`` are what the person said on the command line."""

    name: str
    content: Callable[[Path], None]
    codes: frozenset[str]
    line: int | None = None
    kind: str = "invoices"
    suffix: str = ".csv"
    in_cell: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


def _bytes(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def _text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return _bytes(content.encode(encoding))


def _whole(name: str, content: bytes | str | Callable[[Path], None], *codes: str, **more: Any) -> Broken:
    """A file that cannot be read at all."""
    write = content if callable(content) else _bytes(content) if isinstance(content, bytes) else _text(content)
    return Broken(name, write, frozenset(codes), **more)


def _row(name: str, row: str, *codes: str, headings: str = HEADINGS, **more: Any) -> Broken:
    """A file whose second row of three is bad."""
    good = more.pop("good", GOOD)
    other, line = more.pop("other", good.replace("I1", "I3")), more.pop("line", 3)
    write = _text(f"{headings}\n{good}\n{row}\n{other}\n")
    return Broken(name, write, frozenset(codes), line=line, **more)


def _cell(name: str, row: str, *codes: str, **more: Any) -> Broken:
    return _row(name, row, *codes, in_cell=True, **more)


def _amount(name: str, amount: str, *codes: str, currency: str = "") -> Broken:
    """An invoice whose amount is bad; it stands in quotation marks."""
    return _cell(
        f"amount: {name}",
        f'I2,C1,2026-03-05,"{amount}",{currency}',
        *codes,
        headings=f"{HEADINGS},currency",
        good=f"{GOOD},",
    )


def _date(name: str, day: str, *codes: str) -> Broken:
    return _cell(f"date: {name}", f'I2,C1,"{day}",100.00', *codes)


def _book(name: str, *codes: str, cells: Mapping[tuple[int, int], Any], line: int | None = 3, **more: Any) -> Broken:
    """A workbook of three invoices in which some cells are something else."""

    def write(path: Path) -> None:
        rows = [HEADINGS.split(","), *(["I1", "C1", "2026-03-05", 100] for _ in range(3))]
        for number in (1, 2, 3):
            rows[number] = [f"I{number}", *rows[number][1:]]
        for (row, column), value in cells.items():
            rows[row][column] = value
        write_xlsx(path, rows, touch=more.get("touch"))

    return Broken(name, write, frozenset(codes), line=line, suffix=".xlsx", in_cell=more.get("in_cell", False))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(f"{HEADINGS}\n".encode())
        file.truncate((2 << 30) + 1)


def _endless_cell(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADINGS}\n{GOOD}\n")
        for _ in range(40):
            file.write("x" * (1 << 20))
        file.write(",C1,2026-03-05,1\n")


def _unclosed(path: Path) -> None:
    rows = "".join(f"I{number},C1,2026-03-05,1\n" for number in range(20_000))
    path.write_text(f'{HEADINGS}\n{GOOD}\nI2,"C1,2026-03-05,1\n{rows}', encoding="utf-8")


def _far_corner(column: int) -> Callable[[Path], None]:
    def touch(book: Any, sheet: Any) -> None:
        sheet.write(1_048_575, column, "x")

    return lambda path: write_xlsx(path, [HEADINGS.split(","), GOOD.split(",")], touch=touch)


def _bomb(megabytes: int, *, says: int | None = None) -> Callable[[Path], None]:
    """A workbook whose sheet is that large once it is unpacked, and perhaps says less of itself."""

    def write(path: Path) -> None:
        write_xlsx(path, [HEADINGS.split(","), GOOD.split(",")])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = "xl/worksheets/sheet1.xml"
        head, tail = parts[name].split(b"</sheetData>")
        tail = b"</sheetData>" + tail
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
        blanks = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        packed = start + blanks * megabytes + packer.compress(tail) + packer.flush()
        size = len(head) + (megabytes << 20) + len(tail)
        _write_packed(path, parts, name, packed, size if says is None else says)

    return write


def _write_packed(path: Path, parts: Mapping[str, bytes], name: str, packed: bytes, size: int) -> None:
    """An archive in which one part is given packed already, with a size of one's own choice."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in parts.items():
            if other != name:
                archive.writestr(other, content)
        info = zipfile.ZipInfo(name)
        archive.writestr(info, packed)  # stored as it is, then relabelled as packed
        info.compress_type, info.file_size, info.compress_size, info.CRC = zipfile.ZIP_DEFLATED, size, len(packed), 0
        archive.fp.seek(info.header_offset)
        archive.fp.write(info.FileHeader(zip64=False))
        archive.fp.seek(0, 2)
        archive.start_dir = archive.fp.tell()


def _cut_off(path: Path) -> None:
    write_xlsx(path, [HEADINGS.split(","), GOOD.split(",")])
    path.write_bytes(path.read_bytes()[:-2000])


def _archive(**parts: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name.replace("__", "/").replace("_", "."), content)

    return write


def _encrypted(path: Path) -> None:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("EncryptionInfo", "EncryptedPackage"))
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(4096))


def _old(cells: Mapping[tuple[int, int], Any], **more: Any) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        rows: list[list[Any]] = [list(HEADINGS.split(","))]
        rows += [[f"I{number}", "C1", Day(46086), 100.0] for number in (1, 2, 3)]
        for (row, column), value in cells.items():
            rows[row][column] = value
        write_xls(path, rows, **more)

    return write


def _merge(book: Any, sheet: Any) -> None:
    sheet.merge_range(2, 1, 3, 1, "C1")


def _hide(book: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})


def _formula(book: Any, sheet: Any) -> None:
    sheet.write_formula(2, 3, "=50+50")


def _error(book: Any, sheet: Any) -> None:
    sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")


def _title(book: Any, sheet: Any) -> None:
    sheet.merge_range(0, 0, 0, 3, "应收账款明细表")


def _all_hidden(path: Path) -> None:
    def touch(book: Any, *sheets: Any) -> None:
        for sheet in sheets:
            sheet.hide()

    write_xlsx(path, [["a"], ["1"]], [["b"], ["2"]], touch=touch)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b'<sheet name="\xe8\xa1\xa81" sheetId="1" r:id', b'<sheet name="\xe8\xa1\xa81" sheetId="1" state="hidden" r:id'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


_ROWS = f"{HEADINGS}\n{GOOD}\n"
_CHINESE_ROWS = f"{CHINESE}\nI1,C1,2026-03-05,100,远东贸易有限公司\n"

FILES: list[Broken] = [
    _whole("nothing in it", b"", "FILE_EMPTY"),
    _whole("only a byte order mark", b"\xef\xbb\xbf", "FILE_EMPTY"),
    _whole("only blank lines", "\n \n\t\r\n", "FILE_EMPTY"),
    _whole("headings and no rows", f"{HEADINGS}\n", "FILE_NO_ROWS"),
    _whole("headings and blank rows", f"{HEADINGS}\n,,,\n\n   ,\n", "FILE_NO_ROWS"),
    _whole("rows and no headings", f"1,2,3\n{GOOD}\n".replace("I1,C1,", "1,2,"), "FILE_NO_HEADINGS"),
    _whole("larger than two gigabytes", _sparse, "FILE_TOO_LARGE"),
    _whole("a cell of forty megabytes", _endless_cell, "FILE_ENDLESS_LINE"),
    _whole("one line without end", b"x" * (9 << 20), "FILE_ENDLESS_LINE"),
    _whole("a directory", lambda path: path.mkdir(), "FILE_NOT_A_FILE"),
    _whole("not there", lambda path: None, "FILE_ABSENT"),
    _whole("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "FILE_NOT_A_TABLE", suffix=".png"),
    _whole("a photograph", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 8, "FILE_NOT_A_TABLE"),
    _whole("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "FILE_NOT_A_TABLE"),
    _whole("a web page called a workbook", "<html><table><tr><td>number</td></tr></table></html>", "FILE_NOT_A_TABLE"),
    _whole("XML called a workbook", '<?xml version="1.0"?>\n<Workbook></Workbook>', "FILE_NOT_A_TABLE"),
    _whole("JSON", '[{"number": "I1", "amount": 100}]', "FILE_NOT_A_TABLE"),
    _whole("a packed file", b"\x1f\x8b\x08\x00" + bytes(100), "FILE_NOT_A_TABLE"),
    _whole("an archive", _archive(rows_csv=b"a,b"), "FILE_NOT_A_TABLE", suffix=".zip"),
    _whole("a letter", _archive(word__document_xml=b"<x/>"), "FILE_NOT_A_TABLE", suffix=".docx"),
    _whole("an OpenDocument sheet", _archive(content_xml=b"<x/>"), "FILE_NOT_A_TABLE", suffix=".ods"),
    _whole("a program's own bytes", bytes(range(256)) * 40, "FILE_NOT_A_TABLE"),
    _whole("nothing but NUL bytes", bytes(5000), "FILE_NOT_A_TABLE"),
    _whole("UTF-16 without a mark", _text(_CHINESE_ROWS + _ROWS, "utf-16-le"), "FILE_ENCODING_UNCLEAR"),
    _whole("Korean in its old encoding", _text("번호,고객,날짜,금액\n1,2,3,4\n", "cp949"), "FILE_ENCODING_UNCLEAR"),
    _whole("Russian in its old encoding", _text("номер,клиент,дата\n1,2,3\n", "cp1251"), "FILE_ENCODING_UNCLEAR"),
    Broken(
        "two encodings",
        _bytes(_CHINESE_ROWS.encode() + "I2,C1,2026-03-05,100,鑫源建材公司\n".encode("gbk")),
        frozenset({"FILE_ENCODING_BROKEN"}),
        line=3,
    ),
    Broken(
        "UTF-8 cut within a character",
        _bytes((_CHINESE_ROWS + "I2,C1,2026-03-05,100,鑫源").encode()[:-1]),
        frozenset({"FILE_ENCODING_BROKEN"}),
        line=3,
    ),
    _whole("an encoding nobody knows", _ROWS, "FILE_ENCODING_NAME", options={"encoding": "klingon"}),
    _whole("another encoding than was named", _CHINESE_ROWS, "FILE_ENCODING_BROKEN", options={"encoding": "big5"}),
    _whole("a delimiter that is none", _ROWS, "FILE_DELIMITER_BAD", options={"delimiter": "x"}),
    _whole("two delimiters alike", "number,customer;amount\nI1,C1;1\n", "FILE_DELIMITER_UNCLEAR"),
    _whole("another delimiter than was named", _ROWS, "COLUMN_MISSING", options={"delimiter": ";"}),
    _whole("Chinese commas", _ROWS.replace(",", "，"), "COLUMN_MISSING"),
    _whole("headings in another language", "numéro,client,jour,montant\nI1,C1,2026-03-05,1\n", "COLUMN_MISSING"),
    _whole("a heading missing", "number,customer,amount\nI1,C1,1\n", "COLUMN_MISSING"),
    _whole(
        "amounts in ten thousands", "发票号码,客户编码,开票日期,金额（万元）\nI1,C1,2026-03-05,1\n", "COLUMN_MISSING"
    ),
    _whole(
        "the amount without its tax", "发票号码,客户编码,开票日期,金额,税额\nI1,C1,2026-03-05,1,0\n", "COLUMN_MISSING"
    ),
    _whole("a heading twice", f"{HEADINGS},Amount\n{GOOD},5\n", "HEADING_TWICE"),
    _whole("two headings for one field", f"{HEADINGS},价税合计\n{GOOD},5\n", "HEADING_SAME_FIELD"),
    _whole("void rows told by yes and no", f"{HEADINGS},是否作废\n{GOOD},是\n", "HEADING_FLAG"),
    _whole("a mapping to nowhere", _ROWS, "HEADING_ABSENT", options={"mapping": {"amount": "合计"}}),
    _whole("a mapping of no field", _ROWS, "FIELD_UNKNOWN", options={"mapping": {"colour": "amount"}}),
    _whole("a heading with a NUL", f"{HEADINGS},x\0y\n{GOOD},1\n", "FILE_HEADING_BAD"),
    _whole("a heading without end", f"{HEADINGS},{'x' * 300}\n{GOOD},1\n", "FILE_HEADING_BAD"),
    _whole("ten thousand columns", ",".join(f"c{n}" for n in range(10_000)) + "\n1\n", "FILE_TOO_MANY_COLUMNS"),
    Broken("a quotation that never ends", _unclosed, frozenset({"FILE_UNCLOSED_QUOTE"}), line=3),
    Broken(
        "a quotation open at the end",
        _text(f'{_ROWS}I2,"C1,2026-03-05,1\n'),
        frozenset({"FILE_UNCLOSED_QUOTE"}),
        line=3,
    ),
    _whole("a quotation open in the headings", f'number,"customer,amount\n{GOOD}\n', "FILE_UNCLOSED_QUOTE"),
    _whole("a date format of no date", _ROWS, "DATE_FORMAT", options={"date_format": "%H:%M"}, in_cell=True),
    _row("too few cells", "I2,C1,2026-03-05", "ROW_TOO_SHORT"),
    _row("too many cells", "I2,C1,2026-03-05,1,234.56", "ROW_TOO_LONG"),
    _row("quotation marks that do not fit", 'I2,"C1"x,2026-03-05,1', "ROW_QUOTES"),
    _row("a NUL byte", "I2,C\x001,2026-03-05,1", "CELL_CONTROL"),
    _row("a bell", "I\x072,C1,2026-03-05,1", "CELL_CONTROL"),
    _row("an end of line for other programs", "I2,C1\u2028,2026-03-05,1", "CELL_CONTROL"),
    _row("a byte order mark within", "I2,C\ufeff1,2026-03-05,1", "CELL_CONTROL"),
    _row("a text that turns around", "I2,C1\u202e,2026-03-05,1", "CELL_CONTROL"),
    _row("a line break in a number", 'I2,"C\n1",2026-03-05,1', "CELL_CONTROL"),
    _row("a number of forty thousand letters", f"I{'2' * 40_000},C1,2026-03-05,1", "CELL_TOO_LONG"),
    _row("a cell that a spreadsheet does not know", "I2,C1,2026-03-05,#N/A", "CELL_ERROR"),
    _row("a cell that refers to nothing", "I2,#REF!,2026-03-05,1", "CELL_ERROR"),
]

BOOKS: list[Broken] = [
    _whole("a workbook cut off", _cut_off, "FILE_DAMAGED", suffix=".xlsx"),
    _whole("a workbook of nothing", b"PK\x03\x04" + bytes(200), "FILE_DAMAGED", suffix=".xlsx"),
    _whole("an empty workbook", lambda path: write_xlsx(path, []), "FILE_EMPTY", suffix=".xlsx"),
    _whole("a workbook with a password", _encrypted, "FILE_ENCRYPTED", suffix=".xlsx"),
    _whole("an old workbook with a password", _old({}, encrypted=True), "FILE_ENCRYPTED", suffix=".xls"),
    _whole(
        "an old workbook of nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "FILE_DAMAGED", suffix=".xls"
    ),
    _whole("a workbook that unpacks to a gigabyte", _bomb(1100), "FILE_TOO_LARGE", suffix=".xlsx"),
    _whole(
        "a workbook that says less than it unpacks to",
        _bomb(1100, says=5000),
        "FILE_TOO_LARGE",
        "FILE_DAMAGED",
        suffix=".xlsx",
    ),
    _whole("a stray cell in the last corner", _far_corner(16_383), "FILE_TOO_MANY_COLUMNS", suffix=".xlsx"),
    _whole("a stray cell far away", _far_corner(400), "FILE_FAR_CELL", suffix=".xlsx"),
    _whole("a workbook of hidden sheets", _all_hidden, "FILE_NO_SUCH_SHEET", suffix=".xlsx"),
    _whole(
        "a sheet that is not there",
        lambda path: write_xlsx(path, [HEADINGS.split(","), GOOD.split(",")]),
        "FILE_NO_SUCH_SHEET",
        suffix=".xlsx",
        options={"sheet": "明细"},
    ),
    _book("a title above the headings", "FILE_HEADINGS_MERGED", cells={}, line=1, touch=_title),
    _book("a formula never worked out", "CELL_FORMULA", cells={}, touch=_formula),
    _book("an error of the workbook", "CELL_ERROR", cells={}, touch=_error),
    _book("cells merged", "CELL_MERGED", cells={}, touch=_merge),
    _book("a row hidden by a filter", "ROW_HIDDEN", cells={}, touch=_hide),
    _book("a number with more digits than are kept", "CELL_DIGITS_LOST", cells={(2, 0): 24312000000012345678}),
    _book("a line break in a workbook", "CELL_CONTROL", cells={(2, 1): "C\n1"}),
    _book("a day that is a number", "DATE_SERIAL", cells={(2, 2): 46086}, in_cell=True),
    _book("an amount that is a text", "AMOUNT_UNREADABLE", cells={(2, 3): "一百"}, in_cell=True),
    _book("an amount formatted as yes or no", "AMOUNT_UNREADABLE", cells={(2, 3): True}, in_cell=True),
    Broken(
        "an error of an old workbook", _old({(2, 3): Error("#N/A")}), frozenset({"CELL_ERROR"}), line=3, suffix=".xls"
    ),
    Broken("a row hidden in an old workbook", _old({}, hidden=[2]), frozenset({"ROW_HIDDEN"}), line=3, suffix=".xls"),
]

CELLS: list[Broken] = [
    _date("31 February", "2026-02-31", "DATE_NO_SUCH_DAY"),
    _date("29 February of no leap year", "2026-02-29", "DATE_NO_SUCH_DAY"),
    _date("month thirteen", "2026/13/01", "DATE_NO_SUCH_DAY"),
    _date("year 0", "0000-00-00", "DATE_YEAR"),
    _date("two digits of a year", "26-03-05", "DATE_SHORT_YEAR"),
    _date("day or month first", "03/05/2026", "DATE_AMBIGUOUS"),
    _date("Excel's number", "46086", "DATE_SERIAL"),
    _date("a word", "yesterday", "DATE_UNREADABLE"),
    _date("a time in another zone", "2026-03-05T16:00:00Z", "DATE_UNREADABLE"),
    _amount("1e309", "1e309", "AMOUNT_EXPONENT"),
    _amount("NaN", "NaN", "AMOUNT_NOT_FINITE"),
    _amount("infinity", "-Infinity", "AMOUNT_NOT_FINITE"),
    _amount("an exponent", "1.5E+6", "AMOUNT_EXPONENT"),
    _amount("a formula", "=1+1", "AMOUNT_FORMULA"),
    _amount("a formula that starts a program", "=cmd|' /C calc'!A0", "AMOUNT_FORMULA", "AMOUNT_UNREADABLE"),
    _amount("a decimal comma among points", "1,23", "AMOUNT_AMBIGUOUS"),
    _amount("points and commas in a muddle", "1.234,567.89", "AMOUNT_UNREADABLE"),
    _amount("groups of four", "1,2345,678", "AMOUNT_UNREADABLE"),
    _amount("groups of India", "12,34,567.00", "AMOUNT_UNREADABLE"),
    _amount("too many decimals", "100.005", "AMOUNT_TOO_MANY_DECIMALS"),
    _amount("decimals of the yen", "100.50", "AMOUNT_TOO_MANY_DECIMALS", currency="JPY"),
    _amount("too large", "9" * 18, "AMOUNT_TOO_LARGE"),
    _amount("a sign of another currency", "$100", "AMOUNT_SIGN"),
    _amount("ten thousands in letters", "12万", "AMOUNT_UNREADABLE"),
    _amount("two points", "1.2.3", "AMOUNT_UNREADABLE"),
    _amount("blank", "", "MISSING", "AMOUNT_EMPTY"),
    _amount("an unknown currency", "100.00", "UNKNOWN_CURRENCY", currency="XXZ"),
    _cell("no number", ",C1,2026-03-05,100.00", "MISSING"),
    _cell("no customer", "I2,,2026-03-05,100.00", "MISSING"),
    _cell("a customer nobody knows", "I2,C9,2026-03-05,100.00", "UNKNOWN"),
    _cell("the same number twice", "I1,C1,2026-03-05,100.00", "REPEATED"),
    _cell(
        "an entity nobody knows",
        "I2,C1,2026-03-05,100.00,NOWHERE",
        "UNKNOWN",
        headings=f"{HEADINGS},entity",
        good=f"{GOOD},",
    ),
    _cell(
        "due before it was issued",
        "I2,C1,2026-03-05,1,2026-03-04",
        "DUE_BEFORE_ISSUE",
        headings=f"{HEADINGS},due_date",
        good=f"{GOOD},",
    ),
    _cell(
        "net and tax that miss the amount",
        "I2,C1,2026-03-05,100,50,6",
        "NET_AND_TAX",
        headings=f"{HEADINGS},net,tax",
        good=f"{GOOD},,",
    ),
    _cell("a number longer than any", f"I{'2' * 500},C1,2026-03-05,1", "TOO_LONG"),
    _cell(
        "a negative receipt",
        "R2,C1,2026-03-05,-5",
        "NEGATIVE",
        kind="receipts",
        headings="number,customer,date,amount",
        good="R1,C1,2026-03-05,5",
        other="R3,C1,2026-03-05,5",
    ),
    _cell(
        "a rate of nothing",
        "2026-03-06,USD,CNY,0",
        "RATE_BAD",
        kind="rates",
        headings="date,from,to,rate",
        good="2026-03-05,USD,CNY,7.1",
        other="2026-03-07,USD,CNY,7.1",
    ),
    _cell(
        "money received for an invoice nobody knows",
        "R1,I9,2026-03-05,5",
        "UNKNOWN",
        line=2,
        kind="allocations",
        headings="receipt,invoice,date,amount",
        good="R1,I9,2026-03-05,5",
        other="R1,I9,2026-03-06,5",
    ),
]

BROKEN: list[Broken] = [*FILES, *BOOKS, *CELLS]
