"""Ageing: every item in exactly one bucket, by days or months, from the due date or the issue date."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.rules.ageing import (
    BadBounds,
    Bounds,
    Bucket,
    By,
    CurrencyAgeing,
    Edge,
    MixedCurrencies,
    OpenItem,
    age,
    bucket_edges,
    bucket_index,
    bucket_of,
    fifo,
    parse_bounds,
)
from xinheng.rules.dates import DateOutOfRange
from xinheng.rules.terms import Unit

pytestmark = pytest.mark.covers("AR-008")
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def day(text):
    return date.fromisoformat(text)


def rising(unit, longest):
    lists = st.lists(st.integers(1, longest), min_size=1, max_size=12, unique=True)
    return lists.map(lambda numbers: Bounds(tuple(sorted(numbers)), unit))


BOUNDS = rising(Unit.DAY, 4000) | rising(Unit.MONTH, 120)


@pytest.mark.parametrize(
    ("text", "bounds", "labels"),
    [
        ("30,60,90", Bounds(), ("not due", "1-30", "31-60", "61-90", ">90")),
        (" 7 ，14 ", Bounds((7, 14)), ("not due", "1-7", "8-14", ">14")),
        ("30", Bounds((30,)), ("not due", "1-30", ">30")),
        ("1,2", Bounds((1, 2)), ("not due", "1-1", "2-2", ">2")),
        ("1M,2m,3M", Bounds((1, 2, 3), Unit.MONTH), ("not due", "0-1M", "1-2M", "2-3M", ">3M")),
        ("12M", Bounds((12,), Unit.MONTH), ("not due", "0-12M", ">12M")),
    ],
)
def test_bounds_are_read_and_named(text, bounds, labels):
    assert parse_bounds(text) == bounds
    assert bounds.labels == labels
    assert parse_bounds(str(bounds)) == bounds


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "EMPTY"),
        ("  ", "EMPTY"),
        ("30,", "UNREADABLE"),
        ("30;60", "UNREADABLE"),
        ("-30,60", "UNREADABLE"),
        ("NaN", "UNREADABLE"),
        ("30.5", "UNREADABLE"),
        ("1e3", "UNREADABLE"),
        ("30,2M", "MIXED"),
        ("0,30", "OUT_OF_RANGE"),
        ("36501", "OUT_OF_RANGE"),
        ("1201M", "OUT_OF_RANGE"),
        ("30,30", "NOT_RISING"),
        ("60,30", "NOT_RISING"),
        (",".join(map(str, range(1, 14))), "TOO_MANY"),
    ],
)
def test_bounds_that_make_no_buckets_are_refused(text, reason):
    with pytest.raises(BadBounds) as refused:
        parse_bounds(text)
    assert (refused.value.code, refused.value.params["reason"]) == ("BAD_BOUNDS", reason)


def test_bounds_without_a_bound_are_refused():
    with pytest.raises(BadBounds):
        Bounds(())


@pytest.mark.parametrize(
    ("age_days", "index"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (9999, 4)]
)
def test_an_upper_bound_belongs_to_its_bucket(age_days, index):
    assert bucket_index(age_days, Bounds()) == index


def test_days_say_nothing_about_months():
    with pytest.raises(BadBounds):
        bucket_index(30, Bounds((1,), Unit.MONTH))


@pytest.mark.parametrize(
    ("due_on", "as_of", "index"),
    [
        ("2026-01-31", "2026-01-31", 0),
        ("2026-01-31", "2026-02-01", 1),
        ("2026-01-31", "2026-02-28", 1),  # the month ends on 28 February
        ("2026-01-31", "2026-03-01", 2),
        ("2026-01-31", "2026-03-31", 2),
        ("2026-01-31", "2026-04-01", 3),
        ("2024-01-31", "2024-02-29", 1),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(due_on, as_of, index):
    assert bucket_of(day(due_on), as_of=day(as_of), bounds=Bounds((1, 2), Unit.MONTH)) == index


def test_what_waits_for_an_event_is_not_due():
    assert bucket_of(None, as_of=day("2026-03-31"), bounds=Bounds()) == 0


def test_edges_in_days():
    assert bucket_edges(day("2026-03-31"), Bounds((30, 60))) == [
        Edge("not due", day("2026-03-31"), None),
        Edge("1-30", day("2026-03-01"), day("2026-03-30")),
        Edge("31-60", day("2026-01-30"), day("2026-02-28")),
        Edge(">60", None, day("2026-01-29")),
    ]


def test_edges_in_months():
    assert bucket_edges(day("2026-03-31"), Bounds((1, 2), Unit.MONTH)) == [
        Edge("not due", day("2026-03-31"), None),
        Edge("0-1M", day("2026-03-01"), day("2026-03-30")),
        Edge("1-2M", day("2026-01-31"), day("2026-02-28")),
        Edge(">2M", None, day("2026-01-30")),
    ]


@given(as_of=DAYS, bounds=BOUNDS, offset=st.integers(-400, 5000))
def test_every_date_lies_in_exactly_one_bucket_and_both_ways_agree(as_of, bounds, offset):
    aged_from = as_of - timedelta(days=offset)
    edges = bucket_edges(as_of, bounds)
    inside = [
        index
        for index, edge in enumerate(edges)
        if (edge.from_date or date.min) <= aged_from <= (edge.to_date or date.max)
    ]
    assert inside == [bucket_of(aged_from, as_of=as_of, bounds=bounds)]
    assert tuple(edge.label for edge in edges) == bounds.labels


@given(as_of=DAYS, bounds=BOUNDS)
def test_the_buckets_follow_each_other_without_a_gap(as_of, bounds):
    edges = bucket_edges(as_of, bounds)
    for later, earlier in itertools.pairwise(edges):
        assert earlier.to_date == later.from_date - timedelta(days=1)
        assert earlier.from_date is None or earlier.from_date <= earlier.to_date


def test_bounds_before_the_beginning_of_time_are_refused():
    with pytest.raises(DateOutOfRange):
        bucket_edges(date(1, 1, 15), Bounds())


def item(id, amount, issued_on, due_on=None, **more):
    due = day(due_on) if due_on else None
    return OpenItem(id, more.pop("currency", "CNY"), amount, day(issued_on), due, **more)


ITEMS = [
    item(1, 3000, "2026-01-01", "2026-01-31"),
    item(2, 5000, "2026-01-01", "2026-03-02"),
    item(3, 2000, "2026-01-01", "2026-04-01"),
    item(4, 0, "2025-01-01", "2025-01-31"),  # settled
    item(5, 700, "2026-02-01", None),  # waits for its acceptance
    item(6, 400, "2026-03-01", credit=True),
    item(7, 900, "2026-03-10", "2026-03-01", currency="USD"),
    item(8, 50, "2026-03-01", credit=True, currency="EUR"),
    item(9, 0, "2026-03-01", "2026-03-01", currency="JPY"),
]


def test_ageing_by_due_date():
    table = age(ITEMS, as_of=day("2026-03-10"), by=By.DUE, bounds=Bounds((30, 60)), home="CNY")
    assert list(table) == ["CNY", "EUR", "USD"]
    assert table["CNY"] == CurrencyAgeing(
        (Bucket("not due", 2, 2700), Bucket("1-30", 1, 5000), Bucket("31-60", 1, 3000), Bucket(">60", 0, 0)),
        count=4,
        amount=10700,
        unapplied=400,
    )
    assert table["USD"].buckets[1] == Bucket("1-30", 1, 900)
    assert (table["EUR"].amount, table["EUR"].unapplied) == (0, 50)


def test_ageing_by_issue_date_keeps_the_first_bucket_for_what_is_not_a_day_old():
    table = age(ITEMS, as_of=day("2026-03-10"), by=By.ISSUE, bounds=Bounds((30, 60)), home="CNY")
    assert table["USD"].buckets[0] == Bucket("not due", 1, 900)
    assert [bucket.amount for bucket in table["CNY"].buckets] == [0, 0, 700, 10000]


def test_the_company_s_currency_is_always_there():
    assert age([], as_of=day("2026-03-10"), by=By.DUE, bounds=Bounds(), home="CNY") == {
        "CNY": CurrencyAgeing(tuple(map(Bucket, Bounds().labels)), 0, 0, 0)
    }


@pytest.mark.parametrize(
    ("credit", "remaining", "left"),
    [
        (0, [(1, 30), (2, 50), (3, 20)], 0),
        (10, [(1, 20), (2, 50), (3, 20)], 0),
        (30, [(2, 50), (3, 20)], 0),
        (95, [(3, 5)], 0),
        (100, [], 0),
        (120, [], 20),
    ],
)
def test_first_in_first_out(credit, remaining, left):
    debits = [
        item(3, 20, "2026-01-02"),
        item(2, 50, "2026-01-01", "2026-03-02"),
        item(1, 30, "2026-01-01", "2026-01-31"),
    ]
    found, unused = fifo(debits, credit=credit, by=By.DUE)
    assert ([(one.id, one.amount) for one in found], unused) == (remaining, left)


def test_first_in_first_out_by_issue_date():
    debits = [item(1, 30, "2026-02-01", "2026-02-02"), item(2, 50, "2026-01-01", "2026-06-30")]
    assert [one.id for one in fifo(debits, credit=50, by=By.ISSUE)[0]] == [1]


def test_first_in_first_out_keeps_to_one_currency():
    with pytest.raises(MixedCurrencies) as refused:
        fifo([item(1, 1, "2026-01-01"), item(2, 1, "2026-01-01", currency="USD")], credit=1, by=By.DUE)
    assert refused.value.params == {"currencies": ["CNY", "USD"]}


@given(
    amounts=st.lists(st.integers(0, 100), max_size=20),
    credit=st.integers(0, 1500),
    days=st.lists(st.integers(0, 60), min_size=20, max_size=20),
)
def test_first_in_first_out_loses_nothing(amounts, credit, days):
    debits = [
        OpenItem(number, "CNY", amount, day("2026-01-01") + timedelta(days=days[number]))
        for number, amount in enumerate(amounts)
    ]
    found, left = fifo(debits, credit=credit, by=By.ISSUE)
    assert sum(one.amount for one in found) - left == sum(amounts) - credit
    assert not (found and left)
    issued = [one.issued_on for one in found]
    assert issued == sorted(issued)
