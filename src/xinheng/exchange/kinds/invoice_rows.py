"""The rows of an invoice file: what they may say, which of them are red, void or missed by net and tax.

A negative row is a red invoice, and so is one marked 红字 whatever its sign; a void one (作废) is counted and left out.
Net and tax make the amount within six hundredths.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xinheng.desk.receivables import public as receivables
from xinheng.exchange.cells import FLAG_WORDS, Cells
from xinheng.exchange.kinds.documents import Documents
from xinheng.exchange.kinds.taking import TERM_MAX
from xinheng.rules import terms
from xinheng.rules.road import Kind

INVOICE, RED = int(Kind.INVOICE), int(Kind.CREDIT_NOTE)
#: What may stand beside the amount, with how long the texts may be.
_TAX_TEXTS = {"tax_rate": 16, "fapiao_code": 40, "fapiao_number": 40}
#: By how many hundredths net and tax may miss the amount: each of the three is rounded for itself.
_TOLERANCE = 6
#: A blue invoice that a red one has reversed.
_REVERSED = ("已红冲", "被红冲", "已冲红", "已被红冲")
_STATUS_WORDS = ["正常", "红字", "作废"]


class InvoiceRows(Documents):
    """What a file of invoices says, row by row."""

    right = "receivables.post"
    kinds = (Kind.INVOICE, Kind.CREDIT_NOTE)
    date_field = "issue_date"
    names = {
        "order": ("order_number", Kind.ORDER),
        "delivery": ("delivery_number", Kind.DELIVERY),
        "red_of": ("invoice_number", Kind.INVOICE),
    }
    grows = "INVOICE"

    _has_red = False

    # --- the table

    def layout(self) -> Iterator[tuple[str, str]]:
        yield from super().layout()
        yield "kind", "whole"
        for field, column, type in (
            ("due_date", "due_on", "day"),
            ("term", "term", "text"),
            ("instalment", "part", "whole"),
            ("net", "net", "minor"),
            ("tax", "tax", "minor"),
            *((name, name, "text") for name in _TAX_TEXTS),
        ):
            if self.setting.has(field):
                yield column, type

    def later(self) -> Iterator[tuple[str, str]]:
        yield from (("found_due", "day"), ("found_term", "text"), ("nature", "text"), ("found_order", "text"))

    @property
    def part(self) -> str | None:
        return "part" if "part" in self.columns else None

    @property
    def row_kind(self) -> str:
        return "s.kind"

    # --- taking

    def sort_out(self, cells: Cells) -> None:
        """Void rows are left out, red ones marked."""
        self._red = [False] * cells.count
        if not cells.has("status"):
            return
        for index, status in enumerate(cells.raw("status")):
            if status:
                word = "".join(status.split()).lower()
                if "作废" in word or "void" in word or "cancel" in word:
                    cells.leave_out(index)
                elif word.startswith(_REVERSED):
                    continue  # the blue one that was reversed; its red one is a row of its own
                elif "红字" in word or "红冲" in word or word in {"red", "负数"}:
                    self._red[index] = True
                elif word in FLAG_WORDS:
                    cells.refuse(index, "status", "NOT_A_CHOICE", choices=_STATUS_WORDS)

    def more(
        self, cells: Cells, columns: dict[str, Sequence[Any]], currencies: Sequence[str], places: int | list[int]
    ) -> dict[str, Sequence[Any]]:
        found: dict[str, Sequence[Any]] = {}
        amounts = columns["amount"]
        if cells.has("term"):
            found["term"] = cells.texts("term", longest=TERM_MAX)
            cells.check("term", terms.parse_term)
        if cells.has("instalment"):
            found["part"] = cells.wholes("instalment", 1, 999)
        if cells.has("due_date"):
            found["due_on"] = self._due_days(cells, columns["dated_on"])
        for name, longest in _TAX_TEXTS.items():
            if cells.has(name):
                found[name] = cells.texts(name, longest=longest)
        taxes = {name: cells.amounts(name, places, currencies=currencies) for name in ("net", "tax") if cells.has(name)}
        if len(taxes) == 2:
            self._look_at_tax(cells, amounts, taxes["net"], taxes["tax"], places)
        if any(self._red) or min((one for one in amounts if one is not None), default=0) < 0:
            self._has_red = True
            kinds, found["amount"] = self._with_signs(amounts)
            found["kind"] = kinds
            taxes = {name: [None if one is None else abs(one) for one in column] for name, column in taxes.items()}
        else:
            found["kind"] = [INVOICE] * cells.count
        return found | taxes

    def _due_days(self, cells: Cells, issued: Sequence[str | None]) -> list[str | None]:
        """Stated due days; one before the issue is an error, under ``--opening`` a warning."""
        due = cells.days("due_date", self.days)
        early = [i for i, (one, start) in enumerate(zip(due, issued, strict=True)) if one and start and one < start]
        for index in early:
            params = {"due": due[index], "issued": issued[index]}
            if self.options.opening:
                value = cells.raw("due_date")[index]
                self.warnings.append(self.finding(cells.lines[index], "due_date", "DUE_BEFORE_ISSUE", value, **params))
            else:
                cells.refuse(index, "due_date", "DUE_BEFORE_ISSUE", **params)
        return due

    def _look_at_tax(
        self, cells: Cells, amounts: Sequence, nets: Sequence, taxes: Sequence, places: int | list[int]
    ) -> None:
        """Net and tax together make the amount.  Code: NET_AND_TAX."""
        for index, (amount, net, tax) in enumerate(zip(amounts, nets, taxes, strict=True)):
            if amount is not None and net is not None and tax is not None and net + tax != amount:
                decimals = places if isinstance(places, int) else places[index]
                if abs(net + tax - amount) > _TOLERANCE * 10**decimals // 100:
                    params = {name: cells.raw(name)[index] for name in ("net", "tax", "amount")}
                    cells.refuse(index, "amount", "NET_AND_TAX", **params)

    @property
    def frees(self) -> str:  # type: ignore[override]
        """Red ones may free a held order."""
        return "CREDIT_NOTE" if self._has_red else ""

    def _with_signs(self, amounts: Sequence[int | None]) -> tuple[list[int], list[int | None]]:
        red = [marked or (one is not None and one < 0) for marked, one in zip(self._red, amounts, strict=True)]
        return [RED if one else INVOICE for one in red], [None if one is None else abs(one) for one in amounts]

    def look_at_sign(self, cells: Cells, columns: dict[str, Sequence[Any]]) -> None:
        """A negative row is a red invoice."""

    @property
    def taxed(self) -> bool:
        """Whether the file says anything of net, tax or the fapiao."""
        return any(name in self.columns for name in receivables.TAX)


def tax_of(row: Mapping[str, Any]) -> receivables.TaxRow:
    """The tax of a staged row."""
    return receivables.TaxRow(
        net=row.get("net"),
        tax=row.get("tax"),
        tax_rate=row.get("tax_rate") or "",
        fapiao_code=row.get("fapiao_code") or "",
        fapiao_number=row.get("fapiao_number") or "",
    )
