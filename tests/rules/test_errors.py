"""A refusal keeps its code and its facts, also on the way out of a worker process."""

import pickle

import pytest

from xinheng.rules.currencies import UnknownCurrency
from xinheng.rules.errors import RuleError
from xinheng.rules.terms import UnknownTerm


@pytest.mark.parametrize(
    "error",
    [RuleError(), UnknownCurrency(currency="RMB"), UnknownTerm(term="X", position=0, reason="UNREADABLE")],
    ids=lambda error: error.code,
)
def test_an_error_travels_whole(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.code, copy.params, str(copy)) == (type(error), error.code, error.params, str(error))


def test_the_text_names_code_and_facts():
    assert str(RuleError()) == "BAD_FACT"
    assert str(UnknownCurrency(currency="RMB")) == "UNKNOWN_CURRENCY {'currency': 'RMB'}"
