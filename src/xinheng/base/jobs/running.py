"""A job under way as its work sees it: where it tells how far it is, is told to stop, and lands what it did."""

from typing import Any

from django.db import connection

from xinheng.base import clock
from xinheng.base.models import Job, User

#: Progress is written when so much of the whole has passed.
_STEP = 0.01


class Stopped(Exception):
    """Somebody asked the job to stop."""


class GivenBack(Exception):
    """The worker is asked to go: the job waits for another one."""


class Lost(Exception):
    """The job is no longer this worker's: it was thought dead and another one has taken it up."""


class Running:
    """One job in the hands of one worker."""

    def __init__(self, job: Job) -> None:
        self.job, self.worker = job, job.worker
        self.leaving = False
        self._told: tuple[str, float] = ("", 0.0)

    @property
    def by(self) -> User:
        """Whoever asked for it, as they are now: roles taken away since are gone."""
        return User.objects.get(pk=self.job.by_id)

    @property
    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = self.job.arguments
        return arguments

    def tick(self, stage: str, done: float, of: float) -> None:
        """A safe point.  Inside a transaction nothing is written: it would hold the row that says the worker lives.

        Raises:
            Stopped, GivenBack, Lost.
        """
        asked = Job.objects.filter(pk=self.job.pk, worker=self.worker, state=Job.State.RUNNING)
        stop = asked.values_list("stop_asked", flat=True).first()
        if stop is None:
            raise Lost
        if stop:
            raise Stopped
        if self.leaving:
            raise GivenBack
        share = done / of if of else 0.0
        if not connection.in_atomic_block and (stage != self._told[0] or abs(share - self._told[1]) >= _STEP):
            self._told = (stage, share)
            asked.update(stage=stage, done=done, of=of)

    def land(self, result: dict[str, Any]) -> None:
        """Write the result; called last in the transaction that writes what the job does, so both stand or neither.

        Raises:
            Lost: then that transaction must not stand.
        """
        mine = Job.objects.filter(pk=self.job.pk, worker=self.worker, state=Job.State.RUNNING)
        if not mine.update(result=result, beat_at=clock.now()):
            raise Lost
