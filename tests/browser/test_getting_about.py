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


def test_guessing_is_locked_out_and_told_so_in_the_readers_language(reader):
    at = reader("", "zh")
    at.open("/accounts/login/")
    for _ in range(6):
        at.page.fill("#id_login", "somebody")
        at.page.fill("#id_password", "guess")
        at.page.click("main button[type=submit]")
        at.page.get_by_role("alert").wait_for()
    assert at.sees("该用户五分钟内不能登录")
    at.page.get_by_role("button", name="English").click()
    at.page.get_by_role("heading", name="Sign in").wait_for()
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
    at.page.locator("#matrix").get_by_text("in no group").wait_for()
    at.page.get_by_label("Bounds").fill("15,45")
    at.page.keyboard.press("Tab")
    at.page.locator("thead th", has_text="over 45 days").wait_for()
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


def test_a_day_is_written_one_way_and_chosen_from_a_calendar(reader):
    at = reader("fm", "en")
    at.open("/receivables/ageing/")
    day = at.page.get_by_label("As of")
    assert day.input_value() == "2026-11-24"
    day.fill("2026-10-31")
    day.press("Tab")
    at.page.wait_for_url("**as_of=2026-10-31**")
    at.page.get_by_text("2026-10-31").first.wait_for()
    calendar = at.page.locator(".filter-as_of input[type=date]")
    calendar.evaluate("node => { node.value = '2026-09-30'; node.dispatchEvent(new Event('change', {bubbles: true})) }")
    at.page.wait_for_url("**as_of=2026-09-30**")
    assert day.input_value() == "2026-09-30"
    assert at.complaints == []


def test_a_chart_goes_home_as_a_picture_and_as_figures(reader, tmp_path):
    at = reader("fm", "zh")
    at.open("/")
    at.page.wait_for_load_state("networkidle")
    with at.page.expect_download() as picture:
        at.page.get_by_role("button", name="未结账龄：存为图片").click()
    picture.value.save_as(tmp_path / "ageing.png")
    assert (tmp_path / "ageing.png").read_bytes().startswith(b"\x89PNG")
    assert picture.value.suggested_filename == "未结账龄.png"
    with at.page.expect_download() as figures:
        at.page.get_by_role("button", name="未结账龄：下载数据").click()
    figures.value.save_as(tmp_path / "ageing.csv")
    said = (tmp_path / "ageing.csv").read_text(encoding="utf-8-sig")
    assert said.startswith('"账龄","金额"\n"未到期","')
    assert "均为模拟" in said
    assert at.complaints == []


def test_a_bar_opens_what_falls_due_in_its_week(reader):
    at = reader("fm", "en")
    at.open("/customers/code/C0006")
    at.page.wait_for_load_state("networkidle")
    weeks = at.page.locator("section", has=at.page.locator("#weeks-title"))
    weeks.get_by_text("As a table").click()
    weeks.get_by_role("link", name="week of 2026-11-09").click()
    at.page.get_by_role("heading", name="Open items").wait_for()
    assert at.page.locator("#items tbody tr").count() == 1
    assert at.sees("INV-06-11")


def test_the_credit_sheet_is_one_page_of_paper(reader):
    at = reader("fm", "zh")
    at.open("/customers/code/C0006")
    at.page.get_by_role("link", name="客户授信表").click()
    at.page.get_by_role("heading", name="客户授信表").wait_for()
    paper = at.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") + paper.count(b"/Type /Page/") == 1
    assert at.sees("演示数据")
    assert at.complaints == []


def test_search_holds_the_keyboard_until_it_is_closed(reader):
    at = reader("fm", "en")
    at.open("/customers/")
    at.page.keyboard.press("Control+k")
    box = at.page.get_by_role("dialog", name="Search")
    box.wait_for()
    for _ in range(6):
        at.page.keyboard.press("Tab")
        assert at.page.evaluate("!document.activeElement.closest('.house')")
    at.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    at.page.keyboard.press("Tab")
    assert at.complaints == []


def test_the_first_tab_skips_to_the_content(reader):
    at = reader("fm", "en")
    at.open("/control/held/")
    at.page.keyboard.press("Tab")
    at.page.keyboard.press("Enter")
    assert at.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_palette_leads_by_keyboard_alone_and_says_where_one_is(reader, language):
    at = reader("fm", language)
    at.open("/customers/")
    at.page.keyboard.press("Control+k")
    box = at.page.locator("#palette-q")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "true")
    at.page.keyboard.type("zhangling")
    line = at.page.locator("#palette-list [role=option][href='/receivables/ageing/']")
    expect(line).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", line.get_attribute("id"))
    expect(box).to_be_focused()
    at.page.keyboard.press("Enter")
    at.page.wait_for_url("**/receivables/ageing/")


def test_the_arrows_go_round_and_escape_leads_back_to_where_one_was(reader):
    at = reader("fm", "en")
    at.open("/customers/")
    opener = at.page.get_by_role("button", name="Search customers and documents")
    opener.click()
    options = at.page.locator("#palette-list [role=option]")
    options.first.wait_for()
    at.page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    at.page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    at.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(at.page.locator("#palette")).to_be_hidden()


def test_the_keys_are_told_on_a_question_mark(reader):
    at = reader("fm", "en")
    at.open("/customers/")
    at.page.keyboard.press("?")
    keys = at.page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert "next row, row before" in keys.inner_text()
    at.page.keyboard.press("j")
    assert at.page.locator("tr.current").count() == 0
    at.page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    at.page.keyboard.press("j")
    assert at.page.locator("tr.current").count() == 1
