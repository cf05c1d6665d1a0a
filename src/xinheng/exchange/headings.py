"""Which column of a file is which field, by the headings that finance desks and their programs write.

Every kind of file has its canonical columns (semantics.md 5), whose names always do.  Beside them many Chinese and
English headings are known.  Where one heading can mean two things the others of the file decide: 金额 beside 价税合计
is the amount without tax, alone it is the amount; 发票号码 beside a number of our own is the fapiao's, alone it is the
number.  What cannot be decided is asked for with --map; a heading that nobody knows is told and left alone.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
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

    A field whose heading is '' is not taken from the file, whatever the file calls it.

    ``line`` is where the headings stand.  Raises DuplicateHeading, SameField, HeadingAbsent, FieldUnknown,
    ColumnMissing.
    """
    columns = KINDS[kind]
    plain = [_plain(heading) for heading in headings]
    _refuse_duplicates(headings)
    taken = _mapped(kind, headings, plain, mapping)
    left = {name for name, heading in mapping.items() if not heading}
    taken |= _recognised(kind, headings, plain, taken, left=left)
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


def proposed(kind: str, headings: Sequence[str]) -> dict[str, str]:
    """Field → heading as far as it can be told, for somebody who completes it; nothing where two headings mean one."""
    try:
        found = _recognised(kind, headings, [_plain(heading) for heading in headings], {})
    except SameField:
        return {}
    return {name: headings[place] for name, place in found.items()}


#: What people write into the names of such files; it decides between kinds whose headings are the same.
_NAMES = {
    "customers": "customer client 客户 往来单位",
    "lines": "line limit 额度 授信",
    "orders": "order 订单",
    "deliveries": "deliver shipment 发货 出库 送货",
    "returns": "return 退货",
    "invoices": "invoice 发票 开票",
    "credit-notes": "credit 红字 调整单",
    "receipts": "receipt payment 收款 回款",
    "instruments": "bill cheque draft instrument 票据 汇票 承兑",
    "allocations": "alloc 核销",
    "rates": "rate 汇率",
    "entities": "entit compan 主体",
}


def likeness(headings: Sequence[str], *, file_name: str = "") -> list[tuple[str, int]]:
    """How well the headings fit each kind, in percent, best first; what lacks a column it needs comes after the rest.

    A heading counts when it is known, a needed column when it is there; between equals the file's name decides.
    """
    named_in = {kind: any(word in file_name.casefold() for word in words.split()) for kind, words in _NAMES.items()}
    order = list(KINDS)
    fitting = sorted(
        guess(headings), key=lambda kind: (_unknown(kind, headings), not named_in[kind], order.index(kind))
    )
    named = [heading for heading in headings if heading]
    scores: dict[str, int] = {}
    for kind, columns in KINDS.items():
        found = proposed(kind, headings)
        needed = {name for name, column in columns.items() if column.required}
        there = len(found) + len(needed & found.keys())
        scores[kind] = round(100 * there / max(1, len(named) + len(needed)))
    ranked = [*fitting, *sorted(set(KINDS) - set(fitting), key=lambda kind: -scores[kind])]
    return [(kind, scores[kind] if kind in fitting else min(scores[kind], 49)) for kind in ranked]


def _unknown(kind: str, headings: Sequence[str]) -> int:
    return len(match(kind, headings, {}).unknown)


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
        if not heading:
            continue
        places = [place for place, found in enumerate(headings) if found == heading.strip()]
        places = places or [place for place, found in enumerate(plain) if found and found == _plain(heading)]
        if not places:
            raise HeadingAbsent(field=name, heading=heading, found=list(filter(None, headings)))
        taken[name] = places[0]
    return taken


def _recognised(
    kind: str, headings: Sequence[str], plain: Sequence[str], mapped: Mapping[str, int], *, left: Collection[str] = ()
) -> dict[str, int]:
    """Fields and places that need no mapping: sure spellings first, then likely ones, then what is left.

    Fields in ``left`` are not looked for.

    Raises SameField where two headings are equally sure.
    """
    taken = dict(mapped)
    for rank in (SURE, LIKELY, LAST):
        for name, column in KINDS[kind].items():
            if name in taken or name in left or (rank == LIKELY and column.yields_to(taken)):
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
