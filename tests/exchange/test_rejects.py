"""Rows that did not land are written out whole, and come in again once they are put right."""

import csv

import pytest
from django.utils import translation

from tests import books
from tests.exchange.files import Loader, codes, invoice
from xinheng.base import excel
from xinheng.desk.exposure import public as exposure
from xinheng.exchange.importing import Options, run_import
from xinheng.site import founding


def rejected(folder, kind: str, content: str):
    """Import a file keeping what is good; the result and the rows of the file of rejects."""
    path, into = folder / "rows.csv", folder / "rejects.csv"
    path.write_text(content, encoding="utf-8")
    result = run_import(kind, path, Options(keep_good=True, rejects=into), by=founding.console())
    with into.open(encoding="utf-8-sig", newline="") as file:
        return result, list(csv.reader(file))


def test_a_remark_of_several_lines_is_no_fault_and_stays_whole(load, tmp_path):
    content = 'number,customer,issue_date,amount,备注\nI1,A,2026-03-02,1,"a\nb"\nI2,A,2026-03-02,x,"c\nd"\n'
    result, rows = rejected(tmp_path, "invoices", content)
    assert (result.accepted, codes(result)) == (1, [(4, "AMOUNT_UNREADABLE")])
    assert [row[:6] for row in rows[1:]] == [["I2", "A", "2026-03-02", "x", "c\nd", "4"]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_corrected_rejects_come_in_again_with_line_and_error_beside_them(load, tmp_path, language):
    with translation.override(language):
        result, rows = rejected(tmp_path, "lines", "customer,limit,currency,term_days,reason\nA,x,USD,30,because\n")
    assert result.rejected == 1
    rows[1][1] = "100"
    again = tmp_path / "again.csv"
    with again.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    found = run_import("lines", again, by=founding.console())
    assert (found.accepted, found.warnings, found.errors) == (1, [], [])


def test_keeping_the_good_rows_of_a_ragged_file(tmp_path, db):
    books.found("CNY")
    books.customer("C1")
    path, into = tmp_path / "ragged.csv", tmp_path / "rejects.csv"
    path.write_text(
        "number,customer,issue_date,amount\nI1,C1,2026-03-05,1\nI2,C1\nI3,C1,2026-02-31,1\n", encoding="utf-8"
    )
    found = run_import("invoices", path, Options(keep_good=True, rejects=into), by=founding.console())
    assert (found.rows, found.accepted, found.rejected) == (3, 1, 2)
    lines = into.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3 and "I2" in lines[1] and lines[2].startswith("I3,C1,2026-02-31,1,4,")


def test_an_excel_file_lands_like_a_text(tmp_path, db):
    books.found("CNY")
    books.customer("C1")
    path = tmp_path / "invoices.xlsx"
    path.write_bytes(
        excel.workbook(["发票号码", "客户编码", "开票日期", "价税合计"], [["007", "C1", "2026-03-05", "1,234.50"]])
    )
    found = run_import("invoices", path, by=founding.console())
    assert (found.errors, found.accepted) == ([], 1)
    assert exposure.Document.objects.get().number == "007"
    rejected = Loader(tmp_path)("invoices", invoice("I1", "C9", 1), keep_good=True, rejects=tmp_path / "rejects.xlsx")
    assert rejected.rejected == 1
    assert (tmp_path / "rejects.xlsx").read_bytes()[:2] == b"PK"
