"""Whether there is credit, and enough of it: the lines of the customer and of its group, and the limit.

A member company without a line of its own draws on its group's; with one, both must pass.  Exposure equal to the limit
passes; a limit of 0 is an amount, and any order is over it.  Prepaid orders and cash on delivery need no limit, a
prepaid order needs money instead.  Source: LM-003, LM-012, OC-007, OC-010; semantics.md 1 and 3.
"""

from xinheng.rules.order_check.case import Case, holders, in_force
from xinheng.rules.order_check.decision import Plain
from xinheng.rules.order_check.facts import Credit, HolderFacts, HolderKind, LineKind
from xinheng.rules.policy import Payment, ReasonCode

_OVER = {HolderKind.CUSTOMER: ReasonCode.OVER_LIMIT, HolderKind.GROUP: ReasonCode.OVER_GROUP_LIMIT}


def look_at_credit(case: Case) -> None:
    """Add the reasons that lines, limits and prepaid money give."""
    facts = case.facts
    if facts.order.payment is Payment.PREPAID:
        _prepaid(case)
    if facts.order.payment is not Payment.CREDIT:
        return
    either = holders(facts)
    stated = [(kind, holder) for kind, holder in either if holder.line.kind is not LineKind.UNSET]
    if ReasonCode.CREDIT_WITHDRAWN in case.effects:
        for kind, holder in either:
            taken = kind is HolderKind.CUSTOMER and facts.standing.credit is Credit.WITHDRAWN
            if taken or holder.line.withdrawn:
                case.say(ReasonCode.CREDIT_WITHDRAWN, {"holder": holder.code}, kind)
    if facts.standing.credit is Credit.CASH:
        _no_credit(case, HolderKind.CUSTOMER, Credit.CASH)
    elif not stated:
        _no_credit(case, HolderKind.CUSTOMER, LineKind.UNSET)
    for kind, holder in stated:
        if holder.line.kind is LineKind.NONE:
            _no_credit(case, kind, LineKind.NONE)
        else:
            _line(case, kind, holder)


def _prepaid(case: Case) -> None:
    order, money = case.facts.order, case.facts.prepaid_money
    if money < order.whole and ReasonCode.PREPAYMENT_SHORT in case.effects:
        params: dict[str, Plain] = {"money": money, "amount": order.whole, "currency": order.currency}
        case.say(ReasonCode.PREPAYMENT_SHORT, {**params, "short": order.whole - money}, HolderKind.ORDER)


def _no_credit(case: Case, kind: HolderKind, why: str) -> None:
    if ReasonCode.NO_CREDIT in case.effects:
        case.say(ReasonCode.NO_CREDIT, {"why": why}, kind)


def _line(case: Case, kind: HolderKind, holder: HolderFacts) -> None:
    line, effects = holder.line, case.effects
    if not line.signed and ReasonCode.LINE_UNSIGNED in effects:
        case.say(ReasonCode.LINE_UNSIGNED, {"line": line.id}, kind)
    if not in_force(line, case.on):
        early = line.valid_from is not None and case.on < line.valid_from
        code = ReasonCode.LINE_NOT_YET_VALID if early else ReasonCode.LINE_EXPIRED
        day = line.valid_from if early else line.valid_until
        if code in effects:
            case.say(code, {"line": line.id, "day": str(day)}, kind)
    _limit(case, kind)


def _limit(case: Case, kind: HolderKind) -> None:
    measure, code = case.measures[kind], _OVER[kind]
    limit, after = measure.limit, measure.after
    if limit is None:
        return
    if after is None:
        if code in case.effects:
            case.blinded(code, kind, measure.missing_rates)
        return
    params = {"limit": limit, "exposure": measure.exposure, "after": after, "currency": measure.currency}
    if code in case.effects and (after > limit or limit <= 0 < case.facts.order.amount):
        case.say(code, {**params, "over": max(after - limit, 0)}, kind)
    elif ReasonCode.NEAR_LIMIT in case.effects:
        watch = case.policy.limit.watch_percent
        if watch is not None and after * 100 > limit * watch:
            case.say(ReasonCode.NEAR_LIMIT, {**params, "watch_percent": watch}, kind)
