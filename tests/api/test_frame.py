"""What every route of the API has around it: the key, the pace, answers given once, tags, pages, problems."""

import json

import pytest
from django.test import Client

from tests import books
from tests.api.asking import ROOT, Asking
from tests.site.visits import browse
from xinheng.base import people, policies
from xinheng.base.api import keys
from xinheng.base.models import Answer, AuditLine, Company
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales import public as sales
from xinheng.site import founding

pytestmark = pytest.mark.django_db
NEW = {"number": "O-1", "customer": "A", "amount": "60"}


class TestKeys:
    def test_nobody_is_known_without_a_key_not_even_who_is_signed_in(self, acme):
        assert Asking(None).get("/orders").code == "NO_TOKEN"
        signed_in = browse(books.person("fm", "FINANCE_MANAGER"))
        assert signed_in.get(f"{ROOT}/orders").status_code == 401

    def test_a_key_that_has_ended_opens_nothing(self, ask):
        people.end_token(ask.token.pk, by=founding.console())
        heard = ask.get("/orders")
        assert (heard.status, heard.code, heard.headers["WWW-Authenticate"]) == (401, "BAD_TOKEN", "Bearer")

    @pytest.mark.parametrize("sent", ["Bearer", "Bearer x y", "Basic YTpi", "bearer ä", "x"])
    def test_what_is_no_key_is_refused(self, acme, sent):
        assert Client().get(f"{ROOT}/orders", headers={"Authorization": sent}).status_code == 401

    def test_a_key_sees_its_owners_customers_only(self, ask, line):
        ask.post("/orders", **NEW)
        stranger = Asking(books.person("stranger", "SALESPERSON", code="S99"))
        assert stranger.get("/orders").json["items"] == []
        assert stranger.get("/orders/O-1").code == "UNKNOWN"
        assert stranger.get("/customers/A/exposure").code == "UNKNOWN"

    def test_no_cookie_is_set_and_no_cache_keeps_what_one_may_see(self, ask):
        heard = ask.get("/orders")
        assert "Set-Cookie" not in heard.headers
        assert heard.headers["Cache-Control"] == "private, no-cache"


class TestPace:
    def test_more_than_the_policy_allows_in_a_minute_waits(self, ask):
        for _ in range(3):
            keys.keep_pace(ask.token, most=3, now=1000.0)
        with pytest.raises(keys.TooMany) as refused:
            keys.keep_pace(ask.token, most=3, now=1000.0)
        assert refused.value.params == {"most": 3, "seconds": 20}
        keys.keep_pace(ask.token, most=3, now=1020.0)

    def test_it_is_told_when_to_ask_again(self, ask):
        text = policies.by_version(1).document.replace("requests_per_minute = 600", "requests_per_minute = 2")
        policies.sign(
            policies.propose(text, by=books.person("p", "FINANCE_MANAGER"), effective_from=books.DAY, note="").version,
            by=books.person("gm", "GENERAL_MANAGER"),
        )
        heard = [ask.get("/orders") for _ in range(4)]
        assert [one.status for one in heard[:2]] == [200, 200]
        assert (heard[3].status, heard[3].code) == (429, "TOO_MANY_REQUESTS")
        assert 1 <= int(heard[3].headers["Retry-After"]) <= 30
        assert Asking(books.person("other", "FINANCE_MANAGER")).get("/orders").status == 200


class TestGivenOnce:
    def test_the_same_key_gets_the_same_answer_and_nothing_is_done_twice(self, ask, line):
        first = ask.post("/orders", key="k1", **NEW)
        again = ask.post("/orders", key="k1", **NEW)
        assert (first.status, again.status, again.json) == (201, 201, first.json)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers["ETag"] == first.headers["ETag"]
        assert Document.objects.count() == 1
        assert ask.post("/orders", **NEW).code == "CONFLICT"

    def test_a_refusal_is_an_answer_too(self, ask, line):
        ask.post("/orders", **NEW)
        first = ask.post("/orders", key="k1", **NEW)
        again = ask.post("/orders", key="k1", language="zh", **NEW)
        assert (first.status, again.status, again.json) == (409, 409, first.json)

    def test_another_request_may_not_bear_the_key(self, ask, line):
        ask.post("/orders", key="k1", **NEW)
        other = ask.post("/orders", key="k1", **{**NEW, "number": "O-2"})
        assert (other.status, other.code) == (422, "IDEMPOTENCY_KEY_USED")
        assert Document.objects.count() == 1

    def test_two_people_may_use_the_same_key(self, ask, line):
        ask.post("/orders", key="k1", **NEW)
        other = Asking(books.person("other", "SALES_SUPERVISOR", "CREDIT_CHECKER"))
        assert other.post("/orders", key="k1", **{**NEW, "number": "O-2"}).status == 201

    @pytest.mark.parametrize("key", ["x" * 201, "a\tb", "ä"])
    def test_a_key_is_short_and_printable(self, ask, key):
        assert ask.post("/orders", key=key, **NEW).code == "IDEMPOTENCY_KEY_BAD"

    def test_the_answer_and_the_write_are_there_together_or_not_at_all(self, ask, line, monkeypatch):
        def broken(*_about, **_more):
            raise RuntimeError("the power went")

        monkeypatch.setattr(sales, "order_shape", broken)  # after the action, before its answer is kept
        assert ask.post("/orders", key="k1", **NEW).code == "FAULT"
        assert (Document.objects.count(), Answer.objects.count()) == (0, 0)
        monkeypatch.undo()
        assert ask.post("/orders", key="k1", **NEW).status == 201

    def test_a_crash_after_the_commit_loses_nothing(self, ask, line):
        """The first answer never arrived: it is there when the caller asks again, in the words of the first time."""
        ask.post("/orders", key="k1", **NEW)
        kept = Answer.objects.get()
        assert (kept.status, json.loads(kept.body)["order"]) == (201, "O-1")
        before = AuditLine.objects.count()
        assert ask.post("/orders", key="k1", **NEW).json == json.loads(kept.body)
        assert AuditLine.objects.count() == before

    def test_answers_are_forgotten_when_the_policy_says_so(self, ask, line):
        ask.post("/orders", key="k1", **NEW)
        Answer.objects.update(at="2020-01-01T00:00:00Z")
        ask.post("/orders", key="k2", **{**NEW, "number": "O-2"})
        assert [one.key for one in Answer.objects.all()] == ["k2"]


class TestTags:
    def test_what_has_changed_meanwhile_is_not_overwritten(self, ask, line):
        ask.post("/orders", **NEW)
        seen = ask.get("/orders/O-1").headers["ETag"]
        ask.post("/orders/O-1/credit-checks")
        late = ask.post("/orders/O-1/changes", match=seen, amount="70")
        assert (late.status, late.code) == (412, "CHANGED_MEANWHILE")
        fresh = ask.get("/orders/O-1").headers["ETag"]
        assert ask.post("/orders/O-1/changes", match=fresh, amount="70").json["amount"] == "70.00"

    def test_what_is_the_same_is_not_sent_again(self, ask, line):
        seen = ask.get("/orders").headers["ETag"]
        assert ask.get("/orders", headers={"If-None-Match": seen}).status == 304
        ask.post("/orders", **NEW)
        assert ask.get("/orders", headers={"If-None-Match": seen}).status == 200


class TestPages:
    def test_no_row_is_missed_or_told_twice_while_others_come_in(self, ask, line):
        for number in range(5):
            ask.post("/orders", number=f"O-{number}", customer="A", amount="1")
        first = ask.get("/orders", limit=2).json
        ask.post("/orders", number="O-late", customer="A", amount="1")
        second = ask.get("/orders", limit=2, cursor=first["next"]).json
        third = ask.get("/orders", limit=2, cursor=second["next"]).json
        told = [one["order"] for page in (first, second, third) for one in page["items"]]
        assert (told, third["next"]) == (["O-4", "O-3", "O-2", "O-1", "O-0"], None)

    @pytest.mark.parametrize("cursor", ["x", "é", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "LTE", "!!!!"])
    def test_a_made_up_cursor_is_refused(self, ask, cursor):
        assert ask.get("/orders", cursor=cursor).code == "BAD_CURSOR"

    def test_a_filter_that_there_is_not_is_named(self, ask):
        heard = ask.get("/orders", stat="held")
        assert (heard.status, heard.code) == (422, "UNKNOWN_PARAMETER")
        assert "stat" in heard.json["detail"]


class TestProblems:
    @pytest.mark.parametrize(
        ("language", "title", "detail"),
        [
            ("en", "There is no such thing", "O-9"),
            ("zh-CN,zh;q=0.9", "没有此项", "O-9"),
            ("fr, en;q=0.5", "There is no such thing", "O-9"),
            ("", "没有此项", "O-9"),
        ],
    )
    def test_a_refusal_speaks_the_language_that_was_asked_for(self, ask, language, title, detail):
        ask.headers["Accept-Language"] = language
        heard = ask.get("/orders/O-9")
        assert (heard.status, heard.code, heard.json["title"]) == (404, "UNKNOWN", title)
        assert detail in heard.json["detail"]
        assert heard.json["instance"] == "/api/v1/orders/O-9"

    def test_the_browsers_language_is_not_the_callers(self, ask):
        ask.client.cookies["django_language"] = "zh-hans"
        assert ask.get("/orders/O-9").json["title"] == "There is no such thing"

    @pytest.mark.parametrize("body", ["{", "[]", "1", '"a"', "null", "[" * 100_000, b"\xff", '{"amount": NaN'])
    def test_a_body_that_is_no_object_is_refused(self, ask, body):
        heard = ask.send("/orders", body)
        assert (heard.status, heard.code) == (400, "BAD_JSON")

    def test_a_deed_that_needs_no_words_needs_no_body(self, ask, line):
        ask.post("/orders", **NEW)
        assert ask.send("/orders/O-1/credit-checks", "").json["verdict"] == "approved"

    def test_a_body_beyond_measure_is_refused(self, ask, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        heard = ask.post("/orders", **NEW)
        assert (heard.status, heard.code) == (413, "BODY_TOO_LARGE")

    @pytest.mark.parametrize("path", ["/nothing", "/", "/orders/", "/orders/O-1/nonsense/x\0"])
    def test_an_address_that_there_is_not_is_a_problem(self, ask, path):
        heard = ask.get(path)
        assert heard.status == 404
        assert heard.code in {"NO_SUCH_ADDRESS", "UNKNOWN"}

    def test_a_way_of_asking_that_there_is_not_is_a_problem(self, ask):
        answer = ask.client.delete(f"{ROOT}/orders", headers=ask.headers)
        assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["Allow"] == "GET, POST"

    def test_each_wrong_field_is_named(self, ask):
        heard = ask.post("/orders", number="O-1", customer=7, amount="1", nonsense=True)
        assert {one["field"] for one in heard.json["errors"]} == {"body.customer", "body.nonsense"}

    def test_books_that_are_busy_are_told_as_busy(self, ask, line, monkeypatch):
        from xinheng.base.errors import LockTimeout

        def busy(*_about, **_more):
            raise LockTimeout

        monkeypatch.setattr(sales, "enter_order", busy)
        heard = ask.post("/orders", key="k1", **NEW)
        assert (heard.status, heard.code, heard.headers["Retry-After"]) == (503, "LOCK_TIMEOUT", "5")
        monkeypatch.undo()
        assert ask.post("/orders", key="k1", **NEW).status == 201

    def test_a_fault_of_ours_is_a_problem_without_a_trace(self, ask, monkeypatch, caplog):
        def broken(*_about, **_more):
            raise RuntimeError("secret")

        monkeypatch.setattr(sales, "order_file_shape", broken)
        ask.post("/orders", **NEW)
        heard = ask.get("/orders/O-1")
        assert (heard.status, heard.code) == (500, "FAULT")
        assert "secret" not in str(heard.json)
        assert "secret" in caplog.text


def test_the_docs_need_no_key_and_nothing_from_elsewhere(acme):
    page = Client().get(f"{ROOT}/docs")
    assert page.status_code == 200
    assert "//" not in page.content.decode().replace("</", "").partition("swagger-settings")[0].replace("<!--", "")
    described = Client().get(f"{ROOT}/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert "/api/v1/orders/{number}/credit-checks" in described["paths"]


def test_books_that_are_not_founded_know_no_key(db):
    Company.objects.all().delete()
    assert Client().get(f"{ROOT}/orders", headers={"Authorization": "Bearer x"}).status_code == 401
