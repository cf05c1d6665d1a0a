"""``order``: enter, check, change, release, reject, deliver, cancel (semantics.md 6).

What is held or rejected ends in exit 3, whichever of these verbs finds it so.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.base.errors import WrongState
from xinheng.base.messages import sentence
from xinheng.desk.control import public as control
from xinheng.desk.control import words
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import CheckPoint
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    entity_option,
    fail,
    limit_option,
    order_of,
    read_amount,
    read_currency,
    read_date,
    read_number,
    whose,
    write_json,
)

HELD = 3
PAYMENTS = click.Choice(["credit", "prepaid", "cod"])
date_option = click.option("--date", "date_", help="The day of the check or document. 日期。")
reason_option = click.option("--reason", default="", help="Why. 原因。")


def order_verb(command: Callable[..., Any]) -> Callable[..., Any]:
    """``answered``, and an order that is held or rejected where it should have gone on is exit 3."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except WrongState as error:
            if error.params.get("what") == "order" and error.params.get("state") in {"HELD", "REJECTED"}:
                fail(error.code, sentence(error), HELD, bool(kwargs.get("json_")))
            raise

    return answered(wrapper)


@click.group()
def order() -> None:
    """Orders and their credit check. 订单与信用检查。"""


@order.command()
@click.argument("number")
@click.argument("customer")
@click.argument("amount")
@click.option(
    "--currency", default="", help="Without it the customer's, else the company's. 币种;不写则为客户的,否则为公司的。"
)
@click.option("--payment", type=PAYMENTS, default="credit", show_default=True, help="How it is paid. 付款方式。")
@click.option("--term", default="", help="A term code such as 30D. 账期代码,如 30D。")
@click.option("--instrument", default="", help="The means of payment agreed, e.g. CHEQUE. 约定的支付方式,如 CHEQUE。")
@click.option("--salesperson", default="", help="Without it the customer's. 业务员;不写则为客户的。")
@click.option("--ship-date", help="When the goods are to leave. 计划发货日。")
@click.option(
    "--needs", multiple=True, help="A document that must be approved first; may be repeated. 须先批准的文件;可重复。"
)
@date_option
@entity_option
@as_json
@order_verb
def new(number: str, customer: str, amount: str, currency: str, entity: str, json_: bool, **stated: Any) -> None:
    """Enter an order, unchecked. 录入订单。"""
    by = actor()
    rights.require(by, "orders.enter")
    buyer = whose(customer, by)
    code = read_currency(currency or buyer.currency or clock.company().currency)
    seller = exposure.entity(entity)
    row = sales.OrderRow(
        entity_id=seller.pk,
        account_id=exposure.account(buyer.pk, seller).pk,
        number=read_number(number),
        dated_on=read_date(stated["date_"]),
        currency=code,
        amount=read_amount(amount, code, positive=True),
        salesperson=stated["salesperson"] or buyer.salesperson,
        ship_date=read_date(stated["ship_date"]) if stated["ship_date"] else None,
        payment=stated["payment"],
        term=stated["term"],
        instrument=control.instrument(stated["instrument"]),
        needs=tuple(dict.fromkeys(read_number(one) for one in stated["needs"])),
    )
    _tell(sales.enter_order(row, customer_id=buyer.pk, by=by), json_)


@order.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value.lower() for state in Order.State]),
    help="Only orders in this state. 只列此状态。",
)
@limit_option(1000)
@as_json
@answered
def list_(state: str | None, limit: int, json_: bool) -> None:
    """Orders, newest first. 订单列表,最新在前。"""
    by = actor()
    rights.require(by, "orders.view")
    found = control.orders_seen_by(by)
    rows = (found.filter(state=state.upper()) if state else found)[:limit]
    if json_:
        write_json([sales.order_shape(one) for one in rows])
        return
    for row in map(summary, rows):
        click.echo(f"{row['order']:20} {row['customer']:16} {row['amount']:>16} {row['currency']} {row['said']}")


@order.command()
@click.argument("number")
@click.option(
    "--at",
    type=click.Choice(["order", "delivery"]),
    default="order",
    show_default=True,
    help="Where it is checked. 检查环节。",
)
@date_option
@entity_option
@as_json
@order_verb
def check(number: str, at: str, date_: str | None, entity: str, json_: bool) -> None:
    """May this order go ahead on credit? 对订单做信用检查。"""
    by = actor()
    found, point = order_of(number, entity, by), CheckPoint(at.upper())
    _decided(control.check_order(found, on=read_date(date_), by=by, point=point), json_)


@order.command()
@click.argument("number")
@click.argument("amount", required=False)
@click.option("--payment", type=PAYMENTS, help="How it is paid. 付款方式。")
@click.option("--term", help="A term code such as 30D. 账期代码,如 30D。")
@click.option("--instrument", help="The means of payment agreed. 约定的支付方式。")
@date_option
@entity_option
@as_json
@order_verb
def change(number: str, amount: str | None, date_: str | None, entity: str, json_: bool, **stated: Any) -> None:
    """Let an order grow or shrink, or be paid otherwise; it is checked again. 变更订单金额或付款方式,并重新检查。"""
    by = actor()
    found = order_of(number, entity, by)
    minor = None if amount is None else read_amount(amount, found.document.currency, positive=True)
    asked = control.Change(
        amount=minor, payment=stated["payment"], term=stated["term"], instrument=stated["instrument"]
    )
    decision = control.change_order(found, asked, on=read_date(date_), by=by)
    if decision is None:
        _tell(order_of(number, entity, by), json_)
    else:
        _decided(decision, json_)


@order.command()
@click.argument("number")
@reason_option
@date_option
@entity_option
@as_json
@order_verb
def release(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Sign a held order, or stopped goods, through. 签字放行被冻结的订单或货物。"""
    by = actor()
    done = control.sign_release(order_of(number, entity, by), reason=reason, on=read_date(date_), by=by)
    _tell(done.order, json_, missing=done.missing.count, by=list(done.missing.roles))
    if done.missing.count or done.decision.verdict == control.Decision.Verdict.HELD:
        sys.exit(HELD)


@order.command()
@click.argument("number")
@reason_option
@date_option
@entity_option
@as_json
@answered
def ask(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Ask those who may sign to let a held order go. 请有权签字的人放行被冻结的订单。"""
    by = actor()
    found = order_of(number, entity, by)
    control.ask_release(found, reason=reason, on=read_date(date_), by=by)
    _tell(found, json_)


@order.command()
@click.argument("number")
@reason_option
@entity_option
@as_json
@answered
def reject(number: str, reason: str, entity: str, json_: bool) -> None:
    """Turn an order down. 驳回。"""
    by = actor()
    _tell(control.reject(order_of(number, entity, by), reason=reason, by=by), json_)


@order.command()
@click.argument("number")
@reason_option
@date_option
@entity_option
@as_json
@answered
def hold(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Stop an order until a person lets it go. 强制冻结订单,直到有人解除。"""
    by = actor()
    _tell(control.force_hold(order_of(number, entity, by), reason=reason, on=read_date(date_), by=by), json_)


@order.command()
@click.argument("number")
@reason_option
@date_option
@entity_option
@as_json
@order_verb
def unhold(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Let a stopped order be judged by the rules again. 解除订单的强制冻结,重新按规则检查。"""
    by = actor()
    found = order_of(number, entity, by)
    _decided(control.lift_forced_hold(found, reason=reason, on=read_date(date_), by=by), json_)


@order.command()
@click.argument("number")
@reason_option
@date_option
@entity_option
@as_json
@order_verb
def reopen(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Open a rejected or cancelled order again; it is checked anew. 重新打开已驳回或已取消的订单,重新检查。"""
    by = actor()
    found = order_of(number, entity, by)
    _decided(control.reopen_order(found, reason=reason, on=read_date(date_), by=by), json_)


@order.command()
@click.argument("number")
@click.argument("document")
@reason_option
@date_option
@entity_option
@as_json
@answered
def approve(number: str, document: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Approve a document the order needs. 批准所需文件。"""
    by = actor()
    found = order_of(number, entity, by)
    sales.approve_paper(found, document, reason=reason, on=read_date(date_), by=by)
    _tell(order_of(number, entity, by), json_)


@order.command()
@click.argument("number")
@date_option
@entity_option
@as_json
@order_verb
def cancel(number: str, date_: str | None, entity: str, json_: bool) -> None:
    """Close an order; what has not left is cancelled. 关闭订单;未发货部分取消。"""
    by = actor()
    _tell(sales.cancel_order(order_of(number, entity, by), on=read_date(date_), by=by), json_)


def summary(one: Order) -> dict[str, Any]:
    """An order as the command line tells of it; ``said`` is its state in words."""
    return {**sales.order_shape(one), "said": str(sales.STATES[Order.State(one.state)])}


def _tell(one: Order, json_: bool, **more: Any) -> None:
    row = summary(control.reread(one)) | more
    if json_:
        write_json({name: value for name, value in row.items() if name != "said"})
        return
    said = _("Order %(order)s: %(said)s.") % row
    if more.get("missing"):
        said += " " + _("Still to sign: %(count)s.") % {"count": more["missing"]}
    click.echo(said)


def _decided(decision: control.Decision, json_: bool) -> None:
    if json_:
        write_json(control.decision_json(decision))
    else:
        for line in words.lines(decision):
            click.echo(line)
    if decision.verdict == control.Decision.Verdict.HELD:
        sys.exit(HELD)
