"""Where each unit of an order's value stands, case by case and over random histories."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinheng.rules import postings, road
from xinheng.rules.road import Component, Document, Kind, Step

ORDERED, DELIVERED, CONSIGNED, INVOICED, CANCELLED = (
    Component.ORDERED,
    Component.DELIVERED,
    Component.CONSIGNED,
    Component.INVOICED,
    Component.CANCELLED,
)
DAY = date(2026, 3, 1)


def on(day):
    return DAY + timedelta(days=day)


def order(id, day, amount, **more):
    return Document(id, Kind.ORDER, on(day), f"S{id}", amount, **more)


def delivery(id, day, amount, order="", **more):
    return Document(id, Kind.DELIVERY, on(day), f"D{id}", amount, order=order, **more)


def invoice(id, day, amount, order="", delivery=""):
    return Document(id, Kind.INVOICE, on(day), f"I{id}", amount, order=order, delivery=delivery)


def returned(id, day, amount, delivery):
    return Document(id, Kind.RETURN, on(day), f"T{id}", amount, delivery=delivery)


def change(id, day, amount, order):
    return Document(id, Kind.ORDER_CHANGE, on(day), f"C{id}", amount, order=order)


def close(id, day, order):
    return Document(id, Kind.ORDER_CLOSE, on(day), f"X{id}", 0, order=order)


def close_delivery(id, day, delivery):
    return Document(id, Kind.DELIVERY_CLOSE, on(day), f"Y{id}", 0, delivery=delivery)


CASES = {
    "an approved order occupies": ([order(1, 0, 200)], {(1, ORDERED): 200}),
    "an entered order occupies nothing": ([order(1, 0, 200, occupies=False)], {}),
    "part delivered": ([order(1, 0, 200), delivery(2, 1, 120, "S1")], {(1, ORDERED): 80, (2, DELIVERED): 120}),
    "part delivered and invoiced": (
        [order(1, 0, 200), delivery(2, 1, 120, "S1"), invoice(3, 1, 120, delivery="D2")],
        {(1, ORDERED): 80, (3, INVOICED): 120},
    ),
    "approved after its goods left": (
        [delivery(2, 0, 120, "S1"), order(1, 5, 200)],
        {(1, ORDERED): 80, (2, DELIVERED): 120},
    ),
    "approved after its invoice": (
        [invoice(2, 0, 120, "S1"), order(1, 5, 200)],
        {(1, ORDERED): 80, (2, INVOICED): 120},
    ),
    "a delivery without an order is a fact": ([delivery(1, 0, 60)], {(1, DELIVERED): 60}),
    "delivered beyond the order": ([order(1, 0, 100), delivery(2, 1, 130, "S1")], {(2, DELIVERED): 130}),
    "delivered beyond the order, then more": (
        [order(1, 0, 100), delivery(2, 1, 130, "S1"), delivery(3, 2, 10, "S1")],
        {(2, DELIVERED): 130, (3, DELIVERED): 10},
    ),
    "invoiced ahead of the goods, then delivered": (
        [order(1, 0, 100), invoice(2, 1, 60, "S1"), delivery(3, 2, 60, "S1")],
        {(1, ORDERED): 40, (2, INVOICED): 60},
    ),
    "invoiced ahead, more delivered than invoiced": (
        [order(1, 0, 100), invoice(2, 1, 60, "S1"), delivery(3, 2, 90, "S1")],
        {(1, ORDERED): 10, (2, INVOICED): 60, (3, DELIVERED): 30},
    ),
    "invoiced ahead beyond the order": (
        [order(1, 0, 100), invoice(2, 1, 120, "S1"), delivery(3, 2, 120, "S1")],
        {(2, INVOICED): 120},
    ),
    "invoice takes the oldest delivery first": (
        [order(1, 0, 100), delivery(2, 1, 30, "S1"), delivery(3, 2, 30, "S1"), invoice(4, 3, 40, "S1")],
        {(1, ORDERED): 40, (3, DELIVERED): 20, (4, INVOICED): 40},
    ),
    "invoice of the order takes deliveries, then what is ordered": (
        [order(1, 0, 100), delivery(2, 1, 30, "S1"), invoice(4, 3, 90, "S1")],
        {(1, ORDERED): 10, (4, INVOICED): 90},
    ),
    "invoiced above its delivery enters from outside": (
        [order(1, 0, 200), delivery(2, 1, 120, "S1"), invoice(3, 2, 150, delivery="D2")],
        {(1, ORDERED): 80, (3, INVOICED): 150},
    ),
    "invoiced below its delivery stays delivered": (
        [delivery(2, 1, 120), invoice(3, 2, 100, delivery="D2")],
        {(2, DELIVERED): 20, (3, INVOICED): 100},
    ),
    "the rest of a delivery is closed by name": (
        [delivery(2, 1, 120), invoice(3, 2, 100, delivery="D2"), close_delivery(4, 3, "D2")],
        {(2, CANCELLED): 20, (3, INVOICED): 100},
    ),
    "closing a delivery nobody knows": ([close_delivery(4, 3, "D2")], {}),
    "returned before the invoice": (
        [delivery(1, 0, 60), returned(2, 1, 25, "D1")],
        {(1, DELIVERED): 35, (1, CANCELLED): 25},
    ),
    "returned after the invoice moves nothing": (
        [delivery(1, 0, 60), invoice(3, 1, 60, delivery="D1"), returned(2, 2, 25, "D1")],
        {(3, INVOICED): 60},
    ),
    "a return dated before its delivery waits for it": (
        [returned(2, 0, 25, "D1"), delivery(1, 1, 60)],
        {(1, DELIVERED): 35, (1, CANCELLED): 25},
    ),
    "closing an order": (
        [order(1, 0, 100), delivery(2, 1, 30, "S1"), close(3, 2, "S1")],
        {(1, CANCELLED): 70, (2, DELIVERED): 30},
    ),
    "goods after the close come from outside": (
        [order(1, 0, 100), close(3, 2, "S1"), delivery(2, 3, 30, "S1")],
        {(1, CANCELLED): 100, (2, DELIVERED): 30},
    ),
    "closing an order nobody knows": ([close(3, 2, "S1")], {}),
    "an order grows": ([order(1, 0, 100), change(2, 1, 150, "S1")], {(1, ORDERED): 150}),
    "an order shrinks": ([order(1, 0, 100), change(2, 1, 40, "S1")], {(1, ORDERED): 40, (1, CANCELLED): 60}),
    "an order shrinks below what has left": (
        [order(1, 0, 100), delivery(3, 1, 60, "S1"), change(2, 2, 50, "S1")],
        {(1, CANCELLED): 40, (3, DELIVERED): 60},
    ),
    "an order shrinks to nothing and grows again": (
        [order(1, 0, 100), change(2, 1, 0, "S1"), change(3, 2, 70, "S1")],
        {(1, ORDERED): 70, (1, CANCELLED): 100},
    ),
    "a change of an order that occupies nothing": ([order(1, 0, 100, occupies=False), change(2, 1, 150, "S1")], {}),
    "consigned goods, part sold": (
        [delivery(1, 0, 60, consigned=True), invoice(2, 1, 20, delivery="D1")],
        {(1, CONSIGNED): 40, (2, INVOICED): 20},
    ),
    "invoice names a delivery that comes later, no order": (
        [invoice(2, 0, 60, delivery="D1"), delivery(1, 3, 60)],
        {(2, INVOICED): 60},
    ),
    "invoice names a later delivery of an order": (
        [order(1, 0, 100), invoice(3, 1, 60, delivery="D2"), delivery(2, 3, 60, "S1")],
        {(1, ORDERED): 40, (3, INVOICED): 60},
    ),
    "invoice names the order and its later delivery": (
        [order(1, 0, 100), invoice(3, 1, 60, "S1", "D2"), delivery(2, 3, 60, "S1")],
        {(1, ORDERED): 40, (3, INVOICED): 60},
    ),
    "an invoice of the order gives way to the one that names the goods it lay on": (
        [
            order(1, 0, 300),
            invoice(2, 1, 60, "S1"),
            delivery(3, 2, 120, "S1"),
            delivery(4, 3, 100, "S1"),
            invoice(5, 4, 120, delivery="D3"),
        ],
        {(1, ORDERED): 80, (2, INVOICED): 60, (4, DELIVERED): 40, (5, INVOICED): 120},
    ),
    "an invoice of the order, dated after the goods, gives way as well": (
        [
            order(1, 0, 300),
            delivery(3, 1, 120, "S1"),
            delivery(4, 2, 100, "S1"),
            invoice(2, 3, 60, "S1"),
            invoice(5, 4, 120, delivery="D3"),
        ],
        {(1, ORDERED): 80, (2, INVOICED): 60, (4, DELIVERED): 40, (5, INVOICED): 120},
    ),
    "an invoice that gives way and finds no other goods lies ahead of those to come": (
        [
            order(1, 0, 300),
            invoice(2, 1, 60, "S1"),
            delivery(3, 2, 120, "S1"),
            invoice(5, 4, 120, delivery="D3"),
            delivery(4, 5, 100, "S1"),
        ],
        {(1, ORDERED): 80, (2, INVOICED): 60, (4, DELIVERED): 40, (5, INVOICED): 120},
    ),
    "what is invoiced beyond its delivery and beyond the order comes from outside": (
        [order(1, 0, 100), invoice(2, 1, 100, "S1"), delivery(3, 2, 100, "S1"), invoice(5, 4, 100, delivery="D3")],
        {(2, INVOICED): 100, (5, INVOICED): 100},
    ),
    "a delivery smaller than what was invoiced ahead of it": (
        [order(1, 0, 100), invoice(3, 1, 60, "S1", "D2"), delivery(2, 3, 50, "S1")],
        {(1, ORDERED): 40, (3, INVOICED): 60},
    ),
}


@pytest.mark.covers("LM-003", "OC-006")
@pytest.mark.parametrize("name", CASES)
def test_value_stands_in_one_place(name):
    documents, expected = CASES[name]
    assert road.positions(road.walk(documents)) == expected


@st.composite
def within_an_order(draw):
    """An order of 100 whose goods and invoices stay within it; some invoices name their goods, some the order."""
    documents, goods, invoiced = [order(1, 0, 100)], 0, 0
    for id in range(2, 2 + 3 * draw(st.integers(1, 4)), 3):
        amount = draw(st.integers(0, 100 - goods))
        goods += amount
        documents.append(delivery(id, draw(st.integers(1, 9)), amount, "S1"))
        named = draw(st.integers(0, min(amount, 100 - invoiced)))
        invoiced += named
        both = draw(st.booleans())
        documents.append(invoice(id + 1, draw(st.integers(1, 9)), named, "S1" if both else "", f"D{id}"))
        unnamed = draw(st.integers(0, 100 - invoiced))
        invoiced += unnamed
        documents.append(invoice(id + 2, draw(st.integers(1, 9)), unnamed, "S1"))
    return documents, invoiced


@pytest.mark.covers("LM-003")
@given(within_an_order())
def test_an_order_whose_goods_and_invoices_stay_within_it_is_never_owed_twice(drawn):
    documents, invoiced = drawn
    stands = road.positions(road.walk(documents))
    assert sum(stands.values()) == 100
    assert sum(amount for (_, component), amount in stands.items() if component is INVOICED) == invoiced


def test_an_invoice_ahead_of_an_unknown_delivery_leaves_the_past_alone():
    early = [order(1, 0, 100), invoice(3, 1, 60, delivery="D2")]
    late = [*early, delivery(2, 3, 60, "S1")]
    before = [step for step in road.walk(late) if step.on < on(3)]
    assert before == road.walk(early)


def test_difference_posts_what_is_missing_and_takes_back_what_is_too_much():
    posted = road.walk([delivery(2, 1, 60)])
    desired = road.walk([order(1, 0, 100), delivery(2, 1, 60, "S1")])
    steps = postings.difference(desired, posted)
    assert road.positions([*posted, *steps]) == road.positions(desired)
    assert postings.difference(desired, [*posted, *steps]) == []


def test_nothing_is_posted_before_the_open_month():
    posted = road.walk([delivery(2, 1, 60)])
    steps = postings.difference([], posted, open_from=on(10))
    assert steps == [Step((2, DELIVERED), None, 60, on(10))]
    assert postings.difference([], [*posted, *steps], open_from=on(10)) == []


def test_what_left_late_because_of_a_closed_month_stays_as_told_when_the_month_is_open_again():
    delivered = [delivery(2, 1, 60)]
    invoiced = road.walk([*delivered, invoice(3, 2, 60, delivery="D2")])
    back = postings.difference(road.walk(delivered), invoiced, open_from=on(10))
    assert postings.difference(road.walk(delivered), [*invoiced, *back]) == []
    again = postings.difference(road.walk([*delivered, invoice(4, 3, 60, delivery="D2")]), [*invoiced, *back])
    assert again == [Step((2, DELIVERED), (4, INVOICED), 60, on(10))]


amounts = st.integers(1, 200)
days = st.integers(0, 12)
orders = st.sampled_from(["", "S1", "S2"])
named_deliveries = st.sampled_from(["", "D11", "D12", "D13"])


@st.composite
def families(draw):
    documents = [
        order(i, draw(days), draw(amounts), occupies=draw(st.booleans())) for i in (1, 2) if draw(st.booleans())
    ]
    for i in range(11, 11 + draw(st.integers(0, 3))):
        documents.append(delivery(i, draw(days), draw(amounts), draw(orders), consigned=draw(st.booleans())))
    for i in range(21, 21 + draw(st.integers(0, 4))):
        documents.append(invoice(i, draw(days), draw(amounts), draw(orders), draw(named_deliveries)))
    for i in range(31, 31 + draw(st.integers(0, 2))):
        documents.append(returned(i, draw(days), draw(amounts), draw(named_deliveries.filter(bool))))
    for i in range(41, 41 + draw(st.integers(0, 3))):
        number = draw(orders.filter(bool))
        documents.append(
            draw(st.sampled_from([change(i, draw(days), draw(amounts), number), close(i, draw(days), number)]))
        )
    if draw(st.booleans()):
        documents.append(close_delivery(51, draw(days), draw(named_deliveries.filter(bool))))
    return draw(st.permutations(documents))


@settings(max_examples=400, deadline=None)
@given(families())
def test_no_place_is_ever_below_zero_and_invoices_stand_whole(documents):
    steps = road.walk(documents)
    stand = defaultdict(int)
    for day in sorted({step.on for step in steps}):
        for step in steps:
            if step.on == day:
                stand[step.source] -= step.amount
                stand[step.target] += step.amount
        assert all(amount >= 0 for place, amount in stand.items() if place is not None)
    for document in documents:
        if document.kind is Kind.INVOICE:
            assert stand[document.id, INVOICED] == document.amount


@settings(max_examples=300, deadline=None)
@given(families(), days)
def test_a_later_document_never_changes_an_earlier_day(documents, day):
    known = [document for document in documents if document.on <= on(day)]
    assert road.walk(known) == [step for step in road.walk(documents) if step.on <= on(day)]


@settings(max_examples=300, deadline=None)
@given(families())
def test_documents_may_arrive_in_any_order(documents):
    posted = []
    for count in range(1, len(documents) + 1):
        posted += postings.difference(road.walk(documents[:count]), posted)
    assert postings.net(posted) | {} == {} or road.positions(posted) == road.positions(road.walk(documents))
    assert {k: v for k, v in postings.net(posted).items() if v} == {
        k: v for k, v in postings.net(road.walk(documents)).items() if v
    }


@settings(max_examples=200, deadline=None)
@given(families())
def test_value_is_counted_once(documents):
    """What stands on the road never exceeds what was ordered, delivered and invoiced beyond one another."""
    steps = road.walk(documents)
    entered = sum(step.amount for step in steps if step.source is None) - sum(
        s.amount for s in steps if s.target is None
    )
    assert entered == sum(road.positions(steps).values())
