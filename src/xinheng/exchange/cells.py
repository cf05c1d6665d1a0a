"""The cells of a chunk of rows, taken a column at a time: texts, days, amounts, choices, each checked as it is read.

A row has one finding, its first; once it has one its other cells are no longer looked at.  The usual cell takes a short
way through dictionaries and comprehensions, because a file has millions of them; whatever is odd is looked at alone.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import compress
from typing import Any

from xinheng.exchange.days import DateError, Days
from xinheng.exchange.findings import Finding
from xinheng.exchange.marking import unmarked
from xinheng.rules.amounts import parse_amount, parse_minor
from xinheng.rules.errors import RuleError

_SHOWN = 80
_YES = frozenset({"1", "y", "yes", "true", "t", "x", "是", "有", "对", "真", "√", "✓"})
_NO = frozenset({"0", "n", "no", "false", "f", "否", "无", "不", "假"})
#: What answers a question of yes or no, and so says nothing in a column of states.
FLAG_WORDS = _YES | _NO


class Cells:
    """One chunk: ``lines`` where its rows stand in the file, and their cells by field."""

    def __init__(
        self,
        lines: Sequence[int],
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, int],
        headings: Sequence[str],
        decimal_separator: str | None = None,
    ) -> None:
        self.lines = lines
        self.count = len(lines)
        self.findings: list[Finding] = []
        self.left_out = 0
        self.decimal_separator = decimal_separator
        self._rows = rows
        self._by_place = list(zip(*rows, strict=True)) if rows else [()] * len(headings)
        self._columns = columns
        self._headings = headings
        self._good = [True] * self.count
        self._all_good = True

    def has(self, field: str) -> bool:
        """Whether the file has a column for the field."""
        return field in self._columns

    def raw(self, field: str) -> Sequence[str]:
        """The cells of a field as they are; blank ones where the file has no such column."""
        place = self._columns.get(field)
        return [""] * self.count if place is None else self._by_place[place]

    def heading(self, field: str) -> str:
        """What the file calls the field; the field itself where it has no column."""
        place = self._columns.get(field)
        return field if place is None else self._headings[place]

    def is_good(self, index: int) -> bool:
        return self._good[index]

    def refuse(self, index: int, field: str, code: str, shown: str | None = None, /, **params: Any) -> None:
        """Note what is wrong with a row, unless something else already is."""
        if not self._good[index]:
            return
        self._good[index] = self._all_good = False
        text = (self.raw(field)[index] if shown is None else shown)[:_SHOWN]
        self.findings.append(Finding(self.lines[index], self.heading(field), text, code, params))

    def leave_out(self, index: int) -> None:
        """A row that counts but says nothing: a void document."""
        if self._good[index]:
            self._good[index] = self._all_good = False
            self.left_out += 1

    def good[Row](self, rows: Sequence[Row]) -> Sequence[Row]:
        """Those of the rows that nothing is wrong with."""
        return rows if self._all_good else list(compress(rows, self._good))

    def bad_indexes(self) -> list[int]:
        """Places of the rows with a finding or left out."""
        return [] if self._all_good else [index for index, good in enumerate(self._good) if not good]

    def texts(self, field: str, *, longest: int, required: bool = False) -> Sequence[str]:
        """The texts of a field.  Codes: MISSING, TOO_LONG."""
        cells = self.raw(field)
        if "'" in "".join(cells):
            cells = [unmarked(cell) for cell in cells]
        if required and "" in cells:
            for index, cell in enumerate(cells):
                if not cell:
                    self.refuse(index, field, "MISSING", field=self.heading(field))
        if cells and self.has(field) and max(map(len, cells)) > longest:
            for index, cell in enumerate(cells):
                if len(cell) > longest:
                    self.refuse(index, field, "TOO_LONG", longest=longest)
        return cells

    def days(self, field: str, days: Days, *, required: bool = False) -> list[str | None]:
        """ISO days, None where the cell is blank.  Codes: MISSING, DATE_…."""
        if not self.has(field):
            if required:
                self.texts(field, longest=64, required=True)
            return [None] * self.count
        cells = self.texts(field, longest=64, required=required)
        known = days.known
        wrong: dict[str, DateError] = {}
        read: dict[str, str] = {}
        for text in set(cells) - known.keys() - {""}:
            try:
                read[text] = days.iso(text)
            except DateError as error:
                wrong[text] = error
        for index, cell in enumerate(cells) if wrong else ():
            if cell in wrong:
                self.refuse(index, field, wrong[cell].code, **wrong[cell].params)
        found = [known.get(cell) for cell in cells]
        if None in found and read:  # so many different texts that the reader has forgotten some of them again
            found = [day or read.get(cell) for day, cell in zip(found, cells, strict=True)]
        return found

    def amounts(
        self, field: str, places: int | Sequence[int], *, currencies: Sequence[str] | str = "", required: bool = False
    ) -> list[int | None]:
        """Minor units, None where the cell is blank; ``places`` and ``currencies`` are one for all or one a row.

        Codes: MISSING, AMOUNT_….
        """
        if not self.has(field):
            if required:
                self.texts(field, longest=400, required=True)
            return [None] * self.count
        cells = self.texts(field, longest=400, required=required)
        separator = self.decimal_separator
        if isinstance(places, int) and separator != ",":
            try:
                return [parse_minor(cell, places) for cell in cells]
            except RuleError:
                pass
        found: list[int | None] = [None] * self.count
        for index, cell in enumerate(cells):
            if not cell or not self._good[index]:
                continue
            currency = currencies if isinstance(currencies, str) else currencies[index]
            decimals = places if isinstance(places, int) else places[index]
            try:
                found[index] = parse_minor(cell, decimals, decimal_separator=separator, currency=currency or None)
            except RuleError as error:
                self.refuse(index, field, error.code, **error.params)
        return found

    def amounts_where(
        self, field: str, wanted: Sequence[bool], places: Sequence[int], *, currencies: Sequence[str]
    ) -> list[int | None]:
        """The same for some rows only, where the others say a word instead.  Codes: AMOUNT_…."""
        cells = self.raw(field)
        found: list[int | None] = [None] * self.count
        for index, cell in enumerate(cells):
            if wanted[index] and self._good[index]:
                try:
                    found[index] = parse_minor(
                        cell, places[index], decimal_separator=self.decimal_separator, currency=currencies[index]
                    )
                except RuleError as error:
                    self.refuse(index, field, error.code, **error.params)
        return found

    def decimals(self, field: str, *, required: bool = False) -> list[Decimal | None]:
        """Numbers that are no money, as exchange rates; None where blank.  Codes: MISSING, AMOUNT_…."""
        cells = self.texts(field, longest=400, required=required)
        found: list[Decimal | None] = [None] * self.count
        for index, cell in enumerate(cells):
            if cell and self._good[index]:
                try:
                    found[index] = parse_amount(cell, decimal_separator=self.decimal_separator)
                except RuleError as error:
                    self.refuse(index, field, error.code, **error.params)
        return found

    def wholes(self, field: str, low: int, high: int) -> list[int | None]:
        """Whole numbers within bounds, None where blank.  Code: NOT_WHOLE."""
        found: list[int | None] = [None] * self.count
        if not self.has(field):
            return found
        for index, cell in enumerate(self.raw(field)):
            if not cell:
                continue
            plain = cell.removesuffix(".0")
            if plain.isascii() and plain.isdigit() and len(plain) < 10 and low <= int(plain) <= high:
                found[index] = int(plain)
            else:
                self.refuse(index, field, "NOT_WHOLE", low=low, high=high)
        return found

    def choices(self, field: str, words: Mapping[str, str], default: str | None = None) -> list[str | None]:
        """Codes of a short list; ``words`` maps what people write, lower case, to codes.  Code: NOT_A_CHOICE."""
        cells = self.raw(field)
        if not self.has(field):
            return [default] * self.count
        found: list[str | None] = [words.get(cell) if cell else default for cell in cells]
        for index, code in enumerate(found):
            if code is None and cells[index]:
                found[index] = words.get("".join(cells[index].lower().split()))
                if found[index] is None:
                    self.refuse(index, field, "NOT_A_CHOICE", choices=sorted(set(words.values())))
        return found

    def flags(self, field: str) -> list[bool | None]:
        """Yes or no, None where blank.  Code: NOT_A_CHOICE."""
        found: list[bool | None] = [None] * self.count
        if self.has(field):
            for index, cell in enumerate(self.raw(field)):
                word = cell.lower()
                if word in _YES:
                    found[index] = True
                elif word in _NO:
                    found[index] = False
                elif word:
                    self.refuse(index, field, "NOT_A_CHOICE", choices=["yes 是", "no 否"])
        return found

    def check(self, field: str, right: Callable[[str], object]) -> None:
        """Refuse rows whose cell a reader of the rule book refuses; its answer is not needed."""
        seen: dict[str, RuleError | None] = {}
        for index, cell in enumerate(self.raw(field) if self.has(field) else ()):
            if not cell:
                continue
            if cell not in seen:
                try:
                    right(cell)
                    seen[cell] = None
                except RuleError as error:
                    seen[cell] = error
            found = seen[cell]
            if found is not None:
                self.refuse(index, field, found.code, **found.params)
