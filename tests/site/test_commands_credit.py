"""``line``, ``hold``, ``breach``, ``exposure``, ``invoice`` and ``nightly`` as somebody types them."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from tests.site.commandline import CommandLine
from xinheng.base.jobs import schedule
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import AuditLine, Seal
from xinheng.desk.control.models import Breach, DayStart
from xinheng.desk.customers.public import change_customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.site import founding
from xinheng.site.commands import days

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db, monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def acme(run):
    return books.customer("A", salesperson="S01")


def late(who):
    """Debt that is overdue beyond the policy."""
    money.invoice(who, "OLD", 20_00, DAY - timedelta(60), due_on=DAY - timedelta(30))


def test_a_finance_manager_sets_a_line_and_it_is_audited(run, acme):
    manager = books.person("fm", "FINANCE_MANAGER")
    words = ("line", "set", "A", "5000", "--term", "30D", "--until", "2026-12-31", "--reason", "good payer")
    said = run(*words, "--json", by=manager)
    assert said.json == {
        "holder": "A",
        "limit_kind": "amount",
        "limit": "5000.00",
        "currency": "USD",
        "signed": False,
    }
    line = limits.Line.objects.get()
    assert (line.amount, line.term, str(line.valid_until), line.set_by) == (5000_00, "30D", "2026-12-31", manager)
    told = AuditLine.objects.get(verb="limits.line.set")
    assert (told.actor, told.data["amount"], told.data["reason"]) == (manager, 5000_00, "good payer")
    assert run("line", "set", "A", "1", "--json", by=books.person("s", "SALESPERSON", code="S01")).exit == 1


@pytest.mark.parametrize(
    ("limit", "kind", "shown"), [("unlimited", "unlimited", None), ("none", "none", None), ("0", "amount", "0.00")]
)
def test_a_line_is_an_amount_unlimited_or_none(run, acme, limit, kind, shown):
    run("line", "set", "A", limit)
    answer = run("exposure", "A", "--json").json
    assert (answer["limit_kind"], answer["limit"]) == (kind, shown)


@pytest.mark.parametrize(
    "words",
    [
        ("line", "set", "A", "-1"),
        ("line", "set", "A", "lots"),
        ("line", "set", "NOPE", "1"),
        ("line", "set", "A", "1", "--term", "soon"),
        ("line", "set", "A", "1", "--extra", "5"),
        ("line", "set", "A", "1", "--until", "2026-02-30"),
        ("line", "set", "A", "1", "--instrument", "SHELLS"),
        ("line", "set", "NOPE", "1", "--group"),
        ("hold", "place", "NOPE", "--reason", "x"),
        ("hold", "place", "A"),
        ("hold", "lift", "99", "--reason", "x"),
        ("breach", "revoke", "99", "--reason", "x"),
        ("exposure", "NOPE"),
        ("exposure", "A", "--as-of", "yesterday"),
        ("exposure", "A", "--entity", "NOPE"),
        ("invoice", "new", "I", "A", "0"),
        ("nightly", "--date", "soon"),
    ],
)
def test_bad_input_is_exit_two(run, acme, words):
    place = len(words)
    said = run(*words[:place], "--json") if "-1" not in words else run("line", "set", "A", "--json", "--", "-1")
    assert (said.exit, set(said.json)) == (2, {"error"})


@pytest.mark.covers("LM-011")
def test_the_means_of_payment_a_line_allows_go_before_the_policys(run, acme):
    run("line", "set", "A", "100", "--instrument", "REMITTANCE", "--instrument", "CASH")
    run("order", "new", "1", "A", "10", "--instrument", "CHEQUE")
    held = run("order", "check", "1", "--json").json
    assert held["reasons"][0]["code"] == "INSTRUMENT_NOT_ALLOWED"
    assert held["reasons"][0]["params"]["allowed"] == ["REMITTANCE", "CASH"]
    run("line", "set", "A", "100")
    assert deals.state(deals.Order.objects.get()) == "APPROVED"  # the policy accepts cheques


def test_a_hold_is_placed_listed_and_lifted(run, acme):
    run("line", "set", "A", "100")
    placed = run("hold", "place", "A", "--kind", "DELIVERY_STOP", "--reason", "overdue", "--json").json
    assert (placed["holder"], placed["stops"], placed["forced"]) == ("A", "deliveries", False)
    assert [one["id"] for one in run("hold", "list", "--json").json] == [placed["id"]]
    assert run("exposure", "A", "--json").json["status"] == "hold"
    run("order", "new", "1", "A", "10")
    assert run("order", "check", "1").exit == 0
    assert run("order", "deliver", "1").exit == 3
    assert run("hold", "lift", placed["id"], "--reason", "paid").exit == 0
    assert run("order", "deliver", "1").exit == 0
    again = run("hold", "lift", placed["id"], "--reason", "paid", "--json")
    assert (again.exit, again.error) == (1, "WRONG_STATE")


def test_a_hold_on_a_group_stops_its_members(run, acme):
    change_customer(acme, by=founding.console(), group="G")
    run("line", "set", "G", "100", "--group")
    run("hold", "place", "G", "--group", "--reason", "look first")
    run("order", "new", "1", "A", "10")
    assert run("order", "check", "1").exit == 3


def test_exposure_has_the_shape_every_door_has(run, acme):
    run("line", "set", "A", "200")
    money.invoice(acme, "I", 70_00)
    money.invoice(acme, "E", 10_00, currency="EUR")
    answer = run("exposure", "A", "--json").json
    assert answer == {
        "customer": "A",
        "entity": "MAIN",
        "as_of": "2026-03-02",
        "currency": "USD",
        "components": dict.fromkeys(
            ("ordered", "delivered", "consigned", "instrument", "contingent", "unapplied"), "0.00"
        )
        | {"invoiced": None},
        "by_currency": {
            currency: dict.fromkeys(
                ("ordered", "delivered", "consigned", "instrument", "contingent", "unapplied"), "0.00"
            )
            | {"invoiced": amount}
            for currency, amount in (("EUR", "10.00"), ("USD", "70.00"))
        },
        "exposure": None,
        "limit_kind": "amount",
        "limit": "200.00",
        "limit_of": "A",
        "status": "credit",
        "available": None,
        "limit_currency": "USD",
        "limit_exposure": None,
        "limit_exposure_of": [{"customer": "A", "entity": "MAIN", "exposure": None}],
    }
    assert run("exposure", "A", "--as-of", "2026-03-01", "--json").json["exposure"] == "0.00"
    for lang, words in (("zh", "已开票"), ("en", "Invoiced")):
        assert words.lower() in run("exposure", "A", lang=lang).out.lower()


def test_exposure_is_as_of_the_business_date_unless_a_day_is_said(run, acme):
    later = DAY + timedelta(days=10)
    money.invoice(acme, "I1", 60_00)
    money.invoice(acme, "I2", 40_00, on=later)
    for words, invoiced in (((), "60.00"), (("--as-of", later.isoformat()), "100.00")):
        assert run("exposure", "A", *words, "--json").json["components"]["invoiced"] == invoiced


@pytest.mark.covers("OC-010", "OC-011")
def test_a_breach_is_listed_and_decided_by_those_whom_the_policy_names(run, acme):
    run("line", "set", "A", "100")
    late(acme)
    assert run("breach", "list", "--json").json == []
    begun = run("nightly", "--json").json
    assert (begun["date"], begun["breaches_begun"]) == ("2026-03-02", 1)
    (found,) = run("breach", "list", "--json").json
    assert (found["holder"], found["causes"], found["proposal"]) == ("A", ["OVERDUE_DAYS"], "open")
    id = found["id"]
    console = run("breach", "revoke", id, "--reason", "x", "--json")
    assert (console.exit, console.error) == (1, "PERMISSION_DENIED")
    half = run("breach", "keep", id, "--reason", "old friend", "--json", by=books.person("sd", "SALES_DIRECTOR"))
    assert (half.exit, half.json["missing"]) == (3, 1)
    director = books.person("fd", "FINANCE_DIRECTOR")
    kept = run("breach", "keep", id, "--reason", "pays in May", "--json", by=director)
    assert (kept.exit, kept.json["proposal"], kept.json["kept_until"]) == (0, "kept", "2026-04-01")
    revoked = run("breach", "revoke", id, "--reason", "did not", by=director)
    assert revoked.exit == 0
    assert run("exposure", "A", "--json").json["status"] == "cash"
    money.receipt(acme, "R", 20_00)
    money.allocate("R", "OLD", 20_00)
    assert run("nightly", "--json").json["breaches_ended"] == 1
    assert run("breach", "list", "--json").json == []
    assert run("breach", "list", "--all", "--json").json[0]["ended"] == "2026-03-02"
    assert "转现款" in run("breach", "list", "--all", lang="zh").out


def test_a_proposal_may_be_declined(run, acme):
    run("line", "set", "A", "100")
    late(acme)
    run("nightly")
    id = Breach.objects.get().pk
    assert run("breach", "decline", id, "--reason", "x", by=books.person("fd", "FINANCE_DIRECTOR")).exit == 0
    assert run("breach", "list", "--json").json[0]["proposal"] == "declined"


def test_an_invoice_entered_by_hand_is_checked(run, acme):
    run("line", "set", "A", "100", "--term", "30D")
    said = run("invoice", "new", "I1", "A", "150", "--json").json
    assert said["parts"] == [{"instalment": 1, "due": "2026-04-01", "amount": "150.00"}]
    assert (said["check"]["verdict"], said["check"]["reasons"][0]["code"]) == ("watch", "OVER_LIMIT")
    deals.policy(deals.effect("over_limit", invoice="BLOCK"))
    held = run("invoice", "new", "I2", "A", "1", "--json")
    assert (held.exit, held.error) == (3, "STILL_HELD")
    assert not exposure.Document.objects.filter(number="I2").exists()


def test_every_day_is_begun_once_by_the_worker(run, acme):
    worker, console = Worker(), founding.console()
    for today in (DAY, DAY, DAY + timedelta(1)):
        books.found(today=today)
        schedule.bring(console)
        schedule.bring(console)
        while worker.one():
            pass
    assert [one.on for one in DayStart.objects.order_by("on")] == [DAY, DAY + timedelta(1)]


def test_what_was_recorded_is_sealed_beside_the_server(run, acme):
    run("line", "set", "A", "100")
    pauses = []
    days.keep_sealing(alive=lambda: len(pauses) < 2, pause=lambda: pauses.append(1))
    assert Seal.objects.count() == 1


def test_beginning_a_day_needs_the_right_to_check(run, acme):
    said = run("nightly", "--json", by=books.person("s", "SALESPERSON"))
    assert (said.exit, said.error) == (1, "PERMISSION_DENIED")
