"""``receipt``, ``allocation``, ``document reverse`` and bad debt: money is told where it goes, and called back."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from tests.site.commandline import CommandLine
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(10)


@pytest.fixture
def run(monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def owing(run):
    """A owes 30.00, 50.00 and, in two instalments, 20.00; of 60.00 that came nothing is applied."""
    who = books.customer("A", salesperson="S01")
    money.invoice(who, "I-1", 30_00, due_on=DAY + timedelta(5))
    money.invoice(who, "I-2", 50_00, due_on=LATER)
    for part in (1, 2):
        money.invoice(who, "I-3", 10_00, part=part, due_on=DAY + timedelta(part))
    money.receipt(who, "R-1", 60_00)
    return who


def settled(said):
    return [(one["invoice"], one["instalment"], one["amount"]) for one in said.json["allocations"]]


@pytest.mark.covers("AR-012")
@pytest.mark.parametrize(
    ("words", "expected", "left"),
    [
        (("--to", "I-2", "--amount", "40"), [("I-2", 1, "40.00")], "20.00"),
        (("--to", "I-3", "--amount", "15"), [("I-3", 1, "10.00"), ("I-3", 2, "5.00")], "45.00"),
        (("--to", "I-3", "--instalment", "2", "--amount", "10"), [("I-3", 2, "10.00")], "50.00"),
        (
            ("--oldest-first",),
            [("I-3", 1, "10.00"), ("I-3", 2, "10.00"), ("I-1", 1, "30.00"), ("I-2", 1, "10.00")],
            "0.00",
        ),
    ],
)
def test_a_receipt_settles_what_it_is_told_to(run, owing, words, expected, left):
    said = run("receipt", "allocate", "R-1", *words, "--json")
    assert settled(said) == expected
    assert (said.json["unapplied"], said.json["currency"], said.json["entity"]) == (left, "USD", "MAIN")
    assert run("verify").exit == 0


def test_exactly_what_was_paid_is_found_or_the_choice_is_left_to_people(run, owing):
    money.receipt(owing, "R-2", 80_00)
    assert settled(run("receipt", "allocate", "R-2", "--exact", "--json")) == [("I-1", 1, "30.00"), ("I-2", 1, "50.00")]
    money.receipt(owing, "R-3", 10_00)
    said = run("receipt", "allocate", "R-3", "--exact", "--json")
    assert (said.exit, said.error) == (1, "NO_EXACT_MATCH")
    assert "several sets of them do" in said.json["error"]["message"]
    money.receipt(owing, "R-4", 7_00)
    assert "none of them do" in run("receipt", "allocate", "R-4", "--exact").err


def test_a_credit_note_settles_as_money_does(run, owing):
    money.credit_note(owing, "N-1", 12_00)
    said = run("receipt", "allocate", "N-1", "--kind", "credit-note", "--oldest-first", "--json")
    assert settled(said) == [("I-3", 1, "10.00"), ("I-3", 2, "2.00")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("R-9", "--oldest-first"), "UNKNOWN"),
        (("R-1", "--to", "I-9", "--amount", "1"), "UNKNOWN"),
        (("R-1", "--to", "I-1", "--amount", "30.01"), "MORE_THAN_OPEN"),
        (("R-1", "--to", "I-1", "--amount", "60.01"), "MORE_THAN_RECEIVED"),
        (("R-1", "--to", "I-1", "--amount", "0"), "NOT_ABOVE_ZERO"),
        (("R-1", "--to", "I-1", "--amount", "x"), "BAD_AMOUNT"),
        (("R-1", "--to", "I-1", "--instalment", "2", "--amount", "1"), "UNKNOWN"),
        (("R-1", "--to", "EAST-1", "--amount", "1"), "OTHER_ENTITY"),
        (("R-1", "--to", "I-EUR", "--amount", "1"), "OTHER_CURRENCY"),
        (("R-1", "--to", "I-B", "--amount", "1"), "OTHER_CUSTOMER"),
        (("R-EUR", "--oldest-first"), "NOTHING_OPEN"),
        (("CHEQUE", "--oldest-first"), "WRONG_STATE"),
        (("CHEQUE", "--to", "I-1", "--amount", "1"), "NOT_CLEARED"),
        (("R-1", "--oldest-first", "--exact"), "USAGE"),
        (("R-1", "--to", "I-1"), "USAGE"),
        (("R-1", "--amount", "3"), "USAGE"),
        (("R-1", "--oldest-first", "--date", "soon"), "BAD_DATE"),
        (("R-1", "--oldest-first", "--date", "9000-01-01"), "NOT_YET"),
    ],
)
def test_what_cannot_be_settled_is_said_and_nothing_is_written(run, owing, words, code):
    east = exposure.Entity.objects.create(code="EAST", name="East")
    money.invoice(owing, "EAST-1", 9_00, **money.of(owing, east))
    money.invoice(books.customer("B"), "I-B", 9_00)
    if words[0] != "R-EUR":
        money.invoice(owing, "I-EUR", 9_00, currency="EUR")
    money.receipt(owing, "R-EUR", 9_00, currency="EUR")
    money.receipt(owing, "CHEQUE", 9_00, method="cheque")
    before = exposure.Entry.objects.count()
    for lang in ("en", "zh"):
        said = run("receipt", "allocate", *words, "--json", lang=lang)
        assert said.error == code
        assert said.exit in {1, 2}
    assert exposure.Entry.objects.count() == before


def test_an_allocation_is_listed_and_undone_by_its_id(run, owing):
    (made,) = run("receipt", "allocate", "R-1", "--to", "I-2", "--amount", "40", "--json").json["allocations"]
    for words in (("R-1",), ("I-2",), ("I-2", "--kind", "invoice")):
        assert run("allocation", "list", *words, "--json").json == [made]
    undone = run("allocation", "undo", made["id"], "--reason", "another customer's", "--json").json
    assert undone == made | {"state": "undone"}
    assert books.stands(owing) == {"INVOICED": 100_00, "UNAPPLIED": 60_00}
    assert run("allocation", "undo", made["id"], "--reason", "again", "--json").error == "WRONG_STATE"
    assert run("allocation", "undo", 999, "--reason", "x", "--json").error == "UNKNOWN"
    assert "undone" in run("allocation", "list", "R-1").out
    assert run("allocation", "list", "X-9", "--json").error == "UNKNOWN"


def test_what_is_undone_in_a_closed_month_counts_from_the_open_one(run, owing):
    made = run("receipt", "allocate", "R-1", "--to", "I-2", "--amount", "40", "--json").json["allocations"][0]
    books.close_month(DAY)
    undone = run("allocation", "undo", made["id"], "--reason", "wrong", "--json").json
    assert (made["effective_on"], undone["effective_on"]) == ("2026-03-02", "2026-04-01")
    reversed_ = run("document", "reverse", "receipt", "R-1", "--reason", "wrong", "--json").json
    assert reversed_["effective_on"] == "2026-04-01"
    assert books.stands(owing, exposure.Moment(DAY)) == {"INVOICED": 60_00, "UNAPPLIED": 20_00}


@pytest.mark.parametrize(
    ("kind", "number", "left"),
    [
        ("invoice", "I-3", {"INVOICED": 80_00, "UNAPPLIED": 60_00}),
        ("receipt", "R-1", {"INVOICED": 100_00}),
        ("credit-note", "N-1", {"INVOICED": 100_00, "UNAPPLIED": 60_00}),
        ("instrument", "B-1", {"INVOICED": 100_00, "UNAPPLIED": 60_00}),
    ],
)
def test_a_document_is_taken_back_and_its_number_may_come_again(run, owing, kind, number, left):
    if kind == "credit-note":
        money.credit_note(owing, "N-1", 5_00, invoice_number="I-1")
    if kind == "instrument":
        money.paper(owing, "B-1", 25_00, invoice_number="I-1")
    said = run("document", "reverse", kind, number, "--reason", "entered twice", "--json").json
    assert (said["kind"], said["number"], said["effective_on"]) == (kind, number, "2026-03-02")
    assert books.stands(owing) == left
    assert run("document", "reverse", kind, number, "--reason", "again", "--json").error == "UNKNOWN"
    assert run("verify").exit == 0


def test_what_is_settled_is_not_taken_back_before_its_allocations(run, owing):
    run("receipt", "allocate", "R-1", "--to", "I-2", "--amount", "40")
    for kind, number in (("invoice", "I-2"), ("receipt", "R-1")):
        assert run("document", "reverse", kind, number, "--reason", "x", "--json").error == "HAS_ALLOCATIONS"


def test_debt_is_given_up_stops_the_customer_and_may_come_after_all(run, owing):
    director = books.person("fd", "FINANCE_DIRECTOR")
    said = run("invoice", "write-off", "I-2", "--amount", "35", "--reason", "bankrupt", "--json", by=director).json
    assert (said["amount"], said["open"], said["written_off"]) == ("35.00", "15.00", "35.00")
    assert [hold.cause for hold in limits.holds_standing(customer_id=owing.pk, group_id=None)] == ["WRITE_OFF"]
    said = run("invoice", "recover", "I-2", "20", "--receipt", "R-1", "--json").json
    assert (said["amount"], said["written_off"]) == ("20.00", "15.00")
    assert run("invoice", "recover", "I-2", "5", "--receipt", "R-2", "--json").error == "UNKNOWN"
    assert run("invoice", "recover", "I-2", "5", "--receipt", "R-2", "--new", "--json").json["written_off"] == "10.00"
    assert run("invoice", "recover", "I-2", "10.01", "--receipt", "R-1", "--json").error == "MORE_THAN_OPEN"
    ahead = ("--date", "9000-01-01", "--json")
    assert run("invoice", "recover", "I-2", "5", "--receipt", "R-1", *ahead).error == "NOT_YET"
    said = run("invoice", "undo-write-off", "I-2", "--reason", "pays", "--json", by=director).json
    assert (said["amount"], said["open"], said["written_off"]) == ("10.00", "25.00", "0.00")
    assert run("invoice", "undo-write-off", "I-2", "--reason", "again", "--json").error == "WRONG_STATE"
    assert run("verify").exit == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("I-9", "--reason", "x"), "UNKNOWN"),
        (("I-1", "--reason", "x", "--amount", "30.01"), "MORE_THAN_OPEN"),
        (("I-1", "--reason", "x", "--amount", "-1"), "NOT_ABOVE_ZERO"),
        (("I-1",), "USAGE"),
    ],
)
def test_what_cannot_be_given_up_is_said(run, owing, words, code):
    assert run("invoice", "write-off", *words, "--json").error == code


def test_nobody_gives_up_the_debt_of_an_own_customer(run, owing):
    seller = books.person("seller", "FINANCE_MANAGER", code="S01")
    assert run("invoice", "write-off", "I-1", "--reason", "x", "--json", by=seller).error == "SAME_PERSON"


def test_people_read_what_was_done(run, owing):
    assert "20.00 USD is left" in run("receipt", "allocate", "R-1", "--to", "I-2", "--amount", "40").out
    assert "坏账" in run("invoice", "write-off", "I-1", "--reason", "破产", lang="zh").out
    assert "已冲销" in run("document", "reverse", "invoice", "I-3", "--reason", "重复", lang="zh").out


@pytest.mark.parametrize("reason", ["", "  "])
def test_whoever_gives_up_or_takes_back_says_why(run, owing, reason):
    run("receipt", "allocate", "R-1", "--to", "I-2", "--amount", "40")
    run("invoice", "write-off", "I-3", "--reason", "gone")
    (made,) = run("allocation", "list", "R-1", "--json").json
    held = limits.Hold.objects.get()
    before = books.stands(owing)
    for words in (
        ("allocation", "undo", str(made["id"])),
        ("invoice", "write-off", "I-1"),
        ("invoice", "undo-write-off", "I-3"),
        ("document", "reverse", "invoice", "I-1"),
        ("hold", "place", "A"),
        ("hold", "lift", str(held.pk)),
    ):
        said = run(*words, "--reason", reason, "--json")
        assert (said.exit, said.error) == (2, "REASON_MISSING"), words
    assert books.stands(owing) == before
    assert [one.lifted_at for one in limits.Hold.objects.all()] == [None]


def test_what_was_not_written_off_is_told_to_be_so(run, owing):
    said = run("invoice", "undo-write-off", "I-1", "--reason", "x")
    assert "not written off" in said.err
    assert "未作坏账核销" in run("invoice", "undo-write-off", "I-1", "--reason", "x", lang="zh").err


def test_whoever_lacks_a_right_reads_its_name_and_the_roles_that_carry_it(run, owing):
    guard = books.person("guard", "WAREHOUSE")
    said = run("invoice", "write-off", "I-1", "--reason", "x", by=guard, lang="zh").err
    assert "receivables.write_off" in said
    assert "财务总监" in said
    assert "FINANCE_MANAGER" not in said
