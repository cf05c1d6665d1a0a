"""The beginning of a business day as a job: nothing is doubled, however often it is begun."""

from datetime import date
from typing import Any

from xinheng.base.jobs.running import Running
from xinheng.desk.control.daily import day_started, start_day


def begin_day(running: Running) -> dict[str, Any]:
    """Begin the day of the arguments, unless somebody has begun it already."""
    on = date.fromisoformat(running.arguments["on"])
    running.tick("beginning", 0, 0)
    if day_started(on):
        return {"date": on.isoformat(), "begun_already": True}
    return {"date": on.isoformat(), **start_day(on, by=running.by).found}
