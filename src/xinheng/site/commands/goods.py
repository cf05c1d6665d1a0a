"""``order shipping-order``, ``deliver``, and the lists of what went wrong with goods: the warehouse's verbs."""

from collections.abc import Mapping, Sequence
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    entity_option,
    order_of,
    read_amount,
    read_date,
    write_json,
)
from xinheng.site.commands.orders import date_option, order, order_verb, reason_option


@order.command("shipping-order")
@click.argument("number")
@click.option(
    "--amount", help="How much is to leave; all that none covers yet without it. 拟发金额;不写则为尚未签发的全部。"
)
@date_option
@entity_option
@as_json
@order_verb
def shipping_order(number: str, amount: str | None, date_: str | None, entity: str, json_: bool) -> None:
    """Check what is to leave and issue the warehouse's shipping order. 检查拟发货物,签发仓库的发货通知单。"""
    by = actor()
    found = order_of(number, entity, by)
    currency = found.document.currency
    minor = None if amount is None else read_amount(amount, currency, positive=True)
    issued = control.let_go(found, on=read_date(date_), by=by, amount=minor)
    answer = sales.shipping_order_shape(issued, order=found)
    said = _("Shipping order %(token)s over %(amount)s %(currency)s, until %(expires_on)s.")
    _answer(answer, said % answer, json_)


@order.command()
@click.argument("number")
@click.option("--amount", help="How much leaves; all that is left without it. 发货金额;不写则为余下的全部。")
@click.option("--token", default="", help="The shipping order it leaves on. 发货通知单号。")
@date_option
@entity_option
@as_json
@order_verb
def deliver(number: str, amount: str | None, token: str, date_: str | None, entity: str, json_: bool) -> None:
    """Check at the moment of delivery and send what is left. 发货时检查,发出余下的货物。"""
    by = actor()
    found = order_of(number, entity, by)
    currency = found.document.currency
    minor = None if amount is None else read_amount(amount, currency, positive=True)
    delivery = control.ship(found, on=read_date(date_), by=by, amount=minor, token=token)
    answer = sales.delivery_shape(delivery, order=found)
    _answer(answer, _("Delivery %(delivery)s of %(amount)s %(currency)s; %(remaining)s left.") % answer, json_)


@order.command()
@click.option("--all", "every", is_flag=True, help="Settled ones too. 含已处理的。")
@as_json
@answered
def unreleased(every: bool, json_: bool) -> None:
    """Goods that left without a release, by name. 未放行发货清单。"""
    by = actor()
    rights.require(by, "deliveries.view")
    found = control.unreleased_for(by)
    _listed([sales.unreleased_shape(one) for one in (found if every else found.filter(settled_at=None))], json_)


@order.command()
@click.argument("delivery")
@reason_option
@entity_option
@as_json
@answered
def settle(delivery: str, reason: str, entity: str, json_: bool) -> None:
    """Close the case of goods that left without a release. 了结一笔未放行发货。"""
    by = actor()
    found = sales.settle_unreleased(control.unreleased_of(delivery, entity, by), reason=reason, by=by)
    _answer(sales.unreleased_shape(found), _("Delivery %(delivery)s is settled.") % {"delivery": delivery}, json_)


@order.command("cod-unpaid")
@click.option("--as-of", help="Unpaid on this day. 截至日期。")
@as_json
@answered
def cod_unpaid(as_of: str | None, json_: bool) -> None:
    """Cash on delivery not paid on arrival, by salesperson. 货到未付款,按业务员列出。"""
    by = actor()
    rights.require(by, "receivables.view")
    rows = [dict(control.cod_unpaid_shape(one)) for one in control.cod_unpaid(read_date(as_of), user=by)]
    if not json_:
        rows = [row | {"kind": str(exposure.kind_name(row["kind"]))} for row in rows]
    _listed(rows, json_)


def _listed(rows: Sequence[Mapping[str, Any]], json_: bool) -> None:
    if json_:
        write_json(rows)
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value not in (None, "")))


def _answer(answer: Mapping[str, Any], said: str, json_: bool) -> None:
    if json_:
        write_json(answer)
    else:
        click.echo(said)
