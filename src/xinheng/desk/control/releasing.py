"""What people do about a held order: sign it through, reject it.

A release needs the signers the policy names, each a different person and none on the order's selling side.  It binds
the amount, the customer and a last day, and covers what its signers saw stand against the order (semantics.md 3).
A signature given on an earlier decision still counts while nothing has got worse since.
"""

from dataclasses import dataclass
from datetime import date

from xinheng.base import clock, policies, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Refused, SamePerson, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.control import telling, words
from xinheng.desk.control.checking import MOVES_VALUE, WAITING, Asked, State, decide, reread
from xinheng.desk.control.models import Decision, Signature
from xinheng.desk.control.signing import Given, NotReleasable, covered, never_overcome, signatures_counting, signer_rule
from xinheng.desk.exposure import public as exposure
from xinheng.desk.notices.public import tell_people
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import signers
from xinheng.rules.dates import days_from
from xinheng.rules.policy import CheckPoint, NoticeKind, Policy


class SignedAlready(XinhengError):
    """One person signs once.  params: what, number."""

    code = "SIGNED_ALREADY"


@dataclass(frozen=True, slots=True)
class Released:
    """What a signature achieved: the order, the decision it led to, and who still has to sign."""

    order: Order
    decision: Decision
    missing: signers.Missing


def sign_release(order: Order, *, reason: str, on: date, by: User) -> Released:
    """Sign a held order, or goods stopped at delivery, through; once the policy's signers are complete it is released
    and checked again.

    Raises:
        WrongState: nothing is held.  SamePerson: on its selling side.  SignedAlready.  NotReleasable.  ReasonMissing.
        Refused.
    """
    rights.require(by, "orders.release")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        decision = held_decision(order)
        in_force = policies.in_force(on)
        _refuse_own(order, by)
        _refuse_unreleasable(order, decision, in_force.policy)
        rule = signer_rule(decision)
        before = _missing(rule, decision, on, in_force.policy)
        _refuse_idle(order, decision, by, rule, before)
        amount = sales.amount_now(order)
        _sign(held, order, decision, Signature.Verb.RELEASE, reasons.stated(reason), by, on)
        missing = _missing(rule, decision, on, in_force.policy)
        if missing.count == 0:
            order.released_amount = amount
            order.released_until = days_from(on, in_force.policy.release.expiry_days)
            order.released_codes = covered(decision)
            order.save(update_fields=["released_amount", "released_until", "released_codes"])
            decision = decide(held, order, _again(order, decision, on, by, in_force))
        return Released(order, decision, missing)


def reject(order: Order, *, reason: str, by: User) -> Order:
    """Turn an order down; it occupies nothing and is not checked again.  Only letting go has to be answered for: the
    command line turns down without a reason (semantics.md 6), pages ask for one.

    Raises:
        WrongState: not waiting.  Refused.
    """
    rights.require(by, "orders.reject")
    with atomic():
        held = exposure.lock([order.document.account.customer_id])
        order = reread(order)
        if order.state not in WAITING:
            raise WrongState(what="order", number=order.document.number, state=order.state)
        decision = Decision.objects.filter(document=order.document).order_by("-id").first()
        if decision:
            _sign(held, order, decision, Signature.Verb.REJECT, reason, by, clock.business_date())
        else:
            noted(held, order, "control.order.rejected", by=by, reason=reason)
        order.state = State.REJECTED
        order.save(update_fields=["state"])
        news = telling.order_news(NoticeKind.ORDER_REJECTED, order.document, reason=reason)
        tell_people([news], policy=policies.current().policy, on=clock.business_date(), by=by)
        return order


def held_decision(order: Order) -> Decision:
    """The decision people have to decide about: the one that holds the order, or that stopped its goods.

    Raises:
        WrongState: nothing is held.
    """
    points = MOVES_VALUE if order.state == State.HELD else {CheckPoint.DELIVERY}
    decision = Decision.objects.filter(document=order.document, point__in=points).order_by("-id").first()
    stopped = order.state in sales.OCCUPYING and order.stopped_goods is not None
    if decision is None or not (order.state == State.HELD or stopped):
        raise WrongState(what="order", number=order.document.number, state=order.state)
    return decision


def _missing(rule: signers.SignerRule, decision: Decision, on: date, policy: Policy) -> signers.Missing:
    """Who still has to sign, after everything signed for this order so far."""
    signed = Signature.objects.filter(document=decision.document_id).select_related("signer", "decision").order_by("id")
    given = [Given(one.verb, one.signer.username, tuple(one.roles), one.decision) for one in signed]
    return signers.missing(rule, signatures_counting(decision, given, on=on, policy=policy))


def _again(order: Order, decision: Decision, on: date, by: User, in_force: policies.InForce) -> Asked:
    """The same question once more, now that it is signed."""
    if decision.point == CheckPoint.DELIVERY:
        goods = order.stopped_goods
        return Asked(CheckPoint.DELIVERY, on, by, in_force, "RELEASE", states=sales.OCCUPYING, goods=goods)
    return Asked(CheckPoint.ORDER, on, by, in_force, "RELEASE")


def _refuse_own(order: Order, by: User) -> None:
    if by.sales_code in sales.selling_side(order):
        raise SamePerson(what="order", number=order.document.number)


def _refuse_unreleasable(order: Order, decision: Decision, policy: Policy) -> None:
    closed = never_overcome(decision, policy)
    if order.forced_hold:
        closed.add("FORCED_HOLD")
    if closed:
        codes = sorted(closed)
        raise NotReleasable(number=order.document.number, reasons=codes, said=words.reason_names(codes))


def _refuse_idle(order: Order, decision: Decision, by: User, rule: signers.SignerRule, before: signers.Missing) -> None:
    """A signature that brings nothing is refused: of somebody who signed already, or whose roles are not asked for."""
    if Signature.objects.filter(decision=decision, signer=by, verb=Signature.Verb.RELEASE).exists():
        raise SignedAlready(what="order", number=order.document.number)
    if not set(by.roles) & set(before.roles or rule.roles):
        raise Refused(right="orders.release", who=", ".join(before.roles or rule.roles))


def _sign(
    held: exposure.HeldRows, order: Order, decision: Decision, verb: str, reason: str, by: User, on: date
) -> None:
    Signature.objects.create(
        document=order.document,
        decision=decision,
        verb=verb,
        signer=by,
        roles=by.roles,
        reason=reason,
        amount=sales.amount_now(order),
        on=on,
        at=clock.now(),
    )
    done = "control.order.signed" if verb == Signature.Verb.RELEASE else "control.order.rejected"
    noted(held, order, done, by=by, reason=reason)


def noted(held: exposure.HeldRows, order: Order, verb: str, *, by: User, **data: object) -> None:
    """Add what was done to an order to its customer's chain."""
    holder = held["customer", order.document.account.customer_id]
    subject = f"order:{order.document.number}"
    kept = {name: value for name, value in data.items() if value not in ("", None)}
    exposure.note(holder, verb, subject, by=by, at=clock.now(), data={"order_id": order.pk, **kept})
