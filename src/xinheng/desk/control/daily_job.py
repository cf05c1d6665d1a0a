"""The beginning of a business day as a job: nothing is doubled, however often it is begun."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xinheng.base import formats
from xinheng.base.jobs.kinds import Told
from xinheng.base.jobs.running import Running
from xinheng.base.models import Job
from xinheng.desk.control.daily import day_started, start_day


def begin_day(running: Running) -> dict[str, Any]:
    """Begin the day of the arguments, unless somebody has begun it already."""
    on = date.fromisoformat(running.arguments["on"])
    running.tick("beginning", 0, 0)
    if day_started(on):
        return {"date": on.isoformat(), "begun_already": True}
    return {"date": on.isoformat(), **start_day(on, by=running.by).found}


def told_of_day(job: Job) -> Told:
    """Which day began, and what that brought."""
    about = formats.day(date.fromisoformat(job.arguments["on"]))
    if job.result is None:
        return Told(about)
    if job.result.get("begun_already"):
        return Told(about, (_("The day had begun already."),))
    said = _(
        "%(date)s: %(breaches_begun)s breaches found, %(breaches_ended)s ended, %(releases_run_out)s releases ran out, "
        "%(checked_again)s waiting orders checked again."
    )
    return Told(about, (said % job.result,))
