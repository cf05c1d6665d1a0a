"""What was refused, decided meanwhile or taken back is told where one looks; every page says the same as the others."""

import io
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests import books
from tests.books import DAY
from tests.desk import money as cents
from tests.site.visits import an_order, browse, read, words
from xinheng.base import clock, people
from xinheng.base.models import Company
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.notices import queries as notices
from xinheng.desk.notices.models import Notice
from xinheng.desk.receivables import public as receivables
from xinheng.site import founding
from xinheng.site.pages import trends
from xinheng.site.pages.figures import figures_of

pytestmark = pytest.mark.django_db
DRAWER = {"hx-request": "true", "hx-target": "drawer", "hx-current-url": "http://testserver/control/held/?reason=X"}


def on_hold(who):
    """Nothing leaves for this customer."""
    limits.place_hold(customer=who, by=founding.console(), reason="look", cause="DELIVERY_STOP")


def verdict_of(order):
    return f"/control/orders/{order.pk}/verdict/"


def sheet(client, path, which=0, **query):
    """The rows of one sheet of a file."""
    answer = client.get(path, {**query, "format": "xlsx"})
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(which).to_python()


def column(rows, head):
    """What stands under a heading."""
    place = rows[0].index(head)
    return [row[place] for row in rows[1:]]


class TestTheDrawer:
    def test_what_somebody_else_decided_first_is_told_in_it(self, acme, manager):
        books.line(acme, 50_00)
        order = an_order(acme, "S1", 80_00)
        browse(manager).post(verdict_of(order), {"verb": "reject", "reason": "no"})
        other = browse(books.person("gm", "GENERAL_MANAGER"))
        answer = other.post(verdict_of(order), {"verb": "release", "reason": "mine"}, headers=DRAWER)
        told = answer.content.decode()
        assert answer.status_code == 422
        assert answer.headers["HX-Trigger"] == "rows-changed"
        assert 'role="alert"' in told and "rejected" in words(told)
        assert 'value="release"' not in told
        assert "HX-Retarget" not in answer.headers

    def test_a_missing_right_and_a_missing_order_are_told_in_it(self, acme, manager):
        order = an_order(acme, "S1", 80_00)
        seller = browse(books.person("s", "SALESPERSON", code="S01"))
        answer = seller.post(verdict_of(order), {"verb": "release", "reason": "mine"}, headers=DRAWER)
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#drawer-notices")
        assert "<html" not in answer.content.decode()
        gone = browse(manager).get("/control/orders/999999/peek/", headers=DRAWER)
        assert gone.status_code == 404
        assert "data-close-drawer" in gone.content.decode()

    def test_a_session_that_ended_leaves_what_was_typed(self, acme):
        order = an_order(acme, "S1", 80_00)
        answer = Client().post(verdict_of(order), {"verb": "release", "reason": "mine"}, headers=DRAWER)
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#drawer-notices")
        assert "/accounts/login/?next=%2Fcontrol%2Fheld%2F%3Freason%3DX" in answer.content.decode()
        looked = Client().get(f"/control/orders/{order.pk}/peek/", headers=DRAWER)
        assert looked.headers["HX-Redirect"].startswith("/accounts/login/?next=%2Fcontrol%2Fheld%2F")

    def test_an_ended_session_comes_back_to_the_page_of_the_form(self, acme):
        order = an_order(acme, "S1", 80_00)
        page = f"http://testserver/control/orders/{order.pk}/"
        answer = Client().post(verdict_of(order), {"verb": "release"}, headers={"referer": page})
        assert answer.headers["Location"] == f"/accounts/login/?next=%2Fcontrol%2Forders%2F{order.pk}%2F"
        foreign = Client().post(verdict_of(order), {}, headers={"referer": "https://elsewhere.example/x"})
        assert foreign.headers["Location"] == "/accounts/login/?next=%2F"

    @pytest.mark.parametrize(("language", "said"), [("en", "nothing to look at here"), ("zh", "没有可查看的内容")])
    def test_an_address_that_only_takes_forms_says_so(self, acme, manager, language, said):
        order = an_order(acme, "S1", 80_00)
        answer = browse(manager, language).get(verdict_of(order))
        assert answer.status_code == 405
        assert said in answer.content.decode()


class TestWhatWasDecided:
    def test_one_that_was_decided_meanwhile_stops_no_other(self, acme, manager):
        orders = [an_order(books.customer(code), f"S-{code}", 80_00) for code in ("X", "Y")]
        client = browse(manager)
        client.post(verdict_of(orders[0]), {"verb": "release", "reason": "first"})
        data = {"chosen": [one.pk for one in orders], "verb": "release", "reason": "both"}
        said = words(client.post("/control/held/many/", data, follow=True).content.decode())
        assert "Order S-Y is released." in said
        assert "S-X: " in said
        assert str(orders[0].pk) not in said

    @pytest.mark.parametrize("headers", [{}, DRAWER])
    def test_nothing_frees_a_rejected_order(self, acme, manager, headers):
        books.line(acme, 50_00)
        order = an_order(acme, "S1", 80_00)
        client = browse(manager)
        assert "What frees it" in read(client, f"/control/orders/{order.pk}/")
        answer = client.post(verdict_of(order), {"verb": "reject", "reason": "no"}, headers=headers, follow=True)
        page = words(answer.content.decode())
        assert "What frees it" not in page
        assert "Not yet delivered" not in page
        assert "Rejected by He Li: no" in page

    def test_what_frees_an_order_is_said_as_things_stand_now(self, acme, manager):
        books.line(acme, 50_00)
        cents.invoice(acme, "I1", 60_00, due_on=DAY + timedelta(30))
        order = an_order(acme, "S1", 30_00)
        client = browse(manager)
        paths = (f"/control/orders/{order.pk}/", f"/control/orders/{order.pk}/peek/")
        assert all("the customer pays $40.00" in words(read(client, path)) for path in paths)
        cents.invoice(acme, "I2", 15_00, due_on=DAY + timedelta(31))
        assert all("the customer pays $55.00" in words(read(client, path)) for path in paths)

    def test_a_release_of_stopped_goods_says_that_they_stay(self, acme, manager):
        books.line(acme, 50_00)
        order = an_order(acme, "S1", 80_00)
        client = browse(manager)
        signed = client.post(verdict_of(order), {"verb": "release", "reason": "once"}, headers=DRAWER)
        assert "Now:" not in words(signed.content.decode())
        on_hold(acme)
        assert "Now:" in words(read(client, f"/control/orders/{order.pk}/peek/"))


class TestMoney:
    def test_credit_notes_are_no_money_that_came_in(self, acme, manager):
        cents.receipt(acme, "R-1", 5_00)
        cents.credit_note(acme, "C-1", 7_00)
        client = browse(manager)
        came_in = words(read(client, "/movements/", step="money"))
        assert "1 movement, $5.00" in came_in
        assert "C-1" not in came_in
        _, number, amount = trends.moved(manager, DAY, DAY, "USD")["money"]
        assert (number, amount) == (1, 5_00)

    @pytest.mark.parametrize(("language", "said"), [("en", "has not come yet"), ("zh", "9999-12-31")])
    def test_nothing_is_settled_tomorrow(self, acme, language, said):
        invoice = cents.invoice(acme, "I-1", 30_00, due_on=DAY)
        receipt = cents.receipt(acme, "R-1", 30_00)
        clerk = browse(books.person("clerk", "SETTLEMENT_CLERK"), language)
        stated = {f"amount-{invoice.pk}": "30.00", "dated_on": "9999-12-31"}
        answer = clerk.post(f"/receivables/documents/{receipt.pk}/allocate/", stated)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert 'value="9999-12-31"' in answer.content.decode()
        assert cents.open_on("I-1") == 30_00

    def test_an_allocation_of_another_day_says_which(self, acme):
        invoice = cents.invoice(acme, "I-1", 30_00, on=date(2026, 1, 5), due_on=DAY)
        receipt = cents.receipt(acme, "R-1", 30_00, on=date(2026, 2, 3))
        clerk = browse(books.person("clerk", "SETTLEMENT_CLERK"))
        stated = {f"amount-{invoice.pk}": "30.00", "dated_on": "2026-02-10"}
        answer = clerk.post(f"/receivables/documents/{receipt.pk}/allocate/", stated, follow=True)
        assert "$30.00 is settled, in effect from 2026-02-10." in words(answer.content.decode())

    def test_an_allocation_that_was_undone_is_not_offered_again(self, acme):
        cents.invoice(acme, "I-1", 30_00, due_on=DAY)
        receipt = cents.receipt(acme, "R-1", 30_00)
        (made,) = cents.allocate("R-1", "I-1", 30_00)
        clerk = browse(books.person("clerk", "SETTLEMENT_CLERK"))
        path = f"/receivables/allocations/{made.pk}/undo/"
        assert clerk.post(path, {"reason": "wrong"}).status_code == 302
        again = clerk.get(path, follow=True)
        assert again.redirect_chain == [(f"/documents/{receipt.pk}/", 302)]
        assert "undone already" in words(again.content.decode())
        late = words(clerk.post(path, {"reason": "wrong"}).content.decode())
        assert "R-1 → I-1" in late

    def test_what_is_overdue_is_the_same_on_every_page(self, acme, manager):
        cents.invoice(acme, "I-1", 30_00, on=date(2026, 1, 5), due_on=date(2026, 2, 1))
        cents.receipt(acme, "R-1", 10_00, on=date(2026, 12, 1))
        cents.allocate("R-1", "I-1", 10_00, on=date(2026, 12, 1))
        client = browse(manager)
        page = words(read(client, f"/customers/{acme.pk}/"))
        assert "Overdue$30.00" in page.replace("Overdue $", "Overdue$")
        row = figures_of([acme], DAY)[acme.pk]
        assert (row.owed, row.overdue, row.exposure) == (30_00, 30_00, 30_00)
        ask = receivables.Ask(exposure.today(DAY))
        late = receivables.in_company_currency(receivables.age(ask), DAY)[1 : len(ask.bounds.labels)]
        assert sum(late) == 30_00

    def test_money_an_order_rests_on_is_seen_on_both(self, acme, manager):
        receipt = cents.receipt(acme, "R-1", 80_00)
        order = an_order(acme, "P1", 60_00, payment="prepaid")
        assert [one.held for one in cash.resting(order=order.pk)] == [60_00]
        client = browse(manager)
        on_money = words(read(client, f"/documents/{receipt.pk}/"))
        assert "Reserved for prepaid orders" in on_money and "P1" in on_money and "$60.00" in on_money
        on_order = words(read(client, f"/control/orders/{order.pk}/"))
        assert "Money it rests on" in on_order and "R-1" in on_order

    def test_a_document_that_was_taken_back_is_found_by_its_number(self, acme, manager):
        invoice = cents.invoice(acme, "I-1", 30_00, due_on=DAY)
        receivables.reverse_invoice(invoice, reason="twice", by=founding.console())
        client = browse(manager)
        answer = client.get("/documents/invoice/I-1")
        assert answer.headers["Location"] == f"/documents/{invoice.pk}/"
        found = words(read(client, "/search/", q="I-1"))
        assert "Invoice (reversed)" in found
        assert client.get("/documents/invoice/I-2").status_code == 404
        again = cents.invoice(acme, "I-1", 30_00, due_on=DAY)
        assert client.get("/documents/invoice/I-1").headers["Location"] == f"/documents/{again.pk}/"
        assert 'href="/documents/invoice/I-1"' in read(client, f"/customers/{acme.pk}/")


class TestSheets:
    def test_customers_have_codes_names_and_the_state_of_the_page(self, acme, manager):
        books.person("lin", "SALESPERSON", code="S01", name_zh="林晓", name_en="Lin Xiao")
        on_hold(acme)
        books.customer("B")
        rows = sheet(browse(manager), "/customers/")
        assert column(rows, "Code") == ["A", "B"]
        assert column(rows, "Status") == ["On hold", "active"]
        assert column(rows, "Salesperson")[0] == "Lin Xiao"
        assert column(rows, "Salesperson's code") == ["S01", ""]
        assert "unset" not in column(rows, "Limit")

    def test_notices_carry_moments(self, acme):
        chief = books.person("chief", "GENERAL_MANAGER")
        books.line(acme, 50_00)
        an_order(acme, "S1", 80_00)
        Notice.objects.update(told=",GENERAL_MANAGER,", at=chief.date_joined)
        assert {type(one).__name__ for one in column(sheet(browse(chief), "/inbox/"), "When")} == {"datetime"}

    def test_movements_say_outside(self, acme, manager):
        cents.receipt(acme, "R-1", 5_00)
        rows = sheet(browse(manager), "/movements/")
        assert column(rows, "From") == [str(exposure.OUTSIDE)]
        assert column(rows, "Code") == ["A"]

    def test_the_ageing_says_what_was_asked_and_what_it_was(self, acme, manager):
        cents.invoice(acme, "I-1", 30_00, on=date(2026, 1, 5), due_on=date(2026, 2, 1))
        client = browse(manager)
        ask = {"compare": "2026-01-31", "by": "issue", "bounds": "10,20"}
        rows, about = (
            sheet(client, "/receivables/ageing/", **ask),
            dict(sheet(client, "/receivables/ageing/", 1, **ask)),
        )
        assert column(rows, "Open (USD), 2026-01-31") == [30]
        assert about["Aged"] == "from the invoice date"
        assert (about["Bounds"], about["Compare with"]) == ("10,20", "2026-01-31")
        answer = client.get("/receivables/ageing/", {"by": "fifo", "format": "xlsx"})
        assert "ageing-fifo-" in answer.headers["Content-Disposition"]

    def test_a_list_says_its_filters(self, acme, manager):
        assert dict(sheet(browse(manager), "/customers/", 1, only="held"))["Only"] == "on hold"


def test_the_ageing_is_asked_as_it_was_known(acme, manager):
    cents.invoice(acme, "I-1", 30_00, on=date(2026, 1, 5), due_on=date(2026, 2, 1))
    client = browse(manager)
    assert ">I-1<" in read(client, "/receivables/items/")
    for path in ("/receivables/items/", "/receivables/ageing/"):
        assert "I-1" not in read(client, path, known_on="2026-01-10")
    assert "$30.00" not in words(read(client, "/receivables/ageing/", known_on="2026-01-10"))


def test_an_ageing_of_a_currency_in_which_nothing_is_open_is_of_that_currency(acme, manager):
    exposure.set_rate(exposure.RateRow(DAY, "EUR", "USD", Decimal("1.1")), by=founding.console())
    rows = sheet(browse(manager), "/receivables/ageing/", currency="EUR")
    assert all("(EUR)" in head for head in rows[0][2:])


def test_a_search_that_found_more_says_so(acme, manager):
    for number in range(9):
        books.customer(f"Z{number}", name_en=f"Zenith {number}")
        cents.invoice(acme, f"INV-{number}", 1_00, due_on=DAY)
    client = browse(manager)
    said = read(client, "/search/", q="zenith")
    assert 'href="/customers/?q=zenith"' in said
    assert "There are more" in read(client, "/search/", q="INV-")
    assert "There are more" not in read(client, "/search/", q="INV-3")


def test_beyond_the_last_page_of_items_is_the_last(acme, manager):
    cents.invoice(acme, "I-1", 1_00, due_on=DAY)
    assert ">I-1<" in read(browse(manager), "/receivables/items/", page="1000")


def test_two_people_do_not_bear_one_code(db):
    books.found()
    books.person("lin", "SALESPERSON", code="S01")
    with pytest.raises(people.CodeTaken):
        people.add_user("wu", "a long enough one 9", by=founding.console(), roles=["SALESPERSON"], code="S01")


def test_the_bell_counts_the_lines_of_the_inbox(acme):
    seller = books.person("wang", "SALESPERSON", code="S01")
    books.line(acme, 50_00)
    for number in range(3):
        an_order(acme, f"S{number}", 80_00)
    assert notices.count_unread(seller) == notices.in_lines(notices.unread(seller)).count() == 3


def test_amounts_of_two_currencies_are_sorted_by_currency(acme, manager):
    client = browse(manager)
    for path in ("/control/held/", "/control/orders/", "/control/unlinked/", "/control/unreleased/"):
        assert client.get(path, {"sort": "amount"}).status_code == 200


def test_changing_a_filter_keeps_the_order_of_the_rows(acme, manager):
    assert '<input type="hidden" name="sort" value="-name">' in read(browse(manager), "/customers/", sort="-name")


def test_the_last_day_of_the_calendar_ends_everywhere(acme):
    for zone in ("Asia/Shanghai", "America/New_York"):
        Company.objects.update(time_zone=zone)
        assert clock.end_of(date.max).year == date.max.year
        assert clock.end_of(DAY).astimezone(ZoneInfo(zone)).isoformat().startswith("2026-03-02T23:59:59.999999")
