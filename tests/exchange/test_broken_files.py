"""Broken files are told, by the right code and on the right line, and nothing of them is read as if it were whole."""

import tracemalloc

import pytest
from django.utils import translation

from tests.exchange.broken import BROKEN, Broken
from xinheng.base import messages
from xinheng.exchange import headings
from xinheng.exchange.days import Days
from xinheng.exchange.findings import Finding
from xinheng.exchange.sheets import BadFile, open_sheet
from xinheng.rules.amounts import parse_amount, parse_minor
from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError

#: A file is read a piece at a time; a workbook that is refused was never laid out.
MEMORY_MAX = 64 << 20
OPENING = ("encoding", "delimiter", "sheet")


def read(broken: Broken, path) -> tuple[str, int | None, dict]:
    """Code, line and parameters of the first thing wrong with the file, read down to its cells."""
    chosen = {name: value for name, value in broken.options.items() if name in OPENING}
    try:
        days = Days(broken.options.get("date_format", ""))
        with open_sheet(path, **chosen) as sheet:
            found = headings.match(broken.kind, sheet.headings, broken.options.get("mapping", {}))
            for chunk in sheet.chunks(used=found.columns.values()):
                if chunk.findings:
                    return chunk.findings[0].code, chunk.findings[0].line, dict(chunk.findings[0].params)
                for line, row in zip(chunk.lines, chunk.rows, strict=True):
                    fault = cell_fault(found.columns, row, days)
                    if fault is not None:
                        return fault.code, line, dict(fault.params)
    except BadFile as error:
        return error.code, error.params.get("line"), error.params
    except RuleError as error:
        return error.code, None, error.params
    except messages.XinhengError as error:
        return error.code, None, error.params
    return "", None, {}


def cell_fault(columns, row, days) -> RuleError | messages.XinhengError | None:
    """What is wrong with a day or an amount of a row."""
    cell = {name: row[place] for name, place in columns.items()}
    try:
        for name in ("issue_date", "date"):
            if name in cell:
                days.iso(cell[name])
        if "rate" in cell:
            parse_amount(cell["rate"])
        elif "amount" in cell:
            currency = cell.get("currency") or "CNY"
            parse_minor(cell["amount"], decimals(currency), currency=currency)
    except (RuleError, messages.XinhengError) as error:
        return error
    return None


@pytest.fixture
def written(tmp_path):
    def make(broken: Broken):
        path = tmp_path / f"rows{broken.suffix}"
        broken.content(path)
        return path

    return make


def test_every_broken_file_has_its_own_name():
    names = [broken.name for broken in BROKEN]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("broken", BROKEN, ids=[broken.name for broken in BROKEN])
def test_a_broken_file_is_told(broken, written):
    code, line, params = read(broken, written(broken))
    if broken.in_cell and not code:
        assert not any(one.startswith(("FILE_", "ROW_", "CELL_", "DATE_")) for one in broken.codes)
        return  # what only the books can tell
    assert code in broken.codes
    if broken.line is not None:
        assert line == broken.line
    for language in ("en", "zh-hans"):
        with translation.override(language):
            sentence = messages.text(code, params)
        assert "…" not in sentence.replace("x…", ""), "a parameter of the sentence is missing"
        assert not sentence.startswith(code)


@pytest.mark.parametrize("broken", [broken for broken in BROKEN if not broken.in_cell], ids=lambda broken: broken.name)
def test_a_broken_file_does_not_fill_the_memory(broken, written):
    path = written(broken)
    tracemalloc.start()
    try:
        read(broken, path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MEMORY_MAX


def test_findings_are_plain_data():
    one = Finding(3, "amount", "x", "CELL_CONTROL")
    assert (one.line, dict(one.params)) == (3, {})
