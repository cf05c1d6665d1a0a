"""What frees an order is done for real, and frees it; one unit less does not (semantics.md 3)."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from tests.site.visits import an_order
from tests.site.visits import money as money_comes
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.road import Kind
from xinheng.site import founding

pytestmark = pytest.mark.django_db


def ways(order):
    """The ways out of the newest decision: kind of step → its params, without signatures."""
    outcome = Decision.objects.filter(document=order.document).order_by("-id").first().outcome
    found = [{step["kind"]: step["params"] for step in free["steps"]} for free in outcome["frees"]]
    return [one for one in found if "SIGN" not in one]


def state(order):
    order.refresh_from_db()
    return order.state


@pytest.mark.covers("OC-002", "LM-012")
@pytest.mark.parametrize(("there", "missing"), [(0, 100), (60, 40), (100, 0), (150, 0)])
def test_turned_to_prepaid_an_order_rests_on_the_money_that_is_there(there, missing):
    books.found()
    who = books.customer("A")
    if there:
        money_comes(who, "R-1", there)
    order = an_order(who, "O-1", 100)
    (way,) = [one for one in ways(order) if "CHANGE_PAYMENT" in one]
    assert way.get("PREPAY", {"amount": 0})["amount"] == missing
    control.change_order(order, control.Change(payment="prepaid"), on=DAY, by=founding.console())
    if missing:
        assert state(order) == "HELD"
        for number, amount in (("R-2", missing - 1), ("R-3", 1)):
            money_comes(who, number, amount)
            control.check_order(Order.objects.get(pk=order.pk), on=DAY, by=founding.console())
            assert state(order) == ("HELD" if number == "R-2" else "APPROVED")
    assert state(order) == "APPROVED"


@pytest.mark.covers("LM-003", "OC-002")
@pytest.mark.parametrize("owed", [[70], [30, 40], [10, 60]])
def test_paying_what_it_says_makes_room_under_the_limit(owed):
    books.found()
    who = books.customer("A")
    books.line(who, 100)
    for number, amount in enumerate(owed):
        money.invoice(who, f"I-{number}", amount)
    order = an_order(who, "O-1", 50)
    (pay,) = [one["PAY"] for one in ways(order) if set(one) == {"PAY"}]
    assert pay["total"] == {"USD": 20}
    money_comes(who, "R-1", 19)
    receivables.allocate_oldest(Document.objects.get(number="R-1"), dated_on=DAY, on=DAY, by=founding.console())
    assert state(order) == "HELD"
    money_comes(who, "R-2", 1)
    receivables.allocate_oldest(Document.objects.get(number="R-2"), dated_on=DAY, on=DAY, by=founding.console())
    assert state(order) == "APPROVED"


@pytest.mark.covers("LM-003", "OC-002")
def test_raising_the_limit_or_cutting_the_order_to_what_it_says_frees_it():
    books.found()
    raised, cut = books.customer("A"), books.customer("B")
    orders = {}
    for who in (raised, cut):
        books.line(who, 100)
        money.invoice(who, f"I-{who.code}", 70)
        orders[who.code] = an_order(who, f"O-{who.code}", 50)
    found = ways(orders["A"])
    (to,) = [one["RAISE_LIMIT"]["to"] for one in found if set(one) == {"RAISE_LIMIT"}]
    books.line(raised, to - 1)
    assert state(orders["A"]) == "HELD"
    books.line(raised, to)
    assert state(orders["A"]) == "APPROVED"
    (to,) = [one["REDUCE_ORDER"]["to"] for one in ways(orders["B"]) if set(one) == {"REDUCE_ORDER"}]
    for amount, after in ((to + 1, "HELD"), (to, "APPROVED")):
        control.change_order(orders["B"], control.Change(amount=amount), on=DAY, by=founding.console())
        assert state(orders["B"]) == after


def carry_out(pay, who, on, *, less=0):
    """Pay what a way asks for, item by item and each in two parts; goods are invoiced first."""
    for one in pay["items"]:
        number = one["number"]
        if one.get("goods"):
            delivery = exposure.document(Kind.DELIVERY, number)
            row = money.invoice_row(who, f"I-{number}", delivery.amount, on, delivery_number=number)
            receivables.post_invoice(row, by=founding.console())
            number = f"I-{number}"
        for part in (one["amount"] - less, less):
            if part:
                receipt = cash.post_receipt(
                    money.receipt_row(who, f"R-{number}-{part}", part, on), on=on, by=founding.console()
                )
                row = money.allocation_row(receipt.number, number, part, on)
                receivables.allocate(row, receipt, on=on, by=founding.console())
                yield


@pytest.mark.covers("OC-002", "OC-018", "LM-010")
@pytest.mark.parametrize(
    ("term", "of_orders", "sent"),
    [
        ("30D", {"payment": "cod"}, ["O-1"]),
        ("30D", {"payment": "cod"}, ["O-1", "O-2"]),
        ("滚结", {}, ["O-1"]),
        ("滚结", {}, ["O-1", "O-2"]),
        ("滚结 2", {}, ["O-1", "O-2"]),
        ("滚结 2", {}, ["", "O-2"]),
        ("滚结", {}, ["", ""]),
    ],
)
def test_goods_that_nobody_invoiced_are_invoiced_and_paid_as_it_says(term, of_orders, sent):
    books.found()
    deals.policy(deals.effect("cod_overdue", order="BLOCK"))
    who, morning = books.customer("A"), DAY + timedelta(1)
    books.line(who, 1_000_00, term=term)
    for place, number in enumerate(sent):
        if number:
            deals.order(who, number, 40_00, DAY, **of_orders)
        row = sales.DeliveryRow(
            number=f"D-{place}", dated_on=DAY, currency="USD", amount=40_00, order_number=number, **money.of(who)
        )
        sales.record_deliveries(money.entry(), [row])
    order = deals.checked(who, "O-9", 50_00, morning)
    (pay,) = [one["PAY"] for one in ways(order) if set(one) == {"PAY"}]
    assert all(one["goods"] for one in pay["items"])
    steps = carry_out(pay, who, morning, less=1)
    for _ in range(2 * len(pay["items"])):
        assert state(order) == "HELD"
        next(steps)
    assert state(order) == "APPROVED"
