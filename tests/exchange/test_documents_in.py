"""Documents come in by files: what lands where, what is left out, what is due when, whose it is."""

from datetime import date

import pytest

from tests import books
from tests.exchange.files import allocation, codes, document, invoice
from xinheng.desk.cash import public as cash
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.site import verification


def who(code="A"):
    return Customer.objects.get(code=code)


def stands(code="A"):
    return books.stands(who(code))


def in_order():
    assert list(verification.differences()) == []
    return True


def due_days(number):
    found = exposure.Document.objects.filter(kind=Kind.INVOICE, number=number, reversed_by=None).order_by("part")
    return [(one.amount, one.due_on) for one in found]


@pytest.mark.covers("AR-001", "OC-003")
def test_every_kind_of_document_lands_where_it_stands(load):
    books.line(who(), 1000_00)
    load.good("orders", document("S1", "A", 100), opening=True)
    load.good("deliveries", {"number": "D1", "order": "S1", "date": "2026-03-03", "amount": 60}, opening=True)
    load.good("returns", {"number": "T1", "delivery": "D1", "date": "2026-03-04", "amount": 10})
    load.good("invoices", invoice("I1", "A", 30, delivery="D1"), invoice("I2", "A", 5))
    load.good("receipts", document("R1", "A", 7), document("R2", "A", 2, purpose="deposit"))
    load.good("credit-notes", document("C1", "A", 1, invoice="I1"), document("C2", "A", 1))
    load.good("instruments", document("P1", "A", 5, kind="cheque", maturity="2026-04-01", invoice="I2"))
    load.good("allocations", allocation("R1", "I1", 4))
    assert stands() == {
        "ORDERED": 40_00,
        "DELIVERED": 20_00,
        "INVOICED": 25_00,
        "UNAPPLIED": 4_00,
        "DEPOSIT": 2_00,
        "INSTRUMENT": 5_00,
    }
    assert in_order()


def test_a_bare_receipt_is_a_cleared_transfer_and_a_cheque_moves_nothing(load):
    load.good("receipts", document("R1", "A", 7), document("R2", "A", 2, method="cheque"))
    assert stands() == {"UNAPPLIED": 7_00}
    found = {one.document.number: (one.method, one.cleared_on) for one in cash.Receipt.objects.all()}
    assert found == {"R1": ("transfer", date(2026, 3, 2)), "R2": ("cheque", None)}


class TestRedAndVoid:
    @pytest.mark.covers("AR-002")
    def test_a_negative_row_is_a_red_invoice(self, load):
        load.good("invoices", invoice("I1", "A", 100), invoice("I2", "A", -30))
        assert stands() == {"INVOICED": 100_00, "UNAPPLIED": 30_00}

    @pytest.mark.parametrize("amount", ["-30", "30"])
    def test_a_row_marked_red_is_negative_whatever_its_sign(self, load, amount):
        load.good("invoices", invoice("I1", "A", 100, status="有效"), invoice("I2", "A", amount, status="红字发票"))
        assert stands() == {"INVOICED": 100_00, "UNAPPLIED": 30_00}

    def test_a_red_invoice_reduces_the_blue_one_it_names_wherever_that_stands_in_the_file(self, load):
        load.good("invoices", invoice("I2", "A", -30, red_of="I1"), invoice("I1", "A", 100))
        assert stands() == {"INVOICED": 70_00}
        load.good("invoices", invoice("I3", "A", -80, red_of="I1"))
        assert stands() == {"UNAPPLIED": 10_00}
        assert in_order()

    def test_a_red_invoice_needs_the_blue_one(self, load):
        assert codes(load("invoices", invoice("I2", "A", -30, red_of="NOPE"))) == [(2, "UNKNOWN")]

    @pytest.mark.parametrize("status", ["作废", " 作废发票", "作 废", "Void", "cancelled"])
    def test_void_rows_are_counted_and_left_out(self, load, status):
        found = load.good("invoices", invoice("I1", "A", 100, status=status), invoice("I1", "A", 5, status="正常"))
        assert (found.rows, found.void, found.accepted) == (2, 1, 1)
        assert stands() == {"INVOICED": 5_00}

    @pytest.mark.parametrize("status", ["已红冲", "已红冲-全额", "被红冲"])
    def test_the_blue_one_that_was_reversed_stays_a_debt_its_red_one_is_a_row_of_its_own(self, load, status):
        load.good(
            "invoices", invoice("I1", "A", 100, status=status), invoice("I2", "A", -100, status="红字", red_of="I1")
        )
        assert stands() == {}

    @pytest.mark.parametrize("status", ["是", "Y", "0"])
    def test_yes_and_no_say_nothing_in_a_column_of_states(self, load, status):
        assert codes(load("invoices", invoice("I1", "A", 100, status=status))) == [(2, "NOT_A_CHOICE")]

    @pytest.mark.parametrize("kind", ["orders", "receipts", "credit-notes"])
    def test_a_negative_row_is_an_error_elsewhere(self, load, kind):
        assert codes(load(kind, document("X1", "A", -1))) == [(2, "NEGATIVE")]


class TestTax:
    def test_net_and_tax_stand_beside_the_amount(self, load):
        more = {"net": "100.00", "tax": "13.00", "tax_rate": "13%", "fapiao_code": "0110", "fapiao_number": "007"}
        load.good("invoices", invoice("I1", "A", "113.06", **more))
        kept = receivables.InvoiceTax.objects.get()
        assert (kept.net, kept.tax, kept.tax_rate, kept.fapiao_code, kept.fapiao_number) == (
            100_00,
            13_00,
            "13%",
            "0110",
            "007",
        )

    def test_seven_cents_are_too_much(self, load):
        assert codes(load("invoices", invoice("I1", "A", "113.07", net=100, tax=13))) == [(2, "NET_AND_TAX")]

    def test_a_red_one_adds_up_too(self, load):
        load.good("invoices", invoice("I1", "A", "-113", net=-100, tax=-13))
        kept = receivables.InvoiceTax.objects.get()
        assert (kept.net, kept.tax) == (100_00, 13_00)

    def test_yen_have_no_cents_to_miss(self, load):
        assert codes(load("invoices", invoice("I1", "A", 113, net=100, tax=12, currency="JPY"))) == [(2, "NET_AND_TAX")]


class TestDueDays:
    @pytest.mark.covers("LM-010")
    def test_an_explicit_day_wins_then_the_rows_term_then_the_lines(self, load):
        books.line(who(), 1000_00, term_days=10)
        load.good(
            "invoices",
            invoice("I1", "A", 1, due_date="2026-05-01", term="30D"),
            invoice("I2", "A", 1, term="30D"),
            invoice("I3", "A", 1),
            invoice("I4", "B", 1),
        )
        assert [due_days(number)[0][1] for number in ("I1", "I2", "I3", "I4")] == [
            date(2026, 5, 1),
            date(2026, 4, 1),
            date(2026, 3, 12),
            date(2026, 3, 2),
        ]

    def test_a_term_in_instalments_makes_them(self, load):
        load.good("invoices", invoice("I1", "A", 100, term="30%@30D+70%@60D"))
        assert due_days("I1") == [(30_00, date(2026, 4, 1)), (70_00, date(2026, 5, 1))]
        again = load.good("invoices", invoice("I1", "A", 100, term="30%@30D+70%@60D"))
        assert (again.accepted, again.already_present) == (0, 1)

    def test_stated_instalments_are_documents_of_their_own(self, load):
        rows = [
            invoice("I1", "A", amount, due_date=due, instalment=part)
            for part, due, amount in [(1, "2026-04-01", 30), (2, "2026-05-01", 50), (3, "2026-06-01", 20)]
        ]
        load.good("invoices", *rows)
        load.good("receipts", document("R1", "A", 40))
        load.good("allocations", allocation("R1", "I1", 40))
        open_now = [one.open for one in receivables.open_items(receivables.Ask(exposure.NOW)) if one.number == "I1"]
        assert sorted(open_now) == [20_00, 40_00]

    def test_due_before_issue_is_an_error_and_at_the_opening_a_warning(self, load):
        row = invoice("I1", "A", 1, due_date="2026-03-01")
        assert codes(load("invoices", row)) == [(2, "DUE_BEFORE_ISSUE")]
        landed = load.good("invoices", row, opening=True)
        assert [one.code for one in landed.warnings] == ["DUE_BEFORE_ISSUE"]
        assert due_days("I1") == [(1_00, date(2026, 3, 1))]

    def test_a_term_nobody_can_read_is_an_error(self, load):
        assert codes(load("invoices", invoice("I1", "A", 1, term="soon"))) == [(2, "UNKNOWN_TERM")]


class TestWhose:
    def test_an_unknown_customer_is_an_error_or_is_made(self, load):
        assert codes(load("invoices", invoice("I1", "Q", 1))) == [(2, "UNKNOWN")]
        load.good("invoices", invoice("I1", "Q", 1), invoice("I2", "Q", 2), create_customers=True)
        assert (who("Q").name, stands("Q")) == ("Q", {"INVOICED": 3_00})
        assert in_order()

    def test_codes_keep_their_leading_zeros(self, load):
        load.good("customers", {"code": "007", "name": "Seven"}, {"code": "7", "name": "Seven"})
        load.good("invoices", invoice("0001", "007", 1))
        assert (stands("007"), stands("7")) == ({"INVOICED": 1_00}, {})

    def test_a_document_takes_its_customers_currency(self, load):
        load.good("customers", {"code": "E", "name": "Euro", "currency": "EUR"})
        load.good("invoices", invoice("I1", "E", 1), invoice("I2", "E", 100, currency="JPY"), invoice("I3", "A", 1))
        found = dict(exposure.Document.objects.values_list("number", "currency"))
        assert found == {"I1": "EUR", "I2": "JPY", "I3": "USD"}

    def test_amounts_must_fit_the_currencys_decimals(self, load):
        rows = [
            invoice("I1", "A", "1.005"),
            invoice("I2", "A", "1.5", currency="JPY"),
            invoice("I3", "A", 1, currency="XYZ"),
        ]
        assert codes(load("invoices", *rows)) == [
            (2, "AMOUNT_TOO_MANY_DECIMALS"),
            (3, "AMOUNT_TOO_MANY_DECIMALS"),
            (4, "UNKNOWN_CURRENCY"),
        ]

    @pytest.mark.covers("LM-001")
    def test_documents_belong_to_the_entity_they_state(self, load):
        load.good("entities", {"code": "HK", "name": "Hong Kong"})
        load.good("invoices", invoice("I1", "A", 1, entity="HK"), invoice("I1", "A", 2), invoice("I2", "A", 3))
        load.good("receipts", document("R1", "A", 3), entity="HK")
        assert codes(load("invoices", invoice("I9", "A", 1, entity="NOPE"))) == [(2, "UNKNOWN")]
        assert codes(load("allocations", allocation("R1", "I1", 1))) == [(2, "AMBIGUOUS")]
        assert codes(load("allocations", allocation("R1", "I2", 1))) == [(2, "OTHER_ENTITY")]
        assert codes(load("allocations", allocation("R1", "I2", 1), entity="HK")) == [(2, "INVOICE_OF_OTHER_ENTITY")]
        load.good("allocations", allocation("R1", "I1", 1), entity="HK")
        assert stands() == {"INVOICED": 5_00, "UNAPPLIED": 2_00}
        assert in_order()

    def test_a_person_imports_only_for_customers_that_are_theirs_to_see(self, load):
        clerk = books.person("clerk", "CUSTOMER_SERVICE", "BILLING_CLERK", code="S1")
        found = load("invoices", invoice("I1", "A", 1), invoice("I2", "B", 1), by=clerk)
        assert codes(found) == [(3, "UNKNOWN")]


class TestGoods:
    def test_the_order_says_whose_a_delivery_is_and_in_which_currency(self, load):
        load.good("orders", document("S1", "A", 100, currency="EUR"), opening=True)
        load.good("deliveries", {"number": "D1", "order": "S1", "date": "2026-03-03", "amount": 60}, opening=True)
        found = exposure.Document.objects.get(number="D1")
        assert (found.account.customer.code, found.currency) == ("A", "EUR")
        assert stands() == {"ORDERED": 40_00, "DELIVERED": 60_00}

    def test_a_delivery_that_says_neither_is_nobodys(self, load):
        found = load(
            "deliveries",
            {"number": "D1", "order": "", "customer": "", "date": "2026-03-03", "amount": 60},
            {"number": "D2", "order": "NOPE", "customer": "", "date": "2026-03-03", "amount": 60},
        )
        assert codes(found) == [(2, "MISSING"), (3, "UNKNOWN")]

    def test_orders_deliveries_and_invoices_may_come_in_any_order(self, load):
        load.good("invoices", invoice("I1", "A", 60, delivery="D1", order="S1"))
        load.good("deliveries", {"number": "D1", "order": "S1", "customer": "A", "date": "2026-03-02", "amount": 60})
        load.good("orders", document("S1", "A", 100), opening=True)
        assert stands() == {"ORDERED": 40_00, "INVOICED": 60_00}
        assert in_order()

    def test_somebody_elses_order_is_an_error(self, load):
        load.good("orders", document("S1", "A", 100), opening=True)
        row = {"number": "D1", "order": "S1", "customer": "B", "date": "2026-03-02", "amount": 60}
        assert codes(load("deliveries", row)) == [(2, "FAMILY_OF_OTHER_CUSTOMER")]
        two = [invoice("I1", "A", 1, order="S9"), invoice("I2", "B", 1, order="S9")]
        assert codes(load("invoices", *two)) == [(3, "FAMILY_OF_OTHER_CUSTOMER")]
        assert codes(load("invoices", invoice("I3", "A", 1, order="S1", currency="EUR"))) == [
            (2, "FAMILY_OF_OTHER_CURRENCY")
        ]

    @pytest.mark.covers("OC-009")
    def test_goods_gone_without_a_release_are_listed_by_name(self, load):
        load.good("orders", document("S1", "A", 100, salesperson="S7"))
        load.good(
            "deliveries",
            {"number": "D1", "order": "S1", "customer": "", "date": "2026-03-03", "amount": 60},
            {"number": "D2", "order": "", "customer": "B", "date": "2026-03-03", "amount": 5},
        )
        found = {one.delivery.number: (one.responsible, one.reason) for one in sales.Unreleased.objects.all()}
        assert found == {"D1": ("S7", "NO_RELEASE"), "D2": ("S2", "NO_ORDER")}

    def test_history_is_not_listed(self, load):
        load.good("deliveries", document("D1", "A", 60), opening=True)
        assert not sales.Unreleased.objects.exists()

    def test_consigned_goods_stand_apart(self, load):
        load.good("deliveries", document("D1", "A", 60, consigned="是"), document("D2", "A", 1, consigned="no"))
        assert stands() == {"CONSIGNED": 60_00, "DELIVERED": 1_00}

    def test_what_comes_back_beyond_what_went_is_told(self, load):
        load.good("deliveries", document("D1", "A", 60))
        row = {"number": "T1", "delivery": "D1", "date": "2026-03-04", "amount": 70}
        assert [one.code for one in load.good("returns", row).warnings] == ["MORE_THAN_DELIVERED"]
        assert stands() == {}
        assert codes(load("returns", {**row, "number": "T2", "delivery": "NOPE"})) == [(2, "UNKNOWN")]


class TestOrders:
    def test_orders_are_entered_unchecked_and_occupy_nothing(self, load):
        load.good("orders", document("S1", "A", 100, payment="预付", ship_date="2026-04-01", term="30D"))
        order = sales.Order.objects.get()
        assert (order.state, order.payment, order.ship_date, order.document.term) == (
            "ENTERED",
            "prepaid",
            date(2026, 4, 1),
            "30D",
        )
        assert stands() == {}

    @pytest.mark.covers("OC-003")
    def test_they_are_checked_in_the_order_of_the_file_when_asked(self, load):
        books.line(who(), 100_00)
        rows = [document("S3", "A", 60), document("S1", "A", 60), document("S2", "A", 40)]
        load.good("orders", *rows, check=True)
        found = dict(sales.Order.objects.values_list("document__number", "state"))
        assert found == {"S3": "APPROVED", "S1": "HELD", "S2": "APPROVED"}
        assert stands() == {"ORDERED": 100_00}
        assert in_order()

    def test_asking_later_checks_what_is_still_unchecked(self, load):
        books.line(who(), 100_00)
        load.good("orders", document("S1", "A", 60))
        again = load.good("orders", document("S1", "A", 60), check=True)
        assert (again.accepted, again.already_present, again.batch) == (0, 1, None)
        assert sales.Order.objects.get().state == "APPROVED"

    def test_an_order_that_others_name_already_finds_them(self, load):
        load.good("deliveries", {"number": "D1", "order": "S1", "customer": "A", "date": "2026-03-03", "amount": 60})
        load.good("orders", document("S1", "A", 100), opening=True)
        assert stands() == {"ORDERED": 40_00, "DELIVERED": 60_00}
        assert in_order()


class TestAllocations:
    def test_equal_rows_of_one_file_are_different_allocations_and_the_file_again_is_none(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("receipts", document("R1", "A", 100))
        rows = [allocation("R1", "I1", 20), allocation("R1", "I1", 20)]
        assert load.good("allocations", *rows).accepted == 2
        again = load.good("allocations", *rows)
        assert (again.accepted, again.already_present) == (0, 2)
        assert stands() == {"INVOICED": 60_00, "UNAPPLIED": 60_00}

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            (allocation("R1", "I1", 101), "MORE_THAN_RECEIVED"),
            (allocation("R2", "I1", 101), "MORE_THAN_OPEN"),
            (allocation("R1", "NOPE", 1), "UNKNOWN"),
            (allocation("NOPE", "I1", 1), "UNKNOWN"),
            (allocation("R1", "I2", 1), "OTHER_CURRENCY"),
            (allocation("RB", "I1", 1), "OTHER_CUSTOMER"),
            (allocation("R3", "I1", 1), "NOT_CLEARED"),
            (allocation("R1", "I1", 0), "NOT_POSITIVE"),
            (allocation("R1", "I1", 1, instalment=7), "UNKNOWN"),
        ],
    )
    def test_what_cannot_be_settled_is_a_row_error(self, load, row, code):
        load.good("invoices", invoice("I1", "A", 100), invoice("I2", "A", 100, currency="EUR"))
        load.good("receipts", document("R1", "A", 100), document("R2", "A", 500), document("RB", "B", 5))
        load.good("receipts", document("R3", "A", 5, method="cheque"))
        assert codes(load("allocations", row)) == [(2, code)]
        assert not receivables.Allocation.objects.exists()

    def test_each_row_sees_what_the_rows_before_it_have_used(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("receipts", document("R1", "A", 100))
        rows = [allocation("R1", "I1", 70), allocation("R1", "I1", 70), allocation("R1", "I1", 30)]
        assert codes(load("allocations", *rows)) == [(3, "MORE_THAN_RECEIVED")]
        assert load("allocations", *rows, keep_good=True).accepted == 2
        assert stands() == {}

    def test_a_credit_note_may_be_allocated(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("credit-notes", document("C1", "A", 30))
        load.good("allocations", allocation("C1", "I1", 30))
        assert stands() == {"INVOICED": 70_00}


def test_a_late_document_takes_effect_in_the_open_month_and_keeps_its_date(load):
    books.close_month(date(2026, 2, 1))
    load.good("invoices", invoice("I1", "A", 100, "2026-02-10"))
    found = exposure.Document.objects.get(number="I1")
    assert (found.dated_on, found.effective_on) == (date(2026, 2, 10), date(2026, 3, 1))
    assert in_order()


def test_money_that_comes_in_a_file_frees_held_orders(load):
    books.line(who(), 100_00)
    load.good("invoices", invoice("I1", "A", 80))
    load.good("orders", document("S1", "A", 50), check=True)
    assert sales.Order.objects.get().state == "HELD"
    load.good("receipts", document("R1", "A", 60))
    assert sales.Order.objects.get().state == "APPROVED"
    assert in_order()


def test_a_month_that_is_closed_while_the_file_is_read_takes_nothing_more(load, monkeypatch):
    lock, closed = exposure.lock, []

    def close_then_lock(*customers_and_groups):
        if not closed:
            closed.append(books.close_month(date(2026, 3, 1)))
        return lock(*customers_and_groups)

    monkeypatch.setattr(exposure, "lock", close_then_lock)
    load.good("invoices", invoice("I1", "A", 100))
    found = exposure.Document.objects.get(number="I1")
    assert (found.dated_on, found.effective_on) == (date(2026, 3, 2), date(2026, 4, 1))
    assert in_order()


@pytest.mark.covers("LM-007")
def test_the_first_file_of_a_new_customer_takes_the_term_of_its_line_and_of_its_file(load):
    """No account towards the entity is made yet when the due days are derived."""
    load.good("customers", {"code": "N1", "name": "New one"}, {"code": "N2", "name": "New two", "group": "G"})
    load.good("lines", {"customer": "N1", "limit": 1000, "currency": "USD", "term_days": 30})
    load.good("lines", {"group": "G", "limit": 1000, "currency": "USD", "term_days": 10})
    load.good("invoices", invoice("F1", "N1", 100), invoice("F2", "N2", 100))
    assert (due_days("F1"), due_days("F2")) == ([(100_00, date(2026, 4, 1))], [(100_00, date(2026, 3, 12))])


def refused_paper(number, **more):
    return document(number, "A", 5, kind="cheque", maturity="2026-03-02", state="dishonoured", **more)


def test_paper_the_bank_refused_stops_its_customer_once_and_history_stops_nobody(load):
    def holds():
        return [(one.cause, one.reason) for one in limits.Hold.objects.order_by("id")]

    load.good("instruments", refused_paper("OLD"), opening=True)
    assert holds() == []
    load.good(
        "instruments",
        refused_paper("P1"),
        refused_paper("P2"),
        document("R", "A", 5, kind="cheque", maturity="2026-03-02"),
    )
    assert holds() == [("DISHONOUR", "P1, P2")]
    load.good("instruments", refused_paper("P1") | {"amount": 6}, update=True)
    assert holds() == [("DISHONOUR", "P1, P2")]
    load.good("instruments", refused_paper("R"), update=True)
    assert holds() == [("DISHONOUR", "P1, P2"), ("DISHONOUR", "R")]
    assert in_order()
