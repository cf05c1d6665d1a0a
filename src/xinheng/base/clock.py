"""What day it is for the company.

Rules never ask the clock; doors ask here once and hand the date on.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from xinheng.base import sql
from xinheng.base.models import Company


def company() -> Company:
    """The company whose books these are.

    Raises:
        Company.DoesNotExist: before ``init``.
    """
    return Company.objects.get()


def business_date() -> date:
    """Today in the company's time zone, unless a business date is set (semantics.md 4)."""
    rows = sql.fetch("SELECT business_date, time_zone FROM base_company")
    if not rows:
        raise Company.DoesNotExist
    set_date, time_zone = rows[0]
    return sql.as_date(set_date) or timezone.now().astimezone(ZoneInfo(time_zone)).date()


def now() -> datetime:
    """The moment something is recorded; aware, UTC."""
    return timezone.now()
