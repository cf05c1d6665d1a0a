"""Work in the background over HTTP: how far it is, and what came of it."""

from typing import Any, Literal

from django.http import HttpRequest

from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Id, Line, Nothing
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.jobs import actions
from xinheng.base.models import Job
from xinheng.base.shapes import JobFileShape, JobShape, job_file_shape, job_shape

room = Room("Jobs 后台任务")
State = Literal[tuple(state.value.lower() for state in Job.State)]  # type: ignore[valid-type]


@room.read("/jobs", Page[JobShape])
def list_jobs(
    request: HttpRequest, kind: Line = "", state: State | None = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """One's own jobs, everybody's for those who manage them; the newest first."""
    asked = {"kind": kind, "state": state.upper() if state else ""}
    found = actions.visible_to(caller(request)).filter(**{name: value for name, value in asked.items() if value})
    return page(found, job_shape, cursor=cursor, limit=limit)


@room.read("/jobs/{number}", JobFileShape)
def show_job(request: HttpRequest, number: Id) -> Any:
    """One job with what came of it."""
    return job_file_shape(actions.job_by_number(number, by=caller(request)))


@room.write("/jobs/{number}/stops", JobShape)
def stop_job(request: HttpRequest, number: Id, body: Nothing) -> Any:
    """Stop a job: at once while it waits, at its next safe point while it runs."""
    return job_shape(actions.stop(number, by=caller(request)))


@room.write("/jobs/{number}/restarts", JobShape)
def restart_job(request: HttpRequest, number: Id, body: Nothing) -> Any:
    """Begin a failed or stopped job again."""
    return job_shape(actions.again(number, by=caller(request)))
