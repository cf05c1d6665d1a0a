"""Whatever stands in an address is answered with a page: found, not found, or what cannot be understood."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter

from tests import books
from tests.site.visits import an_order, browse
from xinheng.base import policies
from xinheng.base.addresses import ID_MAX, IdConverter
from xinheng.rules.road import Kind
from xinheng.site.middleware import API

pytestmark = pytest.mark.django_db
#: Beyond every column, beyond the database's, the last one it holds, and none.
NUMBERS = (10**20, ID_MAX + 1, ID_MAX, 0)
DAYS = ("0001-01-01", "1899-12-31", "1900-01-01", "9999-12-31", "xx", "\0")
#: Every day that a page of ours can be asked for.
DAY_FIELDS = ("as_of", "compare", "known_on", "due_from", "due_until", "since", "until")


def patterns(resolver=None, begin="/") -> Iterator[tuple[str, URLPattern]]:
    """Every page's address, each with its pattern; the API answers in its own way, tried by tests of its own."""
    for one in (resolver or get_resolver()).url_patterns:
        path = begin + str(one.pattern)
        if path.startswith(API):
            continue
        if isinstance(one, URLPattern):
            yield path, one
        else:
            yield from patterns(one, path)


def everything() -> list[str]:
    return sorted({path for path, _ in patterns()})


def filled(path: str, number: object, words: str = "x") -> str:
    return path.replace("<id:pk>", str(number)).replace("<slug:tab>", "orders").replace("<slug:kind>", "invoice") \
        .replace("<path:number>", words).replace("<path:code>", words)  # fmt: skip


@pytest.fixture
def everywhere(acme) -> Client:
    """Somebody who may open every page, and something to be seen there."""
    books.line(acme, 100_00)
    books.add(books.document(acme, Kind.INVOICE, "I-1", 50_00))
    an_order(acme, "O-1", 90_00)
    return browse(books.person("all", *set(policies.current().policy.roles) - {"CONSOLE"}))


def test_a_row_is_named_by_a_number_that_the_database_can_hold():
    for path, pattern in patterns():
        for name, converter in pattern.pattern.converters.items():
            assert isinstance(converter, IdConverter) or not isinstance(converter, IntConverter), (path, name)


@pytest.mark.parametrize("path", [path for path in everything() if "<id:" in path])
def test_a_number_that_is_no_rows_is_not_found(everywhere, path):
    for number, ask in product(NUMBERS, (everywhere.get, everywhere.post)):
        status = ask(filled(path, number)).status_code
        assert status in {404, 405}, (number, ask, status)
    assert everywhere.get(filled(path, 10**20), headers={"hx-request": "true"}).status_code == 404


@pytest.mark.parametrize("path", [path for path in everything() if "<path:" in path])
@pytest.mark.parametrize("words", ["%00", "a%00b", "9" * 300, "%FF", "客户 %2e"])
def test_a_code_that_nobody_has_is_not_found(everywhere, path, words):
    assert everywhere.get(filled(path, 1, words)).status_code == 404


@pytest.mark.parametrize("path", [path for path in everything() if "<path:" not in path and "/accounts/" not in path])
def test_every_page_answers_any_day(everywhere, acme, path):
    address = filled(path, acme.pk)
    for day, fields in product(DAYS, (*([field] for field in DAY_FIELDS), DAY_FIELDS)):
        answer = everywhere.get(address, dict.fromkeys(fields, day))
        assert answer.status_code in {200, 302, 404, 405, 422}, (day, fields, answer.status_code)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_character_that_nobody_can_type_is_told_by_the_field_it_stands_in(everywhere, language):
    everywhere.cookies["django_language"] = {"en": "en", "zh": "zh-hans"}[language]
    answer = everywhere.get(reverse("search"), {"q": "\0"})
    assert answer.status_code == 422
    said = {"en": "a character that nobody can type, in: q.", "zh": "无法输入的字符，位于：q。"}
    assert said[language] in answer.content.decode()
    assert "Far East" not in answer.content.decode()
    assert Client().get("/accounts/login/", {"next": "\0"}).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        {"bounds": "30,999999999"},
        {"bounds": "1M,99999M"},
        {"bounds": "9" * 80},
        {"sort": "9" * 5000},
        {"page": "9" * 5000},
        {"bucket": "9" * 50},
        {"as_of": "1900-01-01", "bounds": "12M,24M"},
    ],
)
def test_the_ageing_and_its_items_answer_any_figure(everywhere, query):
    for path in ("/receivables/ageing/", "/receivables/items/"):
        for ask in (query, query | {"format": "xlsx"}):
            assert everywhere.get(path, ask).status_code in {200, 422}, path


def test_orders_chosen_by_numbers_that_are_no_orders_are_left_out(everywhere):
    for chosen in ("9" * 5000, str(10**20), str(ID_MAX), "-1", "x"):
        answer = everywhere.post("/control/held/many/", {"chosen": chosen, "verb": "reject", "reason": "no"})
        assert answer.status_code == 302, chosen
