"""Deliveries and returns: facts whatever credit says.  Goods gone without a release are listed with a name on them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xinheng.base import sql
from xinheng.desk.exposure.public import Entry
from xinheng.desk.sales import public as sales
from xinheng.exchange.cells import Cells
from xinheng.exchange.intake import Locked
from xinheng.exchange.judging import Compared, stated
from xinheng.exchange.kinds.documents import Documents
from xinheng.exchange.kinds.taking import NUMBER_MAX, day
from xinheng.exchange.staging import State
from xinheng.rules.currencies import DECIMALS
from xinheng.rules.road import Component, Kind


class Goods(Documents):
    """Rows that may leave their customer to the document they name: its number says whose they are."""

    right = "deliveries.enter"
    #: The field that names the document whose customer the goods are.
    follows: str
    followed: Kind

    def owners(self, cells: Cells) -> tuple[list[int | None], tuple[Sequence[str], int | list[int]]]:
        """The customer of the row, else of the document it names; that document's currency, else the customer's."""
        entities = self.whose.entity_column(cells)
        codes = list(cells.texts("customer", longest=NUMBER_MAX))
        currencies = [""] * cells.count
        known = self._known(cells.texts(self.follows, longest=NUMBER_MAX))
        for index, number in enumerate(cells.raw(self.follows)):
            found = known.get(number, [])
            if cells.has("entity") or self.options.entity:
                found = [one for one in found if one[0] == entities[index]]
            if len(found) > 1:
                choices = [code for code, id in self.whose.entities.items() if id in {one[0] for one in found}]
                cells.refuse(index, self.follows, "AMBIGUOUS", what=self.follows, number=number, choices=choices)
            elif found:
                entity, customer, currency = found[0]
                entities[index], currencies[index] = entity, currency
                codes[index] = codes[index] or customer
            elif not codes[index]:
                self._whose_is_unknown(cells, index, number)
        refs = self.whose.rows(cells, codes, entities, "customer")
        self._currencies = currencies
        usual, _ = self.whose.currencies(cells, refs)
        usual = [one or other for one, other in zip(currencies, usual, strict=True)]
        return refs, (usual, [DECIMALS.get(one, 2) for one in usual])

    def _whose_is_unknown(self, cells: Cells, index: int, number: str) -> None:
        if number:
            cells.refuse(index, self.follows, "UNKNOWN", what=self.follows, number=number)
        else:
            cells.refuse(index, self.follows, "MISSING", field=cells.heading(self.follows))

    def said_currency(self, cells: Cells, usual: Sequence[str]) -> Sequence[str]:
        """The currency of the document that is named stays with the row."""
        return [one or known for one, known in zip(cells.raw("currency"), self._currencies, strict=True)]

    def _known(self, numbers: Sequence[str]) -> dict[str, list[tuple[int, str, str]]]:
        """The named documents in the books: number → entity, customer's code, currency."""
        found: dict[str, list[tuple[int, str, str]]] = {}
        for number, entity, code, currency in sql.fetch_in(
            "SELECT d.number, d.entity_id, c.code, d.currency FROM exposure_document d "
            "JOIN exposure_account a ON a.id = d.account_id JOIN customers_customer c ON c.id = a.customer_id "
            f"WHERE d.kind = {int(self.followed)} AND d.reversed_by_id IS NULL AND d.number IN ({{values}})",
            sorted(set(numbers) - {""}),
        ):
            found.setdefault(number, []).append((entity, code, currency))
        return found


class Deliveries(Goods):
    """One file of deliveries."""

    kinds = (Kind.DELIVERY,)
    names = {"order": ("order_number", Kind.ORDER)}
    awaited_in = "delivery_number"
    grows = "DELIVERY"
    follows, followed = "order", Kind.ORDER

    def layout(self) -> Iterator[tuple[str, str]]:
        yield from super().layout()
        if self.setting.has("consigned"):
            yield "consigned", "whole"

    def more(self, cells: Cells, columns: dict[str, Sequence[Any]], currencies: Sequence[str], places: Any) -> dict:
        if not cells.has("consigned"):
            return {}
        return {"consigned": [None if flag is None else int(flag) for flag in cells.flags("consigned")]}

    def later(self) -> Iterator[tuple[str, str]]:
        yield "found_order", "text"

    def judge_more(self) -> None:
        self.infer_orders()

    def compared_beside(self) -> tuple[str, list[Compared]]:
        if "consigned" not in self.columns:
            return "", []
        return "", [stated("consigned", "consigned", "CASE WHEN d.consigned THEN 1 ELSE 0 END")]

    def component(self) -> str:
        delivered, consigned = int(Component.DELIVERED), int(Component.CONSIGNED)
        return f"CASE WHEN {self.column('consigned', '0')} = 1 THEN {consigned} ELSE {delivered} END"

    def values(self) -> dict[str, str]:
        return super().values() | {"consigned": f"({self.column('consigned', '0')} = 1)"}

    def land_bulk(self, entry: Entry) -> None:
        sales.land_deliveries(entry, self.source(), opening=self.options.opening)

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        sales.record_deliveries(entry, [self._row(row) for row in page], opening=self.options.opening)

    def _row(self, row: Mapping[str, Any], old: Any = None) -> sales.DeliveryRow:
        consigned = row.get("consigned")
        return sales.DeliveryRow(
            **self.whose_is(row),
            number=row["number"],
            dated_on=day(row["dated_on"]),
            currency=old.currency if old else self.currency_of(row),
            amount=row["amount"],
            order_number=row.get("order_number") or row.get("found_order") or (old.order_number if old else ""),
            inferred=not row.get("order_number") and bool(row.get("found_order") or (old and old.inferred)),
            consigned=bool(consigned) if consigned is not None else bool(old and old.consigned),
        )

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        found = self.present(page)
        olds = [found[self.whose.entity_of(row["ref"]), row["number"]][0] for row in page]
        sales.repost_deliveries(entry, olds, [self._row(row, old) for row, old in zip(page, olds, strict=True)])


class Returns(Goods):
    """One file of goods that came back before they were invoiced."""

    kinds = (Kind.RETURN,)
    names = {"delivery": ("delivery_number", Kind.DELIVERY)}
    follows, followed = "delivery", Kind.DELIVERY
    frees = "RETURN"

    def judge_more(self) -> None:
        """What comes back beyond what was delivered and not invoiced is told: a credit note is for that."""
        left: dict[tuple[int, str], int] = {}
        for page in self.stage.pages(f"state IN ({State.BULK:d}, {State.WALK:d})"):
            keys = {(self.whose.entity_of(row["ref"]), row["delivery_number"]) for row in page}
            left |= self._open({key for key in keys if key not in left})
            for row in page:
                key = (self.whose.entity_of(row["ref"]), row["delivery_number"])
                if row["amount"] > left.get(key, 0):
                    params = {"number": row["number"], "delivery": row["delivery_number"]}
                    self.remarks.append(self.finding(row["line"], "amount", "MORE_THAN_DELIVERED", **params))
                left[key] = max(0, left.get(key, 0) - row["amount"])

    def _open(self, keys: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
        places = f"({int(Component.DELIVERED)}, {int(Component.CONSIGNED)})"
        rows = sql.fetch_in(
            "SELECT d.entity_id, d.number, COALESCE((SELECT SUM(p.amount) FROM exposure_position p "
            f"WHERE p.document_id = d.id AND p.component IN {places}), 0) FROM exposure_document d "
            f"WHERE d.kind = {int(Kind.DELIVERY)} AND d.reversed_by_id IS NULL AND d.number IN ({{values}})",
            sorted({number for _, number in keys}),
        )
        return {(entity, number): int(amount) for entity, number, amount in rows if (entity, number) in keys}

    def land_bulk(self, entry: Entry) -> None:
        """A return always names its delivery, so none stands alone."""

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        sales.record_returns(entry, [self._row(row) for row in page])

    def _row(self, row: Mapping[str, Any], old: Any = None) -> sales.ReturnRow:
        return sales.ReturnRow(
            **self.whose_is(row),
            number=row["number"],
            dated_on=day(row["dated_on"]),
            currency=old.currency if old else self.currency_of(row),
            amount=row["amount"],
            delivery_number=row["delivery_number"],
        )

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        found = self.present(page)
        olds = [found[self.whose.entity_of(row["ref"]), row["number"]][0] for row in page]
        sales.repost_returns(entry, olds, [self._row(row, old) for row, old in zip(page, olds, strict=True)])
