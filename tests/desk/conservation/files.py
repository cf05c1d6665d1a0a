"""What comes in files: whole batches of documents, corrections of what is there, batches taken back."""

import csv
import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.desk.conservation.corrections import Corrections
from tests.desk.conservation.goods import BELONGS
from tests.desk.conservation.machine import TODAY, Dice, step
from tests.desk.conservation.money import CREDITS
from tests.desk.conservation.naive import Paper, Settled
from xinheng.base.models import Batch
from xinheng.desk.sales import public as sales
from xinheng.exchange.importing import Options, Result, run_import
from xinheng.exchange.undoing import BatchInUse, undo_batch
from xinheng.rules.money import to_text
from xinheng.rules.road import Kind

#: Kind of file → kind of document, and the letter its numbers begin with.
KINDS = {
    "orders": (Kind.ORDER, "S"),
    "deliveries": (Kind.DELIVERY, "D"),
    "invoices": (Kind.INVOICE, "I"),
    "credit-notes": (Kind.CREDIT_NOTE, "C"),
    "receipts": (Kind.RECEIPT, "R"),
}
STRANGE = {"FAMILY_OF_OTHER_CUSTOMER", "FAMILY_OF_OTHER_CURRENCY", "FAMILY_OF_OTHER_ENTITY"}


@dataclass(frozen=True)
class Correction:
    """What a file corrected: the batch, what stood before and after, what had settled it and what did so anew."""

    batch: int
    old: Paper
    new: Paper
    aside: list[Settled]
    made: set[int]


class Files(Corrections):
    """Imports of a few rows each, with ``--update`` and without, and ``import undo``."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[int, list[Paper]]] = []
        self.corrected: set[int] = set()
        self.corrections: list[Correction] = []

    def bring(self, kind: str, rows: list[dict[str, Any]], **options: Any) -> Result:
        """Import a file of these rows."""
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / f"{kind}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
                writer.writeheader()
                writer.writerows(rows)
            return run_import(kind, path, Options(**options), by=self.by)

    @step(5)
    def file_comes(self, dice: Dice) -> None:
        """A file of up to four new documents."""
        kind = dice.choose(list(KINDS))
        method = dice.second(("transfer", "transfer", "cheque"))
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for nth in range(1 + dice.other % 4):
            one = replace(Dice.thrown(dice.pick * 7 + dice.amount * 11 + nth), odd=False)
            row = self._row(kind, one, method)
            if row:
                rows.setdefault((row["entity"], row["number"]), row)
        if not rows:
            return
        done = self.bring(kind, list(rows.values()), keep_good=True, check=kind == "orders" and dice.odd)
        # A number somebody else's document waits for is refused in a file; nothing else is wrong with these rows.
        assert {one.code for one in done.errors} <= STRANGE
        for line in sorted({one.line for one in done.errors}, reverse=True):
            del rows[list(rows)[line - 2]]
        assert done.accepted == len(rows)
        if not rows:
            return
        papers = self.adopt(method=method, purpose="payment", cleared=method == "transfer")
        assert sum(one.amount for one in papers) == sum(row["minor"] for row in rows.values())
        self._land(papers)
        self.batches.append((done.batch, papers))

    def _row(self, kind: str, dice: Dice, method: str) -> dict[str, Any] | None:
        document, letter = KINDS[kind]
        amount, invoice = dice.amount, ""
        if kind == "credit-notes":
            whose, invoice, amount = self.reduced(dice)
            dice = replace(dice, whose=whose)
        number = self.number(document, letter, dice)
        if self.there(document, number, dice):
            return None
        row = self._stated(dice, number, amount, dated="issue_date" if kind == "invoices" else "date")
        mine = [one.number for one in self.naive.present(Kind.ORDER, whose=dice.whose)]
        if kind in {"deliveries", "invoices"} and mine:
            row["order"] = dice.choose([*mine, ""])
        if kind == "invoices":
            row["term"] = dice.second(("", "", "30D", "3x30D"))
        if kind == "credit-notes":
            row["invoice"] = invoice
        if kind == "receipts":
            row["method"] = method
        return row

    @staticmethod
    def _stated(dice: Dice, number: str, amount: int, *, dated: str) -> dict[str, Any]:
        customer, entity, currency = dice.whose
        return {
            "number": number,
            "customer": customer,
            "entity": entity,
            "currency": currency,
            dated: dice.day,
            "amount": to_text(amount, currency),
            "minor": amount,
        }

    def _land(self, papers: list[Paper]) -> None:
        """What new documents do by themselves: money comes, notes reduce what they name."""
        self.await_allocations()
        for one in papers:
            if one.kind is Kind.RECEIPT:
                self.money_comes(one, one.on)
            elif one.kind is Kind.CREDIT_NOTE:
                self.note_lands(one)
        self.learn_allocations()

    # -- taken back

    @step(3, needs=lambda self: self.batches)
    def file_goes(self, dice: Dice) -> None:
        """A batch is taken back whole, or not at all because something rests on it."""
        batch, papers = dice.choose(self.batches)
        found = Batch.objects.get(pk=batch)
        here = [one for one in papers if one.present]
        done = self.doing(lambda: undo_batch(found, on=TODAY, by=self.by), BatchInUse)
        corrected = any(one.id in self.corrected for one in papers)
        if not done:
            assert corrected or any(self._rests_on(one, here) for one in here), here
            return
        assert not corrected, "what a later file corrected goes only after that file"
        self.batches.remove((batch, papers))
        for one in reversed(here):
            if one.kind in CREDITS:
                for id in [id for id, made in self.naive.settled.items() if made.credit == one.id]:
                    assert self.naive.settled[id].automatic
                    self.naive.unsettle(id)
                self._credit_goes(one)
            self.goods_go(one)

    def _rests_on(self, one: Paper, batch: list[Paper]) -> bool:
        """Whether anything outside the batch rests on one of its documents."""
        if one.kind is Kind.INVOICE:
            return not self._stood_whole(one) or self._named(one, batch, Kind.CREDIT_NOTE, Kind.INSTRUMENT)
        if one.kind in CREDITS:
            return any(made.credit == one.id and not made.automatic for made in self.naive.settled.values())
        return self._named(one, batch) or (one.kind is Kind.ORDER and self.states[one.id][0] != "ENTERED")

    def _named(self, one: Paper, batch: list[Paper], *kinds: Kind) -> bool:
        others = [other for other in self.naive.present(*kinds, entity=one.entity) if other not in batch]
        names = {Kind.ORDER: "order", Kind.DELIVERY: "delivery"}
        if one.kind is Kind.INVOICE:
            return any(other.said["invoice"] == one.number for other in others)
        return any(getattr(other, names[one.kind]) == one.number for other in others)

    # -- corrected

    def plain(self) -> list[Paper]:
        """Invoices that are one instalment and say no term."""
        found = [parts[0] for key in self.invoices() if len(parts := self.parts(*key)) == 1 and parts[0].part == 1]
        return [one for one in found if not self.document(one).term]

    @step(2, needs=lambda self: self.plain())
    def file_corrects_invoice(self, dice: Dice) -> None:
        invoice = dice.choose(self.plain())
        dice = replace(dice, whose=invoice.whose)
        row = self._stated(dice, invoice.number, dice.part_of(invoice.amount), dated="issue_date")
        row["due_date"] = dice.day + timedelta(dice.amount)
        possible = self._whole_without_payments(invoice)
        done = self.doing(lambda: self._corrected_by("invoices", row))
        if done.updated:
            assert possible
            aside = self._set_aside(invoice)
            self.corrected.add(invoice.id)
            self.drop([invoice])
            (new,) = self.adopt()
            self._stands_again(done, invoice, new, aside)
        else:
            assert done.already_present or not possible

    @step(2, needs=lambda self: self.naive.present(Kind.RECEIPT))
    def file_corrects_receipt(self, dice: Dice) -> None:
        receipt = dice.choose(self.naive.present(Kind.RECEIPT))
        dice = replace(dice, whose=receipt.whose)
        row = self._stated(dice, receipt.number, dice.part_of(receipt.amount), dated="date")
        done = self._corrected_by("receipts", row)
        if not done.updated:
            assert done.already_present
            return
        aside = self._set_aside(receipt)
        self.corrected.add(receipt.id)
        self._credit_goes(receipt)
        self.drop([receipt])
        (new,) = self.adopt(**{name: receipt.said[name] for name in ("method", "purpose", "cleared")})
        on = new.on
        if new.said["cleared"] and "cleared_on" in receipt.said:
            new.said["cleared_on"] = max(receipt.said["cleared_on"], dice.day)
            on = self.naive.effective(max(new.said["cleared_on"], new.on), new.entity)
        self.money_comes(new, on)
        self._stands_again(done, receipt, new, aside)

    def _stands_again(self, done: Result, old: Paper, new: Paper, aside: list[Settled]) -> None:
        """Its allocations are made again; they belong to the batch that corrected it."""
        before = set(self.naive.settled)
        self.await_allocations()
        self._apply_again(aside)
        self.corrections.append(Correction(done.batch, old, new, aside, set(self.naive.settled) - before))

    @step(2, needs=lambda self: self.naive.present(*BELONGS))
    def file_corrects_goods(self, dice: Dice) -> None:
        paper = dice.choose(self.naive.present(*BELONGS))
        dice = replace(dice, whose=paper.whose)
        row = self._stated(dice, paper.number, dice.part_of(paper.amount), dated="date")
        over = paper.kind is Kind.ORDER and self.states[paper.id][0] in sales.CLOSED
        done = self._corrected_by("orders" if paper.kind is Kind.ORDER else "deliveries", row)
        strange = {one.code for one in done.errors} <= STRANGE
        assert done.updated or done.already_present or over or strange, done.errors
        if done.updated:
            self.corrected.add(paper.id)
            self.goods_go(paper)
            self.adopt()

    def _corrected_by(self, kind: str, row: dict[str, Any]) -> Result:
        return self.bring(kind, [row], update=True)
