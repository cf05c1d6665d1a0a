"""What every kind of file has in common on its way into the books, and the steps it goes through.

Rows are taken a chunk at a time into the staging table, judged there against the books, and landed in one transaction.
What is wrong with a row is noted with its line, column, value and a reason; a row has one finding, its first.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from xinheng.base.models import User
from xinheng.desk.exposure.public import Entry, Held
from xinheng.exchange.cells import Cells
from xinheng.exchange.days import Days
from xinheng.exchange.findings import Finding
from xinheng.exchange.options import Options, Tick

Locked = Mapping[tuple[str, int], Held]


@dataclass(frozen=True, slots=True)
class Setting:
    """Around one import: what was chosen, who imports, the business date, the company's currency, the file's columns.

    ``columns`` maps fields to their place among the ``headings``.
    """

    options: Options
    by: User
    on: date
    currency: str
    columns: Mapping[str, int]
    headings: Sequence[str]
    tick: Tick

    def has(self, field: str) -> bool:
        """Whether the file has a column for the field."""
        return field in self.columns

    def heading(self, field: str) -> str:
        """What the file calls the field."""
        place = self.columns.get(field)
        return field if place is None else self.headings[place]


@dataclass(slots=True)
class Judged:
    """How many rows will be new, are there already, or take the place of what is there."""

    new: int = 0
    present: int = 0
    updated: int = 0


class Rejected(Exception):
    """Rows that could not be recorded after all, found under the lock; the transaction is given up and judged again."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} rows")


class Intake(ABC):
    """One file of one kind.  Subclasses say what a row becomes."""

    #: The right a person needs to import: the one the same thing by hand needs.
    right: ClassVar[str]

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.options = setting.options
        self.days = Days(setting.options.date_format)
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []  # told while the rows were taken or landed
        self.remarks: list[Finding] = []  # told while they were judged; each judging begins anew
        self.judged_lines: set[int] = set()  # with a remark made from what was staged, not from the cells
        self.void = 0

    @abstractmethod
    def take(self, cells: Cells) -> None:
        """Stage the good rows of a chunk."""

    @abstractmethod
    def judge(self) -> Judged:
        """Compare the staged rows with the books, outside any lock; may be asked again."""

    @abstractmethod
    def refuse(self, findings: Iterable[Finding]) -> None:
        """These rows will not land."""

    @abstractmethod
    def prepare(self) -> tuple[list[int], list[int]]:
        """The landing has begun: make what is missing; the customers and groups to lock."""

    @abstractmethod
    def land(self, entry: Entry, held: Locked) -> None:
        """Write the rows that are new, and with ``--update`` those in conflict; everything is locked.

        Raises:
            Rejected: rows that only now turn out to be wrong.
        """

    def tell(self, entry: Entry) -> None:  # noqa: B027 - most kinds have nobody to tell
        """Let those know who wait for what has landed; the last thing in the transaction."""

    @abstractmethod
    def digest(self, landed: int) -> str:
        """SHA-256 over the rows that land."""

    def before(self) -> list[Any]:
        """What stood where the rows land, as far as only the batch will know it; asked before anything is written."""
        return []

    def money(self) -> dict[str, int]:
        """What the rows that would land are worth, in minor units by currency; nothing where rows are no money."""
        return {}

    @abstractmethod
    def again(self) -> Judged:
        """Judge once more, because somebody else has written meanwhile."""

    def close(self) -> None:  # noqa: B027 - rows in memory go by themselves
        """Nothing is left of the rows."""

    def finding(self, line: int, field: str, code: str, value: Any = "", /, **params: Any) -> Finding:
        """What is wrong with a staged row; the cell itself is shown once the file is looked at again."""
        self.judged_lines.add(line)
        return Finding(line, self.setting.heading(field), str(value)[:80], code, params)


def unstated[Cell](column: Sequence[Cell | None], blank: Any) -> Sequence[Any]:
    """A column as it is staged: what is blank becomes ``blank``."""
    if None in column or "" in column:
        return [blank if cell is None or cell == "" else cell for cell in column]
    return column


#: Makes the intake of a file.
Maker = Callable[[Setting], Intake]
