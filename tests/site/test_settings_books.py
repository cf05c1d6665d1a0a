"""What documents lean on: calendar, entities and branches, rates and terms, through the page and the command line."""

from datetime import date

import pytest

from tests import books
from tests.site.commandline import CommandLine
from tests.site.visits import browse, read, words
from xinheng.base.errors import Refused
from xinheng.base.models import AuditLine, Branch
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Rate
from xinheng.desk.limits.public import CalendarDay
from xinheng.rules.terms import parse_term
from xinheng.site.pages.settings.terms import reckon

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(acme):
    return browse(books.person("admin", "ADMINISTRATOR"))


@pytest.fixture
def clerk(manager):
    return browse(manager)


@pytest.fixture
def run(acme, monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys)


def test_a_year_shows_days_off_and_worked_weekends_and_one_not_published_is_provisional(clerk):
    said = read(clerk, "/settings/calendar/", year="2025")
    assert "provisional" not in words(said)
    assert "2025-10-01" in said
    assert 'class="day-worked' in said
    later = words(read(clerk, "/settings/calendar/", year="2090"))
    assert "Calendar 2090 provisional" in later
    for nonsense in ("x", "99999", "²⁰²⁵", "-1"):
        assert "Calendar 2026" in words(read(clerk, "/settings/calendar/", year=nonsense))


def test_a_day_is_entered_and_counts(clerk):
    typed = {"on": "2026-05-09", "working": "yes", "name": "调休上班"}
    assert "is worked" in words(clerk.post("/settings/calendar/day/", typed, follow=True).content.decode())
    assert CalendarDay.objects.get(on=date(2026, 5, 9)).working
    assert AuditLine.objects.get(verb="limits.calendar.set").subject == "day:2026-05-09"
    for wrong in ({"on": "x"}, {"on": "1899-01-01"}, {"on": "9999-12-31"}, {"name": ""}, {"working": "perhaps"}):
        assert clerk.post("/settings/calendar/day/", {**typed, **wrong}).status_code == 422, wrong


@pytest.mark.parametrize(
    ("what", "model", "verbs"),
    [
        ("entities", Entity, ["exposure.entity.entered", "exposure.entity.renamed"]),
        ("branches", Branch, ["base.branch.entered", "base.branch.renamed"]),
    ],
)
def test_places_are_entered_and_renamed_and_keep_their_code(admin, what, model, verbs):
    page = f"/settings/places/{what}/new/"
    assert admin.post(page, {"code": " N1 ", "name": " North "}).status_code == 302
    made = model.objects.get(code="N1")
    assert made.name == "North"
    admin.post(f"/settings/places/{what}/{made.pk}/rename/", {"name": "Northern"})
    made.refresh_from_db()
    assert (made.code, made.name) == ("N1", "Northern")
    lines = AuditLine.objects.filter(verb__in=verbs).order_by("pk")
    assert [line.verb for line in lines] == verbs
    assert lines.last().data == {"before": "North", "after": "Northern"}
    assert "Northern" in read(admin, "/settings/places/")
    for typed in ({"code": "N1", "name": "again"}, {"code": "", "name": "x"}, {"code": "x" * 33, "name": "x"}):
        assert admin.post(page, typed).status_code == 422, typed
    assert admin.post(page, {"code": "a\u200bb", "name": "x"}).status_code == 422


def test_a_rate_is_entered_shown_with_its_course_and_told_in_words(clerk):
    for on, rate in (("2026-02-02", "7.1"), ("2026-03-02", "7.25")):
        typed = {"on": on, "source": "eur", "target": "USD", "rate": rate}
        answer = clerk.post("/settings/rates/new/", typed, follow=True)
    assert "1 EUR is worth 7.25 USD since 2026-03-02" in words(answer.content.decode())
    assert Rate.objects.count() == 2
    listed = read(clerk, "/settings/rates/")
    assert "7.25" in listed
    assert "7.1<" not in listed
    course = read(clerk, "/settings/rates/EUR/USD/")
    assert 'data-chart="line"' in course
    assert "7.1" in course
    assert clerk.get("/settings/rates/EUR/CHF/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "0"},
        {"rate": "-1"},
        {"rate": "x"},
        {"rate": "NaN"},
        {"rate": "Infinity"},
        {"rate": "1e30"},
        {"source": "XXQ"},
        {"source": "USD"},
        {"on": "2026-03-03"},
        {"target": "€"},
    ],
)
def test_what_is_no_rate_is_told_beside_the_form(clerk, wrong):
    typed = {"on": "2026-03-02", "source": "EUR", "target": "USD", "rate": "1.1", **wrong}
    assert clerk.post("/settings/rates/new/", typed).status_code == 422
    assert not Rate.objects.exists()


@pytest.mark.parametrize(
    ("term", "issued", "happened", "due"),
    [
        ("30D", "2026-03-02", None, ["2026-04-01"]),
        ("月结30 cut 25 pay 10", "2026-01-20", None, ["2026-03-10"]),
        ("月结30 cut 25 pay 10", "2026-01-26", None, ["2026-04-10"]),
        ("30%@0D+70%@60D", "2026-03-02", None, ["2026-03-02", "2026-05-01"]),
        ("签收后30D", "2026-03-02", None, [None]),
        ("签收后30D", "2026-03-02", "2026-03-10", ["2026-04-09"]),
        ("30D roll=NEXT", "2025-09-01", None, ["2025-10-09"]),
    ],
)
def test_a_term_and_a_day_give_the_due_days(acme, term, issued, happened, due):
    found = reckon(parse_term(term), date.fromisoformat(issued), date.fromisoformat(happened) if happened else None)
    assert [one.due_on.isoformat() if one.due_on else None for one in found] == due


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"term": "30D roll=NEXT", "issued": "2025-09-01"}, "2025-10-01 is a rest day"),
        ({"term": "签收后30D", "issued": "2026-03-02"}, "the acceptance of the goods has not come"),
        ({"term": "签收后30D latest 60D", "issued": "2026-03-02"}, "provisional"),
        ({"term": "月结30 cut 25", "issued": "2026-03-02"}, "invoices after day 25 count in the next month's"),
        ({"term": "滚结 2", "issued": "2026-03-02"}, "due when 2 further batches have come"),
        ({"term": "铺底 until 2026-12-31", "issued": "2026-03-02"}, "initial stock: due on 2026-12-31"),
        ({"term": "铺底", "issued": "2026-03-02"}, "initial stock: due when it ends"),
        ({"term": "30D 质保 10% 12M", "issued": "2026-03-02"}, "is kept back"),
        ({"term": "COD", "issued": "2026-03-02"}, "paid when the goods come"),
        ({"term": "30D roll=NEXT", "issued": "2090-03-02"}, "not published yet"),
    ],
)
def test_the_reckoner_says_why(clerk, query, said):
    assert said in words(read(clerk, "/settings/terms/", **query))


@pytest.mark.parametrize(
    "query", [{"term": "half"}, {"term": "30D", "issued": "x"}, {"term": "3650D", "issued": "9999-01-01"}]
)
def test_what_cannot_be_reckoned_is_told(clerk, query):
    answer = clerk.get("/settings/terms/", query)
    assert answer.status_code == 422
    assert 'id="reckoned"' not in answer.content.decode()


def test_codes_of_credit_lines_stand_with_their_meaning(clerk, acme):
    books.line(acme, 5_00, term="月结30", term_days=60)
    assert "月结30the statement of the month closes at its end" in words(read(clerk, "/settings/terms/"))


def test_the_command_line_does_the_same(run):
    assert run("calendar", "set", "2026-05-09", "--working", "--name", "x", "--json").json["working"] is True
    days = run("calendar", "list", "2026", "--json").json["days"]
    assert {"date": "2026-05-09", "working": True, "name": "x"} in days
    assert run("entity", "new", "E2", "Second", "--json").json == {"code": "E2", "name": "Second"}
    assert run("entity", "new", "E2", "Second", "--json").error == "CONFLICT"
    assert run("branch", "new", "B", "x").exit == 0
    assert run("branch", "rename", "B", "y", "--json").json["name"] == "y"
    assert run("branch", "rename", "NO", "y", "--json").error == "UNKNOWN"
    assert {"code": "E2", "name": "Second"} in run("entity", "list", "--json").json
    assert run("rate", "set", "2026-03-02", "EUR", "USD", "1.1", "--json").json["rate"] == "1.1"
    assert run("rate", "set", "2026-03-02", "EUR", "USD", "x", "--json").error == "BAD_RATE"
    assert [one["rate"] for one in run("rate", "list", "--from", "EUR", "--json").json] == ["1.1"]
    assert run("term", "due", "30D", "2026-03-02", "--json").json["dues"][0]["due"] == "2026-04-01"
    assert run("term", "due", "half", "2026-03-02", "--json").error == "UNKNOWN_TERM"


def test_people_are_kept_from_the_command_line_too(run):
    books.person("lin", "SALESPERSON", code="S01")
    assert run("user", "change", "lin", "--name-en", "Lin", "--role", "AUDITOR", "--json").json["roles"] == ["AUDITOR"]
    assert len(run("user", "password", "lin", "--json").json["password"]) == 19
    assert run("user", "sign-out", "lin", "--json").json == {"user": "lin", "ended": 0}
    assert run("user", "shut-out", "lin", "--json").json["state"] == "out"
    assert run("user", "shut-out", "lin", "--json").error == "WRONG_STATE"
    assert run("user", "let-in", "lin", "--json").json["state"] == "in"
    assert {"lin"} <= {one["user"] for one in run("user", "list", "--json").json}
    assert run("user", "change", "lin", "--language", "fr", "--json").error == "NO_SUCH_LANGUAGE"
    assert run("user", "shut-out", "console", "--json").error == "CONSOLE_STAYS"
    verbs = [one["verb"] for one in run("audit", "list", "--subject", "user:lin", "--json").json]
    assert verbs[0] == "base.user.activated"
    assert run("audit", "check", "users", "--json").json["faults"] == []
    assert run("audit", "check", "nothing", "--json").error == "UNKNOWN"


def test_the_actions_ask_for_the_right_themselves(manager):
    with pytest.raises(Refused):
        exposure.enter_entity("E", "x", by=manager)
