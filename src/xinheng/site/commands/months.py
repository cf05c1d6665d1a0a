"""``month``: close a month with its month-end list, read the list again, re-open it with two signatures.

Months are closed one after the other; with ``--with-earlier`` those before it that are still open are closed first,
each with a list of its own, and the answer names them all.
"""

from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.base.models import User
from xinheng.base.stated import read_month
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Period
from xinheng.desk.receivables import public as receivables
from xinheng.site.commands.common import actor, answered, as_json, entity_option, write_json


@click.group()
def month() -> None:
    """Closed months and their month-end lists. 月结与月末账龄表。"""


@month.command("close")
@click.argument("month_", metavar="YYYY-MM")
@click.option("--with-earlier", is_flag=True, help="Close the open months before it first. 先结转此前未结的月份。")
@entity_option
@as_json
@answered
def close(month_: str, with_earlier: bool, entity: str, json_: bool) -> None:
    """Close a month that is over; nothing takes effect in it any more. 结转已结束的月份,此后不再记入该月。"""
    seller, wanted, by = exposure.entity(entity), read_month(month_), actor()
    act = receivables.close_months if with_earlier else _close_one
    *earlier, period = act(seller, wanted, by=by)
    if json_:
        before = [receivables.closed_month_shape(one, by) for one in earlier]
        write_json(receivables.closed_month_shape(period, by) | {"earlier": before})
        return
    for one in (*earlier, period):
        click.echo(_line(one))
        for currency, owed in receivables.closed_month_shape(one, by)["outstanding"].items():
            _row(currency, "outstanding", owed)


def _close_one(entity: Entity, month_: date, *, by: User) -> list[Period]:
    return [receivables.close_month(entity, month_, by=by)]


@month.command("reopen")
@click.option("--reason", default="", help="Why; kept with the request. 原因;随申请保存。")
@entity_option
@as_json
@answered
def reopen(reason: str, entity: str, json_: bool) -> None:
    """Ask to re-open the last closed month; another person's call opens it.

    申请反月结最后一个已结月份;由另一人再次执行才打开。
    """
    _tell(exposure.reopen_month(exposure.entity(entity), by=actor(), reason=reason), json_)


@month.command("list")
@entity_option
@as_json
@answered
def list_(entity: str, json_: bool) -> None:
    """All closings, newest first. 月结记录。"""
    rights.require(actor(), "receivables.view")
    periods = Period.objects.select_related("entity", "closed_by", "reopened_by", "reopening_asked_by")
    if entity:
        periods = periods.filter(entity=exposure.entity(entity))
    found = list(periods.order_by("-month", "-closed_at"))
    if json_:
        write_json([receivables.month_shape(one) for one in found])
        return
    for one in found:
        click.echo(_line(one))


@month.command("show")
@click.argument("month_", metavar="YYYY-MM")
@entity_option
@as_json
@answered
def show(month_: str, entity: str, json_: bool) -> None:
    """The month-end list as it was frozen. 月末账龄表。"""
    by = actor()
    rights.require(by, "receivables.view")
    period = receivables.closed_period(exposure.entity(entity), read_month(month_))
    shown = receivables.frozen_month_shape(period, by)
    frozen = shown["ageing"]
    if json_:
        write_json(shown)
        return
    click.echo(_line(period))
    for currency, found in frozen.get("currencies", {}).items():
        for bucket in (*found["buckets"], {"label": "outstanding", **found["outstanding"]}):
            _row(currency, bucket["label"], bucket)
    for row in frozen.get("customers", []):
        for currency, found in row["currencies"].items():
            outstanding = found["outstanding"]
            click.echo(f"  {row['customer']:20} {currency} {outstanding['count']:>8} {outstanding['amount']:>20}")


def _row(currency: str, label: str, found: dict[str, Any]) -> None:
    click.echo(f"  {currency} {label:12} {found['count']:>8} {found['amount']:>20}")


def _tell(period: Period, json_: bool) -> None:
    if json_:
        write_json(receivables.month_shape(period))
    else:
        click.echo(_line(period))


def _line(one: Period) -> str:
    said = {"closed": _("closed"), "reopened": _("re-opened"), "reopening-asked": _("re-opening asked for")}[
        receivables.month_shape(one)["state"]
    ]
    return f"{one.entity.code}  {one.month:%Y-%m}  {said}  {one.closed_by.username}"
