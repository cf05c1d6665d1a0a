"""Asking for a release: whoever sells says why a held order should go, and those who may sign hear of it.

Asking changes nothing about the order.  Each person asks once on a decision; a new decision may be asked about again.
"""

from datetime import date

from xinheng.base import clock, policies, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import XinhengError
from xinheng.base.models import User
from xinheng.desk.control import telling, words
from xinheng.desk.control.checking import reread
from xinheng.desk.control.models import ReleaseRequest
from xinheng.desk.control.releasing import held_decision, noted
from xinheng.desk.control.signing import NotReleasable, never_overcome, signer_rule
from xinheng.desk.exposure import public as exposure
from xinheng.desk.notices.public import tell_people
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order


class AskedAlready(XinhengError):
    """Nothing has changed since the same person asked.  params: number."""

    code = "ASKED_ALREADY"


def ask_release(order: Order, *, reason: str, on: date, by: User) -> ReleaseRequest:
    """Ask those who may sign to let a held order, or its stopped goods, go.

    Raises:
        ReasonMissing.  WrongState: nothing is held.  NotReleasable: no signature frees it.  AskedAlready.  Refused.
    """
    rights.require(by, "orders.enter")
    reason = reasons.stated(reason)
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        decision = held_decision(order)
        policy = policies.in_force(on).policy
        closed = never_overcome(decision, policy) | ({"FORCED_HOLD"} if order.forced_hold else set())
        if closed:
            raise NotReleasable(number=order.document.number, reasons=sorted(closed), said=words.reason_names(closed))
        rule = signer_rule(decision)
        if ReleaseRequest.objects.filter(decision=decision, by=by).exists():
            raise AskedAlready(number=order.document.number)
        asked = ReleaseRequest.objects.create(
            document=order.document, decision=decision, by=by, reason=reason, on=on, at=clock.now()
        )
        noted(held, order, "control.order.release-asked", by=by, reason=reason)
        news = telling.request_news(order.document, amount=sales.amount_now(order), reason=reason, roles=rule.roles)
        tell_people([news], policy=policy, on=on, by=by)
        return asked
