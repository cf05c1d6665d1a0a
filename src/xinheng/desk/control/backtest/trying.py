"""Deciding in a back-test: the same question, facts and answer as a check, on the books of the run."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from xinheng.base.errors import WrongState
from xinheng.desk.control import asking, facts
from xinheng.desk.control.backtest.happened import Story
from xinheng.desk.control.backtest.past import OrderPast, Past
from xinheng.desk.control.backtest.purse import Purse
from xinheng.desk.control.checking import MOVES_VALUE, PERSONS, state_after
from xinheng.desk.control.reading import OrderNow
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check
from xinheng.rules.exposure import PaperSum
from xinheng.rules.order_check.facts import OpenItem
from xinheng.rules.order_check.judge import judge
from xinheng.rules.order_check.on_delivery import Received
from xinheng.rules.policy import CheckPoint, Policy

State = Order.State
#: Which policy is tried for a check on a day that was made at a moment.
Policies = Callable[[date, datetime], Policy]


@dataclass(slots=True, eq=False)
class Tried:
    """One decision of the run; ``outcome`` in full only where somebody ever signed."""

    order: int
    number: str
    point: str
    on: date
    cause: str
    held: bool
    released: bool
    reasons: tuple[str, ...]
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]


class Trying:
    """The books of a run, the policy that is tried, and the decisions so far."""

    def __init__(self, story: Story, policies: Policies) -> None:
        self.story, self.policies = story, policies
        self.past = Past(story)
        self.purse = Purse(self.past)
        self.tried: list[Tried] = []
        self.last: dict[tuple[int, bool], Tried] = {}  # by order, and whether it was at delivery
        self.on = date.min
        self.at = datetime.min.replace(tzinfo=UTC)
        self._gave_back = False  # whether the last decision took back what its order had occupied

    def _look_again(self, cause: str, but: OrderPast | None = None) -> None:
        """Whatever waits is looked at again, oldest first."""
        for order in [one for one in self._in_order(self.past.orders.values()) if one.waits and one is not but]:
            if order.state == State.HELD:
                self._decide(order, CheckPoint.ORDER, cause)
            elif self._decide(order, CheckPoint.DELIVERY, cause, goods=order.stopped_goods) is None:
                order.stopped_goods = None

    @staticmethod
    def _in_order(orders: Iterable[OrderPast]) -> Sequence[OrderPast]:
        return sorted(orders, key=lambda one: (one.paper.dated_on, one.paper.id))

    def _decide(self, order: OrderPast, point: CheckPoint, cause: str, *, goods: int | None = None) -> Tried | None:
        """Decide an order as it would have been decided; None where nothing is left to leave."""
        self._gave_back = False
        read = self.past.read(order)
        try:
            question = asking.question(
                read,
                lambda: self.past.family(order),
                point=point,
                on=self.on,
                goods=goods,
                strict=cause in PERSONS,
            )
        except WrongState:
            return None
        policy = self.policies(self.on, self.at)
        gathered = facts.gather(read, question, policy, _Books(self.past, self.purse))
        decision = self._tried(order, point, cause, gathered, policy)
        self.tried.append(decision)
        self.last[order.paper.id, point is CheckPoint.DELIVERY] = decision
        if point in MOVES_VALUE:
            self._carry_out(order, decision, read.amount)
        else:
            order.stopped_goods = question.goods if decision.held else None
        return decision

    def _tried(
        self, order: OrderPast, point: CheckPoint, cause: str, gathered: order_check.Facts, policy: Policy
    ) -> Tried:
        seen: Mapping[str, Any] = {}
        outcome: Mapping[str, Any] = {}
        if order.paper.id in self.story.signed:
            full = order_check.check(gathered, policy)
            seen, outcome = order_check.facts_to_json(gathered), order_check.decision_to_json(full)
            held, released, reasons = full.held, full.released, full.reasons
        else:
            judged = judge(gathered, policy)
            held, released, reasons = bool(judged.blocks), judged.released, tuple(judged.reasons)
        codes = tuple(one.code.value for one in reasons)
        number = order.paper.number
        return Tried(order.paper.id, number, point.value, self.on, cause, held, released, codes, seen, outcome)

    def _carry_out(self, order: OrderPast, decision: Tried, amount: int) -> None:
        occupied = order.occupies
        state = state_after(order.state, held=decision.held, released=decision.released)
        if state != order.state:
            order.stopped_goods = None
        self.past.came_into(order, state)
        self._gave_back = occupied and not order.occupies
        if order.payment == Order.Payment.PREPAID:
            if order.occupies:
                self.purse.reserve(order.paper.id, amount, self.on)
            else:
                self.purse.drop(order.paper.id)


@dataclass(frozen=True, slots=True)
class _Books:
    """The books of the run, as facts are gathered from them."""

    past: Past
    purse: Purse

    def rates(self, on: date, into: str) -> Mapping[str, Decimal]:
        return exposure.rates_on(on, into, self.past.at)

    def papers(self, accounts: Collection[int]) -> tuple[PaperSum, ...]:
        return self.past.bills(accounts)

    def oldest(self, accounts: Sequence[int], on: date, count: int) -> tuple[OpenItem, ...]:
        """Which invoices to pay is no matter here."""
        return ()

    def batches(self, accounts: Sequence[int], on: date, *, unstated: bool) -> Sequence[OpenItem]:
        return self.past.open_batches(accounts, on, unstated=unstated)

    def received(self, accounts: Sequence[int], on: date) -> Sequence[Received]:
        return self.purse.received(accounts, on)

    def prepaid(self, order: OrderNow, on: date) -> int:
        return self.purse.prepaid(order.id, on)
