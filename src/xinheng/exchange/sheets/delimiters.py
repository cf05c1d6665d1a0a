"""Which character divides the cells of a text file: the one that its first lines agree on."""

import csv
from collections.abc import Sequence
from pathlib import Path

from xinheng.exchange.sheets.errors import BadDelimiter, DelimiterUnclear

DELIMITERS = (",", ";", "\t", "|")
#: How the delimiters are called on a command line and in sentences.
NAMES = {",": ",", ";": ";", "\t": "tab", "|": "|"}
_BY_NAME = {**{mark: mark for mark in DELIMITERS}, "tab": "\t", "\\t": "\t"}
#: How many lines below the headings are asked.
_LINES = 20


def named(delimiter: str) -> str:
    """The delimiter a person named: the character itself, or the word tab.  Raises BadDelimiter."""
    found = _BY_NAME.get(delimiter.lower() if len(delimiter) > 1 else delimiter)
    if found is None:
        raise BadDelimiter(delimiter=delimiter, choices=list(NAMES.values()))
    return found


def delimiter_of(lines: Sequence[str], *, path: Path) -> str:
    """The delimiter of the headings, the first of ``lines``; quotation marks are respected.

    Where several occur in the headings, the one under which most lines below have as many cells; else the one that
    divides more.  A heading alone needs none.  Raises DelimiterUnclear.
    """
    ranks: dict[str, tuple[int, int]] = {}
    for mark in DELIMITERS:
        counts = [_cells(line, mark) for line in lines[: _LINES + 1]]
        if counts and counts[0] > 1:
            ranks[mark] = (sum(count == counts[0] for count in counts), counts[0])
    if not ranks:
        return ","
    best = max(ranks.values())
    marks = [mark for mark, rank in ranks.items() if rank == best]
    if len(marks) > 1:
        raise DelimiterUnclear(path=path.name, delimiters=[NAMES[mark] for mark in marks])
    return marks[0]


def _cells(line: str, delimiter: str) -> int:
    """How many cells a line has; 0 for a line that cannot stand alone."""
    try:
        return len(next(csv.reader([line], delimiter=delimiter, strict=True), []))
    except csv.Error:
        return 0
