"""Lists taken out of the house: every file is noted; a long one is made by a job and waits for its owner alone."""

import io
import os
import zipfile

import pytest

from tests import books, installation
from tests.exchange.files import write
from tests.site.visits import an_order, browse, read, words
from xinheng.base import excel, exports
from xinheng.base.errors import Refused, Unknown
from xinheng.base.jobs import actions
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import AuditLine, Job
from xinheng.site import founding

State = Job.State
ORDERS = "/control/orders/?state=HELD&format=xlsx"


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def held(acme):
    return [an_order(acme, f"S{number}", 100) for number in range(3)]


@pytest.fixture
def many(held, monkeypatch):
    """Three rows are many."""
    monkeypatch.setattr(exports, "COUNT_MAX", 2)


@pytest.fixture
def made(many, manager):
    """The job that has made the manager's file."""
    browse(manager).get(ORDERS)
    Worker().one()
    return Job.objects.get()


def names(home):
    return [file.name for file in (home / "exports").iterdir()]


def cells(content):
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/"))


def test_a_short_list_comes_at_once_and_is_noted(held, manager):
    answer = browse(manager).get(ORDERS)
    assert "S0" in cells(answer.content)
    line = AuditLine.objects.get(stream="exports")
    assert (line.verb, line.actor, line.subject) == ("base.list.exported", manager, "list:orders")
    assert (line.data["rows"], line.data["path"], line.data["asked"]) == (3, "/control/orders/", [["State", "Held"]])
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/receivables/items/", "open-items"), ("/receivables/ageing/", "ageing"), ("/customers/", "customers")],
)
def test_every_page_that_gives_a_file_notes_it(held, manager, path, name):
    assert browse(manager).get(path, {"format": "xlsx"}).status_code == 200
    assert AuditLine.objects.get(stream="exports").subject == f"list:{name}"


def test_a_refused_or_misread_export_is_not_noted(held):
    seller = browse(books.person("stock", "WAREHOUSE"))
    assert seller.get(ORDERS).status_code == 403
    assert not AuditLine.objects.filter(stream="exports").exists()


def test_a_long_list_becomes_a_job_whose_file_waits(many, manager, home):
    client = browse(manager)
    asked = client.get(ORDERS)
    job = Job.objects.get()
    assert (asked.status_code, asked.url) == (302, f"/settings/jobs/{job.pk}/")
    assert client.get(ORDERS).url == asked.url, "the same question is asked once"
    assert not AuditLine.objects.filter(stream="exports").exists()
    Worker().one()
    page = words(read(client, asked.url))
    assert "3 rows were written" in page
    answer = client.get(f"{asked.url}file/")
    assert answer["Content-Disposition"] == 'attachment; filename="orders.xlsx"'
    assert "S2" in cells(answer.content)
    lines = AuditLine.objects.filter(stream="exports").order_by("id")
    assert [(one.verb, one.data["job"]) for one in lines] == [(exports.EXPORTED, job.pk), (exports.FETCHED, job.pk)]
    assert [one.data.get("rows") for one in lines] == [3, None]
    (file,) = (home / "exports").iterdir()
    assert file.stat().st_mode & 0o077 == 0, "readable by the server only"


def test_a_file_is_in_the_language_it_was_asked_in(many, manager):
    client = browse(manager, "zh")
    client.get(ORDERS)
    Worker().one()
    assert "客户" in cells(client.get(f"/settings/jobs/{Job.objects.get().pk}/file/").content)


def test_the_file_is_for_its_owner_alone(made):
    admin = books.person("admin", "ADMINISTRATOR", "FINANCE_MANAGER")
    assert browse(admin).get(f"/settings/jobs/{made.pk}/").status_code == 200
    assert browse(admin).get(f"/settings/jobs/{made.pk}/file/").status_code == 404
    with pytest.raises(Unknown):
        exports.fetch(made.pk, by=founding.console())


def test_rights_are_looked_at_again_when_the_file_is_fetched(made, manager):
    manager.roles = ["SALES_DIRECTOR"]
    manager.save()
    with pytest.raises(exports.RightsChanged):
        exports.fetch(made.pk, by=manager)
    manager.roles = ["WAREHOUSE"]
    manager.save()
    with pytest.raises(Refused):
        exports.fetch(made.pk, by=manager)
    assert not AuditLine.objects.filter(verb=exports.FETCHED).exists()


def test_a_job_has_the_rights_its_owner_has_when_it_is_done(many, manager):
    browse(manager).get(ORDERS)
    manager.roles = ["WAREHOUSE"]
    manager.save()
    Worker().one()
    job = Job.objects.get()
    assert (job.state, job.error) == (State.FAILED, "PERMISSION_DENIED")


def test_a_file_holds_the_rows_of_its_owners_branch(many, acme):
    other = books.customer("B", salesperson="S02", branch="SH")
    for number in range(3):
        an_order(other, f"T{number}", 100)
    lin = books.person("lin", "SALES_MANAGER")
    lin.branch = other.branch
    lin.save()
    client = browse(lin)
    client.get(ORDERS)
    Worker().one()
    content = cells(client.get(f"/settings/jobs/{Job.objects.get().pk}/file/").content)
    assert [number for number in ("S0", "S1", "S2", "T0", "T1", "T2") if f">{number}<" in content] == ["T0", "T1", "T2"]


def test_files_are_removed_after_a_week_and_the_page_says_so(made, manager, home):
    (file,) = (home / "exports").iterdir()
    half = home / "exports" / f"{made.pk}.0123"
    half.write_bytes(b"half")
    actions.ask_for("sweep", {}, by=founding.console())
    Worker().one()
    assert file.exists(), "it has not waited for a week"
    old = file.stat().st_mtime - 86_400 * (exports.KEPT_DAYS + 1)
    for one in (file, half):
        os.utime(one, (old, old))
    actions.ask_for("sweep", {}, by=founding.console())
    Worker().one()
    assert names(home) == []
    client = browse(manager)
    assert "has been removed" in read(client, f"/settings/jobs/{made.pk}/")
    assert "7 days" in client.get(f"/settings/jobs/{made.pk}/file/").content.decode()


def test_a_worker_that_has_lost_the_job_disturbs_no_file(many, manager, monkeypatch):
    """Two workers make the file, the first of them is thought dead: the second one's file is what its owner gets."""
    client = browse(manager)
    client.get(ORDERS)
    job = Job.objects.get()
    written = excel.workbook
    files = []

    def overtaken(heads, rows, about=()):
        mine = written(heads, rows, [*about, ("made", str(len(files)))])
        files.append(mine)
        if len(files) == 1:
            Worker(dead_after=0).take_over(founding.console())
            Worker().one()
        return mine

    monkeypatch.setattr(excel, "workbook", overtaken)
    Worker().one()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)
    assert AuditLine.objects.filter(verb=exports.EXPORTED).count() == 1
    assert client.get(f"/settings/jobs/{job.pk}/file/").content == files[1]


_LONG = """
from xinheng.base import excel, exports
from xinheng.base.jobs import actions
from xinheng.base.jobs.worker import Worker
from xinheng.site import founding
excel._CHUNK = 1
console = founding.console()
for path in ("/customers/", "/customers/"):
    actions.ask_for("export", {"path": path, "query": "format=xlsx", "language": "en"}, by=console)
worker, tick = Worker(beat=0.001), excel.background
assert worker.one()
def stop():
    actions.stop(2, by=console)
    worker.running.say()
    connection.close()
class Stopping:
    def __init__(self, tick):
        self.tick, self.rows = tick, 0
    def __call__(self, *told):
        self.rows += 1
        if self.rows == 3:
            thread = threading.Thread(target=stop)
            thread.start(), thread.join()
        self.tick(*told)
import threading
from django.db import connection
exports.excel.background = lambda given: tick(Stopping(given))
assert worker.one()
for job in actions.visible_to(console).order_by("id"):
    print(job.state, job.attempts, job.stage, job.done > 0)
"""


def test_a_long_list_is_read_while_others_write_and_can_still_be_stopped(tmp_path):
    """SQLite lets nobody write who reads an older state; so the work reads, and another connection tells of it."""
    rows = [{"code": f"C{number}", "name": f"Customer {number}"} for number in range(300)]
    with installation.empty(tmp_path) as made:
        made.does("init", "--currency", "USD")
        made.does("import", "customers", write(tmp_path / "customers.csv", rows))
        assert made.python(_LONG).splitlines() == ["DONE 1 writing True", "STOPPED 1 writing True"]


def test_a_job_that_is_stopped_leaves_no_file(many, manager, home, monkeypatch):
    browse(manager).get(ORDERS)
    job = Job.objects.get()
    monkeypatch.setattr(excel, "_CHUNK", 1)
    written = excel.workbook

    def stopped_meanwhile(heads, rows, about=()):
        actions.stop(job.pk, by=manager)
        return written(heads, rows, about)

    monkeypatch.setattr(excel, "workbook", stopped_meanwhile)
    Worker().one()
    job.refresh_from_db()
    assert (job.state, job.result) == (State.STOPPED, None)
    assert not (home / "exports").exists()
    assert not AuditLine.objects.filter(stream="exports").exists()


def test_the_auditor_reads_who_took_what(held, manager):
    browse(manager).get(ORDERS)
    auditor = browse(books.person("auditor", "AUDITOR"))
    page = words(read(auditor, "/settings/exports/"))
    for said in ("He Li", "Orders", "State Held", "1 file left, taken by 1 person"):
        assert said in page
    assert "He Li" not in words(read(auditor, "/settings/exports/", q="nobody"))
    assert "He Li" in words(read(auditor, "/settings/exports/", q="orders", since="2020-01-01"))
    assert auditor.get("/settings/exports/", {"format": "xlsx"}).status_code == 200
    assert AuditLine.objects.filter(stream="exports").count() == 2, "looking at the log is noted as well"
