"""The list of breaches and one breach: who sees it, what it says, and who may make what of it."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from tests import books
from tests.desk import money
from tests.site.visits import browse, read, words
from xinheng.base.models import AuditLine
from xinheng.desk.control.models import Breach, BreachSignature
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding

pytestmark = pytest.mark.django_db
LIST = "/control/breaches/"
Proposal = Breach.Proposal


def owe(who, amount, number="I"):
    row = money.invoice_row(who, number, amount)
    receivables.post_invoice(row, by=founding.console())


@pytest.fixture
def breach(acme):
    books.line(acme, 100_00)
    owe(acme, 130_00)
    return Breach.objects.get()


@pytest.fixture
def directors(acme):
    return {role: browse(books.person(role, role)) for role in ("SALES_DIRECTOR", "FINANCE_DIRECTOR")}


def page_of(breach):
    return f"{LIST}{breach.pk}/"


def sign(client, breach, verb, reason="seen their books"):
    return client.post(page_of(breach), {"verb": verb, "reason": reason}, follow=True)


@pytest.mark.covers("OC-008", "OC-010")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1 breach stands.", "debt above the limit", "deliveries stopped", "turn to cash proposed")),
        ("zh", ("1 项欠款违约", "已停止发货")),
    ],
)
def test_the_list_says_whose_debt_it_is_why_and_what_is_proposed(breach, manager, language, said):
    page = read(browse(manager, language), LIST)
    for one in said:
        assert one in words(page)
    assert f'href="/customers/{breach.customer_id}/"' in page
    assert f'href="{page_of(breach)}"' in page
    assert "130.00" in page
    assert "100.00" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 1),
        ({"q": "A"}, 1),
        ({"q": "远东"}, 1),
        ({"q": "nobody"}, 0),
        ({"cause": "DEBT_OVER_LIMIT"}, 1),
        ({"cause": "OVERDUE_DAYS"}, 0),
        ({"proposal": "OPEN"}, 1),
        ({"proposal": "KEPT"}, 0),
        ({"salesperson": "S01"}, 1),
        ({"salesperson": "S02"}, 0),
        ({"state": "ended"}, 0),
        ({"state": "all"}, 1),
    ],
)
def test_breaches_are_picked_out_by_their_address(breach, manager, query, count):
    assert read(browse(manager), LIST, **query).count(f'data-href="{page_of(breach)}"') == count


def test_ended_breaches_are_shown_when_asked_for(breach, acme, manager):
    books.line(acme, 500_00)
    breach.refresh_from_db()
    assert breach.ended_on is not None
    client = browse(manager)
    assert page_of(breach) not in read(client, LIST)
    assert page_of(breach) in read(client, LIST, state="ended")
    assert "Your verdict" not in read(client, page_of(breach))


def test_excel_gets_the_same_rows_with_amounts_as_numbers(breach, manager):
    answer = browse(manager).get(LIST, {"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    cells = [cell for row in sheet.to_python() for cell in row]
    assert 130 in cells
    assert 100 in cells
    assert "debt above the limit" in cells


@pytest.mark.covers("OC-010")
def test_the_finance_director_turns_the_customer_to_cash(breach, directors):
    said = sign(directors["FINANCE_DIRECTOR"], breach, "REVOKE").content.decode()
    assert "Done: turned to cash." in words(said)
    breach.refresh_from_db()
    assert breach.proposal == Proposal.ACCEPTED
    assert limits.Line.objects.get(customer=breach.customer, replaced_at=None).withdrawn
    assert "seen their books" in said
    assert AuditLine.objects.filter(verb="control.breach.turned-to-cash").count() == 1


@pytest.mark.covers("OC-010")
def test_a_proposal_is_declined_and_deliveries_stay_stopped(breach, directors):
    sign(directors["FINANCE_DIRECTOR"], breach, "DECLINE")
    breach.refresh_from_db()
    assert (breach.proposal, breach.hold.lifted_at) == (Proposal.DECLINED, None)


@pytest.mark.covers("OC-011")
def test_both_directors_together_keep_the_credit(breach, directors):
    first = words(sign(directors["SALES_DIRECTOR"], breach, "KEEP").content.decode())
    assert "Signed. 1 more signature is needed: Finance director." in first
    assert 'value="KEEP"' not in read(directors["SALES_DIRECTOR"], page_of(breach))
    second = words(sign(directors["FINANCE_DIRECTOR"], breach, "KEEP").content.decode())
    assert "Done: credit is kept until" in second
    breach.refresh_from_db()
    assert breach.proposal == Proposal.KEPT
    assert breach.hold.lifted_at is not None


@pytest.mark.covers("OC-010", "OC-011")
@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("FINANCE_DIRECTOR", {"REVOKE", "DECLINE", "KEEP"}),
        ("SALES_DIRECTOR", {"KEEP"}),
        ("FINANCE_MANAGER", set()),
        ("CREDIT_CHECKER", set()),
        ("AUDITOR", set()),
    ],
)
def test_buttons_are_there_for_exactly_those_who_may(breach, role, verbs):
    client = browse(books.person("somebody", role))
    page = read(client, page_of(breach))
    offered = {verb for verb in BreachSignature.Verb.values if f'value="{verb}"' in page}
    assert offered == verbs
    for verb in set(BreachSignature.Verb.values) - verbs:
        assert sign(client, breach, verb).status_code == 403
    assert not BreachSignature.objects.exists()


def test_nobody_signs_for_a_customer_of_their_own(breach):
    own = books.person("own", "FINANCE_DIRECTOR", code="S01")
    client = browse(own)
    assert 'name="verb"' not in read(client, page_of(breach))
    assert sign(client, breach, "REVOKE").status_code == 422
    assert not BreachSignature.objects.exists()


@pytest.mark.parametrize(("verb", "reason"), [("REVOKE", "  "), ("NONSENSE", "why not"), ("", "")])
def test_a_signature_needs_a_verb_and_a_reason(breach, directors, verb, reason):
    answer = sign(directors["FINANCE_DIRECTOR"], breach, verb, reason)
    assert answer.status_code == 422
    assert 'class="invalid"' in answer.content.decode()
    assert not BreachSignature.objects.exists()


@pytest.mark.parametrize("role", ["SALESPERSON", "SALES_SUPERVISOR"])
def test_somebody_elses_breach_is_not_there(breach, role):
    client = browse(books.person("stranger", role, code="S99"))
    assert page_of(breach) not in read(client, LIST)
    assert client.get(page_of(breach)).status_code == 404
    assert sign(client, breach, "REVOKE").status_code == 404


def test_customer_and_overview_lead_to_the_breach(breach, manager):
    client = browse(manager)
    assert f'href="{page_of(breach)}"' in read(client, f"/customers/{breach.customer_id}/")
    overview = read(client, "/")
    assert f'href="{LIST}"' in overview
    assert "1 breach stands." in words(overview)


def test_a_groups_breach_names_its_members(acme, manager):
    member = books.customer("M", group="G", salesperson="S01")
    row = limits.LineRow(kind="amount", currency="USD", amount=100_00, group_id=member.group_id)
    limits.set_line(row, on=books.DAY, by=founding.console())
    owe(member, 150_00, "J")
    breach = Breach.objects.get(group=member.group)
    client = browse(manager)
    page = read(client, page_of(breach))
    assert f'href="/customers/{member.pk}/"' in page
    assert "/customers/?group=G" in page
    assert page_of(breach) in read(client, LIST, q="G")
    assert page_of(breach) in read(client, f"/customers/{member.pk}/")


@pytest.mark.covers("OC-010")
def test_what_is_overdue_and_since_when_stands_in_the_list_and_on_the_page(acme, manager):
    books.line(acme, 500_00)
    late = books.DAY - timedelta(60)
    row = money.invoice_row(acme, "I", 130_00, late, due_on=books.DAY - timedelta(30))
    receivables.post_invoice(row, by=founding.console())
    found = Breach.objects.get()
    assert found.facts["overdue_amounts"] == {"USD": 130_00}
    client = browse(manager)
    assert "Overdue" in words(read(client, LIST))
    assert "$130.00" in words(read(client, LIST))
    page = words(read(client, page_of(found)))
    assert "Overdue$130.00Oldest due day2026-01-31" in page.replace(" due day ", " due day")
