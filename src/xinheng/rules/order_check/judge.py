"""The judgement itself: all rules look at the facts, then a signed release overcomes what it may; where the policy only
watches, the rest is told and stops nothing."""

from dataclasses import dataclass, replace

from xinheng.rules.order_check.case import Case
from xinheng.rules.order_check.conditions import look_at_conditions
from xinheng.rules.order_check.credit import look_at_credit
from xinheng.rules.order_check.debts import look_at_debts
from xinheng.rules.order_check.decision import Plain, Reason
from xinheng.rules.order_check.facts import Facts, HolderKind, Release
from xinheng.rules.policy import Effect, Policy, ReasonCode

_RANK = {code: rank for rank, code in enumerate(ReasonCode)}


@dataclass(slots=True)
class Judgement:
    """The case with its reasons in their order; ``released`` when a release overcame a block."""

    case: Case
    reasons: list[Reason]
    released: bool = False

    @property
    def blocks(self) -> list[Reason]:
        """The reasons that hold the order."""
        return [reason for reason in self.reasons if reason.effect is Effect.BLOCK]


def judge(facts: Facts, policy: Policy) -> Judgement:
    """All reasons for and against, without ways out."""
    case = Case(facts, policy)
    look_at_conditions(case)
    look_at_credit(case)
    look_at_debts(case)
    reasons = case.reasons
    if len(reasons) > 1:
        reasons.sort(key=lambda reason: _RANK[reason.code])
    judgement = Judgement(case, reasons)
    if facts.release is not None and judgement.blocks:
        _release(judgement, facts.release, policy)
    if judgement.blocks and policy.shadow.watches(facts.point, facts.standing.customer_class):
        _only_watch(judgement, policy)
    return judgement


def _release(judgement: Judgement, release: Release, policy: Policy) -> None:
    """Let a valid release overcome the blocks it covers; tell why an invalid one does not."""
    why = _lapsed(release, judgement.case.facts)
    if why:
        bound: dict[str, Plain] = {"amount": release.amount, "currency": release.currency}
        params: dict[str, Plain] = {"why": why, "expires_on": release.expires_on.isoformat(), **bound}
        judgement.reasons.append(Reason(ReasonCode.RELEASE_EXPIRED, Effect.NOTICE, HolderKind.ORDER, params))
        return
    for index, reason in enumerate(judgement.reasons):
        covered = policy.release.overcomes(reason.code) and (not release.codes or reason.code in release.codes)
        if reason.effect is Effect.BLOCK and covered:
            judgement.reasons[index] = replace(reason, effect=Effect.RELEASED)
            judgement.released = True


def _only_watch(judgement: Judgement, policy: Policy) -> None:
    """Turn blocks into what would have stopped the order, but for those that stop it even then."""
    for index, reason in enumerate(judgement.reasons):
        if reason.effect is Effect.BLOCK and reason.code not in policy.shadow.still_block:
            judgement.reasons[index] = replace(reason, effect=Effect.SHADOW)


def _lapsed(release: Release, facts: Facts) -> str:
    """Why the release does not bind this check ("" if it does): another customer, currency, more money, or too late."""
    order = facts.order
    if release.customer != facts.customer.code:
        return "CUSTOMER"
    if release.currency != order.currency:
        return "CURRENCY"
    if order.whole > release.amount:
        return "AMOUNT"
    return "EXPIRED" if facts.on > release.expires_on else ""
