"""``calendar``, ``entity``, ``branch``, ``rate``, ``term``: what documents lean on, one entry at a time."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from xinheng.base import places, rights
from xinheng.base.models import Branch
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Rate
from xinheng.desk.limits import public as limits
from xinheng.desk.limits.public import CalendarDay
from xinheng.rules.terms import parse_term
from xinheng.site.commands.common import actor, answered, as_json, read_date, write_json
from xinheng.site.pages.settings.lists import CALENDAR_READERS, PLACE_READERS, RATE_READERS, TERM_READERS
from xinheng.site.pages.settings.terms import reckon


@click.group()
def calendar() -> None:
    """The calendar of working days. 工作日历。"""


@calendar.command("list")
@click.argument("year", type=click.IntRange(1900, 2200))
@as_json
@answered
def list_days(year: int, json_: bool) -> None:
    """Days off and weekend days that are worked in a year. 一年中的休息日和调休上班日。"""
    rights.require_any(actor(), *CALENDAR_READERS)
    days = [
        {"date": one.on.isoformat(), "working": one.working, "name": one.name}
        for one in CalendarDay.objects.filter(on__year=year).order_by("on")
    ]
    provisional = limits.working_calendar().provisional(year)
    if json_:
        write_json({"year": year, "provisional": provisional, "days": days})
        return
    for one in days:
        click.echo(f"{one['date']}  {'+' if one['working'] else '-'}  {one['name']}")


@calendar.command("set")
@click.argument("on", metavar="DATE")
@click.option("--working/--off", required=True, help="Whether it is worked. 是否上班。")
@click.option("--name", required=True, help="What for. 名称。")
@as_json
@answered
def set_day(on: str, working: bool, name: str, json_: bool) -> None:
    """Enter or change one day. 登记或修改一天。"""
    found = limits.set_day(read_date(on), working=working, name=name, by=actor())
    _say({"date": found.on.isoformat(), "working": found.working, "name": found.name}, json_)


@click.group()
def entity() -> None:
    """The companies that sell. 公司主体。"""


@click.group()
def branch() -> None:
    """Branches. 分支机构。"""


def _lists(group: click.Group, model: type[Entity] | type[Branch], kept: tuple[Callable, Callable]) -> None:
    """The three verbs that both have."""
    enter, rename = kept

    @group.command("list")
    @as_json
    @answered
    def list_(json_: bool) -> None:
        """All of them. 清单。"""
        rights.require_any(actor(), *PLACE_READERS)
        found = [{"code": one.code, "name": one.name} for one in model.objects.all()]
        if json_:
            write_json(found)
        else:
            for one in found:
                click.echo(f"{one['code']}  {one['name']}")

    @group.command("new")
    @click.argument("code")
    @click.argument("name")
    @as_json
    @answered
    def new(code: str, name: str, json_: bool) -> None:
        """Enter one; its code stays. 新增;代码不再更改。"""
        made = enter(code, name, by=actor())
        _say({"code": made.code, "name": made.name}, json_)

    @group.command("rename")
    @click.argument("code")
    @click.argument("name")
    @as_json
    @answered
    def rename_(code: str, name: str, json_: bool) -> None:
        """Give it another name. 改名。"""
        done = rename(code, name, by=actor())
        _say({"code": done.code, "name": done.name}, json_)


_lists(entity, Entity, (exposure.enter_entity, exposure.rename_entity))
_lists(branch, Branch, (places.enter_branch, places.rename_branch))


@click.group()
def rate() -> None:
    """Exchange rates. 汇率。"""


@rate.command("list")
@click.option("--from", "source", default="", help="Currency code. 币种代码。")
@click.option("--to", "target", default="", help="Currency code. 币种代码。")
@as_json
@answered
def list_rates(source: str, target: str, json_: bool) -> None:
    """All rates, newest first. 汇率清单,最新在前。"""
    rights.require_any(actor(), *RATE_READERS)
    asked = {name: code for name, code in (("source", source), ("target", target)) if code}
    found = [
        {"date": one.on.isoformat(), "from": one.source, "to": one.target, "rate": one.rate}
        for one in Rate.objects.filter(**asked).order_by("source", "target", "-on")
    ]
    if json_:
        write_json(found)
        return
    for one in found:
        click.echo(f"{one['date']}  {one['from']}  {one['to']}  {one['rate']}")


@rate.command("set")
@click.argument("on", metavar="DATE")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.argument("value", metavar="RATE")
@as_json
@answered
def set_rate(on: str, source: str, target: str, value: str, json_: bool) -> None:
    """One unit of FROM is worth RATE of TO from DATE on. 自 DATE 起一单位 FROM 合 RATE 单位 TO。"""
    row = exposure.RateRow(read_date(on), source, target, _rate(value))
    exposure.set_rate(row, by=actor())
    _say({"date": row.on.isoformat(), "from": source, "to": target, "rate": format(row.rate, "f")}, json_)


@click.group()
def term() -> None:
    """Terms. 账期。"""


@term.command("due")
@click.argument("code", metavar="TERM")
@click.argument("issued", metavar="DATE")
@click.option("--happened", default="", help="Day of the event it counts from. 起算事件的日期。")
@as_json
@answered
def due(code: str, issued: str, happened: str, json_: bool) -> None:
    """When an invoice of DATE with TERM is due, and why. 按账期计算到期日及原因。"""
    rights.require_any(actor(), *TERM_READERS)
    found = parse_term(code)
    dues = [
        {"part": one.part, "share": one.share, "due": _written(one.due_on), "why": one.why}
        for one in reckon(found, read_date(issued), read_date(happened) if happened else None)
    ]
    if json_:
        write_json({"term": str(found), "dues": dues})
        return
    for one in dues:
        click.echo(f"{one['due'] or '-'}  {one['share']}  {one['why']}")


def _rate(typed: str) -> Decimal:
    try:
        return Decimal(typed)
    except InvalidOperation:
        raise exposure.BadRate(value=typed[:40]) from None


def _written(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _say(about: dict[str, Any], json_: bool) -> None:
    if json_:
        write_json(about)
    else:
        click.echo("  ".join(str(one) for one in about.values()))
