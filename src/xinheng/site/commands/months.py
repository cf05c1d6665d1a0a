"""``month``: close a month with its month-end list, read the list again, re-open it with two signatures."""

from datetime import date
from typing import Any

import click
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.base.errors import BadInput, Unknown
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Period
from xinheng.desk.receivables import public as receivables
from xinheng.site.commands.common import actor, answered, as_json, entity_option, write_json


class BadMonth(BadInput):
    """params: value."""

    code = "BAD_MONTH"


@click.group()
def month() -> None:
    """Closed months and their month-end lists. 月结。"""


@month.command("close")
@click.argument("month_", metavar="YYYY-MM")
@entity_option
@as_json
@answered
def close(month_: str, entity: str, json_: bool) -> None:
    """Close a month; nothing takes effect in it any more. 月结。"""
    period = receivables.close_month(exposure.entity(entity), _month(month_), by=actor())
    _tell(period, json_)


@month.command("reopen")
@entity_option
@as_json
@answered
def reopen(entity: str, json_: bool) -> None:
    """Ask to re-open the last closed month; another person's call opens it. 反月结。"""
    _tell(exposure.reopen_month(exposure.entity(entity), by=actor()), json_)


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
        write_json([_about(one) for one in found])
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
    seller = exposure.entity(entity)
    period = Period.objects.filter(entity=seller, month=_month(month_)).order_by("-closed_at").first()
    if period is None:
        raise Unknown(what="month", number=f"{seller.code}/{month_}")
    frozen = _seen_by(by, period.ageing)
    if json_:
        write_json(_about(period) | {"ageing": frozen})
        return
    click.echo(_line(period))
    for currency, found in frozen.get("currencies", {}).items():
        for bucket in (*found["buckets"], {"label": "outstanding", **found["outstanding"]}):
            click.echo(f"  {currency} {bucket['label']:12} {bucket['count']:>8} {bucket['amount']:>20}")
    for row in frozen.get("customers", []):
        for currency, found in row["currencies"].items():
            outstanding = found["outstanding"]
            click.echo(f"  {row['customer']:20} {currency} {outstanding['count']:>8} {outstanding['amount']:>20}")


def _seen_by(by: User, frozen: dict[str, Any]) -> dict[str, Any]:
    """The list for somebody: who does not see all customers sees their own ones, and no totals over the others."""
    if not frozen or rights.powers(by).scope == "ALL":
        return frozen
    mine = set(customers.visible_to(by).values_list("code", flat=True))
    rows = [row for row in frozen["customers"] if row["customer"] in mine]
    return {key: value for key, value in frozen.items() if key != "currencies"} | {"customers": rows}


def _tell(period: Period, json_: bool) -> None:
    if json_:
        write_json(_about(period))
    else:
        click.echo(_line(period))


def _month(text: str) -> date:
    """A month as typed: YYYY-MM.

    Raises:
        BadMonth
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadMonth(value=text[:20]) from None


def _about(one: Period) -> dict[str, Any]:
    return {
        "entity": one.entity.code,
        "month": f"{one.month:%Y-%m}",
        "state": _state(one),
        "closed_at": one.closed_at.isoformat(),
        "closed_by": one.closed_by.username,
        "reopening_asked_by": one.reopening_asked_by.username if one.reopening_asked_by else None,
        "reopened_by": one.reopened_by.username if one.reopened_by else None,
    }


def _state(one: Period) -> str:
    if one.reopened_at:
        return "reopened"
    return "reopening-asked" if one.reopening_asked_by else "closed"


def _line(one: Period) -> str:
    said = {"closed": _("closed"), "reopened": _("re-opened"), "reopening-asked": _("re-opening asked for")}[
        _state(one)
    ]
    return f"{one.entity.code}  {one.month:%Y-%m}  {said}  {one.closed_by.username}"
