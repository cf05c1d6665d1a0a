"""What every kind of file has in common on its way into the books: options, findings, and the steps it goes through.

Rows are taken a chunk at a time into the staging table, judged there against the books, and landed in one transaction.
What is wrong with a row is noted with its line, column, value and a reason; a row has one finding, its first.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar

from xinheng.base.models import User
from xinheng.desk.exposure.public import Entry
from xinheng.exchange.findings import Finding
from xinheng.exchange.staging import Stage
from xinheng.exchange.whose import Whose


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing chose (semantics.md 5).  ``mapping`` is field → heading in the file."""

    keep_good: bool = False
    rejects: Path | None = None
    dry_run: bool = False
    update: bool = False
    create_customers: bool = False
    opening: bool = False
    check: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    entity: str = ""
    delimiter: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Around one import: what was chosen, who imports, the business date and the company's currency."""

    options: Options
    by: User
    on: date
    currency: str


class Intake(ABC):
    """One file of one kind.  Subclasses say what a row becomes."""

    #: Staged columns beside line and state, with their types (``staging.TYPES``).
    columns: ClassVar[Mapping[str, str]]
    #: The right a person needs beside that to import: the one the same thing by hand needs.
    right: ClassVar[str]

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.options = setting.options
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []
        self.updated = 0
        self.stage = Stage(self.columns)
        self.whose = Whose(currency=setting.currency, create=setting.options.create_customers)
        self._refused: set[int] = set()

    @abstractmethod
    def take(self, rows: Sequence[tuple]) -> None:
        """Stage a chunk of readable rows, in the order of the file."""

    @abstractmethod
    def judge(self) -> None:
        """Mark the staged rows against the books; outside any lock."""

    @abstractmethod
    def land(self, entry: Entry) -> None:
        """Write the rows that are new, and with ``--update`` those in conflict; everything is locked."""
