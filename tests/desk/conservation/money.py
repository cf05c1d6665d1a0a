"""What may happen to invoices, money and paper in a random history."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

from tests.desk.conservation.goods import Goods
from tests.desk.conservation.machine import TODAY, Dice, step
from tests.desk.conservation.naive import (
    CONTINGENT,
    DEPOSIT,
    INSTRUMENT,
    INVOICED,
    SETTLED,
    UNAPPLIED,
    WRITTEN_OFF,
    Paper,
    Settled,
)
from xinheng.base.errors import Conflict, WrongState
from xinheng.desk.cash import public as cash
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Component, Kind

CREDITS = (Kind.RECEIPT, Kind.CREDIT_NOTE, Kind.INSTRUMENT)
TERMS = ("", "", "", "30D", "3x30D", "30%@0D+60%@60D 质保 10% 12M")
METHODS = ("transfer", "transfer", "transfer", "cash", "cheque", "draft")
State = cash.Instrument.State


class Money(Goods):
    """Invoices in instalments, notes, receipts, paper, allocations, write-offs."""

    def invoices(self) -> list[str]:
        """(entity, number) of the present invoices."""
        return sorted({(one.entity, one.number) for one in self.naive.present(Kind.INVOICE)})

    def parts(self, entity: str, number: str) -> list[Paper]:
        return self.naive.present(Kind.INVOICE, entity=entity, number=number)

    def owed(self, parts: list[Paper], component: Component = INVOICED) -> int:
        return sum(self.naive.stand((one.id, component)) for one in parts)

    def free(self, credit: Paper) -> int:
        return self.naive.stand((credit.id, UNAPPLIED))

    def learn_allocations(self) -> None:
        """Take over allocations made since; each must be one that the naive books expect."""
        known = self.naive.settled
        there = {one.pk: one for one in receivables.Allocation.objects.filter(undone_by=None)}
        assert there.keys() == known.keys()
        for id, one in known.items():
            row = there[id]
            assert (row.credit_id, row.invoice_id, row.amount) == (one.credit, one.invoice, one.amount)
            assert (row.effective_on, Component(row.component)) == (one.on, one.component)

    def settle(self, credit: Paper, parts: list[Paper], amount: int, dated: date, **more) -> None:
        """Make the allocation in the naive books as the contract says, under the ids that the product gave."""
        component = more.get("component", INVOICED)
        shares = self.naive.shares(credit, parts, amount, dated, component)
        for invoice, taken, day in shares:
            id, *self.new_ids = self.new_ids
            on = self._told_day(id, day, invoice.entity)
            self.naive.settle(Settled(id, credit.id, invoice.id, taken, on, dated=dated, **more))

    def _told_day(self, id: int, day: date, entity: str) -> date:
        """In a month that was opened again the goods of a family that was corrected meanwhile may stand later."""
        told = receivables.Allocation.objects.get(pk=id).effective_on
        return max(day, told) if day < self.naive.told_from[entity] else day

    def await_allocations(self) -> None:
        made = receivables.Allocation.objects.filter(undone_by=None).exclude(pk__in=list(self.naive.settled))
        self.new_ids = list(made.order_by("pk").values_list("pk", flat=True))

    # -- invoices and credit notes

    @step(4)
    def invoice(self, dice: Dice) -> None:
        number = self.number(Kind.INVOICE, "I", dice)
        row = receivables.InvoiceRow(
            number=number,
            issued_on=dice.day,
            amount=dice.amount,
            term=dice.choose(TERMS),
            order_number=self.named(Kind.ORDER, "S", dice) if dice.pick % 2 else "",
            delivery_number=self.named(Kind.DELIVERY, "D", dice) if dice.pick % 3 else "",
            **self.of(dice.whose),
        )
        there = self.there(Kind.INVOICE, number, dice)
        done = self.doing(lambda: receivables.post_invoice(row, by=self.by), Conflict)
        assert bool(done) != there
        assert sum(one.amount for one in self.adopt()) == (0 if there else dice.amount)

    def reduced(self, dice: Dice) -> tuple[tuple[str, str, str], str, int]:
        """Whose a note or paper is, which invoice it names if any, and its amount."""
        if not self.invoices() or dice.other % 3 == 0:
            return dice.whose, "", dice.amount
        parts = self.parts(*dice.choose(self.invoices()))
        return parts[0].whose, parts[0].number, dice.part_of(self.owed(parts) or dice.amount)

    @step(2)
    def credit_note(self, dice: Dice) -> None:
        whose, invoice, amount = self.reduced(dice)
        dice = replace(dice, whose=whose)
        number = self.number(Kind.CREDIT_NOTE, "C", dice)
        row = receivables.CreditNoteRow(
            number=number, dated_on=dice.day, amount=amount, invoice_number=invoice, **self.of(whose)
        )
        there = self.there(Kind.CREDIT_NOTE, number, dice)
        done = self.doing(lambda: receivables.post_credit_note(row, on=TODAY, by=self.by), Conflict)
        assert bool(done) != there
        for note in self.adopt():
            self.await_allocations()
            self.note_lands(note)
            self.learn_allocations()

    def note_lands(self, note: Paper) -> None:
        """It is a claim, and reduces the invoice it names at once."""
        self.naive.move(None, (note.id, UNAPPLIED), note.amount, note.on)
        parts = self.parts(note.entity, note.said["invoice"])
        self.settle(note, parts, min(note.amount, self.owed(parts)), note.said["dated"], automatic=True)

    # -- receipts

    @step(4)
    def receipt(self, dice: Dice) -> None:
        number, method = self.number(Kind.RECEIPT, "R", dice), dice.choose(METHODS)
        purpose = "deposit" if dice.odd else "payment"
        row = cash.ReceiptRow(
            number=number,
            dated_on=dice.day,
            amount=dice.amount,
            method=method,
            purpose=purpose,
            order_number=self.named(Kind.ORDER, "S", dice),
            **self.of(dice.whose),
        )
        there = self.there(Kind.RECEIPT, number, dice)
        done = self.doing(lambda: cash.post_receipt(row, on=TODAY, by=self.by), Conflict)
        assert bool(done) != there
        for one in self.adopt(method=method, purpose=purpose, cleared=method in {"transfer", "cash"}):
            self.money_comes(one, one.on)

    def money_comes(self, receipt: Paper, on: date) -> None:
        if receipt.said["cleared"]:
            self.naive.move(None, (receipt.id, self.pocket(receipt)), receipt.amount, on)

    @staticmethod
    def pocket(receipt: Paper) -> Component:
        return DEPOSIT if receipt.said["purpose"] == "deposit" else UNAPPLIED

    def uncleared(self) -> list[Paper]:
        return [one for one in self.naive.present(Kind.RECEIPT) if not one.said["cleared"]]

    @step(2, needs=lambda self: self.uncleared())
    def clear(self, dice: Dice) -> None:
        receipt = dice.choose(self.naive.present(Kind.RECEIPT) if dice.odd else self.uncleared())
        document = self.document(receipt)
        done = self.doing(lambda: cash.clear_receipt(document, cleared_on=dice.day, on=TODAY, by=self.by), WrongState)
        assert bool(done) != receipt.said["cleared"]
        if done:
            receipt.said |= {"cleared": True, "cleared_on": max(dice.day, receipt.said["dated"])}
            on = self.naive.effective(max(receipt.said["cleared_on"], receipt.on), receipt.entity)
            self.money_comes(receipt, on)

    # -- allocations

    def pairs(self) -> list[tuple[Paper, list[Paper]]]:
        """Credits with something left and the invoices of their accounts that are open."""
        credits = [one for one in self.naive.present(*CREDITS) if self.free(one)]
        invoices = [self.parts(*key) for key in self.invoices()]
        return [
            (one, parts) for one in credits for parts in invoices if parts[0].whose == one.whose and self.owed(parts)
        ]

    def _pair(self, dice: Dice) -> tuple[Paper, list[Paper]]:
        pairs = self.pairs()
        if not dice.odd and pairs:
            return dice.choose(pairs)
        credit = dice.choose(self.naive.present(*CREDITS))
        invoices = [key for key in self.invoices() if key[0] == credit.entity]
        return credit, self.parts(*dice.second(invoices)) if invoices else []

    @step(7, needs=lambda self: self.pairs())
    def allocate(self, dice: Dice) -> None:
        credit, parts = self._pair(dice)
        if not parts:
            return
        part = dice.second(parts).part if dice.other % 4 == 0 else None
        chosen = [one for one in parts if part in {None, one.part}]
        amount = dice.part_of(min(self.free(credit), self.owed(chosen)))
        row = receivables.AllocationRow(
            entity_id=self.entity[credit.entity].pk,
            credit_number=credit.number,
            invoice_number=parts[0].number,
            dated_on=dice.day,
            amount=amount,
            part=part,
            credit_kind=credit.kind,
        )
        fits = credit.whose == parts[0].whose and amount <= min(self.free(credit), self.owed(chosen))
        document = self.document(credit)
        done = self.doing(lambda: receivables.allocate(row, document, on=TODAY, by=self.by), receivables.BadRows)
        assert bool(done) == fits
        if done:
            self.await_allocations()
            self.settle(credit, chosen, amount, dice.day, part=part)
            self.learn_allocations()

    @step(2, needs=lambda self: self.pairs())
    def allocate_oldest(self, dice: Dice) -> None:
        credit, _ = dice.choose(self.pairs())
        left, by_due = self.free(credit), Counter()
        for one in self.naive.present(Kind.INVOICE, whose=credit.whose):
            taken = min(left, self.owed([one]))
            by_due[one.due] += taken
            left -= taken
        made = receivables.allocate_oldest(self.document(credit), dated_on=dice.day, on=TODAY, by=self.by)
        for one in made:
            by_due[self.naive.papers[one.invoice_id].due] -= one.amount
        assert not any(by_due.values())
        self.await_allocations()
        for one in made:
            self.settle(credit, [self.naive.papers[one.invoice_id]], one.amount, dice.day, part=one.stated_part)
        self.learn_allocations()

    @step(3, needs=lambda self: self.pairs())
    def allocate_exactly(self, dice: Dice) -> None:
        """Money of which there is only one smallest set of items that comes to exactly it settles them whole."""
        credit = self._money_for_some(dice)
        document, sets = self.document(credit), self._sets_of_exactly(credit)
        done = self.doing(
            lambda: receivables.allocate_exact(document, dated_on=dice.day, on=TODAY, by=self.by),
            receivables.NoExactMatch,
        )
        assert bool(done) == (len(sets) == 1), sets
        if done:
            assert {one.invoice_id for one in done} == {one.id for one in sets[0]}
            self.await_allocations()
            for one in done:
                self.settle(credit, [self.naive.papers[one.invoice_id]], one.amount, dice.day, part=one.stated_part)
            self.learn_allocations()

    def _money_for_some(self, dice: Dice) -> Paper:
        """A receipt over what one item, or two, have open; an odd one over a little more.  Else what is there."""
        credit, parts = dice.choose(self.pairs())
        others = [one for one in self.naive.present(Kind.INVOICE, whose=credit.whose) if self.owed([one])]
        some = {one.id: one for one in (dice.choose(others), dice.second(others), *parts[: dice.other % 2])}
        dice = replace(dice, whose=credit.whose)
        number = self.number(Kind.RECEIPT, "R", replace(dice, odd=False))
        if self.there(Kind.RECEIPT, number, dice):
            return credit
        amount = self.owed(list(some.values())) + dice.odd
        row = cash.ReceiptRow(number=number, dated_on=dice.day, amount=amount, **self.of(dice.whose))
        cash.post_receipt(row, on=TODAY, by=self.by)
        (receipt,) = self.adopt(method="transfer", purpose="payment", cleared=True)
        self.money_comes(receipt, receipt.on)
        return receipt

    def _sets_of_exactly(self, credit: Paper) -> list[tuple[Paper, ...]]:
        """The smallest sets, of four items at most, that come to exactly what is left of the money."""
        owed = [one for one in self.naive.present(Kind.INVOICE, whose=credit.whose) if self.owed([one])]
        for size in range(1, 5):
            found = [some for some in combinations(owed, size) if self.owed(list(some)) == self.free(credit)]
            if found:
                return found
        return []

    @step(2, needs=lambda self: self.naive.settled)
    def undo_allocation(self, dice: Dice) -> None:
        id = dice.choose(sorted(self.naive.settled))
        receivables.undo_allocation(receivables.Allocation.objects.get(pk=id), reason="wrong", by=self.by)
        self.naive.unsettle(id)
        self.learn_allocations()

    # -- paper

    @step(3)
    def paper_comes(self, dice: Dice) -> None:
        whose, invoice, amount = self.reduced(dice)
        dice = replace(dice, whose=whose)
        number = self.number(Kind.INSTRUMENT, "B", dice)
        row = cash.InstrumentRow(
            number=number,
            kind=dice.second(("CHEQUE", "BANK_ACCEPTANCE")),
            dated_on=dice.day,
            maturity=TODAY,
            amount=amount,
            invoice_number=invoice,
            **self.of(whose),
        )
        there = self.there(Kind.INSTRUMENT, number, dice)
        done = self.doing(lambda: cash.post_instrument(row, by=self.by), Conflict)
        assert bool(done) != there
        for paper in self.adopt(state=State.RECEIVED, state_on=dice.day, backs={}, trail=[]):
            left = paper.amount
            for one in self.parts(paper.entity, invoice) if invoice else []:
                if taken := min(left, self.owed([one])):
                    on = self.naive.first_day((one.id, INVOICED), taken, max(paper.on, one.on))
                    self._paper_moves(paper, (one.id, INVOICED), (paper.id, INSTRUMENT), taken, on)
                    paper.said["backs"][one.id] = taken
                    left -= taken

    def _paper_moves(self, paper: Paper, source, target, amount: int, on: date) -> None:
        self.naive.move(source, target, amount, on)
        paper.said["trail"].append((source, target, amount, on))

    @step(3, needs=lambda self: self.naive.present(Kind.INSTRUMENT))
    def paper_becomes(self, dice: Dice) -> None:
        paper = dice.choose(self.naive.present(Kind.INSTRUMENT))
        state = dice.second([State.CLEARED, State.DISHONOURED, State.ENDORSED, State.DISCOUNTED])
        document, was, day = self.document(paper), paper.said["state"], dice.day
        actions = {
            State.CLEARED: lambda: cash.clear_instrument(document, cleared_on=day, on=TODAY, by=self.by),
            State.DISHONOURED: lambda: cash.dishonour_instrument(document, dishonoured_on=day, by=self.by),
            State.ENDORSED: lambda: cash.endorse_instrument(document, endorsed_on=day, by=self.by),
            State.DISCOUNTED: lambda: cash.discount_instrument(document, discounted_on=day, by=self.by),
        }
        out = was in {State.ENDORSED, State.DISCOUNTED}
        possible = was == State.RECEIVED or (out and state in {State.CLEARED, State.DISHONOURED})
        done = self.doing(actions[state], WrongState)
        assert bool(done) == possible
        if done:
            self._became(paper, state, (paper.id, CONTINGENT if out else INSTRUMENT), day)

    def _became(self, paper: Paper, state: str, place: tuple[int, Component], day: date) -> None:
        amount = self.naive.stand(place)
        on = self.naive.effective(max(day, paper.said["state_on"], paper.on), paper.entity)
        on = self.naive.first_day(place, amount, on) if amount else on
        if state == State.DISHONOURED:
            for invoice, backed in paper.said["backs"].items():
                self._paper_moves(paper, place, (invoice, INVOICED), backed, on)
            paper.said["backs"] = {}
        elif state == State.CLEARED:
            self._paper_moves(paper, place, (paper.id, SETTLED), amount, on)
            self._paper_moves(paper, None, (paper.id, UNAPPLIED), paper.amount - amount, on)
        else:
            self._paper_moves(paper, place, (paper.id, CONTINGENT), amount, on)
        paper.said |= {"state": state, "state_on": max(day, paper.said["state_on"])}

    # -- bad debt

    def lost(self) -> list[tuple[str, str]]:
        return [key for key in self.invoices() if self.owed(self.parts(*key), WRITTEN_OFF)]

    @step(needs=lambda self: self.invoices())
    def write_off(self, dice: Dice) -> None:
        parts = self.parts(*dice.choose(self.invoices()))
        owed, document = self.owed(parts), self.document(parts[0])
        amount = None if dice.share == 100 else dice.part_of(owed)
        refusals = (receivables.MoreThanOpen, WrongState)
        done = self.doing(
            lambda: receivables.write_off(document, reason="gone", on=dice.day, by=self.by, amount=amount), *refusals
        )
        assert bool(done) == (0 < (owed if amount is None else amount) <= owed)
        if done:
            self._shift(parts, INVOICED, WRITTEN_OFF, owed if amount is None else amount, dice.day)

    @step(needs=lambda self: self.lost())
    def undo_write_off(self, dice: Dice) -> None:
        parts = self.parts(*dice.choose(self.invoices() if dice.odd else self.lost()))
        lost, document = self.owed(parts, WRITTEN_OFF), self.document(parts[0])
        done = self.doing(
            lambda: receivables.undo_write_off(document, reason="no", on=dice.day, by=self.by), WrongState
        )
        assert bool(done) == bool(lost)
        if done:
            self._shift(parts, WRITTEN_OFF, INVOICED, lost, dice.day)

    def _shift(self, parts: list[Paper], source: Component, target: Component, amount: int, on: date) -> None:
        for one in parts:
            if taken := min(amount, self.naive.stand((one.id, source))):
                earliest = self.naive.effective(max(on, one.on), one.entity)
                day = self.naive.first_day((one.id, source), taken, earliest)
                self.naive.move((one.id, source), (one.id, target), taken, day)
                amount -= taken

    @step(needs=lambda self: self.lost())
    def recover(self, dice: Dice) -> None:
        parts = self.parts(*dice.choose(self.lost()))
        lost = self.owed(parts, WRITTEN_OFF)
        dice = replace(dice, whose=parts[0].whose)
        number, amount = self.number(Kind.RECEIPT, "R", dice), dice.part_of(lost)
        row = cash.ReceiptRow(number=number, dated_on=dice.day, amount=amount, **self.of(dice.whose))
        there, document = self.there(Kind.RECEIPT, number, dice), self.document(parts[0])
        done = self.doing(lambda: cash.recover(row, document, on=TODAY, by=self.by), Conflict, receivables.BadRows)
        assert bool(done) == (not there and amount <= lost)
        for receipt in self.adopt(method="transfer", purpose="payment", cleared=True):
            self.money_comes(receipt, receipt.on)
            self.await_allocations()
            self.settle(receipt, parts, amount, dice.day, component=WRITTEN_OFF)
            self.learn_allocations()
