"""The policy changed in the browser: written with the checks beside the fields, compared, tried, proposed at a desk,
and signed by another from a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SERIOUS = {"serious", "critical"}


def fits_and_is_accessible(at, width):
    at.page.wait_for_load_state("networkidle")
    assert at.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(at.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found if one["impact"] in SERIOUS] == []


@pytest.mark.covers("LM-001")
def test_a_policy_is_written_tried_proposed_and_signed_by_another_from_a_phone(reader, work):
    at = reader("fm", "en")
    at.open("/settings/policy/sections/overdue/")
    at.page.get_by_role("button", name="Change in a draft").click()
    grace = at.page.get_by_label("Days of grace", exact=True)
    grace.fill("4000")
    at.page.get_by_text("4000 lies outside the range; write a whole number from 0 to 3650.").wait_for()
    expect(at.page.locator("#draft-state")).to_contain_text("1 mistake to correct.")
    grace.fill("3")
    at.page.get_by_text("signed policy: 5 days").wait_for()
    expect(at.page.locator("#draft-state")).not_to_contain_text("mistake")
    expect(grace).to_be_focused()
    fits_and_is_accessible(at, 1440)
    at.page.get_by_role("link", name="Check points").click()
    at.page.get_by_label("Over the limit · Order").select_option("NOTICE")
    expect(at.page.locator("#draft-state")).to_contain_text("2 rules are different.")
    at.page.get_by_role("button", name="Keep and see the changes").click()
    row = at.page.locator("tr", has_text="Over the limit › Order")
    expect(row).to_contain_text("holds")
    expect(row).to_contain_text("gives a notice")
    fits_and_is_accessible(at, 1440)

    at.page.get_by_role("link", name="Try it").click()
    at.page.get_by_role("button", name="Try it").click()
    at.page.get_by_text("It waits for a worker.").wait_for()
    work()
    at.page.get_by_role("heading", name="Orders held").wait_for()
    expect(at.page.locator(".answer")).to_contain_text("none of their customers later paid late")
    at.page.get_by_role("heading", name="Orders that this policy frees").wait_for()
    fits_and_is_accessible(at, 1440)

    at.open("/settings/policy/draft/")
    at.page.get_by_role("link", name="Propose").click()
    at.page.get_by_label("Holds from").fill("2027-01-01")
    at.page.get_by_label("What changes and why").fill("Less grace, and orders over the limit only warn")
    fits_and_is_accessible(at, 1440)
    at.page.get_by_role("button", name="Propose").click()
    at.page.get_by_text("It waits for a signature by: General manager").wait_for()
    assert at.complaints == []

    phone = reader("gm", "zh", 390)
    phone.open("/settings/policy/")
    phone.page.locator(".policy-waits a").click()
    assert phone.sees("宽限天数")
    fits_and_is_accessible(phone, 390)
    phone.page.locator(".heading-actions").get_by_role("link", name="签发").click()
    fits_and_is_accessible(phone, 390)
    phone.page.get_by_role("button", name="签发").click()
    phone.page.get_by_text("已签发，自 2027-01-01 起生效。").first.wait_for()
    phone.open("/settings/policy/")
    assert phone.sees("自 2027-01-01 起生效")
    assert phone.complaints == []


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 390)])
@pytest.mark.parametrize(
    "section", ["exposure", "check_points", "holds", "release", "notices", "roles", "roles/?row=AUDITOR"]
)
def test_every_sort_of_form_fits_and_is_accessible(reader, section, language, width):
    at = reader("director", language, width)
    at.open("/settings/policy/")
    begin = at.page.locator("form[action$='begin/'] button")
    if begin.count():
        begin.click()
        at.page.wait_for_load_state("networkidle")
    at.open(f"/settings/policy/draft/{section}" + ("" if "?" in section else "/"))
    fits_and_is_accessible(at, width)
    at.open("/settings/policy/draft/give-up/")
    fits_and_is_accessible(at, width)
    at.page.locator(".verdict-buttons button").click()
    at.page.wait_for_load_state("networkidle")
    assert at.complaints == []
