"""Deliveries and invoices that name no order: unlinked and listed, or taken by the oldest one (semantics.md 2)."""

import pytest

from tests import books
from tests.desk import deals
from tests.exchange.files import document, invoice
from xinheng.desk.control import public as control
from xinheng.desk.control import waiting
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables.public import InvoiceRow
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Kind
from xinheng.site import founding, verification

OLDEST = ('unlinked_documents = "NONE"', 'unlinked_documents = "OLDEST"')


def stands():
    return books.stands(Customer.objects.get(code="A"))


def the(kind, number):
    return Document.objects.get(kind=kind, number=number)


def named(kind, number):
    found = the(kind, number)
    return found.order_number, found.inferred


@pytest.fixture
def ordered(load):
    """Two open orders, the older one of less value than what comes."""
    books.line(Customer.objects.get(code="A"), 1000_00)
    load.good("orders", document("S2", "A", 100, "2026-03-02"), document("S1", "A", 40, "2026-03-01"), opening=True)
    return load


def test_as_shipped_they_stay_unlinked_and_are_listed_beside_the_open_orders(ordered):
    ordered.good("deliveries", document("D1", "A", 50, "2026-03-03"), opening=True)
    ordered.good("invoices", invoice("I1", "A", 10, "2026-03-01"), invoice("I0", "A", 10, "2026-02-01"), opening=True)
    assert named(Kind.DELIVERY, "D1") == ("", False)
    assert stands() == {"ORDERED": 140_00, "DELIVERED": 50_00, "INVOICED": 20_00}
    listed = list(waiting.unlinked_for(founding.console()))
    assert [one.number for one in listed] == ["D1", "I1"]
    found = sales.candidates(listed)
    assert [[(one.document.number, one.left) for one in found[row.pk]] for row in listed] == [
        [("S1", 40_00), ("S2", 100_00)],
        [("S1", 40_00)],
    ]
    assert list(verification.differences()) == []


def test_a_policy_lets_the_oldest_open_order_take_them_marked_as_inferred(ordered):
    deals.policy(OLDEST)
    first, second = (document(number, "A", amount, "2026-03-03") for number, amount in (("D1", 50), ("D2", 5)))
    ordered.good("deliveries", first, second, opening=True)
    assert named(Kind.DELIVERY, "D1") == ("S1", True)
    assert named(Kind.DELIVERY, "D2") == ("S2", True)
    ordered.good("invoices", invoice("I1", "A", 20, "2026-03-04"), invoice("I2", "B", 7), opening=True)
    assert named(Kind.INVOICE, "I1") == ("S2", True)
    assert named(Kind.INVOICE, "I2") == ("", False)
    assert list(waiting.unlinked_for(founding.console())) == []
    assert list(verification.differences()) == []


def test_an_invoice_typed_in_is_taken_the_same_way(ordered):
    deals.policy(OLDEST)
    order = the(Kind.ORDER, "S1")
    row = InvoiceRow(order.entity_id, order.account_id, "I1", books.DAY, "USD", 15_00)
    control.enter_invoice(row, on=books.DAY, by=founding.console())
    assert named(Kind.INVOICE, "I1") == ("S1", True)
    assert list(verification.differences()) == []
