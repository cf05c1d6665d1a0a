"""The audit trail as people read it, the check of one chain, and months with their lists."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import books
from tests.base.test_audit import tamper
from tests.desk import money
from tests.site.visits import browse, read, words
from xinheng.base import audit
from xinheng.base.errors import Refused
from xinheng.base.models import AuditLine
from xinheng.desk.exposure.public import Holder, Period
from xinheng.site import verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(acme):
    return books.person("wen", "AUDITOR", "ADMINISTRATOR", name_en="Wen Ruyi")


@pytest.fixture
def done(acme, manager):
    books.line(acme, 500_00, by=manager)
    audit.record("settings", "limits.calendar.set", "day:2026-10-01", by=manager, data={"working": False})
    return AuditLine.objects.order_by("pk")


def rows(page):
    body = words(page.split("<tbody", 1)[1].split("</tbody>")[0]) if "<tbody" in page else ""
    return {verb for verb in ("credit line set", "calendar day set") if verb in body}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"credit line set", "calendar day set"}),
        ({"who": "fm"}, {"credit line set", "calendar day set"}),
        ({"who": "wen"}, set()),
        ({"verb": "limits.line.set"}, {"credit line set"}),
        ({"stream": "settings"}, {"calendar day set"}),
        ({"subject": "A"}, {"credit line set"}),
        ({"subject": "customer:A"}, {"credit line set"}),
        ({"subject": "2026-10-01"}, {"calendar day set"}),
        ({"subject": "day:2026-10-01"}, {"calendar day set"}),
        ({"until": "2000-01-01"}, set()),
        ({"since": "2000-01-01"}, {"credit line set", "calendar day set"}),
        ({"since": "9999-12-31"}, set()),
        ({"until": "9999-12-31"}, {"credit line set", "calendar day set"}),
    ],
)
def test_lines_are_picked_by_person_verb_chain_day_and_what_they_are_about(auditor, done, query, shown):
    assert rows(read(browse(auditor), "/settings/audit/", **query)) == shown


def test_a_line_says_in_both_languages_what_was_done_and_opens_what_it_is_about(auditor, done, acme):
    english = read(browse(auditor), "/settings/audit/", verb="limits.line.set")
    assert '<a href="/customers/code/A">customer A</a>' in english
    assert "He Li" in english
    assert "授信额度" in words(read(browse(auditor, "zh"), "/settings/audit/", verb="limits.line.set"))


def test_a_chain_of_a_customer_is_asked_for_by_its_own_name(auditor, done, acme):
    holder = Holder.objects.get(customer=acme)
    said = read(browse(auditor), "/settings/audit/", stream=f"holder:{holder.pk}")
    assert rows(said) == {"credit line set"}
    assert browse(auditor).get("/settings/audit/", {"stream": "holder:x"}).status_code == 200


def test_the_list_asks_the_same_number_of_questions_for_one_line_and_for_many(auditor, done, manager):
    client = browse(auditor)
    audit.record("users", "base.user.changed", "user:nobody", by=manager)
    client.get("/settings/audit/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/settings/audit/")
        counts.append(len(asked))
        for number in range(30):
            audit.record("users", "base.user.changed", f"user:nobody{number}", by=manager)
    assert counts[0] == counts[1]


def test_a_whole_chain_is_told_whole_with_who_checked_it_and_when(auditor, done):
    verification.seal()
    client = browse(auditor)
    answer = client.post("/settings/audit/chains/settings/check/", follow=True)
    said = words(answer.content.decode())
    assert "Chain settings is whole" in said
    assert "Wen Ruyi" in said
    line = AuditLine.objects.get(verb="base.chain.checked")
    assert (line.subject, line.data["faults"]) == ("chain:settings", [])


def test_a_chain_that_somebody_mended_is_told_with_the_line(auditor, done):
    line = AuditLine.objects.filter(stream="settings").first()
    tamper("UPDATE base_auditline SET verb = 'x.y.z' WHERE id = %s", line.pk)
    found = verification.check_chain("settings", by=auditor)
    assert found.faults == (f"audit chain settings: broken at line {line.sequence}",)
    assert "not whole" in words(read(browse(auditor), "/settings/audit/chains/"))


def test_a_chain_cut_short_below_its_seal_is_found(auditor, done):
    verification.seal()
    head = verification.head_of("settings")
    assert list(audit.cut_below_its_seal("settings", head)) == []
    assert list(audit.cut_below_its_seal("settings", (head[0] - 1, ""))) == [
        "audit chain settings: shorter or other than when it was sealed"
    ]


def test_nobody_checks_a_chain_without_the_right_or_that_is_not_there(auditor, done):
    with pytest.raises(Refused):
        verification.check_chain("settings", by=books.person("lin", "SALESPERSON"))
    for name in ("nothing", "holder:999", f"holder:{10**30}", "holder:²"):
        assert browse(auditor).post(f"/settings/audit/chains/{name}/check/").status_code == 404, name


def test_the_audit_tab_of_a_customer_says_the_state_of_its_chain(auditor, done, acme):
    holder = Holder.objects.get(customer=acme)
    client = browse(books.person("gm", "GENERAL_MANAGER"))
    assert "never from here" in words(read(client, f"/customers/{acme.pk}/audit/"))
    verification.check_chain(f"holder:{holder.pk}", by=auditor)
    assert "whole" in words(read(client, f"/customers/{acme.pk}/audit/"))


@pytest.fixture
def owed(acme):
    money.invoice(acme, "I", 7_000_00)
    other = books.customer("B", salesperson="S02")
    money.invoice(other, "J", 1_000_00)
    company = books.Company.objects.get()
    company.business_date = date(2026, 4, 2)
    company.save()


def test_a_month_is_closed_with_its_list_before_ones_eyes_and_opened_again_by_two(owed, manager, acme):
    client = browse(manager)
    before = words(read(client, "/settings/months/of/MAIN/close/"))
    assert "$8,000.00 in 2 items" in before
    answer = client.post("/settings/months/of/MAIN/close/", {"month": "2026-03"}, follow=True)
    assert "Closed: 2026-03" in words(answer.content.decode())
    period = Period.objects.get()
    frozen = words(read(client, f"/settings/months/{period.pk}/"))
    assert "Outstanding28,000.00" in frozen
    again = client.post("/settings/months/of/MAIN/close/", {"month": "2026-03"})
    assert again.status_code == 422
    assert client.post("/settings/months/of/MAIN/reopen/", {"reason": " "}).status_code == 422
    client.post("/settings/months/of/MAIN/reopen/", {"reason": "a late invoice"})
    assert client.post("/settings/months/of/MAIN/reopen/", {"reason": "me too"}).status_code == 422
    other = browse(books.person("gm", "GENERAL_MANAGER"))
    assert "a late invoice" in words(read(other, "/settings/months/of/MAIN/reopen/"))
    other.post("/settings/months/of/MAIN/reopen/", {"reason": "agreed"})
    period.refresh_from_db()
    assert period.reopened_at is not None
    assert "re-opened" in words(read(client, "/settings/months/"))


def test_whoever_sees_some_customers_reads_their_rows_of_the_list_and_no_totals(owed, manager):
    browse(manager).post("/settings/months/of/MAIN/close/", {"month": "2026-03"})
    lin = browse(books.person("lin", "SALESPERSON", code="S01"))
    said = words(read(lin, f"/settings/months/{Period.objects.get().pk}/"))
    assert "远东贸易" in said
    assert "Customer B" not in said
    assert "8,000.00" not in said


def test_a_month_typed_wrongly_and_one_that_is_not_over_are_told(owed, manager):
    client = browse(manager)
    for typed, said in (("2026-13", "Write the month"), ("x", "Write the month"), ("2026-04", "not over yet")):
        answer = client.post("/settings/months/of/MAIN/close/", {"month": typed})
        assert answer.status_code == 422
        assert said in words(answer.content.decode())
    assert client.get("/settings/months/of/NOBODY/close/").status_code == 404
