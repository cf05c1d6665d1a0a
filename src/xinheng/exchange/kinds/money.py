"""Receipts and paper.  A receipt never allocates itself; a cheque or bill may be earmarked to an invoice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xinheng.base import sql
from xinheng.desk.cash import public as cash
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.exchange.cells import Cells
from xinheng.exchange.intake import Locked, Rejected, Setting
from xinheng.exchange.judging import Compared, stated
from xinheng.exchange.kinds.documents import Documents
from xinheng.exchange.kinds.orders import INSTRUMENTS
from xinheng.exchange.kinds.taking import day, day_or_none
from xinheng.exchange.staging import TABLE, State
from xinheng.rules.policy import Acceptor
from xinheng.rules.road import Kind

METHODS = {
    **{code.value: code.value for code in cash.Receipt.Method},
    **{code.value.replace("_", ""): code.value for code in cash.Receipt.Method},
    "银行转账": "transfer",
    "转账": "transfer",
    "电汇": "transfer",
    "汇款": "transfer",
    "remittance": "transfer",
    "wire": "transfer",
    "现金": "cash",
    "支票": "cheque",
    "check": "cheque",
    "汇票": "draft",
    "银行汇票": "draft",
    "银行承兑": "bank_acceptance",
    "银行承兑汇票": "bank_acceptance",
}
PURPOSES = {
    "payment": "payment",
    "货款": "payment",
    "收款": "payment",
    "预收": "payment",
    "预收款": "payment",
    "deposit": "deposit",
    "押金": "deposit",
    "保证金": "deposit",
    "履约保证金": "deposit",
}
ACCEPTORS = {
    **{code.value.lower(): code.value for code in Acceptor},
    **{code.value.lower().replace("_", ""): code.value for code in Acceptor},
    "大型银行": Acceptor.LARGE_BANK.value,
    "国有大行": Acceptor.LARGE_BANK.value,
    "大行": Acceptor.LARGE_BANK.value,
    "小银行": Acceptor.SMALL_BANK.value,
    "小行": Acceptor.SMALL_BANK.value,
    "企业": Acceptor.COMPANY.value,
    "公司": Acceptor.COMPANY.value,
    "其他": Acceptor.OTHER.value,
}
STATES = {
    **{code.value: code.value for code in cash.Instrument.State},
    "已收": "received",
    "在手": "received",
    "已兑付": "cleared",
    "已承兑": "cleared",
    "已到账": "cleared",
    "拒付": "dishonoured",
    "退票": "dishonoured",
    "dishonored": "dishonoured",
    "已背书": "endorsed",
    "背书": "endorsed",
    "已贴现": "discounted",
    "贴现": "discounted",
}


class Receipts(Documents):
    """One file of receipts."""

    right = "cash.post"
    kinds = (Kind.RECEIPT,)
    names = {"order": ("order_number", Kind.ORDER)}
    walks_with_names = False
    frees = "RECEIPT"

    def layout(self) -> Iterator[tuple[str, str]]:
        yield from super().layout()
        yield from ((name, "text") for name in ("method", "purpose") if self.setting.has(name))

    def more(self, cells: Cells, columns: dict[str, Sequence[Any]], currencies: Sequence[str], places: Any) -> dict:
        found: dict[str, Sequence[Any]] = {}
        if cells.has("method"):
            found["method"] = cells.choices("method", METHODS)
        if cells.has("purpose"):
            found["purpose"] = cells.choices("purpose", PURPOSES)
        return found

    def compared_beside(self) -> tuple[str, list[Compared]]:
        compared = [stated(name, name, f"r.{name}") for name in ("method", "purpose") if name in self.columns]
        return ("JOIN cash_receipt r ON r.document_id = d.id" if compared else ""), compared

    def component(self) -> str:
        return cash.receipt_component(self.column("method", "'transfer'"), self.column("purpose", "'payment'"))

    def values(self) -> dict[str, str]:
        beside = {"method": self.column("method", "'transfer'"), "purpose": self.column("purpose", "'payment'")}
        return super().values() | beside

    def land_bulk(self, entry: Entry) -> None:
        cash.land_receipts(entry, self.source())

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        found = self.present(page)
        olds = [found[self.whose.entity_of(row["ref"]), row["number"]][0] for row in page]
        kept = cash.Receipt.objects.in_bulk([one.pk for one in olds])
        rows = [self._row(row, old, kept[old.pk]) for row, old in zip(page, olds, strict=True)]
        self.tell_left(cash.repost_receipts(entry, olds, rows).left, page)

    def _row(self, row: Mapping[str, Any], old: Document, kept: cash.Receipt) -> cash.ReceiptRow:
        return cash.ReceiptRow(
            entity_id=old.entity_id,
            account_id=old.account_id,
            number=old.number,
            dated_on=day(row["dated_on"]),
            currency=old.currency,
            amount=row["amount"],
            method=row.get("method") or kept.method,
            purpose=row.get("purpose") or kept.purpose,
            order_number=row.get("order_number") or old.order_number,
            salesperson=row.get("salesperson") or old.salesperson,
        )


class Instruments(Documents):
    """One file of cheques and bills; all of them go through their chapter, which lets them take an invoice's place."""

    right = "instruments.post"
    kinds = (Kind.INSTRUMENT,)
    names = {"invoice": ("invoice_number", Kind.INVOICE)}
    walks_with_names = False
    frees = "INSTRUMENT"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._refused: dict[int, dict[str, None]] = {}  # account → numbers of the paper the bank refused

    def layout(self) -> Iterator[tuple[str, str]]:
        yield from super().layout()
        yield from (("paper", "text"), ("maturity", "day"))
        yield from ((name, "text") for name in ("acceptor", "state_of") if self.setting.has(_FIELDS.get(name, name)))

    def more(self, cells: Cells, columns: dict[str, Sequence[Any]], currencies: Sequence[str], places: Any) -> dict:
        cells.texts("kind", longest=40, required=True)
        found: dict[str, Sequence[Any]] = {
            "paper": cells.choices("kind", INSTRUMENTS),
            "maturity": cells.days("maturity", self.days, required=True),
        }
        if cells.has("acceptor"):
            found["acceptor"] = cells.choices("acceptor", ACCEPTORS)
        if cells.has("state"):
            found["state_of"] = cells.choices("state", STATES)
        for index, (received, matures) in enumerate(zip(columns["dated_on"], found["maturity"], strict=True)):
            if received and matures and matures < received and not self.options.opening:
                cells.refuse(index, "maturity", "MATURES_BEFORE_DATE", maturity=matures, date=received)
        return found

    def compared_beside(self) -> tuple[str, list[Compared]]:
        compared = [stated("kind", "paper", "i.kind"), stated("maturity", "maturity", "i.maturity")]
        compared += [
            stated(_FIELDS.get(one, one), one, f"i.{_FIELDS.get(one, one)}") for one in _OPTIONAL & self.stage_columns
        ]
        return "JOIN cash_instrument i ON i.document_id = d.id", compared

    def judge_more(self) -> None:
        sql.execute(f"UPDATE {TABLE} SET state = {State.WALK:d} WHERE state = {State.BULK:d}")
        for page in self.stage.pages(f"state = {State.WALK:d}"):
            problems = cash.check_instruments([self._row(row) for row in page])
            self.refuse(self.rejected(page, problems, "invoice").findings)

    def land_bulk(self, entry: Entry) -> None:
        """Paper always walks."""

    def record(self, entry: Entry, page: Sequence[dict[str, Any]]) -> None:
        rows = [self._row(row) for row in page]
        try:
            cash.record_instruments(entry, rows)
        except receivables.BadRows as refused:
            raise self.rejected(page, refused.problems, "invoice") from None
        self._remember(rows)

    def repost(self, entry: Entry, held: Locked, page: Sequence[dict[str, Any]]) -> None:
        found = self.present(page)
        olds = [found[self.whose.entity_of(row["ref"]), row["number"]][0] for row in page]
        kept = cash.Instrument.objects.in_bulk([one.pk for one in olds])
        try:
            cash.reverse_instruments(entry, olds)
            rows = [self._row(row, old, kept[old.pk]) for row, old in zip(page, olds, strict=True)]
            cash.record_instruments(entry, rows)
            was = [kept[old.pk].state for old in olds]
            self._remember(row for row, state in zip(rows, was, strict=True) if row.state != state)
        except receivables.BadRows as refused:
            raise self.rejected(page, refused.problems, "invoice") from None
        except receivables.HasAllocations as refused:
            line = next(row["line"] for row in page if row["number"] == refused.params["number"])
            found_ = self.finding(line, "number", refused.code, refused.params["number"], **refused.params)
            raise Rejected([found_]) from None

    def _remember(self, rows: Iterable[cash.InstrumentRow]) -> None:
        """What the bank refused stops its customer; history taken over stops nobody."""
        for row in rows:
            if row.state == cash.Instrument.State.DISHONOURED and not self.options.opening:
                self._refused.setdefault(row.account_id, {})[row.number] = None

    def tell(self, entry: Entry) -> None:
        whose = receivables.customers_of_accounts(self._refused)
        numbers: dict[int, list[str]] = {}
        for account, found in self._refused.items():
            numbers.setdefault(whose[account], []).extend(found)
        if numbers:
            cash.stop_for_dishonoured(numbers, by=entry.actor)
        super().tell(entry)

    def _row(
        self, row: Mapping[str, Any], old: Document | None = None, kept: cash.Instrument | None = None
    ) -> cash.InstrumentRow:
        maturity = day_or_none(row["maturity"])
        assert maturity is not None  # noqa: S101 - a row without one was refused
        return cash.InstrumentRow(
            **self.whose_is(row),
            number=row["number"],
            kind=row["paper"],
            dated_on=day(row["dated_on"]),
            maturity=maturity,
            currency=old.currency if old else self.currency_of(row),
            amount=row["amount"],
            acceptor=row.get("acceptor") or (kept.acceptor if kept else ""),
            invoice_number=row.get("invoice_number") or (old.invoice_number if old else ""),
            state=row.get("state_of") or (kept.state if kept else "received"),
            salesperson=row.get("salesperson") or (old.salesperson if old else self.salesperson_of(row)),
        )


_FIELDS = {"state_of": "state"}
_OPTIONAL = frozenset({"acceptor", "state_of"})
