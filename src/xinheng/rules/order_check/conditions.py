"""What an order must meet whatever its customer owes: activity, holds, approvals, means of payment, term, grade.

Source: OC-002, OC-007, OC-009, OC-013, LM-008, LM-009, LM-011.
"""

from collections.abc import Iterator

from xinheng.rules.order_check.case import Case
from xinheng.rules.order_check.decision import Plain
from xinheng.rules.order_check.facts import Hold, HolderKind
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
        agreed = standing.instruments_allowed
        allowed = case.policy.instruments.allowed if agreed is None else agreed
        if order.instrument not in allowed:
            params: dict[str, Plain] = {"instrument": order.instrument, "allowed": list(allowed)}
            case.say(ReasonCode.INSTRUMENT_NOT_ALLOWED, params, HolderKind.ORDER)
    if order.payment is Payment.CREDIT:
        _term(case)
    _grade(case)


def _holds(case: Case) -> None:
    """The holds that count at this moment: those that nothing overcomes, the others, and the group's."""
    found: dict[ReasonCode, list[Hold]] = {}
    for hold in case.facts.holds:
        if hold.forced or case.policy.holds.counts(hold.kind, case.facts.point):
            of_group = hold.holder is HolderKind.GROUP
            code = ReasonCode.GROUP_ON_HOLD if of_group else ReasonCode.ON_HOLD
            found.setdefault(ReasonCode.FORCED_HOLD if hold.forced else code, []).append(hold)
    for code, holds in found.items():
        if code in case.effects:
            params: dict[str, Plain] = {
                "holds": [one.id for one in holds],
                "kinds": [*dict.fromkeys(one.kind for one in holds)],
            }
            case.say(code, params, holds[0].holder)


def _term(case: Case) -> None:
    """The longest term: the line's own, else the group's, else the policy's (LM-008); a grade may narrow it.

    A term that nothing bounds is longer than any, unless the line grants that very term.
    """
    facts, order = case.facts, case.facts.order
    if (order.term_days is None and not order.term) or ReasonCode.TERM_NOT_ALLOWED not in case.effects:
        return
    bounds = [one.term_days_max for one in bindings(case) if one.term_days_max is not None]
    line = facts.customer.line
    if facts.group is not None and line.term_days is None and not line.term:
        line = facts.group.line
    if not (order.term and order.term == line.term):
        bounds.append(_granted(case) if line.term_days is None else line.term_days)
    if bounds and (order.term_days is None or order.term_days > min(bounds)):
        params: dict[str, Plain] = {"term": order.term, "days": order.term_days, "days_max": min(bounds)}
        case.say(ReasonCode.TERM_NOT_ALLOWED, params, HolderKind.ORDER)


def _granted(case: Case) -> int:
    """What the policy grants where no line says how long."""
    terms = case.policy.terms
    return terms.days_max_by_class.get(case.facts.standing.customer_class, terms.days_max)


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
