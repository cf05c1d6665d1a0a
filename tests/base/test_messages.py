"""Every refusal has a sentence in both languages."""

import importlib
import pkgutil
import re

import pytest
from django.utils import translation

import xinheng
from xinheng.base import messages
from xinheng.base.errors import XinhengError

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Where refusals are raised; commands and files have their own tests.
ROOMS = ("xinheng.base", "xinheng.rules", "xinheng.desk", "xinheng.site.founding", "xinheng.site.backup")


def refusals() -> list[type[XinhengError]]:
    """Every class of refusal that the house knows."""
    for module in pkgutil.walk_packages(xinheng.__path__, "xinheng.", onerror=lambda name: None):
        if module.name.startswith(ROOMS) and ".migrations" not in module.name:
            importlib.import_module(module.name)
    found, waiting = [], [XinhengError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.append(kind)
    return [kind for kind in found if kind.__module__.startswith("xinheng.")]


def test_every_refusal_has_a_sentence():
    without = {kind.code for kind in refusals()} - messages.known_codes() - {"BAD_ROWS"}  # it bears its row's code
    assert without == set()


@pytest.mark.parametrize("code", sorted(messages.known_codes()))
def test_the_sentence_is_said_in_both_languages(code):
    with translation.override("zh-hans"):
        chinese = messages.text(code, {})
    with translation.override("en"):
        english = messages.text(code, {})
    assert CHINESE.search(chinese)
    assert english
    assert english != chinese


def test_parameters_are_filled_in_and_a_missing_one_leaves_a_gap():
    with translation.override("en"):
        assert "R1" in messages.text("UNKNOWN", {"what": "receipt", "number": "R1"})
        assert "…" in messages.text("UNKNOWN", {"what": "receipt"})


def test_a_code_nobody_has_words_for_shows_itself():
    assert messages.text("NEVER_HEARD", {"row": [1, 2]}) == "NEVER_HEARD (row: 1, 2)"
