"""A file as a table: headings, then rows of as many cells, each row knowing where it stands in the file."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from xinheng.exchange.findings import Finding
from xinheng.exchange.sheets.cells import CONTROLS, clean
from xinheng.exchange.sheets.errors import BadHeading, ChangedMeanwhile, NoHeadings, TooManyColumns

#: More columns than this are a mistake; our widest table has some twenty.
COLUMNS_MAX = 500
HEADING_MAX = 200
#: A heading may be wrapped; that is how tables are made to look good.
_WRAPPED = re.compile(r"[\t\r\n]")


@dataclass(slots=True)
class Chunk:
    """Some rows in the order of the file.

    ``rows`` have exactly as many cells as there are headings, without blanks around them; ``lines`` are where each
    begins in the file.  Rows that something is wrong with are not among them but in ``findings``.  ``done`` is the
    share of the file that has been read.
    """

    lines: list[int]
    rows: list[list[str]]
    findings: list[Finding]
    done: float


class Sheet(ABC):
    """One open table.  ``headings`` are those of the file, ``size`` its bytes, ``encoding`` how its text is written."""

    headings: tuple[str, ...] = ()
    encoding: str = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._digest = ""

    def digest(self) -> str:
        """SHA-256 over the bytes of the file.  Raises ChangedMeanwhile when they are not the bytes that were read."""
        if not self._digest:
            with self.path.open("rb") as file:
                self._digest = hashlib.file_digest(file, "sha256").hexdigest()
                if file.tell() != self.size:
                    raise ChangedMeanwhile(path=self.path.name)
        return self._digest

    @abstractmethod
    def chunks(self, size: int = 20_000, *, used: Collection[int] | None = None) -> Iterator[Chunk]:
        """The rows, ``size`` of them at a time; memory does not grow with the file.

        ``used`` are the places of the columns that somebody wants: a line break in a remark that nobody takes up is no
        fault then.  Without it every column counts.  Raises BadFile where the file cannot be read any further.
        """

    @abstractmethod
    def close(self) -> None:
        """Give back what is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _places(self, used: Collection[int] | None) -> Sequence[int]:
        return range(len(self.headings)) if used is None else sorted(used)


def checked_headings(cells: Sequence[str], *, path: Path, line: int) -> tuple[str, ...]:
    """The headings that a line says; empty ones behind the last are none.

    Raises NoHeadings, TooManyColumns, BadHeading.
    """
    if any(CONTROLS.search(_WRAPPED.sub(" ", cell)) for cell in clean(cells)):
        raise BadHeading(path=path.name, line=line)
    found = [" ".join(cell.split()) for cell in clean(cells)]
    while found and not found[-1]:
        found.pop()
    if len(found) > COLUMNS_MAX:
        raise TooManyColumns(path=path.name, found=len(found), most=COLUMNS_MAX)
    if any(len(heading) > HEADING_MAX for heading in found):
        raise BadHeading(path=path.name, line=line)
    if not any(character.isalpha() for heading in found for character in heading):
        raise NoHeadings(path=path.name, line=line, found=" | ".join(found)[:HEADING_MAX])
    return tuple(found)
