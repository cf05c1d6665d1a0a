"""``decisions``: list, show, replay."""

import sys

import click
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.base.errors import Unknown
from xinheng.desk.control import public as control
from xinheng.desk.control import words
from xinheng.desk.customers import public as customers
from xinheng.site.commands.common import actor, answered, as_json, limit_option, write_json


@click.group()
def decisions() -> None:
    """Credit checks that were made. 信用检查记录。"""


@decisions.command("list")
@limit_option(1000)
@click.option("--order", "number", default="", help="Of one order only. 只看该订单。")
@as_json
@answered
def list_(limit: int, number: str, json_: bool) -> None:
    """Newest first. 各版本,最新在前。"""
    by = actor()
    rights.require(by, "decisions.view")
    found = control.Decision.objects.filter(customers.sees(by, "account__customer__")).order_by("-id")
    if number:
        found = found.filter(number=number)
    rows = [control.decision_row_shape(one) for one in found[:limit]]
    if json_:
        write_json(rows)
        return
    for row in rows:
        unsigned = "" if row["policy_signed"] else f"  {_('(policy shipped, unsigned)')}"
        verdict = words.VERDICTS[control.Decision.Verdict(row["verdict"])]
        click.echo(f"{row['id']}  {row['order']}  {row['date']}  {verdict}{unsigned}")


@decisions.command()
@click.argument("id_", metavar="ID")
@as_json
@answered
def show(id_: str, json_: bool) -> None:
    """One decision with everything it saw. 查看一次检查及其全部依据。"""
    by = actor()
    rights.require(by, "decisions.view")
    decision = control.decision_by_id(id_)
    if not customers.visible_to(by).filter(accounts=decision.account_id).exists():
        raise Unknown(what="decision", number=id_)
    if json_:
        write_json(control.decision_shape(decision))
        return
    for line in words.lines(decision):
        click.echo(line)


@decisions.command()
@click.argument("id_", metavar="[ID]", required=False)
@as_json
@answered
def replay(id_: str | None, json_: bool) -> None:
    """Decide again on the stored facts; exit 1 if anything differs. 按当时存下的事实重新判断;有不同时退出码为 1。"""
    rights.require(actor(), "decisions.replay")
    chosen = iter([control.decision_by_id(id_)]) if id_ else control.every_decision()
    answer = control.replay_shape(control.replay(chosen))
    if json_:
        write_json(answer)
    else:
        said = _("%(replayed)s decided again: %(differs)s differ, %(rule_changed)s under a rule changed since.")
        click.echo(said % answer)
    if answer["differs"]:
        sys.exit(1)
