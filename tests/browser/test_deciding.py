"""Held orders are decided where they wait: in the drawer, many at once; others are politely refused."""

import re

import pytest
from playwright.sync_api import expect


def money_of(headline):
    """What the orders that wait come to, as the queue's headline says."""
    return re.search(r"worth (.+?) waits?[,;]", headline)[1]


def choose(at, number):
    at.page.locator("tr", has_text=number).locator("input[name=chosen]").check()


@pytest.mark.covers("OC-007", "LM-002")
def test_an_order_is_released_in_the_drawer_without_leaving_the_list(reader):
    at = reader("fm", "en")
    at.open("/control/held/")
    at.page.locator("tr", has_text="SO-1002").get_by_role("button", name="Decide").click()
    headline = at.page.locator("#answer")
    before = headline.inner_text()
    drawer = at.page.locator("#drawer")
    drawer.get_by_text("above the limit of").wait_for()
    drawer.get_by_label("Reason").fill("Paid tomorrow, seen the transfer")
    drawer.get_by_role("button", name="Release").click()
    drawer.get_by_text("Order SO-1002 is released.").wait_for()
    expect(at.page.locator("#rows")).not_to_contain_text("SO-1002")
    count = int(before.split()[0])
    expect(headline).to_have_text(re.compile(rf"^{count - 1} orders? worth "))
    assert money_of(headline.inner_text()) != money_of(before)
    at.page.keyboard.press("Escape")
    assert drawer.is_hidden()
    at.open("/control/orders/number/SO-1002")
    assert at.sees("Released")
    assert at.sees("Paid tomorrow, seen the transfer")
    assert at.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_what_a_colleague_decided_first_is_told_in_the_drawer(reader, width):
    number = {1440: "SO-1014", 390: "SO-1015"}[width]
    slow, quick = reader("gm", "en", width), reader("fm", "en")
    slow.open("/control/held/")
    slow.page.locator("tr", has_text=number).get_by_role("button", name="Decide").click()
    drawer = slow.page.locator("#drawer")
    drawer.get_by_label("Reason").fill("Known for years")
    quick.open(f"/control/orders/number/{number}")
    quick.page.get_by_label("Reason").fill("Does not pay")
    quick.page.get_by_role("button", name="Reject").click()
    quick.page.get_by_text("is rejected").first.wait_for()
    drawer.get_by_role("button", name="Release").click()
    told = drawer.get_by_role("alert")
    told.wait_for()
    box = told.bounding_box()
    assert 0 <= box["y"] < slow.page.viewport_size["height"]
    expect(drawer.locator("h2")).to_contain_text("Rejected")
    expect(slow.page.locator("#rows")).not_to_contain_text(number)


def test_a_session_that_ended_keeps_what_was_typed_and_leads_back(reader):
    at = reader("gm", "en")
    at.open("/control/held/")
    at.page.locator("tr", has_text="SO-1012").get_by_role("button", name="Decide").click()
    drawer = at.page.locator("#drawer")
    drawer.get_by_label("Reason").fill("Known for years")
    at.page.context.clear_cookies(name="sessionid")
    drawer.get_by_role("button", name="Release").click()
    drawer.get_by_role("link", name="Sign in").wait_for()
    assert drawer.get_by_label("Reason").input_value() == "Known for years"
    drawer.get_by_role("link", name="Sign in").click()
    at.page.wait_for_url("**/accounts/login/?next=%2Fcontrol%2Fheld%2F")


def test_a_reason_outlives_the_page_until_it_is_signed_or_one_signs_out(reader):
    at = reader("gm", "en")
    drawer = at.page.locator("#drawer")

    def decide(number):
        at.open("/control/held/")
        at.page.locator("tr", has_text=number).get_by_role("button", name="Decide").click()
        return drawer.get_by_label("Reason")

    decide("SO-1013").fill("Known for years")
    expect(decide("SO-1012")).to_have_value("")
    expect(decide("SO-1013")).to_have_value("Known for years")
    drawer.get_by_role("button", name="Release").click()
    drawer.get_by_text("Order SO-1013 is released.").wait_for()
    assert at.page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []
    decide("SO-1012").fill("Later")
    at.page.keyboard.press("Escape")
    # The event alone: the session is shared with other tests.
    at.page.locator("[data-signs-out]").evaluate("form => form.dispatchEvent(new Event('submit', {bubbles: true}))")
    assert at.page.evaluate("sessionStorage.length") == 0


def test_a_reason_is_asked_for_before_anything_is_written(reader):
    at = reader("fm", "en", 390)
    at.open("/control/orders/number/SO-1004")
    at.page.get_by_label("Reason").fill("   ")
    at.page.get_by_role("button", name="Reject").click()
    at.page.get_by_text("Say why").wait_for()
    at.open("/control/orders/number/SO-1004")
    assert at.sees("Held")


@pytest.mark.covers("OC-002")
def test_many_orders_are_decided_at_once(reader):
    at = reader("fm", "zh")
    at.open("/control/held/")
    choose(at, "SO-1007")
    choose(at, "SO-1008")
    at.page.get_by_label("理由").last.fill("客户要求取消")
    at.page.get_by_role("button", name="驳回").click()
    at.page.get_by_text("订单 SO-1007 已驳回").wait_for()
    assert at.sees("订单 SO-1008 已驳回")
    assert "SO-1007" not in at.page.inner_text("#rows")
    assert at.complaints == []


def test_the_keyboard_alone_is_enough(reader):
    at = reader("fm", "en")
    at.open("/control/held/")
    at.page.keyboard.press("j")
    at.page.keyboard.press("x")
    assert at.page.locator("input[name=chosen]:checked").count() == 1
    at.page.keyboard.press("Enter")
    at.page.locator("#drawer h2").wait_for()
    at.page.keyboard.press("Escape")
    at.page.keyboard.press("/")
    at.page.keyboard.type("cqca")
    at.page.locator("#palette-list [aria-selected=true]", has_text="Chang'an Electric").wait_for()
    at.page.keyboard.press("Enter")
    at.page.wait_for_url("**/customers/2/")
    assert at.complaints == []


def test_whoever_may_not_release_is_told_who_may(reader):
    at = reader("checker", "en")
    at.open("/control/orders/number/SO-1010")
    assert at.page.get_by_role("button", name="Release").count() == 0
    assert at.sees("You may not release orders here")
    assert at.sees("General manager")


def test_a_salesperson_sees_why_and_decides_nothing(reader):
    """Nothing but asking is offered, for many orders and for one."""
    at = reader("lin", "zh", 390)
    at.open("/control/held/")
    assert at.sees("放行条件") or at.sees("客户付款")
    assert at.page.locator("#many button").evaluate_all("all => all.map(one => one.value)") == ["ask"]
    at.open("/control/orders/number/SO-1010")
    assert at.page.get_by_role("button", name="放行", exact=True).count() == 0
    assert at.page.get_by_role("button", name="驳回").count() == 0
    assert at.page.get_by_role("button", name="申请放行").count() == 1


@pytest.mark.parametrize(
    "path",
    ["/customers/code/C0003", "/control/orders/number/SO-1003", "/documents/invoice/INV-03-01"],
)
def test_another_salespersons_customer_is_not_there(reader, path):
    assert reader("han", "en").open(path) == 200
    other = reader("lin", "en")
    assert other.open(path) == 404
    assert other.sees("belongs to customers you may not see")


def test_search_finds_only_what_the_reader_may_see(reader):
    at = reader("lin", "en")
    for typed in ("huacai", "C0003", "SO-1003", "INV-03-01"):
        at.open(f"/search/?q={typed}")
        assert at.sees("Nothing found"), typed
    at.open("/search/?q=SO-1001")
    assert at.sees("SO-1001")


def test_a_phone_releases_at_the_thumb(reader):
    """The buttons stand at the foot of the screen, under the reasons, never below the fold."""
    at = reader("gm", "zh", 390)
    at.open("/control/held/")
    at.page.locator("tr", has_text="SO-1009").get_by_role("button", name="处理").click()
    drawer = at.page.get_by_role("dialog")
    release = drawer.get_by_role("button", name="放行")
    release.wait_for()
    assert release.bounding_box()["y"] > at.page.viewport_size["height"] / 2
    drawer.get_by_label("理由").fill("客户已承诺本周付款")
    release.click()
    drawer.get_by_text("订单 SO-1009 已放行").wait_for()
    assert at.complaints == []


def test_a_phone_rejects_on_the_order_itself(reader):
    at = reader("director", "en", 390)
    at.open("/control/orders/number/SO-1005")
    reject = at.page.get_by_role("button", name="Reject")
    box = reject.bounding_box()
    assert 0 < box["y"] < at.page.viewport_size["height"]
    assert box["height"] >= 44
    at.page.get_by_label("Reason").fill("The group pays first")
    reject.click()
    at.page.get_by_text("Order SO-1005 is rejected.").wait_for()
    assert at.sees("Rejected by Jiang Wang: The group pays first")
    assert at.complaints == []


def test_the_drawer_follows_the_keys_through_the_queue(reader):
    at = reader("gm", "en")
    at.open("/control/held/")
    at.page.keyboard.press("j")
    at.page.keyboard.press("Enter")
    first = at.page.locator("#drawer-title")
    first.wait_for()
    number = first.inner_text()
    at.page.keyboard.press("j")
    expect(at.page.locator("#drawer-title")).not_to_have_text(number)
    at.page.keyboard.press("Escape")
    expect(at.page.locator("#drawer")).to_be_hidden()
    assert at.complaints == []
