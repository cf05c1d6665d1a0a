"""Every currency has its decimals; what is no currency is refused."""

import pytest

from xinheng.rules.currencies import ACTIVE, DECIMALS, UnknownCurrency, decimals


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("CNY", 2),
        ("USD", 2),
        ("EUR", 2),
        ("HKD", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("VND", 0),
        ("XOF", 0),
        ("ISK", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("TND", 3),
        ("IQD", 3),
        ("CLF", 4),
        ("UYW", 4),
        ("CLP", 0),
        ("MRU", 2),
        ("BGN", 2),
    ],
)
def test_decimals(code, count):
    assert decimals(code) == count


@pytest.mark.parametrize("code", ["", "cny", "RMB", "XAU", "XXX", "XTS", "DEM", "CNH", "CNY "])
def test_what_is_not_on_the_list_is_refused(code):
    with pytest.raises(UnknownCurrency) as refused:
        decimals(code)
    assert refused.value.code == "UNKNOWN_CURRENCY"
    assert refused.value.params == {"currency": code}


def test_the_table_is_well_formed():
    assert len(ACTIVE) == 165
    assert list(ACTIVE) == sorted(ACTIVE)
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in DECIMALS)
    assert set(DECIMALS) - set(ACTIVE) == {"ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"}
