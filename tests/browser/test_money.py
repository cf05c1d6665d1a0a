"""Money is allocated while one types and the sum follows, at a desk and on a phone; grave things say what they do."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SERIOUS = {"serious", "critical"}


def fits_and_is_accessible(at, width):
    assert at.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(at.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in SERIOUS] == []


@pytest.mark.covers("AR-012")
def test_the_sum_follows_what_is_typed_and_what_is_written_is_settled(reader):
    at = reader("clerk", "en", 390)
    at.open("/documents/receipt/ADV-10")
    at.page.get_by_role("link", name="Allocate").click()
    chosen, rest = at.page.locator("[data-sum-chosen]"), at.page.locator("[data-sum-rest]")
    expect(chosen).to_have_text("12,345.67")
    at.page.locator("[data-part]").first.fill("20,000")
    expect(chosen).to_have_text("20,000.00")
    expect(rest).to_have_text("-7,654.33")
    for typed in ("２０，０００．００", "20.000,00", "20000"):
        at.page.locator("[data-part]").first.fill(typed)
        expect(chosen).to_have_text("20,000.00")
    for typed in ("1e400", "1,0.5", "1.000"):
        at.page.locator("[data-part]").first.fill(typed)
        expect(chosen).to_have_text("–" if typed != "1.000" else "1.00")
    at.page.locator("[data-part]").first.fill("345.67")
    expect(rest).to_have_text("12,000.00")
    at.page.get_by_role("button", name="Settle what is written").click()
    at.page.get_by_text("345.67 is settled.").wait_for()
    assert at.sees("12,000.00 of it is not applied yet.")
    at.page.get_by_role("link", name="Undo").click()
    at.page.get_by_label("Reason").fill("Meant for another invoice")
    at.page.get_by_role("button", name="Undo the allocation").click()
    at.page.get_by_text("settles INV-10-12 no more.").wait_for()
    assert at.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    ("who", "path", "button", "said"),
    [
        ("clerk", "/documents/receipt/ADV-10", "收款核销", "核销后余额"),
        ("clerk", "/documents/receipt/ADV-10", "冲销", "理由"),
        ("clerk", "/documents/invoice/INV-10-12", "核销", "核销后未结"),
        ("clerk", "/documents/receipt/REC-10-03", "取消核销", "恢复应收"),
        ("fm", "/documents/invoice/INV-10-12", "坏账损失核销", "客户随即冻结"),
    ],
)
def test_each_page_opens_fits_and_is_accessible(reader, who, path, button, said, width):
    at = reader(who, "zh", width)
    at.open(path)
    fits_and_is_accessible(at, width)
    at.page.locator("main").get_by_role("link", name=button, exact=True).first.click()
    at.page.wait_for_load_state("networkidle")
    assert at.sees(said)
    fits_and_is_accessible(at, width)
    assert at.complaints == []
