"""``policy``: show, check, propose, sign, diff, backtest (semantics.md 6)."""

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from xinheng.base import policies, policy_problems, rights
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
        signed = row.signed_by.username if row.signed_by else None
        document = rulebook.dump(policies.parsed(row.document, row.version, signed))
        about = {"version": row.version, "status": row.status, "signed_by": signed}
        write_json({**about, "effective_from": str(row.effective_from or "always"), "document": document})
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
    rows = [
        {
            "path": p.path,
            "value": p.value,
            "code": p.code.value,
            "expected": p.expected,
            "said": policy_problems.said(p),
        }
        for p in problems
    ]
    if json_:
        write_json({"problems": rows})
    else:
        for one in problems:
            click.echo(policy_problems.said(one))
        if not problems:
            click.echo(_("The document has no mistakes."))
    if rows:
        sys.exit(2)


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "effective_from", help="The day from which it holds. 生效日。")
@click.option("--note", default="", help="What it changes and why. 变更说明。")
@as_json
@answered
def propose(file: Path, effective_from: str | None, note: str, json_: bool) -> None:
    """Put a new version forward. 提出新版本。"""
    row = policies.propose(_read(file), by=actor(), effective_from=read_date(effective_from), note=note)
    _tell(row, json_)


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
    old, new = (policies.parsed(policies.by_version(v).document) for v in (first, second))
    rows = [{"section": c.section, "field": c.field, "old": c.old, "new": c.new} for c in rulebook.diff(old, new)]
    rows = [row for row in rows if row["section"] != "version"]
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


def _tell(row: PolicyVersion, json_: bool) -> None:
    if json_:
        write_json({"version": row.version, "status": row.status, "effective_from": str(row.effective_from)})
    else:
        click.echo(f"{row.version}  {row.status}  {row.effective_from}")
