"""A job under way as its work sees it: where it tells how far it is, is told to stop, and lands what it did."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from xinheng.base import clock
from xinheng.base.models import Job, User


class Stopped(Exception):
    """Somebody asked the job to stop."""


class GivenBack(Exception):
    """The worker is asked to go: the job waits for another one."""


class Lost(Exception):
    """The job is no longer this worker's: it was thought dead and another one has taken it up."""


class Running:
    """One job in the hands of one worker.

    ``told`` is how far it is; the thread that says the worker lives writes it down and brings back whether somebody
    wants the job stopped.  The work itself writes no progress: on SQLite that could neither begin while it reads a
    long list nor while somebody else writes.
    """

    def __init__(self, job: Job) -> None:
        self.job, self.worker = job, job.worker
        self.leaving = self.stop_asked = self.lost = False
        self.told: tuple[str, float, float] = (job.stage, job.done, job.of)

    @property
    def by(self) -> User:
        """Whoever asked for it, as they are now: roles taken away since are gone."""
        return User.objects.get(pk=self.job.by_id)

    @property
    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = self.job.arguments
        return arguments

    def tick(self, stage: str, done: float, of: float) -> None:
        """A safe point: say how far the work is, be told to end it.

        Raises:
            Stopped, GivenBack, Lost.
        """
        self.told = (stage, done, of)
        stop = self._mine().values_list("stop_asked", flat=True).first()
        if stop is None or self.lost:
            raise Lost
        if stop or self.stop_asked:
            raise Stopped
        if self.leaving:
            raise GivenBack

    def say(self) -> None:
        """Write down that the worker lives and how far it is; learn whether the job is to be stopped, or lost."""
        stage, done, of = self.told
        with transaction.atomic():
            if self._mine().update(beat_at=clock.now(), stage=stage, done=done, of=of):
                self.stop_asked = bool(self._mine().values_list("stop_asked", flat=True).first())
            else:
                self.lost = True

    def land(self, result: dict[str, Any]) -> None:
        """Write the result; called last in the transaction that writes what the job does, so both stand or neither.

        Raises:
            Lost: then that transaction must not stand.
        """
        if not self._mine().update(result=result, beat_at=clock.now()):
            raise Lost

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, worker=self.worker, state=Job.State.RUNNING)
