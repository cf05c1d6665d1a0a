"""``receipt``, ``allocation`` and ``document``: money settles invoices by hand, and what was wrong is taken back.

A receipt, a credit note and cleared paper settle alike; ``--kind`` says which of them a number means.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import Any

import click
from django.db.models import Q
from django.utils.translation import gettext as _

from xinheng.base import clock, rights
from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import Allocation
from xinheng.rules.road import Kind
from xinheng.site.commands.common import (
    actor,
    answered,
    as_json,
    document_of,
    entity_option,
    read_amount,
    read_past_date,
    write_json,
)

_CREDITS = {"receipt": Kind.RECEIPT, "credit-note": Kind.CREDIT_NOTE, "instrument": Kind.INSTRUMENT}
_KINDS = {"invoice": Kind.INVOICE, **_CREDITS}
#: Kind → the right to take one back, and how.
_REVERSALS = {
    Kind.INVOICE: ("receivables.post", receivables.reverse_invoice),
    Kind.CREDIT_NOTE: ("receivables.post", receivables.reverse_credit_note),
    Kind.RECEIPT: ("cash.post", cash.reverse_receipt),
    Kind.INSTRUMENT: ("instruments.post", cash.reverse_instrument),
}
_reason = click.option("--reason", required=True, help="Why. 理由。")


@click.group()
def receipt() -> None:
    """Money that came and what it settles. 收款与核销。"""


@receipt.command("allocate")
@click.argument("number")
@click.option(
    "--to", "invoice", help="The invoice it settles; oldest instalment first. 所核销的发票;先核销最早的一期。"
)
@click.option("--instalment", type=click.IntRange(1, 999), help="Only this instalment of it. 第几期。")
@click.option("--amount", help="How much of it. 其中的金额。")
@click.option("--oldest-first", is_flag=True, help="Settle the oldest due items as far as it goes. 按到期日先后核销。")
@click.option("--exact", is_flag=True, help="Settle the items that come to exactly what is left. 按金额精确匹配核销。")
@click.option("--kind", type=click.Choice(list(_CREDITS)), default="receipt", help="What NUMBER is. 单据种类。")
@click.option("--date", "date_", help="The day of the allocation. 核销日期。")
@entity_option
@as_json
@answered
def allocate(number: str, kind: str, date_: str | None, entity: str, json_: bool, **stated: Any) -> None:
    """Settle invoices with a receipt, a credit note or cleared paper. 收款核销。"""
    ways = [name for name in ("invoice", "oldest_first", "exact") if stated[name]]
    if len(ways) != 1 or bool(stated["invoice"]) != bool(stated["amount"]):
        raise click.UsageError(_("Say one of: --to INVOICE --amount A, --oldest-first, --exact."))
    by = actor()
    rights.require(by, "receivables.allocate")
    credit, dated_on = document_of(_CREDITS[kind], number, entity, by), read_past_date(date_)
    if ways == ["invoice"]:
        made = _to_one(credit, dated_on=dated_on, by=by, **stated)
    else:
        act = receivables.allocate_exact if stated["exact"] else receivables.allocate_oldest
        made = act(credit, dated_on=dated_on, on=clock.business_date(), by=by)
    shown = receivables.allocated_shape(credit, made)
    if json_:
        write_json(shown)
        return
    for one in shown["allocations"]:
        click.echo(_("%(amount)s settles invoice %(invoice)s/%(instalment)s from %(effective_on)s.") % one)
    click.echo(_("%(amount)s %(currency)s is left unapplied.") % {**shown, "amount": shown["unapplied"]})


def _to_one(
    credit: Document, *, invoice: str, amount: str, instalment: int | None, dated_on: date, by: User, **_others: Any
) -> list[Allocation]:
    """Settle the invoice that was named, of the money's own entity where several know the number."""
    owed = exposure.present(Kind.INVOICE, invoice, entity_id=credit.entity_id)
    receivables.refuse_other_entity(credit, owed or document_of(Kind.INVOICE, invoice, "", by))
    row = receivables.AllocationRow(
        entity_id=credit.entity_id,
        credit_number=credit.number,
        invoice_number=invoice,
        dated_on=dated_on,
        amount=read_amount(amount, credit.currency, positive=True),
        part=instalment,
        credit_kind=Kind(credit.kind),
    )
    return receivables.allocate(row, credit, on=clock.business_date(), by=by)


@click.group()
def allocation() -> None:
    """What settles what. 核销记录。"""


@allocation.command("list")
@click.argument("number")
@click.option(
    "--kind", type=click.Choice(list(_KINDS)), help="What NUMBER is, where several bear it. 单据种类(NUMBER 重号时)。"
)
@entity_option
@as_json
@answered
def list_(number: str, kind: str | None, entity: str, json_: bool) -> None:
    """Allocations of a receipt, credit note, paper or invoice, undone ones too.

    收款、贷项、票据或发票的核销记录,含已取消的。
    """
    by = actor()
    rights.require(by, "receivables.view")
    meant = _meant([_KINDS[kind]] if kind else _KINDS.values(), number, entity, by)
    ids = [part.pk for one in meant for part in receivables.parts_of(one)]
    rows = Allocation.objects.filter(Q(credit__in=ids) | Q(invoice__in=ids)).select_related("credit", "invoice")
    shown = [receivables.allocation_shape(one) for one in rows.order_by("pk")]
    if json_:
        write_json(shown)
        return
    states = {"standing": _("stands"), "undone": _("undone")}
    for one in shown:
        state = states[one["state"]]
        click.echo(
            f"{one['id']:>8}  {one['credit']}  {one['invoice']}/{one['instalment']}  {one['amount']} {one['currency']}"
            f"  {one['effective_on']}  {state}"
        )


def _meant(kinds: Collection[Kind], number: str, entity: str, by: User) -> list[Document]:
    """Whatever of these kinds bears a number.

    Raises:
        Unknown: nothing does.  Ambiguous.
    """
    found = []
    for kind in kinds:
        with suppress(Unknown):
            found.append(document_of(kind, number, entity, by))
    if not found:
        raise Unknown(what="document" if len(kinds) > 1 else next(iter(kinds)).name.lower(), number=number)
    return found


@allocation.command("undo")
@click.argument("id_", metavar="ID", type=click.IntRange(1, 2**62))
@_reason
@as_json
@answered
def undo(id_: int, reason: str, json_: bool) -> None:
    """Take one allocation back; ``allocation list`` and the documents' pages tell its id.

    取消一笔核销;编号见 allocation list 和单据页面。
    """
    by = actor()
    rights.require(by, "receivables.allocate")
    found = receivables.allocation_for(by, id_)
    done = receivables.undo_allocation(found, reason=reason, by=by)
    said = receivables.undone_allocation_shape(done)
    if json_:
        write_json(said)
        return
    click.echo(
        _("%(credit)s settles invoice %(invoice)s/%(instalment)s no more: %(amount)s, from %(effective_on)s.") % said
    )


@click.group()
def document() -> None:
    """Documents entered by hand or by file. 单据。"""


@document.command("reverse")
@click.argument("kind", type=click.Choice(list(_KINDS)))
@click.argument("number")
@_reason
@entity_option
@as_json
@answered
def reverse(kind: str, number: str, reason: str, entity: str, json_: bool) -> None:
    """Take a document back by a reversing entry; what settles it is undone first. 以冲销分录撤回单据;先取消其核销。"""
    by = actor()
    right, act = _REVERSALS[_KINDS[kind]]
    rights.require(by, right)
    found = document_of(_KINDS[kind], number, entity, by)
    parts = receivables.parts_of(found)
    act(found, reason=reason, by=by)
    said = receivables.reversal_shape(found, parts)
    if json_:
        write_json(said)
        return
    click.echo(_("%(number)s over %(amount)s %(currency)s is taken back; its number may come again.") % said)
