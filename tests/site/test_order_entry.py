"""Orders entered on a page: one with its answer, several with an answer each, and what can be done with one."""

import json
import re

import pytest

from tests import books
from tests.books import DAY
from tests.site.visits import an_order, browse, read, words
from xinheng.base.models import SentForm
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order

pytestmark = pytest.mark.django_db
NEW, SEVERAL = "/control/orders/new/", "/control/orders/new/several/"


@pytest.fixture
def seller(acme):
    return browse(books.person("lin", "SALESPERSON", code="S01"))


def stated(**more):
    return {"customer": "A", "number": "SO-1", "amount": "100", "payment": "credit", "dated_on": DAY.isoformat()} | more


def hidden(page, name="sent"):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def the(number):
    return Order.objects.get(document__number=number, document__reversed_by=None)


@pytest.mark.covers("OC-002", "OC-003")
def test_the_answer_of_the_check_is_the_page_one_comes_to(acme, seller):
    answer = seller.post(NEW, stated(), follow=True)
    assert answer.redirect_chain == [(f"/control/orders/{the('SO-1').pk}/", 302)]
    said = words(answer.content.decode())
    assert "Entered. Order SO-1 is held" in said
    assert "It is free once" in said
    assert the("SO-1").state == Order.State.HELD
    books.line(acme, 500_00)
    seller.post(NEW, stated(number="SO-2"))
    assert the("SO-2").state == Order.State.APPROVED
    assert Decision.objects.filter(number="SO-2").get().cause == "ENTERED"


@pytest.mark.parametrize("typed", ["A", "A · 远东贸易", "远东贸易", "Far East Trading", "ydmy", "yuandong", "far east"])
def test_the_customer_is_found_by_whatever_is_known_of_him(acme, seller, typed):
    books.customer("AB", salesperson="S01", name="华彩印务")
    assert seller.post(NEW, stated(customer=typed)).status_code == 302
    assert the("SO-1").document.account.customer_id == acme.pk


def test_what_fits_while_one_types(acme, seller):
    books.customer("B", salesperson="S02", name="远西贸易")
    found = json.loads(seller.get("/customers/find/", {"q": "yuan"}).content)["found"]
    assert [one["value"] for one in found] == ["A · Far East Trading"]
    assert json.loads(seller.get("/customers/find/", {"q": " "}).content) == {"found": []}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"customer": ""}, "Say which customer it is."),
        ({"customer": "nobody"}, "enough of its name"),
        ({"customer": "B"}, "enough of its name"),
        ({"number": " "}, "Give it a number."),
        ({"number": "a\u200bb"}, "cannot be seen"),
        ({"number": "x" * 65}, "at most 64"),
        ({"amount": ""}, "Write the amount."),
        ({"amount": "0"}, "An amount is above zero."),
        ({"amount": "1,0.5"}, "cannot be read as an amount"),
        ({"amount": "0.001"}, "more decimals"),
        ({"amount": "1" * 30}, ""),
        ({"currency": "XXQ"}, "is not a currency code"),
        ({"dated_on": "2026-13-01"}, "Write the day as"),
        ({"dated_on": "2026-12-01"}, "has not come yet"),
        ({"term": "soon"}, "is not a term"),
        ({"payment": "barter"}, "barter"),
        ({"instrument": "SHELLS"}, "SHELLS"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(acme, seller, wrong, said):
    books.customer("B", salesperson="S02")
    answer = seller.post(NEW, stated(**wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'class="invalid"' in page
    assert said in words(page)
    assert not Order.objects.exists()


def test_a_number_that_is_taken_is_told_with_the_way_to_it(acme, seller):
    an_order(acme, "SO-1", 5_00)
    answer = seller.post(NEW, stated())
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "exists already" in words(page)
    assert 'href="/documents/order/SO-1?entity=MAIN"' in page


def test_numbers_go_on_from_the_last_one(acme, seller):
    assert hidden(read(seller, NEW), "number") == "SO-2026-0001"
    for number in ("K007", "K008"):
        an_order(acme, number, 1_00)
    assert hidden(read(seller, NEW), "number") == "K009"
    an_order(acme, "K009", 1_00)
    an_order(acme, "K007x", 1_00)
    an_order(acme, "K006", 1_00)
    assert hidden(read(seller, NEW), "number") == "K010"


def test_a_form_sent_twice_lands_once(acme, seller):
    once = stated(sent=hidden(read(seller, NEW)))
    first, second = seller.post(NEW, once), seller.post(NEW, once, follow=True)
    assert first.headers["Location"] == second.redirect_chain[0][0]
    assert "taken already, once" in words(second.content.decode())
    assert (Order.objects.count(), Decision.objects.count(), SentForm.objects.count()) == (1, 1, 1)


def test_a_refused_form_may_be_sent_again_under_its_key(acme, seller):
    an_order(acme, "SO-1", 5_00)
    key = hidden(read(seller, NEW))
    assert seller.post(NEW, stated(sent=key)).status_code == 422
    assert seller.post(NEW, stated(sent=key, number="SO-2")).status_code == 302


def test_a_customer_in_the_address_stands_in_the_form(acme, seller):
    page = read(seller, NEW, customer=acme.pk)
    assert 'value="A · Far East Trading"' in page
    assert f'href="/customers/{acme.pk}/"' in page
    other = books.customer("B", salesperson="S02")
    assert "Customer B" not in read(seller, NEW, customer=other.pk)


def grid(*lines, **more):
    found = {"dated_on": DAY.isoformat(), "row-TOTAL_FORMS": len(lines), "row-INITIAL_FORMS": 0, **more}
    for place, line in enumerate(lines):
        found |= {f"row-{place}-{name}": value for name, value in {"payment": "credit", **line}.items()}
    return found


@pytest.mark.covers("OC-002")
def test_of_several_orders_each_is_decided_by_itself(acme, seller):
    books.line(acme, 100_00)
    answer = seller.post(
        SEVERAL,
        grid(
            {"customer": "A", "amount": "60", "number": "SO-1"},
            {},
            {"customer": "A", "amount": "60", "number": "SO-2"},
            {"customer": "A", "amount": "x", "number": "SO-3"},
            {"customer": "A", "amount": "40"},
            {"customer": "A", "amount": "1", "number": "SO-1"},
        ),
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "3 orders are entered. 1 of them is held." in words(page)
    assert [(o.document.number, o.state) for o in Order.objects.order_by("pk")] == [
        ("SO-1", "APPROVED"),
        ("SO-2", "HELD"),
        ("SO-3", "APPROVED"),
    ]
    assert page.count('name="row-TOTAL_FORMS" value="2"') == 1
    assert "cannot be read as an amount" in words(page)
    assert "exists already" in words(page)
    assert 'value="x"' in page


def test_a_grid_sent_twice_lands_once_and_an_empty_one_says_so(acme, seller):
    once = grid({"customer": "A", "amount": "60", "number": "SO-1"}, sent="k")
    assert seller.post(SEVERAL, once).status_code == 200
    assert "Entered. Order SO-1" in words(seller.post(SEVERAL, once).content.decode())
    assert Order.objects.count() == 1
    answer = seller.post(SEVERAL, grid({}, {}))
    assert answer.status_code == 422
    assert "No line is filled in" in words(answer.content.decode())
    assert seller.post(SEVERAL, {"dated_on": DAY.isoformat()}).status_code == 422
    assert seller.post(SEVERAL, grid({}, dated_on="x")).status_code == 422


@pytest.mark.covers("OC-002")
def test_an_order_that_changes_is_checked_again(acme, seller):
    books.line(acme, 100_00)
    order = an_order(acme, "SO-1", 60_00)
    place = f"/control/orders/{order.pk}/change/"
    page = read(seller, place)
    was = {f"was-{name}": hidden(page, f"was-{name}") for name in ("amount", "payment")}
    wanted = {"amount": "120", "payment": "credit", "was-term": "", "was-instrument": "", **was}
    answer = seller.post(place, wanted, follow=True)
    assert "Order SO-1 is held" in words(answer.content.decode())
    assert (the("SO-1").state, sales.amount_now(the("SO-1"))) == (Order.State.HELD, 120_00)
    same = {"amount": "120.00", "payment": "credit"}
    unchanged = seller.post(place, same | {f"was-{name}": value for name, value in same.items()})
    assert unchanged.status_code == 422
    assert "Say what is to be different" in words(unchanged.content.decode())


def test_a_colleague_who_was_quicker_is_shown(acme, seller):
    books.line(acme, 500_00)
    order = an_order(acme, "SO-1", 60_00)
    place = f"/control/orders/{order.pk}/change/"
    mine = {"amount": "80", "payment": "credit", "was-amount": "60.00", "was-payment": "credit"}
    assert seller.post(place, {**mine, "amount": "70"}).status_code == 302
    answer = seller.post(place, mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "was changed since you opened this page" in words(page)
    assert "70.00" in page
    assert hidden(page, "was-amount") == "70.00"
    assert sales.amount_now(the("SO-1")) == 70_00
    assert seller.post(place, {**mine, "was-amount": "70.00"}).status_code == 302
    assert sales.amount_now(the("SO-1")) == 80_00


def test_an_order_is_closed_opened_stopped_and_let_be_judged(acme, seller):
    books.line(acme, 500_00)
    order = an_order(acme, "SO-1", 60_00)
    boss = browse(books.person("boss", "SALES_DIRECTOR"))
    finance = browse(books.person("fm", "FINANCE_MANAGER"))
    for who, deed, more, state in (
        (boss, "close", {}, "CANCELLED"),
        (seller, "reopen", {"reason": "wanted again"}, "APPROVED"),
        (boss, "stop", {"reason": "look first"}, "HELD"),
        (finance, "lift-stop", {"reason": "looked"}, "APPROVED"),
    ):
        assert f"/control/orders/{order.pk}/{deed}/" in read(who, f"/control/orders/{order.pk}/")
        assert who.post(f"/control/orders/{order.pk}/{deed}/", more).status_code == 302
        assert the("SO-1").state == state
    assert seller.post(f"/control/orders/{order.pk}/reopen/", {"reason": ""}).status_code == 422


@pytest.mark.covers("OC-009")
def test_goods_are_let_go_and_shipped_in_part(acme):
    books.line(acme, 500_00)
    order = an_order(acme, "SO-1", 60_00)
    finance = browse(books.person("fm", "FINANCE_MANAGER"))
    branch = books.person("store", "WAREHOUSE", code="S01")
    store = browse(branch)
    assert finance.post(f"/control/orders/{order.pk}/shipping-order/", {"amount": "40"}).status_code == 302
    token = order.shipping_orders.get().token
    place = f"/control/orders/{order.pk}/ship/"
    wrong = store.post(place, {"amount": "10", "token": "nope"})
    assert wrong.status_code == 422
    assert "does not let these goods go" in words(wrong.content.decode())
    assert store.post(place, {"amount": "10", "token": token}).status_code == 302
    assert store.post(place, {"amount": "100"}).status_code == 422
    assert store.post(place, {"amount": "50"}).status_code == 302
    assert Document.objects.filter(order_number="SO-1").count() == 2
    assert "/ship/" not in read(store, f"/control/orders/{order.pk}/")
