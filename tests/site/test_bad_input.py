"""Whatever is typed at the command line is answered by a sentence in the reader's language under a stable code."""

import pytest

from tests import books
from tests.site.commandline import CommandLine
from xinheng.desk.exposure import public as exposure

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    books.found()
    books.customer("A", salesperson="S01")
    return CommandLine(monkeypatch, capsys)


@pytest.mark.parametrize(("lang", "reason"), [("en", "there is no such folder"), ("zh", "没有这个文件夹")])
def test_rejects_without_a_folder_are_refused_and_nothing_lands(run, tmp_path, lang, reason):
    file = tmp_path / "invoices.csv"
    file.write_text("number,customer,issue_date,amount\nI1,A,2026-03-02,1\nI2,A,2026-03-02,x\n", encoding="utf-8")
    asked = ("import", "invoices", file, "--keep-good", "--rejects", tmp_path / "absent" / "r.csv")
    plain = run(*asked, lang=lang)
    assert (plain.exit, plain.out) == (2, "")
    assert plain.err.startswith("FILE_NOT_WRITTEN: ") and reason in plain.err
    told = run(*asked, "--json", lang=lang)
    assert (told.exit, told.json["batch"], told.json["errors"][0]["code"]) == (2, None, "FILE_NOT_WRITTEN")
    assert not exposure.Document.objects.exists()
