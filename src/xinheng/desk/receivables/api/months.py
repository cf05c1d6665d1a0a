"""Months: closed with their list, read again, re-opened with two signatures."""

from typing import Any

from django.http import HttpRequest

from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import MaybeCode, MonthOf, Stated, Words
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.stated import read_month
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Period
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.shapes import ClosedMonthShape, FrozenMonthShape, MonthShape

room = Room("Months 月结")


class Closing(Stated):
    """Which month; with ``with_earlier`` those before it that are open are closed first."""

    month: MonthOf
    with_earlier: bool = False
    entity: MaybeCode = ""


class Reopening(Stated):
    """Of which entity, and why; whoever asks says it, whoever agrees may leave it out."""

    entity: MaybeCode = ""
    reason: Words = ""


@room.read("/months", Page[MonthShape], right="receivables.view")
def list_months(request: HttpRequest, entity: MaybeCode = "", cursor: Cursor = "", limit: Limit = 50) -> Any:
    """All closings, the newest first."""
    found = Period.objects.select_related("entity", "closed_by", "reopened_by", "reopening_asked_by")
    found = found.filter(entity=exposure.entity(entity)) if entity else found
    return page(found, receivables.month_shape, cursor=cursor, limit=limit)


@room.write("/months", ClosedMonthShape, right="periods.close", makes=True)
def close_month(request: HttpRequest, body: Closing) -> Any:
    """Close a month that is over; nothing takes effect in it any more."""
    by, seller, month = caller(request), exposure.entity(body.entity), read_month(body.month)
    if body.with_earlier:
        *earlier, period = receivables.close_months(seller, month, by=by)
    else:
        earlier, period = [], receivables.close_month(seller, month, by=by)
    before = [receivables.closed_month_shape(one, by) for one in earlier]
    return {**receivables.closed_month_shape(period, by), "earlier": before}


@room.write("/months/reopenings", MonthShape, right="periods.reopen")
def reopen_month(request: HttpRequest, body: Reopening) -> Any:
    """Ask to re-open the last closed month; another person's call opens it."""
    seller = exposure.entity(body.entity)
    return receivables.month_shape(exposure.reopen_month(seller, by=caller(request), reason=body.reason))


@room.read("/months/{month}", FrozenMonthShape, right="receivables.view")
def show_month(request: HttpRequest, month: MonthOf, entity: MaybeCode = "") -> Any:
    """The month-end list as it was frozen; whoever sees some customers sees theirs."""
    period = receivables.closed_period(exposure.entity(entity), read_month(month))
    return receivables.frozen_month_shape(period, caller(request))
