"""The ageing laid out: rows and buckets that glow and open, the totals as a picture, what changed since a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from xinheng.base import charts, formats, names
from xinheng.base.charts import Chart
from xinheng.desk.receivables import ageing as reads
from xinheng.desk.receivables import items, words
from xinheng.desk.receivables.ageing import Ask
from xinheng.desk.receivables.breakdown import OUTSTANDING, OVERDUE, AgeingRow
from xinheng.desk.receivables.scope import NOBODYS
from xinheng.rules.ageing import By, CurrencyAgeing

Found = Mapping[str, CurrencyAgeing]
#: What of an address is about the ageing only and means nothing to the items behind it.
_OF_THE_MATRIX = {"rows", "page", "sort", "format", "compare"}
#: How strongly cells glow beside each other, from 1 on; the style sheet has a shade for each.
_SHADES = 5


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its words and what sorts the rows by it ('' where nothing does)."""

    words: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount: minor units (None: a rate is missing), how it glows (0 to 5), what it opens, what it was before."""

    amount: int | None
    address: str
    bucket: int | None = None
    heat: int = 0
    before: int | None = None

    @property
    def change(self) -> int | None:
        """What came to it since the other day; None where nothing is compared."""
        return None if self.amount is None or self.before is None else self.amount - self.before


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    name: str
    below: str
    address: str
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """How one question is laid out: its currency, and the filters of its address that its cells keep."""

    ask: Ask
    currency: str
    query: Mapping[str, str]

    @property
    def width(self) -> int:
        return len(self.ask.bounds.labels)

    @property
    def shows_overdue(self) -> bool:
        """By issue date nothing is overdue, only old."""
        return self.ask.by is By.DUE

    def heads(self) -> list[Head]:
        """The columns behind the name."""
        buckets = [Head(words.bucket(label, self.ask.by), str(i)) for i, label in enumerate(self.ask.bounds.labels)]
        overdue = [Head(_("Overdue"), OVERDUE)] if self.shows_overdue else []
        ends = [Head(pgettext("ageing", "Open"), OUTSTANDING), Head(pgettext("ageing", "Unapplied"))]
        return [*buckets, *overdue, *ends]

    def amounts(self, found: Found) -> list[int | None]:
        """Buckets, outstanding, unapplied in the one currency of the matrix."""
        wanted = self.ask.scope.currency
        if wanted and self.currency == wanted:
            one = found.get(wanted)
            if one is None:  # nothing is open in it
                return [0] * (self.width + 2)
            return [*(bucket.amount for bucket in one.buckets), one.amount, one.unapplied]
        return reads.in_company_currency(found, self.ask.on)

    def row(self, found: Found, before: Found | None, narrower: Mapping[str, str]) -> list[Cell]:
        """The cells of one row, with what they were on the other day."""
        now, then = self._columns(found), self._columns(before) if before is not None else None
        opened = [{"bucket": str(index)} for index in range(self.width)]
        if self.shows_overdue:
            opened.append({"due_until": (self.ask.on - timedelta(days=1)).isoformat(), "side": items.DEBIT})
        opened += [{"side": items.DEBIT}, {"side": items.CREDIT}]
        return [
            Cell(
                amount,
                self.items({**narrower, **more}),
                index if index < self.width else None,
                before=then[index] if then else None,
            )
            for index, (amount, more) in enumerate(zip(now, opened, strict=True))
        ]

    def _columns(self, found: Found) -> list[int | None]:
        amounts = self.amounts(found)
        if not self.shows_overdue:
            return amounts
        return [*amounts[: self.width], added(amounts[1 : self.width]), *amounts[self.width :]]

    def items(self, more: Mapping[str, str]) -> str:
        """The open items behind a cell."""
        kept = {name: value for name, value in self.query.items() if value and name not in _OF_THE_MATRIX}
        return f"{reverse('receivables:items')}?{urlencode({**kept, **more})}"

    def line(self, row: AgeingRow, dimension: str, before: Found | None) -> Line:
        """One row of the matrix, or the row of those who have none of the dimension."""
        subject, language = row.subject, get_language() or "zh"
        code = str(getattr(subject, "code", subject or ""))
        narrower = {dimension: code or NOBODYS}
        if not code:
            name, below = str(words.NOBODY.get(dimension, formats.MISSING)), ""
        else:
            name = names.salesperson(code, language) if dimension == "salesperson" else names.of(subject, language)
            below = code if code != name else ""
        address = reverse("customer", args=[row.key]) if dimension == "customer" else self._narrowed(narrower)
        return Line(name, below, address, self.row(row.currencies, before, narrower))

    def _narrowed(self, narrower: Mapping[str, str]) -> str:
        kept = {name: value for name, value in self.query.items() if value and name not in {"rows", "page"}}
        return f"?{urlencode({**kept, **narrower})}"

    def chart(self, totals: Found) -> Chart:
        """The totals bucket by bucket."""
        heads = [head.words for head in self.heads()[: self.width]]
        amounts = self.amounts(totals)[: self.width]
        bars = [
            charts.Bar(head, amount, address=self.items({"bucket": str(index)}))
            for index, (head, amount) in enumerate(zip(heads, amounts, strict=True))
        ]
        note, title = self.ask.on.isoformat(), _("What is open, by age")
        return charts.bars(
            "ageing", title, self.currency, bars, first=pgettext("ageing", "Age"), note=note, colours="age"
        )


def added(amounts: Sequence[int | None]) -> int | None:
    """The sum; None where one of them is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def glowing(lines: Sequence[Line]) -> list[Line]:
    """The largest overdue cell glows most; the others in proportion."""
    late = [abs(cell.amount) for line in lines for cell in line.cells if cell.bucket and cell.amount]
    most = max(late, default=0)

    def heated(cell: Cell) -> Cell:
        if not cell.bucket or not cell.amount or not most:
            return cell
        return replace(cell, heat=1 + (_SHADES - 1) * abs(cell.amount) // most)

    return [replace(line, cells=[heated(cell) for cell in line.cells]) for line in lines]
