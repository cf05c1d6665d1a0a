"""Rows that did not land are written out whole, and come in again once they are put right."""

import csv

import pytest
from django.utils import translation

from tests.exchange.files import codes
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
