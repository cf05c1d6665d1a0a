"""Texts that a spreadsheet would take for a formula: marked where they go out, the mark taken off where they come in.

The mark is the apostrophe with which spreadsheets themselves mark a text.  A number with its sign needs none.
"""

import re

_FORMULA = frozenset("=+-@\t\r")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' ]*")


def as_text(cell: str) -> str:
    """The cell so that no spreadsheet makes a formula of it."""
    return f"'{cell}" if cell[:1] in _FORMULA and cell and not _NUMBER.fullmatch(cell) else cell


def unmarked(cell: str) -> str:
    """The cell as it was before ``as_text``."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and len(cell) > 1 else cell
