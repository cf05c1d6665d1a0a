"""``audit``: the lines of the trail, and the check of one chain."""

from typing import Any

import click

from xinheng.base import rights
from xinheng.base.models import AuditLine
from xinheng.site import verification
from xinheng.site.commands.common import actor, answered, as_json, limit_option, write_json


@click.group()
def audit() -> None:
    """The audit trail. 审计记录。"""


@audit.command("list")
@click.option("--who", default="", help="User name. 用户名。")
@click.option("--verb", default="", help="The verb as it is kept. 操作代码。")
@click.option("--chain", default="", help="The chain, such as users or holder:17. 审计链。")
@click.option("--subject", default="", help="What it is about, such as order:SO-1. 对象。")
@limit_option(50)
@as_json
@answered
def list_(who: str, verb: str, chain: str, subject: str, limit: int, json_: bool) -> None:
    """The newest lines. 最新的审计记录。"""
    rights.require(actor(), "audit.read")
    asked = {"actor__username": who, "verb": verb, "stream": chain, "subject": subject}
    rows = AuditLine.objects.select_related("actor").filter(**{name: value for name, value in asked.items() if value})
    found = [_about(one) for one in rows.order_by("-pk")[:limit]]
    if json_:
        write_json(found)
        return
    for one in found:
        click.echo(f"{one['at']}  {one['who']}  {one['verb']}  {one['subject']}")


@audit.command("check")
@click.argument("chain")
@as_json
@answered
def check(chain: str, json_: bool) -> None:
    """Check one chain to its last line; exit 1 when it is not whole. 核对一条审计链;不完整时退出码为 1。"""
    found = verification.check_chain(chain, by=actor())
    if json_:
        write_json({"chain": chain, "lines": found.lines, "faults": list(found.faults)})
    else:
        for fault in found.faults or (f"{chain}  {found.lines}",):
            click.echo(fault)
    if found.faults:
        raise SystemExit(1)


def _about(one: AuditLine) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "who": one.actor.username,
        "verb": one.verb,
        "subject": one.subject,
        "data": one.data,
        "chain": one.stream,
        "sequence": one.sequence,
        "fingerprint": one.digest,
    }
