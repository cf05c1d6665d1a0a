"""What people do with jobs: ask for one, stop it, begin it again, look at those that are theirs to see."""

from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Refused, Unknown, WrongState
from xinheng.base.jobs.kinds import kind_of
from xinheng.base.models import Job, User

State = Job.State
#: Whoever holds it sees and stops everybody's jobs; one's own need no right.
RIGHT = "jobs.manage"
#: Longer texts are documents.
_LONG = 2_000


def ask_for(kind: str, arguments: dict[str, Any], *, by: User) -> Job:
    """Let a worker do this with the rights that ``by`` has when it is done; in the caller's transaction or its own.

    Raises:
        Unknown: there is no such kind.
    """
    kind_of(kind)
    now = clock.now()
    with atomic(durable=False):
        job = Job.objects.create(kind=kind, by=by, arguments=arguments, recorded_at=now, not_before=now)
        audit.record(
            "jobs", "base.job.asked_for", f"job:{job.pk}", by=by, data={"kind": kind, "arguments": _short(arguments)}
        )
    return job


def _short(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as an audit line keeps them: a whole document by its fingerprint, the text stands with the job."""
    return {
        name: f"sha256:{sha256(value.encode()).hexdigest()}" if isinstance(value, str) and len(value) > _LONG else value
        for name, value in arguments.items()
    }


def visible_to(by: User) -> QuerySet[Job]:
    """The jobs this person may see: their own, or everybody's."""
    jobs = Job.objects.select_related("by")
    return jobs if rights.may(by, RIGHT) else jobs.filter(by=by)


def job_by_number(number: int, *, by: User) -> Job:
    """The job with this number.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = visible_to(by).filter(pk=number).first()
    if found is None:
        raise Unknown(what="job", number=number)
    return found


def stop(number: int, *, by: User) -> Job:
    """Stop a job: at once while it waits, at its next safe point while it runs.

    Raises:
        Unknown, WrongState, Refused.
    """
    job = job_by_number(number, by=by)
    with atomic():
        waiting, running = (_mine(job, by).filter(state=state) for state in (State.WAITING, State.RUNNING))
        if not (
            waiting.update(state=State.STOPPED, ended_at=clock.now(), stop_asked=True)
            or running.update(stop_asked=True)
        ):
            raise _wrong(job)
        audit.record("jobs", "base.job.stopped", f"job:{job.pk}", by=by)
    return job_by_number(number, by=by)


def again(number: int, *, by: User) -> Job:
    """Let a job that failed or was stopped begin again, with the rights of whoever asked for it first.

    Raises:
        Unknown, WrongState, Refused.
    """
    job = job_by_number(number, by=by)
    with atomic():
        ended = _mine(job, by).filter(state__in=(State.FAILED, State.STOPPED))
        if not ended.update(
            state=State.WAITING, not_before=clock.now(), ended_at=None, started_at=None, stop_asked=False, attempts=0,
            error="", error_params={}, stage="", done=0, of=0,
        ):  # fmt: skip
            raise _wrong(job)
        audit.record("jobs", "base.job.begun_again", f"job:{job.pk}", by=by)
    return job_by_number(number, by=by)


def _mine(job: Job, by: User) -> QuerySet[Job]:
    if job.by_id != by.pk and not rights.may(by, RIGHT):
        raise Refused(right=RIGHT, who=", ".join(rights.holders(RIGHT)))
    return Job.objects.filter(pk=job.pk)


def _wrong(job: Job) -> WrongState:
    job.refresh_from_db()
    return WrongState(what="job", number=job.pk, state=job.state)
