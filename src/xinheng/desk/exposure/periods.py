"""Closed months: what is closed stays as it was told (semantics.md 4).

A month is closed when it is over, and after the first closing one follows the other: none is skipped, because whatever
lies before a closed month takes nothing more either, and would have no month-end list to show for it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import SamePerson, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.exposure import locks
from xinheng.desk.exposure.models import Entity, Period


class MonthsBefore(XinhengError):
    """Months before it are still open and come first.  params: number, months (YYYY-MM)."""

    code = "MONTHS_BEFORE"


def open_from(entity_id: int) -> date | None:
    """The first day of the earliest open month; None while no month was ever closed."""
    last = Period.objects.filter(entity_id=entity_id, reopened_at=None).aggregate(last=Max("month"))["last"]
    return month_after(last)


def month_after(month: date | None) -> date | None:
    """The first day after a closed month; None for none."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) if month else None


def months_before(entity: Entity, month: date) -> list[date]:
    """The open months that have to be closed before this one, oldest first.

    They follow on the last closed month, or begin with the first that was re-opened.  Before the first closing any
    month may be it: whoever takes over years of history closes none of them one by one.
    """
    found: list[date] = []
    following = open_from(entity.pk) or Period.objects.filter(entity=entity).aggregate(on=Min("month"))["on"]
    while following and following < month.replace(day=1):
        found.append(following)
        following = month_after(following)
    return found


def require_over(month: date) -> None:
    """Raises WrongState for a month that the business date has not left behind."""
    if month.replace(day=1) >= clock.business_date().replace(day=1):
        raise WrongState(what="month", number=f"{month:%Y-%m}", state="NOT_OVER")


def close_month(
    entity: Entity, month: date, *, by: User, month_end: Callable[[], dict[str, Any]] | None = None
) -> Period:
    """Close a month of one entity; ``month_end`` draws up, when nobody can post any more, the list frozen with it.

    Raises:
        WrongState: it is closed already, or not over.  MonthsBefore, Refused, LockTimeout.
    """
    rights.require(by, "periods.close")
    with atomic(durable=False):
        locks.alone()
        month = month.replace(day=1)
        require_over(month)
        opened = open_from(entity.pk)
        if opened and month < opened:
            raise WrongState(what="month", number=f"{month:%Y-%m}", state="CLOSED")
        if earlier := months_before(entity, month):
            raise MonthsBefore(number=f"{month:%Y-%m}", months=[f"{one:%Y-%m}" for one in earlier])
        ageing = month_end() if month_end else {}
        period = Period.objects.create(entity=entity, month=month, closed_at=clock.now(), closed_by=by, ageing=ageing)
        audit.record("periods", "exposure.month.closed", f"{entity.code}/{month:%Y-%m}", by=by)
        return period


def reopen_month(entity: Entity, *, by: User, reason: str = "") -> Period:
    """Re-open the last closed month: the first call asks and may say why, another person's call opens.

    Raises:
        WrongState: nothing is closed.
        SamePerson: whoever asked cannot also agree.  Refused, LockTimeout.
    """
    rights.require(by, "periods.reopen")
    with atomic():
        locks.alone()
        period = Period.objects.filter(entity=entity, reopened_at=None).order_by("-month").first()
        if period is None:
            raise WrongState(what="month", number=entity.code, state="OPEN")
        subject = f"{entity.code}/{period.month:%Y-%m}"
        if period.reopening_asked_by is None:
            period.reopening_asked_by, period.reopening_reason = by, reason.strip()
            data = {"reason": period.reopening_reason}
            audit.record("periods", "exposure.month.reopening-asked", subject, by=by, data=data)
        elif period.reopening_asked_by == by:
            raise SamePerson(what="month", number=subject)
        else:
            period.reopened_at, period.reopened_by = clock.now(), by
            audit.record("periods", "exposure.month.reopened", subject, by=by, data={"reason": reason.strip()})
        period.save()
        return period
