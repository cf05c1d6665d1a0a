"""空头票、退票: paper the bank refused stops its customer until a person has looked at it (IF-009).

What is owed stands again as it did; whether the customer is turned to cash for it is decided like every breach.  The
hold stops what the policy says such a hold stops; where it says nothing at all, none is placed.
"""

from collections.abc import Mapping, Sequence

from xinheng.base import policies
from xinheng.base.models import User
from xinheng.desk.customers.public import Customer
from xinheng.desk.limits import public as limits
from xinheng.rules.policy import CheckPoint, HoldKind


def stop_for_dishonoured(numbers: Mapping[int, Sequence[str]], *, by: User) -> list[limits.Hold]:
    """Put the customers (id → numbers of the paper the bank refused) on hold inside a locked transaction; people are
    told as of every hold, and it is lifted by hand as every hold is.

    It adds lines to the audit chains: read their heads again before adding your own.
    """
    policy = policies.current().policy
    if not any(policy.holds.counts(HoldKind.DISHONOUR, point) for point in CheckPoint):
        return []
    customers = Customer.objects.in_bulk(numbers)
    return [
        limits.place_hold(customer=customers[id], by=by, reason=", ".join(numbers[id]), cause=HoldKind.DISHONOUR.value)
        for id in sorted(numbers)
    ]
