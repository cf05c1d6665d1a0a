"""Text files as tables: encodings, delimiters, rows and where they stand; what is told or asked instead of guessed."""

import codecs
import csv
import hashlib
import io
import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinheng.exchange.sheets import BadFile, lines, open_sheet, sheet
from xinheng.exchange.sheets.cells import CELL_MAX

CHINESE = "发票号码,客户编码,客户名称,价税合计\nI1,C1,远东贸易有限公司,100\nI2,C2,鑫源建材,20\n"
TRADITIONAL = "發票號碼,客戶編號,客戶名稱,價稅合計\nI1,C1,遠東貿易有限公司,100\nI2,C2,臺灣電機,20\n"
GERMAN = "number,customer,name,amount\nI1,C1,Müller & Söhne,100\nI2,C2,Größe Straße,20\n"
FRENCH = "number,customer,name,amount\nI1,C1,Société Générale,100\nI2,C2,Crème Brûlée à la carte,20\n"


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
    ("text", "encoding", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16-le"),
        (TRADITIONAL, "big5", "cp950"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (GERMAN, "cp1252", "cp1252"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-8", "utf-8"),
        ("number,name\nI1,Привет\n", "utf-8", "utf-8"),
        ("number,amount\nI1,1\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(sheet_of, text, encoding, found):
    with sheet_of(text.encode(encoding)) as table:
        assert table.encoding == found
        assert table.headings == tuple(text.split("\n")[0].split(","))
        assert rows_of(table)[1] == [line.split(",") for line in text.strip().split("\n")[1:]]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_a_byte_order_mark_decides(sheet_of, mark):
    codec = {2: "utf-16", 4: "utf-32"}[len(mark)] + ("-le" if mark[0] == 0xFF else "-be")
    with sheet_of(mark + CHINESE.encode(codec)) as table:
        assert table.encoding == codec
        assert table.headings[0] == "发票号码"


@pytest.mark.parametrize(
    ("name", "codec"), [("GBK", "gb18030"), ("UTF-8", "utf-8"), ("big5", "cp950"), ("ISO_8859-1", "cp1252")]
)
def test_an_encoding_that_is_named_is_taken_at_its_word(sheet_of, name, codec):
    with sheet_of("name,amount\nÉ,1\n".encode(codec, "replace"), encoding=name) as table:
        assert table.encoding == codec


def test_utf_16_without_a_mark_is_read_when_it_is_named(sheet_of):
    with sheet_of(CHINESE.encode("utf-16-le"), encoding="utf-16") as table:
        assert len(rows_of(table)[1]) == 2
    with sheet_of(CHINESE.encode("utf-16-be"), encoding="utf-16-be") as table:
        assert table.headings[0] == "发票号码"


def test_one_name_far_down_tells_the_encoding_of_the_file(sheet_of):
    plain = b"number,customer,name,amount\n" + b"I1,C1,plain,1.00\n" * 200_000
    with sheet_of(plain + "I2,C2,远东贸易有限公司,1\n".encode("gbk")) as table:
        assert table.encoding == "gb18030"
        assert rows_of(table)[1][-1] == ["I2", "C2", "远东贸易有限公司", "1"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"name,amount\nx,1\n\xd4\xaa\xc1\xcd,1\n", 3),  # one word: too little to tell
        ("name,amount\n한국무역,1\n".encode("cp949"), 2),
        ("name,amount\nПривет мир,1\n".encode("cp1251"), 2),
        ("name,amount\nŘeřicha Žižkov,1\n".encode("cp1250"), 2),
        ("name,amount\nテスト商事,1\n".encode("cp932"), 2),
        ("name,amount\nx,1\n联\n".encode("gb2312"), 3),
    ],
)
def test_what_can_be_read_two_ways_is_asked_with_the_readings(sheet_of, content, line):
    with pytest.raises(BadFile) as caught:
        sheet_of(content)
    assert (caught.value.code, caught.value.params["line"]) == ("FILE_ENCODING_UNCLEAR", line)
    assert caught.value.params["readings"]


def test_a_letter_that_is_chinese_by_accident_is_asked(sheet_of):
    word = "省小"
    assert word.encode("gb2312").decode("utf-8") == "ʡС"
    with pytest.raises(BadFile) as caught:
        sheet_of(f"name,amount\n{word},1\n".encode("gb2312"))
    assert caught.value.code == "FILE_ENCODING_UNCLEAR"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("above", [3, 70_000])
def test_a_place_in_another_encoding_is_named_by_its_line(sheet_of, above, end):
    rows = [*CHINESE.split("\n")[:1], *["I1,C1,远东贸易,100"] * above]
    content = end.join(rows).encode() + end.encode() + "I2,C2,鑫源建材,20".encode("gbk") + end.encode()
    with pytest.raises(BadFile) as caught, sheet_of(content) as table:
        rows_of(table)
    assert (caught.value.code, caught.value.params["line"]) == ("FILE_ENCODING_BROKEN", above + 2)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("sep=;\na;b\n1;2\n", ";"),
        ("\n\na;b\n1;2\n", ";"),
        ('"a;x",b;c,d\n1,2,3\n', ","),
        ("number;customer;amount, net\n1;2;3\n", ";"),
        ("a,b;c\n1,5;2\n1;2\n", ";"),
        ("alone\n1\n", ","),
    ],
)
def test_the_delimiter_is_told_from_the_first_lines(sheet_of, content, delimiter):
    with sheet_of(content) as table:
        assert table.delimiter == delimiter
        assert rows_of(table)[2] == []


def test_a_delimiter_that_is_named_is_taken_at_its_word(sheet_of):
    with sheet_of("a,b;c\n1,2;3\n", delimiter=",") as table:
        assert table.headings == ("a", "b;c")
    with sheet_of("a,b\tc\n", delimiter="tab") as table:
        assert table.headings == ("a,b", "c")


def test_lines_above_the_headings_are_counted(sheet_of):
    with sheet_of("sep=,\n\na,b\n1,2\n") as table:
        assert rows_of(table)[0] == [4]


def test_blanks_of_all_widths_are_taken_away_around_a_text_and_kept_within(sheet_of):
    with sheet_of("a , b\n x\u3000y ,\u00a0\u3000z\u200b\n\ufeffw,\t2\n") as table:
        assert table.headings == ("a", "b")
        assert rows_of(table) == ([2, 3], [["x\u3000y", "z"], ["w", "2"]], [])


@pytest.mark.parametrize("odd", ["\x00", "\x07", "\x0b", "\x1c", "\x1f", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff"])
def test_a_character_that_cannot_be_seen_is_an_error(sheet_of, odd):
    with sheet_of(f"a,b\n1,2\n1,x{odd}y\n3,4\n") as table:
        lines, _, findings = rows_of(table)
    assert (lines, findings) == ([2, 4], [(3, "b", "CELL_CONTROL")])


def test_what_stands_in_a_finding_can_be_seen(sheet_of):
    with sheet_of("a,b\n1,x\x00" + "y" * 200 + "\n") as table:
        (chunk,) = table.chunks()
    (finding,) = chunk.findings
    assert finding.value.startswith("x\\x00yyy")
    assert finding.value.endswith("…")
    assert len(finding.value) < 100


def test_rows_around_a_broken_one_are_read(sheet_of):
    content = f'a,b\n1,2\n"x"y,2\n{"z" * (CELL_MAX + 1)},1\n{"z" * 200_000},1\n3,4\n'
    with sheet_of(content) as table:
        lines, rows, findings = rows_of(table)
    assert (lines, rows) == ([2, 6], [["1", "2"], ["3", "4"]])
    assert findings == [(3, "", "ROW_QUOTES"), (4, "a", "CELL_TOO_LONG"), (5, "", "CELL_TOO_LONG")]


def test_every_line_that_a_broken_row_takes_is_told(sheet_of):
    with sheet_of('a,b\n1,"2\n3,4\n5,"6"x\n7,8\n') as table:
        lines, _, findings = rows_of(table)
    assert lines == [5]
    assert findings == [(2, "", "ROW_QUOTES"), (3, "", "ROW_QUOTES"), (4, "", "ROW_QUOTES")]


@pytest.mark.parametrize("size", [1, 2, 7, 20_000])
@pytest.mark.parametrize("block", [16, 61, 1 << 20])
def test_chunks_and_blocks_change_nothing(sheet_of, monkeypatch, size, block):
    """The same rows, lines and findings whatever is read at a time."""
    chance = random.Random(7)
    kinds = ["{n},远东{n}", '{n},"two\nlines"', "{n}", "", " , ", "{n},x\x07", '{n},"a,b"', "{n}, b\u3000", "{n},#N/A"]
    body = "\r\n".join(chance.choice(kinds).format(n=number) for number in range(300))
    with sheet_of(f"a,b\r\n{body}") as table:
        expected = rows_of(table)
    monkeypatch.setattr(lines, "BLOCK", block)
    with sheet_of(f"a,b\r\n{body}") as table:
        assert rows_of(table, size) == expected
    assert expected[0]
    assert {code for _, _, code in expected[2]} == {"CELL_CONTROL", "ROW_TOO_SHORT", "CELL_ERROR"}


def test_memory_holds_one_chunk(sheet_of):
    with sheet_of("a,b\n" + "1,2\n" * 50_000) as table:
        shares = [(len(chunk.rows), chunk.done) for chunk in table.chunks(20_000)]
    assert [rows for rows, _ in shares] == [20_000, 20_000, 10_000]
    assert shares[-1][1] == 1.0


def test_too_many_columns_are_refused(sheet_of):
    with pytest.raises(BadFile) as caught:
        sheet_of(",".join(f"c{number}" for number in range(sheet.COLUMNS_MAX + 1)) + "\n1\n")
    assert caught.value.code == "FILE_TOO_MANY_COLUMNS"


CELLS = st.text(alphabet=string.ascii_letters + string.digits + "远东贸易公司，。、é&'\"();|,-% ", max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    rows=st.lists(st.lists(CELLS.map(str.strip), min_size=3, max_size=3), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    block=st.sampled_from([7, 64, 1 << 18]),
)
def test_what_was_written_is_read(sheet_of, rows, delimiter, encoding, end, quoting, block):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([["客户编码", "客户名称", "备注"], *rows])
    content = text.getvalue().encode(encoding)
    expected = [(line, row) for line, row in enumerate(rows, start=2) if any(row)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        named = {} if encoding != "gb18030" else {"encoding": "gbk"}
        with sheet_of(content, delimiter=delimiter, **named) as sheet:
            if not expected:
                with pytest.raises(BadFile):
                    rows_of(sheet)
                return
            found = rows_of(sheet)
    assert found == ([line for line, _ in expected], [row for _, row in expected], [])
    assert sheet.digest() == hashlib.sha256(content).hexdigest()
