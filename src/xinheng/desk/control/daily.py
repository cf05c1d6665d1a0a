"""The beginning of a business day: what only the passing of a day brings about is looked at.

Debt becomes overdue beyond the policy, kept credit and releases run out, a line or a rate begins.  May be repeated as
often as one likes; every part is its own short transaction, a few customers at a time.
"""

from collections.abc import Iterable
from datetime import date
from itertools import batched

from django.db.models import Max, Q

from xinheng.base import clock, policies, rights, sql
from xinheng.base.database import atomic
from xinheng.base.models import User
from xinheng.desk.control.breaching import look_for_breaches
from xinheng.desk.control.checking import WAITS, Asked, State, decide, others_after, recheck_waiting, reread
from xinheng.desk.control.models import Breach, DayStart
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.notices.public import together
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import CheckPoint, Policy
from xinheng.rules.road import Component

_CHUNK = 100


def day_started(on: date) -> bool:
    """Whether this business day was begun already."""
    return DayStart.objects.filter(on=on).exists()


def start_day(on: date, *, by: User) -> DayStart:
    """Look at everything the new day may have changed.

    Raises:
        Refused.
    """
    rights.require(by, "orders.check")
    at = clock.now()
    before = DayStart.objects.filter(on__lt=on).aggregate(last=Max("on"))["last"]
    began = ended = 0
    with together():
        for ids in batched(sorted(_perhaps_in_breach(on)), _CHUNK):
            for breach in look_for_breaches(ids, on=on, by=by):
                began += breach.ended_on is None
                ended += breach.ended_on is not None
        expired = _releases_run_out(on, by)
        freed = _what_began(before, on, by)
    found = {"breaches_begun": began, "breaches_ended": ended, "releases_run_out": expired, "checked_again": freed}
    return DayStart.objects.create(on=on, at=at, by=by, found=found)


def _perhaps_in_breach(on: date) -> set[int]:
    """Customers in breach now, with late debt, or who owe more than a line of theirs carries; never one too few."""
    found = set(_standing())
    found |= {
        customer
        for (customer,) in sql.fetch(
            "SELECT DISTINCT a.customer_id FROM exposure_duetotal t JOIN exposure_account a ON a.id = t.account_id "
            "WHERE t.amount > 0 AND t.due_on < %s AND t.component IN (%s, %s)",
            [on, int(Component.DELIVERED), int(Component.INVOICED)],
        )
    }
    return found | set(_perhaps_over(policies.in_force(on).policy))


def _standing() -> Iterable[int]:
    whose = Breach.objects.filter(ended_on=None).values_list("customer_id", "group_id")
    groups = {group for _, group in whose if group}
    yield from (customer for customer, _ in whose if customer)
    yield from Customer.objects.filter(group__in=groups).values_list("id", flat=True)


def _perhaps_over(policy: Policy) -> Iterable[int]:
    """Whoever owes, unweighed, more than the smallest line of its own or its group's, or owes in a foreign currency."""
    counted = [int(Component[name]) for name in policy.breach.components if name != "UNAPPLIED"]
    listed = ", ".join(map(str, counted))
    for holder in ("customer_id", "group_id"):
        rows = sql.fetch(
            f"SELECT c.id FROM customers_customer c JOIN (SELECT m.{_OF[holder]} AS holder, SUM(b.amount) AS debt, "
            "COUNT(DISTINCT b.currency) AS currencies, MIN(b.currency) AS currency FROM exposure_balance b "
            "JOIN exposure_account a ON a.id = b.account_id JOIN customers_customer m ON m.id = a.customer_id "
            f"WHERE b.amount > 0 AND b.component IN ({listed}) AND m.{_OF[holder]} IS NOT NULL "
            f"GROUP BY m.{_OF[holder]}) d ON d.holder = c.{_OF[holder]} "
            f"JOIN (SELECT {holder} AS holder, MIN(amount) AS smallest, "
            "MIN(currency) AS currency FROM limits_line WHERE replaced_at IS NULL AND amount IS NOT NULL "
            f"AND {holder} IS NOT NULL GROUP BY {holder}) l ON l.holder = d.holder "
            "WHERE d.debt > l.smallest OR d.currencies > 1 OR d.currency <> l.currency"
        )
        yield from (customer for (customer,) in rows)


#: By whom a line is held → the column of the customer that names the holder.
_OF = {"customer_id": "id", "group_id": "group_id"}


def _releases_run_out(on: date, by: User) -> int:
    """Orders whose release has passed its last day are checked again; how many are held now."""
    late = Order.objects.filter(state=State.RELEASED, released_until__lt=on, document__reversed_by=None)
    held_now = 0
    for order in late.select_related("document__account__customer").order_by("document__dated_on", "document_id"):
        with atomic():
            held = exposure.lock([order.document.account.customer_id])
            fresh = reread(order)
            if fresh.state != State.RELEASED:
                continue
            decision = decide(held, fresh, Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "EXPIRY"))
            if decision.gave_back:
                held_now += 1
                others_after(fresh, on=on, by=by)
    return held_now


def _what_began(before: date | None, on: date, by: User) -> int:
    """Orders that wait for a line or a rate that begins with this day are checked again; how many."""
    waiting = Order.objects.filter(WAITS, forced_hold=False, document__reversed_by=None)
    lines = limits.Line.objects.filter(replaced_at=None, valid_from__lte=on)
    rates = exposure.Rate.objects.filter(on__lte=on)
    if before is not None:
        lines, rates = lines.filter(valid_from__gt=before), rates.filter(on__gt=before)
    whose = Q(document__account__customer__in=lines.values("customer"))
    whose |= Q(document__account__customer__group__in=lines.exclude(group=None).values("group"))
    if not rates.exists():
        waiting = waiting.filter(whose)
    customers = sorted(set(waiting.values_list("document__account__customer_id", flat=True)))
    count = 0
    for ids in batched(customers, _CHUNK):
        with atomic():
            count += len(recheck_waiting(ids, on=on, by=by, cause="DAY"))
    return count
