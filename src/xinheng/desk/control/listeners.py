"""When money comes, a line changes or documents land, waiting orders and breaches are looked at by themselves.

For a few customers that happens in the transaction of the action that tells; for the many of a file it happens right
after it, a few customers at a time, so that nobody waits for it.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import date
from itertools import batched

from django.db import transaction

from xinheng.base import clock, events, policies, sql
from xinheng.base.database import atomic
from xinheng.base.models import User
from xinheng.desk.control.breaching import look_for_breaches, worth_a_look
from xinheng.desk.control.checking import WAITS, Asked, decide, others_after, recheck_waiting, reread
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.notices.public import together
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import OCCUPYING, Order
from xinheng.rules.policy import CheckPoint

#: Customers looked at inside the action that tells; more are looked at after it.
_AT_ONCE = 200
logger = logging.getLogger(__name__)


def credit_changed(event: events.CreditChanged) -> None:
    """Something may have freed waiting orders of these customers, put them in breach, or ended one."""
    keep_occasions(sorted(event.customer_ids), event.cause, on=event.on, by=event.by)

    def look(ids: Collection[int]) -> None:
        look_for_breaches(ids, on=event.on, by=event.by)
        recheck_waiting(ids, on=event.on, by=event.by, cause=event.cause)

    def worth(ids: Collection[int]) -> Collection[int]:
        return {*worth_a_look(ids, event.on), *_perhaps_waiting(ids)}

    _look(event.customer_ids, look, worth)


def debt_grew(event: events.DebtGrew) -> None:
    """Documents landed that may put these customers in breach."""
    keep_occasions(sorted(event.customer_ids), event.cause, on=event.on, by=event.by, frees=False)

    def look(ids: Collection[int]) -> None:
        look_for_breaches(ids, on=event.on, by=event.by)

    _look(event.customer_ids, look, lambda ids: worth_a_look(ids, event.on))


def rates_came(event: events.RatesCame) -> None:
    """Rates were stated: orders that wait and have anything to do with foreign money are looked at again."""
    keep_occasions([None], "RATE", on=event.on, by=event.by)

    def look(ids: Collection[int]) -> None:
        recheck_waiting(ids, on=event.on, by=event.by, cause="RATE")

    _look(_with_foreign_money(), look, set)


def hold_placed(event: events.HoldPlaced) -> None:
    """Deliveries stop at once: what the warehouse holds and has not sent is taken back (OC-010)."""
    policy = policies.in_force(event.on).policy
    if event.forced or policy.holds.counts(event.kind, CheckPoint.DELIVERY):
        orders = Order.objects.filter(
            document__account__customer__in=event.customer_ids,
            document__reversed_by=None,
            shipping_orders__revoked_at=None,
            shipping_orders__isnull=False,
        )
        sales.revoke_shipping_orders(orders.values_list("pk", flat=True).distinct())


def reserved_money_spent(event: events.ReservedMoneySpent) -> None:
    """The money a prepaid order rested on went elsewhere: it is checked again."""
    orders = Order.objects.filter(pk__in=event.order_ids, state__in=OCCUPYING).select_related(
        "document__account__customer"
    )
    held = exposure.lock([order.document.account.customer_id for order in orders])
    asked = Asked(CheckPoint.ORDER, event.on, event.by, policies.in_force(event.on), "MONEY")
    oldest_first = orders.order_by("document__dated_on", "document_id")
    gave_back = [order for order in oldest_first if decide(held, reread(order), asked).gave_back]
    for order in gave_back:
        others_after(order, on=event.on, by=event.by)


def keep_occasions(customer_ids: Iterable[int | None], cause: str, *, on: date, by: User, frees: bool = True) -> None:
    """Keep that something was told about these customers, or about everybody (None), for back-tests."""
    at = clock.now()
    sql.insert(
        "control_occasion",
        ("customer_id", '"on"', "at", "by_id", "cause", "frees"),
        [(id, on, at, by.pk, cause, frees) for id in customer_ids],
    )


type _Ids = Collection[int]


def _look(customer_ids: _Ids, look: Callable[[_Ids], None], worth: Callable[[_Ids], _Ids]) -> None:
    """Look at these customers; ``worth`` says of many which ones are worth it."""
    if len(customer_ids) <= _AT_ONCE:
        with together():
            look(customer_ids)
        return

    def later() -> None:
        with together():
            for ids in batched(sorted(worth(customer_ids)), _AT_ONCE):
                try:
                    with atomic():
                        look(ids)
                except Exception:  # the file has landed whatever comes of this; the next start of the day looks again
                    logger.exception("looking at customers after a file")

    transaction.on_commit(later)


def _perhaps_waiting(customer_ids: _Ids) -> set[int]:
    """Those for whom orders may wait: their own, or somebody's of their group."""
    mine = {customer for customer, _ in _everything_waiting()}
    mine.update(Customer.objects.filter(group__isnull=False).values_list("pk", flat=True))
    return mine.intersection(customer_ids)


def _with_foreign_money() -> set[int]:
    """Customers with waiting orders that are in another currency than a line, or owe in another one."""
    orders = _everything_waiting()
    rows = sql.fetch_in(
        "SELECT a.customer_id, COUNT(DISTINCT b.currency) FROM exposure_account a JOIN exposure_balance b "
        "ON b.account_id = a.id AND b.amount <> 0 WHERE a.customer_id IN ({values}) GROUP BY a.customer_id",
        sorted({customer for customer, _ in orders}),
    )
    several = {customer for customer, count in rows if count > 1}
    lines = sql.fetch_in(
        "SELECT DISTINCT c.id, l.currency FROM customers_customer c JOIN limits_line l ON l.replaced_at IS NULL "
        "AND (l.customer_id = c.id OR l.group_id = c.group_id) WHERE c.id IN ({values})",
        sorted({customer for customer, _ in orders}),
    )
    of_line: dict[int, set[str]] = {}
    for customer, currency in lines:
        of_line.setdefault(customer, set()).add(currency)
    foreign = {customer for customer, currency in orders if of_line.get(customer, {currency}) != {currency}}
    return several | foreign


def _everything_waiting() -> set[tuple[int, str]]:
    """(customer, currency) of everything that waits."""
    waiting = Order.objects.filter(WAITS, forced_hold=False, document__reversed_by=None)
    return set(waiting.values_list("document__account__customer_id", "document__currency"))
