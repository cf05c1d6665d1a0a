"""Cash on delivery 货到付款: what was received for an order pays its goods, whether they are invoiced yet or not.

The driver brings the money and the office writes the invoice later; until then the money cannot be allocated, and
still nobody would call the goods unpaid.  So money that names the order and settles nothing yet counts against what
the order owes, the oldest first; no longer when it is allocated elsewhere or another order rests on it (OC-018).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xinheng.rules.order_check.apply import paid_off
from xinheng.rules.order_check.facts import HolderFacts, OpenItem


@dataclass(frozen=True, slots=True)
class Received:
    """``money`` in minor units that came in for one order and settles nothing yet, and the ``items`` it pays."""

    items: tuple[OpenItem, ...]
    money: int


def paid(received: Received) -> list[OpenItem]:
    """The parts of the items that are paid: the oldest first, of one day the goods before invoices."""
    parts, left = [], received.money
    for one in sorted(received.items, key=lambda one: (one.due_on, not one.goods, one.number, one.part)):
        part = min(one.amount, left)
        if part > 0:
            parts.append(replace(one, amount=part))
            left -= part
    return parts


def with_goods_paid(holder: HolderFacts, received: Iterable[Received]) -> HolderFacts:
    """The holder without what was received for its cash-on-delivery orders."""
    return paid_off(holder, [part for one in received for part in paid(one)])
