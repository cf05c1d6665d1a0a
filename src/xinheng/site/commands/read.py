"""``exposure`` and ``ageing``: looking without changing anything."""

import unicodedata

import click
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base import clock, policies, rights
from xinheng.desk.control import public as control
from xinheng.desk.exposure.public import Moment, component_name
from xinheng.desk.exposure.public import entity as entity_of
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables import words
from xinheng.rules.ageing import By, parse_bounds
from xinheng.rules.money import to_text
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    entity_option,
    read_date,
    read_moment,
    whose,
    write_json,
)

as_of = click.option("--as-of", help="Up to the end of this day. 截至该日终了。")
known_on = click.option("--known-on", help="As it was known then. 按当时已知的情况。")


@click.command()
@click.argument("customer")
@as_of
@known_on
@entity_option
@as_json
@answered
def exposure(customer: str, as_of: str | None, known_on: str | None, entity: str, json_: bool) -> None:
    """What a customer owes or is about to owe, against its limit. 客户的信用占用与额度。"""
    by = actor()
    rights.require(by, "lines.view")
    found = control.standing(whose(customer, by), entity_of(entity), _moment(as_of, known_on))
    answer = control.as_json(found)
    if json_:
        write_json(answer)
        return
    click.echo(f"{answer['customer']} · {answer['entity']} · {answer['as_of']} · {answer['currency']}")
    for name, amount in answer["components"].items():
        click.echo(f"  {_wide(component_name(name.upper()))} {amount or '—':>20}")
    for name, amount in (
        (pgettext("figure", "Exposure"), answer["exposure"]),
        (pgettext("figure", "Limit"), answer["limit"] or answer["limit_kind"]),
        *_filling(found),
        (pgettext("figure", "Available"), answer["available"]),
    ):
        click.echo(f"  {_wide(name)} {amount or '—':>20}")


def _filling(found: control.Standing) -> list[tuple[str, str | None]]:
    """What fills the limit that binds, where that is more than the customer owes this entity, and who makes it."""
    share = found.binding
    if share is None or share.limit is None or [one.entity for one in share.parts] in ([], [found.entity.code]):
        return []

    def text(amount: int | None) -> str | None:
        return None if amount is None else to_text(amount, share.line.currency)

    parts = [(f"  {one.customer} · {one.entity}", text(one.exposure)) for one in share.parts]
    return [(_("What fills the limit"), text(share.exposure)), *parts]


def _wide(text: str) -> str:
    """A label on a fixed width; a Chinese character takes two places."""
    width = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
    return text + " " * max(0, 24 - width)


def _moment(as_of: str | None, known_on: str | None) -> Moment:
    return Moment(read_date(as_of), read_moment(known_on))


@click.command()
@as_of
@known_on
@click.option("--by", type=click.Choice(["due", "issue"]), default="due", help="Aged from this date. 账龄起算日。")
@click.option("--bounds", help="Bounds in days or months: 30,60,90 or 1M,2M. 分段界限,按天或按月:30,60,90 或 1M,2M。")
@click.option("--customer", default="", help="Only this customer. 只看该客户。")
@click.option("--group", default="", help="Only this group. 只看该集团。")
@click.option("--branch", default="", help="Only this branch. 只看该分支机构。")
@click.option("--salesperson", default="", help="Only this salesperson's. 只看该业务员。")
@entity_option
@as_json
@answered
def ageing(  # noqa: PLR0913, PLR0917 - one parameter for each option
    as_of: str | None,
    known_on: str | None,
    by: str,
    bounds: str | None,
    customer: str,
    group: str,
    branch: str,
    salesperson: str,
    entity: str,
    json_: bool,
) -> None:
    """Receivables by age. 账龄。"""
    reader = actor()
    rights.require(reader, "receivables.view")
    on = read_date(as_of)
    text = bounds or ",".join(map(str, policies.in_force(clock.business_date()).policy.business.ageing_bounds_days))
    scope = receivables.AgeingScope(
        customer=customer, group=group, branch=branch, salesperson=salesperson, entity=entity, seen_by=reader
    )
    moment = Moment(on, read_moment(known_on))
    answer = receivables.ageing(moment, by=By(by), bounds=parse_bounds(text), scope=scope)
    if json_:
        write_json(answer)
        return
    for currency, found in answer["currencies"].items():
        click.echo(currency)
        for bucket in found["buckets"]:
            _bucket(words.bucket(bucket["label"], By(by)), bucket["count"], bucket["amount"])
        _bucket(_("Outstanding"), found["outstanding"]["count"], found["outstanding"]["amount"])
        _bucket(_("Not yet applied"), "", found["unapplied"])


def _bucket(name: str, count: object, amount: str) -> None:
    click.echo(f"  {_wide(name)} {count:>8} {amount:>20}")
