"""``policy check`` and ``policy backtest`` as the people who sign a policy read them."""

from pathlib import Path

import pytest
from django.utils import translation

from tests import books
from tests.desk import deals
from tests.site.commandline import CommandLine
from xinheng.base import policy_problems
from xinheng.base.jobs.worker import Worker
from xinheng.rules.policy import SHIPPED, Problem, ProblemCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db, monkeypatch, capsys):
    books.found()
    books.line(books.customer("A", salesperson="S01"), 100_00)
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def looser(tmp_path: Path) -> Path:
    """A policy that does not mind the limit at the order."""
    old, new = deals.effect("over_limit", order="NOTICE")
    file = tmp_path / "policy.toml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "overdue.grace_days: “soon” is another sort of value; allowed is 0..3650 (WRONG_TYPE)"),
        ("zh", "overdue.grace_days：“soon”的类型不对；允许：0..3650（WRONG_TYPE）"),
    ],
)
def test_a_mistake_is_said_in_a_sentence_with_its_code_beside_it(run, tmp_path, lang, said):
    file = tmp_path / "broken.toml"
    file.write_text(SHIPPED.replace("grace_days = 5", 'grace_days = "soon"', 1), encoding="utf-8")
    told = run("policy", "check", file, lang=lang)
    assert (told.exit, told.out.strip()) == (2, said)
    assert run("policy", "check", file, "--json", lang=lang).json["problems"][0]["said"] == said
    proposed = run("policy", "propose", file, lang=lang)
    assert proposed.err.startswith("BAD_POLICY") and said in proposed.err
    file.write_text("[", encoding="utf-8")
    assert "NOT_TOML" in run("policy", "check", file, lang=lang).out


def test_every_kind_of_mistake_has_its_sentence():
    for code in ProblemCode:
        with translation.override("en"):
            told = policy_problems.said(Problem("a.b", "x", code))
        assert told.endswith(f"({code.value})") and told.startswith("a.b: "), told


@pytest.mark.parametrize(("lang", "said"), [("en", "The document has no mistakes."), ("zh", "文件没有错误。")])
def test_a_document_without_mistakes_is_told_so(run, looser, lang, said):
    assert run("policy", "check", looser, lang=lang).out.strip() == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "2 orders were decided again: 1 held then, 0 under this policy.",
                "Held only now: none.",
                "Freed now: 1, $70.00; customers of 0 paid late afterwards.",
                "  O2  A  2026-03-02  $70.00  over the limit",
                "goods of 0 orders were decided again: 0 held then, 0 under this policy.",
                "Stopped only now: none.",
                "Let go now: none.",
            ],
        ),
        (
            "zh",
            [
                "重新检查了 2 张订单：当时拦下 1 张，按此政策拦下 0 张。",
                "新放行：1 张，US$70.00；其中 0 张的客户后来逾期付款。",
            ],
        ),
    ],
)
def test_a_back_test_is_told_in_sentences(run, looser, lang, said):
    for number, amount in (("O1", "60"), ("O2", "70")):
        run("order", "new", number, "A", amount)
        run("order", "check", number)
    told = run("policy", "backtest", looser, lang=lang)
    assert told.exit == 0
    lines = told.out.splitlines()
    if lang == "en":
        assert lines == said
    else:
        assert set(said) <= set(lines)
    assert "{" not in told.out


@pytest.mark.parametrize(("lang", "said"), [("en", "ends before it begins"), ("zh", "截止日早于起始日")])
def test_a_back_test_that_ends_before_it_begins_is_refused(run, looser, lang, said):
    told = run("policy", "backtest", looser, "--from", "2026-03-02", "--until", "2026-03-01", lang=lang)
    assert told.exit == 2
    assert told.err.startswith("BAD_PERIOD") and said in told.err


@pytest.mark.covers("LM-001")
def test_a_draft_is_begun_proposed_withdrawn_and_tried_at_the_command_line_as_on_the_pages(run, looser):
    by, general = books.person("fm", "FINANCE_MANAGER"), books.person("gm", "GENERAL_MANAGER")
    assert run("policy", "draft", by=by).err.startswith("UNKNOWN")
    begun = run("policy", "draft", "--file", looser, "--json", by=by).json
    assert (begun["based_on"], begun["document"]["check_points"]["over_limit"]["order"]) == (1, "NOTICE")
    tried = run("policy", "try", "--from", "2026-03-01", "--json", by=by).json
    Worker().one()
    found = run("jobs", "show", tried["job"], "--json", by=by).json
    assert (found["state"], found["result"]["orders"]["asked"]) == ("DONE", 0)
    proposed = run("policy", "propose", "--from", "2026-03-02", "--note", "looser", "--json", by=by).json
    assert (proposed["version"], proposed["status"]) == (2, "PROPOSED")
    assert run("policy", "draft", by=by).err.startswith("UNKNOWN")
    assert run("policy", "withdraw", 2, "--reason", " ", by=general).err.startswith("REASON_MISSING")
    assert "WITHDRAWN" in run("policy", "withdraw", 2, "--reason", "not now", by=general).out
    listed = run("policy", "list", "--json", by=by).json["versions"]
    assert [(one["version"], one["status"], one["note"]) for one in listed] == [
        (2, "WITHDRAWN", "looser"),
        (1, "SHIPPED", ""),
    ]
    assert run("policy", "draft", "--like", 1, by=by).exit == 0
    assert run("policy", "draft", "--together", by=by).exit == 0
    assert run("policy", "draft", "--give-up", by=by).out.strip() == "Your draft is thrown away."
    assert "version 2" not in run("policy", "list", by=by).err


@pytest.mark.covers("LM-001")
def test_a_policy_that_nobody_could_change_again_is_refused(run, tmp_path):
    file = tmp_path / "locked.toml"
    file.write_text(SHIPPED.replace('"policy.backtest", "policy.sign",', '"policy.backtest",'), encoding="utf-8")
    said = run("policy", "check", file)
    assert (said.exit, "NOBODY_MAY" in said.out) == (2, True)
    assert "policy.sign" in said.out
