"""Every broken file through the whole import: a code, a line, both sentences, and nothing written anywhere."""

import pytest
from django.utils import translation

from tests import books
from tests.exchange.broken import BROKEN, Broken
from tests.exchange.files import codes, document, invoice
from xinheng.base import messages
from xinheng.base.errors import BadInput
from xinheng.base.models import AuditLine, Batch
from xinheng.desk.exposure.models import Document, Movement
from xinheng.exchange.importing import Options, run_import
from xinheng.rules.errors import RuleError
from xinheng.site import founding

pytestmark = pytest.mark.django_db


def told(broken: Broken, path) -> tuple[str, int | None, dict]:
    """Code, line and parameters of what the import answers."""
    try:
        result = run_import(broken.kind, path, Options(**broken.options), by=founding.console())
    except (BadInput, RuleError) as error:
        return error.code, error.params.get("line"), dict(error.params)
    assert result.batch is None
    first = result.errors[0]
    return first.code, first.line, dict(first.params)


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Document, Movement, Batch, AuditLine))


@pytest.mark.parametrize("broken", BROKEN, ids=[broken.name for broken in BROKEN])
def test_a_broken_file_leaves_nothing_behind(broken, tmp_path):
    books.found(currency="CNY")
    books.customer("C1")
    path = tmp_path / f"rows{broken.suffix}"
    broken.content(path)
    before = written()
    code, line, params = told(broken, path)
    assert code in broken.codes
    if broken.line is not None:
        assert line == broken.line
    assert written() == before
    english, chinese = (messages.text(code, params) for _ in _languages())
    assert not english.startswith(code)
    assert english != chinese


def _languages():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            yield language


@pytest.mark.parametrize("day", ["9999-12-31", "1900-01-01"])
def test_days_at_the_ends_of_the_calendar_land_or_are_named(load, day):
    line = {"customer": "A", "limit": 100, "currency": "USD", "term_days": 30, "valid_until": day, "term": "30D"}
    load.good("lines", line)
    asked = [
        ("invoices", invoice("I1", "A", 1, day, term="30D"), {}),
        ("invoices", invoice("I2", "A", 1, day, term="月结60 cut 25 pay 10"), {}),
        ("invoices", invoice("I3", "A", 1, "2026-03-02", due_date=day), {"opening": True}),
        ("orders", document("O1", "A", 1, day, ship_date=day), {"check": True}),
        ("deliveries", document("D1", "A", 1, day), {}),
        ("receipts", document("R1", "A", 1, day), {}),
    ]
    for kind, row, options in asked:
        result = load(kind, row, **options)
        assert result.accepted == 1 or {code for _, code in codes(result)} == {"DATE_OUT_OF_RANGE"}, (kind, row)


def test_an_invoice_whose_due_day_no_calendar_has_is_named_among_good_ones(load):
    rows = [
        invoice(f"I{number}", "A", 1, "9999-12-31" if number == 5 else "2026-03-02", term="30D") for number in range(9)
    ]
    assert codes(load("invoices", *rows)) == [(7, "DATE_OUT_OF_RANGE")]
    kept = load("invoices", *rows, keep_good=True)
    assert (kept.accepted, kept.rejected) == (8, 1)


def test_so_is_one_that_names_its_order(load):
    load.good("orders", document("O1", "A", 100, "2026-03-02"), document("O2", "A", 100, "2026-03-02"))
    rows = [
        invoice("I1", "A", 50, "2026-03-02", order="O1", term="30D"),
        invoice("I2", "A", 50, "9999-12-31", order="O2", term="30D"),
    ]
    assert codes(load("invoices", *rows)) == [(3, "DATE_OUT_OF_RANGE")]
    kept = load("invoices", *rows, keep_good=True)
    assert (kept.accepted, kept.rejected) == (1, 1)
