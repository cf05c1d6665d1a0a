"""What one chapter tells the others: money arrived, a line changed.

Declared here so that an earlier chapter can tell a later one without knowing it.  Listeners run in the transaction of
the action that tells; what is slow belongs into a job.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinheng.base.models import User


@dataclass(frozen=True, slots=True)
class CreditChanged:
    """Something that may free held orders of these customers: money came, a line, hold or debt changed."""

    customer_ids: frozenset[int]
    cause: str
    on: date
    by: User


@dataclass(frozen=True, slots=True)
class ReservedMoneySpent:
    """Money a prepaid order rested on went elsewhere; these orders (document ids) must be checked again."""

    order_ids: frozenset[int]
    on: date
    by: User


_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen[Event](kind: type[Event], listener: Callable[[Event], None]) -> None:
    """Call ``listener`` whenever such an event is told; registering twice counts once."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def tell(event: object) -> None:
    """Tell everybody who listens, now."""
    for listener in _listeners[type(event)]:
        listener(event)
