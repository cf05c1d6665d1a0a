"""Rows that did not land are written out whole, and come in again once they are put right."""

import csv
import errno

import pytest
from django.utils import translation

from tests import books
from tests.exchange.files import Loader, codes, invoice, write
from xinheng.base import excel
from xinheng.base.files import NotWritten
from xinheng.base.messages import sentence
from xinheng.desk.exposure import public as exposure
from xinheng.exchange import rejects
from xinheng.exchange.importing import Options, run_import
from xinheng.exchange.options import remark
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


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("absent/rejects.csv", "there is no such folder"),
        ("", "it is a folder"),
        ("rows.csv/rejects.csv", "there is no such folder"),
        ("x" * 300 + ".csv", "the name is too long"),
        ("re\0jects.csv", "this is no name for a file"),
        ("rows.csv", "it is the file to be imported"),
    ],
)
def test_a_place_that_cannot_take_the_rejects_is_refused_before_anything_is_read(load, tmp_path, place, said):
    path = write(tmp_path / "rows.csv", [invoice("I1", "A", 1), invoice("I2", "A", "x")])
    before = path.read_bytes()
    with pytest.raises(NotWritten) as refused:
        run_import("invoices", path, Options(keep_good=True, rejects=tmp_path / place), by=founding.console())
    with translation.override("en"):
        assert said in sentence(refused.value)
    assert not exposure.Document.objects.exists()
    assert path.read_bytes() == before


def test_what_stood_where_the_rejects_go_stays_until_there_are_some(load, tmp_path):
    into = tmp_path / "rejects.csv"
    into.write_text("kept", encoding="utf-8")
    assert load("invoices", invoice("I1", "A", 1), rejects=into).errors == []
    assert into.read_text(encoding="utf-8") == "kept"
    other = tmp_path / "other.csv"
    assert load("invoices", invoice("I2", "A", 1), rejects=other).errors == []
    assert not other.exists()


def test_a_disk_that_fails_after_the_landing_is_told_beside_what_landed(load, tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rejects, "_rows", full)
    rows = [invoice("I1", "A", 1), invoice("I2", "A", "x")]
    with translation.override("en"):
        result = load("invoices", *rows, keep_good=True, rejects=tmp_path / "rejects.csv")
        assert (result.accepted, result.rejected) == (1, 1)
        assert "the disk is full" in remark(result.warnings[-1])["reason"]
