"""What may happen to orders and goods in a random history."""

from tests.desk.conservation.machine import TODAY, Dice, Ground, step
from tests.desk.conservation.naive import CANCELLED, Paper
from xinheng.base.errors import Conflict, Refused, SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.control import public as control
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Component, Kind

State = sales.Order.State
PAYMENTS = ("credit", "credit", "credit", "credit", "prepaid", "cod")
_REVERSE = {
    Kind.ORDER: sales.reverse_orders,
    Kind.DELIVERY: sales.reverse_deliveries,
    Kind.RETURN: sales.reverse_returns,
}
BELONGS = {Kind.ORDER: (Kind.ORDER_CHANGE, Kind.ORDER_CLOSE), Kind.DELIVERY: (Kind.DELIVERY_CLOSE,)}


class Goods(Ground):
    """Orders entered, checked, signed, changed, shipped, closed; goods sent, returned, closed; all of it undone."""

    def in_state(self, *states: str) -> list[Paper]:
        orders = self.naive.present(Kind.ORDER)
        return [one for one in orders if not states or self.states[one.id][0] in states]

    def stopped(self) -> list[Paper]:
        return [one for one in self.naive.present(Kind.ORDER) if self.states[one.id][1]]

    def order(self, dice: Dice, *states: str) -> sales.Order:
        paper = dice.choose(self.in_state(*([] if dice.odd else states)) or self.in_state())
        return self.read(paper)

    @staticmethod
    def read(paper: Paper) -> sales.Order:
        return sales.Order.objects.select_related("document__account__customer", "document__entity").get(pk=paper.id)

    def named(self, kind: Kind, letter: str, dice: Dice) -> str:
        """The number of a predecessor: one of the same account, one nobody knows yet, or any; or none."""
        mine = [one.number for one in self.naive.present(kind, whose=dice.whose)]
        pool = [*mine, *mine, f"{letter}{1 + dice.pick % 5}", ""]
        return dice.second(pool)

    # -- orders

    @step(3)
    def enter_order(self, dice: Dice) -> None:
        number, payment = self.number(Kind.ORDER, "S", dice), dice.choose(PAYMENTS)
        row = sales.OrderRow(
            number=number, dated_on=dice.day, amount=dice.amount, payment=payment, **self.of(dice.whose)
        )
        there = self.there(Kind.ORDER, number, dice)
        id = self.customer[dice.whose[0]].pk
        done = self.doing(lambda: sales.enter_order(row, customer_id=id, by=self.by), Conflict)
        assert bool(done) != there
        self.adopt()
        if done and not dice.odd:
            self.check(dice, done)

    @step(2, needs=lambda self: self.in_state(State.ENTERED, State.HELD))
    def check_order(self, dice: Dice) -> None:
        self.check(dice, self.order(dice, State.ENTERED, State.HELD))

    def check(self, dice: Dice, order: sales.Order) -> None:
        decision = self.doing(lambda: control.check_order(order, on=TODAY, by=self.by), WrongState)
        if decision and decision.verdict != "held":
            self._within_its_limits(order)

    def _within_its_limits(self, order: sales.Order) -> None:
        """What passed on credit without a signature fits into every limit there is."""
        order = sales.Order.objects.select_related("document__account__customer", "document__entity").get(pk=order.pk)
        if order.payment == "credit" and order.state == State.APPROVED:
            standing = control.standing(order.document.account.customer, order.document.entity)
            shares = [share for share in (standing.own, standing.group) if share]
            assert shares
            assert all(share.available is None or share.available >= 0 for share in shares), standing

    @step(2, needs=lambda self: self.in_state(State.HELD))
    def sign_release(self, dice: Dice) -> None:
        order, manager = self.order(dice, State.HELD), User.objects.get(username="gm")
        refusals = (WrongState, control.NotReleasable, control.SignedAlready, SamePerson, Refused)
        self.doing(lambda: control.sign_release(order, reason="known", on=TODAY, by=manager), *refusals)

    @step(needs=lambda self: self.in_state(State.HELD))
    def reject(self, dice: Dice) -> None:
        order = self.order(dice, State.HELD)
        self.doing(lambda: control.reject(order, reason="no", by=self.by), WrongState)

    @step(needs=lambda self: self.in_state(State.APPROVED, State.RELEASED))
    def stop(self, dice: Dice) -> None:
        order = self.order(dice, State.APPROVED, State.RELEASED)
        self.doing(lambda: control.force_hold(order, reason="wait", on=TODAY, by=self.by), WrongState)

    @step(needs=lambda self: self.stopped())
    def let_go(self, dice: Dice) -> None:
        order = self.read(dice.choose(self.stopped()))
        self.doing(lambda: control.lift_forced_hold(order, reason="go", on=TODAY, by=self.by), WrongState)

    @step(3, needs=lambda self: self.in_state())
    def change_order(self, dice: Dice) -> None:
        order, change = self.order(dice, State.APPROVED, State.RELEASED, State.HELD), control.Change(amount=dice.amount)
        self.doing(lambda: control.change_order(order, change, on=dice.day, by=self.by), WrongState)
        for one in self.adopt():
            assert sales.amount_now(order) == one.amount

    @step(needs=lambda self: self.in_state(State.APPROVED, State.RELEASED))
    def close_order(self, dice: Dice) -> None:
        order = self.order(dice, State.APPROVED, State.RELEASED)
        self.doing(lambda: sales.cancel_order(order, on=dice.day, by=self.by), WrongState)
        self.adopt()

    @step(needs=lambda self: self.in_state(State.REJECTED, State.CANCELLED))
    def reopen_order(self, dice: Dice) -> None:
        order = self.order(dice, State.REJECTED, State.CANCELLED)
        done = self.doing(lambda: control.reopen_order(order, reason="after all", on=TODAY, by=self.by), WrongState)
        if done:
            entity = order.document.entity.code
            self.drop(self.naive.present(Kind.ORDER_CLOSE, entity=entity, order=order.document.number))

    # -- goods

    @step(3, needs=lambda self: self.in_state(State.APPROVED, State.RELEASED))
    def ship(self, dice: Dice) -> None:
        order = self.order(dice, State.APPROVED, State.RELEASED)
        part = None if dice.share == 100 else dice.part_of(order.document.amount)
        refusals = (WrongState, control.StillHeld)
        self.doing(lambda: control.ship(order, on=dice.day, by=self.by, amount=part), *refusals, traces=True)
        self.adopt()

    @step(needs=lambda self: self.in_state(State.APPROVED, State.RELEASED))
    def let_go_goods(self, dice: Dice) -> None:
        order = self.order(dice, State.APPROVED, State.RELEASED)
        self.doing(lambda: control.let_go(order, on=dice.day, by=self.by), WrongState, control.StillHeld, traces=True)

    @step(4)
    def deliver(self, dice: Dice) -> None:
        number = self.number(Kind.DELIVERY, "D", dice)
        if self.there(Kind.DELIVERY, number, dice):
            return
        row = sales.DeliveryRow(
            number=number,
            dated_on=dice.day,
            amount=dice.amount,
            order_number=self.named(Kind.ORDER, "S", dice),
            consigned=dice.share == 25,
            **self.of(dice.whose),
        )
        with self.posting(dice.whose[0]) as entry:
            sales.record_deliveries(entry, [row])
        self.adopt()

    @step(2)
    def give_back(self, dice: Dice) -> None:
        number, delivery = self.number(Kind.RETURN, "T", dice), self.named(Kind.DELIVERY, "D", dice)
        if self.there(Kind.RETURN, number, dice) or not delivery:
            return
        row = sales.ReturnRow(
            number=number, dated_on=dice.day, amount=dice.amount, delivery_number=delivery, **self.of(dice.whose)
        )
        with self.posting(dice.whose[0]) as entry:
            sales.record_returns(entry, [row])
        self.adopt()

    @step(needs=lambda self: self.naive.present(Kind.DELIVERY))
    def close_delivery(self, dice: Dice) -> None:
        stands = self.naive.positions()
        places = {(id, part): amount for (id, part), amount in stands.items() if part in self._GOODS}
        open_ = [self.naive.papers[id] for id, _ in places]
        paper = dice.choose(open_ or self.naive.present(Kind.DELIVERY))
        left = sum(amount for (id, _), amount in places.items() if id == paper.id)
        document = self.document(paper)
        done = self.doing(
            lambda: sales.close_delivery(document, on=dice.day, reason="no invoice comes", by=self.by), WrongState
        )
        assert bool(done) == bool(left)
        self.adopt()
        before, after = stands.get((paper.id, CANCELLED), 0), self.naive.positions().get((paper.id, CANCELLED), 0)
        assert after - before == left

    _GOODS = (Component.DELIVERED, Component.CONSIGNED)

    @step(needs=lambda self: self.naive.present(Kind.ORDER, Kind.DELIVERY, Kind.RETURN))
    def take_goods_back(self, dice: Dice) -> None:
        paper = dice.choose(self.naive.present(Kind.ORDER, Kind.DELIVERY, Kind.RETURN))
        document, reverse = self.document(paper), _REVERSE[paper.kind]
        with self.posting(paper.whose[0]) as entry:
            reverse(entry, [document])
        self.goods_go(paper)

    def goods_go(self, paper: Paper) -> None:
        """A document goes, and what changed or closed it goes with it."""
        self.drop([paper])
        if paper.kind in BELONGS:
            with_it = {"order": paper.number} if paper.kind is Kind.ORDER else {"delivery": paper.number}
            self.drop(self.naive.present(*BELONGS[paper.kind], entity=paper.entity, **with_it))
