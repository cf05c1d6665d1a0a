"""A file from the desk's browser: dropped, its mistake corrected on the page, landed by a worker, taken back again."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SERIOUS = {"serious", "critical"}
ROWS = "发票号,客户编码,开票日期,价税合计,备注\n{0}1,C0007,2026-11-20,1200.50,a\n{0}2,C9999,2026-11-21,800,b\n"
DROP = """([field, name, text]) => {
    const bag = new DataTransfer();
    bag.items.add(new File([text], name, { type: "text/csv" }));
    field.files = bag.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def fits_and_is_accessible(at, width):
    assert at.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(at.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in SERIOUS] == []


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 390)])
def test_a_file_is_dropped_corrected_landed_and_taken_back(reader, work, language, width):
    words = WORDS[language]
    at = reader("billing", language, width)
    at.open("/settings/imports/")
    fits_and_is_accessible(at, width)
    field = at.page.locator("#import-file").element_handle()
    at.page.evaluate(DROP, [field, f"{language}.csv", ROWS.format(f"IN-{language}-")])
    at.page.wait_for_url(re.compile(r"/files/[0-9]+/$"))
    expect(at.page.locator("#answer")).to_have_text(words["wrong"])
    fits_and_is_accessible(at, width)
    at.page.locator("input[name='cell-3-1']").fill("C0003")
    at.page.keyboard.press("Enter")
    expect(at.page.locator("#answer")).to_have_text(words["well"])
    at.page.get_by_role("button", name=words["land"]).click()
    expect(at.page.locator("#progress")).to_contain_text(words["waits"])
    fits_and_is_accessible(at, width)
    work()
    at.page.wait_for_url(re.compile(r"/imports/[0-9]+/$"))
    assert at.sees(f"IN-{language}-2")
    fits_and_is_accessible(at, width)
    batch = at.page.url
    manager = reader("fm", language, width)
    manager.page.goto(batch)
    manager.page.get_by_role("link", name=words["undo"]).click()
    manager.page.locator("textarea[name=reason]").fill("wrong month")
    fits_and_is_accessible(manager, width)
    manager.page.get_by_role("button", name=words["undo"]).click()
    expect(manager.page.locator("#answer")).to_have_text(words["undone"])
    assert manager.sees("wrong month")
    assert at.complaints == manager.complaints == []


WORDS = {
    "zh": {
        "wrong": "1 行有误，其余 1 行可以导入。",
        "well": "检查无误，将导入 2 行。",
        "land": "导入 2 行",
        "waits": "等待后台处理",
        "undo": "整批撤销",
        "undone": "该批次已撤销，所导入的内容均已冲销。",
    },
    "en": {
        "wrong": "1 row is wrong; 1 other would land.",
        "well": "All is well: 2 rows will land.",
        "land": "Bring 2 rows into the books",
        "waits": "It waits for the worker",
        "undo": "Take it back",
        "undone": "It was taken back: what it brought is reversed.",
    },
}
