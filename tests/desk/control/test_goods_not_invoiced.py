"""Goods that are delivered and not invoiced yet: batches under rolling settlement, paid for by name on delivery."""

from datetime import timedelta

import pytest
from django.utils import translation

from tests import books
from tests.books import DAY
from tests.desk import deals, money
from xinheng.base import policies
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.control.facts import Present
from xinheng.desk.control.models import Decision
from xinheng.desk.control.words import free
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.site import founding

pytestmark = pytest.mark.django_db
MORNING = DAY + timedelta(1)


@pytest.fixture
def who(db):
    books.found()
    return books.customer("A", salesperson="S01")


def goods(who, number, ago=0, amount=100, order=""):
    """Goods that left so many days ago."""
    on = DAY - timedelta(ago)
    row = sales.DeliveryRow(
        number=number, dated_on=on, currency="USD", amount=amount, order_number=order, **money.of(who)
    )
    sales.record_deliveries(money.entry(), [row])


def an_order(who, number, **more):
    """An order whose goods have left."""
    row = sales.OrderRow(number=number, dated_on=DAY, currency="USD", amount=100, **money.of(who), **more)
    document = sales.record_orders(money.entry(), [row])[0]
    Order.objects.filter(pk=document.pk).update(state=Order.State.APPROVED)
    return document


def asked(order):
    """What the newest decision of an order asks to be paid first: number → (amount, whether it is goods)."""
    (pays,) = [
        [step["params"] for step in one["steps"] if step["kind"] == "PAY"]
        for one in deals.last(order).outcome["frees"][:1]
    ] or [[]]
    return {one["number"]: (one["amount"], one.get("goods", False)) for pay in pays for one in pay["items"]}


def comes(who, number, amount, on=DAY, *, pays="", order=""):
    """Money that comes, for an order or to be allocated to an invoice."""
    row = money.receipt_row(who, number, amount, on, order_number=order)
    receipt = cash.post_receipt(row, on=on, by=founding.console())
    if pays:
        receivables.allocate(money.allocation_row(number, pays, amount, on), receipt, on=on, by=founding.console())


@pytest.mark.covers("OC-001")
def test_nobody_else_is_asked_about_batches_or_money_received(who, monkeypatch):
    def asked_for_nothing(*_args, **_more):
        raise AssertionError

    for name in ("batches", "received"):
        monkeypatch.setattr(Present, name, asked_for_nothing)
    books.line(who, 100_000, term="30D")
    money.invoice(who, "I1", 100_00, DAY - timedelta(90), due_on=DAY - timedelta(60))
    goods(who, "D1", 9)
    comes(who, "R1", 10, order="C-1")
    assert deals.reasons(deals.last(deals.checked(who, "O-1", 50))) == ["OVERDUE_DAYS"]


class TestRollingSettlement:
    """滚结 N: what of a delivery is not invoiced is a batch as its invoice will be (LM-010)."""

    pytestmark = pytest.mark.covers("LM-010")

    @pytest.mark.parametrize(
        ("term", "sent", "to_pay"),
        [
            ("滚结", ["D1"], ["D1"]),
            ("滚结", ["I1", "D2"], ["I1", "D2"]),
            ("滚结 2", ["D1"], []),
            ("滚结 2", ["I1", "D2"], ["I1"]),
            ("滚结 2", ["D1", "I2"], ["D1"]),
            ("滚结 2", ["D1", "I2", "D3"], ["D1", "I2"]),
            ("滚结 3", ["D1", "D2"], []),
            ("30D", ["D1", "D2"], []),
        ],
    )
    def test_late_invoices_give_nobody_more_batches(self, who, term, sent, to_pay):
        books.line(who, 100_000, term=term)
        for place, number in enumerate(sent):
            ago = len(sent) - place
            if number.startswith("D"):
                goods(who, number, ago)
            else:
                money.invoice(who, number, 100, DAY - timedelta(ago))
        order = deals.checked(who, "O-1", 50)
        assert asked(order) == {number: (100, number.startswith("D")) for number in to_pay}
        assert deals.reasons(deals.last(order)) == (["ROLLING_BATCH_UNPAID"] if to_pay else [])

    def test_what_is_said_frees_the_order_and_one_unit_less_does_not(self, who):
        books.line(who, 100_000, term="滚结 2")
        goods(who, "D1", 2)
        goods(who, "D2", 1)
        order = deals.checked(who, "O-1", 50)
        assert asked(order) == {"D1": (100, True)}
        with translation.override("en"):
            assert "on D1 once it is invoiced" in free(deals.last(order).outcome["frees"][0])
        row = money.invoice_row(who, "I1", 100, delivery_number="D1")
        receivables.post_invoice(row, by=founding.console())
        deals.check(order)
        assert asked(order) == {"D2": (100, True)}, "the older of the two is now the delivery"
        comes(who, "R1", 99, pays="I1")
        assert deals.state(order) == "HELD"
        comes(who, "R2", 1, pays="I1")
        assert deals.state(order) == "APPROVED"

    @pytest.mark.parametrize(
        ("line", "of_order", "counts"),
        [
            ("滚结", {}, True),
            ("滚结", {"term": "30D"}, False),
            ("滚结", {"payment": "prepaid"}, False),
            ("滚结", {"payment": "cod"}, False),
            ("", {"term": "滚结"}, True),
            ("", {}, False),
        ],
    )
    def test_goods_settle_by_batches_when_their_invoice_will(self, who, line, of_order, counts):
        books.line(who, 100_000, term=line)
        an_order(who, "O-0", **of_order)
        goods(who, "D1", order="O-0")
        order = deals.checked(who, "O-1", 50, term="滚结")
        assert asked(order) == ({"D1": (100, True)} if counts else {})

    def test_days_on_the_line_go_before_the_term_on_the_customers_file(self, db):
        books.found()
        who = books.customer("A", term="滚结")
        money.invoice(who, "I1", 100, term="滚结")
        assert "ROLLING_BATCH_UNPAID" in deals.reasons(deals.last(deals.checked(who, "O-1", 50)))
        books.line(who, 100_000, term_days=30)
        assert deals.reasons(deals.last(deals.checked(who, "O-2", 50))) == []

    def test_what_is_partly_invoiced_or_came_back_counts_for_the_rest(self, who):
        books.line(who, 100_000, term="滚结")
        goods(who, "D1", 1)
        money.invoice(who, "I1", 60, delivery_number="D1")
        row = sales.ReturnRow(
            number="B", dated_on=DAY, currency="USD", amount=15, delivery_number="D1", **money.of(who)
        )
        sales.record_returns(money.entry(), [row])
        assert asked(deals.checked(who, "O-1", 50)) == {"D1": (25, True), "I1": (60, False)}


class TestOnDelivery:
    """货到付款: unpaid the day after it is overdue; what was received for the order pays it (OC-018)."""

    pytestmark = pytest.mark.covers("OC-018")

    @pytest.fixture
    def held(self, who):
        """Goods of a cash-on-delivery order left yesterday; the next order is held for them."""
        deals.policy(deals.effect("cod_overdue", order="BLOCK"))
        books.line(who, 100_000)
        self.first = deals.checked(who, "C-1", 40, payment="cod")
        deals.ship(self.first)
        order = deals.checked(who, "O-1", 50, MORNING)
        assert (deals.state(order), asked(order)) == ("HELD", {"C-1-D1": (40, True)})
        return order

    def test_invoiced_and_paid_they_free_the_order_and_one_unit_less_does_not(self, who, held):
        row = money.invoice_row(who, "I1", 40, MORNING, delivery_number="C-1-D1")
        receivables.post_invoice(row, by=founding.console())
        comes(who, "R1", 39, MORNING, pays="I1")
        assert deals.state(held) == "HELD"
        comes(who, "R2", 1, MORNING, pays="I1")
        assert deals.state(held) == "APPROVED"

    def test_money_received_for_their_order_pays_them_and_one_unit_less_does_not(self, who, held):
        comes(who, "R1", 500, MORNING)
        assert deals.state(held) == "HELD", "money that names no order pays no goods"
        comes(who, "R2", 39, MORNING, order="C-1")
        assert (deals.state(held), asked(held)) == ("HELD", {"C-1-D1": (1, True)})
        comes(who, "R3", 1, MORNING, order="C-1")
        assert deals.state(held) == "APPROVED"
        assert control.cod_unpaid(MORNING) == []

    def test_they_stay_paid_when_the_invoice_follows(self, who, held):
        comes(who, "R1", 40, MORNING, order="C-1")
        for number, named in (("I1", {"delivery_number": "C-1-D1"}), ("I2", {"order_number": "C-1"})):
            row = money.invoice_row(who, number, 20, MORNING, due_on=DAY, **named)
            receivables.post_invoice(row, by=founding.console())
        assert deals.check(deals.again(held), MORNING).verdict == "approved"
        assert control.cod_unpaid(MORNING) == []

    def test_half_paid_before_the_invoice_the_other_half_frees(self, who, held):
        comes(who, "R1", 25, MORNING, order="C-1")
        (still,) = control.cod_unpaid(MORNING)
        assert (still.salesperson, still.amount) == ("S01", 15)
        assert asked(held) == {"C-1-D1": (15, True)}
        row = money.invoice_row(who, "I1", 40, MORNING, delivery_number="C-1-D1")
        receivables.post_invoice(row, by=founding.console())
        comes(who, "R2", 14, MORNING, pays="I1")
        assert deals.state(held) == "HELD"
        comes(who, "R3", 1, MORNING, pays="I1")
        assert deals.state(held) == "APPROVED"

    def test_money_that_is_spent_elsewhere_pays_them_no_longer(self, who, held):
        money.invoice(who, "I9", 40, MORNING, due_on=MORNING + timedelta(30))
        comes(who, "R1", 40, MORNING, order="C-1")
        assert control.cod_unpaid(MORNING) == []
        money.allocate("R1", "I9", 40, MORNING)
        (unpaid,) = control.cod_unpaid(MORNING)
        assert unpaid.amount == 40

    def test_money_another_order_rests_on_is_that_orders(self, who, held):
        comes(who, "R1", 40, MORNING, order="C-1")
        deals.checked(who, "P-1", 30, MORNING, payment="prepaid")
        (unpaid,) = control.cod_unpaid(MORNING)
        assert unpaid.amount == 30

    def test_a_prepaid_order_rests_on_other_money_first(self, who, held):
        comes(who, "R1", 40, MORNING, order="C-1")
        comes(who, "R2", 30, MORNING)
        deals.checked(who, "P-1", 30, MORNING, payment="prepaid")
        assert control.cod_unpaid(MORNING) == []

    def test_another_customers_money_pays_nothing(self, who, held):
        comes(books.customer("B"), "R1", 40, MORNING, order="C-1")
        assert len(control.cod_unpaid(MORNING)) == 1

    def test_replay_and_back_test_say_the_same(self, who, held):
        comes(who, "R1", 40, MORNING, order="C-1")
        assert not any(one.differs for one in control.replay(Decision.objects.iterator()))
        found = control.backtest(policies.current().policy, since=None, until=MORNING)
        tried = [(one.number, one.held, one.reasons) for one in found.decisions]
        made = Decision.objects.exclude(document=None).order_by("id")
        assert tried == [(one.number, one.verdict == "held", tuple(deals.reasons(one))) for one in made]
