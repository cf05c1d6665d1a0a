"""The month-end list 月末账龄表: what every customer owed when a month was closed, frozen with it (semantics.md 4).

It is drawn up under the lock that closes the month, aged by due day in the policy's bounds, and never changes again; a
month that is re-opened and closed once more gets a list of its own beside the first one.
"""

from datetime import date, timedelta
from typing import Any

from xinheng.base import policies, rights
from xinheng.base.errors import BadInput
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Moment, Period
from xinheng.desk.receivables.ageing import Ask, age, as_json
from xinheng.desk.receivables.breakdown import OUTSTANDING, ageing_rows
from xinheng.desk.receivables.scope import AgeingScope
from xinheng.rules.ageing import Bounds, parse_bounds


class NotClosed(BadInput):
    """The month was never closed.  params: number."""

    code = "NOT_CLOSED"


class ClosedWithoutList(BadInput):
    """The month lies before everything the books hold of the entity.  params: number."""

    code = "CLOSED_WITHOUT_LIST"


def close_month(entity: Entity, month: date, *, by: User) -> Period:
    """Close a month of one entity and freeze its month-end list.

    Raises:
        WrongState: it is closed already, or not over.  MonthsBefore, Refused, LockTimeout.
    """
    return exposure.close_month(entity, month, by=by, month_end=lambda: month_end_list(entity, month))


def close_months(entity: Entity, month: date, *, by: User) -> list[Period]:
    """Close a month and, before it, every earlier one that is still open, each with a list of its own; oldest first.

    Each is an action of its own, so that others post between two of them; what was closed stays closed when a later
    one fails.

    Raises:
        WrongState: it is closed already, or not over.  Refused, LockTimeout.
    """
    rights.require(by, "periods.close")
    exposure.require_over(month)
    return [close_month(entity, one, by=by) for one in (*exposure.months_before(entity, month), month)]


def month_end_list(entity: Entity, month: date) -> dict[str, Any]:
    """The ageing of an entity at the end of a month as it is known now: in all, and customer by customer."""
    ask, days = month_end_ask(entity, month)
    owing = [
        {"customer": row.subject.code, "name": row.subject.name, **_sides(ask, row.currencies)}  # type: ignore[union-attr]
        for row in ageing_rows(ask, "customer", order=OUTSTANDING)
    ]
    return as_json(ask, age(ask)) | {"entity": entity.code, "bounds": list(days), "customers": owing}


def month_end_ask(entity: Entity, month: date) -> tuple[Ask, tuple[int, ...]]:
    """What the list asks of the ledger: the last day of the month, in the bounds that the policy of that day names."""
    first = exposure.month_after(month)
    assert first is not None  # noqa: S101 - there is a month
    last = first - timedelta(days=1)
    days = policies.in_force(last).policy.business.ageing_bounds_days
    bounds = parse_bounds(",".join(map(str, days))) if days else Bounds()
    return Ask(Moment(last), bounds=bounds, scope=AgeingScope(entity=entity.code)), tuple(days)


def before_closing(entity: Entity, month: date) -> dict[str, Any]:
    """The totals that the list would freeze if the month were closed now, without its customers."""
    ask, _days = month_end_ask(entity, month)
    return as_json(ask, age(ask))


def list_seen_by(by: User, frozen: dict[str, Any]) -> dict[str, Any]:
    """The list for somebody: who does not see all customers sees their own ones, and no totals over the others."""
    if not frozen or rights.powers(by).scope == "ALL":
        return frozen
    mine = set(customers.visible_to(by).values_list("code", flat=True))
    rows = [row for row in frozen["customers"] if row["customer"] in mine]
    return {key: value for key, value in frozen.items() if key != "currencies"} | {"customers": rows}


def _sides(ask: Ask, currencies: Any) -> dict[str, Any]:
    """A customer's amounts by currency, without those of nothing."""
    found = {code: of for code, of in currencies.items() if of.count or of.unapplied}
    return {"currencies": as_json(ask, found)["currencies"]}


def closed_period(entity: Entity, month: date) -> Period:
    """The last closing of a month.

    Raises:
        NotClosed, ClosedWithoutList.
    """
    period = Period.objects.filter(entity=entity, month=month).order_by("-closed_at").first()
    if period is None:
        opened = exposure.open_from(entity.pk)
        skipped = opened is not None and month < opened
        raise (ClosedWithoutList if skipped else NotClosed)(number=f"{entity.code}/{month:%Y-%m}")
    return period
