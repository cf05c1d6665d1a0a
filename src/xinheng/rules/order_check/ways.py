"""What frees a held order: every way out is worked out, tried on the facts, and promised only if the check then passes.

There are ways by paying, by cutting the order, by paying beforehand, by raising the limit and by signing; waiting is
none, for nobody knows what falls due until then.  A way may need several steps when several things stand in the way at
once; all of its steps together free the order.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from xinheng.rules.dates import days_from
from xinheng.rules.order_check.apply import apply_step
from xinheng.rules.order_check.case import Case, beside, exceeds, holder_of
from xinheng.rules.order_check.debts import debt_of
from xinheng.rules.order_check.decision import Free, Plain, Reason, Step, StepKind
from xinheng.rules.order_check.facts import HolderKind
from xinheng.rules.order_check.judge import Judgement, judge
from xinheng.rules.order_check.payments import due_payments, excesses, pay_down, room
from xinheng.rules.order_check.rates import rates_needed
from xinheng.rules.order_check.tightening import tightened
from xinheng.rules.policy import Effect, Payment, ReasonCode, ReleaseAction
from xinheng.rules.signers import SignerRule

#: Freeing one thing may uncover the next: a restored credit needs a line, a line may not be in force yet.
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


@dataclass(frozen=True, slots=True)
class _Road:
    """How far a way was gone: its steps, and how the order is judged after them."""

    judgement: Judgement
    steps: tuple[Step, ...] = ()

    def on(self, steps: list[Step]) -> "_Road":
        """The road some steps further."""
        case = self.judgement.case
        facts = case.facts
        for step in steps:
            facts = apply_step(facts, step)
        return _Road(judge(facts, case.policy), (*self.steps, *steps))


def ways_out(held: Judgement) -> tuple[Free, ...]:
    """The different ways to free a held order: by paying first, by signature last."""
    frees: list[Free] = []
    for road in _roads(_Road(held)):
        if road.judgement.blocks:
            continue
        free = Free(tightened(held, road.steps))
        if free not in frees:
            frees.append(free)
    return tuple(frees)


def _roads(held: _Road) -> Iterator[_Road]:
    """The ways worth trying, gone as far as they lead."""
    blocks, payment = held.judgement.blocks, held.judgement.case.facts.order.payment
    begun = _go(held, _nothing_more)
    money = any(reason.code in _MONEY for reason in begun.judgement.blocks)
    yield _go(begun, _by_paying)
    if money:
        yield _go(begun, _by_cutting)
    if payment is Payment.CREDIT and any(reason.code in _CREDIT_ONLY for reason in blocks):
        yield _go(held.on([_change_payment(Payment.PREPAID)]), _by_paying)
    elif payment is Payment.PREPAID:
        yield held.on([_change_payment(Payment.CREDIT)])
    if money:
        yield _go(begun, _by_raising)
    yield _go(held, _by_signing, first=_nothing_more)


def _put_right(case: Case, blocks: list[Reason]) -> list[Step]:
    """Put right what is wrong and pay what is late: what most ways begin with."""
    return _remedies(blocks) + due_payments(case, blocks)


def _nothing_more(_case: Case, _blocks: list[Reason]) -> list[Step]:
    return []


def _go(road: _Road, choose: _Choice, *, first: _Choice = _put_right) -> _Road:
    """Do what comes first, or else what is chosen, and judge again, until nothing blocks or nothing can be done."""
    for _ in range(_ROUNDS):
        case, blocks = road.judgement.case, road.judgement.blocks
        steps = (first(case, blocks) or choose(case, blocks)) if blocks else []
        if not steps:
            break
        road = road.on(steps)
    return road


def _by_paying(case: Case, blocks: list[Reason]) -> list[Step]:
    """Pay beforehand what is short, add the rates that are missing, or pay down what is over the limit."""
    order = case.facts.order
    if _has(blocks, ReasonCode.PREPAYMENT_SHORT):
        short = order.whole - case.facts.prepaid_money
        return [Step(StepKind.PREPAY, {"amount": short, "currency": order.currency})]
    if _has(blocks, ReasonCode.RATE_MISSING):
        return _some(rates_needed(case, blocks))
    return _some(pay_down(case, excesses(case, blocks)))


def _by_cutting(case: Case, blocks: list[Reason]) -> list[Step]:
    """The order shrinks to what the limit, or the money that is there, leaves room for; debt is paid all the same."""
    order, short = case.facts.order, _has(blocks, ReasonCode.PREPAYMENT_SHORT)
    if not short and not _has(blocks, ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT):
        return _by_paying(case, blocks)
    if debts := excesses(case, blocks, debt_only=True):
        return _some(pay_down(case, debts))
    part = case.facts.prepaid_money - order.passed if short else room(case, blocks)
    return [Step(StepKind.REDUCE_ORDER, {"to": part + order.passed, "currency": order.currency})] if part > 0 else []


def _by_raising(case: Case, blocks: list[Reason]) -> list[Step]:
    """Whoever grants limits raises them to what is needed, or grants a line."""
    needed: dict[HolderKind, int] = {}
    least = 1 if case.facts.order.amount > 0 else 0  # any order is over a limit of 0
    for reason in blocks:
        amount = None
        if reason.code in (ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT, ReasonCode.NO_CREDIT):
            amount = case.measures[reason.holder].after
        elif reason.code is ReasonCode.BREACH:
            amount = debt_of(case, holder_of(case.facts, reason.holder)).total
        if amount is None:
            return []
        needed[reason.holder] = max(needed.get(reason.holder, least), amount)
    return [_raise(case, kind, amount) for kind, amount in needed.items()]


def _raise(case: Case, kind: HolderKind, amount: int) -> Step:
    holder = holder_of(case.facts, kind)
    to = max(0, amount - beside(holder, case.on))
    params: dict[str, Plain] = {"holder": kind, "code": holder.code, "to": to, "currency": holder.currency}
    return Step(StepKind.RAISE_LIMIT, params)


def _by_signing(case: Case, blocks: list[Reason]) -> list[Step]:
    """Put right what no release overcomes, then have the rest signed by those whom the policy names (K6).

    Signers answer for what they saw, notices too; only a breach needs signers of its own, so its notice is not meant.
    """
    order, release = case.facts.order, case.policy.release
    hard = [reason for reason in blocks if not release.overcomes(reason.code)]
    if hard:
        return _put_right(case, hard) or _by_paying(case, hard)
    seen = [one.code for one in case.reasons if one.effect is Effect.BLOCK or one.code is not ReasonCode.BREACH]
    breach = _has(blocks, ReasonCode.BREACH)
    action = ReleaseAction.KEEP_CREDIT_DESPITE_BREACH if breach else ReleaseAction.SPECIAL_SALE
    rule = signers_of(case, action)
    params: dict[str, Plain] = {
        "action": action,
        "codes": [*dict.fromkeys(seen)],
        "signers": {"kind": rule.kind, "roles": [*rule.roles], "n": rule.n},
        "not": [order.salesperson] if order.salesperson else [],
        "amount": order.whole,
        "currency": order.currency,
        "expires_on": days_from(case.on, release.expiry_days).isoformat(),
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


def _remedies(blocks: Iterable[Reason]) -> list[Step]:
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
