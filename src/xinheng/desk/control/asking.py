"""What an order stands for when it is looked at: the part that is to come, and what of that stands in balances.

A back-test asks in the same words as a check, so both rest on this page.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from xinheng.base.errors import WrongState
from xinheng.desk.control import roads
from xinheng.desk.control.facts import Question
from xinheng.desk.control.reading import Read
from xinheng.rules import road
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Component

#: Everything on the order's road, asked for only where somebody names the order.
Family = Callable[[], Sequence[road.Document]]


def question(
    read: Read, family: Family, *, point: CheckPoint, on: date, goods: int | None = None, strict: bool = True
) -> Question:
    """What is asked about an order, with what of it stands in the balances already left out.

    At delivery ``goods`` are to leave, all that is left without; ``strict`` refuses more than that.

    Raises:
        WrongState: nothing, or not so much, is left to leave.
    """
    if point is CheckPoint.DELIVERY:
        return _leaving(read, family, on, goods, strict=strict)
    amount = roads.open_part(family(), read.order.id) if read.has_family else read.amount
    leave_out(read, {Component.ORDERED: read.reserved})
    return Question(point, on, amount, passed=max(0, read.amount - amount))


def _leaving(read: Read, family: Family, on: date, wanted: int | None, *, strict: bool) -> Question:
    there = max(0, read.amount - read.gone)
    goods = there if wanted is None else wanted
    if not strict:
        goods = min(goods, there)
    if not 0 < goods <= there:
        raise WrongState(what="order", number=read.order.number, state="TOO_LITTLE_LEFT" if there else "DELIVERED")
    if not read.has_family:
        leave_out(read, {Component.ORDERED: min(read.reserved, goods)})
        return Question(CheckPoint.DELIVERY, on, goods, goods=goods, stated=wanted or 0)
    moved = roads.if_delivered(family(), read.order.number, goods)
    leave_out(read, moved.taken)
    passed = read.gone + goods - moved.amount
    return Question(CheckPoint.DELIVERY, on, moved.amount, passed=passed, goods=goods, stated=wanted or 0)


def leave_out(read: Read, taken: Mapping[Component, int]) -> None:
    """What the question stands for must not count twice."""
    order = read.order
    read.left_out = {(order.account_id, order.currency, component): amount for component, amount in taken.items()}
