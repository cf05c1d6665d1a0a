"""The money that prepaid orders rest on in a back-test: the same habits as the cash desk's (``cash.reservations``)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from xinheng.desk.cash import public as cash
from xinheng.desk.control.backtest.events import Allocated, Paper
from xinheng.desk.control.backtest.past import Past
from xinheng.rules.order_check.on_delivery import Received
from xinheng.rules.road import Component, Kind


@dataclass(slots=True, eq=False)
class _Rest:
    """Money of one receipt that an order rests on; ``spent`` of it has settled the order's own invoices."""

    receipt: int
    order: int
    amount: int
    spent: int = 0
    dropped: bool = False

    @property
    def left(self) -> int:
        return self.amount - self.spent


class Purse:
    """Which order rests on which money."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self._rests: list[_Rest] = []

    def prepaid(self, order: int, on: date) -> int:
        """What an order may count on by a day: money nobody rests on, and what it rests on itself."""
        paper = self.past.known[order]
        return sum(free for _, free in self._free(paper.account_id, paper.currency, on)) + self._reserved_for(order)

    def received(self, accounts: Collection[int], on: date) -> list[Received]:
        """What came in for orders and settles nothing yet, and what these should have paid on delivery before a day."""
        money: dict[tuple[int, int, str], int] = defaultdict(int)
        for paper, there in self.past.money_by(on):
            order = self.past.order_of(paper.id) if paper.account_id in accounts else None
            if order is not None and paper.kind is not Kind.CREDIT_NOTE:
                others = sum(one.left for one in self._standing(paper.id) if one.order != order)
                money[paper.account_id, order, paper.currency] += max(0, there - others)
        owed = self.past.on_delivery(on)
        return [Received(tuple(owed[key]), there) for key, there in money.items() if there and key in owed]

    def reserve(self, order: int, amount: int, on: date) -> None:
        """Let an order rest on money that is free by a day, what was received for it first, for another order last."""
        paper = self.past.known[order]
        wanted = max(0, amount - self._reserved_for(order))
        free = self._free(paper.account_id, paper.currency, on)
        free.sort(key=lambda one: cash.meant_for(one[0].order, paper.number))
        for receipt, there in free:
            taken = min(there, wanted)
            if taken:
                self._rests.append(_Rest(receipt.id, order, taken))
                wanted -= taken

    def drop(self, order: int) -> None:
        """Let go of an order's money; what it has spent stays spent."""
        for one in self._rests:
            if one.order == order:
                one.dropped = True

    def allocated(self, made: Allocated) -> list[int]:
        """Money was allocated, or allocations undone; the orders whose money went elsewhere."""
        rested = {one.receipt for one in self._rests if not one.dropped or one.spent}
        shares = [share for share in made.shares if share[0] in rested]
        amounts: dict[tuple[int, int], int] = defaultdict(int)
        for credit, invoice, amount in shares:
            order = self.past.order_of(invoice)
            if order is not None:
                amounts[credit, order] += amount
        for (credit, order), amount in amounts.items():
            self._spend(credit, order, amount, undone=made.undone)
        if made.undone:
            return []
        return self._dropped(
            one for credit in dict.fromkeys(share[0] for share in shares) for one in self._beyond(credit)
        )

    def gone(self, receipt: int) -> list[int]:
        """A receipt was taken back: the orders that rested on it."""
        return self._dropped(self._standing(receipt))

    def _reserved_for(self, order: int) -> int:
        return sum(one.spent if one.dropped else one.amount for one in self._rests if one.order == order)

    def _free(self, account: int, currency: str, on: date) -> list[tuple[Paper, int]]:
        """Receipts and paper that have cleared by a day, with what nobody rests on, oldest first."""
        found = []
        for paper, there in self.past.money_by(on):
            whose = paper.account_id == account and paper.currency == currency
            if whose and paper.kind is not Kind.CREDIT_NOTE:
                free = there - sum(one.left for one in self._standing(paper.id))
                if free > 0:
                    found.append((paper, free))
        return sorted(found, key=lambda one: (one[0].dated_on, one[0].id))

    def _standing(self, receipt: int) -> Iterator[_Rest]:
        """What orders that may go ahead still rest on."""
        for one in self._rests:
            order = self.past.orders.get(one.order)
            if one.receipt == receipt and not one.dropped and one.left > 0 and order is not None and order.occupies:
                yield one

    def _spend(self, credit: int, order: int, amount: int, *, undone: bool) -> None:
        mine = [one for one in self._rests if one.receipt == credit and one.order == order]
        for one in reversed(mine) if undone else mine:
            if one.dropped and not undone:
                continue
            part = min(amount, one.spent if undone else one.left)
            one.spent += -part if undone else part
            amount -= part

    def _beyond(self, receipt: int) -> Iterator[_Rest]:
        """What the rest of a receipt no longer carries, the newest first."""
        standing = list(self._standing(receipt))
        excess = sum(one.left for one in standing) - self.past.money[receipt, Component.UNAPPLIED]
        for one in reversed(standing):
            if excess > 0:
                excess -= one.left
                yield one

    @staticmethod
    def _dropped(rests: Iterator[_Rest]) -> list[int]:
        found = list(rests)
        for one in found:
            one.dropped = True
        return list(dict.fromkeys(one.order for one in found))


def touched(orders: Collection[int], past: Past) -> list[int]:
    """Orders to be checked again because their money went, oldest first; those that may go ahead."""
    found = [past.orders[id] for id in orders if id in past.orders and past.orders[id].occupies]
    return [one.paper.id for one in sorted(found, key=lambda one: (one.paper.dated_on, one.paper.id))]
