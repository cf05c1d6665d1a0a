"""Deliveries and invoices that name no predecessor, and the open orders they might belong to (semantics.md 2).

They stay unlinked as the shipped policy has it, and are listed beside those orders; another policy lets the oldest open
order of the same customer, entity and currency take them, marked as inferred.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinheng.base import policies
from xinheng.desk.exposure.public import Balance, Document, Position
from xinheng.rules.policy import Matching
from xinheng.rules.road import Component, Kind

_Account = tuple[int, str]


@dataclass(slots=True)
class Open:
    """An open order, and what of it has not passed yet, in minor units."""

    document: Document
    left: int


class OpenOrders:
    """The open orders of some accounts, oldest first; what is taken from one is no longer there for the next."""

    def __init__(self, account_ids: Collection[int]) -> None:
        self._of: dict[_Account, list[Open]] = defaultdict(list)
        standing = Position.objects.filter(component=Component.ORDERED, amount__gt=0, account_id__in=list(account_ids))
        found = standing.select_related("document").filter(document__kind=Kind.ORDER, document__reversed_by=None)
        for one in found.order_by("document__dated_on", "document_id"):
            self._of[one.account_id, one.currency].append(Open(one.document, one.amount))

    def until(self, account_id: int, currency: str, on: date) -> list[Open]:
        """Those dated up to a day of which something is left."""
        return [one for one in self._of[account_id, currency] if one.left > 0 and one.document.dated_on <= on]

    def take(self, account_id: int, currency: str, on: date, amount: int) -> str:
        """The number of the oldest one, and so much of it is taken; "" when none is open."""
        there = self.until(account_id, currency, on)
        if not there:
            return ""
        there[0].left = max(0, there[0].left - amount)
        return there[0].document.number


def matches_oldest(on: date) -> bool:
    """Whether the policy of a day lets the oldest open order take what names none."""
    return policies.in_force(on).policy.matching.unlinked_documents is Matching.OLDEST


def unlinked(accounts: Q) -> QuerySet[Document]:
    """Deliveries and invoices that name nothing, of accounts with an order that was open before them, newest first."""
    with_orders = Balance.objects.filter(component=Component.ORDERED, amount__gt=0).values("account_id")
    open_before = Position.objects.filter(
        account_id=OuterRef("account_id"),
        currency=OuterRef("currency"),
        component=Component.ORDERED,
        amount__gt=0,
        document__dated_on__lte=OuterRef("dated_on"),
    )
    found = Document.objects.filter(
        accounts,
        Exists(open_before),
        account_id__in=with_orders,
        kind__in=[Kind.DELIVERY, Kind.INVOICE],
        order_number="",
        delivery_number="",
        reversed_by=None,
    )
    return found.order_by("-dated_on", "-id")


def candidates(documents: Sequence[Document]) -> dict[int, list[Open]]:
    """Document → the open orders it might belong to, oldest first."""
    orders = OpenOrders({one.account_id for one in documents})
    return {one.pk: orders.until(one.account_id, one.currency, one.dated_on) for one in documents}
