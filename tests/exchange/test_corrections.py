"""A file that says something else than the books: an error, or with ``--update`` reverse and repost."""

from datetime import date

import pytest

from tests import books
from tests.exchange.files import allocation, codes, document, invoice
from xinheng.base.models import Batch
from xinheng.desk.cash import public as cash
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.site import founding, verification


def who(code="A"):
    return Customer.objects.get(code=code)


def stands(code="A"):
    return books.stands(who(code))


def in_order():
    assert list(verification.differences()) == []
    return True


def one(number, kind=Kind.INVOICE):
    return exposure.Document.objects.get(kind=kind, number=number, reversed_by=None)


class TestTheSameFileAgain:
    @pytest.mark.parametrize(
        ("kind", "row"),
        [
            ("orders", document("X", "A", 1, payment="cod", ship_date="2026-04-01")),
            ("deliveries", document("X", "A", 1, consigned="yes")),
            ("invoices", invoice("X", "A", 1, due_date="2026-04-01", net="0.90", tax="0.10", term="30D")),
            ("invoices", invoice("X", "A", -1)),
            ("receipts", document("X", "A", 1, method="cash", purpose="payment")),
            ("credit-notes", document("X", "A", 1)),
            ("instruments", document("X", "A", 1, kind="bank_acceptance", maturity="2026-06-01", acceptor="大行")),
            ("customers", {"code": "X", "name": "某某公司", "group": "G", "branch": "BJ", "salesperson": "S"}),
            ("entities", {"code": "X", "name": "Other company"}),
            ("rates", {"date": "2026-03-01", "from": "EUR", "to": "USD", "rate": "1.1000"}),
            (
                "lines",
                {"customer": "A", "limit": "100", "currency": "USD", "term_days": "30", "valid_from": "2026-01-01"},
            ),
            ("lines", {"customer": "A", "limit": "", "currency": "", "term_days": ""}),
            ("lines", {"customer": "A", "limit": "unlimited", "currency": "", "term_days": ""}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_changes_nothing(self, load, kind, row):
        assert load.good(kind, row).accepted == 1
        again = load.good(kind, row)
        assert (again.accepted, again.already_present, again.updated, again.batch) == (0, 1, 0, None)
        assert Batch.objects.count() == 1
        assert in_order()

    def test_a_blank_cell_says_nothing(self, load):
        load.good("invoices", invoice("I1", "A", 1, due_date="2026-04-01", salesperson="S9"))
        again = load.good("invoices", invoice("I1", "A", 1, due_date="", salesperson=""))
        assert again.already_present == 1

    def test_a_blank_limit_says_that_it_is_not_set(self, load):
        load.good("lines", {"customer": "A", "limit": 100, "currency": "USD", "term_days": 30})
        assert codes(load("lines", {"customer": "A", "limit": "", "currency": "USD", "term_days": 30})) == [
            (2, "CONFLICT_ROW")
        ]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("amount", 2),
            ("issue_date", "2026-03-01"),
            ("due_date", "2026-05-01"),
            ("salesperson", "S3"),
            ("order", "S1"),
        ],
    )
    def test_any_field_that_differs_is_a_conflict(self, load, field, value):
        row = invoice("I1", "A", 1, due_date="2026-04-01", salesperson="S9", order="")
        load.good("invoices", row)
        found = load("invoices", {**row, field: value})
        assert codes(found) == [(2, "CONFLICT_ROW")]
        assert found.errors[0].column == field


class TestRepeatedKeys:
    def test_the_second_row_with_a_key_is_an_error(self, load):
        rows = [invoice("I1", "A", 1), invoice("I2", "A", 1), invoice("I1", "B", 2), invoice("I1", "A", 1)]
        assert codes(load("invoices", *rows)) == [(4, "REPEATED"), (5, "REPEATED")]

    def test_also_when_the_first_one_cannot_be_read(self, load):
        rows = [invoice("I1", "A", "1e5"), invoice("I1", "A", 2)]
        assert codes(load("invoices", *rows, keep_good=True)) == [(2, "AMOUNT_EXPONENT"), (3, "REPEATED")]

    def test_instalments_have_keys_of_their_own_but_not_beside_the_whole(self, load):
        rows = [
            invoice("I1", "A", 1, instalment=1),
            invoice("I1", "A", 1, instalment=2),
            invoice("I1", "A", 2, instalment=""),
        ]
        assert codes(load("invoices", *rows)) == [(4, "REPEATED")]

    def test_entities_have_numbers_of_their_own(self, load):
        load.good("entities", {"code": "HK", "name": "Hong Kong"})
        load.good("orders", document("S1", "A", 1, entity="HK"), document("S1", "A", 1, entity="MAIN"))

    @pytest.mark.parametrize(
        ("kind", "row"),
        [
            ("customers", {"code": "X", "name": "Name"}),
            ("rates", {"date": "2026-03-01", "from": "EUR", "to": "USD", "rate": "1.1"}),
            ("lines", {"customer": "A", "limit": "1", "currency": "USD", "term_days": "1"}),
        ],
    )
    def test_lists_know_repeated_keys_too(self, load, kind, row):
        assert codes(load(kind, row, row)) == [(3, "REPEATED")]


class TestUpdate:
    def test_allocations_and_credit_notes_come_back_up_to_the_new_amount(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("receipts", document("R1", "A", 80))
        load.good("allocations", allocation("R1", "I1", 50))
        load.good("credit-notes", document("C1", "A", 30, invoice="I1"))
        found = load.good("invoices", invoice("I1", "A", 60), update=True)
        assert (found.updated, found.accepted) == (1, 0)
        assert [(one.code, one.params["receipt"], one.params["amount"]) for one in found.warnings] == [
            ("LEFT_UNAPPLIED", "C1", "20.00")
        ]
        assert stands() == {"UNAPPLIED": 30_00 + 20_00}
        assert in_order()

    def test_a_larger_invoice_keeps_what_was_paid(self, load):
        load.good("invoices", invoice("I1", "A", 100, due_date="2026-04-01"))
        load.good("receipts", document("R1", "A", 80))
        load.good("allocations", allocation("R1", "I1", 80))
        load.good("invoices", invoice("I1", "A", 120, due_date="2026-05-01"), update=True)
        assert (stands(), one("I1").due_on) == ({"INVOICED": 40_00}, date(2026, 5, 1))
        assert in_order()

    @pytest.mark.parametrize(("field", "value"), [("customer", "B"), ("currency", "EUR")])
    def test_another_customer_or_currency_is_an_error(self, load, field, value):
        row = {**invoice("I1", "A", 100), "currency": "USD"}
        load.good("invoices", row)
        assert codes(load("invoices", {**row, field: value}, update=True)) == [(2, "CONFLICT_FIXED")]

    def test_an_approved_order_is_checked_again(self, load):
        books.line(who(), 100_00)
        load.good("orders", document("S1", "A", 90), check=True)
        load.good("orders", document("S1", "A", 120), update=True)
        assert (one("S1", Kind.ORDER).order.state, stands()) == ("HELD", {})
        load.good("orders", document("S1", "A", 100), update=True)
        assert (one("S1", Kind.ORDER).order.state, stands()) == ("APPROVED", {"ORDERED": 100_00})
        assert in_order()

    def test_a_rejected_order_is_over(self, load):
        load.good("orders", document("S1", "A", 90))
        sales.Order.objects.update(state="REJECTED")
        assert codes(load("orders", document("S1", "A", 100), update=True)) == [(2, "WRONG_STATE")]

    def test_a_corrected_delivery_finds_its_order_and_its_invoice(self, load):
        load.good("orders", document("S1", "A", 100), opening=True)
        row = {"number": "D1", "order": "S1", "date": "2026-03-03", "amount": 60}
        load.good("deliveries", row, opening=True)
        load.good("invoices", invoice("I1", "A", 50, delivery="D1"))
        load.good("deliveries", {**row, "amount": 80}, update=True)
        assert stands() == {"ORDERED": 20_00, "DELIVERED": 30_00, "INVOICED": 50_00}
        assert in_order()

    def test_returns_receipts_credit_notes_and_paper_are_corrected(self, load):
        load.good("deliveries", document("D1", "A", 60), opening=True)
        back = {"number": "T1", "delivery": "D1", "date": "2026-03-04", "amount": 10}
        load.good("returns", back)
        load.good("returns", {**back, "amount": 20}, update=True)
        load.good("invoices", invoice("I1", "A", 100))
        load.good("receipts", document("R1", "A", 50))
        load.good("allocations", allocation("R1", "I1", 50))
        load.good("receipts", document("R1", "A", 30), update=True)
        load.good("credit-notes", document("C1", "A", 5, invoice="I1"))
        load.good("credit-notes", document("C1", "A", 15, invoice="I1"), update=True)
        load.good("instruments", document("P1", "A", 10, kind="cheque", maturity="2026-04-01", invoice="I1"))
        load.good(
            "instruments", document("P1", "A", 20, kind="cheque", maturity="2026-04-01", invoice="I1"), update=True
        )
        assert stands() == {"DELIVERED": 40_00, "INVOICED": 35_00, "INSTRUMENT": 20_00}
        assert in_order()

    def test_a_red_invoice_does_not_become_a_blue_one(self, load):
        load.good("invoices", invoice("I1", "A", -10))
        assert codes(load("invoices", invoice("I1", "A", 10), update=True)) == [(2, "CONFLICT_FIXED")]

    def test_instalments_that_nobody_can_split_need_their_own_rows(self, load):
        load.good("invoices", invoice("I1", "A", 40, instalment=1), invoice("I1", "A", 60, instalment=2))
        assert codes(load("invoices", invoice("I1", "A", 120), update=True)) == [(2, "INSTALMENTS_UNCLEAR")]
        load.good("invoices", invoice("I1", "A", 80, instalment=2), update=True)
        assert stands() == {"INVOICED": 120_00}

    def test_paper_that_stands_for_an_invoice_stands_in_the_way(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("instruments", document("P1", "A", 10, kind="cheque", maturity="2026-04-01", invoice="I1"))
        assert codes(load("invoices", invoice("I1", "A", 90), update=True)) == [(2, "HAS_ALLOCATIONS")]
        assert stands() == {"INVOICED": 90_00, "INSTRUMENT": 10_00}

    def test_lists_say_what_the_file_says(self, load):
        load.good("customers", {"code": "X", "name": "Old", "salesperson": "S1"})
        load.good("customers", {"code": "X", "name": "New", "salesperson": ""}, update=True)
        assert (who("X").name, who("X").salesperson) == ("New", "S1")
        load.good("rates", {"date": "2026-03-01", "from": "EUR", "to": "USD", "rate": "1.1"})
        load.good("rates", {"date": "2026-03-01", "from": "EUR", "to": "USD", "rate": "1.2"}, update=True)
        assert exposure.Rate.objects.get().rate == "1.2"
        line = {"customer": "A", "limit": 100, "currency": "USD", "term_days": 30, "valid_from": "2026-01-01"}
        load.good("lines", line)
        load.good("lines", {**line, "limit": 150, "term_days": ""}, update=True)
        standing = limits.Line.objects.get(replaced_at=None)
        assert (standing.amount, standing.term_days, limits.Line.objects.count()) == (150_00, 30, 2)

    def test_both_generations_show_in_the_history(self, load):
        load.good("invoices", invoice("I1", "A", 100))
        load.good("invoices", invoice("I1", "A", 90), update=True)
        both = exposure.Document.objects.filter(number="I1").order_by("id")
        assert [(each.amount, each.reversed_by_id is None) for each in both] == [(100_00, False), (90_00, True)]


class TestBadRows:
    def test_one_bad_row_and_nothing_is_written(self, load):
        found = load("invoices", invoice("I1", "A", 1), invoice("I2", "Q", 1))
        assert (found.refused, found.accepted, found.rejected, found.batch) == (True, 0, 1, None)
        assert not exposure.Document.objects.exists()

    def test_the_good_ones_land_when_asked_and_the_others_go_to_a_file(self, load, tmp_path):
        into = tmp_path / "rejects.csv"
        rows = [invoice("I1", "A", 1), invoice("I2", "Q", 1), invoice("=I3", "A", "x")]
        found = load("invoices", *rows, keep_good=True, rejects=into)
        assert (found.accepted, found.rejected) == (1, 2)
        written = into.read_text(encoding="utf-8-sig").splitlines()
        assert written[0].startswith("number,customer,issue_date,amount,")
        assert written[1].startswith("I2,Q,2026-03-02,1,3,") and written[2].startswith("'=I3,A,2026-03-02,x,4,")
        assert stands() == {"INVOICED": 1_00}

    def test_a_rehearsal_writes_nothing(self, load):
        found = load.good("invoices", invoice("I1", "A", 1), dry_run=True)
        assert (found.accepted, found.batch) == (1, None)
        assert not exposure.Document.objects.exists()

    def test_a_batch_leaves_one_audit_line_with_the_digest_of_its_rows(self, load):
        from xinheng.base.models import AuditLine

        found = load.good("invoices", invoice("I1", "A", 1), invoice("I2", "A", 1))
        batch = Batch.objects.get(pk=found.batch)
        line = AuditLine.objects.get(subject=f"batch:{batch.pk}")
        assert line.data["rows_digest"] == batch.rows_digest != ""
        assert (batch.kind, batch.recorded_by, batch.result["accepted"]) == ("invoices", founding.console(), 2)

    def test_without_the_right_nothing_is_read(self, load):
        from xinheng.base.errors import Refused

        with pytest.raises(Refused):
            load("invoices", invoice("I1", "A", 1), by=books.person("sales", "SALESPERSON"))


class TestLines:
    def test_limits_of_every_kind(self, load):
        load.good("customers", *[{"code": code, "name": code, "group": "G"} for code in "CDEF"])
        row = {"group": "", "currency": "USD", "term_days": 30}
        load.good(
            "lines",
            {"customer": "C", "limit": "100", **row},
            {"customer": "D", "limit": "无限", **row},
            {"customer": "E", "limit": "none", **row},
            {"customer": "F", "limit": "", **row, "group": "G"},
            {"customer": "", "limit": "500", **row, "group": "G"},
        )
        found = [(each.kind, each.amount) for each in limits.Line.objects.order_by("id")]
        assert found == [("amount", 100_00), ("unlimited", None), ("none", None), ("unset", None), ("amount", 500_00)]

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ({"customer": "A", "limit": "-1"}, "NEGATIVE"),
            ({"customer": "A", "limit": "much"}, "AMOUNT_UNREADABLE"),
            ({"customer": "Q", "limit": "1"}, "UNKNOWN"),
            ({"customer": "", "group": "G", "limit": "1"}, "UNKNOWN"),
            ({"customer": "", "group": "", "limit": "1"}, "MISSING"),
            ({"customer": "A", "limit": "1", "term_days": "-3"}, "NOT_WHOLE"),
            (
                {"customer": "A", "limit": "1", "valid_from": "2026-02-01", "valid_until": "2026-01-01"},
                "ENDS_BEFORE_IT_BEGINS",
            ),
        ],
    )
    def test_what_is_no_line(self, load, row, code):
        base = {
            "customer": "",
            "group": "",
            "limit": "",
            "currency": "USD",
            "term_days": "",
            "valid_from": "",
            "valid_until": "",
        }
        assert codes(load("lines", {**base, **row})) == [(2, code)]

    def test_a_sub_limit_is_of_a_member(self, load):
        load.good("customers", {"code": "C", "name": "C", "group": "G"})
        row = {"customer": "A", "group": "G", "limit": "1", "currency": "USD", "term_days": ""}
        assert codes(load("lines", row)) == [(2, "NOT_OF_GROUP")]

    def test_a_line_frees_held_orders(self, load):
        load.good("orders", document("S1", "A", 50), check=True)
        assert one("S1", Kind.ORDER).order.state == "HELD"
        load.good("lines", {"customer": "A", "limit": 50, "currency": "USD", "term_days": 30})
        assert one("S1", Kind.ORDER).order.state == "APPROVED"


def test_paper_in_every_state(load):
    load.good("invoices", *[invoice(f"I{state}", "A", 10) for state in range(5)])
    paper = {"kind": "支票", "maturity": "2026-03-02"}
    load.good(
        "instruments",
        document("P0", "A", 10, invoice="I0", state="", **paper),
        document("P1", "A", 10, invoice="I1", state="cleared", **paper),
        document("P2", "A", 10, invoice="I2", state="退票", **paper),
        document("P3", "A", 10, invoice="I3", state="endorsed", **paper),
        document("P4", "A", 10, invoice="", state="cleared", **paper),
    )
    assert stands() == {"INSTRUMENT": 10_00, "INVOICED": 20_00, "CONTINGENT": 10_00, "UNAPPLIED": 10_00}
    assert cash.Instrument.objects.count() == 5
    assert codes(load("instruments", document("P9", "A", 1, kind="cheque", maturity="2026-01-01"))) == [
        (2, "MATURES_BEFORE_DATE")
    ]
    assert receivables.InvoiceTax.objects.count() == 0
    assert in_order()
