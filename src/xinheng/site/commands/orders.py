"""``order``: enter, check, release, reject, deliver, cancel (semantics.md 6)."""

import sys

import click

from xinheng.base import clock
from xinheng.desk.control import public as control
from xinheng.desk.control import words
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.site.commands.common import actor, answered, as_json, entity_option, read_amount, read_date, write_json

HELD = 3
date_option = click.option("--date", "date_", help="The day of the check or document. 日期。")
reason_option = click.option("--reason", default="", help="Why. 原因。")


@click.group()
def order() -> None:
    """Orders and their credit check. 订单与信用检查。"""


@order.command()
@click.argument("number")
@click.argument("customer")
@click.argument("amount")
@click.option("--currency", default="")
@click.option("--payment", type=click.Choice(["credit", "prepaid", "cod"]), default="credit")
@date_option
@entity_option
@as_json
@answered
def new(
    number: str, customer: str, amount: str, currency: str, payment: str, date_: str | None, entity: str, json_: bool
) -> None:
    """Enter an order, unchecked. 录入订单。"""
    by = actor()
    whose = customers.by_code(customer)
    code = currency or whose.currency or clock.company().currency
    seller = exposure.entity(entity)
    row = sales.OrderRow(
        entity_id=seller.pk,
        account_id=exposure.account(whose.pk, seller).pk,
        number=number,
        dated_on=read_date(date_),
        currency=code,
        amount=read_amount(amount, code),
        salesperson=whose.salesperson,
        payment=payment,
    )
    entered = sales.enter_order(row, customer_id=whose.pk, by=by)
    _tell({"order": number, "state": entered.state}, json_)


@order.command()
@click.argument("number")
@date_option
@entity_option
@as_json
@answered
def check(number: str, date_: str | None, entity: str, json_: bool) -> None:
    """May this order go ahead on credit? 信用检查。"""
    decision = control.check_order(sales.order_by_number(number, entity=entity), on=read_date(date_), by=actor())
    _decided(number, decision, json_)


@order.command()
@click.argument("number")
@reason_option
@date_option
@entity_option
@as_json
@answered
def release(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Sign a held order through. 放行。"""
    by = actor()
    done = control.sign_release(sales.order_by_number(number, entity=entity), reason=reason, on=read_date(date_), by=by)
    answer = {"order": number, "state": done.order.state, "missing": done.missing.count, "by": done.missing.roles}
    _tell(answer, json_)
    if done.missing.count or done.decision.verdict == control.Decision.Verdict.HELD:
        sys.exit(HELD)


@order.command()
@click.argument("number")
@reason_option
@entity_option
@as_json
@answered
def reject(number: str, reason: str, entity: str, json_: bool) -> None:
    """Turn an order down. 驳回。"""
    done = control.reject(sales.order_by_number(number, entity=entity), reason=reason, by=actor())
    _tell({"order": number, "state": done.state}, json_)


@order.command()
@click.argument("number")
@date_option
@entity_option
@as_json
@answered
def deliver(number: str, date_: str | None, entity: str, json_: bool) -> None:
    """Check at the moment of delivery and send what is left. 发货。"""
    delivery = control.ship(sales.order_by_number(number, entity=entity), on=read_date(date_), by=actor())
    _tell({"order": number, "delivery": delivery.number, "state": "DELIVERED"}, json_)


@order.command()
@click.argument("number")
@date_option
@entity_option
@as_json
@answered
def cancel(number: str, date_: str | None, entity: str, json_: bool) -> None:
    """Close an order; what has not left is cancelled. 取消订单。"""
    done = sales.cancel_order(sales.order_by_number(number, entity=entity), on=read_date(date_), by=actor())
    _tell({"order": number, "state": done.state}, json_)


def _decided(number: str, decision: control.Decision, json_: bool) -> None:
    answer = control.decision_json(decision)
    if json_:
        write_json(answer)
    else:
        click.echo(words.verdict(decision))
        for reason in decision.outcome["reasons"]:
            click.echo(f"  - {words.reason(reason)}")
        for free in decision.outcome["frees"]:
            click.echo(f"  → {words.free(free)}")
    if decision.verdict == control.Decision.Verdict.HELD:
        sys.exit(HELD)


def _tell(answer: dict[str, object], json_: bool) -> None:
    if json_:
        write_json(answer)
    else:
        click.echo("  ".join(f"{name}: {value}" for name, value in answer.items()))
