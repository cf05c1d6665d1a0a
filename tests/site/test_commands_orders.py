"""The order verbs: what they answer, in which exit code, to whom (semantics.md 6)."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from tests.site.commandline import CommandLine
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db, monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def acme(run):
    who = books.customer("A", salesperson="S01")
    books.line(who, 200_00)
    return who


def test_an_order_on_its_way(run, acme):
    entered = run("order", "new", "007", "A", "150", "--term", "30D", "--ship-date", "2026-03-09", "--json")
    assert entered.json == {
        "order": "007",
        "customer": "A",
        "entity": "MAIN",
        "date": "2026-03-02",
        "amount": "150.00",
        "currency": "USD",
        "payment": "credit",
        "state": "ENTERED",
    }
    order = sales.order_by_number("007")
    assert (order.document.term, order.document.salesperson, str(order.ship_date)) == ("30D", "S01", "2026-03-09")
    checked = run("order", "check", "007", "--json")
    assert checked.exit == 0
    answer = checked.json
    assert {"order", "verdict", "reasons", "exposure", "limit", "available", "frees", "decision", "policy"} <= set(
        answer
    )
    assert (answer["verdict"], answer["exposure"], answer["limit"], answer["available"]) == (
        "approved",
        "0.00",
        "200.00",
        "200.00",
    )
    assert (answer["policy"], answer["policy_signed"]) == (1, False)
    issued = run("order", "shipping-order", "007", "--amount", "50", "--json").json
    assert (issued["amount"], issued["expires_on"]) == ("50.00", "2026-03-09")
    sent = run("order", "deliver", "007", "--token", issued["token"], "--json").json
    assert (sent["delivery"], sent["amount"], sent["remaining"]) == ("007-D1", "50.00", "100.00")
    assert run("order", "deliver", "007", "--amount", "40", "--json").json["remaining"] == "60.00"
    assert run("order", "deliver", "007", "--json").json["remaining"] == "0.00"
    again = run("order", "deliver", "007", "--json")
    assert (again.exit, again.error) == (1, "WRONG_STATE")
    assert run("verify").exit == 0


def test_held_is_exit_three_whichever_verb_finds_it(run, acme):
    run("order", "new", "1", "A", "250")
    for words in (
        ("check", "1"),
        ("deliver", "1"),
        ("shipping-order", "1"),
        ("change", "1", "240"),
        ("check", "1", "--at", "delivery"),
    ):
        assert run("order", *words, "--json").exit == 3, words
    assert run("order", "hold", "1", "--reason", "wait").exit == 0
    assert run("order", "unhold", "1").exit == 3
    assert run("order", "change", "1", "200").exit == 0
    assert run("order", "cancel", "1").exit == 0
    assert run("order", "deliver", "1", "--json").exit == 1


def test_rejected_is_exit_three_too(run, acme):
    run("order", "new", "1", "A", "250")
    run("order", "check", "1")
    assert run("order", "reject", "1", "--reason", "no").exit == 0
    assert run("order", "check", "1").exit == 3
    assert run("order", "deliver", "1").exit == 3
    assert run("order", "reject", "1", "--reason", "no").exit == 1
    assert run("order", "reopen", "1", "--reason", "they asked again").exit == 3
    assert run("order", "list", "--state", "held", "--json").json[0]["order"] == "1"


def test_a_watch_zone_notice_is_done(run, acme):
    run("order", "new", "1", "A", "200")
    watched = run("order", "check", "1", "--json")
    assert (watched.exit, watched.json["verdict"]) == (0, "watch")


BAD = {
    "an unknown customer": ("order", "new", "1", "NOPE", "1"),
    "an unknown order": ("order", "check", "NOPE"),
    "an unknown entity": ("order", "new", "1", "A", "1", "--entity", "NOPE"),
    "a number that is no amount": ("order", "new", "1", "A", "ten"),
    "an amount of nothing": ("order", "new", "1", "A", "0"),
    "an amount below zero": ("order", "new", "1", "A", "--", "-5"),
    "too many decimals": ("order", "new", "1", "A", "1.005"),
    "not a number": ("order", "new", "1", "A", "NaN"),
    "more than a number": ("order", "new", "1", "A", "1e309"),
    "a currency nobody has": ("order", "new", "1", "A", "1", "--currency", "XQX"),
    "31 February": ("order", "new", "1", "A", "1", "--date", "2026-02-31"),
    "a term nobody reads": ("order", "new", "1", "A", "1", "--term", "soon"),
    "a means nobody takes": ("order", "new", "1", "A", "1", "--instrument", "SHELLS"),
    "a payment nobody knows": ("order", "new", "1", "A", "1", "--payment", "later"),
    "a number too long": ("order", "new", "9" * 65, "A", "1"),
    "a number nobody can print": ("order", "new", "a\tb", "A", "1"),
    "no arguments": ("order", "new"),
    "no such verb": ("order", "frobnicate"),
    "a change of nothing": ("order", "change", "OLD"),
    "a token nobody issued": ("order", "deliver", "OLD", "--token", "x"),
    "an unknown delivery": ("order", "settle", "NOPE", "--reason", "x"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_exit_two_with_one_json_value_and_nothing_written(run, acme, what):
    deals.checked(acme, "OLD", 1_00)
    before = exposure.Document.objects.count(), exposure.Entry.objects.count()
    words = BAD[what]
    place = words.index("--") if "--" in words else len(words)
    said = run(*words[:place], "--json", *words[place:])
    assert said.exit == 2
    assert set(said.json) == {"error"}
    assert set(said.json["error"]) == {"code", "message"}
    assert said.err == ""
    assert (exposure.Document.objects.count(), exposure.Entry.objects.count()) == before
    spoken = run(*words)
    assert (spoken.exit, spoken.out) == (2, "")
    assert spoken.err


def test_the_same_number_twice_is_a_conflict(run, acme):
    run("order", "new", "1", "A", "1")
    again = run("order", "new", "1", "A", "1", "--json")
    assert (again.exit, again.error) == (2, "CONFLICT")


def test_a_number_two_entities_know_names_the_choices(run, acme):
    other = exposure.Entity.objects.create(code="EU", name="Europe")
    exposure.account(acme.pk, other)
    run("order", "new", "1", "A", "10")
    run("order", "new", "1", "A", "20", "--entity", "EU")
    which = run("order", "check", "1", "--json")
    assert (which.exit, which.error) == (2, "AMBIGUOUS")
    assert "EU" in which.json["error"]["message"]
    assert "MAIN" in which.json["error"]["message"]
    assert run("order", "check", "1", "--entity", "EU", "--json").json["verdict"] == "approved"
    assert run("order", "list", "--json").json[0]["entity"] in {"EU", "MAIN"}


def test_a_date_chooses_the_day_of_the_check(run, acme):
    money.invoice(acme, "I", 20_00, DAY - timedelta(30), due_on=DAY)
    run("order", "new", "1", "A", "10")
    assert run("order", "check", "1", "--json").json["date"] == "2026-03-02"
    later = run("order", "check", "1", "--date", "2026-03-20", "--json").json
    assert (later["date"], later["verdict"], later["reasons"][0]["code"]) == ("2026-03-20", "watch", "OVERDUE_DAYS")


def test_releasing_needs_a_person_with_the_role(run, acme):
    run("order", "new", "1", "A", "250")
    run("order", "check", "1")
    console = run("order", "release", "1", "--reason", "me", "--json")
    assert (console.exit, console.error) == (1, "PERMISSION_DENIED")
    manager = books.person("fm", "FINANCE_MANAGER")
    done = run("order", "release", "1", "--reason", "known for years", "--json", by=manager)
    assert (done.exit, done.json["state"], done.json["missing"]) == (0, "RELEASED", 0)
    twice = run("order", "release", "1", "--reason", "again", "--json", by=manager)
    assert (twice.exit, twice.error) == (1, "WRONG_STATE")


@pytest.mark.covers("OC-009")
@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
@pytest.mark.parametrize(("verb", "role"), [("release", "FINANCE_MANAGER"), ("hold", "")])
def test_who_signs_says_why(run, acme, verb, role, reason):
    run("order", "new", "1", "A", "250")
    run("order", "check", "1")
    by = books.person("fm", role) if role else None
    bare = run("order", verb, "1", *reason, "--json", by=by)
    assert (bare.exit, bare.error) == (2, "REASON_MISSING")
    assert run("order", "list", "--state", "held", "--json").json[0]["order"] == "1"
    assert run("order", verb, "1", "--reason", "known for years", by=by).exit == 0


def test_a_release_that_still_waits_for_somebody_is_exit_three(run, acme):
    deals.policy(
        (
            'special_sale = { kind = "ANY_OF", roles = ["GENERAL_MANAGER", "FINANCE_MANAGER", "SALES_MANAGER"] }',
            'special_sale = { kind = "ALL_OF", roles = ["FINANCE_MANAGER", "SALES_DIRECTOR"] }',
        )
    )
    run("order", "new", "1", "A", "250")
    run("order", "check", "1")
    half = run("order", "release", "1", "--reason", "known", "--json", by=books.person("fm", "FINANCE_MANAGER"))
    assert (half.exit, half.json["missing"], half.json["by"]) == (3, 1, ["SALES_DIRECTOR"])
    assert run("order", "release", "1", "--reason", "known", by=books.person("sd", "SALES_DIRECTOR")).exit == 0


def test_a_document_that_is_needed_is_approved_by_somebody_else(run, acme):
    run("order", "new", "1", "A", "50", "--needs", "contract", "--needs", "sample")
    held = run("order", "check", "1", "--json")
    assert (held.exit, held.json["reasons"][0]["code"]) == (3, "MISSING_APPROVAL")
    console = run("order", "approve", "1", "contract", "--json")
    assert (console.exit, console.error) == (1, "PERMISSION_DENIED")
    director = books.person("sd", "SALES_DIRECTOR")
    run("order", "approve", "1", "contract", by=director)
    assert run("order", "approve", "1", "sample", "--json", by=director).json["state"] == "APPROVED"


def test_payment_term_and_means_change_and_the_order_is_checked_again(run, acme):
    run("order", "new", "1", "A", "250", "--term", "60D", "--instrument", "LETTER_OF_CREDIT")
    codes = {one["code"] for one in run("order", "check", "1", "--json").json["reasons"]}
    assert codes == {"TERM_NOT_ALLOWED", "INSTRUMENT_NOT_ALLOWED", "OVER_LIMIT"}
    run("order", "change", "1", "--term", "30D", "--instrument", "CHEQUE")
    changed = run("order", "change", "1", "--payment", "cod", "--json")
    assert (changed.exit, changed.json["verdict"]) == (0, "approved")
    run("order", "new", "2", "A", "10")
    assert run("order", "change", "2", "20", "--json").json["state"] == "ENTERED"  # nobody has checked it yet


def test_goods_gone_without_a_release_are_listed_and_settled(run, acme):
    money.invoice(acme, "I", 1_00)
    row = sales.DeliveryRow(number="D", dated_on=DAY, currency="USD", amount=60_00, **money.of(acme))
    sales.record_deliveries(money.entry(), [row])
    (found,) = run("order", "unreleased", "--json").json
    assert (found["delivery"], found["responsible"], found["amount"]) == ("D", "S01", "60.00")
    console = run("order", "settle", "D", "--reason", "x", "--json")
    assert (console.exit, console.error) == (1, "PERMISSION_DENIED")
    settled = run("order", "settle", "D", "--reason", "told by telephone", by=books.person("fm", "FINANCE_MANAGER"))
    assert settled.exit == 0
    assert run("order", "unreleased", "--json").json == []
    assert run("order", "unreleased", "--all", "--json").json[0]["settled"] == "told by telephone"


def test_cash_on_delivery_unpaid_is_listed_by_name(run, acme):
    run("order", "new", "1", "A", "50", "--payment", "cod", "--salesperson", "S07")
    run("order", "check", "1")
    run("order", "deliver", "1")
    assert run("order", "cod-unpaid", "--json").json == []
    (found,) = run("order", "cod-unpaid", "--as-of", "2026-03-03", "--json").json
    assert (found["salesperson"], found["document"], found["amount"], found["due"]) == (
        "S07",
        "1-D1",
        "50.00",
        "2026-03-02",
    )


def test_a_salesperson_acts_for_his_own_customers_only(run, acme):
    other = books.customer("B", salesperson="S02")
    books.line(other, 100_00)
    deals.checked(other, "THEIRS", 10_00)
    seller = books.person("lin", "SALESPERSON", code="S01")
    assert run("order", "new", "MINE", "A", "10", "--json", by=seller).exit == 0
    for words in (
        ("order", "new", "X", "B", "10"),
        ("order", "change", "THEIRS", "5"),
        ("exposure", "B"),
        ("order", "deliver", "THEIRS"),
    ):
        said = run(*words, "--json", by=seller)
        assert (said.exit, said.error) == (2, "UNKNOWN"), words
    check = run("order", "check", "MINE", "--json", by=seller)
    assert (check.exit, check.error) == (1, "PERMISSION_DENIED")
    assert [row["order"] for row in run("order", "list", "--json", by=seller).json] == ["MINE"]
    assert run("order", "list", "--json", by=books.person("admin", "ADMINISTRATOR")).error == "PERMISSION_DENIED"


@pytest.mark.parametrize(("lang", "words"), [("zh", ("信用待审", "尚未签发")), ("en", ("is held", "unsigned"))])
def test_it_speaks_the_readers_language(run, acme, lang, words):
    run("order", "new", "1", "A", "250")
    said = run("order", "check", "1", lang=lang)
    for word in words:
        assert word in said.out
