"""Rows of documents taken from a file: which columns they have, whose they are, what their cells say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from xinheng.base import sql
from xinheng.exchange.cells import Cells
from xinheng.exchange.intake import Intake, Setting, unstated
from xinheng.exchange.staging import Stage
from xinheng.exchange.whose import Whose
from xinheng.rules import terms
from xinheng.rules.road import Kind

NUMBER_MAX, SALESPERSON_MAX, TERM_MAX = 64, 150, 80


class Taking(Intake):
    """The rows of one file of documents on their way into the staging table."""

    #: What the rows may become, the usual one first.
    kinds: ClassVar[tuple[Kind, ...]]
    date_field: ClassVar[str] = "date"
    #: field → staged column of texts that name other documents, with the kind of what they name.
    names: ClassVar[Mapping[str, tuple[str, Kind]]] = {}
    #: The column in which documents of the books may name these rows; '' for none.
    awaited_in: ClassVar[str] = ""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        options = setting.options
        self.whose = Whose(
            currency=setting.currency, create=options.create_customers, entity=options.entity, by=setting.by
        )
        self.columns = dict(self.layout())
        self.stage = Stage(self.columns, later=dict(self.later()), numbered=True)

    def layout(self) -> Iterator[tuple[str, str]]:
        """Staged columns with their types, in the order in which ``take`` fills them."""
        yield from (("ref", "whole"), ("number", "text"), ("dated_on", "day"), ("amount", "minor"))
        named = [column for field, (column, _) in self.names.items() if self.setting.has(field)]
        if named or self.setting.has("currency") or self.awaited_in:
            yield "said_currency", "text"
        yield from ((column, "text") for column in named)
        if self.setting.has("salesperson"):
            yield "salesperson", "text"

    def later(self) -> Iterator[tuple[str, str]]:
        """Further columns, which judging fills."""
        yield from ()

    def column(self, name: str, otherwise: str) -> str:
        """The expression for a staged column, or for what stands in its place where the file has none."""
        return f"COALESCE(s.{name}, {otherwise})" if name in self.stage_columns else otherwise

    @property
    def stage_columns(self) -> set[str]:
        return {*self.columns, *dict(self.later())}

    def take(self, cells: Cells) -> None:
        self.sort_out(cells)
        numbers = cells.texts("number", longest=NUMBER_MAX, required=True)
        refs, currencies = self.owners(cells)
        usual, places = currencies
        columns: dict[str, Sequence[Any]] = {
            "ref": refs,
            "number": numbers,
            "dated_on": cells.days(self.date_field, self.days, required=True),
            "amount": cells.amounts("amount", places, currencies=usual, required=True),
        }
        if "said_currency" in self.columns:
            columns["said_currency"] = self.said_currency(cells, usual)
        for field, (column, _) in self.names.items():
            if column in self.columns:
                columns[column] = cells.texts(field, longest=NUMBER_MAX)
        if "salesperson" in self.columns:
            columns["salesperson"] = cells.texts("salesperson", longest=SALESPERSON_MAX)
        columns |= self.more(cells, columns, usual, places)
        self.look_at_sign(cells, columns)
        self.findings += cells.findings
        self.void += cells.left_out
        ordered = [unstated(columns[name], self.stage.blank) for name in self.columns]
        self.stage.add(cells.good(list(zip(cells.lines, *ordered, strict=True))))
        self._keep_bad(cells, numbers, refs)

    def sort_out(self, cells: Cells) -> None:
        """Look at what decides whether a row counts at all, before anything else."""

    def said_currency(self, cells: Cells, usual: Sequence[str]) -> Sequence[str]:
        """What is kept as the currency a row states; blank leaves it to the customer."""
        return cells.raw("currency")

    def owners(self, cells: Cells) -> tuple[list[int | None], tuple[Sequence[str], int | list[int]]]:
        """Whose each row is, in which currency, and with how many decimals."""
        codes = cells.texts("customer", longest=NUMBER_MAX, required=True)
        refs = self.whose.rows(cells, codes, self.whose.entity_column(cells), "customer")
        return refs, self.whose.currencies(cells, refs)

    def more(
        self, cells: Cells, columns: dict[str, Sequence[Any]], currencies: Sequence[str], places: int | list[int]
    ) -> dict[str, Sequence[Any]]:
        """Columns beside those that every document has; may replace those."""
        return {}

    def look_at_sign(self, cells: Cells, columns: dict[str, Sequence[Any]]) -> None:
        """Negative rows are an error: a refund is a document of its own.  Code: NEGATIVE."""
        for index, amount in enumerate(columns["amount"]):
            if amount is not None and amount < 0:
                cells.refuse(index, "amount", "NEGATIVE")

    def _keep_bad(self, cells: Cells, numbers: Sequence[str], refs: Sequence[int | None]) -> None:
        """Bad rows keep their key, so that a later row with the same number is not taken for the first one."""
        bad = {finding.line for finding in cells.findings}
        rows = [
            (cells.lines[index], numbers[index], refs[index])
            for index in cells.bad_indexes()
            if cells.lines[index] in bad and numbers[index] and len(numbers[index]) <= NUMBER_MAX
        ]
        self.stage.add_bad(("number", "ref"), rows)


def day(value: Any) -> date:
    """A day of a staged row, as either engine gives it."""
    return sql.as_day(value)


def day_or_none(value: Any) -> date | None:
    return sql.as_date(value)


@lru_cache(maxsize=4096)
def kept_term(code: str) -> str:
    """A term as lines and customers keep it; one that cannot be read stays, its row was refused."""
    try:
        return str(terms.parse_term(code)) if code else ""
    except terms.UnknownTerm:
        return code
