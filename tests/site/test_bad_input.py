"""Whatever is typed at the command line is answered by a sentence in the reader's language under a stable code."""

import ast
import io
import re
from pathlib import Path

import click
import pytest

from tests import books
from tests.site.commandline import CommandLine
from xinheng.desk.exposure import public as exposure
from xinheng.site import cli, usage

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    books.found()
    books.customer("A", salesperson="S01")
    return CommandLine(monkeypatch, capsys)


@pytest.mark.parametrize(("lang", "reason"), [("en", "there is no such folder"), ("zh", "没有这个文件夹")])
def test_rejects_without_a_folder_are_refused_and_nothing_lands(run, tmp_path, lang, reason):
    file = tmp_path / "invoices.csv"
    file.write_text("number,customer,issue_date,amount\nI1,A,2026-03-02,1\nI2,A,2026-03-02,x\n", encoding="utf-8")
    asked = ("import", "invoices", file, "--keep-good", "--rejects", tmp_path / "absent" / "r.csv")
    plain = run(*asked, lang=lang)
    assert (plain.exit, plain.out) == (2, "")
    assert plain.err.startswith("FILE_NOT_WRITTEN: ") and reason in plain.err
    told = run(*asked, "--json", lang=lang)
    assert (told.exit, told.json["batch"], told.json["errors"][0]["code"]) == (2, None, "FILE_NOT_WRITTEN")
    assert not exposure.Document.objects.exists()


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("nosuch", "没有命令 'nosuch'。", "No such command 'nosuch'."),
        ("order chek", "是否想用：'change', 'check'？", "Did you mean one of: 'change', 'check'?"),
        ("order new", "缺少参数 'NUMBER'", "Missing argument 'NUMBER'"),
        ("order new 1 A 3 4", "多余的参数（4）", "Got unexpected extra argument (4)"),
        ("hold place A", "缺少选项 '--reason'", "Missing option '--reason'"),
        ("--foo", "没有选项 '--foo'。", "No such option '--foo'."),
        ("order list --limit", "选项 '--limit' 需要一个值。", "Option '--limit' requires an argument."),
        ("order list --json=x", "选项 '--json' 不带值。", "Option '--json' does not take a value."),
        (
            "order list --limit 0",
            "'--limit' 的值无效：0 超出范围",
            "Invalid value for '--limit': 0 is not in the range",
        ),
        ("ageing --by x", "'x' 不是 'due', 'issue' 之一。", "'x' is not one of 'due', 'issue'."),
        ("policy sign x", "'x' 不是有效的整数。", "'x' is not a valid integer."),
    ],
)
def test_a_mistyped_command_is_answered_in_the_readers_language(run, words, zh, en):
    for lang, said, other in (("zh", zh, en), ("en", en, zh), ("zh", zh, en)):
        told = run(*words.split(), lang=lang)
        assert (told.exit, told.out) == (2, "")
        assert said in told.err and other not in told.err
        as_json = run(*words.split(), "--json", lang=lang) if "--" not in words else None
        assert as_json is None or (as_json.error == "USAGE" and said in as_json.json["error"]["message"])


@pytest.mark.parametrize(("lang", "said"), [("zh", "用法："), ("en", "Usage:")])
def test_helps_are_headed_in_the_readers_language(run, lang, said):
    assert run("order", "--help", lang=lang).out.startswith(said)


def _all_commands(command, *path):
    yield path, command
    if isinstance(command, click.Group):
        found = click.Context(command)
        for name in command.list_commands(found):
            yield from _all_commands(command.get_command(found, name), *path, name)


def test_every_help_is_there_in_both_languages_and_shown_in_one(run):
    usage.in_one_language(cli.xinheng, "zh")
    for path, command in _all_commands(cli.xinheng):
        if path[:1] == ("manage",):  # Django's own
            continue
        said = {lang: run(*path, "--help", lang=lang).out for lang in ("zh", "en")}
        assert not re.search(r"[\u4e00-\u9fff]", said["en"].replace("Xinheng 信衡", "").replace("显示本说明", "")), (
            path
        )  # of the library, which keeps it
        options = [one for one in command.params if isinstance(one, click.Option)]
        for one in (command, *options):
            usage.in_one_language(command, "zh")
            assert re.search(r"[\u4e00-\u9fff]", one.help or ""), (path, one)
            assert "".join((one.help or "").split()) in "".join(said["zh"].split())
            usage.in_one_language(command, "en")
            assert re.search(r"[A-Za-z]{2}", one.help or ""), (path, one)


def test_the_library_still_says_what_was_translated():
    said = {text for one in usage.SAID for text in ([one] if isinstance(one, str) else one)}
    assert said <= _click_says()


def _click_says() -> set[str]:
    """Every text that the library asks gettext for."""
    found: set[str] = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
                found |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return found


DAYS = ("0001-01-01", "1899-12-31", "1900-01-01", "9999-12-31", "2026-02-30", "20260302", "", "x", "2026-W01-1")
#: Every command that takes a day, the day left open.
DATED = (
    "order new N2 A 10 --date {}",
    "order new N3 A 10 --ship-date {}",
    "order check O1 --date {}",
    "order check HELD --date {}",
    "order check O1 --at delivery --date {}",
    "order change O1 50 --date {}",
    "order shipping-order O1 --date {}",
    "order deliver O1 --amount 1 --date {}",
    "order ask O1 --reason r --date {}",
    "order hold O1 --reason r --date {}",
    "order unhold O1 --reason r --date {}",
    "order reopen O1 --reason r --date {}",
    "order cancel O1 --date {}",
    "order cod-unpaid --as-of {}",
    "invoice new I2 A 10 --date {}",
    "invoice new I3 A 10 --date {} --term 30D",
    "invoice new I4 A 10 --date 2026-03-02 --due {}",
    "invoice happened I1 acceptance --date {}",
    "line set A 100 --from {}",
    "line set A 100 --until {}",
    "line set A 100 --extra 5 --extra-until {}",
    "line set A 100 --initial-stock 5 --initial-stock-until {}",
    "nightly --date {}",
    "exposure A --as-of {}",
    "exposure A --known-on {}",
    "exposure A --known-on {}T00:00:00+14:00",
    "exposure A --known-on {}T23:59:59-12:00",
    "ageing --as-of {}",
    "ageing --as-of {} --bounds 1M,12M,120M",
    "ageing --known-on {}",
    "policy backtest {policy} --from {}",
    "policy backtest {policy} --until {}",
    "policy propose {policy} --from {}",
    "month close {}",
    "month show {}",
    "demo --today {}",
)
NUMBERS = ("99999999999999999999", "9223372036854775808", "9223372036854775807", "0", "-1", "9" * 5000, "x", "\u0663")
#: Every command that takes a number, the number left open.
NUMBERED = (
    "token new op --days {}",
    "token end {}",
    "hold lift {} --reason r",
    "breach revoke {} --reason r",
    "breach keep {} --reason r",
    "policy show --version {}",
    "policy sign {}",
    "policy diff {} 1",
    "decisions show {}",
    "decisions replay {}",
    "decisions list --limit {}",
    "order list --limit {}",
    "import list --limit {}",
    "import undo {}",
    "order new N9 A {}",
    "order deliver O1 --amount {}",
    "order settle {} --reason r",
    "invoice new I9 A {}",
    "line set A {}",
    "line set A 100 --term-days {}",
    "ageing --bounds {}",
    "ageing --bounds {}M",
    "month close {}",
)


@pytest.fixture
def busy(run, tmp_path):
    """An order that occupies the line, an invoice that waits for the acceptance of the goods, and a policy's file."""
    books.person("op", "CREDIT_CONTROLLER")
    for words in (
        "line set A 1000",
        "order new O1 A 60",
        "order check O1",
        "order new HELD A 5000",
        "invoice new I1 A 40",
    ):
        assert run(*words.split()).exit == 0, words
    policy = tmp_path / "policy.toml"
    policy.write_text(run("policy", "show").out, encoding="utf-8")
    return lambda asked: run(*(str(policy) if one == "{policy}" else one for one in asked.split()), "--json")


@pytest.mark.parametrize("words", DATED)
def test_any_day_is_taken_or_refused_with_a_code(busy, words):
    for day in DAYS:
        said = busy(words.replace("{}", day or "''"))
        assert said.exit in {0, 1, 2, 3}, day
        if said.exit == 2 and "demo" not in words:
            assert said.error.isupper(), day


@pytest.mark.parametrize("words", NUMBERED)
def test_any_number_is_taken_or_refused_with_a_code(busy, words):
    for number in NUMBERS:
        said = busy(words.replace("{}", number))
        assert said.exit in {0, 1, 2, 3}, number
        if said.exit in {1, 2}:
            assert said.error.isupper() and said.error != "DATABASE", (number, said.out)


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("order deliver O1 --amount 0", "金额必须大于零", "must be above zero"),
        ("order new N1 A 0", "金额必须大于零", "must be above zero"),
        ("order new N1 A x", "不是", "“x” is not an amount in USD"),
        ("line set A 100 --extra=-5", "金额不能小于零", "must not be below zero"),
    ],
)
def test_an_amount_that_will_not_do_is_told_by_what_is_wrong_with_it(busy, run, words, zh, en):
    for lang, said in (("zh", zh), ("en", en)):
        told = run(*words.split(), lang=lang)
        assert told.exit == 2 and said in told.err


@pytest.mark.parametrize(
    ("typed", "exit_", "said"),
    [
        ("correct-horse-battery\n", 0, ""),
        ("correct-horse-battery\ncorrect-horse-battery\n", 0, ""),
        ("", 2, "NO_PASSWORD"),
    ],
)
def test_a_program_writes_the_password_to_standard_input(run, monkeypatch, recwarn, typed, exit_, said):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    told = run("user", "add", "lin", "--role", "SALESPERSON", "--json")
    assert told.exit == exit_
    assert told.json["user"] == "lin" if not said else told.error == said
    assert told.err == "" and not recwarn.list


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ("未到期", "1-30 天", "90 天以上", "未结合计", "未核销")),
        ("en", ("not due", "1-30 days", "over 90 days", "Outstanding")),
    ],
)
def test_the_ageing_is_told_in_the_readers_words(busy, run, lang, said):
    told = run("ageing", lang=lang).out
    for one in said:
        assert one in told
    assert ("not due" in told) == (lang == "en")
