"""The page of shadow mode: what would have been held, in a sentence, a picture and a table; and on the order itself."""

import io

import pytest
from python_calamine import CalamineWorkbook

from tests import books
from tests.desk import deals
from tests.site.visits import browse, read, words

pytestmark = pytest.mark.django_db
LIST = "/control/shadow/"


@pytest.fixture
def watched(acme):
    books.line(acme, 100_00)
    deals.policy(("[shadow]\nclasses = {}", '[shadow]\nclasses = { ORDER = ["*"] }'))
    return deals.checked(acme, "SO-77", 150_00)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1 order worth $150.00 went ahead that would have been held.", "Over the limit", "at the order")),
        ("zh", ("1 张订单", "影子运行", "超额度", "下单时")),
    ],
)
def test_the_page_says_it_in_a_sentence_a_picture_and_a_table(watched, manager, language, said):
    reader = browse(manager, language)
    page = read(reader, LIST)
    for one in said:
        assert one in words(page)
    assert f'href="/control/orders/{watched.pk}/"' in page
    assert 'href="?reason=OVER_LIMIT"' in page  # the picture's table opens the rows behind a bar
    assert "SO-77" not in read(reader, LIST, reason="NO_CREDIT")
    assert "SO-77" not in read(reader, LIST, late="true")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(reader.get(LIST, {"format": "xlsx"}).content))
    assert [row[0] for row in sheet.get_sheet_by_index(0).to_python()[1:]] == ["SO-77"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_order_says_that_it_would_be_held_outside_shadow_mode(watched, manager, language):
    page = words(read(browse(manager, language), f"/control/orders/{watched.pk}/"))
    assert ("outside shadow mode it would be held: over the limit" if language == "en" else "影子运行") in page
    assert ("would hold" if language == "en" else "本应拦截") in page
