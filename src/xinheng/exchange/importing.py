"""Bringing a file into the books (semantics.md 5): one file is one transaction and one batch with a number.

Reading, staging and judging happen outside any lock.  Only then does the landing begin: the accounts are locked in one
fixed order, what somebody else has written meanwhile is looked at again, and all is written at once or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError
from django.db.models import Max

from xinheng.base import audit, clock, rights
from xinheng.base.database import atomic, is_postgres
from xinheng.base.models import Batch, User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.notices.public import together
from xinheng.exchange import headings
from xinheng.exchange.cells import Cells
from xinheng.exchange.findings import Finding
from xinheng.exchange.intake import Intake, Judged, Rejected, Setting
from xinheng.exchange.kinds import MAKERS
from xinheng.exchange.looking_again import as_written
from xinheng.exchange.opening import called, opened
from xinheng.exchange.options import Options, Result, Tick
from xinheng.exchange.rejects import put_aside, require_place
from xinheng.exchange.sheets import BadFile, Sheet
from xinheng.rules.amounts import decimal_separator_of

__all__ = ["KINDS", "Options", "Result", "run_import"]

KINDS = tuple(MAKERS)
#: Somebody else may post a number between judging and landing; then the file is judged anew.
_TRIES = 4
_CHUNK = 20_000
#: What may be an amount, for finding out which mark divides decimals.
_AMOUNTS = ("amount", "net", "tax", "limit", "extra")


#: Nothing special was chosen.
_USUAL = Options()


def run_import(
    kind: str,
    path: Path,
    options: Options = _USUAL,
    *,
    by: User,
    tick: Tick | None = None,
    landed: Callable[[int], None] | None = None,
) -> Result:
    """Import one file.  What is wrong with rows is in the result; ``result.refused`` tells that nothing was written.

    ``landed`` is told the batch at the end of its transaction; whatever it raises undoes that.

    Raises:
        BadFile: the file as a whole cannot be read.  NotWritten: the rejects have no place.  Refused.  LockTimeout.
    """
    rights.require(by, "import.run")
    rights.require(by, MAKERS[kind].right)
    if options.check:
        rights.require(by, "orders.check")
    if options.rejects is not None:
        require_place(options.rejects, path)
    with opened(path, options) as sheet:
        run = _Run(kind, path, options, by, tick or _silent, sheet)
        run.landed = landed
        try:
            run.read()
            run.judge()
            if run.may_land:
                run.land()
            elif options.dry_run:
                run.money = run.intake.money()
        except BadFile as refused:
            called(refused, options)
            raise
        finally:
            run.intake.close()
        result = run.result()
    if options.rejects is not None and result.errors:
        put_aside(path, options, result)
    return result


def _silent(_stage: str, _done: float, _of: float) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class _Stamp:
    """What had been written when the file was judged."""

    batch: int
    document: int
    movement: int
    closed_months: int


class _Run:
    """One import on its way."""

    def __init__(self, kind: str, path: Path, options: Options, by: User, tick: Tick, sheet: Sheet) -> None:
        self.kind, self.path, self.options, self.by, self.tick, self.sheet = kind, path, options, by, tick, sheet
        self.found = headings.match(kind, sheet.headings, options.mapping)
        setting = Setting(
            options=options,
            by=by,
            on=clock.business_date(),
            currency=clock.company().currency,
            columns=self.found.columns,
            headings=sheet.headings,
            tick=tick,
        )
        self.intake: Intake = MAKERS[kind](setting)
        self.rows = 0
        self.judged = Judged()
        self.batch: Batch | None = None
        self.landed: Callable[[int], None] | None = None
        self.stamp = _Stamp(0, 0, 0, 0)
        self.money: dict[str, int] = {}

    def read(self) -> None:
        """Take the rows a chunk at a time."""
        separator: str | None = None
        for chunk in self.sheet.chunks(_CHUNK, used=self.found.columns.values()):
            if separator is None:
                separator = self._separator(chunk.rows)
            cells = Cells(chunk.lines, chunk.rows, self.found.columns, self.sheet.headings, separator)
            self.intake.take(cells)
            self.intake.findings += chunk.findings
            self.rows += len(chunk.rows) + len({one.line for one in chunk.findings})
            self.tick("reading", chunk.done, 1)

    def _separator(self, rows: list[list[str]]) -> str | None:
        places = [self.found.columns[name] for name in _AMOUNTS if name in self.found.columns]
        return decimal_separator_of(row[place] for row in rows[:2_000] for place in places)

    def judge(self) -> None:
        self.tick("judging", 0, 0)
        self.stamp = _stamp()
        self.judged = self.intake.judge()
        self.tick("judging", 1, 1)

    @property
    def may_land(self) -> bool:
        """Whether there is something to write and nothing stands against it."""
        if self.options.dry_run or (self.intake.findings and not self.options.keep_good):
            return False
        return bool(self.judged.new or self.judged.updated or (self.options.check and self.judged.present))

    def land(self) -> None:
        """Write everything in one transaction; what turns out to be wrong under the lock is judged again."""
        for attempt in range(_TRIES):
            self.tick("landing", 0, self.judged.new + self.judged.updated)
            try:
                with atomic():
                    self._land()
                return
            except Rejected as refused:
                self.batch = None
                self.intake.warnings.clear()
                self.intake.refuse(refused.findings)
            except IntegrityError:
                self.batch = None
                self.intake.warnings.clear()
                if attempt + 1 == _TRIES:
                    raise
            self.stamp = _stamp()
            self.judged = self.intake.again()
            if not self.may_land:
                return

    def _land(self) -> None:
        customers, groups = self.intake.prepare()
        held = exposure.lock(customers, groups)
        self.tick("landing", 0, self.judged.new + self.judged.updated)
        if _stamp() != self.stamp:
            before = len(self.intake.findings)
            self.judged = self.intake.again()
            if len(self.intake.findings) > before and not self.options.keep_good:
                raise Rejected([])
            self.intake.prepare()
        if self.judged.new or self.judged.updated:
            self.batch = self._batch()
        batch_id = self.batch.pk if self.batch else None
        entry = exposure.open_entry(f"exchange.{self.kind}.imported", by=self.by, batch_id=batch_id)
        with together():
            self.intake.land(entry, held)
        self.tick("landing", 1, 1)
        if not self.options.opening:  # history frees nobody and puts nobody in breach; the next day begins with a look
            self.intake.tell(entry)
        self._note()
        self.tick("landing", 1, 1)
        if self.landed is not None and self.batch is not None:
            self.landed(self.batch.pk)

    def _batch(self) -> Batch:
        landed = self.judged.new + self.judged.updated
        return Batch.objects.create(
            kind=self.kind,
            file_name=(self.options.file_name or self.path.name)[:255],
            file_digest=self.sheet.digest(),
            rows_digest=self.intake.digest(landed),
            options=self.options.stored(),
            result={"accepted": self.judged.new, "updated": self.judged.updated, "before": self.intake.before()},
            recorded_at=clock.now(),
            recorded_by=self.by,
        )

    def _note(self) -> None:
        """One audit line for the whole file, with the fingerprint of what landed."""
        batch = self.batch
        if batch is None:
            return
        data = {
            "kind": self.kind,
            "file": batch.file_name,
            "file_digest": batch.file_digest,
            "rows_digest": batch.rows_digest,
            "accepted": self.judged.new,
            "updated": self.judged.updated,
        }
        audit.record("files", "exchange.file.imported", f"batch:{batch.pk}", by=self.by, data=data)

    def _as_written(self, findings: list[Finding]) -> list[Finding]:
        """The findings with the cells they are about."""
        places = {self.sheet.headings[place]: place for place in self.found.columns.values()}
        judged = self.intake.judged_lines
        return as_written(findings, judged, path=self.path, options=self.options, places=places)

    def result(self) -> Result:
        """What came of it, for every door."""
        landed = self.batch is not None or self.options.dry_run
        errors = sorted(self._as_written(self.intake.findings), key=lambda one: (one.line, one.column))
        if errors and not self.options.keep_good:
            landed = False
        warnings = [*self.found.warnings, *self.intake.warnings, *self.intake.remarks]
        return Result(
            kind=self.kind,
            batch=self.batch.pk if self.batch else None,
            rows=self.rows,
            accepted=self.judged.new if landed else 0,
            already_present=self.judged.present,
            updated=self.judged.updated if landed else 0,
            rejected=len({one.line for one in errors}),
            void=self.intake.void,
            dry_run=self.options.dry_run,
            warnings=sorted(self._as_written(warnings), key=lambda one: one.line),
            errors=errors,
            money=self.money,
        )


def _stamp() -> _Stamp:
    """The newest batch, document and movement there are, and how many months are closed."""
    batch = Batch.objects.aggregate(last=Max("pk"))["last"] or 0
    document = exposure.Document.objects.aggregate(last=Max("pk"))["last"] or 0
    movement = exposure.Movement.objects.aggregate(last=Max("pk"))["last"] or 0
    closed = exposure.Period.objects.filter(reopened_at=None).count()
    return _Stamp(batch, document, movement, closed)


def seconds_of_landing(rows: int) -> float:
    """About how long the landing of so many rows keeps every other writer waiting; PostgreSQL locks accounts only."""
    return 0.0 if is_postgres() else rows / _SQLITE_ROWS_PER_SECOND


#: Measured by ``make bench``: rows that SQLite lands a second, two cores, synchronous FULL.
_SQLITE_ROWS_PER_SECOND = 30_000
