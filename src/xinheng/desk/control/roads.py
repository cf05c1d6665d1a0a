"""Which part of an order is still to come, and what would move if goods left or an invoice came now.

The road of goods (semantics.md 2) knows: a part that was delivered or invoiced before is debt already and must not be
counted again when its order, its next delivery or its invoice is looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xinheng.rules import road
from xinheng.rules.road import Component, Kind

#: A document that does not exist: it only asks what would happen.
_SUPPOSED, _UNNAMED = -1, "\0"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a supposed document would bring: ``amount`` into its own place, ``taken`` of it out of others."""

    amount: int
    taken: dict[Component, int]


def open_part(family: Iterable[road.Document], order_id: int) -> int:
    """What of an order would stand in ORDERED if it were approved."""
    known = [replace(one, occupies=True) if one.id == order_id else one for one in family]
    return road.positions(road.walk(known)).get((order_id, Component.ORDERED), 0)


def if_delivered(family: Sequence[road.Document], order_number: str, goods: int) -> Moved:
    """What would move if so much of an order left now."""
    supposed = road.Document(
        id=_SUPPOSED, kind=Kind.DELIVERY, on=date.max, number=_UNNAMED, amount=goods, order=order_number
    )
    return _moved(family, supposed)


def if_invoiced(family: Sequence[road.Document], *, order: str, delivery: str, amount: int) -> Moved:
    """What would move if an invoice of so much named this order or delivery now."""
    supposed = road.Document(
        id=_SUPPOSED,
        kind=Kind.INVOICE,
        on=date.max,
        number=_UNNAMED,
        amount=amount,
        order=order,
        delivery=delivery,
    )
    return _moved(family, supposed)


def _moved(family: Sequence[road.Document], supposed: road.Document) -> Moved:
    before = road.positions(road.walk(family))
    after = road.positions(road.walk([*family, supposed]))
    amount = sum(stands for (document, _), stands in after.items() if document == _SUPPOSED)
    taken: dict[Component, int] = {}
    for (document, component), stood in before.items():
        less = stood - after.get((document, component), 0)
        if less > 0:
            taken[component] = taken.get(component, 0) + less
    return Moved(amount, taken)
