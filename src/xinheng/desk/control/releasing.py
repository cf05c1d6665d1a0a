"""What people do about a held order: sign it through, reject it.

A release needs the signers the policy names, each a different person and none on the order's selling side.  It binds
the amount, the customer and a last day, and covers what its signers saw stand against the order (semantics.md 3).
A signature given on an earlier decision still counts while nothing has got worse since.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from xinheng.base import clock, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Refused, SamePerson, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.control import words
from xinheng.desk.control.checking import MOVES_VALUE, WAITING, Asked, State, decide, reread
from xinheng.desk.control.models import Decision, Signature
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import order_check, signers
from xinheng.rules.policy import CheckPoint, Effect, Policy, ReasonCode


class NotReleasable(XinhengError):
    """A reason no release overcomes.  params: number, reasons (codes), said."""

    code = "NOT_RELEASABLE"


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
        WrongState: nothing is held.  SamePerson: on its selling side.  SignedAlready.  NotReleasable.  Refused.
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
        before = signers.missing(rule, signatures_counting(decision, on=on, policy=in_force.policy))
        _refuse_idle(order, decision, by, rule, before)
        amount = sales.amount_now(order)
        _sign(held, order, decision, Signature.Verb.RELEASE, reason, by, amount)
        missing = signers.missing(rule, signatures_counting(decision, on=on, policy=in_force.policy))
        if missing.count == 0:
            order.released_amount = amount
            order.released_until = on + timedelta(days=in_force.policy.release.expiry_days)
            order.released_codes = _covered(decision)
            order.save(update_fields=["released_amount", "released_until", "released_codes"])
            decision = decide(held, order, _again(order, decision, on, by, in_force))
        return Released(order, decision, missing)


def reject(order: Order, *, reason: str, by: User) -> Order:
    """Turn an order down; it occupies nothing and is not checked again.

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
            _sign(held, order, decision, Signature.Verb.REJECT, reason, by, sales.amount_now(order))
        else:
            noted(held, order, "control.order.rejected", by=by, reason=reason)
        order.state = State.REJECTED
        order.save(update_fields=["state"])
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


def signer_rule(decision: Decision) -> signers.SignerRule:
    """Who has to sign, as the decision told everybody.

    Raises:
        NotReleasable: no signature frees it.
    """
    for free in decision.outcome["frees"]:
        for step in free["steps"]:
            if step["kind"] == order_check.StepKind.SIGN.value:
                told = step["params"]["signers"]
                return signers.SignerRule(signers.SignerKind(told["kind"]), tuple(told["roles"]), told["n"])
    codes = [reason["code"] for reason in decision.outcome["reasons"]]
    raise NotReleasable(number=decision.number, reasons=codes, said=words.reason_names(codes))


def signatures_counting(decision: Decision, *, on: date, policy: Policy) -> list[signers.Signature]:
    """The releases signed for this order that count towards a decision: given on it, or on an earlier one that stood
    no better, not before the last refusal, and not longer ago than a release holds."""
    signed = Signature.objects.filter(document=decision.document).select_related("signer", "decision").order_by("id")
    since = on - timedelta(days=policy.release.expiry_days)
    counting: list[signers.Signature] = []
    for one in signed:
        if one.verb == Signature.Verb.REJECT:
            counting.clear()
        elif one.decision_id == decision.pk or (one.decision.on >= since and no_worse(decision, one.decision)):
            counting.append((one.signer.username, tuple(one.roles)))
    return counting


def no_worse(now: Decision, then: Decision) -> bool:
    """Whether what a person signed then still covers what is held now: not more reasons, nor a larger order, nor more
    owed against any limit, nor a lower limit, nor other signers."""
    try:
        if now.point != then.point or signer_rule(now) != signer_rule(then):
            return False
    except NotReleasable:
        return False
    if not _blocking(now) <= _blocking(then) or _whole(now) > _whole(then):
        return False
    earlier = {one["holder"]: one for one in then.outcome["measures"]}
    return all(_fits(one, earlier.get(one["holder"])) for one in now.outcome["measures"])


def _fits(now: dict, then: dict | None) -> bool:
    if then is None or now["currency"] != then["currency"]:
        return False
    limit_fell = now["limit"] is not None and (then["limit"] is None or now["limit"] < then["limit"])
    if limit_fell or now["limit_kind"] != then["limit_kind"]:
        return False
    return now["after"] is not None and then["after"] is not None and now["after"] <= then["after"]


def _whole(decision: Decision) -> int:
    order = decision.facts["order"]
    return int(order["amount"] + order["passed"])


def _blocking(decision: Decision) -> set[str]:
    return {one["code"] for one in decision.outcome["reasons"] if one["effect"] == Effect.BLOCK}


def _covered(decision: Decision) -> list[str]:
    """What the signers saw stand against the order; a breach needs its own signers, so a notice of it is not meant."""
    return sorted(
        {
            one["code"]
            for one in decision.outcome["reasons"]
            if one["code"] != ReasonCode.BREACH or one["effect"] == Effect.BLOCK
        }
    )


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
    closed = {code for code in _blocking(decision) if not policy.release.overcomes(ReasonCode(code))}
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
    held: exposure.HeldRows, order: Order, decision: Decision, verb: str, reason: str, by: User, amount: int
) -> None:
    Signature.objects.create(
        document=order.document,
        decision=decision,
        verb=verb,
        signer=by,
        roles=by.roles,
        reason=reason,
        amount=amount,
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
