"""``month``: what was told at the end of a month stays told."""

import pytest

from tests import books
from tests.books import DAY
from tests.site.commandline import CommandLine
from xinheng.base.models import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def closed(run):
    """March is closed: A owed 300 then, 100 of it overdue; B, another seller's, owed 50."""
    Company.objects.update(business_date=DAY.replace(month=4, day=2))
    books.customer("A", salesperson="S01")
    books.customer("B", salesperson="S02")
    for number, who, amount, due in (
        ("I-1", "A", "100", "2026-03-20"),
        ("I-2", "A", "200", "2026-04-20"),
        ("I-3", "B", "50", "2026-03-31"),
    ):
        assert run("invoice", "new", number, who, amount, "--date", "2026-03-02", "--due", due).exit == 0
    manager = books.person("manager", "FINANCE_MANAGER")
    assert run("month", "close", "2026-03", "--json", by=manager).json["state"] == "closed"
    return manager


def list_of(run, by=None):
    return run("month", "show", "2026-03", "--json", by=by).json["ageing"]


def test_the_list_says_what_each_customer_owed_on_the_last_day(run, closed):
    frozen = list_of(run)
    assert (frozen["entity"], frozen["as_of"], frozen["bounds"]) == ("MAIN", "2026-03-31", [30, 60, 90])
    assert frozen["currencies"]["USD"]["outstanding"] == {"count": 3, "amount": "350.00"}
    owed = {
        row["customer"]: [bucket["amount"] for bucket in row["currencies"]["USD"]["buckets"]][:2]
        for row in frozen["customers"]
    }
    assert owed == {"A": ["200.00", "100.00"], "B": ["50.00", "0.00"]}


def test_what_comes_later_does_not_change_it(run, closed):
    before = list_of(run)
    run("invoice", "new", "I-4", "A", "70", "--date", "2026-03-30", "--due", "2026-03-31")
    assert list_of(run) == before
    assert run("ageing", "--as-of", "2026-03-31", "--json").json["currencies"] == before["currencies"]


def test_a_seller_reads_the_own_customers_only_and_no_totals(run, closed):
    seller = books.person("seller", "SALESPERSON", code="S01")
    frozen = list_of(run, by=seller)
    assert [row["customer"] for row in frozen["customers"]] == ["A"]
    assert "currencies" not in frozen


def test_reopening_takes_two_people_and_closing_again_makes_a_list_of_its_own(run, closed):
    gm = books.person("gm", "GENERAL_MANAGER")
    assert run("month", "reopen", "--json", by=closed).json["state"] == "reopening-asked"
    assert run("month", "reopen", "--json", by=closed).error == "SAME_PERSON"
    assert run("month", "reopen", "--json", by=gm).json["reopened_by"] == "gm"
    run("invoice", "new", "I-4", "A", "70", "--date", "2026-03-30", "--due", "2026-03-31")
    run("month", "close", "2026-03", by=closed)
    assert list_of(run)["currencies"]["USD"]["outstanding"]["amount"] == "420.00"
    assert [one["state"] for one in run("month", "list", "--entity", "MAIN", "--json").json] == ["closed", "reopened"]


def test_people_read_it_too(run, closed):
    said = run("month", "show", "2026-03").out
    assert "MAIN  2026-03  closed  manager" in said
    assert "420.00" not in said
    assert "350.00" in said
    assert "已关账" in run("month", "list", lang="zh").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("close", "2026-13"), "BAD_MONTH"),
        (("show", "March"), "BAD_MONTH"),
        (("show", "2026-02"), "CLOSED_WITHOUT_LIST"),
        (("show", "2026-04"), "NOT_CLOSED"),
        (("close", "2026-03"), "WRONG_STATE"),
        (("close", "2026-02"), "WRONG_STATE"),
        (("close", "2026-04"), "WRONG_STATE"),
        (("close", "2026-05", "--with-earlier"), "WRONG_STATE"),
        (("close", "9999-12"), "WRONG_STATE"),
        (("close", "2026-03", "--entity", "NOPE"), "UNKNOWN"),
    ],
)
def test_what_cannot_be_is_said(run, closed, words, code):
    assert run("month", *words, "--json").error == code


@pytest.mark.parametrize(
    ("today", "code"),
    [(DAY.replace(day=31), "WRONG_STATE"), (DAY.replace(month=4, day=1), None)],
)
def test_a_month_is_closed_once_it_is_over(run, today, code):
    Company.objects.update(business_date=today)
    said = run("month", "close", "2026-03", "--json")
    assert (said.error if said.exit else None) == code
    assert (run("month", "show", "2026-03", "--json").exit == 0) == (code is None)


@pytest.fixture
def three_months(run):
    """Something happened in February and in April; January is closed; it is May."""
    Company.objects.update(business_date=DAY.replace(month=5, day=4))
    books.customer("A")
    for number, amount, on in (("I-1", "100", "2026-02-10"), ("I-2", "20", "2026-04-10")):
        assert run("invoice", "new", number, "A", amount, "--date", on, "--due", on).exit == 0
    assert run("month", "close", "2026-01").exit == 0


def closings(run):
    """The months that were closed after January."""
    return [one["month"] for one in run("month", "list", "--json").json][:-1]


def test_the_first_month_ever_closed_may_be_any_and_the_next_follows_it(run):
    """Years of history are taken over without closing each of their months."""
    Company.objects.update(business_date=DAY.replace(month=5, day=4))
    books.customer("A")
    assert run("invoice", "new", "I-1", "A", "100", "--date", "2016-02-10", "--due", "2016-02-10").exit == 0
    assert run("month", "close", "2026-03", "--json").json["earlier"] == []
    assert run("month", "show", "2026-02", "--json").error == "CLOSED_WITHOUT_LIST"
    first, second = books.person("gm", "GENERAL_MANAGER"), books.person("fm", "FINANCE_MANAGER")
    for by in (first, second):
        assert run("month", "reopen", by=by).exit == 0
    assert run("month", "close", "2026-04", "--json").error == "MONTHS_BEFORE"
    assert run("month", "close", "2026-03").exit == 0
    assert run("month", "close", "2026-04").exit == 0


def test_no_month_is_skipped(run, three_months):
    refused = run("month", "close", "2026-04", "--json")
    assert refused.error == "MONTHS_BEFORE"
    assert "2026-02, 2026-03" in refused.json["error"]["message"]
    assert "还没有月结" in run("month", "close", "2026-04", lang="zh").err
    assert closings(run) == []
    assert run("month", "close", "2026-02").exit == 0
    assert "still open: 2026-03." in run("month", "close", "2026-04").err
    assert run("month", "show", "2026-03", "--json").error == "NOT_CLOSED"


def test_those_before_it_are_closed_with_it_when_asked_for_each_with_its_list(run, three_months):
    said = run("month", "close", "2026-04", "--with-earlier", "--json").json
    owed = [(one["month"], one["outstanding"]["USD"]["amount"]) for one in (*said["earlier"], said)]
    assert owed == [("2026-02", "100.00"), ("2026-03", "100.00"), ("2026-04", "120.00")]
    assert closings(run) == ["2026-04", "2026-03", "2026-02"]
    shown = run("month", "show", "2026-03", "--json").json["ageing"]
    assert (shown["as_of"], shown["currencies"]["USD"]["outstanding"]["amount"]) == ("2026-03-31", "100.00")


def test_a_month_that_is_not_over_closes_none_before_it(run, three_months):
    assert run("month", "close", "2026-05", "--with-earlier", "--json").error == "WRONG_STATE"
    assert closings(run) == []


def test_people_read_what_each_month_ended_with(run, three_months):
    lines = run("month", "close", "2026-04", "--with-earlier").out.splitlines()
    assert [line.split()[1] for line in lines[::2]] == ["2026-02", "2026-03", "2026-04"]
    assert [line.split()[-1] for line in lines[1::2]] == ["100.00", "100.00", "120.00"]


def test_nothing_was_closed_so_nothing_can_be_opened(run):
    assert run("month", "reopen", "--json").error == "WRONG_STATE"
    assert run("month", "list", "--json").json == []
