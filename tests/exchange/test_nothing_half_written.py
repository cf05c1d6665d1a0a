"""Every broken file through the whole import: a code that says what is wrong, the line, and nothing in the books."""

import pytest

from tests import books
from tests.exchange.broken import BROKEN
from tests.exchange.files import Loader, invoice
from xinheng.base.errors import BadInput
from xinheng.base.messages import text
from xinheng.base.models import Batch
from xinheng.desk.exposure import public as exposure
from xinheng.exchange.importing import Options, run_import
from xinheng.site import founding

pytestmark = pytest.mark.django_db


def told(broken, folder):
    """(code, line) of everything that was said about a file."""
    path = folder / f"file{broken.suffix}"
    broken.content(path)
    try:
        result = run_import(broken.kind, path, Options(**broken.options), by=founding.console())
    except BadInput as refused:
        assert text(refused.code, refused.params) != refused.code
        return [(refused.code, refused.params.get("line"))]
    assert (result.accepted, result.batch) == (0, None)
    for one in result.errors:
        said = text(one.code, one.params)
        assert one.code not in said and "…" not in said, said
    return [(one.code, one.line) for one in result.errors]


def test_there_are_at_least_sixty():
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_it_is_told_and_nothing_is_written(broken, tmp_path):
    books.found("CNY")
    books.customer("C1")
    found = told(broken, tmp_path)
    assert found, "nothing was said"
    assert {code for code, _ in found} & broken.codes, found
    if broken.line is not None:
        assert broken.line in {line for _, line in found}, found
    assert not Batch.objects.exists()
    assert not exposure.Document.objects.exists()
    assert exposure.Entity.objects.count() == 1


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
    from xinheng.base import excel

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
