"""The books of a back-test: what stands where for the customers of one limit after what has happened again.

Goods walk the same road as in the ledger; money moves as it moved.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from xinheng.desk.cash import public as cash
from xinheng.desk.control.around import Around, Place
from xinheng.desk.control.backtest.events import Held, Kept, LineSet, Moved, Paper
from xinheng.desk.control.backtest.happened import Story
from xinheng.desk.control.batches import is_batch
from xinheng.desk.control.reading import OrderNow, Read
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits.public import Line
from xinheng.desk.sales.public import OCCUPYING, Order
from xinheng.rules import road
from xinheng.rules.exposure import PaperSum
from xinheng.rules.order_check.facts import OpenItem
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

State = Order.State
#: What settles by batches, or may when it is invoiced.
_BATCHES = {(Component.INVOICED, ItemNature.ROLLING), (Component.DELIVERED, ItemNature.PLAIN)}
#: (entity, account, currency, what it is, number)
_Key = tuple[int, int, str, Kind, str]


@dataclass(slots=True)
class OrderPast:
    """An order on its way through the run."""

    paper: Paper
    payment: str
    instrument: str
    term: str
    missing: set[str]
    state: str = State.ENTERED
    forced_hold: bool = False
    released_amount: int | None = None
    released_until: date | None = None
    released_codes: tuple[str, ...] = ()
    stopped_goods: int | None = None

    @property
    def occupies(self) -> bool:
        return self.state in OCCUPYING

    @property
    def waits(self) -> bool:
        """Whether it is looked at again when something happens."""
        stopped = self.occupies and self.stopped_goods is not None
        return not self.forced_hold and (self.state == State.HELD or stopped)


@dataclass(slots=True, eq=False)
class _Family:
    """Documents that reach each other by number, and where the value of their goods stands."""

    papers: dict[int, Paper] = field(default_factory=dict)
    stands: dict[road.Place, int] = field(default_factory=dict)


class Past:
    """The books at one moment of the run."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.at: datetime | None = None
        self.known: dict[int, Paper] = {}
        self.orders: dict[int, OrderPast] = {}
        self.money: dict[road.Place, int] = defaultdict(int)
        self._came: dict[road.Place, list[tuple[date, int]]] = defaultdict(list)  # money on account, by its day
        self.balances: dict[Place, int] = defaultdict(int)
        self.due: dict[tuple[int, date, str, str, Component], int] = defaultdict(int)
        self.batches: dict[road.Place, int] = defaultdict(int)  # open invoices that settle by batches, and open goods
        self.cod: dict[road.Place, int] = defaultdict(int)  # what should have been paid on delivery
        self.lines: dict[int, Line] = {}
        self.holds: dict[int, Held] = {}
        self.kept: dict[int, Kept] = {}
        self.active = dict(story.active)
        self.numbers: dict[tuple[int, str], int] = {}  # the present orders by entity and number
        self._families: dict[_Key, _Family] = {}
        self._next = -1

    # What happens

    def land(self, paper: Paper) -> None:
        """A document is recorded; goods find whatever names them."""
        self.known[paper.id] = paper
        if paper.kind is Kind.ORDER:
            self.numbers[paper.entity_id, paper.number] = paper.id
        if paper.kind in road.GOODS and paper.kind is not Kind.ORDER_CLOSE:
            family = self._join(paper)
            family.papers[paper.id] = paper
            self._walk(family)

    def take_back(self, id: int) -> None:
        """A document is reversed; the money it stood for moves back by itself."""
        paper = self.known[id]
        key = paper.entity_id, paper.number
        if self.orders.pop(id, None) and self.numbers.get(key) == id:
            del self.numbers[key]
        for family in self._families_of(paper):
            if family.papers.pop(id, None):
                self._walk(family)

    def move(self, moved: Moved) -> None:
        """Money or paper moves."""
        for place, sign in ((moved.source, -1), (moved.target, 1)):
            if place is not None:
                self.money[place] += sign * moved.amount
                if place[1] is Component.UNAPPLIED:
                    self._came[place].append((moved.on, sign * moved.amount))
                self._shift(moved.account_id, moved.currency, place, sign * moved.amount)

    def money_by(self, on: date) -> Iterator[tuple[Paper, int]]:
        """Money on account that may be counted on by a day, with the paper it came by."""
        for place, there in self.money.items():
            if place[1] is Component.UNAPPLIED and there > 0:
                later = sum(amount for day, amount in self._came[place] if day > on)
                yield self.known[place[0]], cash.there_by(there, later)

    def set_line(self, change: LineSet) -> None:
        if change.stands:
            self.lines[change.line.pk] = change.line
        else:
            self.lines.pop(change.line.pk, None)

    def set_hold(self, change: Held) -> None:
        if change.stands:
            self.holds[change.hold.id] = change
        else:
            self.holds.pop(change.hold.id, None)

    def set_kept(self, change: Kept) -> None:
        if change.stands:
            self.kept[change.breach] = change
        else:
            self.kept.pop(change.breach, None)

    def came_into(self, order: OrderPast, state: str) -> None:
        """An order comes into a state, and its value into or out of ORDERED."""
        occupied, order.state = order.occupies, state
        if occupied != order.occupies:
            for family in self._families_of(order.paper):
                self._walk(family)

    def new_id(self) -> int:
        """An id of a document that never was."""
        self._next -= 1
        return self._next

    # What can be asked

    def read(self, order: OrderPast) -> Read:
        """An order with its holders, as a check reads them."""
        paper, (customer, entity) = order.paper, self.story.accounts[order.paper.account_id]
        of = self.story.customers[customer]
        now = OrderNow(
            id=paper.id,
            state=order.state,
            payment=order.payment,
            instrument=order.instrument,
            term=order.term,
            forced_hold=order.forced_hold,
            released_amount=order.released_amount,
            released_until=order.released_until,
            released_codes=order.released_codes,
            number=paper.number,
            entity_id=entity,
            account_id=paper.account_id,
            dated_on=paper.dated_on,
            effective_on=paper.effective_on,
            currency=paper.currency,
            first_amount=paper.amount,
            salesperson=paper.salesperson,
            occupies=order.occupies,
            customer_id=customer,
            customer_code=of.code,
            active=self.active[customer],
            group_id=of.group_id,
            group_code=of.group.code if of.group else "",
            customer_term=of.term,
            customer_class=of.customer_class,
        )
        named = list(self._named(order))
        return Read(
            order=now,
            around=self._around(customer),
            amount=self.amount(order),
            gone=sum(one.amount for one in named if one.kind is Kind.DELIVERY),
            has_family=bool(named),
            reserved=self._family(order.paper).stands.get((paper.id, Component.ORDERED), 0),
            missing_papers=tuple(sorted(order.missing)),
        )

    def family(self, order: OrderPast) -> Sequence[road.Document]:
        """Everything on an order's road."""
        return [self._seen(one) for one in self._family(order.paper).papers.values()]

    def amount(self, order: OrderPast) -> int:
        """What an order comes to after its changes."""
        changes = [one for one in self._named(order) if one.kind is Kind.ORDER_CHANGE]
        return max(changes, key=lambda one: one.part).amount if changes else order.paper.amount

    def remaining(self, order: OrderPast) -> int:
        """What of it has not left."""
        gone = sum(one.amount for one in self._named(order) if one.kind is Kind.DELIVERY)
        return max(0, self.amount(order) - gone)

    def order_of(self, invoice: int) -> int | None:
        """The order an invoice belongs to, directly or through its delivery."""
        paper = self.known[invoice]
        number = paper.order
        if not number and paper.delivery:
            family = self._family(paper).papers.values()
            named = [one for one in family if one.kind is Kind.DELIVERY and one.number == paper.delivery]
            number = named[0].order if named else ""
        return self.numbers.get((paper.entity_id, number))

    def bills(self, accounts: Collection[int]) -> tuple[PaperSum, ...]:
        """Cheques and bills that stand for invoices, as they stood."""
        sums: dict[tuple[str, str, str, Component], int] = defaultdict(int)
        for (id, component), amount in self.money.items():
            held = component in {Component.INSTRUMENT, Component.CONTINGENT}
            if held and amount and self.known[id].account_id in accounts:
                kind, acceptor = self.story.paper_kinds[id]
                sums[self.known[id].currency, kind, acceptor, component] += amount
        return tuple(
            PaperSum(currency, kind, acceptor, amount, contingent=component is Component.CONTINGENT)
            for (currency, kind, acceptor, component), amount in sorted(sums.items())
        )

    # Inside

    def open_batches(self, accounts: Collection[int], on: date, *, unstated: bool) -> list[OpenItem]:
        """The open invoices that settle by batches and goods that will be invoiced so, oldest first."""
        found = []
        for (id, component), amount in self.batches.items():
            paper, goods = self.known[id], component is Component.DELIVERED
            if amount <= 0 or paper.account_id not in accounts or (goods and not self._is_batch(paper, unstated)):
                continue
            due_on = on if goods or paper.due_on is None else paper.due_on
            item = OpenItem(paper.number, due_on, paper.currency, amount, paper.part, ItemNature.ROLLING, goods=goods)
            found.append((paper.dated_on, id, item))
        return [one for _, _, one in sorted(found, key=lambda one: one[:2])]

    def on_delivery(self, on: date) -> dict[tuple[int, int, str], list[OpenItem]]:
        """(account, order, currency) → what should have been paid on delivery before a day."""
        owed: dict[tuple[int, int, str], list[OpenItem]] = defaultdict(list)
        for (id, component), amount in self.cod.items():
            one, goods, order = self.known[id], component is Component.DELIVERED, self.order_of(id)
            if amount > 0 and order is not None and one.due_on is not None and one.due_on < on:
                item = OpenItem(one.number, one.due_on, one.currency, amount, one.part, ItemNature.COD, goods=goods)
                owed[one.account_id, order, one.currency].append(item)
        return owed

    def _is_batch(self, goods: Paper, unstated: bool) -> bool:
        order = self.orders.get(self.numbers.get((goods.entity_id, goods.order), 0))
        if order is None or (order.paper.account_id, order.paper.currency) != (goods.account_id, goods.currency):
            return is_batch(None, None, unstated=unstated)
        return is_batch(order.term, order.payment, unstated=unstated)

    def _around(self, customer: int) -> Around:
        mine = {customer, None}
        return Around(
            customer,
            [line for line in self.lines.values() if line.customer_id in mine],
            [one.hold for one in self.holds.values() if one.customer_id in mine],
            [one.until for one in self.kept.values() if one.customer_id in mine],
            self.story.accounts,
            self.balances,
            [(account, day, *rest, amount) for (account, day, *rest), amount in self.due.items() if amount > 0],
        )

    def _named(self, order: OrderPast) -> Iterator[Paper]:
        for one in self._family(order.paper).papers.values():
            if one.order == order.paper.number and one.kind is not Kind.ORDER:
                yield one

    def _keys(self, paper: Paper) -> list[_Key]:
        order = paper.number if paper.kind is Kind.ORDER else paper.order
        delivery = paper.number if paper.kind is Kind.DELIVERY else paper.delivery
        where = paper.entity_id, paper.account_id, paper.currency
        named = ((Kind.ORDER, order), (Kind.DELIVERY, delivery))
        return [(*where, kind, number) for kind, number in named if number] or [(*where, paper.kind, f"\0{paper.id}")]

    def _families_of(self, paper: Paper) -> list[_Family]:
        return list({id(one): one for key in self._keys(paper) if (one := self._families.get(key))}.values())

    def _family(self, paper: Paper) -> _Family:
        return self._families_of(paper)[0]

    def _join(self, paper: Paper) -> _Family:
        """The family of a new document, made one of several where it reaches them."""
        found = self._families_of(paper)
        family = found[0] if found else _Family()
        for other in found[1:]:
            family.papers |= other.papers
            family.stands |= other.stands
            for key, one in self._families.items():
                if one is other:
                    self._families[key] = family
        for key in self._keys(paper):
            self._families[key] = family
        return family

    def _seen(self, paper: Paper) -> road.Document:
        order = self.orders.get(paper.id)
        return road.Document(
            id=paper.id,
            kind=paper.kind,
            on=paper.effective_on,
            number=paper.number,
            amount=paper.amount,
            order=paper.order,
            delivery=paper.delivery,
            consigned=paper.consigned,
            occupies=paper.kind is not Kind.ORDER or (order is not None and order.occupies),
        )

    def _walk(self, family: _Family) -> None:
        before = family.stands
        family.stands = dict(road.positions(road.walk(self._seen(one) for one in family.papers.values())))
        for place in before.keys() | family.stands.keys():
            delta = family.stands.get(place, 0) - before.get(place, 0)
            if delta:
                paper = self.known[place[0]]
                self._shift(paper.account_id, paper.currency, place, delta)

    def _shift(self, account: int, currency: str, place: road.Place, delta: int) -> None:
        id, component = place
        if component in exposure.LIVE:
            self.balances[account, currency, component] += delta
        paper = self.known[id]
        if component in exposure.DUE and paper.due_on is not None:
            self.due[account, paper.due_on, currency, paper.nature, component] += delta
        if component in exposure.DUE and paper.nature == ItemNature.COD:
            self.cod[place] += delta
        if (component, paper.nature) in _BATCHES:
            self.batches[place] += delta
