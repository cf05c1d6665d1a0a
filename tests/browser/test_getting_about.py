"""Coming in, changing the language, following a figure down to its movements, taking a list home."""

import zipfile

import pytest
from playwright.sync_api import expect


def test_a_wrong_password_does_not_open(reader):
    at = reader("", "en")
    at.open("/customers/")
    at.page.fill("#id_login", "fm")
    at.page.fill("#id_password", "wrong")
    at.page.click("main button[type=submit]")
    at.page.get_by_role("alert").wait_for()
    assert "/accounts/login/" in at.page.url


def test_signing_out_closes_the_door(reader):
    at = reader("", "en")
    at.open("/accounts/login/")
    at.page.fill("#id_login", "director")
    at.page.fill("#id_password", "correct-horse-battery")
    at.page.click("main button[type=submit]")
    at.page.get_by_label("Your menu").click()
    at.page.get_by_role("button", name="Sign out").click()
    at.page.wait_for_url("**/accounts/login/**")
    at.open("/customers/")
    assert "/accounts/login/" in at.page.url


def test_the_language_follows_the_person(reader):
    at = reader("checker", "zh")
    at.open("/control/held/")
    assert at.sees("信用待审")
    at.page.get_by_role("button", name="EN", exact=True).click()
    at.page.get_by_role("heading", name="Held orders").wait_for()
    assert at.page.url.endswith("/control/held/")
    again = reader("checker", "zh")
    again.open("/control/orders/")
    assert again.page.locator("html").get_attribute("lang") == "en"


def test_light_and_dark_are_remembered(reader):
    at = reader("fm", "en")
    at.open("/")
    at.page.get_by_label("Light or dark").click()
    assert at.page.locator("html").get_attribute("data-bs-theme") == "dark"
    at.open("/customers/")
    assert at.page.locator("html").get_attribute("data-bs-theme") == "dark"


@pytest.mark.covers("AR-001")
def test_a_figure_opens_its_list_a_row_its_document_a_document_its_money(reader):
    at = reader("fm", "en")
    at.open("/receivables/ageing/")
    row = at.page.locator("tr", has_text="C0004")
    row.locator("td").nth(2).get_by_role("link").click()
    at.page.get_by_role("heading", name="Open items: 31-60 days").wait_for()
    assert "customer=C0004" in at.page.url
    at.page.get_by_role("link", name="INV-04-10", exact=True).click()
    at.page.get_by_role("heading", name="Invoice INV-04-10").wait_for()
    assert at.sees("days late")
    at.open("/documents/invoice/INV-04-01")
    at.page.get_by_role("link", name="Receipt REC-04-01").click()
    at.page.get_by_role("heading", name="Receipt REC-04-01").wait_for()


def test_filters_live_in_the_address(reader):
    at = reader("fm", "en")
    at.open("/customers/")
    at.page.get_by_label("Name, pinyin, initials, code or tax id").fill("shen yang")
    expect(at.page.locator("#rows tbody tr")).to_have_count(1)
    assert "q=shen" in at.page.url
    shared = reader("fm", "zh")
    shared.open(at.page.url.removeprefix(at.address))
    assert shared.page.locator("#rows tbody tr").count() == 1
    assert shared.sees("沈阳北方重工")


def test_the_ageing_changes_under_ones_hands(reader):
    at = reader("fm", "en")
    at.open("/receivables/ageing/")
    at.page.get_by_label("Rows").select_option("group")
    at.page.get_by_text("in no group").wait_for()
    at.page.get_by_label("Bounds").fill("15,45")
    at.page.keyboard.press("Tab")
    at.page.locator("th", has_text="over 45 days").wait_for()
    assert "bounds=15%2C45" in at.page.url
    assert at.complaints == []


def test_a_tab_of_the_customer_has_its_own_address(reader):
    at = reader("fm", "en")
    at.open("/customers/5/")
    at.page.get_by_role("link", name="Credit lines").click()
    at.page.get_by_text("in force").first.wait_for()
    assert at.page.url.endswith("/customers/5/lines/")
    assert at.complaints == []


def test_a_list_goes_home_as_a_sheet_without_live_formulas(reader, tmp_path):
    at = reader("gm", "en")
    at.open("/customers/")
    with at.page.expect_download() as waiting:
        at.page.get_by_role("link", name="Excel").click()
    path = tmp_path / "customers.xlsx"
    waiting.value.save_as(path)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count("<row ") == 11
    assert "1596500" in sheet


def test_the_phone_has_its_ways_at_the_thumb(reader):
    at = reader("lin", "zh", 390)
    at.open("/")
    bar = at.page.get_by_role("navigation", name="快捷入口")
    bar.get_by_role("link", name="信用待审").click()
    at.page.get_by_role("heading", name="信用待审").wait_for()
    bar.get_by_role("button", name="更多").click()
    at.page.locator("#sidebar").get_by_role("link", name="未结单据").click()
    at.page.get_by_role("heading", name="未结单据").wait_for()
    assert at.complaints == []
