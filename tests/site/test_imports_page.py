"""Files brought in through the page: guessed, matched, looked at, corrected, landed by a worker, taken back."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import books
from tests.site import uploading
from tests.site.uploading import again, answer_of, bring, press, see, work
from tests.site.visits import browse, read, words
from xinheng.base import clock
from xinheng.base.jobs import actions as jobs
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import AuditLine, Batch, Branch, Job
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure.public import Document
from xinheng.exchange import mappings
from xinheng.exchange.models import Correction, SavedMapping, Upload
from xinheng.exchange.uploads import store

pytestmark = pytest.mark.django_db

GOOD = "number,customer,issue_date,amount\nI1,A,2026-03-02,100\nI2,B,2026-03-03,250.50\n"
BAD = "number,customer,issue_date,amount\nI1,A,2026-03-02,100\nI2,NOBODY,2026-03-03,250.50\nI3,B,2026-13-01,x\n"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of the test's own: files are kept there."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def clerk(db):
    """A billing clerk of books with customers A and B."""
    books.found()
    branch = Branch.objects.create(code="SH", name="Shanghai")
    for code in "AB":
        books.customer(code, branch="SH")
    return books.person("clerk", "BILLING_CLERK", branch=branch)


@pytest.fixture
def desk(clerk):
    return browse(clerk)


def test_a_file_is_guessed_looked_at_landed_and_opens_its_documents(desk):
    upload = bring(desk, GOOD)
    page = see(desk, upload)
    assert upload.kind == "invoices"
    assert answer_of(page) == "All is well: 2 rows will land."
    assert "$350.50" in page
    assert not Document.objects.exists()
    press(desk, "land", upload)
    assert not Document.objects.exists()
    assert "It waits for the worker" in see(desk, upload)
    work()
    page = see(desk, upload)
    assert answer_of(page) == "2 rows are in the books."
    first = Document.objects.get(number="I1")
    assert f"/documents/{first.pk}/" in page
    assert again(upload).batch.file_name == "rows.csv"


def test_the_file_is_kept_under_its_digest_in_the_home_and_nowhere_else(desk, settings):
    upload = bring(desk, GOOD, name="..\\..\\etc/passwd.csv")
    kept = store.path_of(upload.digest)
    assert kept == settings.HOME / "files" / "imports" / upload.digest
    assert kept.read_bytes() == GOOD.encode()
    assert kept.stat().st_mode & 0o077 == 0
    answer = desk.get(f"{uploading.LIST}files/{upload.pk}/original/")
    assert b"".join(answer.streaming_content) == GOOD.encode()
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.exe", b"number", "bring a table"),
        ("rows.csv", b"%PDF-1.7 not a table", "PDF"),
        ("rows.xlsx", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("rows.csv", b"", "rows.csv"),
        ("rows.csv", b"number,customer,issue_date,amount\n", "rows.csv"),
    ],
)
def test_what_is_no_table_is_refused_in_words(desk, name, content, said):
    answer = desk.post(
        f"{uploading.LIST}bring/", {"file": SimpleUploadedFile(name, content)}, follow=True,
        headers={"referer": f"http://testserver{uploading.LIST}"},
    )  # fmt: skip
    assert said in words(answer.content.decode())
    assert not Upload.objects.exists()


def test_what_is_too_large_is_refused_in_words(desk, settings):
    settings.IMPORT_MAX_BYTES = 20
    answer = desk.post(f"{uploading.LIST}bring/", {"file": SimpleUploadedFile("rows.csv", GOOD.encode())})
    assert answer.status_code == 422
    assert "rows.csv” is too large" in words(answer.content.decode())


def test_no_file_is_asked_for(desk):
    assert desk.post(f"{uploading.LIST}bring/").status_code == 422


def test_wrong_cells_are_marked_and_corrected_and_the_file_stays_as_it_came(desk, clerk):
    upload = bring(desk, BAD)
    page = see(desk, upload)
    assert answer_of(page) == "2 rows are wrong; 1 other would land."
    assert 'name="cell-3-1" value="NOBODY"' in page
    assert "Nobody knows customer “NOBODY”" in words(page)
    press(desk, "correct", upload, **{"cell-3-1": "B", "cell-4-2": "2026-03-04"})
    page = see(desk, upload)
    assert answer_of(page) == "1 row is wrong; 2 others would land."
    assert 'name="cell-4-3" value="x"' in page
    press(desk, "correct", upload, **{"cell-4-3": "33"})
    assert answer_of(see(desk, upload)) == "All is well: 3 rows will land."
    press(desk, "land", upload)
    work()
    assert Document.objects.get(number="I3").amount == 33_00
    assert store.path_of(upload.digest).read_text() == BAD
    batch = Batch.objects.get()
    assert batch.file_digest == upload.digest
    assert batch.options["corrections"] == {"3": {"customer": "B"}, "4": {"issue_date": "2026-03-04", "amount": "33"}}
    told = Correction.objects.values_list("line", "heading", "before", "after", "by")
    assert (4, "amount", "x", "33", clerk.pk) in told
    assert AuditLine.objects.filter(verb="exchange.file.corrected").count() == 2
    assert "x → 33" in words(see(desk, upload))


def test_a_row_can_be_corrected_where_the_mistake_is_not_where_it_shows(desk):
    upload = bring(desk, "number,customer,issue_date,amount,net,tax\nI1,A,2026-03-02,100,60,13\n")
    page = read(desk, f"{uploading.LIST}files/{upload.pk}/rows/2/")
    assert 'name="cell-2-4" value="60"' in page
    press(desk, "correct", upload, **{"cell-2-4": "87"})
    assert answer_of(see(desk, upload)) == "All is well: 1 row will land."


@pytest.mark.parametrize("sent", [{"cell-2-1": "A"}, {"cell-3-1": "a\x07b"}, {"cell-99-1": "B"}])
def test_only_cells_that_were_shown_are_corrected_and_only_by_text(desk, sent):
    upload = bring(desk, BAD)
    press(desk, "correct", upload, **sent)
    assert not Correction.objects.exists()


def test_good_rows_land_and_the_others_are_a_sheet_with_the_reasons(desk):
    upload = bring(desk, BAD.replace("NOBODY", "=1+1"))
    press(desk, "land", upload)
    assert again(upload).job is None, "bad rows are not left out unless that was said"
    press(desk, "land", upload, keep_good="1")
    work()
    page = see(desk, upload)
    assert "2 rows were left out" in page
    answer = desk.get(f"{uploading.LIST}{again(upload).batch_id}/rejects/")
    sheet = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    text = "".join(sheet.read(name).decode() for name in sheet.namelist() if name.endswith(".xml"))
    assert "=1+1" in text
    assert "<f>" not in text
    assert Document.objects.count() == 1


def test_headings_are_matched_by_hand_kept_under_a_name_and_used_again(desk, clerk):
    odd = "Beleg,Firma,Tag,Summe\nI1,A,2026-03-02,100\n"
    upload = bring(desk, odd)
    press(desk, "describe", upload, kind="invoices")
    fields = {"field-number": "0", "field-customer": "1", "field-issue_date": "2", "field-amount": "3"}
    press(desk, "describe", upload, **fields, save_as="Berlin")
    assert answer_of(see(desk, upload)) == "All is well: 1 row will land."
    assert mappings.mapping_by_name("invoices", "Berlin")["amount"] == "Summe"
    assert SavedMapping.objects.get().saved_by == clerk
    other = bring(desk, odd.replace("I1", "I2"))
    press(desk, "describe", other, kind="invoices")
    press(desk, "describe", other, saved="Berlin")
    assert answer_of(see(desk, other)) == "All is well: 1 row will land."


def test_a_column_that_would_be_recognised_can_be_left_out(desk):
    upload = bring(desk, "number,customer,issue_date,amount,due_date\nI1,A,2026-03-02,100,x\n")
    assert answer_of(see(desk, upload)) == "1 row is wrong; no other row would land."
    fields = {"field-number": "0", "field-customer": "1", "field-issue_date": "2", "field-amount": "3"}
    press(desk, "describe", upload, **fields, **{"field-due_date": ""})
    assert answer_of(see(desk, upload)) == "All is well: 1 row will land."


def test_the_same_again_changes_nothing_and_differing_rows_correct_the_books_only_when_asked(desk):
    press(desk, "land", bring(desk, GOOD))
    work()
    assert answer_of(see(desk, bring(desk, GOOD))).startswith("Everything in it is in the books already")
    upload = bring(desk, GOOD.replace("100", "120"))
    assert "1 differs and counts as wrong" in words(see(desk, upload))
    press(desk, "describe", upload, update="on")
    assert answer_of(see(desk, upload)) == "All is well: 1 row will land."
    press(desk, "land", upload)
    work()
    assert Document.objects.get(number="I1", reversed_by=None).amount == 120_00


def test_a_batch_is_taken_back_with_a_reason_by_who_may(desk, clerk):
    upload = bring(desk, GOOD)
    press(desk, "land", upload)
    work()
    number = again(upload).batch_id
    assert desk.get(f"{uploading.LIST}{number}/undo/").status_code == 403
    manager = browse(books.person("fm", "FINANCE_MANAGER"))
    undo = f"{uploading.LIST}{number}/undo/"
    assert "2 documents are reversed" in read(manager, undo)
    assert manager.post(undo).status_code == 422
    page = manager.post(undo, {"reason": "wrong month"}, follow=True).content.decode()
    assert f"Batch {number} is taken back." in page
    assert "wrong month" in page
    assert not Document.objects.filter(reversed_by=None, number="I1").exists()


def test_a_large_file_is_looked_at_by_a_worker(desk, monkeypatch):
    monkeypatch.setattr("xinheng.exchange.uploads.actions.LARGE_FROM", 1)
    upload = bring(desk, BAD)
    assert upload.large
    assert again(upload).found is None
    assert "A worker has it" in see(desk, upload)
    progress = f"{uploading.LIST}files/{upload.pk}/progress/"
    assert "It waits for the worker" in read(desk, progress)
    work()
    assert desk.get(progress).headers["HX-Refresh"] == "true"
    assert answer_of(see(desk, upload)) == "2 rows are wrong; 1 other would land."


def test_work_is_stopped_and_nothing_is_written(desk):
    upload = bring(desk, GOOD)
    press(desk, "land", upload)
    press(desk, "stop", upload)
    work()
    assert not Document.objects.exists()
    assert "It was stopped. Nothing was written." in see(desk, upload)
    press(desk, "land", upload)
    work()
    assert Document.objects.count() == 2


def test_while_a_worker_has_it_nothing_about_it_changes(desk):
    upload = bring(desk, BAD)
    press(desk, "land", upload, keep_good="1")
    said = {"correct": {"cell-3-1": "B"}, "describe": {"update": "on"}, "land": {"keep_good": "1"}}
    for what, sent in {**said, "look": {}, "give-up": {}}.items():
        press(desk, what, upload, **sent)
    assert Job.objects.count() == 1
    assert not Correction.objects.exists()
    assert again(upload).state == Upload.State.LOOKED


def test_what_was_changed_after_the_look_is_looked_at_before_it_lands(desk, clerk):
    upload = bring(desk, "Beleg,Firma,Tag,Summe\nI1,A,2026-03-02,100\n")
    press(desk, "land", upload)
    assert not Job.objects.exists()


def test_it_lands_once_when_its_worker_dies_after_landing(desk, clerk):
    from xinheng.base.jobs.running import Running
    from xinheng.exchange.uploads.work import land_file

    upload = bring(desk, GOOD)
    press(desk, "land", upload)
    job = again(upload).job
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, worker="w")
    job.refresh_from_db()
    land_file(Running(job))
    Job.objects.filter(pk=job.pk).update(beat_at=clock.now() - timedelta(days=1))
    Worker().take_over(clerk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Batch.objects.count() == 1
    assert Document.objects.count() == 2


def test_given_up_it_lands_never(desk):
    upload = bring(desk, GOOD)
    press(desk, "give-up", upload)
    press(desk, "land", upload)
    assert not Job.objects.exists()
    assert "It was given up" in see(desk, upload)


def test_orders_tell_beforehand_which_of_them_the_check_would_hold(clerk):
    books.line(Customer.objects.get(code="A"), 100_00)
    console = books.person("all", "CONSOLE")
    desk = browse(console)
    upload = bring(desk, "number,customer,date,amount\nO1,A,2026-03-02,60\nO2,A,2026-03-02,60\n")
    assert upload.kind == "orders"
    press(desk, "describe", upload, check="on")
    page = words(see(desk, upload))
    assert "1 of 2 orders would be held: $60.00." in page
    assert "O2" in page
    assert not Document.objects.exists()
    assert not Batch.objects.exists()
    press(desk, "land", upload)
    work()
    assert {one.document.number: one.state for one in _orders()} == {"O1": "APPROVED", "O2": "HELD"}


def _orders():
    from xinheng.desk.sales.public import Order

    return Order.objects.select_related("document")


def test_somebody_elses_file_is_not_there_for_who_sees_less(desk):
    upload = bring(desk, GOOD)
    press(desk, "land", upload)
    work()
    number = again(upload).batch_id
    stranger = browse(books.person("stranger", "SALES_SUPERVISOR"))
    assert stranger.get(f"{uploading.LIST}{number}/").status_code == 404
    assert "rows.csv" not in read(stranger, uploading.LIST)
    assert stranger.get(f"{uploading.LIST}files/{upload.pk}/").status_code == 403


def test_who_may_not_bring_a_kind_is_told_which_right_is_missing(desk):
    rates = "date,from,to,rate\n2026-03-01,EUR,USD,1.1\n"
    upload = bring(desk, rates)
    assert upload.kind != "rates"
    answer = desk.post(f"{uploading.LIST}files/{upload.pk}/describe/", {"kind": "rates"})
    assert answer.status_code == 404


def test_the_list_tells_who_when_kind_rows_state_and_digest_and_goes_to_excel(desk, clerk):
    upload = bring(desk, GOOD)
    press(desk, "land", upload)
    work()
    page = words(read(desk, uploading.LIST))
    assert "1 file was brought in." in page
    for said in ("rows.csv", "Invoices", upload.digest[:10], "in the books"):
        assert said in page
    settlement = browse(books.person("other", "SETTLEMENT_CLERK"))
    sheet = settlement.get(uploading.LIST, {"format": "xlsx"})
    assert sheet.status_code == 200


def test_a_job_that_fails_says_why(desk, monkeypatch):
    upload = bring(desk, GOOD)
    press(desk, "land", upload)
    store.path_of(upload.digest).unlink()
    work()
    assert jobs.job_by_number(again(upload).job.pk, by=upload.recorded_by).state == Job.State.FAILED
    assert "rows.csv" in words(see(desk, upload))
