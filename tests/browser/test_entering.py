"""An order from the salesperson's phone to the money that settles it; and what was typed stays."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SERIOUS = {"serious", "critical"}


def fits_and_is_accessible(at, width):
    assert at.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(at.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in SERIOUS] == []


def send(at, button):
    at.page.get_by_role("button", name=button, exact=True).click()
    at.page.wait_for_load_state("networkidle")


@pytest.mark.covers("OC-002", "OC-003", "LM-012")
def test_from_an_order_that_is_held_to_the_money_that_settles_it(reader):
    seller = reader("han", "zh", 390)
    seller.open("/control/orders/new/")
    field = seller.page.locator("[name=customer]")
    field.fill("shuwei")
    seller.page.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    fits_and_is_accessible(seller, 390)
    field.press("Enter")
    expect(field).to_have_value("C0008 · 成都蜀味食品")
    seller.page.fill("[name=amount]", "5,000")
    seller.page.fill("[name=number]", "SO-STORY")
    send(seller, "录入并检查")
    assert seller.sees("信用待审")
    assert seller.sees("放行")
    fits_and_is_accessible(seller, 390)
    finance = reader("fm", "zh")
    finance.open("/customers/8/")
    finance.page.get_by_role("link", name="设定额度", exact=True).click()
    finance.page.fill("[name=amount]", "2000000")
    finance.page.fill("[name=reason]", "熟客")
    send(finance, "设定额度")
    assert finance.sees("的授信额度为")
    seller.open("/control/orders/number/SO-STORY")
    assert seller.page.locator("h1").get_by_text("通过").count() == 1
    billing = reader("billing", "zh")
    billing.open("/control/invoices/new/?customer=8&order=SO-STORY&amount=5000")
    billing.page.fill("[name=number]", "INV-STORY")
    send(billing, "录入发票")
    assert billing.sees("发票 INV-STORY")
    clerk = reader("clerk", "zh")
    clerk.open("/documents/invoice/INV-STORY")
    clerk.page.locator("main").get_by_role("link", name="收款", exact=True).click()
    clerk.page.fill("[name=number]", "RC-STORY")
    send(clerk, "录入收款")
    clerk.page.locator("main").get_by_role("link", name="收款核销", exact=True).first.click()
    clerk.page.locator(".verdict-buttons .btn-primary").click()
    clerk.page.wait_for_load_state("networkidle")
    clerk.open("/documents/invoice/INV-STORY")
    assert clerk.sees("已结清")
    for at in (seller, finance, billing, clerk):
        assert at.complaints == []


def test_what_was_typed_survives_a_reload_and_goes_with_the_order(reader):
    at = reader("lin", "en", 390)
    at.open("/control/orders/new/")
    at.page.fill("[name=customer]", "C0001")
    at.page.fill("[name=amount]", "12")
    at.page.get_by_text("More", exact=True).first.click()
    at.page.fill("[name=ship_date]", "2026-12-01")
    at.page.reload()
    at.page.get_by_text("What you had typed is back.").wait_for()
    expect(at.page.locator("[name=customer]")).to_have_value("C0001")
    expect(at.page.locator("[name=ship_date]")).to_be_visible()
    at.page.context.clear_cookies(name="sessionid")
    send(at, "Enter and check")
    assert "/accounts/login/" in at.page.url
    at.page.fill("#id_login", "lin")
    at.page.fill("#id_password", "correct-horse-battery")
    at.page.click("main button[type=submit]")
    at.page.wait_for_url("**/control/orders/new/")
    expect(at.page.locator("[name=amount]")).to_have_value("12")
    send(at, "Enter and check")
    assert at.sees("Entered. Order SO-")
    at.open("/control/orders/new/")
    expect(at.page.locator("[name=amount]")).to_have_value("")


def test_a_line_is_added_when_the_last_one_is_begun(reader):
    at = reader("lin", "en")
    at.open("/control/orders/new/several/")
    for place, amount in ((0, "10"), (4, "20"), (5, "30")):
        at.page.fill(f"[name=row-{place}-customer]", "C0001")
        at.page.keyboard.press("Tab")
        at.page.fill(f"[name=row-{place}-amount]", amount)
    send(at, "Enter and check all")
    assert at.sees("3 orders are entered.")
    fits_and_is_accessible(at, 1440)
    assert at.complaints == []
