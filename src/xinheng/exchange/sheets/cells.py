"""What a cell may hold: one line of text that people can see.

Blanks around a text say nothing and are taken away.  A control character is an error, because nobody sees it and it
makes two codes out of one; so is what a spreadsheet writes where it has no value (#N/A, #REF!).
"""

import re
from collections.abc import Sequence

from xinheng.exchange.findings import Finding

#: Excel's own bound for one cell.
CELL_MAX = 32_767
#: How much of a cell is shown in a finding.
SHOWN = 80

#: Blanks of all widths, and marks without width that programs leave behind, beyond those of ASCII.
WIDE_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200e\u200f\u202f\u205f\u2060\u3000\ufeff"
)
#: Taken away around a text.
BLANKS = " \t\r\n\x0b\x0c" + WIDE_BLANKS
#: Ranges beyond ASCII: old controls, ends of lines and paragraphs, marks that turn the reading direction around, the
#: byte order mark, halves of characters, and what stands for a character that could not be read.
HIGH_CONTROLS = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff\ud800-\udfff"
CONTROLS = re.compile(f"[\x00-\x1f{HIGH_CONTROLS}]")
#: What spreadsheets write instead of a value.
ERRORS = re.compile(
    r"#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|##+)\Z", re.IGNORECASE
)


def fault(cell: str) -> str:
    """The code of what is wrong with a cell, '' for nothing: CELL_TOO_LONG, CELL_CONTROL, CELL_ERROR."""
    if len(cell) > CELL_MAX:
        return "CELL_TOO_LONG"
    if CONTROLS.search(cell):
        return "CELL_CONTROL"
    return "CELL_ERROR" if cell[:1] == "#" and ERRORS.match(cell) else ""


def shown(value: str) -> str:
    """A cell as it can be shown: shortened, and what cannot be seen written out (\\x00, \\u2028)."""
    short = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), short)


def clean(row: Sequence[str]) -> list[str]:
    """The cells without the blanks around them."""
    return [cell.strip(BLANKS) for cell in row]


def is_plain(row: Sequence[str]) -> bool:
    """Whether nothing can be wrong with any cell: asked of all of them at once."""
    joined = "".join(row)
    return "#" not in joined and len(joined) <= CELL_MAX and CONTROLS.search(joined) is None


def first_fault(line: int, row: Sequence[str], headings: Sequence[str], used: Sequence[int]) -> Finding | None:
    """What is wrong with a row of the right length in the columns that are used; its first fault."""
    for place in used:
        code = fault(row[place])
        if code:
            return Finding(line, column(headings, place), shown(row[place]), code, {"most": CELL_MAX})
    return None


def column(headings: Sequence[str], place: int) -> str:
    """What a column is called in a finding: its heading, else its number."""
    return headings[place] if place < len(headings) and headings[place] else f"#{place + 1}"
