"""What day it is for the company.

Rules never ask the clock; doors ask here once and hand the date on.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from xinheng.base import sql
from xinheng.base.models import Company
from xinheng.base.once import once


def company() -> Company:
    """The company whose books these are.

    Raises:
        Company.DoesNotExist: before ``init``.
    """
    return once("company", Company.objects.get)


def business_date() -> date:
    """Today in the company's time zone, unless a business date is set (semantics.md 4).

    Raises:
        Company.DoesNotExist: before ``init``.
    """
    return once("day", lambda: date_of(sql.fetch("SELECT business_date, time_zone FROM base_company")))


def date_of(companies: Sequence[tuple]) -> date:
    """The business date of the company's row (business date, time zone)."""
    if not companies:
        raise Company.DoesNotExist
    set_date, time_zone = companies[0]
    return sql.as_date(set_date) or timezone.now().astimezone(ZoneInfo(time_zone)).date()


def now() -> datetime:
    """The moment something is recorded; aware, UTC."""
    return timezone.now()


def start_of(day: date) -> datetime:
    """The first moment of a day in the company's time zone."""
    return datetime.combine(day, time.min, ZoneInfo(company().time_zone))


def end_of(day: date) -> datetime:
    """The last moment of a day where the company is, in UTC; of the calendar's last day the last moment there is."""
    local = datetime.combine(day, time.max, ZoneInfo(company().time_zone))
    try:
        return local.astimezone(UTC)
    except OverflowError:  # west of Greenwich the calendar ends before that day does
        return datetime.max.replace(tzinfo=UTC)
