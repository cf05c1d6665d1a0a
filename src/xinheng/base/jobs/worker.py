"""The worker: takes up what waits, says that it lives, and takes over from workers that do not any more."""

import logging
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, connection

from xinheng.base import audit, clock
from xinheng.base.database import atomic
from xinheng.base.errors import LockTimeout, XinhengError
from xinheng.base.jobs import schedule
from xinheng.base.jobs.kinds import ATTEMPTS, kind_of
from xinheng.base.jobs.running import GivenBack, Lost, Running, Stopped
from xinheng.base.models import Job, User
from xinheng.rules.errors import RuleError

State = Job.State
logger = logging.getLogger(__name__)


class Worker:
    """One process that works; ``beat`` and ``dead_after`` are how often it says so and when silence means death."""

    def __init__(self, *, beat: float = 2, dead_after: float = 60, look_every: float = 1) -> None:
        self.name = secrets.token_hex(16)
        self.beat, self.dead_after, self.look_every = beat, timedelta(seconds=dead_after), look_every
        self.running: Running | None = None
        self.leave = threading.Event()

    def stop(self, *_signal: object) -> None:
        """Go at the next safe point; the job at hand waits for another worker."""
        self.leave.set()
        if self.running is not None:
            self.running.leaving = True

    def work(self, *, until_empty: bool = False, owner: User) -> None:
        """Work until told to go, or until nothing waits.  ``owner`` is who asks for what the schedule brings."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self.leave.is_set():
            try:
                schedule.bring(owner)
                self.take_over(owner)
                busy = self.one()
                if (
                    not busy
                    and until_empty
                    and not Job.objects.filter(state__in=(State.WAITING, State.RUNNING)).exists()
                ):
                    return
            except (DatabaseError, LockTimeout):  # a server may restart its database overnight
                logger.exception("the worker waits for the database")
                connection.close()
                busy = False
            if not busy:
                self.leave.wait(self.look_every)

    def take_over(self, owner: User) -> None:
        """Jobs whose worker has fallen silent wait again; what had landed is done, what died too often has failed."""
        now = clock.now()
        silent = Job.objects.filter(state=State.RUNNING, beat_at__lt=now - self.dead_after)
        if not silent.exists():
            return
        with atomic():
            # A row that is locked belongs to somebody who lives, or to a worker that takes it over at this moment.
            for job in silent.select_for_update(skip_locked=True):
                becomes = _after_death(job, now)
                Job.objects.filter(pk=job.pk).update(worker="", **becomes)
                told = {"state": becomes["state"], "attempts": job.attempts}
                audit.record("jobs", "base.job.taken_over", f"job:{job.pk}", by=owner, data=told)

    def one(self) -> bool:
        """Do one job that waits; whether there was one."""
        job = self._claim()
        if job is None:
            return False
        self.running = Running(job)
        try:
            with self._alive(self.running):
                self._do(self.running)
        finally:
            self.running = None
        return True

    def _claim(self) -> Job | None:
        now = clock.now()
        waiting = Job.objects.filter(state=State.WAITING, not_before__lte=now).order_by("not_before", "id")
        for job in waiting[:20]:
            mine = Job.objects.filter(pk=job.pk, state=State.WAITING).update(
                state=State.RUNNING, worker=self.name, beat_at=now, started_at=now, attempts=job.attempts + 1
            )
            if mine:
                job.refresh_from_db()
                return job
        return None

    def _do(self, running: Running) -> None:
        ended = self._outcome(running)  # what the work had open, a list half read, is gone before the end is written
        if ended is not None:
            state, words = ended
            self._end(running, state, **words)

    def _outcome(self, running: Running) -> tuple[State, dict[str, object]] | None:
        """Do the work; how it ended, None where it is somebody else's now."""
        job = running.job
        try:
            return State.DONE, {"result": kind_of(job.kind).work()(running)}
        except Lost:
            logger.warning("job %s went to another worker", job.pk)
            return None
        except GivenBack:
            return State.WAITING, {"attempts": job.attempts - 1, "ended_at": None}
        except Stopped:
            return State.STOPPED, {}
        except (LockTimeout, OperationalError):
            return _once_more(job)
        except (XinhengError, RuleError) as error:
            return State.FAILED, {"error": error.code, "error_params": _plain(error.params)}
        except Exception:
            logger.exception("job %s (%s)", job.pk, job.kind)
            return State.FAILED, {"error": "FAILED"}

    def _end(self, running: Running, state: State, **more: object) -> None:
        """Let the job go.  What has landed stays landed: whatever went wrong afterwards, that job is done."""
        mine = Job.objects.filter(pk=running.job.pk, worker=self.name, state=State.RUNNING)
        now = clock.now()
        stage, done, of = running.told
        with atomic():
            if state != State.DONE and mine.filter(result__isnull=False).update(
                state=State.DONE, ended_at=now, worker=""
            ):
                return
            mine.update(
                **{"state": state, "ended_at": now, "worker": "", "stage": stage, "done": done, "of": of, **more}
            )

    @contextmanager
    def _alive(self, running: Running) -> Iterator[None]:
        """Say every few seconds that this worker lives, from a thread with a connection of its own."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(self.beat):
                try:
                    running.say()
                except DatabaseError:  # a landing keeps every other writer waiting; the next beat comes
                    connection.close()
            connection.close()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _once_more(job: Job) -> tuple[State, dict[str, object]]:
    """Somebody else held what the job needs: a little later again, later each time."""
    if job.attempts >= ATTEMPTS:
        return State.FAILED, {"error": "LOCK_TIMEOUT"}
    return State.WAITING, {"ended_at": None, "not_before": clock.now() + timedelta(seconds=2**job.attempts)}


def _after_death(job: Job, now: datetime) -> dict[str, object]:
    """What becomes of a job whose worker died over it."""
    if job.result is not None:
        return {"state": State.DONE, "ended_at": now}
    if job.stop_asked:
        return {"state": State.STOPPED, "ended_at": now}
    if job.attempts >= ATTEMPTS:
        lost = {"error": "JOB_WORKER_LOST", "error_params": {"times": ATTEMPTS}}
        return {"state": State.FAILED, "ended_at": now, **lost}
    return {"state": State.WAITING, "not_before": now}


def _plain(params: dict[str, object]) -> dict[str, object]:
    """Parameters as JSON keeps them."""
    return {name: value if isinstance(value, (str, int, float, list)) else str(value) for name, value in params.items()}
