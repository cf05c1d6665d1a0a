"""货到付款: money that was received for an order pays its goods, whether they are invoiced yet or not."""

import pytest

from tests.rules.order_check.making import DELIVERY, codes, facts, holder, item, late, line, step
from xinheng.rules.exposure import Components
from xinheng.rules.order_check import check
from xinheng.rules.order_check.apply import apply_free
from xinheng.rules.order_check.on_delivery import Received, paid, with_goods_paid
from xinheng.rules.policy import ItemNature, shipped

pytestmark = pytest.mark.covers("OC-018")
COD = ItemNature.COD
BIG = line(10**9)


def goods(number, days, amount, **more):
    return item(number, days, amount, COD, goods=True, **more)


def invoiced(number, days, amount):
    return item(number, days, amount, COD)


@pytest.mark.parametrize(
    ("money", "parts"),
    [
        (0, []),
        (10, [("D1", 10)]),
        (40, [("D1", 40)]),
        (50, [("D1", 40), ("D2", 10)]),
        (75, [("D1", 40), ("D2", 30), ("I1", 5)]),
        (999, [("D1", 40), ("D2", 30), ("I1", 20)]),
    ],
)
def test_the_oldest_goods_are_paid_first_and_of_one_day_goods_before_invoices(money, parts):
    items = (invoiced("I1", 2, 20), goods("D2", 2, 30), goods("D1", 5, 40))
    assert [(one.number, one.amount) for one in paid(Received(items, money))] == parts


def test_what_is_paid_is_owed_no_longer_and_the_rest_is():
    owing = holder(
        BIG,
        due=(late(2, 90, COD, goods=50), late(9, 7)),
        items=(item("I0", 9, 7), goods("D1", 2, 50), invoiced("D1", 2, 40)),
    )
    found = with_goods_paid(owing, [Received((goods("D1", 2, 50), invoiced("D1", 2, 40)), 60)])
    assert found.due == (late(2, 30, COD), late(9, 7))
    assert found.items == (item("I0", 9, 7), invoiced("D1", 2, 30))
    assert with_goods_paid(owing, []) == owing


def asked(amount, unpaid):
    """A delivery of a customer whose goods came two days ago and are not invoiced."""
    items = (goods("D1", 2, unpaid),) if unpaid else ()
    due = (late(2, unpaid, COD, goods=unpaid),) if unpaid else ()
    return facts(amount, holder(BIG, Components(delivered=100), due=due, items=items), point=DELIVERY)


@pytest.mark.parametrize("unpaid", [1, 60, 100])
def test_goods_that_nobody_invoiced_are_to_be_paid_once_they_are(unpaid):
    decision = check(asked(50, unpaid), shipped())
    assert codes(decision)[0] == "COD_OVERDUE"
    (said,) = step(decision, "PAY")["items"]
    assert (said["number"], said["amount"], said["goods"]) == ("D1", unpaid, True)
    after = apply_free(asked(50, unpaid), decision.frees[0])
    assert after.customer.components["CNY"] == Components(delivered=100 - unpaid)
    assert not check(after, shipped()).held


def test_of_goods_that_are_not_listed_the_day_and_that_they_are_goods_is_said():
    owing = holder(BIG, due=(late(2, 90, COD, goods=50),), items=(goods("D1", 2, 20), invoiced("I1", 2, 5)))
    pay = step(check(facts(100, owing, point=DELIVERY), shipped()), "PAY")
    assert [(one["number"], one["amount"], one.get("goods", False)) for one in pay["items"]] == [
        ("D1", 20, True),
        ("I1", 5, False),
    ]
    assert [(one["amount"], one.get("goods", False)) for one in pay["due"]] == [(35, False), (30, True)]
    assert pay["total"] == {"CNY": 90}
