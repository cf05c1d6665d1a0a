"""Background work in the browser: the list, one job with its progress, stop and again for who may."""

import pytest

from tests import books
from tests.desk import deals
from tests.exchange.files import invoice, write
from tests.site.commandline import CommandLine
from tests.site.visits import browse, read, words
from xinheng.base.jobs import actions
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import AuditLine, Job
from xinheng.exchange.importing import Options
from xinheng.exchange.jobs import ask_for_import
from xinheng.rules.policy import SHIPPED
from xinheng.site import founding

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def job(manager):
    return actions.ask_for("begin-day", {"on": "2026-03-02"}, by=manager)


@pytest.fixture
def admin(acme):
    return books.person("admin", "ADMINISTRATOR")


def test_one_sees_ones_own_jobs_and_the_administrator_everybodys(job, manager, admin):
    assert "Beginning of a business day" in words(read(browse(manager), f"/settings/jobs/{job.pk}/"))
    for client, shown in ((browse(manager), 1), (browse(admin), 1), (browse(books.person("x", "SALESPERSON")), 0)):
        assert read(client, "/settings/jobs/").count(f"/settings/jobs/{job.pk}/") >= shown
        assert client.get(f"/settings/jobs/{job.pk}/").status_code == (200 if shown else 404)
    stranger = browse(books.person("y", "SALES_MANAGER"))
    for verb in ("stop", "again"):
        assert stranger.post(f"/settings/jobs/{job.pk}/{verb}/").status_code == 404
    job.refresh_from_db()
    assert job.state == State.WAITING


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_a_job_is_stopped_and_begun_again_on_its_page(job, who, request):
    client = browse(request.getfixturevalue(who))
    path = f"/settings/jobs/{job.pk}/"
    assert "Begin again" not in read(client, path)
    said = client.post(f"{path}stop/", follow=True).content.decode()
    assert "The job is stopped." in said
    assert f"{path}stop/" not in said
    said = client.post(f"{path}again/", follow=True).content.decode()
    assert "The job waits for a worker again." in said
    verbs = [one.verb for one in AuditLine.objects.filter(subject=f"job:{job.pk}").order_by("id")]
    assert verbs == ["base.job.asked_for", "base.job.stopped", "base.job.begun_again"]
    assert "background work stopped" in said
    Worker().one()
    assert client.post(f"{path}stop/", HTTP_REFERER=f"http://testserver{path}", follow=True).status_code == 200
    job.refresh_from_db()
    assert job.state == State.DONE


def test_the_page_follows_a_job_while_it_goes_on_and_then_no_more(job, manager):
    client, path = browse(manager), f"/settings/jobs/{job.pk}/"
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, stage="landing", done=41, of=100)
    part = client.get(path, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="job").content.decode()
    assert "every 2s" in part
    assert "<html" not in part
    assert "Writing to the books · 41%" in words(part)
    Job.objects.filter(pk=job.pk).update(state=State.WAITING)
    Worker().one()
    part = client.get(path, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="job").content.decode()
    assert "every 2s" not in part
    assert "0 breaches found" in words(part)


def test_jobs_are_picked_out_by_kind_state_person_and_day(job, manager, admin):
    mine = actions.ask_for("sweep", {}, by=admin)
    Worker().one()
    client = browse(admin)
    for query, shown in (
        ({}, {job.pk, mine.pk}),
        ({"kind": "sweep"}, {mine.pk}),
        ({"state": "DONE"}, {job.pk}),
        ({"whose": "mine"}, {mine.pk}),
        ({"since": "2020-01-01"}, {job.pk, mine.pk}),
        ({"until": "2020-01-01"}, set()),
    ):
        page = read(client, "/settings/jobs/", **query)
        assert {one.pk for one in (job, mine) if f'/settings/jobs/{one.pk}/"' in page} == shown, query
    assert "were not understood" in read(browse(manager), "/settings/jobs/", whose="mine")
    assert "1 job is under way or waits; 0 failed." in words(read(client, "/settings/jobs/"))


@pytest.fixture
def clerk(acme):
    return books.person("clerk", "BILLING_CLERK", "SETTLEMENT_CLERK")


def test_an_imported_file_is_told_in_the_readers_language(clerk, tmp_path):
    path = write(tmp_path / "i.csv", [invoice("I1", "A", 100), invoice("I2", "NOBODY", 100)])
    refused = ask_for_import("invoices", path, Options(), by=clerk)
    landed = ask_for_import("invoices", path, Options(keep_good=True), by=clerk)
    for _job in "12":
        Worker().one()
    page = words(read(browse(clerk), f"/settings/jobs/{refused.pk}/"))
    for said in ("i.csv", "Nothing was written.", "line 3"):
        assert said in page, page
    page = words(read(browse(clerk, "zh"), f"/settings/jobs/{landed.pk}/"))
    for said in ("写入 1", "退回 1", "批次", "第 3 行"):
        assert said in page, page
    assert str(tmp_path) not in page, "where the file lies on the server is nobody's business"


def test_a_failed_job_says_why_in_words(clerk, tmp_path):
    gone = ask_for_import("invoices", tmp_path / "gone.csv", Options(), by=clerk)
    Worker().one()
    gone.refresh_from_db()
    assert gone.state == State.FAILED
    page = words(read(browse(clerk), f"/settings/jobs/{gone.pk}/"))
    assert "“gone.csv” cannot be read" in page
    assert "What to do" in page
    assert str(tmp_path) not in page


@pytest.fixture
def run(acme, monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys)


def test_a_back_test_is_a_job_whose_result_stays(run, acme, manager, tmp_path):
    books.line(acme, 50_00)
    deals.checked(acme, "O1", 60_00)
    policy = tmp_path / "policy.toml"
    old, new = deals.effect("over_limit", order="NOTICE", change="NOTICE")
    policy.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    number = run("policy", "backtest", policy, "--job", "--json", by=manager).json["job"]
    asked = AuditLine.objects.get(subject=f"job:{number}")
    assert asked.data["arguments"]["document"].startswith("sha256:")
    Worker().one()
    at_once = run("policy", "backtest", policy, "--json", by=manager).json
    told = run("jobs", "show", number, "--json", by=manager).json
    assert (told["state"], told["result"]) == (State.DONE, at_once)
    assert at_once["newly_freed"]["count"] == 1
    page = words(read(browse(manager), f"/settings/jobs/{number}/"))
    for said in ("1 held then, 0 under this policy", "Freed now: 1", "O1 A"):
        assert said in page, page
    assert "Freed now: 1" in run("jobs", "show", number, by=manager).out


def test_a_back_test_is_asked_for_by_who_may_and_with_a_policy_that_holds(run, tmp_path):
    bad, good = tmp_path / "bad.toml", tmp_path / "good.toml"
    bad.write_text("nothing = 1", encoding="utf-8")
    good.write_text(SHIPPED, encoding="utf-8")
    words_of = ("policy", "backtest", good, "--job", "--json")
    assert run(*words_of, by=books.person("lin", "SALESPERSON")).error == "PERMISSION_DENIED"
    assert run("policy", "backtest", bad, "--job", "--json").error == "BAD_POLICY"
    assert run(*words_of, "--from", "2026-03-02", "--until", "2026-03-01").error == "BAD_PERIOD"
    assert not Job.objects.exists()


def test_a_stopped_back_test_begins_again(run, acme, tmp_path):
    deals.checked(acme, "O1", 60_00)
    good = tmp_path / "good.toml"
    good.write_text(SHIPPED, encoding="utf-8")
    number = run("policy", "backtest", good, "--job", "--json").json["job"]
    Worker()._claim()
    console = founding.console()
    assert actions.stop(number, by=console).stop_asked
    Worker(dead_after=0).take_over(console)
    assert actions.job_by_number(number, by=console).state == State.STOPPED
    actions.again(number, by=console)
    Worker().one()
    done = actions.job_by_number(number, by=console)
    assert (done.state, done.result["orders"]) == (State.DONE, 1)
