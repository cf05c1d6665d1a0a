"""``policy``: show, list, check, draft, propose, sign, withdraw, diff, try, backtest (semantics.md 6)."""

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from xinheng.base import policies, policy_drafts, policy_problems, rights, shapes
from xinheng.base.errors import BadInput
from xinheng.base.models import PolicyVersion
from xinheng.desk.control import public as control
from xinheng.rules import policy as rulebook
from xinheng.site.commands.common import actor, answered, as_json, read_date, write_json
from xinheng.site.commands.jobs import answer_with


class FileAbsent(BadInput):
    """params: path."""

    code = "FILE_ABSENT"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):  # absent, not UTF-8, or a name with a NUL in it
        raise FileAbsent(path=str(file)) from None


@click.group()
def policy() -> None:
    """The signed policy. 信用政策。"""


@policy.command()
@click.option("--version", type=int, help="Without it, the one in force. 默认为现行版本。")
@as_json
@answered
def show(version: int | None, json_: bool) -> None:
    """The policy in force, or one version. 查看现行政策或某一版本。"""
    rights.require(actor(), "policy.view")
    row = policies.by_version(version or policies.current().version)
    if json_:
        write_json(shapes.policy_shape(row))
        return
    click.echo(f"# {row.version} {PolicyVersion.Status(row.status).label}")
    click.echo(row.document)


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@answered
def check(file: Path, json_: bool) -> None:
    """Look for mistakes in a document. 检查政策文件中的错误。"""
    rights.require(actor(), "policy.view")
    problems = rulebook.problems(_read(file))
    rows = [policy_problems.as_json(one) for one in problems]
    if json_:
        write_json({"problems": rows})
    else:
        for one in problems:
            click.echo(policy_problems.said(one))
        if not problems:
            click.echo(_("The document has no mistakes."))
    if rows:
        sys.exit(2)


@policy.command(name="list")
@as_json
@answered
def list_versions(json_: bool) -> None:
    """Every version with what became of it, the newest first. 历次版本。"""
    rights.require(actor(), "policy.view")
    rows = PolicyVersion.objects.select_related("proposed_by", "signed_by")
    if json_:
        write_json({"versions": [_about(row) for row in rows]})
        return
    for row in rows:
        _tell(row, json_=False)


@policy.command()
@click.option("--like", type=int, help="Begin one equal to a version. 按某一版本起草。")
@click.option("--file", type=click.Path(path_type=Path), help="Begin one from a document. 按文件起草。")
@click.option("--together", is_flag=True, help="Take over what was signed meanwhile. 并入已签发的变更。")
@click.option("--give-up", is_flag=True, help="Throw it away. 放弃草稿。")
@as_json
@answered
def draft(like: int | None, file: Path | None, together: bool, give_up: bool, json_: bool) -> None:
    """Your own draft; with options, begin one or throw it away. 我的草稿。"""
    by = actor()
    if give_up:
        policy_drafts.give_up(by=by)
        write_json({"draft": None}) if json_ else click.echo(_("Your draft is thrown away."))
        return
    if file is not None:
        policy_drafts.begin(by=by, said=rulebook.dump(policies.parsed(_read(file))))
    elif like is not None:
        policy_drafts.begin(by=by, like=like)
    elif together:
        policy_drafts.bring_together(by=by)
    found = policy_drafts.must_have(by)
    document = policy_drafts.document(found)
    if json_:
        write_json({"based_on": found.based_on, "document": document})
    else:
        click.echo(policy_drafts.toml(document))


@policy.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--from", "effective_from", help="The day from which it holds. 生效日。")
@click.option("--note", default="", help="What it changes and why. 变更说明。")
@as_json
@answered
def propose(file: Path | None, effective_from: str | None, note: str, json_: bool) -> None:
    """Put a new version forward: a file, or your draft. 提出新版本：文件或我的草稿。"""
    by, day = actor(), read_date(effective_from)
    if file is not None:
        row = policies.propose(_read(file), by=by, effective_from=day, note=note)
    else:
        row = policy_drafts.propose(by=by, effective_from=day, note=note, seen=policies.newest())
    _tell(row, json_)


@policy.command()
@click.argument("version", type=int)
@click.option("--reason", required=True, help="Why. 理由。")
@as_json
@answered
def withdraw(version: int, reason: str, json_: bool) -> None:
    """Take a proposal back, or turn it down. 撤回或否决拟议的版本。"""
    _tell(policies.withdraw(version, by=actor(), reason=reason), json_)


@policy.command(name="try")
@click.argument("version", type=int, required=False)
@click.option("--from", "since", required=True, help="First day. 起始日。")
@click.option("--until", help="Last day. 截止日。")
@as_json
@answered
def try_(version: int | None, since: str, until: str | None, json_: bool) -> None:
    """Let a worker try a version, or your draft, beside the signed policy. 后台试算某一版本或我的草稿。"""
    by = actor()
    said = policy_drafts.document(policy_drafts.must_have(by)) if version is None else policy_drafts.plain(version)
    name = "draft" if version is None else str(version)
    job = control.ask_for_trial(said, since=read_date(since), until=read_date(until), by=by, name=name)
    if json_:
        write_json({"job": job.pk, "state": job.state})
    else:
        click.echo(_("job %(job)s tries it; “jobs show %(job)s” says what it found.") % {"job": job.pk})


@policy.command()
@click.argument("version", type=int)
@as_json
@answered
def sign(version: int, json_: bool) -> None:
    """Bring a proposed version into force. 签发拟议的版本,使其生效。"""
    _tell(policies.sign(version, by=actor()), json_)


@policy.command()
@click.argument("first", type=int)
@click.argument("second", type=int)
@as_json
@answered
def diff(first: int, second: int, json_: bool) -> None:
    """What two versions say differently. 比较两个版本的不同。"""
    rights.require(actor(), "policy.view")
    rows = shapes.differences(first, second)
    if json_:
        write_json(rows)
        return
    for row in rows:
        click.echo(f"{row['section']}.{row['field']}: {row['old']} → {row['new']}")


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "since", help="First day. 起始日。")
@click.option("--until", help="Last day. 截止日。")
@click.option("--job", "in_background", is_flag=True, help="Let a worker do it. 转为后台任务。")
@as_json
@answered
def backtest(file: Path, since: str | None, until: str | None, in_background: bool, json_: bool) -> None:
    """Run the events again under another policy. 按另一政策重演历史,做政策试算。"""
    rights.require(actor(), "policy.backtest")
    document, first, last = _read(file), read_date(since) if since else None, read_date(until)
    if in_background:
        answer_with(control.ask_for_backtest(document, since=first, until=last, by=actor()), json_)
        return
    answer = control.backtest(policies.parsed(document), since=first, until=last)
    if json_:
        write_json(control.backtest_json(answer))
        return
    for line in control.backtest_lines(answer):
        click.echo(line)


def _about(row: PolicyVersion) -> dict[str, object]:
    return {
        "version": row.version,
        "status": row.status,
        "effective_from": str(row.effective_from or "always"),
        "based_on": row.based_on,
        "proposed_by": row.proposed_by.username if row.proposed_by else None,
        "signed_by": row.signed_by.username if row.signed_by else None,
        "note": row.note,
    }


def _tell(row: PolicyVersion, json_: bool) -> None:
    if json_:
        write_json(shapes.policy_row_shape(row))
    else:
        click.echo(f"{row.version}  {row.status}  {row.effective_from}")
