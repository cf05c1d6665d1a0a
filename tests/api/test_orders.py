"""An order's way over HTTP: the ERP enters it, has it checked, and hears what every door says."""

import pytest

from tests import books
from tests.api.asking import Asking
from tests.site.commandline import CommandLine
from xinheng.desk.control.models import Decision

pytestmark = pytest.mark.django_db


def entered(ask, number="O-1", amount="60", **more):
    answer = ask.post("/orders", number=number, customer="A", amount=amount, **more)
    assert answer.status == 201, answer
    return answer.json


@pytest.mark.covers("OC-003")
def test_an_order_is_entered_and_passes(ask, line):
    assert entered(ask) == {
        "order": "O-1",
        "customer": "A",
        "entity": "MAIN",
        "date": "2026-03-02",
        "amount": "60.00",
        "currency": "USD",
        "payment": "credit",
        "state": "ENTERED",
    }
    checked = ask.post("/orders/O-1/credit-checks")
    assert (checked.status, checked.json["verdict"]) == (201, "approved")
    assert ask.get("/orders/O-1").json["state"] == "APPROVED"
    assert ask.get("/customers/A/exposure").json["available"] == "40.00"


@pytest.mark.covers("OC-003", "OC-012")
def test_what_is_over_the_limit_is_held_and_told_with_what_frees_it(ask, line):
    entered(ask, amount="101")
    checked = ask.post("/orders/O-1/credit-checks")
    assert (checked.status, checked.json["verdict"]) == (201, "held")
    assert [one["code"] for one in checked.json["reasons"]] == ["OVER_LIMIT"]
    assert checked.json["frees"]
    assert [one["order"] for one in ask.get("/orders", state="held").json["items"]] == ["O-1"]
    refused = ask.post("/orders/O-1/deliveries")
    assert (refused.status, refused.code) == (409, "WRONG_STATE")


def test_a_held_order_shrinks_and_is_free(ask, line):
    entered(ask, amount="101")
    ask.post("/orders/O-1/credit-checks")
    changed = ask.post("/orders/O-1/changes", amount="90")
    assert (changed.status, changed.json["amount"], changed.json["check"]["verdict"]) == (200, "90.00", "approved")
    assert ask.post("/orders/O-1/deliveries", amount="30").json["remaining"] == "60.00"
    manager = Asking(books.person("manager", "SALES_DIRECTOR"))
    assert manager.post("/orders/O-1/cancellations").json["state"] == "CANCELLED"


def test_a_held_order_is_released_by_those_who_sign(ask, line):
    entered(ask, amount="101")
    ask.post("/orders/O-1/credit-checks")
    assert ask.post("/orders/O-1/releases", reason="my own order").code == "SAME_PERSON"
    signed = Asking(books.person("gm", "GENERAL_MANAGER")).post("/orders/O-1/releases", reason="an old friend")
    assert (signed.status, signed.json["missing"], signed.json["state"]) == (200, 0, "RELEASED")


@pytest.mark.parametrize(
    ("deed", "state"),
    [("releases", "RELEASED"), ("holds", "HELD")],
)
def test_a_deed_says_why(ask, line, deed, state):
    entered(ask, amount="101")
    ask.post("/orders/O-1/credit-checks")
    boss = Asking(books.person("boss", "GENERAL_MANAGER", "FINANCE_MANAGER"))
    said = boss.post(f"/orders/O-1/{deed}", reason=" ")
    assert (said.status, said.code) == (422, "REASON_MISSING")
    assert boss.get("/orders/O-1").json["state"] == "HELD"
    assert boss.post(f"/orders/O-1/{deed}", reason="so it is").json["state"] == state


def test_a_number_with_slashes_is_a_number(ask, line):
    entered(ask, number="SO/2026/1")
    assert ask.post("/orders/SO/2026/1/credit-checks").json["order"] == "SO/2026/1"
    assert ask.get("/orders/SO/2026/1").json["order"] == "SO/2026/1"


def test_both_doors_say_the_same(ask, line, monkeypatch, capsys):
    run = CommandLine(monkeypatch, capsys)
    entered(ask)
    entered(ask, number="O-2", amount="70")
    ask.post("/orders/O-1/credit-checks")
    held = ask.post("/orders/O-2/credit-checks").json
    found = Decision.objects.get(pk=held["decision"])
    shown = run("decisions", "show", found.pk, "--json").json
    assert ask.get(f"/decisions/{found.pk}").json == shown
    assert {name: shown[name] for name in held} == held
    assert ask.get("/customers/A/exposure").json == run("exposure", "A", "--json").json
    assert ask.get("/ageing").json == run("ageing", "--json").json
    assert ask.get("/orders").json["items"] == run("order", "list", "--json").json
    assert ask.get("/decisions").json["items"] == run("decisions", "list", "--json").json
    assert ask.get(f"/decisions/{found.pk}/replay").json == run("decisions", "replay", found.pk, "--json").json


@pytest.mark.parametrize(
    ("stated", "status", "code"),
    [
        ({"amount": "0"}, 422, "NOT_ABOVE_ZERO"),
        ({"amount": "1.234"}, 422, "BAD_AMOUNT"),
        ({"amount": 5}, 422, "BAD_FIELDS"),
        ({"amount": "9" * 40}, 422, "BAD_AMOUNT"),
        ({"customer": "nobody"}, 404, "UNKNOWN"),
        ({"number": "a\0b"}, 422, "BAD_FIELDS"),
        ({"number": ""}, 422, "BAD_FIELDS"),
        ({"number": " "}, 422, "BAD_NUMBER"),
        ({"date": "2026-02-30"}, 422, "BAD_DATE"),
        ({"date": "0001-01-01"}, 422, "DATE_YEAR"),
        ({"currency": "XXZ"}, 422, "UNKNOWN_CURRENCY"),
        ({"payment": "barter"}, 422, "BAD_FIELDS"),
        ({"nonsense": 1}, 422, "BAD_FIELDS"),
        ({"entity": "nowhere"}, 404, "UNKNOWN"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_nothing_is_written(ask, line, stated, status, code):
    answer = ask.post("/orders", **{"number": "O-1", "customer": "A", "amount": "1", **stated})
    assert (answer.status, answer.code) == (status, code)
    assert ask.get("/orders").json == {"items": [], "next": None}
