"""The pages of money: what a receipt settles, what is given up, and what was wrong and is taken back."""

import re
from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import money
from tests.site.visits import browse, read, words
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(10)


@pytest.fixture
def owing(acme):
    """A owes 30.00 and 50.00; of 60.00 that came nothing is applied."""
    money.invoice(acme, "I-1", 30_00, due_on=DAY - timedelta(1))
    money.invoice(acme, "I-2", 50_00, due_on=LATER)
    money.receipt(acme, "R-1", 60_00)
    return acme


@pytest.fixture
def clerk(acme):
    return browse(books.person("clerk", "SETTLEMENT_CLERK"))


@pytest.fixture
def director(acme):
    return browse(books.person("fd", "FINANCE_DIRECTOR"))


def the(number):
    """The document with this number."""
    return exposure.Document.objects.filter(number=number).latest("pk")


def page_of(number, deed, room="receivables/documents"):
    return f"/{room}/{the(number).pk}/{deed}/"


def sums(page):
    """What is chosen, and what would be left."""
    return re.findall(r"<output[^>]*>([^<]*)</output>", page)


class TestAllocating:
    def test_the_oldest_are_suggested_and_the_sum_is_shown(self, owing, clerk):
        page = read(clerk, page_of("R-1", "allocate"))
        for number, amount in (("I-1", "30.00"), ("I-2", "30.00")):
            assert f'name="amount-{the(number).pk}" value="{amount}"' in page
        assert sums(page) == ["60.00", "0.00"]
        assert "overdue" in words(page)
        chinese = browse(books.person("zh", "SETTLEMENT_CLERK"), "zh")
        assert "本次合计60.00" in words(read(chinese, page_of("R-1", "allocate")))

    def test_what_is_written_is_settled(self, owing, clerk):
        stated = {f"amount-{the('I-1').pk}": "", f"amount-{the('I-2').pk}": "1,0.5", "dated_on": DAY.isoformat()}
        answer = clerk.post(page_of("R-1", "allocate"), stated)
        assert answer.status_code == 422
        stated[f"amount-{the('I-2').pk}"] = "10.5"
        answer = clerk.post(page_of("R-1", "allocate"), stated, follow=True)
        assert answer.redirect_chain == [(f"/documents/{the('R-1').pk}/", 302)]
        assert "$10.50 is settled." in words(answer.content.decode())
        assert (money.open_on("I-1"), money.open_on("I-2")) == (30_00, 39_50)

    @pytest.mark.parametrize(
        ("amounts", "said"),
        [
            (("30.01", ""), "More is asked for than is open"),
            (("30", "31"), "only 30.00 is left"),
            (("", ""), "No amount is written"),
            (("-5", ""), "An amount is above zero."),
            (("0.001", ""), "more decimals"),
            (("x", ""), "cannot be read as an amount"),
        ],
    )
    def test_what_cannot_be_is_said_and_what_was_typed_stays(self, owing, clerk, amounts, said):
        stated = {f"amount-{the(number).pk}": amount for number, amount in zip(("I-1", "I-2"), amounts, strict=True)}
        answer = clerk.post(page_of("R-1", "allocate"), {**stated, "dated_on": DAY.isoformat()})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in words(page)
        if amounts[0]:
            assert f'value="{amounts[0]}"' in page
        if amounts == ("30", "31"):
            assert sums(page) == ["61.00", "-1.00"]
        assert not receivables.Allocation.objects.exists()

    def test_an_item_that_a_colleague_settled_meanwhile_is_told(self, owing, clerk):
        typed = {f"amount-{the('I-1').pk}": "30", "dated_on": DAY.isoformat()}
        money.receipt(owing, "R-2", 30_00)
        money.allocate("R-2", "I-1", 30_00)
        answer = clerk.post(page_of("R-1", "allocate"), typed)
        assert (answer.status_code, "settled meanwhile" in answer.content.decode()) == (422, True)

    def test_an_invoice_is_settled_with_the_money_there_is(self, owing, clerk):
        money.receipt(owing, "R-0", 5_00, DAY - timedelta(3))
        assert "Settle it" in words(read(clerk, f"/documents/{the('I-1').pk}/"))
        page = read(clerk, page_of("I-1", "allocate"))
        assert sums(page) == ["30.00", "0.00"]
        stated = {f"amount-{the('R-0').pk}": "5", f"amount-{the('R-1').pk}": "20", "dated_on": DAY.isoformat()}
        answer = clerk.post(page_of("I-1", "allocate"), stated, follow=True)
        assert "$5.00 is open" in words(answer.content.decode())
        assert receivables.unapplied(the("R-1")) == 40_00

    def test_what_comes_to_exactly_the_money_is_one_click(self, owing, clerk):
        money.receipt(owing, "R-2", 80_00)
        assert "Settle what it is exactly" in read(clerk, page_of("R-2", "allocate"))
        assert "Settle what it is exactly" not in read(clerk, page_of("R-1", "allocate"))
        assert "I-1$30.00I-2$50.00" in words(read(clerk, page_of("R-2", "allocate/exact")))
        clerk.post(page_of("R-2", "allocate/exact"), {"dated_on": DAY.isoformat()})
        assert (money.open_on("I-1"), money.open_on("I-2")) == (0, 0)
        answer = clerk.post(page_of("R-1", "allocate/exact"), {"dated_on": DAY.isoformat()})
        assert "owes entity MAIN nothing in USD" in words(answer.content.decode())

    @pytest.mark.parametrize(("number", "said"), [("R-E", "nothing in EUR"), ("I-E", "no unapplied money in EUR")])
    def test_where_nothing_fits_the_page_says_so(self, owing, clerk, number, said):
        if number == "R-E":
            money.receipt(owing, "R-E", 5_00, currency="EUR")
        else:
            money.invoice(owing, "I-E", 5_00, currency="EUR")
        assert said in words(read(clerk, page_of(number, "allocate")))

    def test_of_a_closed_month_it_is_told_when_it_takes_effect(self, owing, clerk):
        books.close_month(DAY)
        stated = {f"amount-{the('I-1').pk}": "30", "dated_on": DAY.isoformat()}
        answer = clerk.post(page_of("R-1", "allocate"), stated, follow=True)
        assert "$30.00 is settled, in effect from 2026-04-01." in words(answer.content.decode())

    def test_it_is_undone_with_a_reason(self, owing, clerk):
        (made,) = money.allocate("R-1", "I-2", 40_00)
        for number, back in (("R-1", ""), ("I-2", "?from=invoice")):
            assert f'/receivables/allocations/{made.pk}/undo/{back}"' in read(clerk, f"/documents/{the(number).pk}/")
        address = f"/receivables/allocations/{made.pk}/undo/?from=invoice"
        assert "$40.00 of I-2 is owed again" in words(read(clerk, address))
        assert clerk.post(address, {"reason": ""}).status_code == 422
        answer = clerk.post(address, {"reason": "another invoice"}, follow=True)
        assert answer.redirect_chain == [(f"/documents/{the('I-2').pk}/", 302)]
        assert money.open_on("I-2") == 50_00
        assert "is undone" in words(clerk.post(address, {"reason": "again"}).content.decode())

    def test_whoever_only_reads_has_no_buttons_and_no_page(self, owing):
        (made,) = money.allocate("R-1", "I-2", 10_00)
        reader = browse(books.person("auditor", "AUDITOR"))
        assert "Allocate" not in read(reader, f"/documents/{the('R-1').pk}/").replace("Allocations", "")
        for address in (
            page_of("R-1", "allocate"),
            page_of("R-1", "allocate/exact"),
            f"/receivables/allocations/{made.pk}/undo/",
            page_of("I-1", "write-off"),
            page_of("I-1", "undo-write-off"),
            page_of("I-1", "take-back"),
            page_of("R-1", "take-back", "cash/receipts"),
            page_of("R-1", "take-back", "cash/instruments"),
            page_of("I-1", "recover", "cash/invoices"),
        ):
            assert reader.get(address).status_code == 403
            assert reader.post(address, {"reason": "x"}).status_code == 403


class TestBadDebt:
    def test_it_is_given_up_comes_after_all_and_is_owed_again(self, owing, clerk, director):
        assert "Write off" in words(read(director, f"/documents/{the('I-2').pk}/"))
        page = words(read(director, page_of("I-2", "write-off")))
        assert "$50.00 of it is open" in page
        answer = director.post(page_of("I-2", "write-off"), {"amount": "50.01", "reason": "gone"})
        assert "More is asked for than is open" in words(answer.content.decode())
        answer = director.post(page_of("I-2", "write-off"), {"amount": "", "reason": "gone"}, follow=True)
        assert "$50.00 of invoice I-2 is written off" in words(answer.content.decode())
        stated = {"number": "R-7", "dated_on": DAY.isoformat(), "method": "transfer", "amount": "20"}
        assert "$50.00 of it is written off" in words(read(clerk, page_of("I-2", "recover", "cash/invoices")))
        assert clerk.post(page_of("I-2", "recover", "cash/invoices"), {**stated, "number": "R-1"}).status_code == 422
        clerk.post(page_of("I-2", "recover", "cash/invoices"), stated)
        assert books.stands(owing) == {"INVOICED": 30_00, "UNAPPLIED": 60_00}
        answer = director.post(page_of("I-2", "undo-write-off"), {"reason": "pays"}, follow=True)
        assert "$30.00 of invoice I-2 is owed again." in words(answer.content.decode())
        assert money.open_on("I-2") == 30_00
        assert list(exposure.differences()) == []

    def test_where_there_is_nothing_to_give_up_or_to_come_back_the_page_says_so(self, owing, clerk, director):
        money.allocate("R-1", "I-1", 30_00)
        for visitor, address, said in (
            (director, page_of("I-1", "write-off"), "nothing of it is open"),
            (director, page_of("I-2", "undo-write-off"), "is not written off"),
            (clerk, page_of("I-2", "recover", "cash/invoices"), "is not written off"),
        ):
            answer = visitor.get(address)
            assert answer.status_code == 422
            assert said in words(answer.content.decode())

    @pytest.mark.parametrize("deed", ["write-off", "undo-write-off"])
    def test_a_reason_of_blanks_is_none(self, owing, director, deed):
        director.post(page_of("I-2", "write-off"), {"amount": "20", "reason": "gone"})
        assert director.post(page_of("I-2", deed), {"amount": "", "reason": "  "}).status_code == 422
        assert money.open_on("I-2") == 30_00

    def test_not_by_the_customers_own_salesperson(self, owing):
        seller = browse(books.person("seller", "FINANCE_MANAGER", code="S01"))
        answer = seller.post(page_of("I-1", "write-off"), {"reason": "x"})
        assert (answer.status_code, money.open_on("I-1")) == (422, 30_00)
        assert "Somebody else has to do this." in words(answer.content.decode())


class TestTakingBack:
    @pytest.mark.parametrize(
        ("number", "role", "room"),
        [
            ("I-1", "BILLING_CLERK", "receivables/documents"),
            ("N-1", "BILLING_CLERK", "receivables/documents"),
            ("R-1", "SETTLEMENT_CLERK", "cash/receipts"),
            ("B-1", "SETTLEMENT_CLERK", "cash/instruments"),
        ],
    )
    def test_a_document_is_taken_back_with_a_reason(self, owing, number, role, room):
        money.credit_note(owing, "N-1", 5_00)
        money.paper(owing, "B-1", 25_00)
        visitor = browse(books.person("somebody", role, code=owing.salesperson))
        assert f"/{room}/{the(number).pk}/take-back/" in read(visitor, f"/documents/{the(number).pk}/")
        assert visitor.post(page_of(number, "take-back", room), {"reason": " "}).status_code == 422
        answer = visitor.post(page_of(number, "take-back", room), {"reason": "entered twice"}, follow=True)
        assert "it counts no more" in words(answer.content.decode())
        assert the(number).reversed_by is not None
        assert "take-back" not in read(visitor, f"/documents/{the(number).pk}/")
        assert visitor.post(page_of(number, "take-back", room), {"reason": "again"}).status_code == 422

    def test_not_before_its_allocations(self, owing, clerk):
        money.allocate("R-1", "I-2", 40_00)
        answer = clerk.post(page_of("R-1", "take-back", "cash/receipts"), {"reason": "wrong"})
        assert "Undo its allocations first." in words(answer.content.decode())

    def test_somebody_elses_customer_is_not_there(self, owing):
        stranger = browse(books.person("stranger", "BILLING_CLERK", code="S99"))
        assert stranger.get(page_of("I-1", "take-back")).status_code == 404
