"""What one chapter tells the others: money arrived, a line changed.

Declared here so that an earlier chapter can tell a later one without knowing it.  Listeners run in the transaction of
the action that tells; what is slow belongs into a job.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.module_loading import import_string

from xinheng.base.models import User


@dataclass(frozen=True, slots=True)
class CreditChanged:
    """Something that may free held orders of these customers: money came, a line, hold or debt changed."""

    customer_ids: frozenset[int]
    cause: str
    on: date
    by: User


@dataclass(frozen=True, slots=True)
class CustomersMoving:
    """These customers are about to enter or leave these groups: whoever checks an order of theirs must wait."""

    customer_ids: frozenset[int]
    group_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class DebtGrew:
    """Documents landed, or money was taken back, that may put these customers in breach."""

    customer_ids: frozenset[int]
    cause: str
    on: date
    by: User


@dataclass(frozen=True, slots=True)
class GoodsCame:
    """Deliveries (document ids) were recorded: invoices that came before them may now have a due day."""

    delivery_ids: tuple[int, ...]
    by: User


@dataclass(frozen=True, slots=True)
class RatesCame:
    """Exchange rates were stated: orders held for want of one, or over the limit by the old one, may be free."""

    on: date
    by: User


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """A hold of a kind stands on these customers from now on."""

    customer_ids: frozenset[int]
    kind: str
    forced: bool
    on: date
    by: User


@dataclass(frozen=True, slots=True)
class ReservedMoneySpent:
    """Money a prepaid order rested on went elsewhere; these orders (document ids) must be checked again."""

    order_ids: frozenset[int]
    on: date
    by: User


@dataclass(frozen=True, slots=True)
class MoneyAllocated:
    """Money or a credit note settled invoices, or such allocations were undone.

    ``shares``: credit document id, invoice document id, minor units.
    """

    shares: tuple[tuple[int, int, int], ...]
    on: date
    by: User
    undone: bool = False


_listeners: dict[type, list[str]] = defaultdict(list)


def listen(kind: type, listener: str) -> None:
    """Call the function at this dotted path whenever such an event is told; registering twice counts once.

    A path, not a function: a command that tells nothing need not load everybody who listens.
    """
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def tell(event: object) -> None:
    """Tell everybody who listens, now."""
    for listener in _listeners[type(event)]:
        import_string(listener)(event)
