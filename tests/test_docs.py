"""Generated pages say what the sources say."""

import pytest

from scripts import coverage_map


def test_the_coverage_page_is_what_the_marks_say():
    assert coverage_map.PAGE.is_file(), "run make docs"
    assert coverage_map.PAGE.read_text(encoding="utf-8") == coverage_map.page(), "stale: run make docs"


SOURCE = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.covers("AR-001")]
CASES = [pytest.param(1, marks=pytest.mark.covers("OC-002")), pytest.param(2, marks=[pytest.mark.covers("OC-003")])]

@pytest.mark.parametrize("number", CASES)
@pytest.mark.covers("LM-003", "LM-004")
def test_numbers(number): ...

class TestBook:
    pytestmark = pytest.mark.covers("CM-001")

    @pytest.mark.covers("CM-002")
    def test_opens(self): ...

def helper():
    covers("XX-999")
"""


def test_marks_are_found_wherever_pytest_would_find_them(tmp_path, monkeypatch):
    monkeypatch.setattr(coverage_map, "ROOT", tmp_path)
    path = tmp_path / "test_numbers.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert dict(coverage_map.tests_of(path)) == {
        "test_numbers.py::test_numbers": {"AR-001", "LM-003", "LM-004", "OC-002", "OC-003"},
        "test_numbers.py::TestBook.test_opens": {"AR-001", "CM-001", "CM-002"},
    }


def test_a_mark_that_names_no_requirement_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(coverage_map, "ROOT", tmp_path)
    path = tmp_path / "test_odd.py"
    path.write_text('@covers("OC-3")\ndef test_odd(): ...\n', encoding="utf-8")
    with pytest.raises(coverage_map.UnknownMarkError, match="OC-003"):
        dict(coverage_map.tests_of(path))
