"""``invoice``: one invoice entered by hand, checked where the policy says so; files are facts.

``happened`` says the day that a due day counts from, of an invoice or of goods that were delivered.
"""

from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.base.messages import EVENTS
from xinheng.base.models import User
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import InstalmentShape
from xinheng.rules.road import Kind
from xinheng.rules.terms import TOLD, Base
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    document_of,
    entity_option,
    read_amount,
    read_currency,
    read_date,
    read_number,
    whose,
    write_json,
)

#: acceptance, statement, sale-report
_EVENTS = {event.value.lower().replace("_", "-"): event for event in TOLD}
_event = click.argument("event", type=click.Choice(list(_EVENTS)))
_of_goods = click.option("--delivery", "goods", is_flag=True, help="NUMBER is a delivery's. 表示 NUMBER 为发货单号。")


@click.group()
def invoice() -> None:
    """Invoices entered by hand. 手工录入发票。"""


@invoice.command("new")
@click.argument("number")
@click.argument("customer")
@click.argument("amount")
@click.option("--date", "date_", help="The day of issue. 开票日。")
@click.option("--due", help="The due day; derived from the term without it. 到期日;不写则按账期推算。")
@click.option("--term", default="", help="A term code such as 30D. 账期代码,如 30D。")
@click.option(
    "--currency", default="", help="Without it the customer's, else the company's. 币种;不写则为客户的,否则为公司的。"
)
@click.option("--order", default="", help="The order it belongs to. 所属订单。")
@click.option("--delivery", default="", help="The delivery it belongs to. 所属发货单。")
@entity_option
@as_json
@answered
def new(number: str, customer: str, amount: str, entity: str, json_: bool, **stated: Any) -> None:
    """Check an invoice and enter it; exit 3 when the policy holds it. 检查并录入发票;政策不允许时退出码为 3。"""
    by = actor()
    rights.require(by, "receivables.post")
    buyer = whose(customer, by)
    currency = read_currency(stated["currency"] or buyer.currency or clock.company().currency)
    seller = exposure.entity(entity)
    row = receivables.InvoiceRow(
        entity_id=seller.pk,
        account_id=exposure.account(buyer.pk, seller).pk,
        number=read_number(number),
        issued_on=read_date(stated["date_"]),
        due_on=read_date(stated["due"]) if stated["due"] else None,
        term=stated["term"],
        currency=currency,
        amount=read_amount(amount, currency, positive=True),
        order_number=stated["order"],
        delivery_number=stated["delivery"],
    )
    documents, decision = control.enter_invoice(row, on=clock.business_date(), by=by)
    if json_:
        write_json(control.entered_invoice_shape(number, documents, decision))
        return
    _say(_shown(documents))


@invoice.command("happened")
@click.argument("number")
@_event
@click.option("--date", "date_", help="The day it happened; today without it. 发生日期;不写则为今天。")
@_of_goods
@entity_option
@as_json
@answered
def happened(number: str, event: str, date_: str | None, goods: bool, entity: str, json_: bool) -> None:
    """Say when something happened that the due day counts from. 登记签收(验收)、对账、销售报告日期。"""
    by = actor()
    found = _document(number, goods, entity, by)
    on = read_date(date_)
    done = receivables.happened(found, _EVENTS[event], on=on, by=by)
    said = _("%(number)s: the %(event)s is recorded for %(on)s.")
    _followed(found, _EVENTS[event], done, said % _words(found, event, on=on.isoformat()), json_, on=on)


@invoice.command("not-happened")
@click.argument("number")
@_event
@click.option("--reason", required=True, help="Why. 理由。")
@_of_goods
@entity_option
@as_json
@answered
def not_happened(number: str, event: str, reason: str, goods: bool, entity: str, json_: bool) -> None:
    """Take such a day back: it was wrong. 撤销已登记的日期。"""
    by = actor()
    found = _document(number, goods, entity, by)
    done = receivables.not_happened(found, _EVENTS[event], reason=reason, by=by)
    said = _("%(number)s: the day of the %(event)s is taken back.") % _words(found, event)
    _followed(found, _EVENTS[event], done, said, json_, on=None)


def _document(number: str, goods: bool, entity: str, by: User) -> Document:
    """The invoice or delivery with this number, of a customer this person may see.

    Raises:
        Unknown, Ambiguous, Refused.
    """
    rights.require(by, "receivables.post")
    return document_of(Kind.DELIVERY if goods else Kind.INVOICE, number, entity, by)


def _words(found: Document, event: str, **more: str) -> dict[str, str]:
    return {"event": str(EVENTS[_EVENTS[event].value]), "number": found.number, **more}


def _followed(
    found: Document, event: Base, done: receivables.Followed, said: str, json_: bool, *, on: date | None
) -> None:
    """What came of it: an invoice with all its instalments, or the invoices that follow a delivery."""
    shown = receivables.followed_shape(found, event, done, on=on)
    if json_:
        write_json(shown)
        return
    click.echo(said)
    _say(shown["parts"])


def _shown(documents: list[Document]) -> list[InstalmentShape]:
    return [receivables.instalment_shape(one) for one in documents]


def _say(parts: list[InstalmentShape]) -> None:
    for one in parts:
        words = {"number": one["invoice"], **one}
        if one["due"]:
            click.echo(_("Invoice %(number)s: %(amount)s due on %(due)s.") % words)
        else:
            click.echo(_("Invoice %(number)s: %(amount)s; when it is due is not known yet.") % words)
