"""The ledger told a second time, as plainly as possible: what the contract says of documents, computed from scratch.

Nothing here is shared with the product: documents are kept in a list, money in a list of moves, and every answer for
any day adds all of them up again.  Slow, and simple enough to be read against semantics.md 2 and 4.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from xinheng.rules.road import Component, Kind

ORDERED, DELIVERED, CONSIGNED, INVOICED, INSTRUMENT, CONTINGENT = (
    Component.ORDERED,
    Component.DELIVERED,
    Component.CONSIGNED,
    Component.INVOICED,
    Component.INSTRUMENT,
    Component.CONTINGENT,
)
UNAPPLIED, DEPOSIT, SETTLED = Component.UNAPPLIED, Component.DEPOSIT, Component.SETTLED
CANCELLED, WRITTEN_OFF = Component.CANCELLED, Component.WRITTEN_OFF
GOODS = {
    Kind.ORDER,
    Kind.ORDER_CHANGE,
    Kind.ORDER_CLOSE,
    Kind.DELIVERY,
    Kind.DELIVERY_CLOSE,
    Kind.RETURN,
    Kind.INVOICE,
}
Place = tuple[int, Component]
FOREVER = date.max


@dataclass
class Paper:
    """A document as somebody handed it in; ``on`` is the day it takes effect, ``whose`` its account and currency."""

    id: int
    kind: Kind
    entity: str
    whose: tuple[str, str, str]
    number: str
    on: date
    amount: int
    part: int = 1
    due: date | None = None
    order: str = ""
    delivery: str = ""
    consigned: bool = False
    occupies: bool = True
    present: bool = True
    said: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """Money or paper from one place to another; None is outside."""

    source: Place | None
    target: Place | None
    amount: int
    on: date


@dataclass
class Settled:
    """One allocation that stands."""

    id: int
    credit: int
    invoice: int
    amount: int
    on: date
    component: Component = INVOICED
    part: int | None = None
    automatic: bool = False
    dated: date = date.min


class Books:
    """All documents and moves, and what they come to on a day."""

    def __init__(self) -> None:
        self.papers: dict[int, Paper] = {}
        self.moves: list[Move] = []
        self.settled: dict[int, Settled] = {}
        self.open_from: dict[str, date] = {}
        self.first_closed: dict[str, date] = {}
        #: From when on the goods road is what the documents say: earlier days may have been closed when they changed.
        self.told_from: dict[str, date] = defaultdict(lambda: date.min)

    # -- documents

    def effective(self, day: date, entity: str) -> date:
        return max(day, self.open_from.get(entity, date.min))

    def add(self, paper: Paper) -> Paper:
        self.papers[paper.id] = paper
        return paper

    def present(self, *kinds: Kind, **wanted: object) -> list[Paper]:
        """Present documents, oldest due first."""
        found = [
            one
            for one in self.papers.values()
            if one.present
            and (not kinds or one.kind in kinds)
            and all(getattr(one, name) == value for name, value in wanted.items())
        ]
        return sorted(found, key=lambda one: (one.due or FOREVER, one.part, one.id))

    # -- what stands where

    def positions(self, day: date = FOREVER) -> dict[Place, int]:
        """(document, component) → what stands there at the end of a day."""
        found: Counter[Place] = Counter()
        families: dict[tuple, list[Paper]] = defaultdict(list)
        for one in self.papers.values():
            if one.present and one.kind in GOODS and one.on <= day:
                families[one.whose].append(one)
        for family in families.values():
            found.update(goods(family))
        for move in self.moves:
            if move.on <= day:
                if move.source:
                    found[move.source] -= move.amount
                if move.target:
                    found[move.target] += move.amount
        assert all(amount >= 0 for amount in found.values()), (day, found)
        return {place: amount for place, amount in found.items() if amount}

    def balances(self, day: date = FOREVER) -> dict[tuple, int]:
        """(customer, entity, currency, component) → what the account owes or has there."""
        found: Counter[tuple] = Counter()
        for (document, component), amount in self.positions(day).items():
            if component < SETTLED:
                found[*self.papers[document].whose, component] += amount
        return dict(found)

    def stand(self, place: Place, day: date = FOREVER) -> int:
        paper = self.papers[place[0]]
        there = paper.amount if place[1] is INVOICED and paper.present and paper.on <= day else 0
        for move in self.moves:
            if move.on <= day:
                there += move.amount * ((move.target == place) - (move.source == place))
        return there

    def first_day(self, place: Place, amount: int, earliest: date) -> date:
        """The first day from which so much stands there on every day that follows."""
        days = [earliest, *sorted({move.on for move in self.moves if place in (move.source, move.target)})]
        days = [day for day in days if day >= earliest] + [self.papers[place[0]].on]
        for day in sorted(set(days)):
            if day >= earliest and all(
                self.stand(place, later) >= amount for later in [*days, FOREVER] if later >= day
            ):
                return day
        raise AssertionError((place, amount, earliest))

    def move(self, source: Place | None, target: Place | None, amount: int, on: date) -> None:
        if amount:
            self.moves.append(Move(source, target, amount, on))

    # -- settling

    def shares(
        self,
        credit: Paper,
        invoices: list[Paper],
        amount: int,
        dated: date,
        component: Component = INVOICED,
    ) -> list[tuple[Paper, int, date]]:
        """How an amount is shared out over instalments, the oldest due first, and when each share takes effect."""
        earliest = self.effective(max(dated, credit.on), credit.entity)
        stood = self.first_day((credit.id, UNAPPLIED), amount, earliest) if amount else earliest
        found = []
        for one in invoices:
            taken = min(amount, self.stand((one.id, component)))
            if taken:
                day = self.first_day((one.id, component), taken, max(stood, one.on))
                found.append((one, taken, day))
                amount -= taken
        assert amount == 0
        return found

    def settle(self, one: Settled) -> None:
        self.settled[one.id] = one
        self.move((one.invoice, one.component), (one.invoice, SETTLED), one.amount, one.on)
        self.move((one.credit, UNAPPLIED), (one.credit, SETTLED), one.amount, one.on)

    def unsettle(self, id: int) -> Settled:
        one = self.settled.pop(id)
        on = self.effective(one.on, self.papers[one.invoice].entity)
        self.move((one.invoice, SETTLED), (one.invoice, one.component), one.amount, on)
        self.move((one.credit, SETTLED), (one.credit, UNAPPLIED), one.amount, on)
        return one

    def take_back(self, paper: Paper, component: Component) -> None:
        """All that a document brought leaves again."""
        if amount := self.stand((paper.id, component)):
            earliest = self.effective(paper.on, paper.entity)
            self.move((paper.id, component), None, amount, self.first_day((paper.id, component), amount, earliest))


@dataclass
class _Order:
    id: int = 0
    amount: int = 0
    occupies: bool = False
    closed: bool = False
    charged: int = 0  # what of it was delivered, or invoiced ahead of its goods
    ahead: int = 0  # invoiced, its goods still to come
    deliveries: list = field(default_factory=list)

    @property
    def level(self) -> int:
        return max(0, self.amount - self.charged) if self.id and self.occupies and not self.closed else 0


@dataclass
class _Delivery:
    id: int
    component: Component
    left: int  # neither invoiced nor returned
    order: _Order | None = None
    lent: int = 0  # what invoices that name only its order lie on: it gives way to one that names these goods


def goods(papers: Iterable[Paper]) -> Counter[Place]:  # noqa: PLR0912, PLR0915 - one document after the other
    """Where the goods of one account and currency stand; every document has taken effect."""
    found: Counter[Place] = Counter()
    orders: dict[str, _Order] = defaultdict(_Order)
    deliveries: dict[str, _Delivery] = {}
    waiting: dict[str, list[int]] = defaultdict(lambda: [0, 0])  # invoiced for goods to come: charged to an order, not
    returned: Counter[str] = Counter()

    def cancel(delivery: _Delivery, amount: int) -> None:
        gone = min(amount, delivery.left)
        delivery.left -= gone
        found[delivery.id, CANCELLED] += gone

    for one in sorted(papers, key=lambda paper: (paper.on, paper.kind, paper.id)):
        order = orders[one.order] if one.order else None
        delivery = deliveries.get(one.delivery) if one.delivery else None
        match one.kind:
            case Kind.ORDER:
                order = orders[one.number]
                order.id, order.amount, order.occupies = one.id, one.amount, one.occupies
            case Kind.ORDER_CHANGE | Kind.ORDER_CLOSE:
                before = order.level
                if one.kind is Kind.ORDER_CLOSE:
                    order.closed = True
                elif order.id:
                    order.amount = one.amount
                found[order.id, CANCELLED] += max(0, before - order.level)
            case Kind.DELIVERY:
                charged, not_charged = waiting.pop(one.number, [0, 0])
                named = min(one.amount, charged + not_charged)
                rest = one.amount - named
                ahead = min(rest, order.ahead) if order else 0
                if order:
                    order.ahead -= ahead
                    order.charged += one.amount - ahead - min(named, charged)
                here = _Delivery(one.id, CONSIGNED if one.consigned else DELIVERED, rest - ahead, order, ahead)
                deliveries[one.number] = here
                if order:
                    order.deliveries.append(here)
                cancel(here, returned[one.number])
            case Kind.RETURN if delivery is None:
                returned[one.delivery] += one.amount
            case Kind.RETURN:
                cancel(delivery, one.amount)
            case Kind.DELIVERY_CLOSE if delivery is not None:
                cancel(delivery, delivery.left)
            case Kind.INVOICE:
                rest = one.amount
                from_these = [delivery] if delivery else (order.deliveries if order and not one.delivery else [])
                for there in from_these:
                    taken = min(rest, there.left)
                    there.left -= taken
                    there.lent += 0 if delivery else taken
                    rest -= taken
                if delivery is not None and delivery.order is not None:
                    # Whoever lay on these goods without naming them lies on others of the order, or ahead of them.
                    moved = min(rest, delivery.lent)
                    delivery.lent -= moved
                    for there in delivery.order.deliveries:
                        taken = min(moved, there.left)
                        there.left -= taken
                        there.lent += taken
                        moved -= taken
                    delivery.order.ahead += moved
                    delivery.order.charged += moved
                if delivery is None and order is not None:
                    order.charged += rest
                    if one.delivery:
                        waiting[one.delivery][0] += rest
                    else:
                        order.ahead += rest
                elif delivery is None and one.delivery:
                    waiting[one.delivery][1] += rest
                found[one.id, INVOICED] += one.amount
    for order in orders.values():
        if order.level:
            found[order.id, ORDERED] += order.level
    for delivery in deliveries.values():
        found[delivery.id, delivery.component] += delivery.left
    return found
