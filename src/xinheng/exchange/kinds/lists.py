"""Files of what documents lean on: entities, rates, customers, lines.  Their rows are few enough to be kept in memory.

A row is present when everything it states is said already, in conflict when it differs; ``--update`` lets it take the
place of what is there.
"""

import hashlib
from abc import abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from xinheng.exchange.cells import Cells
from xinheng.exchange.findings import Finding
from xinheng.exchange.intake import Intake, Judged, Setting
from xinheng.exchange.staging import State


@dataclass(slots=True)
class Kept:
    """One row: its line, its key within the file, what it states."""

    line: int
    key: Hashable
    stated: dict[str, Any]
    state: State = State.BULK
    found: Any = None  # what the books have under this key
    shown: str = field(default="")

    @property
    def lands(self) -> bool:
        return self.state in (State.BULK, State.CONFLICT)


class Lists(Intake):
    """One file whose rows are kept in memory."""

    #: The field under which a repeated row is told.
    key_field: str = "code"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.rows: list[Kept] = []

    def take(self, cells: Cells) -> None:
        taken = list(self.read(cells))
        self.findings += cells.findings
        bad = {one.line for one in cells.findings}
        for row in taken:
            if row.line in bad:
                row.state = State.BAD
        self.rows += taken

    @abstractmethod
    def read(self, cells: Cells) -> Iterator[Kept]:
        """The rows of a chunk; those with a finding too, so that their keys are known."""

    def judge(self) -> Judged:
        self.remarks = []
        for row in self.rows:
            if row.state is not State.BAD:
                row.state = State.BULK
        self._look_at_keys()
        good = [row for row in self.rows if row.state is State.BULK]
        self.look_up(good)
        refused = []
        for row in good:
            if row.state is State.BAD or row.found is None:
                continue
            differs = self.differing(row)
            row.state = State.CONFLICT if differs else State.PRESENT
            if differs and not self.options.update:
                params = {"number": row.shown, "field": self.setting.heading(differs)}
                refused.append(self.finding(row.line, differs, "CONFLICT_ROW", row.shown, **params))
        self.refuse(refused)
        counts = {state: sum(row.state is state for row in self.rows) for state in State}
        return Judged(counts[State.BULK], counts[State.PRESENT], counts[State.CONFLICT])

    def again(self) -> Judged:
        return self.judge()

    def _look_at_keys(self) -> None:
        seen: set[Hashable] = set()
        refused = []
        for row in self.rows:
            if row.key in seen and row.state is not State.BAD:
                refused.append(self.finding(row.line, self.key_field, "REPEATED", row.shown, number=row.shown))
            seen.add(row.key)
        self.refuse(refused)

    @abstractmethod
    def look_up(self, rows: Sequence[Kept]) -> None:
        """Set ``found`` of rows whose key the books know, and refuse rows that name what nobody knows."""

    @abstractmethod
    def differing(self, row: Kept) -> str:
        """The first stated field in which the books say something else; '' when they say the same."""

    def refuse(self, findings: Iterable[Finding]) -> None:
        found = list(findings)
        if not found:
            return
        self.findings += found
        lines = {one.line for one in found}
        for row in self.rows:
            if row.line in lines:
                row.state = State.BAD

    def prepare(self) -> tuple[list[int], list[int]]:
        return [], []

    def landing(self) -> list[Kept]:
        """The rows that land: new ones and corrections."""
        return [row for row in self.rows if row.lands]

    def digest(self, landed: int) -> str:
        lines = "\n".join(f"{row.key}\t{sorted(row.stated.items())}" for row in self.landing())
        return hashlib.sha256(lines.encode()).hexdigest()
