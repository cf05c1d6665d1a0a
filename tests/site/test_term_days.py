"""The days a due day counts from, at the doors: the command line and the page of an invoice or delivery."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from tests.site.commandline import CommandLine
from tests.site.visits import browse, read, words
from xinheng.base.models import Branch
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.rules.terms import Base

pytestmark = [pytest.mark.django_db, pytest.mark.covers("LM-010")]
ISSUED, SIGNED = DAY - timedelta(10), DAY - timedelta(2)
DUE = (SIGNED + timedelta(30)).isoformat()


@pytest.fixture
def run(acme, monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def waiting(acme):
    return money.invoice(acme, "I1", 100_00, ISSUED, term="30D from ACCEPTANCE", delivery_number="D1")


@pytest.fixture
def sent(acme):
    row = sales.DeliveryRow(number="D1", dated_on=ISSUED, amount=100_00, currency="USD", **money.of(acme))
    return sales.record_deliveries(money.entry(), [row])[0]


def present():
    return Document.objects.get(kind=Kind.INVOICE, number="I1", reversed_by=None)


class TestTheCommandLine:
    def test_it_says_the_day_and_takes_it_back(self, run, waiting):
        said = run("invoice", "happened", "I1", "acceptance", "--date", SIGNED, "--json")
        part = {"invoice": "I1", "instalment": 1, "due": DUE, "amount": "100.00"}
        assert (said.exit, said.json) == (
            0,
            {"invoice": "I1", "event": "ACCEPTANCE", "on": SIGNED.isoformat(), "parts": [part]},
        )
        back = run("invoice", "not-happened", "I1", "acceptance", "--reason", "another lorry", "--json")
        assert (back.exit, back.json["on"], back.json["parts"]) == (0, None, [{**part, "due": None}])

    @pytest.mark.parametrize(
        ("lang", "told"),
        [
            ("en", [f"I1: the acceptance of the goods is recorded for {SIGNED}.", f"Invoice I1: 100.00 due on {DUE}."]),
            ("zh", [f"I1：签收（验收）日期已登记为 {SIGNED}。", f"发票 I1：100.00，{DUE} 到期。"]),
        ],
    )
    def test_it_answers_in_words(self, run, waiting, lang, told):
        said = run("invoice", "happened", "I1", "acceptance", "--date", SIGNED, lang=lang)
        assert said.out.splitlines() == told

    def test_a_delivery_is_followed_by_its_invoices(self, run, waiting, sent):
        said = run("invoice", "happened", "D1", "acceptance", "--delivery", "--date", SIGNED, "--json")
        assert said.json["delivery"] == "D1"
        assert [(one["invoice"], one["due"]) for one in said.json["parts"]] == [("I1", DUE)]
        back = run("invoice", "not-happened", "D1", "acceptance", "--delivery", "--reason", "x")
        assert back.out.splitlines()[-1] == "Invoice I1: 100.00; when it is due is not known yet."

    @pytest.mark.parametrize(
        ("typed", "exit", "code"),
        [
            (("happened", "I9", "acceptance"), 2, "UNKNOWN"),
            (("happened", "I1", "acceptance", "--delivery"), 2, "UNKNOWN"),
            (("happened", "I1", "statement"), 1, "NOT_AWAITED"),
            (("happened", "I1", "acceptance", "--date", DAY + timedelta(1)), 2, "NOT_YET"),
            (("happened", "I1", "acceptance", "--date", ISSUED - timedelta(1)), 2, "BEFORE_DOCUMENT"),
            (("happened", "I1", "acceptance", "--date", "31 February"), 2, "BAD_DATE"),
            (("not-happened", "I1", "acceptance", "--reason", "x"), 1, "NOT_SAID"),
        ],
    )
    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_what_cannot_be_is_refused_with_its_code_and_a_sentence(self, run, waiting, typed, exit, code, lang):
        said = run("invoice", *typed, "--json", lang=lang)
        assert (said.exit, said.error) == (exit, code)
        assert "%(" not in said.out
        assert code not in said.json["error"]["message"]

    def test_another_day_is_refused_and_the_same_one_is_not(self, run, waiting):
        words = ("invoice", "happened", "I1", "acceptance", "--json", "--date")
        assert [run(*words, day).exit for day in (SIGNED, SIGNED, DAY)] == [0, 0, 2]
        assert run(*words, DAY).error == "OTHER_DAY"


@pytest.fixture
def clerk(acme):
    """A billing clerk of the customer's branch."""
    branch = Branch.objects.create(code="SH", name="Shanghai")
    customers.Customer.objects.filter(pk=acme.pk).update(branch=branch)
    return browse(books.person("clerk", "BILLING_CLERK", branch=branch))


class TestThePage:
    def test_who_may_enter_invoices_records_the_day_and_takes_it_back(self, clerk, waiting):
        page = read(clerk, f"/documents/{waiting.pk}/")
        assert "Day of the acceptance of the goods" in page
        address = f"/receivables/documents/{waiting.pk}/happened/"
        answer = clerk.post(address, {"event": "ACCEPTANCE", "on": SIGNED.isoformat()}, follow=True)
        now = present()
        assert answer.redirect_chain == [(f"/documents/{now.pk}/", 302)]
        said = words(answer.content.decode())
        assert f"I1: the acceptance of the goods is recorded for {SIGNED}." in said
        assert f"due on {DUE}." in said
        assert "Take the day back" in said
        address = f"/receivables/documents/{now.pk}/not-happened/"
        answer = clerk.post(address, {"event": "ACCEPTANCE", "reason": "another lorry"}, follow=True)
        assert "accepted the goods." in words(answer.content.decode())
        assert present().due_on is None

    @pytest.mark.parametrize(
        ("door", "stated", "said"),
        [
            ("happened", {"event": "ACCEPTANCE", "on": "31 February"}, "Write the day as 2026-11-24."),
            ("not-happened", {"event": "ACCEPTANCE", "reason": ""}, "Say why the day is taken back."),
        ],
    )
    def test_what_cannot_be_read_is_told_where_the_person_was(self, clerk, waiting, door, stated, said):
        answer = clerk.post(f"/receivables/documents/{waiting.pk}/{door}/", stated, follow=True)
        assert said in words(answer.content.decode())
        assert present().pk == waiting.pk

    def test_a_refusal_is_told_where_the_person_was(self, clerk, waiting):
        here = f"http://testserver/documents/{waiting.pk}/"
        stated = {"event": "ACCEPTANCE", "on": (DAY + timedelta(1)).isoformat()}
        address = f"/receivables/documents/{waiting.pk}/happened/"
        answer = clerk.post(address, stated, follow=True, headers={"referer": here})
        assert "has not come yet" in words(answer.content.decode())

    def test_the_delivery_has_the_form_and_the_invoice_says_where_it_was_recorded(self, clerk, waiting, sent):
        assert "Day of the acceptance" in read(clerk, f"/documents/{sent.pk}/")
        receivables.happened(sent, Base.ACCEPTANCE, on=SIGNED, by=money.entry().actor)
        page = words(read(clerk, f"/documents/{present().pk}/"))
        assert f"{SIGNED} · delivery D1" in page
        assert "Take the day back" not in page
        assert "Take the day back" in words(read(clerk, f"/documents/{sent.pk}/"))

    def test_whoever_only_reads_sees_what_is_awaited_and_cannot_say_it(self, acme, waiting):
        reader = browse(books.person("auditor", "AUDITOR"))
        page = words(read(reader, f"/documents/{waiting.pk}/"))
        assert "not recorded yet" in page
        assert "Record the day" not in page
        for door in ("happened", "not-happened"):
            assert reader.post(f"/receivables/documents/{waiting.pk}/{door}/", {}).status_code == 403

    def test_an_invoice_that_counts_from_nothing_of_the_kind_shows_nothing(self, clerk, acme):
        made = money.invoice(acme, "I2", 100_00, ISSUED, term="30D")
        assert "What the due day counts from" not in read(clerk, f"/documents/{made.pk}/")

    def test_only_invoices_and_deliveries_have_such_days(self, clerk, acme):
        receipt = money.receipt(acme, "R1", 10_00)
        for door in ("happened", "not-happened"):
            assert clerk.post(f"/receivables/documents/{receipt.pk}/{door}/", {}).status_code == 404

    def test_somebody_of_another_branch_can_say_nothing(self, clerk, waiting):
        other = Branch.objects.create(code="BJ", name="Beijing")
        stranger = browse(books.person("stranger", "BILLING_CLERK", branch=other))
        for door in ("happened", "not-happened"):
            stated = {"event": "ACCEPTANCE", "on": SIGNED.isoformat(), "reason": "x"}
            assert stranger.post(f"/receivables/documents/{waiting.pk}/{door}/", stated).status_code == 404
        assert present().pk == waiting.pk
