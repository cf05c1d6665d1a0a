"""``policy``: show, check, propose, sign, diff, backtest (semantics.md 6)."""

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from xinheng.base import policies, policy_problems, rights, shapes
from xinheng.base.errors import BadInput
from xinheng.base.models import PolicyVersion
from xinheng.desk.control import public as control
from xinheng.rules import policy as rulebook
from xinheng.site.commands.common import actor, answered, as_json, read_date, write_json


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
@as_json
@answered
def backtest(file: Path, since: str | None, until: str | None, json_: bool) -> None:
    """Run the events again under another policy. 按另一政策重演历史,做政策试算。"""
    rights.require(actor(), "policy.backtest")
    other = policies.parsed(_read(file))
    last = read_date(until)
    answer = control.backtest(other, since=read_date(since) if since else None, until=last)
    if json_:
        write_json(control.backtest_json(answer))
        return
    for line in control.backtest_lines(answer):
        click.echo(line)


def _tell(row: PolicyVersion, json_: bool) -> None:
    if json_:
        write_json(shapes.policy_row_shape(row))
    else:
        click.echo(f"{row.version}  {row.status}  {row.effective_from}")
