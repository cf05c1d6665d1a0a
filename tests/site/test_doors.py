"""The HTML doors without a browser: who gets in, what is not there for whom, how many questions a page asks."""

import io
import math
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from tests import books
from tests.site.test_permissions import ANY_OF, PAGES
from tests.site.visits import an_order, browse
from xinheng.base import excel, formats, remembering
from xinheng.base.models import AuditLine
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db


def test_nobody_gets_in_without_signing_in(acme):
    for path in ("/", "/customers/", "/control/held/", "/receivables/ageing/", "/search/", "/documents/1/"):
        answer = Client().get(path)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


RIGHTS = {
    "/customers/": "customers.view",
    "/customers/find/": "customers.view",
    "/customers/1/": "customers.view",
    "/control/held/": "orders.view",
    "/control/orders/": "orders.view",
    "/control/breaches/": "lines.view",
    "/control/unreleased/": "deliveries.view",
    "/control/shadow/": "decisions.view",
    "/control/unlinked/": "deliveries.view",
    "/receivables/ageing/": "receivables.view",
    "/receivables/items/": "receivables.view",
    "/movements/": "receivables.view",
    "/customers/1/credit-sheet/": "customers.view",
    "/settings/imports/": "reports.view",
    "/settings/months/": "receivables.view",
    "/settings/policy/": "policy.view",
    "/settings/policy/versions/": "policy.view",
    "/settings/policy/draft/": "policy.propose",
    "/settings/policy/try/": "policy.backtest",
}


@pytest.mark.parametrize("path", RIGHTS)
def test_a_page_without_the_right_names_the_right_and_who_has_it(acme, manager, path):
    administrator = books.person("admin", "ADMINISTRATOR")
    answer = browse(administrator).get(path)
    assert answer.status_code == 403
    said = answer.content.decode()
    assert RIGHTS[path] in said
    assert "He Li" in said
    assert "Finance manager" in said


def test_every_address_of_the_house_is_guarded_or_public_on_purpose():
    """A new address must be added to one of the lists, so that nobody forgets its right."""
    known = set(RIGHTS) | {"/customers/1/lines/", "/settings/exports/"} | set(PAGES) | set(ANY_OF)
    public = {"", "search/", "language/", "begin/", "settings/", "settings/jobs/"}
    one_record = (
        "documents/",
        "receivables/documents/",
        "receivables/allocations/",
        "cash/receipts/",
        "cash/instruments/",
        "cash/invoices/",
        "control/orders/",
        "control/invoices/new/",
        "receivables/credit-notes/new/",
        "limits/",
        "goods/",
        "customers/new/",
        "customers/<id:pk>/change/",
        "control/breaches/<id:pk>/",
        "control/held/many/",
        "inbox/",
        "settings/jobs/<id:pk>/",
        "customers/code/",
        "settings/imports/<id:pk>/",
        "settings/imports/files/",
        "settings/imports/bring/",
        "lists/",
        "large-unit/",
        "customers/<id:pk>/<slug:tab>/",
        "account/",
        "settings/people/<id:pk>/",
        "settings/months/",
        "settings/places/",
        "settings/rates/<slug:source>/<slug:target>/",
        "settings/audit/chains/<str:stream>/check/",
        "settings/policy/sections/",
        "settings/policy/versions/<id:number>/",
        "settings/policy/draft/",
        "settings/policy/try/<id:number>/",
    )
    patterns = [
        f"{outer.pattern}{getattr(inner, 'pattern', '')}"
        for outer in get_resolver().url_patterns
        for inner in (getattr(outer, "url_patterns", None) or [None])
    ]
    forgotten = [
        pattern
        for pattern in patterns
        if pattern.removesuffix("None") not in public
        and not pattern.startswith(("accounts/", "api/v1/", *one_record))
        and "/" + pattern.removesuffix("None").replace("<id:pk>", "1") not in known
    ]
    assert forgotten == []


def test_another_salespersons_rows_are_nowhere(acme):
    other = books.customer("B", salesperson="S02")
    theirs = an_order(other, "S2", 100)
    invoice = books.add(books.document(other, Kind.INVOICE, "INV-0002", 500, due_on=books.DAY))[0]
    mine = browse(books.person("lin", "SALESPERSON", code="S01"))
    for path in (
        f"/customers/{other.pk}/",
        f"/customers/{other.pk}/lines/",
        f"/customers/{other.pk}/credit-sheet/",
        "/customers/code/B",
        f"/documents/{invoice.pk}/",
        "/documents/invoice/INV-0002",
        f"/control/orders/{theirs.pk}/",
        f"/control/orders/{theirs.pk}/peek/",
        "/control/orders/number/S2",
    ):
        assert mine.get(path).status_code == 404, path
    assert mine.post(f"/control/orders/{theirs.pk}/verdict/", {"verb": "reject", "reason": "x"}).status_code == 404
    for path in (
        "/customers/",
        "/control/held/",
        "/control/orders/",
        "/receivables/items/",
        "/movements/",
        "/search/?q=S2",
        "/",
    ):
        said = mine.get(path).content.decode()
        assert "INV-0002" not in said
        assert ">S2<" not in said
        assert "Customer B" not in said


@pytest.mark.covers("LM-002", "OC-007")
def test_a_release_through_the_door_is_signed_and_audited(acme, manager):
    order = an_order(acme, "S1", 100)
    answer = browse(manager).post(
        f"/control/orders/{order.pk}/verdict/", {"verb": "release", "reason": "seen"}, follow=True
    )
    assert "Order S1 is released." in answer.content.decode()
    order.refresh_from_db()
    assert order.state == "RELEASED"
    line = AuditLine.objects.get(verb="control.order.signed")
    assert (line.actor, line.data["reason"]) == (manager, "seen")


def test_nobody_releases_what_they_sell(acme):
    seller = books.person("boss", "SALES_MANAGER", code="S01")
    order = an_order(acme, "S1", 100)
    client = browse(seller)
    answer = client.post(
        f"/control/orders/{order.pk}/verdict/",
        {"verb": "release", "reason": "mine"},
        headers={"referer": "http://testserver/"},
    )
    assert answer.status_code == 302
    assert "stand on the other side" in client.get("/").content.decode()
    order.refresh_from_db()
    assert order.state == "HELD"


def test_one_refusal_stops_no_other_order(acme, manager):
    acme.status = "INACTIVE"
    acme.save()
    never = an_order(acme, "S1", 100)
    fine = an_order(books.customer("B"), "S2", 100)
    client = browse(manager)
    data = {"chosen": [never.pk, fine.pk], "verb": "release", "reason": "both"}
    said = client.post("/control/held/many/", data, follow=True).content.decode()
    assert "Order S2 is released." in said
    assert "S1: " in said
    never.refresh_from_db()
    assert never.state == "HELD"


def test_a_form_from_elsewhere_is_refused(acme, manager):
    order = an_order(acme, "S1", 100)
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    answer = client.post(f"/control/orders/{order.pk}/verdict/", {"verb": "reject", "reason": "x"})
    assert answer.status_code == 403


def test_the_language_switch_goes_nowhere_else(acme, manager):
    client = browse(manager)
    answer = client.post("/language/", {"language": "zh-hans", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    manager.refresh_from_db()
    assert manager.language == "zh-hans"
    assert "总览" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 40),
        ("/customers/", 25),
        ("/control/held/", 25),
        ("/receivables/ageing/", 30),
        ("/receivables/ageing/?compare=2026-01-31", 40),
        ("/receivables/items/", 25),
        ("/movements/", 25),
    ],
)
def test_a_page_asks_the_same_number_of_questions_however_long_its_list(acme, manager, path, most, monkeypatch):
    monkeypatch.setattr(remembering, "_CHEAP_SECONDS", math.inf)  # on a slow machine too every answer is made anew
    client = browse(manager)
    counts = []
    for more in (1, 30):
        for index in range(more):
            who = books.customer(f"N{more}{index}", salesperson="S01")
            books.line(who, 10_00)
            books.add(books.document(who, Kind.INVOICE, f"I{more}{index}", 5_00, due_on=date(2026, 1, 1)))
            an_order(who, f"S{more}{index}", 20_00)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[1] <= most
    assert counts[1] == counts[0]


def test_a_sheet_holds_texts_never_formulas():
    book = excel.workbook(["=HYPERLINK(1)", "x"], [["=1+1", "@SUM(A1)"], ["http://a.example", 5]])
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet.lower().replace("=hyperlink", "")
        assert (
            "=1+1" in sheet + parts.read("xl/sharedStrings.xml").decode()
            if "xl/sharedStrings.xml" in parts.namelist()
            else True
        )


@pytest.mark.parametrize(
    ("minor", "zh", "en"),
    [
        (420_000_000, "¥420 万", "CN¥4.2M"),
        (12_345_678_900, "¥1.23 亿", "CN¥123M"),
        (99_999_00, "¥10 万", "CN¥100K"),
        (-150_000, "-¥1,500", "-CN¥1.5K"),
        (0, "¥0.00", "CN¥0.00"),
        (99_999, "¥999.99", "CN¥999.99"),
    ],
)
def test_short_amounts_follow_the_language(minor, zh, en):
    from django.utils import translation

    with translation.override("zh-hans"):
        assert formats.short(minor, "CNY") == zh
    with translation.override("en"):
        assert formats.short(minor, "CNY") == en


def test_the_ageing_is_asked_for_a_customer_by_code_or_by_name(acme, manager):
    books.add(books.document(acme, Kind.INVOICE, "INV-0001", 5_00, due_on=date(2026, 1, 1)))
    other = books.customer("B", salesperson="S02", name="华彩印务", name_en="Huacai Printing")
    books.add(books.document(other, Kind.INVOICE, "INV-0002", 7_00, due_on=date(2026, 1, 1)))
    client = browse(manager)
    for typed in ("A", "far east", "ydmy"):
        said = client.get("/receivables/items/", {"customer": typed}).content.decode()
        assert "INV-0001" in said, typed
        assert "INV-0002" not in said, typed
    assert "enough of its name" in client.get("/receivables/ageing/", {"customer": "nobody"}).content.decode()
    mine = browse(books.person("lin", "SALESPERSON", code="S01"))
    assert "enough of its name" in mine.get("/receivables/ageing/", {"customer": "B"}).content.decode()


def test_goods_not_yet_invoiced_are_aged_from_their_own_day(acme, manager):
    books.add(books.document(acme, Kind.DELIVERY, "D1", 40_00, on=date(2026, 1, 10)))
    client = browse(manager)
    said = client.get("/receivables/ageing/", {"what": "goods"}).content.decode()
    assert "is older than 1-30 days" in said
    assert ">D1<" in client.get("/receivables/items/", {"what": "goods", "bucket": "2"}).content.decode()
    assert "Nothing is open." in client.get("/receivables/ageing/").content.decode()


def test_each_way_stands_once_in_the_navigation():
    from xinheng.site.context import ROOMS

    addresses = [way.address for room in ROOMS for way in room.ways]
    assert len(addresses) == len(set(addresses))
