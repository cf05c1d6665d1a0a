"""What a check would say now, for the page of an order: decided on the books as they are, kept nowhere."""

from datetime import date

from xinheng.base import policies
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.desk.control import facts, reading
from xinheng.desk.control.checking import CHECKABLE, Asked, new_decision, question_of
from xinheng.desk.control.models import Decision
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check
from xinheng.rules.policy import CheckPoint

_OF_THE_ORDER = frozenset({CheckPoint.ORDER, CheckPoint.CHANGE, CheckPoint.DELIVERY})


def look(order: Order, *, point: CheckPoint, on: date, by: User) -> Decision | None:
    """The decision a check at this point would come to, not written; None where nothing of the order is left to check.

    It takes no lock, so a posting that lands meanwhile may already have changed the answer.
    """
    if order.state not in CHECKABLE or point not in _OF_THE_ORDER:
        return None
    document, customer = order.document, order.document.account.customer
    asked = Asked(point, on, by, policies.in_force(on))
    read = reading.read(document.pk, customer_id=customer.pk, group_id=customer.group_id, on=on)
    try:
        question = question_of(read, order, asked)
    except WrongState:
        return None
    gathered = facts.gather(read, question, asked.policy.policy)
    return new_decision(document, asked, gathered, order_check.check(gathered, asked.policy.policy))
