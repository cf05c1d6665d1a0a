"""What the page's imports ask of the importer: likely kinds, columns left out, corrected cells, sums before landing."""

import pytest

from tests.exchange.files import allocation, document, invoice, write
from xinheng.exchange import headings
from xinheng.exchange.importing import Options, run_import
from xinheng.exchange.opening import opened
from xinheng.exchange.sheets import BadFile
from xinheng.site import founding

DOCUMENT = ["number", "customer", "date", "amount"]


@pytest.mark.parametrize(
    ("names", "file_name", "kind"),
    [
        (["发票号", "客户编码", "开票日期", "价税合计"], "x.csv", "invoices"),
        (["客户编码", "客户名称", "税号"], "x.csv", "customers"),
        (["receipt", "invoice", "date", "amount"], "x.csv", "allocations"),
        (["number", "order", "date", "amount"], "x.csv", "deliveries"),
        (DOCUMENT, "x.csv", "orders"),
        (DOCUMENT, "Receipts 2026-11.xlsx", "receipts"),
        (DOCUMENT, "十一月收款.csv", "receipts"),
        (DOCUMENT, "red 红字.csv", "credit-notes"),
    ],
)
def test_the_likeliest_kind_comes_first(names, file_name, kind):
    assert headings.likeness(names, file_name=file_name)[0][0] == kind


def test_every_kind_has_a_likeness_and_what_lacks_a_column_is_never_likely():
    found = dict(headings.likeness(["number", "customer", "date"]))
    assert found.keys() == headings.KINDS.keys()
    assert max(found.values()) < 50


def test_a_field_mapped_to_nothing_is_left_out():
    found = headings.match("orders", [*DOCUMENT, "currency"], {"currency": ""})
    assert "currency" not in found.columns
    assert found.unknown == ("currency",)


def test_corrected_cells_are_read_and_named_as_they_stand_and_the_file_is_not_touched(load, tmp_path):
    path = write(tmp_path / "f.csv", [invoice("I1", "A", "x"), invoice("I2", "?", "5")])
    before = path.read_bytes()
    options = Options(corrections={2: {"amount": "7"}, 3: {"customer": "!"}, 99: {"amount": "1"}}, dry_run=True)
    result = run_import("invoices", path, options, by=founding.console())
    assert [(one.line, one.value) for one in result.errors] == [(3, "!")]
    assert path.read_bytes() == before


def test_a_refusal_names_the_file_as_people_call_it(tmp_path):
    path = tmp_path / ("0" * 64)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(BadFile) as refused:
        opened(path, Options(file_name="November.csv"))
    assert refused.value.params["path"] == "November.csv"


def test_what_would_land_is_summed_by_currency_and_red_invoices_count_below_zero(load):
    rows = [invoice("I1", "A", 100), invoice("I2", "A", -30), invoice("I3", "B", "2.50", currency="EUR")]
    assert load("invoices", *rows, dry_run=True).money == {"EUR": 2_50, "USD": 70_00}
    load.good("invoices", rows[0])
    assert load("invoices", *rows[:2], dry_run=True).money == {"USD": -30_00}


def test_allocations_are_summed_in_the_currency_of_their_invoices(load):
    load.good("invoices", invoice("I1", "A", 100, instalment=1), invoice("I1", "A", 50, instalment=2))
    load.good("receipts", document("R1", "A", 60))
    result = load("allocations", allocation("R1", "I1", 60), dry_run=True)
    assert (result.errors, result.money) == ([], {"USD": 60_00})


def test_a_batch_keeps_the_cells_that_were_corrected(load, tmp_path):
    from xinheng.base.models import Batch

    path = write(tmp_path / "digest", [invoice("I1", "A", "x")])
    options = Options(corrections={2: {"amount": "7"}}, file_name="November.csv")
    run_import("invoices", path, options, by=founding.console())
    batch = Batch.objects.get()
    assert (batch.file_name, batch.options["corrections"]) == ("November.csv", {"2": {"amount": "7"}})
