"""Which signatures count: who has to sign a decision, and whether what was signed before still covers it.

The same page serves real decisions and those of a back-test, which are only tried.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from xinheng.base.errors import XinhengError
from xinheng.desk.control import words
from xinheng.desk.control.models import Signature
from xinheng.rules import order_check, signers
from xinheng.rules.dates import days_from
from xinheng.rules.policy import Effect, Policy, ReasonCode


class NotReleasable(XinhengError):
    """A reason no release overcomes.  params: number, reasons (codes), said."""

    code = "NOT_RELEASABLE"


class Decided(Protocol):
    """A decision, kept or only tried."""

    point: str
    on: date
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A release or rejection that somebody signed, with the decision it was given on."""

    verb: str
    signer: str
    roles: tuple[str, ...]
    decision: Decided


def signer_rule(decision: Decided) -> signers.SignerRule:
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
    raise NotReleasable(number=decision.facts["order"]["number"], reasons=codes, said=words.reason_names(codes))


def signatures_counting(
    decision: Decided, given: Iterable[Given], *, on: date, policy: Policy
) -> list[signers.Signature]:
    """The releases that count towards a decision: given on it, or on an earlier one that stood no better, not before
    the last refusal, and not longer ago than a release holds."""
    since = days_from(on, -policy.release.expiry_days)
    counting: list[signers.Signature] = []
    for one in given:
        if one.verb == Signature.Verb.REJECT:
            counting.clear()
        elif one.decision == decision or (one.decision.on >= since and no_worse(decision, one.decision)):
            counting.append((one.signer, one.roles))
    return counting


def no_worse(now: Decided, then: Decided) -> bool:
    """Whether what a person signed then still covers what is held now: not more reasons, nor a larger order, nor more
    owed against any limit, nor a lower limit, nor other signers."""
    try:
        if now.point != then.point or signer_rule(now) != signer_rule(then):
            return False
    except NotReleasable:
        return False
    if not blocking(now) <= blocking(then) or _whole(now) > _whole(then):
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


def _whole(decision: Decided) -> int:
    order = decision.facts["order"]
    return int(order["amount"] + order["passed"])


def blocking(decision: Decided) -> set[str]:
    return {one["code"] for one in decision.outcome["reasons"] if one["effect"] == Effect.BLOCK}


def never_overcome(decision: Decided, policy: Policy) -> set[str]:
    """What holds a decision and no release overcomes."""
    return {code for code in blocking(decision) if not policy.release.overcomes(ReasonCode(code))}


def covered(decision: Decided) -> list[str]:
    """What the signers saw stand against the order; a breach needs its own signers, so a notice of it is not meant."""
    return sorted(
        {
            one["code"]
            for one in decision.outcome["reasons"]
            if one["code"] != ReasonCode.BREACH or one["effect"] == Effect.BLOCK
        }
    )
