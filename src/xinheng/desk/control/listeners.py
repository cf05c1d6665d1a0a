"""When money comes or a line changes, held orders are looked at again by themselves."""

from xinheng.base import events, policies
from xinheng.desk.control.checking import Asked, decide, recheck_waiting, reread
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales.public import OCCUPYING, Order
from xinheng.rules.policy import CheckPoint


def credit_changed(event: events.CreditChanged) -> None:
    """Something may have freed held orders of these customers."""
    recheck_waiting(event.customer_ids, on=event.on, by=event.by, cause=event.cause)


def reserved_money_spent(event: events.ReservedMoneySpent) -> None:
    """The money a prepaid order rested on went elsewhere: it is checked again."""
    orders = Order.objects.filter(pk__in=event.order_ids, state__in=OCCUPYING).select_related(
        "document__account__customer"
    )
    held = exposure.lock([order.document.account.customer_id for order in orders])
    for order in orders:
        decide(held, reread(order), Asked(CheckPoint.ORDER, event.on, event.by, policies.in_force(event.on), "MONEY"))
