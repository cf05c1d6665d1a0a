"""滚结 N: the newest N − 1 open batches may stand, the older ones are due with the next."""

import pytest

from tests.rules.order_check.making import ON, holder, item, late
from xinheng.rules.order_check.rolling import batches_allowed, with_batches_due
from xinheng.rules.policy import ItemNature
from xinheng.rules.terms import parse_term

pytestmark = pytest.mark.covers("LM-010")
ROLLING = ItemNature.ROLLING


@pytest.mark.parametrize(
    ("term", "allowed"), [("滚结", 1), ("滚结 3", 3), ("滚结 2 latest 60D", 2), ("30D", 0), ("50%@0D+50%@30D", 0)]
)
def test_a_term_says_how_many_batches_may_stand(term, allowed):
    assert batches_allowed(parse_term(term)) == allowed


def test_without_a_term_nothing_settles_by_batches():
    assert batches_allowed(None) == 0


def batches(*numbers, days=0):
    return [item(number, days, 10, ROLLING) for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "most", "due"),
    [
        ((), 1, []),
        (("A",), 1, ["A"]),
        (("A",), 2, []),
        (("A", "B"), 2, ["A"]),
        (("A", "B", "C"), 2, ["A", "B"]),
        (("A", "B", "C"), 5, []),
    ],
)
def test_the_oldest_beyond_those_allowed_are_due(numbers, most, due):
    found = with_batches_due(holder(), batches(*numbers), most, ON)
    assert [one.number for one in found.items] == due
    assert sum(one.amount for one in found.due) == 10 * len(due)


def test_instalments_of_one_number_are_one_batch():
    parts = [item("A", 0, 4, ROLLING, part=1), item("A", 0, 6, ROLLING, part=2)]
    assert with_batches_due(holder(), parts, 2, ON).due == ()
    assert [one.amount for one in with_batches_due(holder(), parts, 1, ON).due] == [10]


def goods(number):
    return item(number, 0, 10, ROLLING, goods=True)


@pytest.mark.parametrize(
    ("waiting", "most", "due", "of_goods"),
    [
        ([goods("A")], 1, ["A"], 10),
        ([goods("A")], 2, [], 0),
        ([goods("A"), goods("B")], 2, ["A"], 10),
        ([*batches("A"), goods("B")], 2, ["A"], 0),
        ([*batches("A"), goods("B")], 1, ["A", "B"], 10),
        ([*batches("A"), goods("A")], 2, ["A"], 0),  # a delivery and an invoice may bear one number
        ([*batches("A"), goods("A")], 1, ["A", "A"], 10),
    ],
)
def test_goods_that_nobody_invoiced_yet_are_a_batch_as_their_invoice_will_be(waiting, most, due, of_goods):
    found = with_batches_due(holder(), waiting, most, ON)
    assert [one.number for one in found.items] == due
    assert sum(one.amount for one in found.due) == 10 * len(due)
    assert sum(one.goods for one in found.due) == of_goods


def test_a_late_batch_is_counted_and_listed_once():
    owing = holder(due=(late(9, 10, ROLLING),), items=(item("A", 9, 10, ROLLING),))
    assert with_batches_due(owing, batches("A", days=9), 1, ON) == owing


def test_a_batch_whose_own_day_has_not_come_is_due_only_when_newer_ones_push_it():
    owing = holder(due=(late(-20, 20, ROLLING), late(3, 5)))
    found = with_batches_due(owing, batches("A", "B", days=-20), 2, ON)
    assert sorted((one.nature.value, one.amount) for one in found.due) == [("PLAIN", 5), ("ROLLING", 10)]
