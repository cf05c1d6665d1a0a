"""Lists in the order one asks for: whoever owes most, whatever is oldest, over all rows of a list."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests import books
from tests.books import DAY
from tests.site.visits import browse, money, read
from xinheng.desk.exposure import public as exposure
from xinheng.rules.road import Kind
from xinheng.site import founding

pytestmark = pytest.mark.django_db


def codes(page: str) -> list[str]:
    """The customers of a page from top to bottom."""
    return re.findall(r'<span class="below">(C\d)</span>', page)


@pytest.fixture
def owing(manager):
    """C1 owes little of a small limit, C2 much and late, C3 nothing, C4 in another currency, C5 more than it may."""
    late, ahead = DAY - timedelta(days=9), DAY + timedelta(days=9)
    for code, amount, due, limit in (
        ("C1", 90_00, late, 100_00),
        ("C2", 900_00, late, 9_000_00),
        ("C3", 0, ahead, None),
        ("C5", 300_00, ahead, 0),
    ):
        who = books.customer(code)
        if amount:
            books.add(books.document(who, Kind.INVOICE, f"INV-{code}", amount, due_on=due))
        if limit is not None:
            books.line(who, limit)
    foreign = books.customer("C4", currency="EUR")
    books.add(replace(books.document(foreign, Kind.INVOICE, "INV-C4", 500_00, due_on=ahead), currency="EUR"))
    return browse(manager)


def rate(value: str) -> None:
    """What a euro is worth."""
    exposure.record_rates(
        exposure.open_entry("test", by=founding.console()), [exposure.RateRow(DAY, "EUR", "USD", Decimal(value))]
    )


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("-owed", ["C4", "C2", "C5", "C1", "C3"]),
        ("owed", ["C3", "C1", "C5", "C2", "C4"]),
        ("-overdue", ["C2", "C1", "C3", "C4", "C5"]),
        ("-exposure", ["C4", "C2", "C5", "C1", "C3"]),
        ("-used", ["C5", "C1", "C2", "C3", "C4"]),
        ("used", ["C2", "C1", "C5", "C3", "C4"]),
    ],
)
def test_customers_stand_in_the_order_of_their_figures(owing, sort, first):
    rate("2")
    assert codes(read(owing, "/customers/", sort=sort, q="Customer C")) == first


@pytest.mark.parametrize("sort", ["owed", "-owed", "exposure", "-exposure"])
def test_a_figure_without_a_rate_stands_last(owing, sort):
    assert codes(read(owing, "/customers/", sort=sort, q="Customer C"))[-1] == "C4"


def test_the_largest_use_counts_what_the_line_carries_beside_its_amount(owing):
    relaxed = books.customer("C6")
    books.add(books.document(relaxed, Kind.INVOICE, "INV-C6", 95_00, due_on=DAY))
    books.line(relaxed, 100_00, extra=900_00, extra_until=DAY)  # 95 of 1,000
    found = codes(read(owing, "/customers/", sort="-used", q="Customer C"))
    assert found == ["C5", "C1", "C2", "C6", "C3", "C4"]


@pytest.fixture
def debts(acme):
    """Two invoices and money, of two customers."""
    early, late = DAY - timedelta(days=40), DAY - timedelta(days=5)
    other = books.customer("B", name="阿尔法", salesperson="A01")
    books.add(books.document(acme, Kind.INVOICE, "INV-9", 50_00, on=early, due_on=DAY))
    books.add(books.document(other, Kind.INVOICE, "INV-1", 70_00, on=late, due_on=late))
    money(acme, "RC-5", 60_00)
    return acme


ALL = ("INV-9", "INV-1", "RC-5")


def numbers(page: str) -> list[str]:
    """The documents of a page from top to bottom."""
    return [one for one in re.findall(r'<a href="/documents/\d+/">([A-Z0-9-]+)', page) if one in ALL]


@pytest.mark.parametrize("by", ["due", "fifo"])
@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", "INV-1 INV-9 RC-5"),
        ("number", "INV-1 INV-9 RC-5"),
        ("-number", "RC-5 INV-9 INV-1"),
        ("dated_on", "INV-9 INV-1 RC-5"),
        ("-due_on", "INV-9 INV-1 RC-5"),
        ("-amount", "INV-1 RC-5 INV-9"),
        ("-open", "INV-1 INV-9 RC-5"),
        ("open", "RC-5 INV-9 INV-1"),
        ("salesperson", "INV-1 INV-9 RC-5"),
        ("-customer", "INV-1 INV-9 RC-5"),
        ("nonsense", "INV-1 INV-9 RC-5"),
    ],
)
def test_open_items_stand_in_the_order_asked_for(debts, manager, sort, found, by):
    """Money with the customer counts as less than nothing; what has no due day stands last."""
    gone = {"INV-9"} if by == "fifo" else set()  # the oldest debt is paid by the money
    wanted = [one for one in found.split() if one not in gone]
    said = numbers(read(browse(manager, "zh"), "/receivables/items/", **({"sort": sort} if sort else {}), by=by))
    assert said == wanted


def test_the_head_says_how_open_items_are_sorted_and_turns_it_round(debts, manager):
    client = browse(manager)
    assert 'aria-sort="ascending"><a class="sort" href="?sort=-due_on">' in read(client, "/receivables/items/")
    assert 'aria-sort="descending"><a class="sort" href="?sort=open">' in read(
        client, "/receivables/items/", sort="-open"
    )
    assert '<input type="hidden" name="sort" value="-open">' in read(client, "/receivables/items/", sort="-open")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("effective_on", "INV-9"), ("-effective_on", "RC-5"), ("document", "INV-1"), ("-document", "RC-5"),
        ("-amount", "INV-1"), ("source", ""), ("-target", "RC-5"), ("customer", ""), ("actor", ""),
    ],
)  # fmt: skip
def test_movements_stand_in_the_order_asked_for(debts, manager, sort, first):
    said = numbers(read(browse(manager), "/movements/", sort=sort, since="2026-01-01"))
    assert len(said) == len(ALL)
    assert not first or said[0] == first
