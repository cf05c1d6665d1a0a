"""Everything else over HTTP: what is stated at this door stands in the books as at every other, in the same words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import books
from tests.api.asking import ROOT, Asking
from tests.desk import money
from tests.site.commandline import CommandLine
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import Company, Job
from xinheng.desk.customers.public import Customer
from xinheng.rules.policy import SHIPPED
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def all_of_them(acme):
    """Somebody who may do nearly everything, as only a test may."""
    roles = ("FINANCE_MANAGER", "FINANCE_DIRECTOR", "SETTLEMENT_CLERK", "BILLING_CLERK", "WAREHOUSE")
    return Asking(books.person("all", *roles))


@pytest.mark.covers("AR-001")
def test_money_is_received_allocated_and_taken_back(all_of_them, run, line):
    ask = all_of_them
    entered = ask.post("/invoices", number="I", customer="A", amount="60", date="2026-03-01", due="2026-03-31")
    assert (entered.status, entered.json["parts"]) == (
        201,
        [{"instalment": 1, "due": "2026-03-31", "amount": "60.00"}],
    )
    received = ask.post("/receipts", number="R", customer="A", amount="50")
    assert (received.status, received.json["unapplied"]) == (201, "50.00")
    settled = ask.post("/receipts/R/allocations", invoice="I", amount="20")
    assert (settled.status, settled.json["unapplied"]) == (201, "30.00")
    assert ask.get("/invoices/I").json["open"] == "40.00"
    assert ask.get("/allocations", invoice="I").json["items"] == run("allocation", "list", "I", "--json").json
    undone = ask.post(f"/allocations/{settled.json['allocations'][0]['id']}/undoings", reason="wrong invoice")
    assert undone.json["state"] == "undone"
    assert ask.post("/receipts/R/allocations", way="exact").code == "NO_EXACT_MATCH"
    assert ask.post("/receipts/R/allocations", way="oldest").json["unapplied"] == "0.00"
    assert ask.post("/receipts/R/allocations", way="oldest", invoice="I", amount="1").code == "ONE_WAY"
    assert ask.post("/receipts/R/reversals", reason="bounced").code == "HAS_ALLOCATIONS"
    money.in_order()


def test_credit_notes_reduce_the_invoice_they_name(all_of_them, line):
    ask = all_of_them
    ask.post("/invoices", number="I", customer="A", amount="60")
    assert ask.post("/credit-notes", number="C", customer="A", amount="25", invoice="I").json["kind"] == "credit-note"
    assert ask.get("/invoices/I").json["open"] == "35.00"
    assert ask.post("/credit-notes/C/reversals", reason="it was right").json["amount"] == "25.00"
    assert ask.post("/invoices/I/reversals", reason="never sent").json["amount"] == "60.00"
    assert ask.get("/invoices/I").code == "UNKNOWN"
    assert [one["reversed"] for one in ask.get("/documents", number="I").json["items"]] == [True]


def test_paper_comes_and_is_paid_or_not(all_of_them, line):
    ask = all_of_them
    ask.post("/invoices", number="I", customer="A", amount="60")
    stated = {"customer": "A", "kind": "CHEQUE", "amount": "30", "maturity": "2026-03-05", "invoice": "I"}
    assert ask.post("/instruments", number="B1", **stated).json["state"] == "received"
    assert ask.post("/instruments", number="B2", **stated).json["paper"] == "CHEQUE"
    assert ask.post("/instruments/B1/changes", state="cleared").json["state"] == "cleared"
    assert ask.post("/instruments/B2/changes", state="dishonoured").json["state"] == "dishonoured"
    assert ask.get("/invoices/I").json["open"] == "30.00"
    assert ask.post("/instruments/B1/changes", state="cleared").status == 409


def test_bad_debt_is_given_up_and_recovered(all_of_them, line):
    ask = all_of_them
    ask.post("/invoices", number="I", customer="A", amount="60")
    lost = ask.post("/invoices/I/write-offs", amount="50", reason="bankrupt")
    assert (lost.json["amount"], lost.json["open"], lost.json["written_off"]) == ("50.00", "10.00", "50.00")
    assert ask.post("/receipts", number="R", customer="A", amount="5").status == 201
    assert ask.post("/invoices/I/recoveries", amount="5", receipt="R").json["written_off"] == "45.00"
    assert ask.post("/recoveries", number="R2", invoice="I", amount="5").json["written_off"] == "40.00"
    assert ask.post("/invoices/I/write-off-undoings", reason="they pay").json["open"] == "50.00"
    assert [one["kind"] for one in ask.get("/holds").json["items"]] == ["WRITE_OFF"]


def test_lines_and_holds_are_set_and_seen(all_of_them, run):
    ask = all_of_them
    seen = ask.get("/customers/A/lines").headers["ETag"]
    line = ask.post("/customers/A/lines", limit="500", term="30D", instruments=["CHEQUE"], match=seen)
    assert (line.status, line.json["limit"], line.json["term"]) == (201, "500.00", "30D")
    assert ask.post("/customers/A/lines", limit="900", match=seen).code == "CHANGED_MEANWHILE"
    assert ask.get("/customers/A/lines").json == [line.json]
    placed = ask.post("/customers/A/holds", reason="they moved")
    assert placed.status == 201
    assert ask.get("/holds").json["items"] == run("hold", "list", "--json").json == [placed.json]
    assert ask.post("/customers/A/holds", kind="BREACH", reason="x").code == "BAD_FIELDS"
    lifted = ask.post(f"/holds/{placed.json['id']}/liftings", reason="found them")
    assert lifted.json["lifted_at"]
    assert ask.get(f"/holds/{placed.json['id']}").json == lifted.json
    assert ask.get("/holds").json["items"] == []


def test_a_hold_on_somebody_elses_customer_is_not_there(all_of_them, run):
    id = all_of_them.post("/customers/A/holds", reason="they moved").json["id"]
    stranger = books.person("stranger", "SALES_MANAGER", code="S99")
    assert Asking(stranger).get(f"/holds/{id}").code == "UNKNOWN"
    lifter = books.person("lifter", "SALES_MANAGER", "CONSOLE")
    assert run("hold", "lift", id, "--reason", "x", "--json", by=stranger).error == "PERMISSION_DENIED"
    assert Asking(lifter).get(f"/holds/{id}").status == 200


def test_the_customer_file_is_kept(all_of_them):
    ask = all_of_them
    made = ask.post(
        "/customers", code="007", name="邦德贸易", group="G", branch="SH", salesperson="S01", currency="USD"
    )
    assert (made.status, made.json["code"], made.json["group"]) == (201, "007", "G")
    assert [one["code"] for one in ask.get("/customers", q="bdmy").json["items"]] == ["007"]
    seen = ask.get("/customers/007").headers["ETag"]
    assert ask.post("/customers/007/changes", name="邦德国际", match=seen).json["name"] == "邦德国际"
    late = ask.post("/customers/007/changes", name="x", match=seen)
    assert (late.code, Customer.objects.get(code="007").name) == ("CHANGED_MEANWHILE", "邦德国际")
    assert ask.post("/customers", code="007").code == "CONFLICT"
    assert ask.post("/customers", code="8", tax_id="x" * 41).code == "BAD_FIELDS"


def test_rates_are_stated_and_entities_seen(all_of_them):
    ask = all_of_them
    assert ask.post("/rates", source="EUR", target="USD", rate="1.1").json["rate"] == "1.1"
    assert [one["source"] for one in ask.get("/rates").json["items"]] == ["EUR"]
    assert ask.post("/rates", source="EUR", target="EUR", rate="1").code == "BAD_RATE"
    assert [one["code"] for one in ask.get("/entities").json] == ["MAIN"]


def test_a_month_is_closed_and_read_again(all_of_them, run, line):
    ask = all_of_them
    money.invoice(Customer.objects.get(code="A"), "I", 60_00, on=books.DAY.replace(month=2))
    closed = ask.post("/months", month="2026-02")
    assert (closed.status, closed.json["state"]) == (201, "closed")
    assert ask.get("/months").json["items"] == run("month", "list", "--json").json
    assert ask.get("/months/2026-02").json == run("month", "show", "2026-02", "--json").json
    assert ask.get("/months/2026-01").code in {"NOT_CLOSED", "CLOSED_WITHOUT_LIST"}
    assert ask.get("/months/2026-13").code == "BAD_MONTH"
    assert ask.post("/months/reopenings").json["state"] == "reopening-asked"
    assert Asking(books.person("gm", "GENERAL_MANAGER")).post("/months/reopenings").json["state"] == "reopened"


def test_the_policy_is_read_proposed_and_signed_by_another(all_of_them, run):
    ask = all_of_them
    assert ask.get("/policy").json == run("policy", "show", "--json").json
    assert ask.post("/policy/checks", document="limit = 1").json["problems"]
    text = SHIPPED.replace("watch_percent = 90", "watch_percent = 80")
    made = ask.post("/policy/versions", document=text, note="earlier")
    assert (made.status, made.json["status"]) == (201, "PROPOSED")
    version = made.json["version"]
    assert ask.get("/policy/differences", first=1, second=version).json == [
        {"section": "limit", "field": "watch_percent", "old": 90, "new": 80}
    ]
    assert ask.post(f"/policy/versions/{version}/signatures").code == "PERMISSION_DENIED"
    boss = Asking(books.person("gm", "GENERAL_MANAGER"))
    assert boss.post(f"/policy/versions/{version}/signatures").json["status"] == "SIGNED"
    assert ask.get("/policy").json["version"] == version
    assert [one["version"] for one in ask.get("/policy/versions").json["items"]] == [version, 1]


class TestFiles:
    def send(self, ask, name="customers.csv", text="code,name\n1,One\n2,Two\n", key="", **chosen):
        file = SimpleUploadedFile(name, text.encode())
        headers = {**ask.headers, **({"Idempotency-Key": key} if key else {})}
        return ask.client.post(f"{ROOT}/imports/customers", {"file": file, **chosen}, headers=headers)

    def test_a_file_is_sent_and_its_job_watched(self, all_of_them, run):
        ask = all_of_them
        sent = self.send(ask, key="f1")
        assert sent.status_code == 201, sent.content
        number = sent.json()["job"]
        assert self.send(ask, key="f1").json() == sent.json()
        assert Job.objects.filter(kind="import").count() == 1
        assert ask.get(f"/jobs/{number}").json["state"] == "WAITING"
        Worker(look_every=0).work(until_empty=True, owner=founding.console())
        done = ask.get(f"/jobs/{number}").json
        assert (done["state"], done["result"]["accepted"]) == ("DONE", 2)
        assert done == run("jobs", "show", number, "--json").json
        assert ask.get("/imports").json["items"] == run("import", "list", "--json").json
        batch = done["result"]["batch"]
        undone = Asking(books.person("fm", "FINANCE_MANAGER")).post(f"/imports/{batch}/undoings", reason="wrong file")
        assert undone.json["undone_at"]

    @pytest.mark.parametrize(
        ("name", "chosen", "code"),
        [
            ("customers.exe", {}, "FILE_ENDING"),
            ("customers.csv", {"map": "[1]"}, "BAD_MAPPING"),
            ("customers.csv", {"mapping": "none such"}, "UNKNOWN"),
            ("customers.csv", {"nonsense": "1"}, "UNKNOWN_PARAMETER"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_at_once(self, all_of_them, name, chosen, code):
        sent = self.send(all_of_them, name=name, **chosen)
        assert sent.json()["code"] == code, sent.content
        assert not Job.objects.exists()

    def test_a_larger_file_than_allowed_is_refused(self, all_of_them, settings):
        settings.IMPORT_MAX_BYTES = 10
        assert self.send(all_of_them).json()["code"] == "FILE_TOO_LARGE"

    def test_no_path_of_ours_and_none_of_theirs(self, all_of_them):
        number = self.send(all_of_them, name="../../../etc/customers.csv").json()["job"]
        assert all_of_them.get(f"/jobs/{number}").json["arguments"]["path"] == "customers.csv"


def test_waiting_jobs_are_stopped_and_begun_again(all_of_them):
    number = TestFiles().send(all_of_them).json()["job"]
    assert all_of_them.post(f"/jobs/{number}/stops").json["state"] == "STOPPED"
    assert all_of_them.post(f"/jobs/{number}/stops").code == "WRONG_STATE"
    assert all_of_them.post(f"/jobs/{number}/restarts").json["state"] == "WAITING"
    assert Asking(books.person("other", "SETTLEMENT_CLERK")).get(f"/jobs/{number}").code == "UNKNOWN"


def test_a_breach_is_seen_and_signed(all_of_them, run, line):
    ask = all_of_them
    money.invoice(Customer.objects.get(code="A"), "I", 500_00, on=books.DAY.replace(month=1))
    Company.objects.update(business_date="2026-04-01")
    run("nightly")
    (found,) = ask.get("/breaches").json["items"]
    assert [found] == run("breach", "list", "--json").json
    assert ask.get(f"/breaches/{found['id']}").json == found
    turned = ask.post(f"/breaches/{found['id']}/revocations", reason="too late")
    assert turned.json["missing"] == 0
