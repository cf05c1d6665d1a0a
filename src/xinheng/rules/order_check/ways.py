"""What frees a held order: every way out is worked out, tried on the facts, and promised only if the check then passes.

There are ways by paying, by cutting the order, by paying beforehand, by waiting, by raising the limit and by signing.
A way may need several steps when several things stand in the way at once; all of its steps together free the order.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from xinheng.rules.order_check.apply import apply_step
from xinheng.rules.order_check.case import Case, beside, exceeds, holder_of
from xinheng.rules.order_check.debts import debt_of
from xinheng.rules.order_check.decision import Free, Plain, Reason, Step, StepKind
from xinheng.rules.order_check.facts import HolderKind
from xinheng.rules.order_check.judge import Judgement, judge
from xinheng.rules.order_check.payments import due_payments, excesses, merged, pay_down, rates_needed, room
from xinheng.rules.policy import Payment, Policy, ReasonCode, ReleaseAction
from xinheng.rules.signers import SignerRule

#: Freeing one thing may uncover the next: a restored credit needs a line, a paid debt still needs a signature.
_ROUNDS = 5
_Choice = Callable[[Case, list[Reason]], list[Step]]
_MONEY = frozenset(
    {
        ReasonCode.NO_CREDIT,
        ReasonCode.OVER_LIMIT,
        ReasonCode.OVER_GROUP_LIMIT,
        ReasonCode.BREACH,
        ReasonCode.RATE_MISSING,
        ReasonCode.PREPAYMENT_SHORT,
    }
)


def ways_out(held: Judgement, policy: Policy) -> tuple[Free, ...]:
    """The different ways to free a held order: by paying first, by signature last."""
    frees: list[Free] = []
    for choose, first in _starts(held):
        free = _walk(held, policy, choose, first)
        if free is not None and free not in frees:
            frees.append(free)
    return tuple(frees)


def _starts(held: Judgement) -> Iterator[tuple[_Choice, list[Step]]]:
    """The ways worth trying, each with what it begins with."""
    blocks, payment = held.blocks, held.case.facts.order.payment
    money = any(reason.code in _MONEY for reason in blocks)
    yield _by_paying, []
    if money:
        yield _by_cutting, []
    if payment is Payment.CREDIT and any(reason.code in _CREDIT_ONLY for reason in blocks):
        yield _by_paying, [_change_payment(Payment.PREPAID)]
    elif payment is Payment.PREPAID:
        yield _by_nothing_more, [_change_payment(Payment.CREDIT)]
    for reason in blocks:
        if reason.code is ReasonCode.LINE_NOT_YET_VALID:
            yield _by_paying, [Step(StepKind.WAIT, {"until": reason.params["day"]})]
    if money:
        yield _by_raising, []
    yield _by_signing, []


def _walk(held: Judgement, policy: Policy, choose: _Choice, first: list[Step]) -> Free | None:
    """Do steps and judge again until nothing blocks; None when the way leads nowhere."""
    steps, facts, judgement = list(first), held.case.facts, held
    for step in first:
        facts = apply_step(facts, step)
    if first:
        judgement = judge(facts, policy)
    for _ in range(_ROUNDS):
        if not judgement.blocks:
            return Free(merged(steps))
        more = choose(judgement.case, judgement.blocks)
        if not more:
            return None
        for step in more:
            facts = apply_step(facts, step)
        steps += more
        judgement = judge(facts, policy)
    return None if judgement.blocks else Free(merged(steps))


def _by_nothing_more(_case: Case, _blocks: list[Reason]) -> list[Step]:
    return []


def _by_paying(case: Case, blocks: list[Reason]) -> list[Step]:
    """Put right what is wrong, pay what is late, then pay down what is over the limit."""
    steps = _put_right(blocks) + due_payments(case, blocks)
    if steps or _has(blocks, ReasonCode.NO_CREDIT):
        return steps
    order = case.facts.order
    if _has(blocks, ReasonCode.PREPAYMENT_SHORT):
        short = order.whole - case.facts.prepaid_money
        return [Step(StepKind.PREPAY, {"amount": short, "currency": order.currency})]
    if _has(blocks, ReasonCode.RATE_MISSING):
        return _some(rates_needed(case, blocks))
    return _some(pay_down(case, excesses(case, blocks)))


def _by_cutting(case: Case, blocks: list[Reason]) -> list[Step]:
    """As by paying, but the order shrinks to what the limit, or the money that is there, leaves room for."""
    order = case.facts.order
    cut = _has(blocks, ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT)
    short = _has(blocks, ReasonCode.PREPAYMENT_SHORT)
    steps = _put_right(blocks) + due_payments(case, blocks)
    if steps or _has(blocks, ReasonCode.NO_CREDIT) or not (cut or short):
        return steps or _by_paying(case, blocks)
    debts = excesses(case, blocks, debt_only=True)
    if debts:
        return _some(pay_down(case, debts))
    part = case.facts.prepaid_money - order.passed if short else room(case, blocks)
    return [Step(StepKind.REDUCE_ORDER, {"to": part + order.passed, "currency": order.currency})] if part > 0 else []


def _by_raising(case: Case, blocks: list[Reason]) -> list[Step]:
    """As by paying what is late, but whoever grants limits raises them to what is needed, or grants a line."""
    steps = _put_right(blocks) + due_payments(case, blocks)
    if steps:
        return steps
    needed: dict[HolderKind, int] = {}
    for reason in blocks:
        if reason.code in (ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT, ReasonCode.NO_CREDIT):
            amount = case.measures[reason.holder].after
        elif reason.code is ReasonCode.BREACH:
            amount = debt_of(case, holder_of(case.facts, reason.holder)).total
        else:
            return []
        if amount is None:
            return []
        needed[reason.holder] = max(needed.get(reason.holder, 1), amount)
    return [_raise(case, kind, amount) for kind, amount in needed.items()]


def _raise(case: Case, kind: HolderKind, amount: int) -> Step:
    holder = holder_of(case.facts, kind)
    to = max(0, amount - beside(holder, case.on))
    params: dict[str, Plain] = {"holder": kind, "code": holder.code, "to": to, "currency": holder.currency}
    return Step(StepKind.RAISE_LIMIT, params)


def _by_signing(case: Case, blocks: list[Reason]) -> list[Step]:
    """Put right what no release overcomes, then have the rest signed by those whom the policy names (K6)."""
    hard = [reason for reason in blocks if reason.code in case.policy.release.not_releasable]
    if hard:
        return _by_paying(case, hard)
    order, release = case.facts.order, case.policy.release
    breach = _has(blocks, ReasonCode.BREACH)
    action = ReleaseAction.KEEP_CREDIT_DESPITE_BREACH if breach else ReleaseAction.SPECIAL_SALE
    rule = signers_of(case, action)
    params: dict[str, Plain] = {
        "action": action,
        "signers": {"kind": rule.kind, "roles": [*rule.roles], "n": rule.n},
        "not": [order.salesperson] if order.salesperson else [],
        "amount": order.whole,
        "currency": order.currency,
        "expires_on": (case.on + timedelta(days=release.expiry_days)).isoformat(),
    }
    return [Step(StepKind.SIGN, params)]


def signers_of(case: Case, action: ReleaseAction) -> SignerRule:
    """Who signs: for a special sale the last tier whose amount the order exceeds, else the rule of the act."""
    release, order = case.policy.release, case.facts.order
    rule = release.rule_for(action)
    if action is ReleaseAction.SPECIAL_SALE:
        for tier in release.tiers:
            if exceeds({order.currency: order.whole}, tier.above):
                rule = tier.signers
    return rule


def _put_right(blocks: Iterable[Reason]) -> list[Step]:
    """The one remedy of everything that is not a matter of amounts."""
    return [_REMEDIES[reason.code](reason) for reason in blocks if reason.code in _REMEDIES and _remediable(reason)]


def _remediable(reason: Reason) -> bool:
    if reason.code is ReasonCode.NO_CREDIT:
        return reason.params["why"] == "CASH"
    return reason.code is not ReasonCode.INSTRUMENT_NOT_ALLOWED or bool(reason.params["allowed"])


def _has(blocks: Iterable[Reason], *codes: ReasonCode) -> bool:
    return any(reason.code in codes for reason in blocks)


def _some(step: Step | None) -> list[Step]:
    return [] if step is None else [step]


def _change_payment(to: Payment) -> Step:
    return Step(StepKind.CHANGE_PAYMENT, {"to": to})


def _on_line(kind: StepKind) -> Callable[[Reason], Step]:
    return lambda reason: Step(kind, {"holder": reason.holder})


def _lift(reason: Reason) -> Step:
    return Step(StepKind.LIFT_HOLD, {"holds": reason.params["holds"]})


#: What is asked for when a rule of credit alone stands in the way, and being paid beforehand would do as well.
_CREDIT_ONLY = frozenset(
    {
        ReasonCode.TERM_NOT_ALLOWED,
        ReasonCode.GRADE_NOT_ALLOWED,
        ReasonCode.CREDIT_WITHDRAWN,
        ReasonCode.NO_CREDIT,
        ReasonCode.LINE_UNSIGNED,
        ReasonCode.LINE_NOT_YET_VALID,
        ReasonCode.LINE_EXPIRED,
        ReasonCode.RATE_MISSING,
        ReasonCode.OVER_LIMIT,
        ReasonCode.OVER_GROUP_LIMIT,
    }
)
_REMEDIES: dict[ReasonCode, Callable[[Reason], Step]] = {
    ReasonCode.CUSTOMER_INACTIVE: lambda reason: Step(StepKind.REACTIVATE, {"customer": reason.params["customer"]}),
    ReasonCode.FORCED_HOLD: _lift,
    ReasonCode.ON_HOLD: _lift,
    ReasonCode.GROUP_ON_HOLD: _lift,
    ReasonCode.MISSING_APPROVAL: lambda reason: Step(
        StepKind.APPROVE_DOCUMENT, {"documents": reason.params["documents"]}
    ),
    ReasonCode.INSTRUMENT_NOT_ALLOWED: lambda reason: Step(
        StepKind.CHANGE_INSTRUMENT, {"allowed": reason.params["allowed"]}
    ),
    ReasonCode.TERM_NOT_ALLOWED: lambda reason: Step(StepKind.CHANGE_TERM, {"days_max": reason.params["days_max"]}),
    ReasonCode.GRADE_NOT_ALLOWED: lambda reason: Step(StepKind.CHANGE_PAYMENT, {"to": reason.params["loosest"]}),
    ReasonCode.CREDIT_WITHDRAWN: _on_line(StepKind.RESTORE_CREDIT),
    ReasonCode.NO_CREDIT: _on_line(StepKind.RESTORE_CREDIT),
    ReasonCode.LINE_UNSIGNED: _on_line(StepKind.SIGN_LINE),
    ReasonCode.LINE_NOT_YET_VALID: _on_line(StepKind.RENEW_LINE),
    ReasonCode.LINE_EXPIRED: _on_line(StepKind.RENEW_LINE),
}
