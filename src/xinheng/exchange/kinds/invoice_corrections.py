"""Correcting invoices by file: the document is reversed and recorded anew, what had settled it comes back in order."""

from collections.abc import Mapping, Sequence
from typing import Any

from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.intake import Locked, Rejected
from xinheng.exchange.kinds.invoice_rows import INVOICE, RED, InvoiceRows, tax_of
from xinheng.exchange.kinds.taking import day, day_or_none


class CorrectedInvoices(InvoiceRows):
    """Rows that say otherwise than the books, under ``--update``."""

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        """Allocations and credit notes are undone, the document is reversed and recorded anew, and they come back."""
        found = self.present(page)
        wrong = [one for row in page if (one := self._cannot(row, found))]
        if wrong:
            raise Rejected(wrong)
        blue = [row for row in page if row["kind"] == INVOICE]
        red = [row for row in page if row["kind"] == RED]
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
            return tax_of(row) if self.taxed else None
        return receivables.TaxRow(**{name: row.get(name) or getattr(kept, name) for name in receivables.TAX})
