"""Invoices with instalments, and the red ones among them, which are credit notes: judged against the books and landed.

A row that says no due day gets it from its term, its order's or its customer's line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xinheng.base import sql
from xinheng.desk.exposure.public import Entry
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.judging import Compared, Question, stated
from xinheng.exchange.kinds import due_days
from xinheng.exchange.kinds.documents import PAGE
from xinheng.exchange.kinds.invoice_corrections import CorrectedInvoices
from xinheng.exchange.kinds.invoice_rows import INVOICE, RED, tax_of
from xinheng.exchange.kinds.taking import day, day_or_none
from xinheng.exchange.staging import TABLE, State
from xinheng.exchange.whose import WHOSE
from xinheng.rules.road import Component


class Invoices(CorrectedInvoices):
    """One file of invoices."""

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
        self.infer_orders(f"kind = {INVOICE}")
        if "due_on" not in self.columns or "term" in self.columns or self._blank_due():
            due_days.derive(self, unclear=[name for name in ("due_on", "term") if name in self.columns])

    def _blank_due(self) -> bool:
        return bool(sql.fetch(f"SELECT 1 FROM {TABLE} WHERE due_on IS NULL AND state = {State.BULK:d} LIMIT 1"))

    def _judge_red(self) -> None:
        """A red invoice reduces the blue one it names, which is in the books or in this file.  Code: UNKNOWN."""
        if "invoice_number" not in self.columns:
            return
        alive = f"({State.BULK:d}, {State.WALK:d}, {State.CONFLICT:d})"
        blue = f"SELECT number FROM {TABLE} WHERE kind = {INVOICE} AND state <> {State.BAD:d}"
        rows = sql.fetch(
            f"SELECT s.line, s.invoice_number, s.kind FROM {TABLE} s JOIN {WHOSE} w ON w.ref = s.ref "
            f"WHERE s.state IN {alive} AND s.invoice_number IS NOT NULL AND s.invoice_number NOT IN ({blue}) "
            f"AND NOT EXISTS (SELECT 1 FROM exposure_document d WHERE d.kind = {INVOICE} AND d.reversed_by_id IS NULL "
            "AND d.entity_id = w.entity_id AND d.number = s.invoice_number)"
        )
        self.refuse(
            self.finding(line, "red_of", "UNKNOWN", number, what="invoice", number=number) for line, number, _ in rows
        )
        sql.execute(
            f"UPDATE {TABLE} SET state = {State.WALK:d} WHERE state = {State.BULK:d} AND invoice_number IS NOT NULL"
        )

    # --- landing

    def component(self) -> str:
        return f"CASE s.kind WHEN {INVOICE} THEN {int(Component.INVOICED)} ELSE {int(Component.UNAPPLIED)} END"

    def values(self) -> dict[str, str]:
        due = "COALESCE(s.due_on, s.found_due)" if "due_on" in self.columns else "s.found_due"
        return super().values() | {
            "part": f"CASE s.kind WHEN {INVOICE} THEN {self.column('part', '1')} ELSE 1 END",
            "due_on": f"CASE s.kind WHEN {INVOICE} THEN {due} END",
            "term": "COALESCE(s.found_term, " + self.column("term", "''") + ")",
            "nature": "COALESCE(s.nature, 'PLAIN')",
            **({name: self.column(name, empty) for name, empty in receivables.TAX.items()} if self.taxed else {}),
        }

    def land_bulk(self, entry: Entry) -> None:
        receivables.land_documents(entry, self.source(), tax=self.taxed)

    def walk(self, entry: Entry) -> None:
        """Blue ones first, so that a red one of the same file finds what it reduces."""
        for kind in (INVOICE, RED):
            wanted = f"state = {State.WALK:d} AND kind = {kind}"
            for page in self.stage.pages(wanted, columns=self.every_column, size=PAGE):
                self.record(entry, page)

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        if page[0]["kind"] == INVOICE:
            receivables.record_invoices(entry, [self.invoice_row(row) for row in page])
            return
        try:
            receivables.record_credit_notes(entry, [self._red_row(row) for row in page])
        except receivables.BadRows as refused:
            raise self.rejected(page, refused.problems, "red_of") from None

    def invoice_row(self, row: Mapping[str, Any]) -> receivables.InvoiceRow:
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
            tax=tax_of(row) if self.taxed else None,
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
            tax=tax_of(row) if self.taxed else None,
        )


def _same_tax(name: str) -> str:
    """The books say the same of tax; where they say nothing any amount or text is news."""
    kept = f"t.{name} IS NOT NULL AND t.{name}" if name in ("net", "tax") else f"COALESCE(t.{name}, '')"
    return f"(s.{name} IS NULL OR ({kept} = s.{name}))"
