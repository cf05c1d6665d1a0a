"""Which items a receipt settles: oldest first, exactly one set, or by hand; never more than is open or received."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.allocation import Allocation, BadAllocation, Match, OpenAmount, by_hand, exact, oldest_due_first

#: Ids and due dates in different orders, so that the order of the answer says something.
JAN, FEB, MAR = (date(2026, month, 28) for month in (1, 2, 3))
ITEMS = [OpenAmount(1, 20, MAR), OpenAmount(2, 30, JAN), OpenAmount(3, 50, FEB), OpenAmount(4, 5)]
AMOUNTS = st.lists(st.integers(0, 40), max_size=9)


def items_of(amounts, due=JAN):
    return [OpenAmount(number, amount, due) for number, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("amount", "lines", "left"),
    [
        (0, [], 0),
        (10, [(2, 10)], 0),
        (40, [(2, 30), (3, 10)], 0),
        (100, [(2, 30), (3, 50), (1, 20)], 0),
        (110, [(2, 30), (3, 50), (1, 20), (4, 5)], 5),
    ],
)
def test_the_oldest_due_is_filled_first(amount, lines, left):
    found = oldest_due_first(amount, ITEMS)
    assert (list(found.lines), found.left) == (lines, left)


def test_items_of_one_day_are_filled_in_the_order_they_were_made():
    assert oldest_due_first(6, items_of([5, 5])[::-1]).lines == ((0, 5), (1, 1))


def test_a_negative_receipt_is_refused():
    with pytest.raises(BadAllocation) as refused:
        oldest_due_first(-1, ITEMS)
    assert refused.value.params == {"item": None, "reason": "NOT_POSITIVE"}


@given(amount=st.integers(0, 400), amounts=AMOUNTS)
def test_nothing_is_given_away_and_nothing_is_lost(amount, amounts):
    found = oldest_due_first(amount, items_of(amounts))
    given_away = dict(found.lines)
    assert len(given_away) == len(found.lines)
    assert all(0 < share <= amounts[item] for item, share in found.lines)
    assert sum(given_away.values()) + found.left == amount
    assert found.left == max(0, amount - sum(amounts))


@pytest.mark.parametrize(
    ("amount", "amounts", "match", "ids"),
    [
        (50, [20, 30, 50], Match.ONE, [2]),  # the single item, although two come to it too
        (70, [20, 30, 50], Match.ONE, [0, 2]),
        (100, [20, 30, 50], Match.ONE, [0, 1, 2]),
        (110, [20, 30, 50, 5, 5], Match.NONE, []),  # five items: more than a small set
        (105, [20, 30, 50, 5], Match.ONE, [0, 1, 2, 3]),
        (50, [50, 50], Match.SEVERAL, []),
        (60, [10, 50, 20, 40], Match.SEVERAL, []),
        (25, [20, 30, 50], Match.NONE, []),
        (10, [], Match.NONE, []),
        (0, [0, 10], Match.NONE, []),
        (-10, [10], Match.NONE, []),
    ],
)
def test_the_only_small_set_that_comes_to_the_amount(amount, amounts, match, ids):
    found = exact(amount, items_of(amounts))
    assert (found.match, [item for item, _ in found.lines]) == (match, ids)


def test_the_answer_lists_the_oldest_first():
    assert exact(100, ITEMS).lines == ((2, 30), (3, 50), (1, 20))


@given(amount=st.integers(1, 90), amounts=AMOUNTS)
def test_the_search_agrees_with_trying_everything(amount, amounts):
    found = exact(amount, items_of(amounts))
    places = [place for place, one in enumerate(amounts) if one]
    for size in range(1, 5):
        answers = [chosen for chosen in combinations(places, size) if sum(amounts[i] for i in chosen) == amount]
        if answers:
            assert found.match is (Match.ONE if len(answers) == 1 else Match.SEVERAL)
            if len(answers) == 1:
                assert found.lines == tuple(Allocation(i, amounts[i]) for i in answers[0])
            return
    assert found.match is Match.NONE


def test_a_search_that_would_take_too_long_is_given_up():
    many = items_of(range(1000, 3000, 2))
    assert exact(4001, many).match is Match.UNDECIDED
    assert exact(1002, many).match is Match.ONE
    assert exact(1003, many, largest_set=1).match is Match.NONE


@pytest.mark.parametrize(
    ("choices", "left"), [([], 100), ([(1, 20)], 80), ([(3, 50), (2, 30), (1, 20)], 0), ([(3, 1)], 99)]
)
def test_by_hand(choices, left):
    chosen = [Allocation(*choice) for choice in choices]
    found = by_hand(100, chosen, ITEMS)
    assert (list(found.lines), found.left) == (chosen, left)


@pytest.mark.parametrize(
    ("choices", "item", "reason"),
    [
        ([(9, 1)], 9, "UNKNOWN_ITEM"),
        ([(1, 5), (1, 5)], 1, "TWICE"),
        ([(1, 0)], 1, "NOT_POSITIVE"),
        ([(1, -5)], 1, "NOT_POSITIVE"),
        ([(1, 21)], 1, "MORE_THAN_OPEN"),
        ([(3, 50), (2, 30), (1, 20), (4, 1)], None, "MORE_THAN_RECEIVED"),
    ],
)
def test_a_choice_that_cannot_stand_is_refused(choices, item, reason):
    with pytest.raises(BadAllocation) as refused:
        by_hand(100, [Allocation(*choice) for choice in choices], ITEMS)
    assert refused.value.code == "BAD_ALLOCATION"
    assert refused.value.params == {"item": item, "reason": reason}
