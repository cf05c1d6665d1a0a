"""The box that finds everything: pages by name in either language, by pinyin and initials, and what can be done."""

import re

import pytest

from tests import books
from tests.site.visits import browse, read, words
from xinheng.site.context import ROOMS
from xinheng.site.pages import palette

pytestmark = pytest.mark.django_db


def offered(client, typed: str) -> list[str]:
    """The addresses of a search, from top to bottom."""
    answer = client.get("/search/", {"q": typed}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return re.findall(r'role="option"[^>]*href="([^"]*)"', answer.content.decode())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ageing", "/receivables/ageing/"),
        ("AGE", "/receivables/ageing/"),
        ("账龄", "/receivables/ageing/"),
        ("zhangling", "/receivables/ageing/"),
        ("zl", "/receivables/ageing/"),
        ("held ord", "/control/held/"),
        ("wjdj", "/receivables/items/"),
        ("unreleased", "/control/unreleased/"),
        ("password", "/accounts/password/change/"),
        ("movem", "/movements/"),
    ],
)
def test_a_page_is_found_by_its_name_in_either_language_pinyin_or_initials(manager, typed, address, language):
    assert address in offered(browse(manager, language), typed)


def test_before_anything_is_typed_every_page_one_may_use_is_there(manager):
    found = offered(browse(manager), "")
    assert len(found) >= sum(len(room.ways) for room in ROOMS)
    mover = offered(browse(books.person("wh", "WAREHOUSE", code="S01")), "")
    assert "/control/unreleased/" in mover
    assert "/receivables/ageing/" not in mover
    assert offered(browse(books.person("wh2", "WAREHOUSE")), "ageing") == []


def test_a_customer_comes_with_what_can_be_done_for_it(acme, manager):
    found = offered(browse(manager), "ydmy")
    assert found[:2] == [f"/customers/{acme.pk}/", f"/customers/{acme.pk}/credit-sheet/"]
    said = words(read(browse(manager), "/search/", q="ydmy"))
    assert "Credit sheet of Far East Trading" in said
    assert "客户授信表：远东贸易" in words(read(browse(manager, "zh"), "/search/", q="ydmy"))


def test_a_deed_whose_page_is_not_there_is_not_offered(acme, manager, monkeypatch):
    monkeypatch.setattr(palette, "_FOR_ONE", (("Dance with %(name)s", "dancing", "plus", "customers.view", False),))
    assert "Dance" not in read(browse(manager), "/search/", q="ydmy")


def test_the_lines_of_the_palette_are_options_and_those_of_the_page_are_links(acme, manager):
    client = browse(manager)
    part = client.get("/search/", {"q": "Far"}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="palette-list" role="listbox"' in part
    assert re.search(r'role="status">\s*\d+ lines; the arrow keys choose', part)
    assert 'role="option"' not in read(client, "/search/", q="Far").partition("<main")[2]
