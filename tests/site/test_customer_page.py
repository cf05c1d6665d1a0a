"""One customer, the credit sheet, and the steps of value behind the overview's figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests import books
from tests.desk import money as cents
from tests.site.visits import an_order, browse, money, read, words
from xinheng.base import clock, policies
from xinheng.base.models import PolicyVersion
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Kind
from xinheng.site import founding
from xinheng.site.pages.figures import figures_of

pytestmark = pytest.mark.django_db


def test_the_credit_sheet_says_limit_term_means_balance_and_conditions(acme, manager):
    books.line(acme, 90_00, term="30D", term_days=30, reason="yearly review", by=manager)
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=date(2026, 1, 31)))
    said = read(browse(manager), f"/customers/{acme.pk}/credit-sheet/")
    for text in ("$90.00", "30D", "ank acceptance", "$30.00 (33%)", "$60.00", "yearly review", "5 days of grace"):
        assert text in said, text
    zh = read(browse(manager, "zh"), f"/customers/{acme.pk}/credit-sheet/")
    assert "客户授信表" in zh
    assert "授信依据" in zh


@pytest.mark.covers("LM-003")
def test_pages_look_at_today_and_say_what_is_dated_ahead(acme, manager):
    """Money of next month is not here; a check counts the present positions all the same, so the page says it."""
    books.line(acme, 90_00, by=manager)
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=date(2026, 1, 31)))
    money(acme, "R1", 20_00, date(2026, 12, 1))
    page = words(read(browse(manager), f"/customers/{acme.pk}/"))
    assert "Dated after today and not shown here, yet counted by a check: Unapplied money +20.00" in page
    assert "$30.00 (33%)" in read(browse(manager), f"/customers/{acme.pk}/credit-sheet/")
    money(acme, "R2", 10_00)
    assert "$20.00 (22%)" in read(browse(manager), f"/customers/{acme.pk}/credit-sheet/")


def test_a_page_without_anything_dated_ahead_says_nothing_of_it(acme, manager):
    books.line(acme, 90_00, by=manager)
    money(acme, "R1", 20_00)
    assert exposure.today(clock.business_date()).is_now
    assert "Dated after today" not in read(browse(manager), f"/customers/{acme.pk}/")


def test_a_cash_customers_sheet_says_so(acme, manager):
    said = read(browse(manager), f"/customers/{acme.pk}/credit-sheet/")
    assert "cash customer" in said
    assert "not set" in said


def test_a_customer_that_has_paid_more_than_it_owes_uses_nothing_of_its_limit(acme, manager):
    books.line(acme, 90_00, by=manager)
    money(acme, "R1", 270_00)
    client = browse(manager)
    for path in ("/customers/", f"/customers/{acme.pk}/", f"/customers/{acme.pk}/credit-sheet/"):
        said = words(read(client, path))
        assert "0%" in said, path
        assert "-300" not in said.replace("-300.00", ""), path


@pytest.mark.parametrize(("due_on", "limit", "used"), [(date(2026, 12, 31), 120_00, 42), (None, 90_00, 56)])
@pytest.mark.covers("LM-010")
def test_the_list_shows_the_limit_the_check_counts_with_initial_stock(acme, due_on, limit, used):
    """铺底 of 40 beside a limit of 90, of which 30 is unpaid: together 120, as the decision counts it."""
    books.line(acme, 90_00, **({"initial_stock": 40_00, "initial_stock_until": due_on} if due_on else {}))
    stock = {"due_on": date(2026, 12, 31), "nature": "INITIAL_STOCK"}
    books.add(books.document(acme, Kind.INVOICE, "F1", 30_00, **stock))
    books.add(books.document(acme, Kind.INVOICE, "I1", 20_00, due_on=date(2026, 12, 31)))
    row = figures_of([acme], clock.business_date())[acme.pk]
    assert (row.limit, row.used_percent) == (limit, used)
    assert control.standing(acme, exposure.entity()).own.limit == limit


@pytest.mark.covers("LM-010")
def test_the_line_of_a_group_carries_the_initial_stock_of_its_members(manager):
    one, two = books.customer("G1", group="G"), books.customer("G2", group="G")
    row = limits.LineRow(
        kind="amount",
        currency="USD",
        amount=90_00,
        group_id=one.group_id,
        initial_stock=40_00,
        initial_stock_until=date(2026, 12, 31),
    )
    limits.set_line(row, on=clock.business_date(), by=manager)
    for number, who, amount in (("F1", one, 10_00), ("F2", two, 5_00), ("F3", books.customer("B"), 7_00)):
        stock = {"due_on": date(2026, 12, 31), "nature": "INITIAL_STOCK"}
        books.add(books.document(who, Kind.INVOICE, number, amount, **stock))
    found = figures_of([one], clock.business_date())[one.pk]
    assert (found.limit, found.of_group) == (105_00, True)


def test_every_part_of_the_exposure_opens(acme, manager):
    books.line(acme, 900_00)
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=date(2026, 1, 31)))
    books.add(books.document(acme, Kind.DELIVERY, "D1", 20_00))
    money(acme, "R1", 5_00)
    an_order(acme, "S1", 10_00)
    said = read(browse(manager), f"/customers/{acme.pk}/").replace("&amp;", "&")
    for address in (
        "/receivables/items/?customer=A&side=debit",
        "/receivables/items/?customer=A&what=goods",
        "/receivables/items/?customer=A&side=credit",
        "/control/orders/?q=A",
    ):
        assert address in said, address


def test_without_the_right_to_see_money_a_customer_is_a_name(acme, manager):
    """Roles are policy: one may see the file and nothing else."""
    row = PolicyVersion.objects.get()
    document = row.document.replace(
        'rights = ["orders.view", "deliveries.view"', 'rights = ["customers.view", "orders.view", "deliveries.view"'
    )
    assert document != row.document
    PolicyVersion.objects.filter(pk=row.pk).update(document=document)
    policies.parsed.cache_clear()
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=date(2026, 1, 31)))
    client = browse(books.person("wh", "WAREHOUSE", code="S01"))
    for path in (f"/customers/{acme.pk}/", f"/customers/{acme.pk}/file/", "/customers/"):
        said = read(client, path)
        assert "Far East Trading" in said, path
        assert "30.00" not in said, path
        assert "overdue" not in said.lower(), path
    assert client.get(f"/customers/{acme.pk}/credit-sheet/").status_code == 403


def test_the_figures_since_yesterday_open_their_steps(acme, manager):
    money(acme, "R1", 5_00)
    books.add(books.document(acme, Kind.INVOICE, "I1", 30_00, due_on=date(2026, 4, 30)))
    client = browse(manager)
    overview = read(client, "/").replace("&amp;", "&")
    assert "/movements/?step=money&since=2026-03-01" in overview
    came_in = read(client, "/movements/", step="money", since="2026-03-01")
    assert "1 movement, $5.00" in came_in
    assert ">R1<" in came_in
    assert ">I1<" not in came_in
    assert ">I1<" in read(client, "/movements/", customer="far east")
    assert ">I1<" not in read(client, "/movements/", until="2026-03-01")


def test_a_salesperson_sees_what_came_in_this_month_beside_the_month_before(acme):
    money(acme, "R1", 5_00)
    money(acme, "R2", 7_00, date(2026, 2, 1))
    money(acme, "R3", 9_00, date(2026, 2, 20))
    money(books.customer("B", salesperson="S02"), "R4", 11_00)
    said = read(browse(books.person("lin", "SALESPERSON", code="S01")), "/")
    assert "Collected this month" in said
    assert "$5.00" in said
    assert "$7.00 by this day of last month" in said


def test_why_deliveries_are_stopped_is_told_in_words_never_in_codes(acme, manager):
    limits.place_hold(customer=acme, cause="BREACH", reason="OVERDUE_DAYS, DEBT_OVER_LIMIT", by=manager)
    for path in (f"/customers/{acme.pk}/", f"/customers/{acme.pk}/credit-sheet/"):
        said = read(browse(manager), path)
        assert "overdue too long, debt above the limit" in said, path
        assert "DEBT_OVER_LIMIT" not in said, path
    assert control.hold_reason("promised to pay, did not") == "promised to pay, did not"


def test_every_line_says_how_it_stands_today(acme, manager):
    def line(amount, **more):
        row = limits.LineRow(kind="amount", currency="USD", amount=amount, customer_id=acme.pk, **more)
        return limits.set_line(row, on=books.DAY, by=founding.console())

    day = timedelta(1)
    old = line(100_00, valid_from=books.DAY - 300 * day, valid_until=books.DAY - 100 * day)
    endless = line(200_00, valid_from=books.DAY - 50 * day)
    now = line(300_00, valid_from=books.DAY - 10 * day)
    later = line(400_00, valid_from=books.DAY + 10 * day)
    corrected = line(300_00, valid_from=books.DAY - 10 * day, valid_until=books.DAY, reason="to today")
    every = limits.Line.objects.all()
    today, tomorrow = limits.states_of(every, books.DAY), limits.states_of(every, books.DAY + day)
    expected = ["EXPIRED", "REPLACED", "REPLACED", "NOT_BEGUN", "IN_FORCE"]
    assert [today[one.pk] for one in (old, endless, now, later, corrected)] == expected
    assert tomorrow[corrected.pk] == "EXPIRED"
    page = words(read(browse(manager), f"/customers/{acme.pk}/lines/"))
    assert page.count("in force") == 1
    assert page.count("replaced") == 2
    assert page.count("expired") == 1
    assert "not yet begun" in page


def paid_invoice(who, number, amount, due_on, paid_on):
    cents.invoice(who, number, amount, due_on - timedelta(30), due_on=due_on)
    cents.receipt(who, f"R-{number}", amount, paid_on)
    cents.allocate(f"R-{number}", number, amount, paid_on)


@pytest.mark.covers("OC-003")
def test_who_stopped_paying_does_not_look_the_better_for_it(acme, manager):
    day = timedelta(1)
    paid_invoice(acme, "I1", 100_00, books.DAY - 100 * day, books.DAY - 105 * day)
    page = words(read(browse(manager), f"/customers/{acme.pk}/"))
    assert "Weighted by amount: 5 days early. 1 invoice paid, on average 5 days early." in page
    cents.invoice(acme, "OLD", 100_00, books.DAY - 500 * day, due_on=books.DAY - 415 * day)
    cents.invoice(acme, "NEW", 100_00, books.DAY, due_on=books.DAY + 30 * day)
    page = words(read(browse(manager), f"/customers/{acme.pk}/"))
    assert "Weighted by amount: 205 days late. 1 invoice paid, on average 5 days early; 1 unpaid and overdue" in page
    assert "on average 415 days late so far." in page
    assert "not due yet" in page
    sheet = words(read(browse(manager, "zh"), f"/customers/{acme.pk}/credit-sheet/"))
    assert (
        "按金额加权：逾期 205 天。已付 1 张，平均提前 5 天；逾期未付 1 张，至今平均逾期 415 天。最差逾期 415 天。"
        in sheet
    )
    assert "-5" not in sheet


def test_days_of_several_currencies_are_weighed_at_the_rate_of_the_day(acme):
    day = timedelta(1)
    cents.invoice(acme, "I1", 100_00, books.DAY - 60 * day, due_on=books.DAY - 10 * day)
    cents.invoice(acme, "I2", 50_00, books.DAY - 60 * day, due_on=books.DAY - 40 * day, currency="EUR")
    accounts = exposure.accounts_of(customer_id=acme.pk)

    def days(**rates):
        found = receivables.behaviour(accounts, [], today=books.DAY, into="USD", rates=rates)
        return found.overdue, found.days_late

    assert days(EUR=Decimal(2)) == (2, 25)
    assert days() == (2, None)
