"""What shadow mode saw: orders that went ahead and would have been held, and how their customers paid afterwards.

After a month of watching a company knows what its rules would have stopped, what money was at stake, and whether the
rules were right: whoever is let through against a rule and pays late proves it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform

from xinheng.base.models import User
from xinheng.desk.control.models import Decision
from xinheng.desk.customers import public as customers
from xinheng.desk.receivables import public as receivables
from xinheng.rules.policy import Effect

#: (reason, currency) → minor units
Stake = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rows come to: how many, their amounts by currency, how many paid late, and what each reason stopped."""

    count: int
    amounts: Mapping[str, int]
    late: int
    by_reason: Stake


def would_hold(reader: User, *, today: date) -> QuerySet[Decision]:
    """The first time each order would have been held at each moment, of customers the reader may see, newest first.

    ``late`` tells that the customer paid an invoice dated from that day on after its due day, or has not paid it yet.
    """
    seen = Decision.objects.filter(customers.sees(reader, "account__customer__"), shadow=True, document__isnull=False)
    same = Decision.objects.filter(document=OuterRef("document"), point=OuterRef("point"), shadow=True)
    first = seen.filter(id=Subquery(same.order_by("id").values("id")[:1]))
    named = ("document__account__customer", "document__entity")
    invoices = receivables.late_invoices(today).filter(
        account__customer=OuterRef("account__customer"), dated_on__gte=OuterRef("on")
    )
    return first.annotate(late=Exists(invoices)).select_related(*named).order_by("-on", "-id")


def summed(rows: QuerySet[Decision]) -> Seen:
    """What rows of ``would_hold`` come to; an order with several reasons counts under each of them."""
    amounts: dict[str, int] = defaultdict(int)
    by_reason: Stake = defaultdict(int)
    count = late = 0
    told = rows.order_by().annotate(reasons=KeyTransform("reasons", "outcome"), money=F("document__amount"))
    for reasons, currency, amount, paid_late in told.values_list("reasons", "document__currency", "money", "late"):
        count, late = count + 1, late + bool(paid_late)
        amounts[currency] += amount
        for code in {one["code"] for one in reasons if one["effect"] == Effect.SHADOW}:
            by_reason[code, currency] += amount
    return Seen(count, dict(amounts), late, dict(by_reason))
