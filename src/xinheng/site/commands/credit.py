"""``line``, ``hold`` and ``breach``: what a customer may owe, and what stops it."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.base.models import User
from xinheng.desk.control import public as control
from xinheng.desk.control import words
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules.policy import HoldKind
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    read_amount,
    read_currency,
    read_date,
    whose,
    write_json,
)

#: Signed, but somebody else has to sign too.
NOT_YET = 3
group_option = click.option("--group", is_flag=True, help="CODE is a group's. 表示 CODE 为集团代码。")


@click.group()
def line() -> None:
    """Credit lines. 授信额度。"""


@line.command("set")
@click.argument("code")
@click.argument("limit")
@group_option
@click.option(
    "--currency", default="", help="Without it the customer's, else the company's. 币种;不写则为客户的,否则为公司的。"
)
@click.option("--term", default="", help="A term code such as 30D. 账期代码,如 30D。")
@click.option("--term-days", type=click.IntRange(0, 3650), help="The longest term in days. 最长账期(天)。")
@click.option("--from", "valid_from", help="First day. 生效日。")
@click.option("--until", "valid_until", help="Last day. 失效日。")
@click.option("--extra", default="0", help="A temporary increase. 临时增加的额度。")
@click.option("--extra-until", help="Its last day. 临时增加的截止日。")
@click.option("--initial-stock", default="0", help="Carried beside the limit. 额度之外的铺底金额。")
@click.option("--initial-stock-until", help="Its last day. 铺底的截止日。")
@click.option(
    "--instrument",
    "instruments",
    multiple=True,
    help="Means of payment agreed; may be repeated. 约定的支付方式;可重复。",
)
@click.option("--reason", default="", help="Why. 原因。")
@click.option(
    "--entity", default="", help="For one entity only; shared over all without it. 只用于该公司主体;不写则各主体共用。"
)
@as_json
@answered
def set_(code: str, limit: str, group: bool, json_: bool, **stated: Any) -> None:
    """Give CODE a line: an amount, "unlimited" or "none"; audited.

    设定授信额度:金额、unlimited(不限额)或 none(不授信);记入审计。
    """
    by = actor()
    rights.require(by, "lines.set")
    holder, own = _holder(code, by, group=group)
    currency = read_currency(stated["currency"] or own or clock.company().currency)
    kinds = {"unlimited": limits.Line.Kind.UNLIMITED, "none": limits.Line.Kind.NONE}
    kind = kinds.get(limit, limits.Line.Kind.AMOUNT)
    row = limits.LineRow(
        kind=kind.value,
        currency=currency,
        amount=read_amount(limit, currency) if kind == limits.Line.Kind.AMOUNT else None,
        entity_id=exposure.entity(stated["entity"]).pk if stated["entity"] else None,
        term=stated["term"],
        term_days=stated["term_days"],
        extra=read_amount(stated["extra"], currency),
        initial_stock=read_amount(stated["initial_stock"], currency),
        instruments=tuple(map(control.instrument, stated["instruments"])) or None,
        reason=stated["reason"],
        **{name: _day(stated[name]) for name in ("valid_from", "valid_until", "extra_until", "initial_stock_until")},
        **{f"{kind_}_id": id for kind_, id in holder.items()},
    )
    made = limits.set_line(row, on=clock.business_date(), by=by)
    answer = limits.set_line_shape(made, code=code)
    _answer(answer, _("%(code)s: %(limit)s.") % {"code": code, "limit": _limit_words(made)}, json_)


def _limit_words(made: limits.Line) -> str:
    if made.amount is None:
        return str(limits.LINE_KINDS[made.kind])
    return words.money(made.amount, made.currency)


#: What a rule of the house places, nobody by hand.
_BY_RULE = {HoldKind.BREACH, HoldKind.WRITE_OFF, HoldKind.DISHONOUR}


@click.group()
def hold() -> None:
    """Holds on customers and groups. 对客户和集团的冻结。"""


@hold.command("place")
@click.argument("code")
@group_option
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in HoldKind if kind not in _BY_RULE]),
    default=HoldKind.MANUAL.value,
    show_default=True,
    help="What it stops is the policy's to say. 冻结类别;冻结哪些环节由政策规定。",
)
@click.option("--reason", required=True, help="Why. 原因。")
@as_json
@answered
def place(code: str, group: bool, kind: str, reason: str, json_: bool) -> None:
    """Stop a customer or group. 冻结客户或集团。"""
    by = actor()
    holder, _own = _holder(code, by, group=group)
    found = customers.group_by_code(code) if group else customers.by_code(code)
    placed = limits.place_hold(by=by, reason=reason, cause=kind, **{next(iter(holder)): found})
    _tell_hold(placed, json_)


@hold.command("lift")
@click.argument("id_", metavar="ID", type=int)
@click.option("--reason", required=True, help="Why. 原因。")
@as_json
@answered
def lift(id_: int, reason: str, json_: bool) -> None:
    """Let a customer or group go on; what waits is looked at again. 解冻客户或集团;等待中的订单重新检查。"""
    by = actor()
    rights.require(by, "holds.lift")
    found = limits.hold_for(by, id_)
    _tell_hold(limits.lift_hold(found, by=by, reason=reason, on=clock.business_date()), json_)


@hold.command("list")
@as_json
@answered
def holds(json_: bool) -> None:
    """The holds that stand. 现有冻结。"""
    by = actor()
    rights.require(by, "lines.view")
    rows = limits.holds_seen_by(by).filter(lifted_at=None).order_by("pk")
    if json_:
        write_json([limits.hold_shape(one) for one in rows])
        return
    for row in map(_hold, rows):
        click.echo(f"{row['id']:>6}  {row['holder']:16} {row['said']}  {row['reason']}")


def _hold(one: limits.Hold) -> dict[str, Any]:
    return {**limits.hold_shape(one), "said": str(limits.HOLD_CAUSES.get(one.cause, one.cause))}


def _tell_hold(one: limits.Hold, json_: bool) -> None:
    row = _hold(one)
    said = _("Hold %(id)s on %(holder)s is lifted.") if one.lifted_at else _("Hold %(id)s stops %(holder)s.")
    _answer({name: value for name, value in row.items() if name != "said"}, said % row, json_)


@click.group()
def breach() -> None:
    """Debt over the limit or overdue beyond the policy, and what is made of it.

    违约:超限或逾期超出政策的欠款及其处理。
    """


@breach.command("list")
@click.option("--all", "every", is_flag=True, help="Ended ones too. 含已解除的。")
@as_json
@answered
def breaches(every: bool, json_: bool) -> None:
    """Who is in breach, and what is proposed. 违约客户及建议的处理。"""
    by = actor()
    rights.require(by, "lines.view")
    found = control.breaches_seen_by(by)
    rows = found if every else found.filter(ended_on=None)
    if json_:
        write_json([control.breach_shape(one) for one in rows])
        return
    for row in map(_breach, rows):
        click.echo(f"{row['id']:>6}  {row['holder']:16} {row['since']}  {row['said']}")


def _breach(one: control.Breach) -> dict[str, Any]:
    return {**control.breach_shape(one), "said": words.breach(one)}


def _act(name: str, help_: str, act: Callable[..., control.Turned]) -> None:
    @breach.command(name, help=help_)
    @click.argument("id_", metavar="ID", type=int)
    @click.option("--reason", required=True, help="Why. 原因。")
    @as_json
    @answered
    def verb(id_: int, reason: str, json_: bool) -> None:
        by = actor()
        done = act(control.breach_for(by, id_), reason=reason, on=clock.business_date(), by=by)
        _answer(control.turned_shape(done), words.breach(done.breach), json_)
        if done.missing.count:
            sys.exit(NOT_YET)


_act("revoke", "Turn the customer to cash. 转为现款客户。", control.turn_to_cash)
_act("decline", "Leave the line; deliveries stay stopped. 不转现款。", control.decline)
_act("keep", "Keep credit despite the breach. 违约后保留信用。", control.keep_credit)


def _holder(code: str, by: User, *, group: bool) -> tuple[dict[str, int], str]:
    """Whose: {'customer' | 'group': id}, and the currency it usually has."""
    if group:
        return {"group": customers.group_by_code(code).pk}, ""
    found = whose(code, by)
    return {"customer": found.pk}, found.currency


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None


def _answer(answer: Mapping[str, Any], said: str, json_: bool) -> None:
    if json_:
        write_json(answer)
    else:
        click.echo(said)
