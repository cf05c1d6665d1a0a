"""Credit notes: each a claim of the customer's; one that names its invoice, which must be there, reduces it at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from xinheng.base import sql
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.intake import Locked
from xinheng.exchange.kinds.documents import Documents
from xinheng.exchange.kinds.taking import day
from xinheng.exchange.staging import TABLE, State
from xinheng.rules.road import Component, Kind


class CreditNotes(Documents):
    """One file of credit notes; one that names its invoice reduces it at once."""

    right = "receivables.post"
    kinds = (Kind.CREDIT_NOTE,)
    names = {"invoice": ("invoice_number", Kind.INVOICE)}
    walks_with_names = False
    frees = "CREDIT_NOTE"

    def component(self) -> str:
        return str(int(Component.UNAPPLIED))

    def land_bulk(self, entry: Entry) -> None:
        receivables.land_documents(entry, self.source(), tax=False)

    def judge_more(self) -> None:
        if "invoice_number" not in self.columns:
            return
        named = f"invoice_number IS NOT NULL AND state IN ({State.BULK:d}, {State.WALK:d})"
        for page in self.stage.pages(named):
            problems = receivables.check_credit_notes([self._row(row) for row in page])
            self.refuse(self.rejected(page, problems, "invoice").findings)
        sql.execute(
            f"UPDATE {TABLE} SET state = {State.WALK:d} WHERE state = {State.BULK:d} AND invoice_number IS NOT NULL"
        )

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        try:
            receivables.record_credit_notes(entry, [self._row(row) for row in page])
        except receivables.BadRows as refused:
            raise self.rejected(page, refused.problems, "invoice") from None

    def _row(self, row: Mapping[str, Any], old: Document | None = None) -> receivables.CreditNoteRow:
        return receivables.CreditNoteRow(
            **self.whose_is(row),
            number=row["number"],
            dated_on=day(row["dated_on"]),
            currency=old.currency if old else self.currency_of(row),
            amount=row["amount"],
            invoice_number=row.get("invoice_number") or (old.invoice_number if old else ""),
            salesperson=row.get("salesperson") or (old.salesperson if old else self.salesperson_of(row)),
        )

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        found = self.present(page)
        olds = [found[self.whose.entity_of(row["ref"]), row["number"]][0] for row in page]
        rows = [self._row(row, old) for row, old in zip(page, olds, strict=True)]
        try:
            left = receivables.repost_credit_notes(entry, olds, rows).left
        except receivables.BadRows as refused:
            raise self.rejected(page, refused.problems, "invoice") from None
        self.tell_left(left, page)
