"""Ageing in the database says what the rule book says item by item, at any moment and for any part of the books."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import books
from tests.books import DAY
from tests.desk import money
from xinheng.base.errors import Unknown
from xinheng.base.models import Branch
from xinheng.desk.customers.public import write_customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Moment
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import AgeingScope, Ask
from xinheng.rules.ageing import Bounds, By, OpenItem, age, fifo, parse_bounds
from xinheng.rules.road import Kind

DAYS = timedelta


@pytest.mark.covers("AR-008")
def test_the_answer_at_the_doors_has_all_buckets_and_text_amounts(acme):
    money.invoice(acme, "I1", 40_00, DAY - DAYS(60), due_on=DAY - DAYS(30))
    money.invoice(acme, "I2", 20_00, due_on=DAY)
    money.invoice(acme, "I3", 300, currency="JPY", due_on=DAY - DAYS(91))
    money.receipt(acme, "R1", 5_00)
    answer = receivables.ageing(Moment(DAY), by=By.DUE, bounds=Bounds(), scope=AgeingScope())
    assert answer == {
        "as_of": "2026-03-02",
        "by": "due",
        "currencies": {
            "USD": {
                "buckets": [
                    {"label": "not due", "count": 1, "amount": "20.00"},
                    {"label": "1-30", "count": 1, "amount": "40.00"},
                    {"label": "31-60", "count": 0, "amount": "0.00"},
                    {"label": "61-90", "count": 0, "amount": "0.00"},
                    {"label": ">90", "count": 0, "amount": "0.00"},
                ],
                "outstanding": {"count": 2, "amount": "60.00"},
                "unapplied": "5.00",
            },
            "JPY": {
                "buckets": [
                    {"label": "not due", "count": 0, "amount": "0"},
                    {"label": "1-30", "count": 0, "amount": "0"},
                    {"label": "31-60", "count": 0, "amount": "0"},
                    {"label": "61-90", "count": 0, "amount": "0"},
                    {"label": ">90", "count": 1, "amount": "300"},
                ],
                "outstanding": {"count": 1, "amount": "300"},
                "unapplied": "0",
            },
        },
    }


def test_empty_books_show_the_companys_currency(acme):
    answer = receivables.ageing(exposure.NOW, by=By.ISSUE, bounds=Bounds((1,)), scope=AgeingScope())
    assert list(answer["currencies"]) == ["USD"]
    assert answer["as_of"] == DAY.isoformat()


def test_a_currency_that_has_been_paid_is_not_shown_any_more_but_was_shown_then(acme):
    money.invoice(acme, "I1", 10_00, currency="EUR")
    money.receipt(acme, "R1", 10_00, DAY + DAYS(1), currency="EUR")
    money.allocate("R1", "I1", 10_00, DAY + DAYS(1))
    assert set(receivables.age(Ask(exposure.NOW))) == {"USD"}
    assert set(receivables.age(Ask(Moment(DAY)))) == {"USD", "EUR"}


def test_as_known_then_leaves_out_what_was_recorded_later(acme):
    money.invoice(acme, "I1", 10_00)
    known = exposure.Movement.objects.latest("id").recorded_at
    money.invoice(acme, "I2", 7_00)
    assert receivables.age(Ask(Moment(DAY)))["USD"].amount == 17_00
    assert receivables.age(Ask(Moment(DAY, known)))["USD"].amount == 10_00
    assert receivables.age(Ask(Moment(None, known)))["USD"].count == 1


@pytest.fixture
def corner(acme):
    """Three customers of two branches, two groups, two entities and two salespeople."""
    Branch.objects.create(code="N", name="North")
    write_customers([{"code": "A", "group": "G", "branch": "N", "salesperson": "li"}])
    books.customer("B", group="G", salesperson="wang")
    books.customer("C", salesperson="wang")
    money.invoice(books.customer("A"), "I1", 1_00, DAY - DAYS(9))
    money.invoice(books.customer("B"), "I2", 10_00, DAY - DAYS(40), currency="EUR")
    money.invoice(books.customer("C"), "I3", 100_00, salesperson="li")
    money.receipt(books.customer("C"), "R3", 30_00)
    other = Entity.objects.create(code="HK", name="Hong Kong")
    row = money.invoice_row(books.customer("C"), "I1", 1000_00, **money.of(books.customer("C"), other))
    receivables.record_invoices(money.entry(), [row])


SCOPES = [
    (AgeingScope(), {"USD": 1101_00, "EUR": 10_00}),
    (AgeingScope(customer="A"), {"USD": 1_00}),
    (AgeingScope(group="G"), {"USD": 1_00, "EUR": 10_00}),
    (AgeingScope(branch="N"), {"USD": 1_00}),
    (AgeingScope(salesperson="li"), {"USD": 101_00}),
    (AgeingScope(salesperson="wang"), {"USD": 1000_00, "EUR": 10_00}),
    (AgeingScope(entity="HK"), {"USD": 1000_00}),
    (AgeingScope(currency="EUR"), {"USD": 0, "EUR": 10_00}),
    (AgeingScope(group="G", entity="MAIN", salesperson="wang"), {"USD": 0, "EUR": 10_00}),
]


@pytest.mark.parametrize("moment", [exposure.NOW, Moment(DAY)], ids=["now", "as of"])
@pytest.mark.parametrize(("scope", "wanted"), SCOPES, ids=[str(wanted) for _, wanted in SCOPES])
def test_any_part_of_the_books_can_be_asked_for(corner, scope, wanted, moment):
    ask = Ask(moment, scope=scope)
    assert {currency: of.amount for currency, of in receivables.age(ask).items()} == wanted
    listed = [item for item in receivables.open_items(ask) if item.side == receivables.DEBIT]
    assert sum(item.open for item in listed) == sum(wanted.values())


@pytest.mark.parametrize("scope", [AgeingScope(customer="Q"), AgeingScope(group="Q"), AgeingScope(branch="Q")], ids=str)
def test_a_code_nobody_knows_is_bad_input(acme, scope):
    with pytest.raises(Unknown):
        receivables.age(Ask(exposure.NOW, scope=scope))


def test_a_salesperson_sees_own_customers_only(corner):
    li = books.person("li", "SALESPERSON")
    assert receivables.age(Ask(exposure.NOW, scope=AgeingScope(seen_by=li)))["USD"].amount == 1_00


def test_lines_of_the_table_come_largest_first_and_page_by_page(corner):
    exposure.set_rate(exposure.RateRow(DAY, "EUR", "USD", Decimal(2)), by=money.founding.console())
    ask = Ask(Moment(DAY))
    rows = receivables.ageing_rows(ask, "customer", order=receivables.OUTSTANDING)
    assert [(row.subject.code, row.currencies["USD"].amount) for row in rows] == [("C", 1100_00), ("B", 0), ("A", 1_00)]
    assert [row.subject.code for row in receivables.ageing_rows(ask, "customer")] == ["B", "A", "C"]
    assert [row.subject.code for row in receivables.ageing_rows(ask, "customer", order=1)] == ["A", "B", "C"]
    assert [row.subject.code for row in receivables.ageing_rows(ask, "customer", limit=1, offset=1)] == ["A"]
    assert [row.subject for row in receivables.ageing_rows(ask, "salesperson")] == ["wang", "li"]
    assert [getattr(row.subject, "code", None) for row in receivables.ageing_rows(ask, "group")] == ["G", None]
    assert {getattr(row.subject, "code", None) for row in receivables.ageing_rows(ask, "branch")} == {"N", None}
    assert {row.subject.code for row in receivables.ageing_rows(ask, "entity")} == {"MAIN", "HK"}


def test_totals_in_company_currency_use_the_rate_of_the_day_or_say_nothing(corner):
    found = receivables.age(Ask(Moment(DAY)))
    assert receivables.in_company_currency(found, DAY)[-2:] == [None, 30_00]
    exposure.set_rate(exposure.RateRow(DAY - DAYS(3), "EUR", "USD", Decimal("1.5")), by=money.founding.console())
    exposure.set_rate(exposure.RateRow(DAY + DAYS(1), "EUR", "USD", Decimal(9)), by=money.founding.console())
    assert receivables.in_company_currency(found, DAY) == [1100_00, 1_00, 15_00, 0, 0, 1116_00, 30_00]


def test_goods_delivered_and_not_yet_invoiced_are_aged_by_the_day_they_went(acme):
    books.add(books.document(acme, Kind.DELIVERY, "D1", 60_00, DAY - DAYS(40)))
    money.invoice(acme, "I1", 20_00, DAY - DAYS(5), delivery_number="D1")
    ask = Ask(Moment(DAY), by=By.ISSUE, components=receivables.GOODS)
    assert [bucket.amount for bucket in receivables.age(ask)["USD"].buckets] == [0, 0, 40_00, 0, 0]
    then = replace(ask, moment=Moment(DAY - DAYS(10)))
    assert [bucket.amount for bucket in receivables.age(then)["USD"].buckets] == [0, 60_00, 0, 0, 0]
    assert [item.number for item in receivables.open_items(ask)] == ["D1"]


def test_the_auditors_view_lets_money_pay_the_oldest_debt(acme):
    money.invoice(acme, "OLD", 50_00, DAY - DAYS(100))
    money.invoice(acme, "NEW", 50_00, DAY - DAYS(10))
    money.receipt(acme, "R1", 40_00, DAY - DAYS(5))
    money.allocate("R1", "NEW", 40_00, DAY - DAYS(5))
    money.receipt(acme, "R2", 20_00, DAY - DAYS(1))
    ask = Ask(Moment(DAY))
    assert [bucket.amount for bucket in receivables.age(ask)["USD"].buckets] == [0, 10_00, 0, 0, 50_00]
    audited = receivables.age(replace(ask, fifo=True))["USD"]
    assert [bucket.amount for bucket in audited.buckets] == [0, 40_00, 0, 0, 0]
    assert (audited.unapplied, audited.count) == (0, 1)
    assert [(one.number, one.open) for one in receivables.open_items(replace(ask, fifo=True))] == [("NEW", 40_00)]
    then = receivables.age(Ask(Moment(DAY - DAYS(2)), fifo=True))["USD"]
    assert [bucket.amount for bucket in then.buckets] == [0, 50_00, 0, 0, 10_00]


dues = st.integers(-130, 40)
sums = st.integers(1, 50_00)
histories = st.lists(
    st.tuples(st.sampled_from("AB"), sums, st.integers(-140, 0), dues, st.sampled_from(["USD", "EUR"])),
    min_size=1,
    max_size=8,
)
payments = st.lists(
    st.tuples(st.sampled_from("AB"), sums, st.integers(-140, 5), st.sampled_from(["USD", "EUR"])), max_size=6
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    invoices=histories,
    receipts=payments,
    bounds=st.sampled_from(["30,60,90", "1", "7,14", "1M,2M,3M"]),
    by=st.sampled_from(list(By)),
    as_of=st.integers(-60, 5),
)
def test_it_equals_the_rule_book_item_by_item(acme, invoices, receipts, bounds, by, as_of):
    """One random history, allocated oldest first, looked at on a random day: against rules.age and rules.fifo."""
    from django.db import transaction

    with transaction.atomic():
        _check_against_the_rule_book(invoices, receipts, parse_bounds(bounds), by, DAY + DAYS(as_of))
        transaction.set_rollback(True)


def _check_against_the_rule_book(invoices, receipts, bounds: Bounds, by: By, day: date) -> None:
    who = {code: books.customer(code) for code in "AB"}
    for number, (code, amount, issued, due, currency) in enumerate(invoices):
        on = DAY + DAYS(issued)
        due_on = max(on, DAY + DAYS(due))
        money.invoice(who[code], f"I{number}", amount, on, due_on=due_on, currency=currency)
    for number, (code, amount, came, currency) in enumerate(receipts):
        receipt = money.receipt(who[code], f"R{number}", amount, DAY + DAYS(came), currency=currency)
        with suppress(receivables.NothingOpen):
            receivables.allocate_oldest(receipt, dated_on=DAY, on=DAY, by=money.founding.console())
    ask = Ask(Moment(day), by=by, bounds=bounds)
    everything = [
        OpenItem(
            item.document_id, item.currency, item.open, item.dated_on, item.due_on, item.side == receivables.CREDIT
        )
        for item in receivables.open_items(ask)
    ]
    assert receivables.age(ask) == age(everything, as_of=day, by=by, bounds=bounds, home="USD")
    by_hand = _fifo_by_hand(invoices, receipts, ask, day)
    fifo_ask = replace(ask, fifo=True)
    assert receivables.age(fifo_ask) == by_hand
    _check_lines_and_items(fifo_ask, by_hand)


def _check_lines_and_items(ask: Ask, totals) -> None:
    """The lines of every dimension, and the items behind every cell, come to the totals."""
    for dimension in receivables.DIMENSIONS:
        lines = receivables.ageing_rows(ask, dimension)
        for currency, total in totals.items():
            found = [line.currencies[currency] for line in lines if currency in line.currencies]
            assert sum(one.amount for one in found) == total.amount
            assert sum(one.unapplied for one in found) == total.unapplied
    for index, bucket in enumerate(totals["USD"].buckets):
        items = receivables.open_items(replace(ask, scope=AgeingScope(currency="USD")), receivables.Slice(bucket=index))
        assert (len(items), sum(item.open for item in items)) == (bucket.count, bucket.amount)
    spare = receivables.open_items(ask, receivables.Slice(side=receivables.CREDIT))
    assert sum(one.open for one in spare if one.currency == "USD") == totals["USD"].unapplied
    assert all(0 < one.open <= one.amount for one in spare)
    assert receivables.count_items(ask).count == len(receivables.open_items(ask))


def _fifo_by_hand(invoices, receipts, ask: Ask, day: date):
    rest: list[OpenItem] = []
    for code in "AB":
        for currency in ("USD", "EUR"):
            debits = [
                OpenItem(number, currency, amount, DAY + DAYS(issued), max(DAY + DAYS(issued), DAY + DAYS(due)))
                for number, (whose, amount, issued, due, of) in enumerate(invoices)
                if whose == code and of == currency and DAY + DAYS(issued) <= day
            ]
            credit = sum(
                amount
                for whose, amount, came, of in receipts
                if whose == code and of == currency and DAY + DAYS(came) <= day
            )
            left, over = fifo(debits, credit=credit, by=ask.by)
            rest += left
            rest.append(OpenItem(-1, currency, over, day, None, credit=True))
    return age(rest, as_of=day, by=ask.by, bounds=ask.bounds, home="USD")
