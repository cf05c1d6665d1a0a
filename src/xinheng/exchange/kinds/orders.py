"""Orders: entered unchecked, or approved as history with ``--opening``; with ``--check`` decided in file order."""

from collections.abc import Mapping, Sequence
from typing import Any

from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.desk.sales import public as sales
from xinheng.exchange.cells import Cells
from xinheng.exchange.findings import Finding
from xinheng.exchange.intake import Locked, Rejected
from xinheng.exchange.judging import Compared, stated
from xinheng.exchange.kinds.documents import NO_DAY, NOWHERE, Documents
from xinheng.exchange.kinds.taking import TERM_MAX, day, day_or_none
from xinheng.exchange.staging import State
from xinheng.rules import terms
from xinheng.rules.policy import Instrument
from xinheng.rules.road import Component, Kind

PAYMENTS = {
    "credit": "credit",
    "赊销": "credit",
    "信用": "credit",
    "账期": "credit",
    "prepaid": "prepaid",
    "预付": "prepaid",
    "预付款": "prepaid",
    "款到发货": "prepaid",
    "先款后货": "prepaid",
    "cod": "cod",
    "cashondelivery": "cod",
    "货到付款": "cod",
    "货到结款": "cod",
}
INSTRUMENTS = {
    **{code.value.lower(): code.value for code in Instrument},
    **{code.value.lower().replace("_", ""): code.value for code in Instrument},
    "现金": Instrument.CASH.value,
    "汇款": Instrument.REMITTANCE.value,
    "电汇": Instrument.REMITTANCE.value,
    "转账": Instrument.REMITTANCE.value,
    "支票": Instrument.CHEQUE.value,
    "汇票": Instrument.DRAFT.value,
    "银行汇票": Instrument.DRAFT.value,
    "银行承兑": Instrument.BANK_ACCEPTANCE.value,
    "银行承兑汇票": Instrument.BANK_ACCEPTANCE.value,
    "商业承兑": Instrument.COMMERCIAL_ACCEPTANCE.value,
    "商业承兑汇票": Instrument.COMMERCIAL_ACCEPTANCE.value,
    "本票": Instrument.PROMISSORY_NOTE.value,
    "信用证": Instrument.LETTER_OF_CREDIT.value,
}
_MORE = {"ship_date": ("ship_date", "day"), "payment": ("payment", "text"), "term": ("term", "text")}
_MORE |= {"instrument": ("instrument", "text")}


class Orders(Documents):
    """One file of orders."""

    right = "orders.enter"
    kinds = (Kind.ORDER,)
    awaited_in = "order_number"

    def layout(self):
        yield from super().layout()
        yield from (column for field, column in _MORE.items() if self.setting.has(field))

    def more(self, cells: Cells, columns: dict[str, Sequence[Any]], currencies: Sequence[str], places: Any) -> dict:
        found: dict[str, Sequence[Any]] = {}
        if cells.has("ship_date"):
            found["ship_date"] = cells.days("ship_date", self.days)
        if cells.has("payment"):
            found["payment"] = cells.choices("payment", PAYMENTS)
        if cells.has("term"):
            found["term"] = cells.texts("term", longest=TERM_MAX)
            cells.check("term", terms.parse_term)
        if cells.has("instrument"):
            found["instrument"] = cells.choices("instrument", INSTRUMENTS)
        return found

    def compared_beside(self) -> tuple[str, list[Compared]]:
        beside = {"ship_date": "o.ship_date", "payment": "o.payment", "instrument": "o.instrument", "term": "d.term"}
        compared = [stated(field, field, books) for field, books in beside.items() if field in self.columns]
        return "JOIN sales_order o ON o.document_id = d.id", compared

    def component(self) -> str:
        return str(int(Component.ORDERED)) if self.options.opening else NOWHERE

    def values(self) -> dict[str, str]:
        extra = {name: self.column(name, "''") for name in ("instrument",)}
        extra |= {"payment": self.column("payment", "'credit'"), "ship_date": self.column("ship_date", NO_DAY)}
        return super().values() | extra | {"occupies": "(1 = 1)" if self.options.opening else "(1 = 0)"}

    def land_bulk(self, entry: Entry) -> None:
        sales.land_orders(entry, self.source(), opening=self.options.opening)

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        sales.record_orders(entry, [self._row(row) for row in page], opening=self.options.opening)

    def _row(self, row: Mapping[str, Any], old: sales.Order | None = None) -> sales.OrderRow:
        """What a staged row says, and where it says nothing what stood there before."""
        kept = old.document if old else None
        return sales.OrderRow(
            **self.whose_is(row),
            number=row["number"],
            dated_on=day(row["dated_on"]),
            currency=kept.currency if kept else self.currency_of(row),
            amount=row["amount"],
            salesperson=row.get("salesperson") or (kept.salesperson if kept else self.salesperson_of(row)),
            ship_date=day_or_none(row.get("ship_date")) or (old.ship_date if old else None),
            payment=row.get("payment") or (old.payment if old else "credit"),
            term=row.get("term") or (kept.term if kept else ""),
            instrument=row.get("instrument") or (old.instrument if old else ""),
        )

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        """A corrected order takes the place of the old one; one that was decided already is decided again."""
        found = self.present(page)
        ids = [document.pk for documents in found.values() for document in documents]
        orders = sales.Order.objects.select_related("document").in_bulk(ids)
        closed = [row for row in page if orders[self._old(found, row).pk].state in sales.CLOSED]
        if closed:
            raise Rejected([self._is_over(row, orders[self._old(found, row).pk]) for row in closed])
        olds = [orders[self._old(found, row).pk] for row in page]
        made = sales.repost_orders(entry, olds, [self._row(row, old) for row, old in zip(page, olds, strict=True)])
        for old, new in zip(olds, made, strict=True):
            if old.state != sales.Order.State.ENTERED:
                control.decide_imported(new, on=self.setting.on, by=entry.actor)

    def _is_over(self, row: Mapping[str, Any], order: sales.Order) -> Finding:
        params = {"what": "order", "number": row["number"], "state": order.state}
        return self.finding(row["line"], "number", "WRONG_STATE", row["number"], **params)

    def _old(
        self, found: Mapping[tuple[int, str], list[exposure.Document]], row: Mapping[str, Any]
    ) -> exposure.Document:
        return found[self.whose.entity_of(row["ref"]), row["number"]][0]

    def tell(self, entry: Entry) -> None:
        """With ``--check`` every order of the file that is still unchecked is decided, in the order of the file."""
        super().tell(entry)
        if not self.options.check:
            return
        wanted = f"state IN ({State.BULK:d}, {State.WALK:d}, {State.PRESENT:d})"
        done = 0
        for page in self.stage.pages(wanted, columns=("ref", "number")):
            found = self.present(page)
            ids = [document.pk for documents in found.values() for document in documents]
            entered = sales.Order.objects.filter(state=sales.Order.State.ENTERED).in_bulk(ids)
            for row in page:
                document = self._old(found, row)
                if document.pk in entered:
                    control.decide_imported(document, on=self.setting.on, by=entry.actor)
                done += 1
            self.setting.tick("checking", done, self.stage.count)
