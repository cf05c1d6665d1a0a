"""``invoice``: one invoice entered by hand, checked where the policy says so; files are facts."""

from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.rules.money import to_text
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    entity_option,
    read_amount,
    read_currency,
    read_date,
    read_number,
    whose,
    write_json,
)


@click.group()
def invoice() -> None:
    """Invoices entered by hand. 手工录入发票。"""


@invoice.command("new")
@click.argument("number")
@click.argument("customer")
@click.argument("amount")
@click.option("--date", "date_", help="The day of issue. 开票日。")
@click.option("--due", help="The due day; derived from the term without it. 到期日。")
@click.option("--term", default="", help="A term code such as 30D. 账期。")
@click.option("--currency", default="", help="币种。")
@click.option("--order", default="", help="The order it belongs to. 订单。")
@click.option("--delivery", default="", help="The delivery it belongs to. 发货。")
@entity_option
@as_json
@answered
def new(number: str, customer: str, amount: str, entity: str, json_: bool, **stated: Any) -> None:
    """Check an invoice and enter it; exit 3 when the policy holds it. 录入发票。"""
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
    parts = [
        {
            "instalment": one.part,
            "due": one.due_on.isoformat() if one.due_on else None,
            "amount": to_text(one.amount, currency),
        }
        for one in documents
    ]
    if json_:
        write_json({"invoice": number, "parts": parts, "check": control.decision_json(decision)})
        return
    for part in parts:
        click.echo(_("Invoice %(number)s: %(amount)s due on %(due)s.") % {"number": number, **part})
