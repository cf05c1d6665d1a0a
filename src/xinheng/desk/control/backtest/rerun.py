"""One event after the other happens again: what is checked is decided under the policy that is tried, and what follows
from that follows again.

An order the policy would have held takes no credit from those after it and sends no goods; money, invoices, goods that
left without being asked about, lines and holds are facts.  People sign what they signed, as far as it is still asked of
them.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from xinheng.desk.control.backtest import events as told
from xinheng.desk.control.backtest.events import Event, Paper
from xinheng.desk.control.backtest.happened import Story
from xinheng.desk.control.backtest.past import OrderPast
from xinheng.desk.control.backtest.purse import touched
from xinheng.desk.control.backtest.trying import Policies, Tried, Trying
from xinheng.desk.control.checking import CHECKABLE, WAITING
from xinheng.desk.control.models import Signature
from xinheng.desk.control.signing import Given, NotReleasable, covered, never_overcome, signatures_counting, signer_rule
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales.public import OCCUPYING, Order
from xinheng.rules import signers
from xinheng.rules.dates import days_from
from xinheng.rules.policy import CheckPoint, ItemNature
from xinheng.rules.road import Kind

State = Order.State
_CLOSED = frozenset({State.REJECTED, State.CANCELLED})


class Rerun(Trying):
    """The run for the customers of one limit."""

    def __init__(self, story: Story, policies: Policies) -> None:
        super().__init__(story, policies)
        self.given: dict[int, list[Given]] = {}
        self._handlers: dict[type, Callable[[Any], None]] = {
            told.Landed: self._landed,
            told.TakenBack: self._taken_back,
            told.Moved: self.past.move,
            told.Allocated: lambda what: self._again(self.purse.allocated(what)),
            told.LineSet: self.past.set_line,
            told.Held: self.past.set_hold,
            told.Kept: self.past.set_kept,
            told.Status: lambda what: self.past.active.update({what.customer_id: what.active}),
            told.Approved: self._approved,
            told.Act: lambda what: self._with(what.order, self._acts[what.verb], what),
            told.Asked: lambda what: self._with(what.order, self._asked, what),
            told.Signed: lambda what: self._with(what.order, self._signed, what),
            told.Told: lambda what: self._look_again(what.cause) if what.frees else None,
            told.RatesCame: self._rates_came,
            told.Began: self._began,
        }
        self._acts: dict[str, Callable[[OrderPast, told.Act], None]] = {
            "control.order.changed": self._changed,
            "control.order.forced-hold": self._stopped,
            "control.order.forced-hold-lifted": self._let_go,
            "control.order.rejected": self._rejected,
            "control.order.reopened": self._reopened,
            "sales.order.cancelled": self._cancelled,
        }

    def run(self, events: Iterable[Event]) -> "Rerun":
        """Let all of it happen."""
        for event in events:
            self.at, self.past.at = event.at, event.at
            self.on = event.on or self.on
            self._handlers[type(event.what)](event.what)
        return self

    # Documents

    def _landed(self, landed: told.Landed) -> None:
        paper = landed.paper
        if paper.shipped:  # goods leave in this run when they are asked about
            return
        if paper.kind is Kind.ORDER and paper.id in self.story.orders:
            said = self.story.orders[paper.id]
            state = State.APPROVED if paper.opening else State.ENTERED
            self.past.orders[paper.id] = OrderPast(
                paper, said.payment, said.instrument, said.term, set(said.papers), state=state
            )
        self.past.land(paper)

    def _taken_back(self, taken: told.TakenBack) -> None:
        if taken.id not in self.past.known:
            return
        self.past.take_back(taken.id)
        if self.past.known[taken.id].kind in {Kind.RECEIPT, Kind.INSTRUMENT}:
            self._again(self.purse.gone(taken.id))

    def _approved(self, approved: told.Approved) -> None:
        if approved.order in self.past.orders:
            self.past.orders[approved.order].missing.discard(approved.name)

    def _with(self, id: int, act: Callable[[OrderPast, Any], None], what: Any) -> None:
        order = self.past.orders.get(id)
        if order is not None:
            act(order, what)

    # What people ask and do

    def _asked(self, order: OrderPast, asked: told.Asked) -> None:
        if asked.point is CheckPoint.DELIVERY:
            self._asked_to_leave(order, asked)
        elif asked.point is CheckPoint.ORDER and order.state in CHECKABLE:
            self._decide(order, CheckPoint.ORDER, asked.cause)
            if self._gave_back and asked.cause == "ASKED":
                self._look_again("ORDER", but=order)

    def _asked_to_leave(self, order: OrderPast, asked: told.Asked) -> None:
        if order.state not in OCCUPYING:
            return
        there = self.past.remaining(order)
        goods = asked.goods or there
        if not 0 < goods <= there:
            return
        decision = self._decide(order, CheckPoint.DELIVERY, asked.cause, goods=asked.goods or None)
        if decision is not None and not decision.held and asked.cause == "SHIP":
            self.past.land(self._delivery(order, goods))

    def _delivery(self, order: OrderPast, goods: int) -> Paper:
        """Goods that leave in this run."""
        paper, on = order.paper, max(self.on, order.paper.dated_on)
        cod = order.payment == Order.Payment.COD
        taken = {one.number for one in self.past.known.values() if one.kind is Kind.DELIVERY}
        number = next(one for one in (f"{paper.number}-D{n}" for n in range(1, len(taken) + 2)) if one not in taken)
        return replace(
            paper,
            id=self.past.new_id(),
            kind=Kind.DELIVERY,
            number=number,
            part=1,
            dated_on=on,
            effective_on=on,
            due_on=on if cod else None,
            amount=goods,
            term="",
            order=paper.number,
            delivery="",
            nature=ItemNature.COD.value if cod else ItemNature.PLAIN.value,
        )

    def _changed(self, order: OrderPast, act: told.Act) -> None:
        if order.state in _CLOSED:
            return
        for name, value in act.data.get("after", {}).items():
            setattr(order, name, value)
            if name == "payment":
                self.purse.drop(order.paper.id)
        if order.state == State.ENTERED:
            return
        decision = self._decide(order, CheckPoint.CHANGE, "ASKED")
        shrank = "amount" in act.data and self._shrank(order)
        if decision is not None and (self._gave_back or shrank):
            self._look_again("ORDER", but=order)

    def _shrank(self, order: OrderPast) -> bool:
        """Whether the last change made the order smaller."""
        changes = sorted(
            (one.part, one.amount)
            for one in self.past.known.values()
            if one.kind is Kind.ORDER_CHANGE
            and (one.number, one.entity_id) == (order.paper.number, order.paper.entity_id)
        )
        before = changes[-2][1] if len(changes) > 1 else order.paper.amount
        return bool(changes) and changes[-1][1] < before

    def _stopped(self, order: OrderPast, _act: told.Act) -> None:
        if order.state in _CLOSED or order.forced_hold:
            return
        occupied = order.occupies
        order.forced_hold = True
        self.past.came_into(order, State.HELD)
        self.purse.drop(order.paper.id)
        if occupied:
            self._look_again("ORDER", but=order)

    def _let_go(self, order: OrderPast, _act: told.Act) -> None:
        if order.forced_hold:
            order.forced_hold = False
            self._decide(order, CheckPoint.ORDER, "HOLD")

    def _cancelled(self, order: OrderPast, _act: told.Act) -> None:
        if order.state not in _CLOSED:
            self.past.came_into(order, State.CANCELLED)

    def _rejected(self, order: OrderPast, _act: told.Act) -> None:
        if order.state in WAITING:
            self.past.came_into(order, State.REJECTED)

    def _reopened(self, order: OrderPast, _act: told.Act) -> None:
        if order.state not in _CLOSED:
            return
        self.purse.drop(order.paper.id)
        order.state, order.forced_hold, order.stopped_goods = State.ENTERED, False, None
        order.released_amount, order.released_until, order.released_codes = None, None, ()
        self._decide(order, CheckPoint.ORDER, "REOPENED")

    def _signed(self, order: OrderPast, signed: told.Signed) -> None:
        """Somebody signs what is held in this run; who is not asked for here signs nothing."""
        at_delivery = order.state != State.HELD
        decision = self.last.get((order.paper.id, at_delivery))
        stopped = order.occupies and order.stopped_goods is not None
        if signed.verb == Signature.Verb.REJECT:
            if order.state in WAITING:
                self._give(order, signed, decision)
                self.past.came_into(order, State.REJECTED)
            return
        if decision is None or not (order.state == State.HELD or stopped) or order.forced_hold:
            return
        policy = self.policies(self.on, self.at)
        if never_overcome(decision, policy):
            return
        try:
            rule = signer_rule(decision)
        except NotReleasable:
            return
        given = self.given.setdefault(order.paper.id, [])
        before = signers.missing(rule, signatures_counting(decision, given, on=self.on, policy=policy))
        twice = any(one.decision is decision and one.signer == signed.signer for one in given)
        if twice or not set(signed.roles) & set(before.roles or rule.roles):
            return
        self._give(order, signed, decision)
        if signers.missing(rule, signatures_counting(decision, given, on=self.on, policy=policy)).count == 0:
            order.released_amount = self.past.amount(order)
            order.released_until = days_from(self.on, policy.release.expiry_days)
            order.released_codes = tuple(covered(decision))
            point = CheckPoint.DELIVERY if at_delivery else CheckPoint.ORDER
            self._decide(order, point, "RELEASE", goods=order.stopped_goods if at_delivery else None)

    def _give(self, order: OrderPast, signed: told.Signed, decision: Tried | None) -> None:
        if decision is not None:
            given = Given(signed.verb, signed.signer, signed.roles, decision)
            self.given.setdefault(order.paper.id, []).append(given)

    # What follows by itself

    def _began(self, began: told.Began) -> None:
        """Releases run out, and what waits for a line or a rate that begins is looked at again."""
        late = [
            one
            for one in self._in_order(self.past.orders.values())
            if one.state == State.RELEASED and one.released_until is not None and one.released_until < self.on
        ]
        for order in late:
            if order.state == State.RELEASED:
                self._decide(order, CheckPoint.ORDER, "EXPIRY")
                if self._gave_back:
                    self._look_again("ORDER", but=order)
        if self._rates_began(began.before) or self._lines_began(began.before):
            self._look_again("DAY")

    def _rates_began(self, before: date | None) -> bool:
        rates = exposure.Rate.objects.filter(on__lte=self.on, recorded_at__lte=self.at)
        return (rates.filter(on__gt=before) if before else rates).exists()

    def _lines_began(self, before: date | None) -> bool:
        """Whether a line began for somebody who waits."""
        waiting = {self.story.accounts[one.paper.account_id][0] for one in self.past.orders.values() if one.waits}
        return any(
            line.valid_from is not None
            and line.valid_from <= self.on
            and (before is None or line.valid_from > before)
            and (line.group_id is not None or line.customer_id in waiting)
            for line in self.past.lines.values()
        )

    def _rates_came(self, _came: told.RatesCame) -> None:
        """Somebody waits with foreign money: in another currency than a line, or owing in several."""
        for order in self.past.orders.values():
            if not order.waits:
                continue
            customer = self.story.accounts[order.paper.account_id][0]
            mine = {id for id, (owner, _) in self.story.accounts.items() if owner == customer}
            owed = {place[1] for place, amount in self.past.balances.items() if place[0] in mine and amount}
            lines = {line.currency for line in self.past.lines.values() if line.customer_id in {customer, None}}
            if len(owed) > 1 or (lines or {order.paper.currency}) != {order.paper.currency}:
                self._look_again("RATE")
                return

    def _again(self, orders: Collection[int]) -> None:
        """Money these orders rested on went elsewhere."""
        gave_back = []
        for id in touched(orders, self.past):
            order = self.past.orders[id]
            self._decide(order, CheckPoint.ORDER, "MONEY")
            if self._gave_back:
                gave_back.append(order)
        for order in gave_back:
            self._look_again("ORDER", but=order)
