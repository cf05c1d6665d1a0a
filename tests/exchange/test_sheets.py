"""Text files as tables: headings, rows, where each row stands, and what is told instead of guessed."""

import hashlib

import pytest

from xinheng.exchange.sheets import BadFile, open_sheet
from xinheng.exchange.sheets.cells import as_text


@pytest.fixture
def sheet_of(tmp_path):
    """Open a file with this content."""

    def make(content: bytes | str, name: str = "rows.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_sheet(path, **options)

    return make


def rows_of(sheet, size=20_000, **options):
    """Lines, rows and (line, column, code) of the findings of a whole sheet."""
    lines, rows, findings = [], [], []
    for chunk in sheet.chunks(size, **options):
        lines += chunk.lines
        rows += chunk.rows
        findings += [(one.line, one.column, one.code) for one in chunk.findings]
    return lines, rows, findings


def test_rows_come_with_the_lines_on_which_they_stand(sheet_of):
    with sheet_of("number,amount\nI1,10\n\n , \nI2,20\n") as sheet:
        assert sheet.headings == ("number", "amount")
        assert rows_of(sheet) == ([2, 5], [["I1", "10"], ["I2", "20"]], [])


def test_the_digest_is_that_of_the_bytes(sheet_of):
    content = "客户,金额\r\n远东,1\r\n".encode("gb18030")
    with sheet_of(content) as sheet:
        assert sheet.digest() == hashlib.sha256(content).hexdigest()
        rows_of(sheet)
        assert (sheet.digest(), sheet.size) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_row_over_several_lines_counts_them(sheet_of, end):
    content = end.join(["number,note,amount", 'I1,"one', "two", 'three",10', "I2,,20", ""])
    with sheet_of(content) as sheet:
        assert rows_of(sheet) == ([5], [["I2", "", "20"]], [(2, "note", "CELL_CONTROL")])
        lines, rows, findings = rows_of(sheet, used=[0, 2])
        assert (lines, [row[0] for row in rows], findings) == ([2, 5], ["I1", "I2"], [])


def test_rows_of_another_length_are_told_and_left_out(sheet_of):
    with sheet_of("a,b\n1\n1,2,3\n1,2,,\n1,2\n") as sheet:
        lines, rows, findings = rows_of(sheet)
    assert (lines, rows) == ([4, 5], [["1", "2"], ["1", "2"]])
    assert findings == [(2, "", "ROW_TOO_SHORT"), (3, "", "ROW_TOO_LONG")]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile) as caught:
        open_sheet(tmp_path / "absent.csv")
    assert caught.value.code == "FILE_ABSENT"
    assert caught.value.exit == 2


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 21", "-", "@x", "-5", "+5.0", "1,234", "'=1", "''-x", "O'Neill", "", "'a"]
)
def test_a_text_that_looks_like_a_formula_comes_back_as_it_was(sheet_of, text):
    written = as_text(text)
    assert not written or (written[0] not in "=@" and (written[0] not in "+-" or written.strip("+-").replace(".", "")))
    with sheet_of(f'a,b\n1,"{written}"\n') as sheet:
        assert rows_of(sheet)[1] == [["1", text]]
