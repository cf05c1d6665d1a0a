"""A back-test as a job: nothing is written but its answer, so one that was stopped or whose worker died begins anew."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base import formats, policies, rights
from xinheng.base.jobs.actions import ask_for
from xinheng.base.jobs.kinds import Told
from xinheng.base.jobs.running import Running
from xinheng.base.models import Job, User
from xinheng.desk.control.backtest.report import BadPeriod, backtest, backtest_json
from xinheng.desk.control.backtest.told import backtest_parts

#: So many orders of each sort are kept with the job; its counts and sums are of all of them.
_KEPT = 1_000
RIGHT = "policy.backtest"


def ask_for_backtest(document: str, *, since: date | None, until: date, by: User) -> Job:
    """Let a worker try a policy document on what happened.

    Raises:
        Refused, BadPolicy, BadPeriod.
    """
    rights.require(by, RIGHT)
    policies.parsed(document)
    if since is not None and since > until:
        raise BadPeriod(since=since, until=until)
    days = {"since": since.isoformat() if since else None, "until": until.isoformat()}
    return ask_for("backtest", {"document": document, **days}, by=by)


def try_policy(running: Running) -> dict[str, Any]:
    """Try the policy of the arguments; progress counts the customers whose story is told."""
    rights.require(running.by, RIGHT)
    asked = running.arguments
    since = date.fromisoformat(asked["since"]) if asked["since"] else None
    running.tick("trying", 0, 0)
    found = backtest(
        policies.parsed(asked["document"]), since=since, until=date.fromisoformat(asked["until"]),
        tick=lambda done, of: running.tick("trying", done, of),
    )  # fmt: skip
    answer: dict[str, Any] = backtest_json(found)
    goods = answer["deliveries"]
    for side in (answer["newly_held"], answer["newly_freed"], goods["newly_stopped"], goods["newly_let_go"]):
        side["orders"] = side["orders"][:_KEPT]
    return answer


def told(job: Job) -> Told:
    """Over which days, and what would have come of it."""
    asked = job.arguments
    until = formats.day(date.fromisoformat(asked["until"]))
    if asked["since"]:
        since = formats.day(date.fromisoformat(asked["since"]))
        about = pgettext("back-test", "%(since)s to %(until)s") % {"since": since, "until": until}
    else:
        about = _("up to %(until)s") % {"until": until}
    if job.result is None:
        return Told(about)
    parts = list(backtest_parts(job.result))
    return Told(
        about, tuple(said for said, rows in parts if not rows), tuple((said, rows) for said, rows in parts if rows)
    )
