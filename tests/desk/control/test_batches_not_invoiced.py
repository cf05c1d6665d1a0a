"""Goods delivered and not invoiced yet: how they count, and that the way out leads out at the ledger."""

from datetime import timedelta

import pytest

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.desk.customers import public as customers
from xinheng.desk.sales import public as sales
from xinheng.rules.policy import SHIPPED, load
from xinheng.site import founding, verification

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(1)


@pytest.fixture
def who(db):
    books.found()
    return books.customer("A", salesperson="S01")


def asked(decision):
    """What the first way out asks to be paid: (number, amount, whether it has to be invoiced first)."""
    pays = [step["params"] for step in decision.outcome["frees"][0]["steps"] if step["kind"] == "PAY"]
    return [(one["number"], one["amount"], one.get("goods", False)) for pay in pays for one in pay["items"]]


def invoiced_and_paid(who, delivery, invoiced, paid, on=DAY):
    """The invoice of a delivery, and money allocated to it."""
    money.invoice(who, f"I-{delivery}", invoiced, on, delivery_number=delivery)
    money.receipt(who, f"R-{delivery}", paid, on)
    money.allocate(f"R-{delivery}", f"I-{delivery}", paid, on)


@pytest.mark.covers("OC-018")
@pytest.mark.parametrize(("paid", "leaves"), [(40_00, True), (39_99, False)])
def test_cash_on_delivery_is_paid_once_it_is_invoiced(who, paid, leaves):
    delivery = deals.ship(deals.checked(who, "O", 40_00, payment="cod"))
    after = deals.checked(who, "P", 10_00, NEXT, payment="cod")
    with pytest.raises(control.StillHeld):
        deals.ship(after, NEXT)
    assert asked(deals.last(after)) == [(delivery.number, 40_00, True)]
    invoiced_and_paid(who, delivery.number, 40_00, paid, NEXT)
    if leaves:
        deals.ship(after, NEXT)
    else:
        with pytest.raises(control.StillHeld):
            deals.ship(after, NEXT)
        assert asked(deals.last(after)) == [(f"I-{delivery.number}", 1, False)]
    assert list(verification.differences()) == []


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize("stated", ["line", "file"])
@pytest.mark.parametrize(
    ("term", "gone", "due"),
    [
        ("滚结", 0, []),
        ("滚结", 1, ["D0"]),
        ("滚结 2", 1, []),
        ("滚结 2", 2, ["D0"]),
        ("滚结 2", 3, ["D0", "D1"]),
        ("滚结 3", 2, []),
    ],
)
def test_a_delivery_is_a_batch_as_its_invoice_will_be(who, stated, term, gone, due):
    books.line(who, 100_000, **({"term": term} if stated == "line" else {}))
    if stated == "file":
        customers.change_customer(who, by=founding.console(), term=term)
    for nth in range(gone):
        left_under_rolling(who, f"D{nth}", 100)
    order = deals.checked(who, "N", 50)
    assert deals.state(order) == ("HELD" if due else "APPROVED")
    for place, number in enumerate(due):
        assert asked(deals.last(order)) == [(one, 100, True) for one in due[place:]]
        invoiced_and_paid(who, number, 100, 99)
        deals.check(deals.again(order))
        assert deals.state(order) == "HELD"
        money.receipt(who, f"S-{number}", 1)
        money.allocate(f"S-{number}", f"I-{number}", 1)
        deals.check(deals.again(order))
    assert deals.state(order) == "APPROVED"
    assert not any(one.differs for one in control.replay(Decision.objects.iterator()))


def left_under_rolling(who, number, amount, **more):
    """Goods that are gone, of nobody's order: their invoice takes the customer's term."""
    row = sales.DeliveryRow(
        number=number, dated_on=DAY, currency="USD", amount=amount, order_number="", **money.of(who), **more
    )
    return sales.record_deliveries(money.entry(), [row])


@pytest.mark.covers("LM-010")
def test_what_is_partly_invoiced_is_two_batches(who):
    books.line(who, 100_000, term="滚结 2")
    left_under_rolling(who, "D0", 100)
    money.invoice(who, "I0", 60, delivery_number="D0")
    order = deals.checked(who, "N", 50)
    assert asked(deals.last(order)) == [("D0", 40, True)]


@pytest.mark.covers("LM-010")
@pytest.mark.parametrize("other", [{"term": "30D"}, {"payment": "cod"}])
def test_goods_that_settle_otherwise_are_no_batch(who, other):
    books.line(who, 100_000, term="滚结")
    deals.ship(deals.checked(who, "O", 100, **other))
    assert deals.state(deals.checked(who, "N", 50)) == "APPROVED"


@pytest.mark.covers("LM-010")
def test_an_invoice_is_not_a_batch_before_itself(who):
    books.line(who, 100_000, term="滚结")
    deals.ship(deals.checked(who, "O", 100))
    row = money.invoice_row(who, "I", 100, delivery_number="O-D1")
    _, decision = control.enter_invoice(row, on=DAY, by=founding.console())
    assert deals.reasons(decision) == []


@pytest.mark.covers("LM-010")
def test_a_back_test_counts_them_as_well(who):
    books.line(who, 100_000, term="滚结 2")
    first, second = (deals.checked(who, f"O{nth}", 100) for nth in range(2))
    deals.ship(first)
    deals.ship(second)
    order = deals.checked(who, "N", 50)
    invoiced_and_paid(who, "O0-D1", 100, 100)
    deals.check(deals.again(order))
    made = Decision.objects.exclude(document=None).order_by("id")
    decided = [(one.number, one.point, one.verdict == "held", tuple(deals.reasons(one))) for one in made]
    tried = control.backtest(load(SHIPPED, version="9"), since=None, until=DAY).decisions
    assert [(one.number, one.point, one.held, one.reasons) for one in tried] == decided
    assert ("N", "ORDER", True, ("ROLLING_BATCH_UNPAID",)) in decided
