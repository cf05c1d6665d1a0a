"""What an order must meet whatever its customer owes: activity, holds, approvals, means of payment, term, grade.

Source: OC-002, OC-007, OC-009, OC-013, LM-008, LM-009, LM-011.
"""

from collections.abc import Iterator

from xinheng.rules.order_check.case import Case
from xinheng.rules.order_check.decision import Plain
from xinheng.rules.order_check.facts import HolderKind
from xinheng.rules.policy import Payment, ReasonCode
from xinheng.rules.policy.sections import GradeBinding


def look_at_conditions(case: Case) -> None:
    """Add the reasons of everything that is not about amounts."""
    facts, effects = case.facts, case.effects
    standing, order = facts.standing, facts.order
    if not standing.active and ReasonCode.CUSTOMER_INACTIVE in effects:
        case.say(ReasonCode.CUSTOMER_INACTIVE, {"customer": facts.customer.code})
    if facts.holds:
        _holds(case)
    if order.missing_approvals and ReasonCode.MISSING_APPROVAL in effects:
        case.say(ReasonCode.MISSING_APPROVAL, {"documents": list(order.missing_approvals)}, HolderKind.ORDER)
    if order.instrument and ReasonCode.INSTRUMENT_NOT_ALLOWED in effects:
        allowed = standing.instruments_allowed
        if allowed is None:
            allowed = case.policy.instruments.allowed
        if order.instrument not in allowed:
            params: dict[str, Plain] = {"instrument": order.instrument, "allowed": list(allowed)}
            case.say(ReasonCode.INSTRUMENT_NOT_ALLOWED, params, HolderKind.ORDER)
    if order.payment is Payment.CREDIT:
        _term(case)
    _grade(case)


def _holds(case: Case) -> None:
    point, rules = case.facts.point, case.policy.holds
    counting = [hold for hold in case.facts.holds if hold.forced or rules.counts(hold.kind, point)]
    groups = (
        (ReasonCode.FORCED_HOLD, HolderKind.CUSTOMER, [hold for hold in counting if hold.forced]),
        (
            ReasonCode.ON_HOLD,
            HolderKind.CUSTOMER,
            [hold for hold in counting if not hold.forced and hold.holder is not HolderKind.GROUP],
        ),
        (
            ReasonCode.GROUP_ON_HOLD,
            HolderKind.GROUP,
            [hold for hold in counting if not hold.forced and hold.holder is HolderKind.GROUP],
        ),
    )
    for code, holder, holds in groups:
        if holds and code in case.effects:
            case.say(code, {"holds": [hold.id for hold in holds], "kinds": [hold.kind for hold in holds]}, holder)


def _term(case: Case) -> None:
    """The longest term: the line's own, else the group's, else the policy's (LM-008); a grade may narrow it."""
    facts, terms = case.facts, case.policy.terms
    days = facts.order.term_days
    if days is None or ReasonCode.TERM_NOT_ALLOWED not in case.effects:
        return
    granted = facts.customer.line.term_days
    if granted is None and facts.group is not None:
        granted = facts.group.line.term_days
    if granted is None:
        granted = terms.days_max_by_class.get(facts.standing.customer_class, terms.days_max)
    allowed = min([granted, *(one.term_days_max for one in bindings(case) if one.term_days_max is not None)])
    if days > allowed:
        case.say(
            ReasonCode.TERM_NOT_ALLOWED, {"term": facts.order.term, "days": days, "days_max": allowed}, HolderKind.ORDER
        )


def _grade(case: Case) -> None:
    if ReasonCode.GRADE_NOT_ALLOWED not in case.effects:
        return
    loosest = min(
        (one.loosest_payment for one in bindings(case)), key=lambda one: one.looseness, default=Payment.CREDIT
    )
    payment = case.facts.order.payment
    if payment.looseness > loosest.looseness:
        case.say(ReasonCode.GRADE_NOT_ALLOWED, {"payment": payment, "loosest": loosest}, HolderKind.ORDER)


def bindings(case: Case) -> Iterator[GradeBinding]:
    """What the customer's grades bind; the strictest of them counts (K1)."""
    rules = case.policy.grades
    for grade in case.facts.standing.grades or (rules.without_rating,):
        if grade in rules.bindings:
            yield rules.bindings[grade]
