"""Excel workbooks as tables: what people see, and what a workbook hides told instead of read as blank."""

import zipfile
from datetime import date, datetime, time

import pytest

from tests.exchange.test_sheets import rows_of
from tests.exchange.workbooks import Day, Error, write_xls, write_xlsx
from xinheng.exchange.sheets import BadFile, open_sheet
from xinheng.exchange.sheets.workbook import number_text

HEADINGS = ["发票号码", "客户编码", "开票日期", "金额"]


@pytest.fixture
def book(tmp_path):
    """Write a workbook of today and open a sheet of it."""

    def make(*sheets, touch=None, **options):
        path = tmp_path / "rows.xlsx"
        write_xlsx(path, *sheets, touch=touch)
        return open_sheet(path, **options)

    return make


@pytest.fixture
def old_book(tmp_path):
    """Write an old workbook and open it."""

    def make(rows, **options):
        path = tmp_path / "rows.xls"
        write_xls(path, rows, **options)
        return open_sheet(path)

    return make


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.0, "12"),
        (-12.0, "-12"),
        (0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1234.5, "1234.5"),
        (20093.0 + 0.57, "20093.57"),
        (1e-7, "0.0000001"),
        (99_999_999_999_999.9, "99999999999999.9"),
        (999_999_999_999_999.0, "999999999999999"),
    ],
)
def test_a_number_comes_as_it_would_be_typed(number, text):
    assert number_text(number) == text


def test_a_workbook_gives_what_people_see(book):
    def touch(workbook, sheet):
        sheet.write(4, 3, 1.25, workbook.add_format({"num_format": "[h]:mm"}))

    rows = [
        HEADINGS,
        ["0012", "C1", date(2026, 3, 5), 1234.5],
        [12, True, datetime(2026, 3, 5, 14, 30, 20), -0.1 - 0.2],  # noqa: DTZ001 - a workbook knows no zones
        [None, None, None, None],
        [" x\u3000", "a#1", time(9, 30)],
    ]
    with book(rows, touch=touch) as sheet:
        assert sheet.headings == tuple(HEADINGS)
        assert rows_of(sheet) == (
            [2, 3, 5],
            [
                ["0012", "C1", "2026-03-05", "1234.5"],
                ["12", "TRUE", "2026-03-05 14:30:20", "-0.3"],
                ["x", "a#1", "09:30:00", "30:00:00"],
            ],
            [],
        )


def test_a_table_may_stand_anywhere_and_come_in_pieces(book):
    rows = [[], [], [None, None, *HEADINGS], *([None, None, f"I{number}", "C1", "x", number] for number in range(50))]
    with book(rows) as sheet:
        chunks = list(sheet.chunks(20))
    assert [len(chunk.rows) for chunk in chunks] == [20, 20, 10]
    assert (chunks[0].lines[0], chunks[-1].lines[-1], chunks[-1].done) == (4, 53, 1.0)
    assert chunks[0].rows[0] == ["I0", "C1", "x", "0"]


def test_what_a_workbook_hides_is_told(book):
    def touch(workbook, sheet):
        sheet.write_formula(1, 3, "=1+1")
        sheet.write_formula(2, 3, "=NA()", None, "#N/A")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.merge_range(4, 1, 5, 1, "C1")
        sheet.write_number(6, 0, 24312000000012345678)
        sheet.write(7, 6, "outside")

    rows = [HEADINGS, *([f"I{number}", "C1", "2026-03-05", 1] for number in range(1, 9))]
    rows[8][1] = "#REF!"
    with book(rows, touch=touch) as sheet:
        lines, _, findings = rows_of(sheet)
    assert lines == []
    assert findings == [
        (2, "金额", "CELL_FORMULA"),
        (3, "金额", "CELL_ERROR"),
        (4, "", "ROW_HIDDEN"),
        (5, "客户编码", "CELL_MERGED"),
        (6, "客户编码", "CELL_MERGED"),
        (7, "发票号码", "CELL_DIGITS_LOST"),
        (8, "", "ROW_TOO_LONG"),
        (9, "客户编码", "CELL_ERROR"),
    ]


def test_what_nobody_takes_up_may_be_odd(book):
    def touch(workbook, sheet):
        sheet.write(1, 3, "two\nlines")
        sheet.write_formula(2, 3, "=1+1")

    with book([[*HEADINGS[:3], "备注"], ["I1", "C1", "x"], ["I2", "C1", "x"]], touch=touch) as sheet:
        lines, _, findings = rows_of(sheet, used=[0, 1, 2])
    assert (lines, findings) == ([2, 3], [])


def _with_part(path, part, change):
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="D2"><f>A1+1</f></c>', "CELL_FORMULA"),
        (b'<c r="D2"><f>A1+1</f><v></v></c>', "CELL_FORMULA"),
        (b'<c r="D2"><f>A1+1</f><v/></c>', "CELL_FORMULA"),
        (b'<c r="D2"><f t="shared" si="0"/></c>', "CELL_FORMULA"),
        (b'<c r="D2" t="e"><v>#DIV/0!</v></c>', "CELL_ERROR"),
        (b'<c r="D2"><f>A1+1</f><v>7</v></c>', ""),
        (b'<c r="D2" t="str"><f>IF(1,"")</f><v></v></c>', ""),
        (b'<c r="D2" s="1"/>', ""),
    ],
)
def test_a_formula_counts_by_its_last_value_and_not_without_one(tmp_path, cell, code):
    path = tmp_path / "rows.xlsx"
    write_xlsx(path, [HEADINGS, ["I1", "C1", "x", 4711]])
    _with_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<c r="D2"><v>4711</v></c>', cell))
    _with_part(path, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', b""))
    with open_sheet(path) as sheet:
        _, rows, findings = rows_of(sheet)
    assert [found for _, _, found in findings] == [code] * bool(code)
    assert len(rows) == (not code)


def test_the_first_sheet_that_can_be_seen_is_meant_or_the_one_that_is_named(book):
    def touch(workbook, hidden, first, second):
        first.activate()
        first.set_first_sheet()
        hidden.hide()

    sheets = [[["a"], ["hidden"]], [["b"], ["first"]], [["c"], ["second"]]]
    with book(*sheets, touch=touch) as sheet:
        assert sheet.headings == ("b",)
    with book(*sheets, touch=touch, sheet=" 表3 ") as sheet:
        assert rows_of(sheet)[1] == [["second"]]
    with book(*sheets, touch=touch, sheet="表1") as sheet:
        assert sheet.headings == ("a",)
    with pytest.raises(BadFile) as caught:
        book(*sheets, touch=touch, sheet="明细")
    assert (caught.value.code, caught.value.params["sheets"]) == ("FILE_NO_SUCH_SHEET", ["表1", "表2", "表3"])


def test_cells_that_are_only_coloured_do_not_widen_the_table(book):
    def touch(workbook, sheet):
        colour = workbook.add_format({"bg_color": "yellow"})
        sheet.write_blank(1_048_575, 16_383, None, colour)

    with book([["a"], ["1"]], touch=touch) as sheet:
        assert rows_of(sheet) == ([2], [["1"]], [])


def test_an_old_workbook_gives_what_people_see_and_tells_what_it_hides(old_book):
    rows = [
        HEADINGS,
        ["0012", "C1", Day(46086), 0.1 + 0.2],
        [12.0, True, Day(46086.604398148146), -5.0],
        ["I3", "C1", Error("#N/A"), 1.0],
        ["I4", "C1", Day(46086), 1e15],
        ["I5", "C1", Day(46086), 1.0],
        ["I6", "C1", Day(46086), 1.0],
        [None, "C1", Day(46086), 1.0],
        [None, None, None, None],
        ["I8", "C1", Day(3e7), 2.0],
    ]
    with old_book(rows, hidden=[5], merged=[(6, 0, 7, 0)]) as sheet:
        assert sheet.headings == tuple(HEADINGS)
        lines, found, findings = rows_of(sheet)
    assert lines == [2, 3, 10]
    assert found == [
        ["0012", "C1", "2026-03-05", "0.3"],
        ["12", "TRUE", "2026-03-05 14:30:20", "-5"],
        ["I8", "C1", "30000000", "2"],
    ]
    assert findings == [
        (4, "开票日期", "CELL_ERROR"),
        (5, "金额", "CELL_DIGITS_LOST"),
        (6, "", "ROW_HIDDEN"),
        (7, "发票号码", "CELL_MERGED"),
        (8, "发票号码", "CELL_MERGED"),
    ]


def test_an_old_workbook_with_a_password_is_told(old_book):
    with pytest.raises(BadFile) as caught:
        old_book([["a"], ["1"]], encrypted=True)
    assert caught.value.code == "FILE_ENCRYPTED"
