"""An order that a person enters is answered at once: it is entered and decided in one transaction.

Nobody signs anything by entering: the rules answer, as they do for orders that come in a file to be checked.
"""

from datetime import date

from xinheng.base import policies, rights
from xinheng.base.database import enclosing
from xinheng.base.models import User
from xinheng.desk.control.checking import Asked, decide, reread
from xinheng.desk.control.models import Decision
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order, OrderRow
from xinheng.rules.policy import CheckPoint


def enter_and_check(row: OrderRow, *, customer_id: int, on: date, by: User) -> tuple[Order, Decision]:
    """Enter one order and decide it: either both stand or neither.

    Raises:
        Conflict: the number is present.  RuleError: a term that cannot be read.  Refused, LockTimeout.
    """
    rights.require(by, "orders.enter")
    with enclosing():
        order = sales.enter_order(row, customer_id=customer_id, by=by)
        held = exposure.lock([customer_id])
        asked = Asked(CheckPoint.ORDER, on, by, policies.in_force(on), "ENTERED")
        decision = decide(held, reread(order), asked)
        return reread(order), decision
