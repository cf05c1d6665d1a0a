"""The road of goods: where each unit of an order's value stands, day by day.

An order is approved, goods go out, an invoice follows, sometimes in another order and in pieces.  The same value must
never stand in two places (semantics.md 2).  This page takes every document that belongs together, walks through them by
date and says which amounts step from which place to which other place on which day.  Because a day's steps depend only
on documents dated up to that day, the answer for a past day never changes when a later document arrives; because the
whole family is walked each time, the documents may arrive in any order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum


class Component(IntEnum):
    """A place where value can stand. 占用构成; OUTSIDE is written None."""

    ORDERED = 1
    DELIVERED = 2
    CONSIGNED = 3
    INVOICED = 4
    INSTRUMENT = 5
    CONTINGENT = 6
    UNAPPLIED = 7
    DEPOSIT = 8
    SETTLED = 11
    CANCELLED = 12
    WRITTEN_OFF = 13


class Kind(IntEnum):
    """What a document is; the number is also the order in which documents of one day are walked."""

    ORDER = 10
    ORDER_CHANGE = 11
    DELIVERY = 20
    RETURN = 21
    INVOICE = 30
    DELIVERY_CLOSE = 40
    ORDER_CLOSE = 41
    CREDIT_NOTE = 50
    RECEIPT = 60
    INSTRUMENT = 70


#: Kinds that walk this road; the others hold money or paper.
GOODS = frozenset(
    {Kind.ORDER, Kind.ORDER_CHANGE, Kind.ORDER_CLOSE, Kind.DELIVERY, Kind.DELIVERY_CLOSE, Kind.RETURN, Kind.INVOICE}
)
#: Places that only this road moves value between; every other movement belongs to money.
PLACES = frozenset(
    {Component.ORDERED, Component.DELIVERED, Component.CONSIGNED, Component.INVOICED, Component.CANCELLED, None}
)

Place = tuple[int, Component]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a family, as the road sees it.

    ``amount`` is in minor units of the family's one currency; for a change it is the order's new amount.  ``order`` and
    ``delivery`` are the numbers it names ('' for none); ``number`` is its own.  ``occupies`` is False for an order that
    was entered, held or rejected: it takes no credit.
    """

    id: int
    kind: Kind
    on: date
    number: str
    amount: int
    order: str = ""
    delivery: str = ""
    consigned: bool = False
    occupies: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """``amount`` leaves ``source`` (None: from outside) and reaches ``target`` (None: leaves again) on a day."""

    source: Place | None
    target: Place | None
    amount: int
    on: date


@dataclass(slots=True)
class _Order:
    id: int = 0
    occupies: bool = False  # approved or released; else its amount and changes count for nothing
    approved: int = 0  # what the order may come to; 0 while it occupies nothing
    ordered: int = 0  # what stands in ORDERED now
    passed: int = 0  # what has been delivered, or invoiced ahead of the goods
    ahead: int = 0  # invoiced ahead of the goods and not yet delivered
    closed: bool = False
    deliveries: list["_Delivery"] = field(default_factory=list)


@dataclass(slots=True)
class _Ahead:
    amount: int = 0
    passed: int = 0  # the part that its order already counts as passed


@dataclass(slots=True)
class _Delivery:
    id: int
    component: Component
    open: int  # delivered and neither invoiced nor returned
    order: _Order | None = None
    lent: int = 0  # covered by invoices that name only its order: it gives way to one that names these goods


class _Walk:
    """The state of one family while its documents are walked by date."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.orders: dict[str, _Order] = defaultdict(_Order)
        self.deliveries: dict[str, _Delivery] = {}
        self.ahead_of: dict[str, _Ahead] = defaultdict(_Ahead)  # invoiced ahead of a named delivery
        self.returned_ahead: dict[str, int] = defaultdict(int)  # returns dated before their delivery

    def step(self, source: Place | None, target: Place | None, amount: int, on: date) -> None:
        if amount:
            self.steps.append(Step(source, target, amount, on))

    def level(self, order: _Order, on: date, surplus_to: Place | None) -> None:
        """Bring ORDERED to what is approved and has not yet passed; what is too much goes to ``surplus_to``."""
        target = 0 if order.closed else max(0, order.approved - order.passed)
        place = (order.id, Component.ORDERED)
        self.step(None, place, max(0, target - order.ordered), on)
        self.step(place, surplus_to, max(0, order.ordered - target), on)
        order.ordered = target

    def take_ordered(self, order: _Order, wanted: int, target: Place, on: date) -> int:
        """Move up to ``wanted`` from ORDERED to ``target``; returns what is still wanted."""
        taken = min(wanted, order.ordered)
        self.step((order.id, Component.ORDERED), target, taken, on)
        order.ordered -= taken
        return wanted - taken


def _order(walk: _Walk, document: Document) -> None:
    order = walk.orders[document.number]
    order.id = document.id
    order.occupies = document.occupies
    order.approved = document.amount if document.occupies else 0
    walk.level(order, document.on, None)


def _order_change(walk: _Walk, document: Document) -> None:
    order = walk.orders[document.order]
    if order.occupies:  # a change of an order that occupies nothing occupies nothing
        order.approved = document.amount
        walk.level(order, document.on, (order.id, Component.CANCELLED))


def _order_close(walk: _Walk, document: Document) -> None:
    order = walk.orders[document.order]
    order.closed = True
    if order.id:
        walk.level(order, document.on, (order.id, Component.CANCELLED))


def _delivery(walk: _Walk, document: Document) -> None:
    component = Component.CONSIGNED if document.consigned else Component.DELIVERED
    place, wanted = (document.id, component), document.amount
    order = walk.orders[document.order] if document.order else None
    # 先票后货: what was invoiced ahead of these goods already stands in INVOICED, so no value moves for it.
    waiting = walk.ahead_of.pop(document.number, _Ahead())
    named = min(wanted, waiting.amount)
    wanted -= named
    if order is None:
        walk.step(None, place, wanted, document.on)
        received = wanted
    else:
        ahead = min(wanted, order.ahead)
        order.ahead -= ahead
        received = wanted - ahead
        order.passed += received + named - min(named, waiting.passed)  # the rest of what was ahead has passed already
        rest = walk.take_ordered(order, received, place, document.on)
        walk.step(None, place, rest, document.on)
        if order.id:
            walk.level(order, document.on, None)
    delivery = walk.deliveries[document.number] = _Delivery(document.id, component, received, order)
    if order is not None:
        delivery.lent = ahead
        order.deliveries.append(delivery)
    _cancel(walk, delivery, walk.returned_ahead.pop(document.number, 0), document.on)


def _cancel(walk: _Walk, delivery: _Delivery, amount: int, on: date) -> None:
    taken = min(amount, delivery.open)
    walk.step((delivery.id, delivery.component), (delivery.id, Component.CANCELLED), taken, on)
    delivery.open -= taken


def _return(walk: _Walk, document: Document) -> None:
    delivery = walk.deliveries.get(document.delivery)
    if delivery is None:
        walk.returned_ahead[document.delivery] += document.amount
    else:  # what is returned after its invoice is credited by a credit note, not here
        _cancel(walk, delivery, document.amount, document.on)


def _delivery_close(walk: _Walk, document: Document) -> None:
    delivery = walk.deliveries.get(document.delivery)
    if delivery is not None:
        _cancel(walk, delivery, delivery.open, document.on)


def _invoice(walk: _Walk, document: Document) -> None:
    place, wanted, on = (document.id, Component.INVOICED), document.amount, document.on
    delivery = walk.deliveries.get(document.delivery) if document.delivery else None
    if delivery is not None:
        wanted = _take_named(walk, delivery, wanted, place, on)
    elif document.order:
        order = walk.orders[document.order]
        if not document.delivery:
            wanted = _take_of_order(walk, order, wanted, place, on)
            order.ahead += wanted
        else:
            # The goods it names have not come yet and will find it under their own number.
            waiting = walk.ahead_of[document.delivery]
            waiting.amount += wanted
            waiting.passed += wanted
        order.passed += wanted
        wanted = walk.take_ordered(order, wanted, place, on)
    elif document.delivery:
        walk.ahead_of[document.delivery].amount += wanted
    walk.step(None, place, wanted, on)


def _take_delivered(walk: _Walk, delivery: _Delivery, wanted: int, target: Place, on: date) -> int:
    """Move up to ``wanted`` of what is open of a delivery to ``target``; returns what it gave."""
    taken = min(wanted, delivery.open)
    walk.step((delivery.id, delivery.component), target, taken, on)
    delivery.open -= taken
    return taken


def _take_of_order(walk: _Walk, order: _Order, wanted: int, target: Place, on: date) -> int:
    """Invoice an order's goods, oldest first, without naming them; returns what is still wanted."""
    for delivery in order.deliveries:
        taken = _take_delivered(walk, delivery, wanted, target, on)
        delivery.lent += taken
        wanted -= taken
    return wanted


def _take_named(walk: _Walk, delivery: _Delivery, wanted: int, target: Place, on: date) -> int:
    """Invoice these very goods; returns what is still wanted.

    Where an invoice that names only the order lay on them it gives way: it lies on other goods of the order from now
    on, or ahead of those still to come, and what stood there is what this invoice takes.  Else one order would be owed
    twice.
    """
    wanted -= _take_delivered(walk, delivery, wanted, target, on)
    order, given = delivery.order, min(wanted, delivery.lent)
    if order is None or not given:
        return wanted
    delivery.lent -= given
    others = [one for one in order.deliveries if one is not delivery]
    rest = given
    for other in others:
        taken = _take_delivered(walk, other, rest, target, on)
        other.lent += taken
        rest -= taken
    order.ahead += rest
    order.passed += rest
    return wanted - given + walk.take_ordered(order, rest, target, on)


_WALKERS = {
    Kind.ORDER: _order,
    Kind.ORDER_CHANGE: _order_change,
    Kind.ORDER_CLOSE: _order_close,
    Kind.DELIVERY: _delivery,
    Kind.DELIVERY_CLOSE: _delivery_close,
    Kind.RETURN: _return,
    Kind.INVOICE: _invoice,
}


def walk(documents: Iterable[Document]) -> list[Step]:
    """All steps of one family (one entity, account and currency), in the order of their days.

    Documents of one day are walked by kind, then by id.  Source: semantics.md 2, paths.
    """
    state = _Walk()
    for document in sorted(documents, key=lambda d: (d.on, d.kind, d.id)):
        _WALKERS[document.kind](state, document)
    return state.steps


def positions(steps: Iterable[Step]) -> Mapping[Place, int]:
    """What stands in each place after the steps; places that came back to nothing are left out."""
    sums: dict[Place, int] = defaultdict(int)
    for step in steps:
        if step.source is not None:
            sums[step.source] -= step.amount
        if step.target is not None:
            sums[step.target] += step.amount
    return {place: amount for place, amount in sums.items() if amount}
