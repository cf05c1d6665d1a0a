"""``invoice write-off``, ``undo-write-off`` and ``recover``: debt that is given up, and money that comes after all."""

from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Kind
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    document_of,
    entity_option,
    read_amount,
    read_date,
    read_number,
    read_past_date,
    write_json,
)
from xinheng.site.commands.invoices import invoice

_date = click.option("--date", "date_", help="The day it takes effect; today without it. 生效日期;不写则为今天。")
_reason = click.option("--reason", required=True, help="Why. 理由。")


@invoice.command("write-off")
@click.argument("number")
@click.option("--amount", help="How much of it; all that is open without it. 其中的金额;不写则为未结的全部。")
@_reason
@_date
@entity_option
@as_json
@answered
def write_off(number: str, amount: str | None, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Give up what is open of an invoice; its customer is put on hold. 把发票未收部分作坏账核销;该客户随即冻结。"""
    by = actor()
    rights.require(by, "receivables.write_off")
    found = document_of(Kind.INVOICE, number, entity, by)
    minor = None if amount is None else read_amount(amount, found.currency, positive=True)
    taken = receivables.write_off(found, reason=reason, on=read_date(date_), by=by, amount=minor)
    said = _("%(amount)s %(currency)s of invoice %(invoice)s is written off; customer %(customer)s is on hold.")
    _tell(found, taken, said, json_)


@invoice.command("undo-write-off")
@click.argument("number")
@_reason
@_date
@entity_option
@as_json
@answered
def undo_write_off(number: str, reason: str, date_: str | None, entity: str, json_: bool) -> None:
    """Take a write-off back: what was not recovered is owed again. The hold stays.

    撤销坏账核销:未收回部分重新挂账,冻结保留。
    """
    by = actor()
    rights.require(by, "receivables.write_off")
    found = document_of(Kind.INVOICE, number, entity, by)
    taken = receivables.undo_write_off(found, reason=reason, on=read_date(date_), by=by)
    said = _("%(amount)s %(currency)s of invoice %(invoice)s is owed again; the hold on %(customer)s stays.")
    _tell(found, taken, said, json_)


@invoice.command("recover")
@click.argument("number")
@click.argument("amount")
@click.option("--receipt", required=True, help="The receipt it came with. 随同的收款单号。")
@click.option("--new", is_flag=True, help="The receipt is new: receive it too. 收款尚未登记,一并登记。")
@click.option("--method", type=click.Choice(["transfer", "cash"]), default="transfer", help="How it came. 收款方式。")
@_date
@entity_option
@as_json
@answered
def recover(number: str, amount: str, entity: str, json_: bool, **stated: Any) -> None:
    """Settle written-off debt with money that came after all. 以事后到账的款项收回已核销的坏账。"""
    by = actor()
    rights.require(by, "cash.post" if stated["new"] else "receivables.allocate")
    found = document_of(Kind.INVOICE, number, entity, by)
    minor, on = read_amount(amount, found.currency, positive=True), read_past_date(stated["date_"])
    if stated["new"]:
        money = cash.ReceiptRow(
            entity_id=found.entity_id,
            account_id=found.account_id,
            number=read_number(stated["receipt"]),
            dated_on=on,
            currency=found.currency,
            amount=minor,
            method=stated["method"],
        )
        cash.recover(money, found, on=clock.business_date(), by=by)
    else:
        credit = document_of(Kind.RECEIPT, stated["receipt"], found.entity.code, by)
        row = receivables.AllocationRow(
            entity_id=found.entity_id,
            credit_number=credit.number,
            invoice_number=found.number,
            dated_on=on,
            amount=minor,
            credit_kind=Kind.RECEIPT,
        )
        receivables.recover(row, credit, by=by)
    said = _("%(amount)s %(currency)s of the debt written off of invoice %(invoice)s is recovered.")
    _tell(found, minor, said, json_)


def _tell(found: Document, minor: int, said: str, json_: bool) -> None:
    """What was moved, and what of the invoice is open and written off now."""
    answer = receivables.debt_shape(found, minor)
    if json_:
        write_json(answer)
    else:
        click.echo(said % answer)
