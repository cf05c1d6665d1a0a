"""What may leave the warehouse now, and what must not: every order shown is put to the check at delivery.

An order that passed is no promise for its goods: a hold, a breach, a line that ran out stops them later (OC-010).  So
the warehouse's list asks the rule book what a delivery would be answered, of the orders that ship first; nothing is
written and no lock taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinheng.base import policies
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.desk.control import asking, facts, reading
from xinheng.desk.control.waiting import orders_seen_by
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check
from xinheng.rules.order_check.facts import OpenItem
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Component


@dataclass(frozen=True, slots=True)
class Goods:
    """Orders by what a delivery of all that is left of them would be answered, the soonest to be shipped first;
    ``all_seen`` tells that no other order could leave."""

    free: list[Order]
    stopped: list[Order]
    all_seen: bool


def goods_of(user: User, *, on: date, count: int) -> Goods:
    """The goods of the orders a person may see: ``count`` orders at most are looked at, and as many again of customers
    on hold, whose goods probably must not leave."""
    waiting = still_to_leave(user).filter(stopped_goods=None)
    held = Exists(limits.Hold.objects.filter(_OF_CUSTOMER | _OF_GROUP, lifted_at=None))
    soonest = list(waiting.exclude(held)[: count + 1])
    looked_at = [*soonest[:count], *waiting.filter(held)[:count]]
    stops = stops_at_delivery(looked_at, on=on)
    return Goods(
        free=[one for one in looked_at if stops.get(one.pk) == []],
        stopped=[one for one in looked_at if stops.get(one.pk)],
        all_seen=len(soonest) <= count,
    )


_OF_CUSTOMER = Q(customer=OuterRef("document__account__customer"))
_OF_GROUP = Q(group=OuterRef("document__account__customer__group"))


def still_to_leave(user: User) -> QuerySet[Order]:
    """Orders that passed and of which something is still to be delivered, the soonest to be shipped first."""
    # From the accounts that have something ordered: the orders of all time are many, the open ones few.
    accounts = exposure.Balance.objects.filter(component=Component.ORDERED, amount__gt=0).values("account_id")
    waits = exposure.Position.objects.filter(document=OuterRef("pk"), component=Component.ORDERED, amount__gt=0)
    found = orders_seen_by(user).filter(Exists(waits), document__account__in=accounts, state__in=sales.OCCUPYING)
    return found.order_by("ship_date", "document_id")


class _ForLists(facts.Present):
    """The books as they are now, without what only explains an answer."""

    def oldest(self, accounts: Sequence[int], on: date, count: int) -> tuple[OpenItem, ...]:
        return ()


def stops_at_delivery(orders: Sequence[Order], *, on: date) -> dict[int, list[str]]:
    """By document: what a check at delivery would hold all that is left of these orders for now (codes), nothing where
    the goods may leave; left out is what has nothing left.

    The orders and all about them are read in one round trip, more only where parts left already or paper, batches and
    cash on delivery play in.
    """
    policy = policies.in_force(on).policy
    keys = [(one.pk, one.document.account.customer_id, one.document.account.customer.group_id) for one in orders]
    reads = reading.read_many(keys, on)
    parted = [one.document for one, read in zip(orders, reads, strict=True) if read.has_family]
    families = exposure.families_of(parted)
    books, found = _ForLists(), dict[int, list[str]]()
    for one, read in zip(orders, reads, strict=True):
        road = [exposure.seen(document) for document in families.get(one.pk, ())]
        try:
            question = asking.question(read, partial(list, road), point=CheckPoint.DELIVERY, on=on)
        except WrongState:
            continue
        blocks = order_check.stops(facts.gather(read, question, policy, books), policy)
        found[one.pk] = list(dict.fromkeys(reason.code.value for reason in blocks))
    return found
