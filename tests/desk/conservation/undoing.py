"""Corrections that came in files and are undone: what stood before stands again, with what had settled it."""

from tests.desk.conservation.files import Correction, Files
from tests.desk.conservation.machine import TODAY, Dice, step
from tests.desk.conservation.money import CREDITS
from tests.desk.conservation.naive import Paper
from xinheng.base.models import Batch
from xinheng.exchange.undoing import BatchInUse, undo_batch
from xinheng.rules.road import Kind


class Undoing(Files):
    """``import undo`` of a batch that corrected an invoice or a receipt."""

    @step(3, needs=lambda self: self.corrections)
    def correction_goes(self, dice: Dice) -> None:
        one = dice.choose(self.corrections)
        done = self.doing(lambda: undo_batch(Batch.objects.get(pk=one.batch), on=TODAY, by=self.by), BatchInUse)
        if not done:
            assert self._depends_on(one), one
            return
        self.corrections.remove(one)
        self.corrected.discard(one.old.id)
        for id in sorted(one.made & self.naive.settled.keys()):
            self.naive.unsettle(id)
        if one.new.present:
            self._as_it_was(one)
        self.learn_allocations()

    def _as_it_was(self, one: Correction) -> None:
        if one.new.kind in CREDITS:
            self._credit_goes(one.new)
        self.drop([one.new])
        (again,) = self.adopt(
            **{name: value for name, value in one.old.said.items() if name not in {"dated", "invoice"}}
        )
        if again.kind is Kind.RECEIPT:
            on = again.on
            if again.said["cleared"] and "cleared_on" in one.old.said:
                on = self.naive.effective(max(one.old.said["cleared_on"], again.on), again.entity)
            self.money_comes(again, on)
        for _, papers in self.batches:
            if one.old in papers:
                papers.append(again)
        self._stood_before(one.old, again)
        self.await_allocations()
        self._apply_again(one.aside)

    def _stood_before(self, old: Paper, again: Paper) -> None:
        """What an earlier file had corrected stands as that file left it, and can be undone in its turn."""
        for place, one in enumerate(self.corrections):
            if one.new is old:
                self.corrections[place] = Correction(one.batch, one.old, again, one.aside, one.made)

    def _depends_on(self, one: Correction) -> bool:
        """Whether something later rests on what the file brought."""
        new, settled = one.new, self.naive.settled
        if new.id in self.corrected or not one.made <= settled.keys():
            return True
        if any(new.id in {made.credit, made.invoice} for id, made in settled.items() if id not in one.made):
            return True
        return new.kind is Kind.INVOICE and self._rests_on(new, [])
