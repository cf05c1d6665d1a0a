"""A filter that cannot be read is named and no rows are shown: on the page, in Excel, in both languages."""

import pytest

from tests import books
from tests.site.visits import an_order, browse, read, words
from xinheng.base import policies
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db
UNREAD = {"en": "The filters were not understood, so no rows are shown.", "zh": "筛选条件无法识别，因此不显示任何行。"}


@pytest.fixture
def everybody(acme):
    """Something in every list, and somebody who may see it all."""
    books.add(books.document(acme, Kind.INVOICE, "INV-1", 50_00))
    books.line(acme, 10_00)
    an_order(acme, "ORD-1", 90_00)
    return books.person("all", *set(policies.current().policy.roles) - {"CONSOLE"})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("path", "query", "field", "shown"),
    [
        ("/customers/", {"status": "NOPE"}, ("Status", "状态"), "Far East"),
        ("/customers/", {"group": "NOPE"}, ("Group", "集团"), "Far East"),
        ("/customers/", {"only": "NOPE"}, ("Only", "仅看"), "Far East"),
        ("/control/orders/", {"state": "NOPE"}, ("State", "状态"), "ORD-1"),
        ("/control/held/", {"reason": "NOPE"}, ("Reason", "原因"), "ORD-1"),
        ("/control/held/", {"branch": "NOPE"}, ("Branch", "分支机构"), "ORD-1"),
        ("/inbox/", {"kind": "NOPE", "state": "all"}, ("What happened", "事项"), "ORD-1"),
        ("/movements/", {"since": "zz"}, ("From day", "日期从"), "INV-1"),
        ("/movements/", {"until": "2026-02-30"}, ("Until day", "日期至"), "INV-1"),
        ("/movements/", {"step": "NOPE"}, ("Step", "变动类型"), "INV-1"),
        ("/receivables/items/", {"due_from": "xx"}, ("Due from", "到期日从"), "INV-1"),
        ("/receivables/items/", {"customer": "NOPE"}, ("Customer", "客户"), "INV-1"),
        ("/receivables/items/", {"side": "NOPE"}, ("Side", "方向"), "INV-1"),
        ("/receivables/items/", {"bucket": "9"}, ("Bucket", "账龄段"), "INV-1"),
        ("/receivables/items/", {"bucket": "x"}, ("Bucket", "账龄段"), "INV-1"),
        ("/receivables/items/", {"group": "NOPE"}, ("Group", "集团"), "INV-1"),
        ("/receivables/ageing/", {"customer": "NOPE"}, ("Customer", "客户"), "Far East"),
        ("/receivables/ageing/", {"branch": "NOPE"}, ("Branch", "分支机构"), "Far East"),
        ("/receivables/ageing/", {"entity": "NOPE"}, ("Entity", "公司主体"), "Far East"),
        ("/receivables/ageing/", {"currency": "XX1"}, ("Currency", "币种"), "Far East"),
        ("/receivables/ageing/", {"rows": "NOPE"}, ("Rows", "按"), "Far East"),
        ("/receivables/ageing/", {"as_of": "2026-13-01"}, ("As of", "截至"), "Far East"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_no_rows_are_shown(everybody, path, query, field, shown, language):
    client = browse(everybody, language)
    name = "远东贸易" if shown == "Far East" and language == "zh" else shown
    if path != "/inbox/":
        assert name in words(read(client, path))
    said = words(read(client, path, **query))
    assert UNREAD[language] in said
    assert f"{field[language == 'zh']}{'：' if language == 'zh' else ': '}" in said
    assert name not in said
    sheet = client.get(path, {**query, "format": "xlsx"})
    assert sheet.status_code == 422
    assert UNREAD[language] in words(sheet.content.decode())


def test_a_filter_that_somebody_lacks_is_not_passed_over(everybody):
    mover = browse(books.person("mover", "WAREHOUSE"))
    said = words(read(mover, "/control/held/", reason="OVER_LIMIT"))
    assert "reason: it cannot be asked for here." in said


@pytest.mark.parametrize(
    "path",
    [
        "/customers/", "/control/orders/", "/control/held/", "/control/breaches/", "/control/unreleased/",
        "/control/unlinked/", "/control/shadow/", "/movements/", "/inbox/", "/receivables/ageing/",
        "/receivables/items/",
    ],
)  # fmt: skip
def test_a_filter_that_a_list_does_not_have_is_not_passed_over(everybody, path):
    client = browse(everybody)
    said = words(read(client, path, custmer="A", page="1", sort="number"))
    assert UNREAD["en"] in said
    assert "custmer: it cannot be asked for here." in said
    assert UNREAD["en"] not in words(read(client, path, page="1", sort="number"))


def test_an_entity_or_a_decision_that_is_not_there_is_not_found(everybody, acme):
    client = browse(everybody)
    assert client.get(f"/customers/{acme.pk}/", {"entity": "NOPE"}).status_code == 404
    order = client.get("/control/orders/number/ORD-1").url
    assert client.get(order, {"decision": "NOPE"}).status_code == 404


def test_the_rows_of_a_list_swapped_into_the_page_say_it_too(everybody):
    heads = {"hx-request": "true", "hx-target": "rows"}
    said = browse(everybody).get("/control/orders/", {"state": "NOPE"}, headers=heads).content.decode()
    assert UNREAD["en"] in said
    assert "ORD-1" not in said
