"""Allocations: which receipt or credit note settled which invoice, with how much and when.

A row without instalment fills the oldest due first.  Equal rows of one file are told apart by their occurrence, so two
equal part payments of one day are two allocations, and the same file again is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xinheng.base import events, sql
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure.public import Entry
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.cells import Cells
from xinheng.exchange.findings import Finding
from xinheng.exchange.intake import Intake, Judged, Locked, Rejected, Setting, unstated
from xinheng.exchange.kinds.taking import NUMBER_MAX, day
from xinheng.exchange.staging import TABLE, Stage, State
from xinheng.exchange.whose import Whose
from xinheng.rules.currencies import decimals
from xinheng.rules.road import Kind

_COLUMNS = {
    "entity_id": "whole",
    "customer_id": "whole",
    "receipt": "text",
    "invoice": "text",
    "part": "whole",
    "dated_on": "day",
    "amount": "minor",
}


class Allocations(Intake):
    """One file of allocations."""

    right = "receivables.allocate"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.whose = Whose(currency=setting.currency, create=False, entity=setting.options.entity, by=setting.by)
        self.stage = Stage(_COLUMNS, later={"occurrence": "whole"}, numbered=False)
        self._sees_all = customers.sees_all(setting.by)

    def take(self, cells: Cells) -> None:
        receipts = cells.texts("receipt", longest=NUMBER_MAX, required=True)
        invoices = cells.texts("invoice", longest=NUMBER_MAX, required=True)
        entities, owners, currencies = self._invoices(cells, invoices)
        amounts = cells.amounts("amount", [decimals(one) for one in currencies], currencies=currencies, required=True)
        days = cells.days("date", self.days, required=True)
        parts = cells.wholes("instalment", 1, 999)
        for index, amount in enumerate(amounts):
            if amount is not None and amount <= 0:
                cells.refuse(index, "amount", "NOT_POSITIVE")
        self.findings += cells.findings
        columns = (entities, owners, receipts, invoices, parts, days, amounts)
        rows = zip(cells.lines, *(unstated(column, self.stage.blank) for column in columns), strict=True)
        self.stage.add(cells.good(list(rows)))

    def _invoices(self, cells: Cells, numbers: Sequence[str]) -> tuple[list[int], list[int | None], list[str]]:
        """Entity, customer and currency of every row, from the invoice it names."""
        known = self._known(numbers)
        entities, owners = self.whose.entity_column(cells), [None] * cells.count
        currencies = [self.setting.currency] * cells.count
        said = cells.has("entity") or bool(self.options.entity)
        codes = {id: code for code, id in self.whose.entities.items()}
        for index, number in enumerate(numbers):
            everywhere = known.get(number, [])
            found = [one for one in everywhere if not said or one[0] == entities[index]]
            if len(found) > 1:
                choices = [codes[one[0]] for one in found]
                cells.refuse(index, "invoice", "AMBIGUOUS", what="invoice", number=number, choices=choices)
            elif found:
                entities[index], owners[index], currencies[index] = found[0]  # type: ignore[call-overload]
            elif everywhere:
                choices, entity = [codes[one[0]] for one in everywhere], codes.get(entities[index], "")
                cells.refuse(index, "invoice", "INVOICE_OF_OTHER_ENTITY", number=number, choices=choices, entity=entity)
            elif number:
                cells.refuse(index, "invoice", "UNKNOWN", what="invoice", number=number)
        return entities, owners, currencies

    def _known(self, numbers: Sequence[str]) -> dict[str, list[tuple[int, int, str]]]:
        found: dict[str, list[tuple[int, int, str]]] = {}
        rows = sql.fetch_in(
            "SELECT DISTINCT d.number, d.entity_id, a.customer_id, d.currency FROM exposure_document d "
            f"JOIN exposure_account a ON a.id = d.account_id WHERE d.kind = {int(Kind.INVOICE)} "
            "AND d.reversed_by_id IS NULL AND d.number IN ({values})",
            sorted(set(numbers) - {""}),
        )
        seen = None
        if not self._sees_all:
            visible = customers.visible_to(self.setting.by).filter(pk__in={row[2] for row in rows})
            seen = set(visible.values_list("id", flat=True))
        for number, entity, customer, currency in rows:
            if seen is None or customer in seen:
                found.setdefault(number, []).append((entity, customer, currency))
        return found

    def judge(self) -> Judged:
        self.remarks = []
        self.stage.complete()
        sql.execute(
            f"UPDATE {TABLE} SET occurrence = counted.nth FROM (SELECT line AS at, ROW_NUMBER() OVER (PARTITION BY "
            f"entity_id, receipt, invoice, part, dated_on, amount ORDER BY line) AS nth FROM {TABLE}) counted "
            f"WHERE counted.at = {TABLE}.line"
        )
        sql.execute(
            f"UPDATE {TABLE} SET state = {State.PRESENT:d} WHERE state = {State.BULK:d} AND EXISTS (SELECT 1 FROM "
            "receivables_allocation a JOIN exposure_document c ON c.id = a.credit_id "
            f"JOIN exposure_document i ON i.id = a.invoice_id WHERE a.undone_by_id IS NULL "
            f"AND i.number = {TABLE}.invoice AND i.entity_id = {TABLE}.entity_id AND c.number = {TABLE}.receipt "
            f"AND a.dated_on = {TABLE}.dated_on AND a.stated_amount = {TABLE}.amount "
            f"AND a.occurrence = {TABLE}.occurrence AND COALESCE(a.stated_part, 0) = COALESCE({TABLE}.part, 0))"
        )
        rows = self._new()
        problems = receivables.check_allocations([self._row(row) for row in rows])
        self.refuse(self._findings(rows, problems))
        counts = self.stage.counts()
        return Judged(counts[State.BULK], counts[State.PRESENT])

    def money(self) -> dict[str, int]:
        owed = (
            "(SELECT DISTINCT entity_id, number, currency FROM exposure_document "
            f"WHERE kind = {int(Kind.INVOICE)} AND reversed_by_id IS NULL)"
        )
        found = sql.fetch(
            f"SELECT d.currency, SUM(s.amount) FROM {TABLE} s JOIN {owed} d ON d.entity_id = s.entity_id "
            f"AND d.number = s.invoice WHERE s.state = {State.BULK:d} GROUP BY 1 ORDER BY 1"
        )
        return {currency: int(total) for currency, total in found}  # PostgreSQL adds up to decimals

    def again(self) -> Judged:
        """The same once more, because somebody else has written meanwhile."""
        self.stage.reset()
        return self.judge()

    def _new(self) -> list[dict[str, Any]]:
        columns = (*_COLUMNS, "occurrence")
        return [row for page in self.stage.pages(f"state = {State.BULK:d}", columns=columns) for row in page]

    def _findings(
        self, rows: Sequence[Mapping[str, Any]], problems: Iterable[receivables.Problem]
    ) -> Iterator[Finding]:
        for one in problems:
            field = "receipt" if one.code in _OF_THE_RECEIPT or one.params.get("what") == "receipt" else "invoice"
            row = rows[one.index]
            yield self.finding(row["line"], field, one.code, row[field], **receivables.shown(one.params))

    def refuse(self, findings: Iterable[Finding]) -> None:
        found = list(findings)
        self.findings += found
        self.stage.mark([one.line for one in found], State.BAD)

    def prepare(self) -> tuple[list[int], list[int]]:
        rows = sql.fetch(f"SELECT DISTINCT customer_id FROM {TABLE} WHERE customer_id IS NOT NULL")
        self._customers = sorted(customer for (customer,) in rows)
        return self._customers, []

    def land(self, entry: Entry, held: Locked) -> None:
        rows = self._new()
        if not rows:
            return
        try:
            receivables.allocate_many(entry, [self._row(row) for row in rows])
        except receivables.BadRows as refused:
            raise Rejected(list(self._findings(rows, refused.problems))) from None

    def _row(self, row: Mapping[str, Any]) -> receivables.AllocationRow:
        return receivables.AllocationRow(
            entity_id=row["entity_id"],
            credit_number=row["receipt"],
            invoice_number=row["invoice"],
            dated_on=day(row["dated_on"]),
            amount=row["amount"],
            part=row["part"],
            occurrence=row["occurrence"] or 1,
        )

    def tell(self, entry: Entry) -> None:
        if self._customers:
            found = events.CreditChanged(frozenset(self._customers), "ALLOCATION", self.setting.on, entry.actor)
            events.tell(found)

    def digest(self, landed: int) -> str:
        return self.stage.digest(landed)

    def close(self) -> None:
        self.stage.close()
        self.whose.close()


#: Problems that are the receipt's, not the invoice's.
_OF_THE_RECEIPT = frozenset(
    {"MORE_THAN_RECEIVED", "NOT_CLEARED", "DEPOSIT_NOT_APPLICABLE", "OTHER_CUSTOMER", "OTHER_ENTITY"}
)
