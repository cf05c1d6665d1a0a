"""Background work: asked for with an action, done once whatever becomes of the worker, stopped and begun again."""

import subprocess
import sys

import pytest
from django.db import IntegrityError, transaction

from tests import books, installation
from tests.exchange.files import invoice, write
from tests.installation import ROOT
from tests.site.commandline import CommandLine
from tests.site.kept import DEATHS as DEATHS_OF_ONE_KEPT
from xinheng.base.database import atomic
from xinheng.base.errors import LockTimeout, WrongState
from xinheng.base.jobs import actions, kinds, schedule
from xinheng.base.jobs.running import GivenBack, Lost, Stopped
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import AuditLine, Job
from xinheng.site import founding

State = Job.State
DEATHS = 6


@pytest.fixture
def acme(db):
    books.found()
    return books.customer("A")


@pytest.fixture
def console(acme):
    return founding.console()


@pytest.fixture
def run(acme, monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def work(monkeypatch):
    """``work(function)``: what a job of kind ``test`` does."""
    done = []

    def is_done_by(function):
        monkeypatch.setitem(kinds._KINDS, "test", Work(function))
        return done

    return is_done_by


class Work:
    title = "test"

    def __init__(self, function):
        self.function = function

    def told(self, _job):
        return kinds.Told()

    def work(self):
        return self.function


def test_what_is_asked_for_in_a_transaction_that_fails_was_never_asked_for(acme, console, work):
    work(lambda running: {})
    with pytest.raises(ZeroDivisionError), atomic(durable=False):
        actions.ask_for("test", {}, by=console)
        raise ZeroDivisionError
    assert not Job.objects.exists()
    assert not AuditLine.objects.filter(stream="jobs").exists()


def test_a_job_keeps_what_came_of_it(acme, console, work):
    work(lambda running: {"sum": sum(running.arguments["parts"])})
    job = actions.ask_for("test", {"parts": [1, 2]}, by=console)
    assert Worker().one()
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (State.DONE, {"sum": 3}, 1)
    assert not Worker().one()


def test_a_stopped_job_ends_at_its_next_safe_point_and_begins_again(acme, console, work):
    def until_stopped(running):
        if running.job.attempts == 1 and not stopped:
            stopped.append(actions.stop(running.job.pk, by=console).state)
        running.tick("counting", 1, 2)
        return {"whole": True}

    stopped = work(until_stopped)
    job = actions.ask_for("test", {}, by=console)
    Worker().one()
    job.refresh_from_db()
    assert (stopped, job.state, job.result) == ([State.RUNNING], State.STOPPED, None)
    assert actions.again(job.pk, by=console).state == State.WAITING
    Worker().one()
    job.refresh_from_db()
    assert (job.state, job.result) == (State.DONE, {"whole": True})


def test_a_busy_account_is_tried_again_later_and_not_for_ever(acme, console, work):
    def busy(running):
        raise LockTimeout

    work(busy)
    job = actions.ask_for("test", {}, by=console)
    for attempt in range(1, kinds.ATTEMPTS + 1):
        assert Worker().one()
        assert not Worker().one(), "a while must pass"
        job.refresh_from_db()
        assert job.attempts == attempt
        Job.objects.filter(state=State.WAITING).update(not_before=job.recorded_at)
    assert (job.state, job.error) == (State.FAILED, "LOCK_TIMEOUT")


def test_a_worker_that_was_thought_dead_lands_nothing(acme, console, work):
    def overtaken(running):
        Job.objects.filter(pk=running.job.pk).update(worker="another")
        for point in (lambda: running.tick("counting", 1, 2), lambda: running.land({"sum": 1})):
            with pytest.raises(Lost):
                point()
        raise Lost

    work(overtaken)
    job = actions.ask_for("test", {}, by=console)
    Worker().one()
    job.refresh_from_db()
    assert (job.state, job.worker, job.result) == (State.RUNNING, "another", None)


def test_a_job_over_which_workers_die_again_and_again_has_failed(acme, console, work):
    work(lambda running: {})
    job = actions.ask_for("test", {}, by=console)
    for _death in range(kinds.ATTEMPTS):
        assert Worker()._claim() is not None
        Worker(dead_after=0).take_over(console)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, "JOB_WORKER_LOST")
    told = AuditLine.objects.filter(subject=f"job:{job.pk}", verb="base.job.taken_over").order_by("id")
    assert [line.data["state"] for line in told] == [State.WAITING] * (kinds.ATTEMPTS - 1) + [State.FAILED]
    assert {line.actor_id for line in told} == {console.pk}


#: What the dead worker left behind → what becomes of the job.
LEFT = {
    "nothing": ({}, State.WAITING, None),
    "what it landed": ({"result": {"sum": 1}}, State.DONE, {"sum": 1}),
    "what it landed at the last attempt": ({"result": {"sum": 1}, "attempts": 5}, State.DONE, {"sum": 1}),
    "a job somebody wanted stopped": ({"stop_asked": True}, State.STOPPED, None),
}


@pytest.mark.parametrize("left", LEFT)
def test_what_a_dead_worker_leaves_is_taken_over_as_it_stands(acme, console, work, left):
    words, state, result = LEFT[left]
    work(lambda running: {})
    job = actions.ask_for("test", {}, by=console)
    Worker()._claim()
    Job.objects.filter(pk=job.pk).update(**words)
    Worker(dead_after=0).take_over(console)
    job.refresh_from_db()
    assert (job.state, job.result, job.worker) == (state, result, "")


def test_taking_over_happens_whole_or_not_at_all(acme, console, work, monkeypatch):
    work(lambda running: {})
    jobs = [actions.ask_for("test", {}, by=console) for _ in "12"]
    for _ in jobs:
        Worker()._claim()
    told = iter([None])
    monkeypatch.setattr("xinheng.base.jobs.worker.audit.record", lambda *_a, **_k: next(told))
    with pytest.raises(StopIteration):
        Worker(dead_after=0).take_over(console)
    assert {job.state for job in Job.objects.all()} == {State.RUNNING}


#: What goes wrong after the landing: none of it takes back what has landed.
AFTERWARDS = {
    "it breaks": ZeroDivisionError,
    "it is stopped": Stopped,
    "its worker goes": GivenBack,
    "busy": LockTimeout,
}


@pytest.mark.parametrize("wrong", AFTERWARDS)
def test_what_has_landed_is_done_whatever_goes_wrong_afterwards(acme, console, work, wrong):
    def landed(running):
        running.land({"sum": 1})
        raise AFTERWARDS[wrong]

    work(landed)
    job = actions.ask_for("test", {}, by=console)
    Worker().one()
    job.refresh_from_db()
    assert (job.state, job.result, job.error) == (State.DONE, {"sum": 1}, "")
    with pytest.raises(WrongState):
        actions.again(job.pk, by=console)


def test_a_job_that_is_not_done_has_no_result(acme, console, work):
    work(lambda running: {})
    job = actions.ask_for("test", {}, by=console)
    for state in (State.WAITING, State.FAILED, State.STOPPED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=state, result={"sum": 1})


def test_a_job_has_the_rights_its_owner_has_when_it_is_done(run, tmp_path):
    clerk = books.person("clerk", "BILLING_CLERK")
    path = write(tmp_path / "i.csv", [invoice("I1", "A", 100)])
    number = run("jobs", "import", "invoices", str(path), "--json", by=clerk).json["job"]
    clerk.roles = []
    clerk.save()
    Worker().one()
    told = run("jobs", "show", str(number), "--json").json
    assert (told["state"], told["error"]["code"]) == (State.FAILED, "PERMISSION_DENIED")


def test_one_sees_ones_own_jobs_and_the_administrator_everybodys(run, console, work):
    work(lambda running: {})
    job = str(actions.ask_for("test", {}, by=console).pk)
    stranger, admin = books.person("stranger", "SALESPERSON"), books.person("admin", "ADMINISTRATOR")
    assert run("jobs", "list", "--json", by=stranger).json == {"jobs": []}
    for verb in ("show", "stop", "again"):
        assert run("jobs", verb, job, "--json", by=stranger).error == "UNKNOWN"
    assert run("jobs", "stop", job, "--json", by=admin).json["state"] == State.STOPPED
    assert run("jobs", "stop", job, "--json", by=admin).error == "WRONG_STATE"
    assert "stopped" in run("jobs", "list", by=admin).out


def test_the_schedule_asks_once_a_day(acme, console):
    for _look in range(3):
        schedule.bring(console)
    assert sorted(job.kind for job in Job.objects.all()) == ["begin-day", "sweep"]
    told = AuditLine.objects.filter(verb="base.job.scheduled")
    assert {(line.actor_id, line.data["schedule"]) for line in told} == {
        (console.pk, "begin-day"),
        (console.pk, "sweep"),
    }


def test_a_worker_that_dies_is_followed_by_another(tmp_path):
    log = tmp_path / "log"
    kept = subprocess.run(
        [sys.executable, "-m", "tests.site.kept", str(log)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    begun = log.read_text().split()
    assert (kept.returncode, len(begun), len(set(begun))) == (0, DEATHS_OF_ONE_KEPT + 1, DEATHS_OF_ONE_KEPT + 1)
    assert kept.stderr.count("another one begins") == DEATHS_OF_ONE_KEPT


def _work(made, stop_at):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.site.working", str(stop_at)], cwd=ROOT,
        env=made.surroundings(DJANGO_SETTINGS_MODULE="xinheng.site.settings"), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


_LOOK = """
import hashlib
from tests.exchange.killing import held
from xinheng.base.models import Batch, Job
from xinheng.desk.control.models import DayStart
from xinheng.desk.exposure.public import Document
print(Batch.objects.filter(kind="invoices").count(), Document.objects.count(), DayStart.objects.count(),
      hashlib.sha256(repr(held()).encode()).hexdigest(), *sorted(Job.objects.values_list("kind", "state")))
"""


def test_a_killed_worker_loses_and_doubles_nothing(tmp_path):
    path = write(
        tmp_path / "invoices.csv", [invoice(f"I{n}", f"C{n % 5}", n, due_date="2026-04-01") for n in range(1, 200)]
    )
    with installation.empty(tmp_path) as original:
        original.does("init", "--currency", "USD")
        customers = write(tmp_path / "customers.csv", [{"code": f"C{n}", "name": f"Customer {n}"} for n in range(5)])
        original.does("import", "customers", customers)
        original.does("jobs", "import", "invoices", path)
        with installation.copied(original, tmp_path) as clean:
            statements = int(_work(clean, 0).communicate()[0])
            wanted = clean.python(_LOOK)
        assert wanted.split()[:3] == ["1", "199", "1"]
        spread = [1 + death * (statements - 2) // (DEATHS - 1) for death in range(DEATHS)]
        for death in [*spread, "landing", "landed"]:
            with installation.copied(original, tmp_path) as made:
                killed = _work(made, death)
                killed.communicate()
                assert killed.returncode == -9
                made.does("jobs", "list")
                next_one = _work(made, 0)
                next_one.communicate()
                assert next_one.returncode == 0
                assert made.python(_LOOK) == wanted, death
                made.does("verify")


def test_two_workers_do_each_job_once(tmp_path):
    with installation.empty(tmp_path) as made:
        made.does("init", "--currency", "USD")
        both = [subprocess.Popen(made.command("jobs", "run", "--until-empty"), env=made.surroundings()) for _ in "12"]
        assert [one.wait() for one in both] == [0, 0]
        assert made.python(_LOOK).split(maxsplit=4)[2::2] == ["1", "('begin-day', 'DONE') ('sweep', 'DONE')\n"]
