"""What people put right: documents taken back or corrected with what rests on them, months closed and opened again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.desk.conservation.machine import TODAY, Dice, step
from tests.desk.conservation.money import CREDITS, Money
from tests.desk.conservation.naive import INVOICED, UNAPPLIED, WRITTEN_OFF, Paper, Settled
from xinheng.base.errors import SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.cash import public as cash
from xinheng.desk.customers import public as customer_file
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Kind


class Corrections(Money):
    """Reversals, corrections and closed months."""

    @step(needs=lambda self: self.invoices())
    def take_invoice_back(self, dice: Dice) -> None:
        parts = self.parts(*dice.choose(self.invoices()))
        document = self.document(parts[0])
        done = self.doing(
            lambda: receivables.reverse_invoice(document, reason="wrong", by=self.by), receivables.HasAllocations
        )
        assert bool(done) == all(self._stood_whole(one) for one in parts)
        if done:
            self.drop(parts)

    def _stood_whole(self, invoice: Paper) -> bool:
        """Whether the whole of it has stood in INVOICED on every day from the first one it may be taken back on."""
        on = self.naive.effective(invoice.on, invoice.entity)
        stands = self.naive.stand((invoice.id, INVOICED)) == invoice.amount
        return stands and self.naive.first_day((invoice.id, INVOICED), invoice.amount, on) == on

    @step(2, needs=lambda self: self.naive.present(*CREDITS))
    def take_credit_back(self, dice: Dice) -> None:
        credit = dice.choose(self.naive.present(*CREDITS))
        document, settled = self.document(credit), self.naive.settled
        own = [id for id, one in settled.items() if one.credit == credit.id and one.automatic]
        others = [id for id, one in settled.items() if one.credit == credit.id and not one.automatic]
        actions = {
            Kind.RECEIPT: lambda: cash.reverse_receipt(document, reason="wrong", by=self.by),
            Kind.CREDIT_NOTE: lambda: receivables.reverse_credit_note(document, reason="wrong", by=self.by),
            Kind.INSTRUMENT: lambda: cash.reverse_instrument(document, reason="wrong", by=self.by),
        }
        done = self.doing(actions[credit.kind], receivables.HasAllocations)
        assert bool(done) == (not others)
        if done:
            for id in own:
                self.naive.unsettle(id)
            self._credit_goes(credit)
            self.drop([credit])

    def _credit_goes(self, credit: Paper) -> None:
        if credit.kind is Kind.RECEIPT and credit.said["cleared"]:
            self.naive.take_back(credit, self.pocket(credit))
        elif credit.kind is Kind.CREDIT_NOTE:
            self.naive.take_back(credit, UNAPPLIED)
        elif credit.kind is Kind.INSTRUMENT:
            for source, target, amount, on in credit.said["trail"]:
                day = self.naive.effective(on, credit.entity)
                if target and target[1] is UNAPPLIED and amount:
                    day = self.naive.first_day(target, amount, day)
                self.naive.move(target, source, amount, day)

    # -- corrections with what rests on them

    def _set_aside(self, paper: Paper) -> list[Settled]:
        touched = sorted(id for id, one in self.naive.settled.items() if paper.id in {one.credit, one.invoice})
        return [self.naive.unsettle(id) for id in touched]

    def _apply_again(self, aside: list[Settled]) -> None:
        """In their old order, up to what there is now."""
        for component in (INVOICED, WRITTEN_OFF):
            for one in (one for one in aside if one.component is component):
                old_credit, old_invoice = self.naive.papers[one.credit], self.naive.papers[one.invoice]
                credits = self.naive.present(old_credit.kind, entity=old_credit.entity, number=old_credit.number)
                parts = self.parts(old_invoice.entity, old_invoice.number)
                if credits and parts:
                    parts = [part for part in parts if part.part == one.part] or parts
                    amount = min(one.amount, self.free(credits[0]), self.owed(parts, component))
                    more = {"component": component, "part": one.part, "automatic": one.automatic}
                    self.settle(credits[0], parts, amount, one.dated, **more)
        self.learn_allocations()

    @step(2, needs=lambda self: self.invoices())
    def correct_invoice(self, dice: Dice) -> None:
        """One instalment comes again with another amount and day; its payments are made again."""
        invoice = dice.choose(self.naive.present(Kind.INVOICE))
        row = receivables.InvoiceRow(
            number=invoice.number,
            part=invoice.part,
            issued_on=dice.day,
            amount=dice.part_of(invoice.amount),
            due_on=dice.day + timedelta(dice.amount),
            order_number=invoice.order,
            delivery_number=invoice.delivery,
            **self.of(invoice.whose),
        )
        possible, document = self._whole_without_payments(invoice), self.document(invoice)
        done = self.doing(
            lambda: self._corrected(receivables.repost_invoices, document, row), receivables.HasAllocations
        )
        assert bool(done) == possible
        if done:
            aside = self._set_aside(invoice)
            self.drop([invoice])
            self.adopt()
            self.await_allocations()
            self._apply_again(aside)

    def _whole_without_payments(self, invoice: Paper) -> bool:
        """Whether it would stand whole once its allocations were undone; the naive books stay as they are."""
        moves, settled = self.naive.moves.copy(), self.naive.settled.copy()
        self._set_aside(invoice)
        whole = self._stood_whole(invoice)
        self.naive.moves, self.naive.settled = moves, settled
        return whole

    def _corrected(self, repost: Callable[..., receivables.Reposted], document: exposure.Document, row: Any) -> Any:
        with self.posting(document.account.customer.code) as entry:
            return repost(entry, [document], [row])

    @step(2, needs=lambda self: self.naive.present(Kind.RECEIPT))
    def correct_receipt(self, dice: Dice) -> None:
        receipt = dice.choose(self.naive.present(Kind.RECEIPT))
        method, purpose = dice.second(("transfer", receipt.said["method"], "cheque")), receipt.said["purpose"]
        row = cash.ReceiptRow(
            number=receipt.number,
            dated_on=dice.day,
            amount=dice.part_of(receipt.amount),
            method=method,
            purpose=purpose,
            **self.of(receipt.whose),
        )
        self._corrected(cash.repost_receipts, self.document(receipt), row)
        aside = self._set_aside(receipt)
        self._credit_goes(receipt)
        self.drop([receipt])
        at_once = method in {"transfer", "cash"}
        # A cheque that had cleared has cleared, whatever else was wrong about it.
        still = not at_once and method == receipt.said["method"] and receipt.said["cleared"]
        (new,) = self.adopt(method=method, purpose=purpose, cleared=at_once or still)
        on = new.on
        if still:
            new.said["cleared_on"] = max(receipt.said["cleared_on"], dice.day)
            on = self.naive.effective(max(new.said["cleared_on"], new.on), new.entity)
        self.money_comes(new, on)
        self.await_allocations()
        self._apply_again(aside)

    @step(needs=lambda self: self.naive.present(Kind.CREDIT_NOTE))
    def correct_credit_note(self, dice: Dice) -> None:
        note = dice.choose(self.naive.present(Kind.CREDIT_NOTE))
        invoice = note.said["invoice"]
        parts = self.parts(note.entity, invoice)
        if invoice and (not parts or parts[0].whose != note.whose):
            return
        row = receivables.CreditNoteRow(
            number=note.number,
            dated_on=dice.day,
            amount=dice.part_of(note.amount),
            invoice_number=invoice,
            **self.of(note.whose),
        )
        self._corrected(receivables.repost_credit_notes, self.document(note), row)
        aside = [one for one in self._set_aside(note) if not one.automatic]
        self._credit_goes(note)
        self.drop([note])
        (new,) = self.adopt()
        self.await_allocations()
        self.note_lands(new)
        self._apply_again(aside)

    # -- the house

    @step()
    def close_month(self, dice: Dice) -> None:
        entity, director = dice.whose[1], User.objects.get(username="fd")
        following = self.naive.open_from.get(entity) or self.naive.first_closed.get(entity)
        month = dice.second((1, 2, 3, 4)) if dice.odd or following is None else following.month
        first, seller = date(2026, month, 1), self.entity[entity]
        done = self.doing(lambda: exposure.close_month(seller, first, by=director), WrongState, exposure.MonthsBefore)
        assert bool(done) == (month < TODAY.month and (following is None or following.replace(day=1) == first))
        if done:
            self.naive.first_closed.setdefault(entity, first)
            opens = date(2026, first.month + 1, 1)
            self.naive.open_from[entity] = opens
            self.naive.told_from[entity] = max(self.naive.told_from[entity], opens)
            self.frozen[entity] = (opens, self.before(entity, opens))

    @step(needs=lambda self: self.naive.open_from)
    def open_month(self, dice: Dice) -> None:
        entity, people = (
            dice.choose(sorted(self.naive.open_from)),
            User.objects.in_bulk(("gm", "fd"), field_name="username"),
        )
        seller = self.entity[entity]
        exposure.reopen_month(seller, by=people["gm"])
        assert self.doing(lambda: exposure.reopen_month(seller, by=people["gm"]), SamePerson) is None
        exposure.reopen_month(seller, by=people["fd"])
        del self.naive.open_from[entity], self.frozen[entity]
        if opens := exposure.open_from(seller.pk):
            self.naive.open_from[entity] = opens
            self.frozen[entity] = (opens, self.before(entity, opens))

    @step(2)
    def set_line(self, dice: Dice) -> None:
        who = self.customer[dice.whose[0]]
        who.refresh_from_db()
        holder = {"group_id": who.group_id} if dice.odd and who.group_id else {"customer_id": who.pk}
        row = limits.LineRow(kind="amount", currency="USD", amount=4 * dice.amount, **holder)
        limits.set_line(row, on=TODAY, by=self.by)

    @step()
    def move_to_group(self, dice: Dice) -> None:
        who = self.customer[dice.second(("B", "C", "D"))]
        who.refresh_from_db()
        customer_file.change_customer(who, by=self.by, group=dice.choose(("", "G")))
        who.refresh_from_db()

    @step(2, needs=lambda self: len(self.memories) < 8)
    def remember_a_day(self, dice: Dice) -> None:
        self.remember(dice)
