"""The ageing and its items: compared with another day, opened cell by cell, picked by due day, taken home."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from tests import books
from tests.site.visits import browse, money, read, words
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Kind
from xinheng.site import founding

pytestmark = pytest.mark.django_db
AGEING, ITEMS = "/receivables/ageing/", "/receivables/items/"


@pytest.fixture
def debts(acme):
    """50 due in January, 70 due in April."""
    books.add(books.document(acme, Kind.INVOICE, "OLD", 50_00, on=date(2026, 1, 1), due_on=date(2026, 1, 31)))
    books.add(books.document(acme, Kind.INVOICE, "NEW", 70_00, on=date(2026, 3, 1), due_on=date(2026, 4, 1)))
    return acme


def book(client, path, **query):
    """Everything that is written in a file."""
    answer = client.get(path, {**query, "format": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def test_the_ageing_says_what_changed_since_another_day(debts, manager):
    said = words(read(browse(manager), AGEING, compare="2026-02-01"))
    assert "Since 2026-02-01 it changed by +$70.00, what is overdue by $0.00." in said
    assert "+70.00" in said
    assert "Since" not in read(browse(manager), AGEING).split("<form", 2)[0]


def test_overdue_stands_in_a_column_that_opens_what_is_overdue(debts, manager):
    client = browse(manager)
    assert "due_until=2026-03-01" in read(client, AGEING)
    late = read(client, ITEMS, due_until="2026-03-01", side="debit")
    assert ">OLD<" in late
    assert ">NEW<" not in late
    assert ">NEW<" in read(client, ITEMS, due_from="2026-04-01", due_until="2026-04-05")


def test_a_day_to_come_is_aged_as_that_day(debts, manager):
    """What will be overdue at the end of April, as things stand."""
    page = read(browse(manager), AGEING, as_of="2026-04-30")
    assert "100 %" in words(page) or "100%" in words(page)
    assert "due_until=2026-04-29" in page


def test_by_issue_date_nothing_is_called_overdue(debts, manager):
    said = read(browse(manager), AGEING, by="issue", rows="branch")
    assert 'sort=overdue"' not in said
    assert "older than" in said


def test_the_total_of_goods_opens_goods(acme, manager):
    books.add(books.document(acme, Kind.DELIVERY, "D1", 40_00, on=date(2026, 1, 10)))
    client = browse(manager)
    assert "what=goods" in read(client, AGEING, what="goods")
    assert ">D1<" in read(client, ITEMS, what="goods", side="debit")
    assert ">D1<" not in read(client, ITEMS, what="goods", side="credit")


def test_first_in_first_out_opens_line_by_line_down_to_the_documents(debts, manager):
    """Money of 40 was allocated to the newer invoice; the auditor sees the older one eaten."""
    money(debts, "R1", 40_00, date(2026, 3, 2))
    paid, newer = exposure.document(Kind.RECEIPT, "R1"), exposure.document(Kind.INVOICE, "NEW")
    day = date(2026, 3, 2)
    receivables.allocate_by_hand(paid, [(newer, 40_00)], dated_on=day, on=day, by=founding.console())
    money(books.customer("B", group="G"), "R9", 5_00, date(2026, 3, 2))
    client = browse(manager)
    page = read(client, AGEING, by="fifo", compare="2026-03-01", rows="group")
    assert "/receivables/items/?by=fifo&amp;group=-&amp;bucket=1" in page
    assert "/receivables/items/?by=fifo&amp;group=G&amp;side=credit" in page
    eaten = words(read(client, ITEMS, by="fifo", group="-"))
    assert "OLDInvoice Far East Trading 2026-01-01 2026-01-31 30 days $50.00 $10.00" in eaten
    assert "NEWInvoice Far East Trading 2026-03-01 2026-04-01 — $70.00 $70.00" in eaten
    assert "R9" not in eaten
    assert ">R9<" in read(client, ITEMS, by="fifo", group="G")
    assert "50.00" not in book(client, AGEING, by="fifo")


def test_those_without_a_salesperson_or_group_are_opened_alone(debts, manager):
    other = books.customer("B", group="G")
    books.add(books.document(other, Kind.INVOICE, "OTHER", 9_00, on=date(2026, 1, 1), due_on=date(2026, 1, 31)))
    client = browse(manager)
    for dimension, alone, left_out in (("group", "OLD", "OTHER"), ("salesperson", "OTHER", "OLD")):
        assert f"{dimension}=-" in read(client, AGEING, rows=dimension)
        items = read(client, ITEMS, **{dimension: "-"})
        assert f">{alone}<" in items
        assert f">{left_out}<" not in items


def test_a_salesperson_is_asked_for_by_name(debts, manager):
    books.person("lin", "SALESPERSON", code="S01", name_zh="业务员 林晓", name_en="Lin Xiao")
    for typed in ("S01", "s01", "Lin Xiao"):
        assert ">OLD<" in read(browse(manager), ITEMS, salesperson=typed), typed
    zh = read(browse(manager, "zh"), ITEMS, salesperson="林晓")
    assert ">OLD<" in zh
    assert '<td data-label="业务员">林晓</td>' in zh
    assert ">OLD<" not in read(browse(manager), ITEMS, salesperson="nobody")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"bounds": "x"}, "“x” makes no buckets"),
        ({"bounds": "90,30"}, "“90,30” makes no buckets"),
        ({"as_of": "2026-13-01"}, "Write the day as 2026-11-24."),
        ({"compare": "soon"}, "Write the day as 2026-11-24."),
    ],
)
def test_what_cannot_be_understood_is_said_beside_its_field_and_no_figures_are_shown(debts, manager, query, said):
    shown = read(browse(manager), AGEING, **query)
    assert said in shown
    assert "Far East Trading" not in shown


def test_the_currency_is_chosen_from_those_that_have_rates_and_the_one_asked_for(debts, manager):
    exposure.set_rate(exposure.RateRow(date(2026, 1, 1), "EUR", "USD", Decimal("1.1")), by=manager)
    said = read(browse(manager), AGEING, currency="GBP")
    for code in ("USD", "EUR", "GBP"):
        assert f'value="{code}"' in said


def test_sheets_are_headed_in_the_readers_language_and_say_whose_they_are(debts, manager):
    company = books.found()
    company.simulated, company.simulated_en = "模拟数据", "Simulated data"
    company.save()
    zh = book(browse(manager, "zh"), ITEMS)
    assert "逾期天数" in zh
    assert "模拟数据" in zh
    en = book(browse(manager), AGEING)
    assert "Overdue (USD)" in en
    assert "Simulated data" in en


def test_only_asked_for_lines_come_back(debts):
    other = books.customer("B")
    books.add(books.document(other, Kind.INVOICE, "B1", 10_00, due_on=date(2026, 1, 31)))
    ask = receivables.Ask(exposure.NOW)
    assert [row.key for row in receivables.ageing_rows(ask, "customer", keys=[other.pk])] == [other.pk]
    assert receivables.ageing_rows(ask, "customer", keys=[]) == []


def test_what_is_owed_and_what_is_not_yet_applied_are_two_figures_and_the_net_is_a_third(acme, manager):
    """The ageing's open total and the items behind it say the same amount by the same word."""
    books.add(books.document(acme, Kind.INVOICE, "I1", 100_00, due_on=books.DAY))
    money(acme, "R1", 30_00)
    said = words(read(browse(manager), ITEMS))
    assert "2 items on 2026-03-02, owed $100.00, less $30.00 not yet applied: $70.00 net" in said
    assert "1 item on 2026-03-02, owed $100.00 " in words(read(browse(manager), ITEMS, side="debit"))
    assert "1 item on 2026-03-02, $30.00 not yet applied" in words(read(browse(manager), ITEMS, side="credit"))
    customer = read(browse(manager), f"/customers/{acme.pk}/").replace("&amp;", "&")
    assert f'href="{ITEMS}?customer=A&side=debit"' in customer
