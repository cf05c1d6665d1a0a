"""``decisions``: list, show, replay."""

import sys

import click

from xinheng.desk.control import public as control
from xinheng.desk.control import words
from xinheng.site.commands.common import actor, answered, as_json, write_json


@click.group()
def decisions() -> None:
    """Credit checks that were made. 信用检查记录。"""


@decisions.command("list")
@click.option("--limit", default=1000, show_default=True)
@as_json
@answered
def list_(limit: int, json_: bool) -> None:
    """Newest first. 最新在前。"""
    actor()
    found = control.Decision.objects.select_related("document").order_by("-id")[:limit]
    rows = [
        {"id": str(one.pk), "order": one.document.number, "date": one.on.isoformat(), "verdict": one.verdict}
        for one in found
    ]
    if json_:
        write_json(rows)
        return
    for row in rows:
        click.echo("  ".join(row.values()))


@decisions.command()
@click.argument("id_", metavar="ID")
@as_json
@answered
def show(id_: str, json_: bool) -> None:
    """One decision with everything it saw. 查看。"""
    actor()
    decision = control.decision_by_id(id_)
    if json_:
        answer = control.decision_json(decision)
        write_json({**answer, "facts": decision.facts, "outcome": decision.outcome, "at": decision.at.isoformat()})
        return
    click.echo(words.verdict(decision))
    for reason in decision.outcome["reasons"]:
        click.echo(f"  - {words.reason(reason)}")
    for free in decision.outcome["frees"]:
        click.echo(f"  → {words.free(free)}")


@decisions.command()
@click.argument("id_", metavar="[ID]", required=False)
@as_json
@answered
def replay(id_: str | None, json_: bool) -> None:
    """Decide again on the stored facts; exit 1 if anything differs. 复核重算。"""
    actor()
    chosen = iter([control.decision_by_id(id_)]) if id_ else control.every_decision()
    count = differs = changed = 0
    odd = []
    for one in control.replay(chosen):
        count += 1
        differs += one.differs
        changed += one.rule_changed
        if one.differs or one.rule_changed:
            odd.append({"id": str(one.decision.pk), "was": one.decision.verdict, "is": one.verdict})
    answer = {"replayed": count, "differs": differs, "rule_changed": changed, "decisions": odd}
    if json_:
        write_json(answer)
    else:
        click.echo(f"{count} replayed, {differs} differ, {changed} under a rule changed since")
    if differs:
        sys.exit(1)
