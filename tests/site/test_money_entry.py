"""Receipts, paper, invoices and credit notes entered on a page."""

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from tests.site.visits import an_order, browse, read, words
from xinheng.desk.cash.public import Instrument, Receipt
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure.public import Document
from xinheng.rules.road import Kind

pytestmark = pytest.mark.django_db
RECEIPT, PAPER = "/cash/receipts/new/", "/cash/instruments/new/"
INVOICE, NOTE = "/control/invoices/new/", "/receivables/credit-notes/new/"


@pytest.fixture
def clerk(acme):
    return browse(books.person("clerk", "SETTLEMENT_CLERK"))


@pytest.fixture
def billing(acme):
    return browse(books.person("bill", "BILLING_CLERK", code="S01"))


def stated(**more):
    return {"customer": "A", "number": "N-1", "amount": "100", "dated_on": DAY.isoformat()} | more


def receipt(**more):
    return stated(method="transfer", purpose="payment") | more


def paper(**more):
    return stated(paper="CHEQUE", maturity=DAY.isoformat()) | more


def the(kind, number="N-1"):
    return Document.objects.get(kind=kind, number=number, reversed_by=None)


@pytest.mark.parametrize(
    ("more", "stands", "said"),
    [
        ({}, {"UNAPPLIED": 100_00}, "Nothing is settled with it yet."),
        ({"purpose": "deposit"}, {"DEPOSIT": 100_00}, "kept apart"),
        ({"method": "cheque"}, {}, "once the bank has paid it"),
    ],
)
@pytest.mark.covers("AR-012")
def test_money_counts_when_it_is_money(acme, clerk, more, stands, said):
    answer = clerk.post(RECEIPT, receipt(**more), follow=True)
    assert answer.redirect_chain[0][0] == f"/documents/{the(Kind.RECEIPT).pk}/"
    assert said in words(answer.content.decode())
    assert books.stands(acme) == stands


@pytest.mark.covers("AR-012")
def test_a_cheque_clears_on_its_day(acme, clerk):
    clerk.post(RECEIPT, receipt(method="cheque"))
    found = the(Kind.RECEIPT)
    place = f"/cash/receipts/{found.pk}/clear/"
    assert place in read(clerk, f"/documents/{found.pk}/")
    assert clerk.post(place, {"happened_on": "2026-04-01"}).status_code == 422
    assert clerk.post(place, {"happened_on": DAY.isoformat()}).status_code == 302
    assert Receipt.objects.get(pk=found.pk).cleared_on == DAY
    again = clerk.post(place, {"happened_on": DAY.isoformat()})
    assert again.status_code == 422
    assert "is cleared" in words(again.content.decode())


def test_money_meant_for_an_order_names_one_of_the_customer(acme, clerk):
    other = books.customer("B")
    an_order(other, "SO-B", 5_00)
    an_order(acme, "SO-A", 5_00, payment="prepaid")
    assert "another customer" in words(clerk.post(RECEIPT, receipt(order="SO-B")).content.decode())
    assert "Nobody knows" in words(clerk.post(RECEIPT, receipt(order="SO-X")).content.decode())
    assert clerk.post(RECEIPT, receipt(order="SO-A")).status_code == 302


def test_paper_takes_the_place_of_its_invoice_and_comes_back_when_the_bank_refuses(acme, clerk):
    money.invoice(acme, "I-1", 60_00)
    assert clerk.post(PAPER, paper(invoice="I-1")).status_code == 302
    found = the(Kind.INSTRUMENT)
    assert books.stands(acme) == {"INSTRUMENT": 60_00}
    place = f"/cash/instruments/{found.pk}/state/"
    assert place in read(clerk, f"/documents/{found.pk}/")
    for state in ("discounted", "dishonoured"):
        assert clerk.post(place, {"state": state, "happened_on": DAY.isoformat()}).status_code == 302
        assert Instrument.objects.get(pk=found.pk).state == state
    assert books.stands(acme)["INVOICED"] == 60_00
    late = clerk.post(place, {"state": "cleared", "happened_on": DAY.isoformat()})
    assert late.status_code == 422
    assert "is dishonoured" in words(late.content.decode())
    assert place not in read(clerk, f"/documents/{found.pk}/")
    assert money.in_order()


@pytest.mark.parametrize(
    ("page", "wrong", "said"),
    [
        (PAPER, {"maturity": "2026-03-01"}, "matures before"),
        (PAPER, {"maturity": ""}, "required"),
        (PAPER, {"invoice": "I-X"}, "Nobody knows"),
        (PAPER, {"paper": "CASH"}, "CASH"),
        (RECEIPT, {"method": "shells"}, "shells"),
        (RECEIPT, {"amount": "-1"}, "above zero"),
    ],
)
def test_what_is_wrong_with_money_is_told_at_its_field(acme, clerk, page, wrong, said):
    full = paper() if page == PAPER else receipt()
    answer = clerk.post(page, full | wrong)
    assert answer.status_code == 422
    assert said in words(answer.content.decode())
    assert not Document.objects.exists()


def test_an_invoice_follows_its_term_and_its_order(acme, billing):
    books.line(acme, 500_00, term="30D")
    an_order(acme, "SO-1", 100_00)
    answer = billing.post(INVOICE, stated(order="SO-1", net="88.50", tax="11.50", fapiao_number="0012"), follow=True)
    assert "due on 2026-04-01" in words(answer.content.decode())
    assert books.stands(acme) == {"INVOICED": 100_00}
    billing.post(INVOICE, stated(number="N-2", term="30%@0D+70%@60D"))
    parts = Document.objects.filter(number="N-2").order_by("part")
    assert [one.amount for one in parts] == [30_00, 70_00]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"net": "50", "tax": "5"}, "Net and tax"),
        ({"due_on": "2026-02-01"}, "due before"),
        ({"term": "soon"}, "is not a term"),
        ({"order": "SO-B"}, "another customer"),
    ],
)
def test_what_is_wrong_with_an_invoice_is_told_at_its_field(acme, billing, wrong, said):
    an_order(books.customer("B"), "SO-B", 1_00)
    answer = billing.post(INVOICE, stated(**wrong))
    assert answer.status_code == 422
    assert said in words(answer.content.decode())
    assert not Document.objects.filter(kind=Kind.INVOICE).exists()


def test_an_order_that_comes_later_may_be_named(acme, billing):
    assert billing.post(INVOICE, stated(order="SO-LATER")).status_code == 302


def test_a_credit_note_reduces_its_invoice_and_the_rest_is_unapplied(acme, billing):
    invoice = money.invoice(acme, "I-1", 60_00)
    page = read(billing, f"/documents/{invoice.pk}/")
    assert "/receivables/credit-notes/new/?customer=" in page
    answer = billing.post(NOTE, stated(invoice="I-1"), follow=True)
    assert "$40.00 of it is unapplied" in words(answer.content.decode())
    assert books.stands(acme)["UNAPPLIED"] == 40_00
    strange = billing.post(NOTE, stated(number="N-2", invoice="I-X"))
    assert strange.status_code == 422
    taken = billing.post(NOTE, stated())
    assert 'href="/documents/credit_note/N-1?entity=MAIN"' in taken.content.decode()


def test_an_invoice_the_policy_holds_keeps_its_decision(acme, billing, monkeypatch):
    from xinheng.desk.control import invoicing
    from xinheng.desk.control.shipping import StillHeld

    def refuse(decision):
        raise StillHeld(number=decision.number, reasons=["OVER_LIMIT"], said="over the limit")

    monkeypatch.setattr(invoicing, "refuse_held", refuse)
    answer = billing.post(INVOICE, stated())
    assert answer.status_code == 422
    assert "may not go ahead" in words(answer.content.decode())
    assert Decision.objects.filter(number="N-1").count() == 1
    assert not Document.objects.filter(kind=Kind.INVOICE).exists()
