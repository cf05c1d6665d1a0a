"""What stood in a file, for remarks that were made after its rows had become dates, amounts and numbers.

A remark names a line and a column; whoever corrects the file looks for the cell, so the cell is shown as it is written.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from xinheng.exchange.findings import Finding
from xinheng.exchange.opening import opened
from xinheng.exchange.options import Options
from xinheng.exchange.sheets import BadFile

_SHOWN = 80
type Place = tuple[int, str]


def as_written(
    findings: list[Finding], lines: Collection[int], *, path: Path, options: Options, places: Mapping[str, int]
) -> list[Finding]:
    """The findings, those on one of ``lines`` with the cell under their column; ``places`` are heading → place.

    What the file has no column for stays as it is, and so does everything when the file was taken away meanwhile.
    """
    wanted: dict[int, set[str]] = defaultdict(set)
    for one in findings:
        if one.line in lines and one.column in places:
            wanted[one.line].add(one.column)
    if not wanted:
        return findings
    try:
        cells = _cells(wanted, path, options, places)
    except BadFile:
        return findings
    return [replace(one, value=cells.get((one.line, one.column), one.value)) for one in findings]


def _cells(wanted: Mapping[int, set[str]], path: Path, options: Options, places: Mapping[str, int]) -> dict[Place, str]:
    found: dict[Place, str] = {}
    last = max(wanted)
    with opened(path, options) as sheet:
        for chunk in sheet.chunks(used=places.values()):
            for line, row in zip(chunk.lines, chunk.rows, strict=True):
                for column in wanted.get(line, ()):
                    found[line, column] = row[places[column]][:_SHOWN]
            if chunk.lines and chunk.lines[-1] >= last:
                break
    return found
