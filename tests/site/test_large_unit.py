"""Overviews in 万元, in English in thousands, for whoever wants it; lists and documents keep every digit."""

import pytest
from django.utils import translation

from tests import books
from tests.site.visits import browse, read, words
from xinheng.base import formats
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "full", "large", "unit"),
    [
        ("zh", "US$3,473,000.00", "US$347.30", "金额单位：万元"),
        ("en", "$3,473,000.00", "$3,473.0", "Amounts in thousands"),
    ],
)
def test_the_overview_is_read_in_the_unit_one_wants_and_nothing_else_is(acme, manager, language, full, large, unit):
    books.add(books.document(acme, Kind.INVOICE, "I", 3_473_000_00, due_on=books.DAY))
    client = browse(manager, language)
    assert full in words(read(client, "/"))
    answer = client.post("/large-unit/", {"large": "1", "next": "//evil.example/"})
    assert answer.url == "/"
    page = read(client, "/")
    assert f'<span class="value">{large}</span>' in page
    assert f'<span class="value">{full}</span>' not in page
    assert unit in words(page)
    assert "3,473,000.00" in words(read(client, "/customers/"))
    client.post("/large-unit/", {"large": "", "next": "/"})
    assert full in words(read(client, "/"))


@pytest.mark.parametrize(
    ("minor", "zh", "en"),
    [
        (347_300_000, "347.30", "3,473.0"),
        (-5_000, "-0.01", "-0.1"),
        (-1, "0.00", "0.0"),
        (None, "—", "—"),
        (0, "0.00", "0.0"),
    ],
)
def test_large_amounts_are_rounded_half_up_and_nothing_has_no_sign(minor, zh, en):
    with translation.override("zh-hans"):
        assert formats.large(minor, "CNY") == zh
    with translation.override("en"):
        assert formats.large(minor, "CNY") == en
