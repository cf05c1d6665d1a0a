"""Invoices with instalments, and the red ones among them, which are credit notes.

A negative row is a red invoice, and so is one marked 红字 whatever its sign; a void one (作废) is counted and left out.
Net and tax make the amount within six hundredths.  A row that says no due day gets it from its term, its order's or its
customer's line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xinheng.base import sql
from xinheng.base.database import is_postgres
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.cells import FLAG_WORDS, Cells
from xinheng.exchange.intake import Locked, Rejected
from xinheng.exchange.judging import Compared, Question, stated
from xinheng.exchange.kinds.documents import PAGE, Documents
from xinheng.exchange.kinds.taking import TERM_MAX, day, day_or_none
from xinheng.exchange.staging import TABLE, State
from xinheng.exchange.whose import WHOSE
from xinheng.rules import terms
from xinheng.rules.road import Component, Kind

_INVOICE, _RED = int(Kind.INVOICE), int(Kind.CREDIT_NOTE)
#: What may stand beside the amount, with how long the texts may be.
_TAX_TEXTS = {"tax_rate": 16, "fapiao_code": 40, "fapiao_number": 40}
#: By how many hundredths net and tax may miss the amount: each of the three is rounded for itself.
_TOLERANCE = 6
_DERIVE_PAGE = 5_000
#: A blue invoice that a red one has reversed.
_REVERSED = ("已红冲", "被红冲", "已冲红", "已被红冲")
_STATUS_WORDS = ["正常", "红字", "作废"]


class Invoices(Documents):
    """One file of invoices."""

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
            found["kind"] = [_INVOICE] * cells.count
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
        return [_RED if one else _INVOICE for one in red], [None if one is None else abs(one) for one in amounts]

    def look_at_sign(self, cells: Cells, columns: dict[str, Sequence[Any]]) -> None:
        """A negative row is a red invoice."""

    # --- judging

    def compared_beside(self) -> tuple[str, list[Compared]]:
        books = {"due_on": ("due_date", "d.due_on"), "term": ("term", "d.term"), "part": ("instalment", "d.part")}
        compared = [stated(field, column, text) for column, (field, text) in books.items() if column in self.columns]
        taxes = [name for name in receivables.TAX if name in self.columns]
        compared += [Compared(name, _same_tax(name)) for name in taxes]
        return ("LEFT JOIN receivables_invoicetax t ON t.document_id = d.id" if taxes else ""), compared

    def question(self) -> Question:
        found = super().question()
        return replace(found, matching="(s.part IS NULL OR s.part = d.part)") if self.part else found

    def judge_more(self) -> None:
        self._judge_red()
        self.infer_orders(f"kind = {_INVOICE}")
        if "due_on" not in self.columns or "term" in self.columns or self._blank_due():
            self._derive()

    def _blank_due(self) -> bool:
        return bool(sql.fetch(f"SELECT 1 FROM {TABLE} WHERE due_on IS NULL AND state = {State.BULK:d} LIMIT 1"))

    def _judge_red(self) -> None:
        """A red invoice reduces the blue one it names, which is in the books or in this file.  Code: UNKNOWN."""
        if "invoice_number" not in self.columns:
            return
        alive = f"({State.BULK:d}, {State.WALK:d}, {State.CONFLICT:d})"
        blue = f"SELECT number FROM {TABLE} WHERE kind = {_INVOICE} AND state <> {State.BAD:d}"
        rows = sql.fetch(
            f"SELECT s.line, s.invoice_number, s.kind FROM {TABLE} s JOIN {WHOSE} w ON w.ref = s.ref "
            f"WHERE s.state IN {alive} AND s.invoice_number IS NOT NULL AND s.invoice_number NOT IN ({blue}) "
            f"AND NOT EXISTS (SELECT 1 FROM exposure_document d WHERE d.kind = {_INVOICE} AND d.reversed_by_id IS NULL "
            "AND d.entity_id = w.entity_id AND d.number = s.invoice_number)"
        )
        self.refuse(
            self.finding(line, "red_of", "UNKNOWN", number, what="invoice", number=number) for line, number, _ in rows
        )
        sql.execute(
            f"UPDATE {TABLE} SET state = {State.WALK:d} WHERE state = {State.BULK:d} AND invoice_number IS NOT NULL"
        )

    def _derive(self) -> None:
        """Due days from terms; an invoice that its term splits into instalments lands through its chapter."""
        unclear = ["s.due_on IS NULL"] if "due_on" in self.columns else ["1 = 1"]
        unclear += ["s.term IS NOT NULL"] if "term" in self.columns else []
        condition = f"state = {State.BULK:d} AND kind = {_INVOICE} AND ({' OR '.join(unclear)})".replace("s.", "")
        due = "CAST(changed.due_on AS date)" if is_postgres() else "changed.due_on"
        for page in self.stage.pages(condition, size=_DERIVE_PAGE):
            derived: dict[str, list[receivables.InvoiceRow]] = {}
            for one in receivables.with_due_days([self._row(row) for row in page]):
                derived.setdefault(f"{one.entity_id} {one.number} {one.part if self.part else ''}", []).append(one)
            found, split = [], []
            for row in page:
                key = f"{self.whose.entity_of(row['ref'])} {row['number']} "
                parts = derived.get(key + str(row.get("part") or 1 if self.part else "")) or derived[key]
                if len(parts) == 1:
                    found.append((row["line"], parts[0].due_on, parts[0].term, parts[0].nature or "PLAIN"))
                else:
                    split.append(row["line"])
            self.stage.mark(split, State.WALK)
            sql.update(
                f"UPDATE {TABLE} SET found_due = {due}, found_term = changed.term, "
                f"nature = changed.nature FROM changed WHERE {TABLE}.line = changed.line",
                "changed(line, due_on, term, nature)",
                found,
            )

    # --- landing

    @property
    def _taxed(self) -> bool:
        return any(name in self.columns for name in receivables.TAX)

    def component(self) -> str:
        return f"CASE s.kind WHEN {_INVOICE} THEN {int(Component.INVOICED)} ELSE {int(Component.UNAPPLIED)} END"

    def values(self) -> dict[str, str]:
        due = "COALESCE(s.due_on, s.found_due)" if "due_on" in self.columns else "s.found_due"
        return super().values() | {
            "part": f"CASE s.kind WHEN {_INVOICE} THEN {self.column('part', '1')} ELSE 1 END",
            "due_on": f"CASE s.kind WHEN {_INVOICE} THEN {due} END",
            "term": "COALESCE(s.found_term, " + self.column("term", "''") + ")",
            "nature": "COALESCE(s.nature, 'PLAIN')",
            **({name: self.column(name, empty) for name, empty in receivables.TAX.items()} if self._taxed else {}),
        }

    def land_bulk(self, entry: Entry) -> None:
        receivables.land_documents(entry, self.source(), tax=self._taxed)

    def walk(self, entry: Entry) -> None:
        """Blue ones first, so that a red one of the same file finds what it reduces."""
        for kind in (_INVOICE, _RED):
            wanted = f"state = {State.WALK:d} AND kind = {kind}"
            for page in self.stage.pages(wanted, columns=self.every_column, size=PAGE):
                self.record(entry, page)

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        if page[0]["kind"] == _INVOICE:
            receivables.record_invoices(entry, [self._row(row) for row in page])
            return
        try:
            receivables.record_credit_notes(entry, [self._red_row(row) for row in page])
        except receivables.BadRows as refused:
            raise self.rejected(page, refused.problems, "red_of") from None

    def _row(self, row: Mapping[str, Any]) -> receivables.InvoiceRow:
        return receivables.InvoiceRow(
            **self.whose_is(row),
            number=row["number"],
            issued_on=day(row["dated_on"]),
            currency=self.currency_of(row),
            amount=row["amount"],
            part=row.get("part"),
            due_on=day_or_none(row.get("due_on")),
            term=row.get("term") or "",
            order_number=row.get("order_number") or row.get("found_order") or "",
            inferred=not row.get("order_number") and bool(row.get("found_order")),
            delivery_number=row.get("delivery_number") or "",
            salesperson=self.salesperson_of(row),
            tax=_tax(row) if self._taxed else None,
        )

    def _red_row(self, row: Mapping[str, Any]) -> receivables.CreditNoteRow:
        return receivables.CreditNoteRow(
            **self.whose_is(row),
            number=row["number"],
            dated_on=day(row["dated_on"]),
            currency=self.currency_of(row),
            amount=row["amount"],
            invoice_number=row.get("invoice_number") or "",
            salesperson=self.salesperson_of(row),
            tax=_tax(row) if self._taxed else None,
        )

    # --- correcting

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        """Allocations and credit notes are undone, the document is reversed and recorded anew, and they come back."""
        found = self.present(page)
        wrong = [one for row in page if (one := self._cannot(row, found))]
        if wrong:
            raise Rejected(wrong)
        blue = [row for row in page if row["kind"] == _INVOICE]
        red = [row for row in page if row["kind"] == _RED]
        lines: dict[str, int] = {row["number"]: row["line"] for row in page}
        try:
            if blue:
                old = [one for row in blue for one in self._meant(row, found)]
                aside = receivables.set_aside(entry, old)
                receivables.reverse_invoices(entry, old)
                receivables.record_invoices(entry, [self._corrected(row, self._meant(row, found)) for row in blue])
                self.tell_left(receivables.apply_again(entry, aside), page)
            if red:
                old = [self._meant(row, found)[0] for row in red]
                rows = [self._corrected_red(row, one) for row, one in zip(red, old, strict=True)]
                self.tell_left(receivables.repost_credit_notes(entry, old, rows).left, page)
        except receivables.BadRows as refused:
            raise self.rejected(red, refused.problems, "number") from None
        except receivables.HasAllocations as refused:
            number = str(refused.params["number"])
            raise Rejected([self.finding(lines[number], "number", refused.code, number, **refused.params)]) from None

    def _meant(self, row: Mapping[str, Any], found: Mapping[tuple[int, str], list[Document]]) -> list[Document]:
        documents = found[self.whose.entity_of(row["ref"]), row["number"]]
        return [one for one in documents if row.get("part") in (None, one.part)]

    def _cannot(self, row: Mapping[str, Any], found: Mapping[tuple[int, str], list[Document]]) -> Any:
        """Why a row cannot correct what is there: blue does not become red; instalments need rows of their own."""
        old = self._meant(row, found)
        params = {"number": row["number"]}
        if any(one.kind != row["kind"] for one in old):
            return self.finding(row["line"], "amount", "CONFLICT_FIXED", row["number"], field="amount", **params)
        if len(old) > 1 and not (row.get("term") or old[0].term) and sum(one.amount for one in old) != row["amount"]:
            return self.finding(row["line"], "amount", "INSTALMENTS_UNCLEAR", row["number"], **params)
        return None

    def _corrected(self, row: Mapping[str, Any], old: Sequence[Document]) -> receivables.InvoiceRow:
        """What the row says, and where it says nothing what stood there before."""
        first = old[0]
        term = row.get("term") or first.term
        kept = (
            first.due_on if len(old) == 1 and not row.get("term") and day(row["dated_on"]) == first.dated_on else None
        )
        stated_part = row.get("part") or (first.part if len(old) == 1 and first.part > 1 else None)
        return receivables.InvoiceRow(
            entity_id=first.entity_id,
            account_id=first.account_id,
            number=first.number,
            issued_on=day(row["dated_on"]),
            currency=first.currency,
            amount=row["amount"],
            part=stated_part,
            due_on=day_or_none(row.get("due_on")) or kept,
            term=term,
            order_number=row.get("order_number") or first.order_number,
            inferred=not row.get("order_number") and first.inferred,
            delivery_number=row.get("delivery_number") or first.delivery_number,
            salesperson=row.get("salesperson") or first.salesperson,
            tax=self._tax_of(row, first),
        )

    def _corrected_red(self, row: Mapping[str, Any], old: Document) -> receivables.CreditNoteRow:
        return receivables.CreditNoteRow(
            entity_id=old.entity_id,
            account_id=old.account_id,
            number=old.number,
            dated_on=day(row["dated_on"]),
            currency=old.currency,
            amount=row["amount"],
            invoice_number=row.get("invoice_number") or old.invoice_number,
            salesperson=row.get("salesperson") or old.salesperson,
            tax=self._tax_of(row, old),
        )

    def _tax_of(self, row: Mapping[str, Any], old: Document) -> receivables.TaxRow | None:
        kept = receivables.InvoiceTax.objects.filter(document=old).first()
        if kept is None:
            return _tax(row) if self._taxed else None
        return receivables.TaxRow(**{name: row.get(name) or getattr(kept, name) for name in receivables.TAX})


def _tax(row: Mapping[str, Any]) -> receivables.TaxRow:
    return receivables.TaxRow(
        net=row.get("net"),
        tax=row.get("tax"),
        tax_rate=row.get("tax_rate") or "",
        fapiao_code=row.get("fapiao_code") or "",
        fapiao_number=row.get("fapiao_number") or "",
    )


def _same_tax(name: str) -> str:
    """The books say the same of tax; where they say nothing any amount or text is news."""
    kept = f"t.{name} IS NOT NULL AND t.{name}" if name in ("net", "tax") else f"COALESCE(t.{name}, '')"
    return f"(s.{name} IS NULL OR ({kept} = s.{name}))"
