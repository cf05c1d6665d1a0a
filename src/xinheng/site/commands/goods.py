"""``order shipping-order``, ``deliver``, and the lists of what went wrong with goods: the warehouse's verbs."""

from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.rules.money import to_text
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
    answer = {
        "order": number,
        "token": issued.token,
        "amount": to_text(issued.amount, currency),
        "currency": currency,
        "expires_on": issued.expires_on.isoformat() if issued.expires_on else None,
    }
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
    answer = {
        "order": number,
        "delivery": delivery.number,
        "amount": to_text(delivery.amount, currency),
        "currency": currency,
        "remaining": to_text(sales.remaining(found), currency),
        "state": "DELIVERED",
    }
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
    _listed([_unreleased(one) for one in (found if every else found.filter(settled_at=None))], json_)


def _unreleased(one: sales.Unreleased) -> dict[str, Any]:
    delivery = one.delivery
    return {
        "delivery": delivery.number,
        "customer": delivery.account.customer.code,
        "date": delivery.dated_on.isoformat(),
        "amount": to_text(one.amount, delivery.currency),
        "currency": delivery.currency,
        "responsible": one.responsible,
        "reason": one.reason,
        "settled": one.settled_reason or None,
    }


@order.command()
@click.argument("delivery")
@reason_option
@entity_option
@as_json
@answered
def settle(delivery: str, reason: str, entity: str, json_: bool) -> None:
    """Close the case of goods that left without a release. 了结一笔未放行发货。"""
    by = actor()
    found = sales.settle_unreleased(sales.unreleased_by_number(delivery, entity=entity), reason=reason, by=by)
    _answer(_unreleased(found), _("Delivery %(delivery)s is settled.") % {"delivery": delivery}, json_)


@order.command("cod-unpaid")
@click.option("--as-of", help="Unpaid on this day. 截至日期。")
@as_json
@answered
def cod_unpaid(as_of: str | None, json_: bool) -> None:
    """Cash on delivery not paid on arrival, by salesperson. 货到未付款,按业务员列出。"""
    by = actor()
    rights.require(by, "receivables.view")
    rows = [
        {
            "salesperson": one.salesperson,
            "customer": one.customer.code,
            "document": one.document.number,
            "kind": str(exposure.kind_name(one.document.kind)) if not json_ else one.document.kind,
            "due": one.due_on.isoformat(),
            "amount": to_text(one.amount, one.currency),
            "currency": one.currency,
        }
        for one in control.cod_unpaid(read_date(as_of), user=by)
    ]
    _listed(rows, json_)


def _listed(rows: list[dict[str, Any]], json_: bool) -> None:
    if json_:
        write_json(rows)
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value not in (None, "")))


def _answer(answer: dict[str, Any], said: str, json_: bool) -> None:
    if json_:
        write_json(answer)
    else:
        click.echo(said)
