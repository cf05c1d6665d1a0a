"""The rates that are missing for a judgement, and how high each may be so that the order passes.

Nobody knows a rate before it is published, so what is promised is a bound: any rate up to it frees the order.
"""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction

from xinheng.rules.money import Minor, convert
from xinheng.rules.order_check.case import Case, holder_of, unit
from xinheng.rules.order_check.debts import debt_of
from xinheng.rules.order_check.decision import Plain, Reason, Step, StepKind
from xinheng.rules.order_check.facts import HolderFacts
from xinheng.rules.policy import ReasonCode

#: Enough digits for any quotation, never rounded up.
_QUOTED = Context(prec=10, rounding=ROUND_DOWN)


def rates_needed(case: Case, blocks: Iterable[Reason]) -> Step | None:
    """Add the missing rates into the first currency, each up to the value at which the limits still hold.

    None where no rate would do.
    """
    wanted: dict[str, dict[str, Decimal | None]] = {}
    for reason in blocks:
        if reason.code is not ReasonCode.RATE_MISSING:
            continue
        holder, bounds = holder_of(case.facts, reason.holder), _bounds(case, reason)
        if any(bound is not None and not bound for bound in bounds.values()):
            return None
        known = wanted.setdefault(holder.currency, {})
        for currency, bound in bounds.items():
            known[currency] = _lower(known.get(currency), bound)
    into, rates = next(iter(wanted.items()))
    missing: list[Plain] = [
        {"from": currency, "rate_max": None if bound is None else f"{bound:f}"} for currency, bound in rates.items()
    ]
    return Step(StepKind.ADD_RATE, {"to": into, "rates": missing, "on": case.on.isoformat()})


def _lower(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _bounds(case: Case, reason: Reason) -> dict[str, Decimal | None]:
    """For each missing rate the most it may be, the free room shared alike; None: whatever it is."""
    holder, order = holder_of(case.facts, reason.holder), case.facts.order
    exact: dict[str, Minor] = dict(case.exposures[reason.holder].exact)
    exact[order.currency] = exact.get(order.currency, 0) + order.amount
    if reason.params["blinds"] == ReasonCode.BREACH:
        exact = dict(debt_of(case, holder).exact)
    known = sum((amount * unit(one, holder) for one, amount in exact.items()), Fraction(0))
    missing = {one: amount for one, amount in exact.items() if amount and not unit(one, holder)}
    growing = sum(amount > 0 for amount in missing.values())
    free = (case.measures[reason.holder].limit or 0) - known
    return {one: _most(free / growing, amount, one, holder) if amount > 0 else None for one, amount in missing.items()}


def _most(free: Fraction, amount: Minor, currency: str, holder: HolderFacts) -> Decimal:
    """The highest rate at which an amount stays within what is free; 0 where none does."""
    most = free / (amount * convert(1, currency, holder.currency, Decimal(1)))
    return _QUOTED.divide(Decimal(most.numerator), Decimal(most.denominator)) if most > 0 else Decimal(0)
