"""Which column of a file is which field, by the headings that finance desks and their programs write.

Every kind of file has its canonical columns (semantics.md 5), whose names always do.  Beside them many Chinese and
English headings are known.  Where one heading can mean two things the others of the file decide: 金额 beside 价税合计
is the amount without tax, alone it is the amount; 发票号码 beside a number of our own is the fapiao's, alone it is the
number.  What cannot be decided is asked for with --map; a heading that nobody knows is told and left alone.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xinheng.exchange.findings import Finding
from xinheng.exchange.known_headings import FLAGS, IGNORED, KINDS, LAST, LIKELY, ONE_OF, SIMPLER, SURE, Column
from xinheng.exchange.sheets import BadFile

__all__ = ["KINDS", "Headings", "guess", "match"]


class DuplicateHeading(BadFile):
    """One heading stands over two columns.  params: heading, columns (their numbers)."""

    code = "HEADING_TWICE"


class SameField(BadFile):
    """Two headings mean one field.  params: field, headings."""

    code = "HEADING_SAME_FIELD"


class HeadingAbsent(BadFile):
    """A mapping names a heading that the file has not got.  params: field, heading, found."""

    code = "HEADING_ABSENT"


class FieldUnknown(BadFile):
    """A mapping names a field that files of this kind have not got.  params: field, kind, fields."""

    code = "FIELD_UNKNOWN"


class ColumnMissing(BadFile):
    """A column that must be there is not.  params: fields, kind, known (spellings that would do), found."""

    code = "COLUMN_MISSING"


class FlagHeading(BadFile):
    """A column that says yes or no to what the status should say in words.  params: heading, field."""

    code = "HEADING_FLAG"


#: How many spellings a sentence names.
_EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class Headings:
    """``columns`` gives the place of each field; ``warnings`` tell headings nobody knows."""

    columns: Mapping[str, int]
    unknown: Sequence[str] = ()
    warnings: list[Finding] = field(default_factory=list)


def fields_of(kind: str) -> tuple[str, ...]:
    """The canonical names of the columns of a kind, required ones first."""
    return tuple(sorted(KINDS[kind], key=lambda name: not KINDS[kind][name].required))


def match(kind: str, headings: Sequence[str], mapping: Mapping[str, str], *, line: int = 1) -> Headings:
    """The place of every field of a ``kind`` among the ``headings``; ``mapping`` is field → heading and goes first.

    ``line`` is where the headings stand.  Raises DuplicateHeading, SameField, HeadingAbsent, FieldUnknown,
    ColumnMissing.
    """
    columns = KINDS[kind]
    plain = [_plain(heading) for heading in headings]
    _refuse_duplicates(headings)
    taken = _mapped(kind, headings, plain, mapping)
    taken |= _recognised(kind, headings, plain, taken)
    _refuse_missing(kind, taken, headings)
    _refuse_flags(kind, taken, headings, plain)
    unknown = [
        heading
        for place, heading in enumerate(headings)
        if heading and place not in taken.values() and plain[place] not in IGNORED
    ]
    warnings = [Finding(line, heading, heading, "HEADING_UNKNOWN", {"heading": heading}) for heading in unknown]
    return Headings({name: taken[name] for name in columns if name in taken}, tuple(unknown), warnings)


def guess(headings: Sequence[str]) -> list[str]:
    """The kinds whose required columns are all there, best first: few unknown headings, few columns missing."""
    ranked = []
    for kind in KINDS:
        try:
            found = match(kind, headings, {})
        except BadFile:
            continue
        ranked.append((len(found.unknown), -len(found.columns) / len(KINDS[kind]), kind))
    return [kind for _, _, kind in sorted(ranked)]


#: A unit behind an amount that says nothing; 万元 does.
_UNIT = re.compile(r"[(（\[【]\s*元\s*[)）\]】]")


def _plain(heading: str) -> str:
    """A heading without what does not matter: case, blanks, marks, full width, the script, (元)."""
    folded = unicodedata.normalize("NFKC", _UNIT.sub("", heading)).casefold().translate(SIMPLER)
    return "".join(character for character in folded if character.isalnum())


def _refuse_duplicates(headings: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for place, heading in enumerate(headings):
        key = heading.casefold()
        if key and key in first:
            raise DuplicateHeading(heading=heading, columns=[first[key] + 1, place + 1])
        first[key] = place


def _mapped(kind: str, headings: Sequence[str], plain: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """The places a person named; one column may say two things (a receipt numbered as its invoice)."""
    taken: dict[str, int] = {}
    for name, heading in mapping.items():
        if name not in KINDS[kind]:
            raise FieldUnknown(field=name, kind=kind, fields=list(fields_of(kind)))
        places = [place for place, found in enumerate(headings) if found == heading.strip()]
        places = places or [place for place, found in enumerate(plain) if found and found == _plain(heading)]
        if not places:
            raise HeadingAbsent(field=name, heading=heading, found=list(filter(None, headings)))
        taken[name] = places[0]
    return taken


def _recognised(kind: str, headings: Sequence[str], plain: Sequence[str], mapped: Mapping[str, int]) -> dict[str, int]:
    """Fields and places that need no mapping: sure spellings first, then likely ones, then what is left.

    Raises SameField where two headings are equally sure.
    """
    taken = dict(mapped)
    for rank in (SURE, LIKELY, LAST):
        for name, column in KINDS[kind].items():
            if name in taken or (rank == LIKELY and column.yields_to(taken)):
                continue
            spellings = column.spellings(name)[rank]
            free = [
                place for place, heading in enumerate(plain) if heading in spellings and place not in taken.values()
            ]
            if len(free) > 1:
                raise SameField(field=name, headings=[headings[place] for place in free])
            if free:
                taken[name] = free[0]
    return taken


def _refuse_missing(kind: str, taken: Mapping[str, int], headings: Sequence[str]) -> None:
    columns = KINDS[kind]
    missing = [name for name, column in columns.items() if column.required and name not in taken]
    choice = ONE_OF.get(kind, ())
    if choice and not any(name in taken for name in choice):
        missing += choice
    if missing:
        known = [f"{name}: {', '.join(_examples(columns[name]))}" for name in missing]
        raise ColumnMissing(fields=missing, kind=kind, known=known, found=list(filter(None, headings)))


def _refuse_flags(kind: str, taken: Mapping[str, int], headings: Sequence[str], plain: Sequence[str]) -> None:
    """A yes or no that decides what a row means must not be overlooked."""
    for heading, said in zip(headings, plain, strict=True):
        if said in FLAGS.get(kind, ()) and "status" not in taken:
            raise FlagHeading(heading=heading, field="status")


def _examples(column: Column) -> list[str]:
    return [*column.sure.split(), *column.likely.split()][:_EXAMPLES]
