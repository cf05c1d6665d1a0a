"""``decisions``, ``policy`` and ``verify`` as somebody types them, and whose rights a token carries."""

from pathlib import Path

import pytest

from tests import books
from tests.desk import deals
from tests.site.commandline import CommandLine
from xinheng.base import people
from xinheng.base.models import Token
from xinheng.desk.control.models import Decision
from xinheng.rules.policy import SHIPPED
from xinheng.site import founding

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db, monkeypatch, capsys):
    books.found()
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def acme(run):
    who = books.customer("A", salesperson="S01")
    books.line(who, 100_00)
    return who


@pytest.fixture
def looser(tmp_path: Path) -> Path:
    """A policy that does not mind the limit at the order."""
    old, new = deals.effect("over_limit", order="NOTICE")
    file = tmp_path / "policy.toml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return file


@pytest.mark.covers("LM-001")
def test_every_decision_says_shipped_unsigned_until_a_version_is_signed(run, acme, looser):
    run("order", "new", "1", "A", "10")
    assert run("order", "check", "1", "--json").json["policy_signed"] is False
    assert "unsigned" in run("order", "check", "1").out
    assert "尚未签发" in run("order", "check", "1", lang="zh").out
    proposed = run(
        "policy", "propose", looser, "--from", "2026-03-02", "--json", by=books.person("fm", "FINANCE_MANAGER")
    )
    assert (proposed.json["version"], proposed.json["status"]) == (2, "PROPOSED")
    assert run("policy", "sign", 2, "--json").error == "PERMISSION_DENIED"  # nobody signs at the console
    assert run("policy", "sign", 2, by=books.person("gm", "GENERAL_MANAGER")).exit == 0
    signed = run("order", "check", "1", "--json").json
    assert (signed["policy"], signed["policy_signed"]) == (2, True)
    assert "unsigned" not in run("order", "check", "1").out
    assert [one["policy_signed"] for one in run("decisions", "list", "--json").json] == [
        True,
        True,
        False,
        False,
        False,
    ]
    run("line", "set", "A", "500")
    assert run("order", "check", "1", "--date", "2026-03-01", "--json").json["policy"] == 1


def test_the_list_is_newest_first_and_one_can_be_shown(run, acme):
    for number, amount in (("1", 60), ("2", 60)):
        run("order", "new", number, "A", amount)
        run("order", "check", number)
    rows = run("decisions", "list", "--json").json
    assert [(one["order"], one["date"], one["verdict"]) for one in rows] == [
        ("2", "2026-03-02", "held"),
        ("1", "2026-03-02", "approved"),
    ]
    assert [one["order"] for one in run("decisions", "list", "--order", "1", "--json").json] == ["1"]
    shown = run("decisions", "show", rows[0]["id"], "--json").json
    assert (shown["order"], shown["facts"]["order"]["amount"], shown["outcome"]["verdict"]) == ("2", 60_00, "held")
    assert shown["frees"][0]["text"]
    for wrong in ("NOPE", "00000000-0000-0000-0000-000000000000"):
        said = run("decisions", "show", wrong, "--json")
        assert (said.exit, said.error) == (2, "UNKNOWN")


def test_replay_tells_what_differs(run, acme, monkeypatch):
    run("order", "new", "1", "A", "60")
    run("order", "check", "1")
    good = run("decisions", "replay", "--json")
    assert (good.exit, good.json) == (0, {"replayed": 1, "differs": 0, "rule_changed": 0, "decisions": []})
    one = Decision.objects.get()
    assert run("decisions", "replay", one.pk, "--json").json["replayed"] == 1
    tampered = Decision(**{field.attname: getattr(one, field.attname) for field in Decision._meta.fields})
    tampered.pk, tampered.outcome = None, {**one.outcome, "verdict": "held"}
    tampered.id = type(one.pk)(int=one.pk.int + 1)
    tampered.save(force_insert=True)
    bad = run("decisions", "replay", "--json")
    assert (bad.exit, bad.json["differs"], bad.json["decisions"][0]["id"]) == (1, 1, str(tampered.pk))
    older = Decision(**{field.attname: getattr(tampered, field.attname) for field in Decision._meta.fields})
    older.id, older.rulebook_version = type(one.pk)(int=one.pk.int + 2), "2025.9"
    older.save(force_insert=True)
    changed = run("decisions", "replay", older.pk, "--json")
    assert (changed.exit, changed.json["differs"], changed.json["rule_changed"]) == (0, 0, 1)


def test_a_policy_is_shown_checked_compared(run, acme, looser, tmp_path):
    shown = run("policy", "show", "--json").json
    assert (shown["version"], shown["status"], shown["effective_from"]) == (1, "SHIPPED", "always")
    assert run("policy", "check", looser, "--json").json == {"problems": []}
    broken = tmp_path / "broken.toml"
    broken.write_text(SHIPPED.replace("grace_days = 5", 'grace_days = "soon"'), encoding="utf-8")
    bad = run("policy", "check", broken, "--json")
    assert (bad.exit, bad.json["problems"][0]["path"]) == (2, "overdue.grace_days")
    refused = run("policy", "propose", broken, "--json", by=books.person("fm", "FINANCE_MANAGER"))
    assert (refused.exit, refused.error) == (2, "BAD_POLICY")
    run("policy", "propose", looser)
    (difference,) = run("policy", "diff", 1, 2, "--json").json
    assert (difference["section"], difference["field"], difference["old"], difference["new"]) == (
        "check_points",
        "over_limit.order",
        "BLOCK",
        "NOTICE",
    )
    for words in (("show", "--version", 9), ("diff", 1, 9), ("check", tmp_path / "absent.toml"), ("sign", 9)):
        by = books.person(f"gm{words[0]}", "GENERAL_MANAGER")
        assert run("policy", *words, "--json", by=by).exit == 2


def test_whoever_proposed_a_policy_does_not_sign_it(run, acme, looser):
    both = books.person("both", "GENERAL_MANAGER", "FINANCE_MANAGER")
    run("policy", "propose", looser, by=both)
    said = run("policy", "sign", 2, "--json", by=both)
    assert (said.exit, said.error) == (1, "SAME_PERSON")


RIGHTS = {
    ("decisions", "list"): ("CREDIT_CHECKER", "WAREHOUSE"),
    ("decisions", "replay"): ("AUDITOR", "SALESPERSON"),
    ("exposure", "A"): ("AUDITOR", "WAREHOUSE"),
    ("ageing",): ("SETTLEMENT_CLERK", "WAREHOUSE"),
    ("verify",): ("AUDITOR", "SALESPERSON"),
    ("policy", "show"): ("AUDITOR", "SALESPERSON"),
    ("policy", "diff", "1", "1"): ("AUDITOR", "SALESPERSON"),
    ("order", "list"): ("WAREHOUSE", "ADMINISTRATOR"),
    ("order", "unreleased"): ("WAREHOUSE", "ADMINISTRATOR"),
    ("order", "cod-unpaid"): ("SETTLEMENT_CLERK", "WAREHOUSE"),
    ("hold", "list"): ("AUDITOR", "WAREHOUSE"),
    ("breach", "list"): ("AUDITOR", "WAREHOUSE"),
}


@pytest.mark.parametrize("words", RIGHTS, ids=" ".join)
def test_a_token_acts_with_its_users_rights(run, acme, words):
    may, may_not = RIGHTS[words]
    assert run(*words, "--json", by=books.person("may", may)).exit == 0
    refused = run(*words, "--json", by=books.person("not", may_not))
    assert (refused.exit, refused.error) == (1, "PERMISSION_DENIED")
    assert run(*words, "--json").exit == 0  # the console


def test_what_a_person_may_not_see_is_not_in_any_list(run, acme):
    run("order", "new", "1", "A", "60")
    run("order", "check", "1")
    (decision,) = run("decisions", "list", "--json").json
    stranger = books.person("han", "SALESPERSON", code="S02")
    assert run("decisions", "list", "--json", by=stranger).json == []
    assert run("decisions", "show", decision["id"], "--json", by=stranger).error == "UNKNOWN"
    assert run("exposure", "A", "--json", by=stranger).error == "UNKNOWN"
    own = books.person("lin", "SALESPERSON", code="S01")
    assert run("exposure", "A", "--json", by=own).json["components"]["ordered"] == "60.00"


def test_a_token_that_is_unknown_or_has_run_out_is_refused(run, acme, monkeypatch):
    person = books.person("fm", "FINANCE_MANAGER")
    _, token = people.new_token("fm", days=1, label="t", by=founding.console())
    assert run("decisions", "list", by=person).exit == 0
    Token.objects.update(expires_at=token.created_at)
    monkeypatch.setattr(people, "new_token", lambda *_, **__: ("not-a-token", token))
    said = run("decisions", "list", "--json", by=person)
    assert (said.exit, said.error) == (1, "BAD_TOKEN")


def test_before_the_books_are_founded_everything_says_so(db, monkeypatch, capsys):
    monkeypatch.setattr(founding, "is_founded", lambda: False)
    said = CommandLine(monkeypatch, capsys)("order", "check", "1", "--json")
    assert (said.exit, said.error) == (1, "NOT_FOUNDED")


def test_verify_is_silent_over_books_in_order(run, acme):
    run("order", "new", "1", "A", "60")
    run("order", "check", "1")
    said = run("verify", "--json")
    assert (said.exit, said.json) == (0, {"differences": []})
