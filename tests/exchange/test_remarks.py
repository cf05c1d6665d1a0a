"""A bad row is told by the heading and the cell as they stand in the file, whatever they mean inside."""

import pytest

from tests.exchange.files import codes
from tests.site.commandline import CommandLine
from xinheng.exchange.options import remark

HEADS = ("单号", "客户", "开票日期", "价税合计")


def row(number: str, customer: str, day: str, amount: str) -> dict[str, object]:
    return dict(zip(HEADS, (number, customer, day, amount), strict=True))


@pytest.fixture
def run(monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("changed", "column", "value"),
    [
        (row("I1", "A", "2026/3/2", "1,500.00"), "价税合计", "1,500.00"),
        (row("I1", "B", "2026/3/2", "1,000.00"), "客户", "B"),
        (row("I1", "A", "2026年3月3日", "1,000.00"), "开票日期", "2026年3月3日"),
    ],
)
def test_what_differs_from_the_books_is_shown_as_it_is_written(load, changed, column, value):
    load.good("invoices", row("I1", "A", "2026/3/2", "1,000.00"))
    result = load("invoices", changed)
    (one,) = result.errors
    assert (one.line, one.column, one.value, one.code) == (2, column, value, "CONFLICT_ROW")
    assert f"({column})" in str(remark(one)["reason"]).replace("（", "(").replace("）", ")")


def test_a_list_is_told_by_its_headings_too(load):
    load.good("customers", {"客户编码": "C1", "客户名称": "甲"})
    (one,) = load("customers", {"客户编码": "C1", "客户名称": "乙"}).errors
    assert (one.column, one.value, one.params["field"]) == ("客户名称", "乙", "客户名称")


def test_a_repeated_number_among_many_rows_is_shown_where_it_stands(load):
    rows = [row(f"I{number % 40:03}", "A", "2026-03-02", "1") for number in range(41)]
    result = load("invoices", *rows)
    assert codes(result) == [(42, "REPEATED")]
    assert (result.errors[0].column, result.errors[0].value) == ("单号", "I000")


@pytest.mark.parametrize(
    ("content", "en", "zh"),
    [
        (
            "number,customer,issue_date,amount,外星\nI1,A,2026-03-02,1,x\n",
            "line 1: Nobody knows the heading “外星”; its column is left out.",
            "第 1 行：",
        ),
        (
            "number,customer,issue_date,amount\nI1,A,2026-03-02,x\n",
            "line 2, amount: “x” cannot be read as an amount. Write it as 1234.56.",
            "第 2 行，amount：",
        ),
        (
            "number,customer,issue_date,amount\nI1,A,2026-03-02\n",
            "line 2, “I1,A,2026-03-02”: The row has 3 cells",
            "第 2 行",
        ),
    ],
)
def test_nothing_is_said_twice_at_the_command_line(load, run, tmp_path, content, en, zh):
    file = tmp_path / "rows.csv"
    file.write_text(content, encoding="utf-8")
    assert en in run("import", "invoices", file).err
    assert zh in run("import", "invoices", file, "--dry-run", lang="zh").err


def test_a_file_that_cannot_be_used_is_named_once(load, run, tmp_path):
    told = run("import", "invoices", tmp_path / "absent.csv")
    assert told.out == ""
    assert told.err.count("absent.csv") == 1
