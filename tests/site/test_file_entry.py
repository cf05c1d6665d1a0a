"""Customers, lines, holds and goods entered and changed on a page."""

import re

import pytest

from tests import books
from tests.books import DAY
from tests.site.visits import an_order, browse, read, words
from xinheng.base.models import AuditLine, Branch
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure.public import Document
from xinheng.desk.limits.public import Hold, Line
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(manager):
    return browse(manager)


def was(page):
    """What the page showed, as its form sends it back."""
    return dict(re.findall(r'name="(was-[a-z_]+)"(?: value="([^"]*)")?', page))


@pytest.mark.covers("LM-012")
def test_a_new_customer_pays_cash(acme, finance):
    stated = {"code": "007", "name": "华彩印务", "tax_id": "91350100M000100Y43", "group": "HC", "term": "30d"}
    answer = finance.post("/customers/new/", stated, follow=True)
    page = words(answer.content.decode())
    assert "a cash customer so far" in page
    made = Customer.objects.get(code="007")
    assert (made.group.code, made.term, made.tax_id) == ("HC", "30D", "91350100M000100Y43")
    taken = finance.post("/customers/new/", stated)
    assert taken.status_code == 422
    assert 'href="/customers/code/007"' in taken.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tax_id": "91350100M000100Y44"}, "wrong check digit"),
        ({"name": ""}, "Write the customer"),
        ({"code": " "}, "Give the customer a code."),
        ({"currency": "ZZZ"}, "is not a currency code"),
        ({"term": "soon"}, "is not a term"),
        ({"branch": "NOWHERE"}, "no branch"),
        ({"name": "a\u202eb"}, "cannot be seen"),
        ({"code": "x" * 65}, "at most 64"),
    ],
)
def test_what_is_wrong_with_a_customer_is_told_at_its_field(acme, finance, wrong, said):
    answer = finance.post("/customers/new/", {"code": "C", "name": "C", **wrong})
    assert answer.status_code == 422
    assert said in words(answer.content.decode())
    assert Customer.objects.count() == 1


def test_a_file_is_changed_and_what_it_said_stays_in_the_trail(acme, finance):
    Branch.objects.create(code="SH", name="Shanghai")
    place = f"/customers/{acme.pk}/change/"
    shown = was(read(finance, place))
    wanted = {
        "name": "远东贸易",
        "name_en": "Far East",
        "branch": "SH",
        "status": "ACTIVE",
        "salesperson": "S01",
        **shown,
    }
    assert finance.post(place, wanted).status_code == 302
    changed = Customer.objects.get(pk=acme.pk)
    assert (changed.name_en, changed.branch.code, changed.salesperson) == ("Far East", "SH", "S01")
    line = AuditLine.objects.get(verb="customers.customer.changed")
    assert line.data["before"] == {"name_en": "Far East Trading", "branch": ""}
    late = finance.post(place, {**wanted, "name_en": "Other"})
    assert late.status_code == 422
    assert "was changed since you opened this page" in words(late.content.decode())
    assert "<td>Far East</td><td>Other</td>" in late.content.decode()
    assert Customer.objects.get(pk=acme.pk).name_en == "Far East"


@pytest.mark.covers("LM-012")
def test_a_line_frees_what_waits_and_its_withdrawal_turns_to_cash(acme, finance):
    order = an_order(acme, "SO-1", 60_00)
    place = f"/limits/customers/{acme.pk}/line/"
    assert place in read(finance, f"/customers/{acme.pk}/")
    stated = {"kind": "amount", "amount": "100", "currency": "USD", "reason": "trusted", **was(read(finance, place))}
    answer = finance.post(place, stated, follow=True)
    assert "is $100.00" in words(answer.content.decode())
    order.refresh_from_db()
    assert order.state == Order.State.APPROVED
    line = Line.objects.get(customer=acme, replaced_at=None)
    more = {"extra": "50", "extra_until": "2026-03-31", "amount": "100.00"}
    assert finance.post(place, stated | more).status_code == 422  # the line was set meanwhile
    assert finance.post(f"{place}?line={line.pk}", stated | more | was(read(finance, place))).status_code == 302
    line = Line.objects.get(customer=acme, replaced_at=None)
    assert (line.amount, line.extra) == (100_00, 50_00)
    away = f"/limits/lines/{line.pk}/withdraw/"
    assert away in read(finance, f"/customers/{acme.pk}/lines/")
    assert finance.post(away, {"reason": ""}).status_code == 422
    assert finance.post(away, {"reason": "pays late"}).status_code == 302
    assert Line.objects.get(customer=acme, replaced_at=None).withdrawn
    assert an_order(acme, "SO-2", 1_00).state == Order.State.HELD


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": ""}, "Write the amount."),
        ({"amount": "-5"}, "above zero"),
        ({"extra": "5"}, "needs both"),
        ({"extra_until": "2026-03-31"}, "needs both"),
        ({"valid_from": "2026-03-05", "valid_until": "2026-03-01"}, "ends before it begins"),
        ({"term": "soon"}, "is not a term"),
        ({"term_days": "9999"}, "3650"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_its_field(acme, finance, wrong, said):
    place = f"/limits/customers/{acme.pk}/line/"
    stated = {"kind": "amount", "amount": "100", "reason": "x", **was(read(finance, place)), **wrong}
    answer = finance.post(place, stated)
    assert answer.status_code == 422
    assert said in words(answer.content.decode())
    assert not Line.objects.exists()


@pytest.mark.parametrize(("kind", "amount"), [("unlimited", None), ("none", None), ("amount", 0)])
def test_every_kind_of_line_can_be_set(acme, finance, kind, amount):
    place = f"/limits/customers/{acme.pk}/line/"
    stated = {"kind": kind, "amount": "0", "reason": "x", **was(read(finance, place))}
    assert finance.post(place, stated).status_code == 302
    line = Line.objects.get()
    assert (line.kind, line.amount) == (kind, amount)


def test_a_group_has_a_line_and_is_stopped(finance):
    member = books.customer("M", group="G")
    place = f"/limits/groups/{member.group_id}/line/"
    stated = {"kind": "amount", "amount": "5", "reason": "x", **was(read(finance, place))}
    assert finance.post(place, stated).status_code == 302
    assert Line.objects.get().group_id == member.group_id
    assert (
        finance.post(f"/limits/groups/{member.group_id}/hold/", {"cause": "MANUAL", "reason": "x"}).status_code == 302
    )
    assert Hold.objects.get().group_id == member.group_id
    assert finance.get("/limits/groups/99/line/").status_code == 404


def test_a_customer_is_stopped_once_and_let_go_on(acme, finance):
    place = f"/limits/customers/{acme.pk}/hold/"
    once = {"cause": "MANUAL", "reason": "look first", "sent": "k"}
    assert finance.post(place, once).status_code == 302
    assert finance.post(place, once).status_code == 302
    assert finance.post(place, {**once, "cause": "BREACH", "sent": "k2"}).status_code == 422
    hold = Hold.objects.get()
    lift = f"/limits/holds/{hold.pk}/lift/"
    assert lift in read(finance, f"/customers/{acme.pk}/")
    assert finance.post(lift, {"reason": "looked"}).status_code == 302
    again = finance.post(lift, {"reason": "looked"})
    assert again.status_code == 422
    assert "is lifted" in words(again.content.decode())


@pytest.fixture
def store(acme):
    return browse(books.person("store", "WAREHOUSE", code="S01"))


@pytest.mark.covers("OC-009")
def test_goods_that_left_are_entered_in_part_beyond_the_order_and_without_one(acme, store):
    books.line(acme, 500_00)
    an_order(acme, "SO-1", 60_00)
    place, day = "/goods/deliveries/new/", DAY.isoformat()
    for number, amount, more in (("D-1", "40", {"order": "SO-1"}), ("D-2", "50", {"order": "SO-1"})):
        answer = store.post(place, {"number": number, "amount": amount, "dated_on": day, **more}, follow=True)
        assert "listed as shipped unreleased" in words(answer.content.decode())
    assert books.stands(acme) == {"DELIVERED": 90_00}
    stated = {"number": "D-3", "amount": "5", "dated_on": day, "customer": "A", "consigned": "on"}
    assert store.post(place, stated).status_code == 302
    assert books.stands(acme) == {"DELIVERED": 90_00, "CONSIGNED": 5_00}
    assert sales.Unreleased.objects.count() == 3


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({}, "Say which order"),
        ({"order": "SO-X"}, "Nobody knows this order."),
        ({"order": "SO-B"}, "Nobody knows this order."),
        ({"order": "SO-1", "customer": "A2"}, "belongs to another customer"),
    ],
)
def test_goods_belong_to_an_order_or_a_customer(acme, store, stated, said):
    an_order(acme, "SO-1", 1_00)
    an_order(books.customer("B", salesperson="S02"), "SO-B", 1_00)
    books.customer("A2", salesperson="S01")
    shared = {"number": "D-1", "amount": "40", "dated_on": DAY.isoformat()}
    answer = store.post("/goods/deliveries/new/", shared | stated)
    assert answer.status_code == 422
    assert said in words(answer.content.decode())


def test_goods_come_back_as_far_as_they_are_not_invoiced(acme, store):
    stated = {"number": "D-1", "amount": "40", "dated_on": DAY.isoformat(), "customer": "A"}
    store.post("/goods/deliveries/new/", stated)
    delivery = Document.objects.get(kind=Kind.DELIVERY)
    place = f"/goods/deliveries/{delivery.pk}/return/"
    assert place in read(store, f"/documents/{delivery.pk}/")
    too_much = store.post(place, {"number": "R-1", "amount": "41", "dated_on": DAY.isoformat()})
    assert too_much.status_code == 422
    assert "needs a credit note" in words(too_much.content.decode())
    assert store.post(place, {"number": "R-1", "amount": "15", "dated_on": DAY.isoformat()}).status_code == 302
    assert books.stands(acme) == {"DELIVERED": 25_00}
    assert AuditLine.objects.filter(verb="sales.return.entered").count() == 1
