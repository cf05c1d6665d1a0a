"""A picture answers one question: what is drawn, and the same figures as a table for whoever reads them that way.

``charts.js`` draws what ``data`` holds; ``base/_chart.html`` puts the title, the unit, the switch to the table and the
downloads around it.  Amounts are converted to lengths here and nowhere else, so a picture and its table never differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext

from xinheng.base import formats
from xinheng.rules.money import to_decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table under a picture: what it is, its values as people read them and as a sheet reads them."""

    name: str
    cells: Sequence[str]
    values: Sequence[str]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: ``key`` is its place on the page, ``kind`` what charts.js draws, ``note`` stands beside the unit."""

    key: str
    kind: str  # bars, waterfall, line, dots
    title: str
    unit: str
    data: dict[str, Any]
    heads: Sequence[str]
    rows: Sequence[Row]
    note: str = ""
    size: str = "s"

    @property
    def drawn(self) -> dict[str, Any]:
        """What the browser gets: the picture, and the sheet to take home."""
        sheet = [list(self.heads), *([row.name, *row.values] for row in self.rows)]
        return {**self.data, "title": self.title, "unit": self.unit, "note": self.note, "sheet": sheet}


@dataclass(slots=True)
class Bar:
    """One bar: minor units, None where a rate is missing; ``address`` is what it opens."""

    name: str
    amount: int | None
    title: str = ""
    address: str = ""
    marks: dict[str, Any] = field(default_factory=dict)


def bars(
    key: str, title: str, currency: str, found: Sequence[Bar], *, first: str, note: str = "", **more: Any
) -> Chart:
    """Amounts side by side; ``first`` names what the bars stand for in the table, ``more`` goes to the picture."""
    data = {
        **more,
        "bars": [
            {
                "name": one.name,
                "title": one.title or one.name,
                "value": formats.number(one.amount, currency),
                "text": formats.short(one.amount, currency),
                "more": formats.full(one.amount, currency),
                "url": one.address,
                **one.marks,
            }
            for one in found
        ],
    }
    rows = [
        Row(one.title or one.name, [formats.plain(one.amount, currency)], [raw(one.amount, currency)], one.address)
        for one in found
    ]
    return Chart(key, "bars", title, currency, data, [first, pgettext("figure", "Amount")], rows, note)


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall: ``kind`` is start, part, order or end; minor units, None where a rate is missing."""

    name: str
    amount: int | None
    kind: str


def waterfall(key: str, title: str, currency: str, steps: Sequence[Step], *, size: str = "s") -> Chart:
    """From the first amount step by step to what is left."""
    data = {
        "steps": [
            {
                "name": one.name,
                "value": formats.number(one.amount, currency),
                "text": formats.short(one.amount, currency),
                "more": formats.full(one.amount, currency),
                "kind": one.kind,
            }
            for one in steps
        ]
    }
    rows = [Row(one.name, [formats.plain(one.amount, currency)], [raw(one.amount, currency)]) for one in steps]
    heads = [pgettext("waterfall", "Step"), pgettext("figure", "Amount")]
    return Chart(key, "waterfall", title, currency, data, heads, rows, size=size)


def raw(amount: int | None, currency: str) -> str:
    """An amount as a sheet reads it: digits and a point."""
    return "" if amount is None else str(to_decimal(amount, currency))
