"""A whole batch taken back: reversing entries, while nothing later depends on it."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.exchange.files import allocation, document, invoice
from xinheng.base.errors import Refused, Unknown, WrongState
from xinheng.base.models import Batch
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.exchange.undoing import BatchInUse, batch_by_number, undo_batch
from xinheng.rules.road import Kind
from xinheng.rules.terms import Base
from xinheng.site import founding, verification


def stands(code="A"):
    return books.stands(Customer.objects.get(code=code))


def undo(result, **more):
    return undo_batch(batch_by_number(result.batch), on=DAY, by=more.pop("by", founding.console()), **more)


def in_order():
    assert list(verification.differences()) == []
    return True


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("orders", [document("X", "A", 10), document("Y", "B", 10, payment="cod")]),
        ("deliveries", [document("X", "A", 10), document("Y", "A", 10, consigned="yes")]),
        ("invoices", [invoice("X", "A", 10), invoice("Y", "A", -3), invoice("Z", "A", -2, red_of="X")]),
        ("invoices", [invoice("X", "A", 10, term="30%@30D+70%@60D"), invoice("Y", "A", 1, order="S", delivery="D")]),
        (
            "receipts",
            [document("X", "A", 10), document("Y", "A", 1, method="cheque"), document("Z", "A", 1, purpose="deposit")],
        ),
        ("credit-notes", [document("X", "A", 10, invoice="OLD"), document("Y", "A", 10)]),
        ("instruments", [document("X", "A", 10, kind="cheque", maturity="2026-03-05", invoice="OLD", state="cleared")]),
        ("allocations", [allocation("R", "OLD", 5), allocation("R", "OLD", 5)]),
        ("returns", [{"number": "X", "delivery": "GONE", "date": "2026-03-04", "amount": 5}]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_stands_as_before_and_the_file_may_come_again(load, kind, rows):
    load.good("invoices", invoice("OLD", "A", 100))
    load.good("receipts", document("R", "A", 50))
    load.good("deliveries", document("GONE", "A", 20), opening=True)
    before = stands(), stands("B")
    landed = load.good(kind, *rows)
    after = stands(), stands("B")
    undo(landed)
    assert (stands(), stands("B")) == before
    assert in_order()
    again = load.good(kind, *rows)
    assert (again.accepted, (stands(), stands("B"))) == (len(rows), after)
    assert in_order()


def test_history_that_opened_the_books_is_undone_in_one_step(load):
    orders = load.good("orders", document("S1", "A", 100), document("S2", "A", 5), opening=True)
    undo(orders)
    assert stands() == {}
    assert in_order()


def test_an_order_whose_delivery_is_there_already_gives_its_goods_back(load):
    load.good("deliveries", {"number": "D1", "order": "S1", "customer": "A", "date": "2026-03-02", "amount": 60})
    orders = load.good("orders", document("S1", "A", 100), opening=True)
    assert stands() == {"ORDERED": 40_00, "DELIVERED": 60_00}
    undo(orders)
    assert stands() == {"DELIVERED": 60_00}
    assert in_order()


class TestWhatDepends:
    def test_money_that_was_allocated_stands_in_the_way(self, load):
        invoices = load.good("invoices", invoice("I1", "A", 100))
        receipts = load.good("receipts", document("R1", "A", 50))
        allocations = load.good("allocations", allocation("R1", "I1", 50))
        for one in (invoices, receipts):
            with pytest.raises(BatchInUse) as refused:
                undo(one)
            assert refused.value.params["reasons"] == ["I1"]
        undo(allocations)
        undo(receipts)
        undo(invoices)
        assert stands() == {}
        assert in_order()

    def test_so_do_later_documents_that_name_it(self, load):
        orders = load.good("orders", document("S1", "A", 100), opening=True)
        row = {"number": "D1", "order": "S1", "date": "2026-03-02", "amount": 60}
        deliveries = load.good("deliveries", row, opening=True)
        invoices = load.good("invoices", invoice("I1", "A", 10, delivery="D1"))
        for one, reason in ((orders, "D1"), (deliveries, "I1")):
            with pytest.raises(BatchInUse) as refused:
                undo(one)
            assert refused.value.params["reasons"] == [reason]
        for one in (invoices, deliveries, orders):
            undo(one)
        assert stands() == {}
        assert in_order()

    def test_so_does_paper_and_a_write_off(self, load):
        invoices = load.good("invoices", invoice("I1", "A", 100))
        load.good("instruments", document("P1", "A", 10, kind="cheque", maturity="2026-04-01", invoice="I1"))
        with pytest.raises(BatchInUse):
            undo(invoices)
        assert stands() == {"INVOICED": 90_00, "INSTRUMENT": 10_00}

    def test_it_is_undone_once(self, load):
        one = load.good("invoices", invoice("I1", "A", 100))
        undo(one)
        with pytest.raises(WrongState):
            undo(one)

    def test_not_everybody_may(self, load):
        one = load.good("invoices", invoice("I1", "A", 100))
        with pytest.raises(Refused):
            undo(one, by=books.person("clerk", "BILLING_CLERK"))
        with pytest.raises(Unknown):
            batch_by_number("99")
        with pytest.raises(Unknown):
            batch_by_number("nothing")


class TestCorrectionsUndone:
    def test_an_invoice_is_as_it_was_with_its_money(self, load):
        load.good("invoices", invoice("I1", "A", 100, due_date="2026-05-01", net=90, tax=10))
        load.good("receipts", document("R1", "A", 80))
        load.good("allocations", allocation("R1", "I1", 80))
        before = stands()
        undo(load.good("invoices", invoice("I1", "A", 50), update=True))
        found = exposure.Document.objects.get(number="I1", reversed_by=None)
        assert (stands(), str(found.due_on), found.tax.net) == (before, "2026-05-01", 90_00)
        assert in_order()

    @pytest.mark.parametrize(
        ("kind", "row", "change"),
        [
            ("orders", document("X", "A", 10), {"amount": 20}),
            ("deliveries", document("X", "A", 10), {"amount": 20}),
            ("receipts", document("X", "A", 10), {"amount": 20}),
            ("credit-notes", document("X", "A", 10, invoice="OLD"), {"amount": 20}),
            (
                "instruments",
                document("X", "A", 10, kind="cheque", maturity="2026-04-01", invoice="OLD"),
                {"amount": 20},
            ),
            ("returns", {"number": "X", "delivery": "GONE", "date": "2026-03-04", "amount": 5}, {"amount": 7}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_so_is_everything_else(self, load, kind, row, change):
        load.good("invoices", invoice("OLD", "A", 100))
        load.good("deliveries", document("GONE", "A", 20), opening=True)
        load.good(kind, row)
        before = stands()
        undo(load.good(kind, {**row, **change}, update=True))
        assert stands() == before
        assert load.good(kind, row).already_present == 1
        assert in_order()

    def test_what_a_later_batch_corrected_waits_for_that_one(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        first = load.good("invoices", invoice("I1", "A", 70), update=True)
        before = stands()
        second = load.good("invoices", invoice("I1", "A", 60), update=True)
        with pytest.raises(BatchInUse, match="I1"):
            undo(first)
        undo(second)
        assert stands() == before
        undo(first)
        assert stands() == {"INVOICED": 100_00}
        assert in_order()

    def test_so_do_allocations_that_a_correction_made_again(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("receipts", document("R1", "A", 60))
        given = load.good("allocations", allocation("R1", "I1", 60))
        correction = load.good("invoices", invoice("I1", "A", 50), update=True)
        with pytest.raises(BatchInUse, match="I1"):
            undo(given)
        undo(correction)
        undo(given)
        assert stands() == {"INVOICED": 100_00, "UNAPPLIED": 60_00}
        assert in_order()

    def test_a_corrected_file_is_undone_to_nothing_step_by_step(self, load):
        batches = [
            load.good("invoices", invoice("I1", "A", 100)),
            load.good("receipts", document("R1", "A", 60)),
            load.good("allocations", allocation("R1", "I1", 60)),
            load.good("invoices", invoice("I1", "A", 80), update=True),
            load.good("receipts", document("R1", "A", 40), update=True),
        ]
        for one in reversed(batches):
            undo(one)
        assert stands() == {}
        assert in_order()

    def test_an_approved_order_is_approved_again(self, load):
        books.line(Customer.objects.get(code="A"), 100_00)
        load.good("orders", document("S1", "A", 90), check=True)
        undo(load.good("orders", document("S1", "A", 120), update=True))
        order = sales.Order.objects.get(document__reversed_by=None)
        assert (order.state, stands()) == ("APPROVED", {"ORDERED": 90_00})
        assert in_order()

    def test_what_had_changed_or_closed_a_document_does_so_again(self, load):
        """The order was cut to 60 by hand, the rest of a delivery called off; the files that correct both are wrong."""
        books.line(Customer.objects.get(code="A"), 1000_00)
        load.good("orders", document("S1", "A", 90), check=True)
        load.good("deliveries", document("D1", "A", 40))
        order = sales.Order.objects.select_related("document__account__customer").get()
        control.change_order(order, control.Change(amount=60_00), on=DAY, by=founding.console())
        stranger = books.person("clerk", "SETTLEMENT_CLERK", "BILLING_CLERK")
        sales.close_delivery(exposure.document(Kind.DELIVERY, "D1"), on=DAY, reason="lost", by=stranger)
        before = stands()
        assert before == {"ORDERED": 60_00}
        orders = load.good("orders", document("S1", "A", 120), update=True)
        goods = load.good("deliveries", document("D1", "A", 50), update=True)
        assert stands() == {"ORDERED": 120_00, "DELIVERED": 50_00}
        undo(goods)
        assert stands() == {"ORDERED": 120_00}
        undo(orders)
        assert stands() == before
        assert in_order()

    def test_what_a_credit_note_had_reduced_by_itself_it_reduces_again(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("credit-notes", document("C1", "A", 30, invoice="I1"))
        corrected = load.good("invoices", invoice("I1", "A", 90), update=True)
        assert stands() == {"INVOICED": 60_00}
        undo(corrected)
        assert stands() == {"INVOICED": 70_00}
        assert in_order()

    def test_a_corrected_document_that_was_taken_back_by_hand_stays_taken_back(self, load):
        load.good("receipts", document("R1", "A", 100), document("R2", "A", 10))
        load.good("invoices", invoice("I1", "A", 70))
        load.good("allocations", allocation("R1", "I1", 20))
        corrected = load.good("receipts", document("R1", "A", 90), document("R2", "A", 20), update=True)
        made = receivables.Allocation.objects.get(undone_by=None)
        receivables.undo_allocation(made, reason="wrong", by=founding.console())
        cash.reverse_receipt(exposure.document(Kind.RECEIPT, "R1"), reason="wrong", by=founding.console())
        load.good("receipts", document("R1", "A", 50))
        undo(corrected)
        assert stands() == {"INVOICED": 70_00, "UNAPPLIED": 60_00}
        assert not receivables.Allocation.objects.filter(undone_by=None).exists()
        assert in_order()


class TestLists:
    def test_new_customers_go_and_changed_ones_say_what_they_said(self, load):
        load.good("customers", {"code": "X", "name": "Old", "group": "G"})
        batch = load.good(
            "customers",
            {"code": "X", "name": "New", "group": "H"},
            {"code": "Y", "name": "Y", "group": ""},
            update=True,
        )
        undo(batch)
        found = Customer.objects.get(code="X")
        assert (found.name, found.group.code) == ("Old", "G")
        assert not Customer.objects.filter(code="Y").exists()

    def test_a_customer_somebody_uses_stays(self, load):
        batch = load.good("customers", {"code": "X", "name": "X"})
        load.good("invoices", invoice("I1", "X", 1))
        with pytest.raises(BatchInUse):
            undo(batch)
        assert Customer.objects.filter(code="X").exists()

    def test_rates_and_entities(self, load):
        load.good("rates", {"date": "2026-03-01", "from": "EUR", "to": "USD", "rate": "1.1"})
        both = [("2026-03-01", "1.2"), ("2026-03-02", "1.3")]
        batch = load.good(
            "rates", *[{"date": day, "from": "EUR", "to": "USD", "rate": rate} for day, rate in both], update=True
        )
        undo(batch)
        assert [(str(one.on), one.rate) for one in exposure.Rate.objects.all()] == [("2026-03-01", "1.1")]
        entities = load.good(
            "entities", {"code": "HK", "name": "Hong Kong"}, {"code": "MAIN", "name": "Renamed"}, update=True
        )
        undo(entities)
        assert [one.code for one in exposure.Entity.objects.all()] == ["MAIN"]
        assert exposure.entity().name != "Renamed"

    def test_lines_that_were_replaced_stand_again(self, load):
        line = {"customer": "A", "limit": 100, "currency": "USD", "term_days": 30}
        first = load.good("lines", line)
        second = load.good("lines", {**line, "limit": 200}, {**line, "customer": "B"}, update=True)
        with pytest.raises(BatchInUse):
            undo(first)
        undo(second)
        assert [(one.amount, one.customer.code) for one in limits.Line.objects.filter(replaced_at=None)] == [
            (100_00, "A")
        ]


def test_a_closed_month_keeps_what_it_told(load):
    from datetime import date

    batch = load.good("invoices", invoice("I1", "A", 100, "2026-02-10"))
    books.close_month(date(2026, 2, 1))
    undo(batch)
    at = exposure.Moment(date(2026, 2, 28))
    who = Customer.objects.get(code="A")
    assert (books.stands(who, at), stands()) == ({"INVOICED": 100_00}, {})
    assert Batch.objects.get(pk=batch.batch).undone_by == founding.console()
    assert not receivables.Allocation.objects.exists()
    assert exposure.Document.objects.filter(kind=Kind.INVOICE, reversed_by=None).count() == 0
    assert in_order()


class TestDaysThatWereSaid:
    """An invoice that stands again with its due day still belongs to the batch that brought it."""

    @pytest.fixture
    def landed(self, load):
        row = invoice("I1", "A", 100, term="30D from ACCEPTANCE")
        return load.good("invoices", row)

    def due(self):
        return [one.due_on for one in exposure.Document.objects.filter(kind=Kind.INVOICE, reversed_by=None)]

    def accept(self):
        found = exposure.document(Kind.INVOICE, "I1")
        receivables.happened(found, Base.ACCEPTANCE, on=DAY, by=founding.console())

    def test_undone_it_leaves_with_its_day(self, load, landed):
        self.accept()
        undo(landed)
        assert stands() == {}
        assert not receivables.TermDay.objects.filter(undone_by=None).exists()
        assert in_order()
        load.good("invoices", invoice("I1", "A", 100, term="30D from ACCEPTANCE"))
        assert self.due() == [None]

    def test_a_correction_keeps_the_day_and_so_does_undoing_it(self, load, landed):
        self.accept()
        corrected = load.good("invoices", invoice("I1", "A", 90), update=True)
        assert (corrected.updated, self.due()) == (1, [DAY + timedelta(30)])
        undo(corrected)
        assert (stands(), self.due()) == ({"INVOICED": 100_00}, [DAY + timedelta(30)])
        assert in_order()

    def test_what_was_accepted_after_a_correction_is_accepted_after_undoing_it(self, load, landed):
        corrected = load.good("invoices", invoice("I1", "A", 90), update=True)
        self.accept()
        undo(corrected)
        assert (stands(), self.due()) == ({"INVOICED": 100_00}, [DAY + timedelta(30)])
        assert in_order()

    def test_a_day_taken_back_since_does_not_come_again(self, load, landed):
        self.accept()
        corrected = load.good("invoices", invoice("I1", "A", 90), update=True)
        found = exposure.document(Kind.INVOICE, "I1")
        receivables.not_happened(found, Base.ACCEPTANCE, reason="wrong", by=founding.console())
        undo(corrected)
        assert (stands(), self.due()) == ({"INVOICED": 100_00}, [None])
        assert in_order()

    def test_money_of_a_file_can_still_be_taken_back_with_its_file(self, load, landed):
        load.good("receipts", document("R1", "A", 40))
        paid = load.good("allocations", allocation("R1", "I1", 40))
        self.accept()
        undo(paid)
        assert stands() == {"INVOICED": 100_00, "UNAPPLIED": 40_00}
        assert in_order()

    def test_what_was_paid_by_hand_still_keeps_the_batch(self, load, landed):
        load.good("receipts", document("R1", "A", 40))
        receipt = exposure.document(Kind.RECEIPT, "R1")
        receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=founding.console())
        self.accept()
        with pytest.raises(BatchInUse):
            undo(landed)

    def test_the_file_may_come_again_and_changes_nothing(self, load, landed):
        self.accept()
        again = load.good("invoices", invoice("I1", "A", 100, term="30D from ACCEPTANCE"))
        assert (again.already_present, self.due()) == (1, [DAY + timedelta(30)])

    def test_goods_taken_back_leave_no_day(self, load):
        sent = load.good("deliveries", document("D1", "A", 100), opening=True)
        found = exposure.document(Kind.DELIVERY, "D1")
        receivables.happened(found, Base.ACCEPTANCE, on=DAY, by=founding.console())
        load.good("invoices", invoice("I1", "A", 100, term="30D from ACCEPTANCE", delivery="D1"))
        assert self.due() == [DAY + timedelta(30)]
        with pytest.raises(BatchInUse):
            undo(sent)
        receivables.reverse_invoice(exposure.document(Kind.INVOICE, "I1"), reason="x", by=founding.console())
        undo(sent)
        assert not receivables.TermDay.objects.filter(undone_by=None).exists()
        assert in_order()
