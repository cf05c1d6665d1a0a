"""Which money would free a held order: overdue sums to be paid, what else to pay down, what a limit leaves room for.

People are told invoices, not totals: a payment names the listed items it goes to, oldest first, then what else is due
by day, and only the rest as money on account.  Disputed items, retention money and initial stock are not asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import cast

from xinheng.rules.money import Minor, convert
from xinheng.rules.order_check.apply import key_of
from xinheng.rules.order_check.case import Case, exceeds, holder_of
from xinheng.rules.order_check.debts import by_currency, debt_of, late
from xinheng.rules.order_check.decision import Plain, Reason, Step, StepKind
from xinheng.rules.order_check.facts import DueSum, HolderFacts, HolderKind, OpenItem
from xinheng.rules.policy import ItemNature, ReasonCode

_ASKED = frozenset({ItemNature.PLAIN, ItemNature.COD, ItemNature.ROLLING})
_WHOLE_SUMS = frozenset({ReasonCode.OVERDUE_DAYS, ReasonCode.OVERDUE_SHARE})
#: A bound for a rate that is still to be published: enough digits for any quotation, never rounded up.
_RATE = Context(prec=10, rounding=ROUND_DOWN)


def due_payments(case: Case, blocks: Iterable[Reason]) -> list[Step]:
    """Pay what is late: all of it for the days and the share, the oldest until the bound is met for an amount."""
    codes = {code for reason in blocks for code in _overdue_codes(reason)}
    steps = []
    found = late(case.facts.customer.due, case)
    sums = [
        *(found.beyond_grace if codes & _WHOLE_SUMS else ()),
        *(found.cod if ReasonCode.COD_OVERDUE in codes else ()),
        *(found.rolling if ReasonCode.ROLLING_BATCH_UNPAID in codes else ()),
    ]
    if ReasonCode.OVERDUE_AMOUNT in codes:
        bounds = case.policy.overdue.amount_max
        rest = [one for one in found.past_due if one not in sums]
        sums += _oldest(rest, lambda left: not exceeds(by_currency(left), bounds))
    if sums:
        steps.append(_pay_sums(HolderKind.CUSTOMER, case.facts.customer, list(dict.fromkeys(sums))))
    if ReasonCode.GROUP_OVERDUE in codes and case.facts.group is not None:
        holds = case.policy.group.overdue_hold_amounts
        others = late(case.facts.group.due, case).beyond_grace
        paid = _oldest(others, lambda left: not exceeds(by_currency(left), holds, reaching=True))
        steps.append(_pay_sums(HolderKind.GROUP, case.facts.group, paid))
    return steps


def _overdue_codes(reason: Reason) -> list[str]:
    """The overdue rules a reason speaks of: its own code, what a missing rate blinds, the causes of a breach."""
    if reason.code is ReasonCode.BREACH:
        causes = reason.params["causes"]
        return [str(cause) for cause in causes] if isinstance(causes, list) else []
    return [str(reason.params["blinds"]) if reason.code is ReasonCode.RATE_MISSING else reason.code]


def _oldest(sums: list[DueSum], enough: Callable[[list[DueSum]], bool]) -> list[DueSum]:
    """The oldest sums that have to go until what is left is little enough."""
    left = sorted(sums, key=lambda one: one.due_on)
    gone = []
    while left and not enough(left):
        gone.append(left.pop(0))
    return gone


def _pay_sums(kind: HolderKind, holder: HolderFacts, sums: list[DueSum]) -> Step:
    """Pay whole sums: their listed items by number, the rest of each by its due day."""
    items, rest = [], []
    for one in sums:
        left = one.amount
        for item in holder.items:
            taken = min(left, item.amount) if key_of(item) == key_of(one) else 0
            if taken > 0:
                items.append(_asked(item, taken))
                left -= taken
        if left:
            rest.append(_asked(one, left))
    return pay_step(kind, items, rest, {})


def _asked(one: OpenItem | DueSum, amount: int) -> dict[str, Plain]:
    asked: dict[str, Plain] = {
        "due_on": one.due_on.isoformat(),
        "currency": one.currency,
        "nature": one.nature,
        "amount": amount,
    }
    return {"number": one.number, "part": one.part, **asked} if isinstance(one, OpenItem) else asked


def pay_step(
    kind: HolderKind, items: list[dict[str, Plain]], due: list[dict[str, Plain]], on_account: Mapping[str, int]
) -> Step:
    """A payment by the customer, or by the other members of its group; ``total`` is by currency."""
    amounts: dict[str, int] = dict(on_account)
    for one in (*items, *due):
        currency = str(one["currency"])
        amounts[currency] = amounts.get(currency, 0) + int(str(one["amount"]))
    return Step(
        StepKind.PAY,
        {"holder": kind, "total": {**amounts}, "items": [*items], "due": [*due], "on_account": {**on_account}},
    )


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps with payments of one payer made into one, and each item named once."""
    done: list[Step] = []
    for step in steps:
        place = next((index for index, one in enumerate(done) if _same_payer(one, step)), None)
        if place is None:
            done.append(step)
        else:
            done[place] = _together(done[place], step)
    return tuple(done)


def _same_payer(first: Step, second: Step) -> bool:
    return first.kind is second.kind is StepKind.PAY and first.params["holder"] == second.params["holder"]


def _together(first: Step, second: Step) -> Step:
    """One payment instead of two that follow each other."""
    items: dict[tuple[Plain, ...], dict[str, Plain]] = {}
    due: dict[tuple[Plain, ...], dict[str, Plain]] = {}
    on_account: dict[str, int] = {}
    for params in (first.params, second.params):
        for asked, kept in ((params["items"], items), (params["due"], due)):
            for one in cast("list[dict[str, Plain]]", asked):
                key = tuple(value for name, value in one.items() if name != "amount")
                before = int(str(kept[key]["amount"])) if key in kept else 0
                kept[key] = {**one, "amount": before + int(str(one["amount"]))}
        for currency, amount in cast("dict[str, int]", params["on_account"]).items():
            on_account[currency] = on_account.get(currency, 0) + amount
    kind = HolderKind(str(first.params["holder"]))
    return pay_step(kind, list(items.values()), list(due.values()), on_account)


def pay_down(case: Case, excesses: Mapping[HolderKind, int]) -> Step | None:
    """Pay what the first holder is over by: its oldest items until it is enough, the rest on account."""
    for kind, excess in excesses.items():
        holder, items = holder_of(case.facts, kind), []
        left: Minor = excess
        for item in case.facts.customer.items:
            unit = _unit(item.currency, holder)
            if left > 0 and unit and item.amount > 0 and item.nature in _ASKED:
                taken = min(item.amount, ceil(left / unit))
                items.append(_asked(item, taken))
                left -= taken * unit
        on_account = {holder.currency: ceil(left)} if left > 0 else {}
        return pay_step(HolderKind.CUSTOMER, items, [], on_account)
    return None


def excesses(case: Case, blocks: Iterable[Reason], *, debt_only: bool = False) -> dict[HolderKind, int]:
    """By how much each holder is over its limit, the order counted, or in debt above it, the order left out."""
    over: dict[HolderKind, int] = {}
    for reason in blocks:
        limit, after = case.measures[reason.holder].limit if reason.holder in case.measures else None, None
        if reason.code in (ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT) and not debt_only:
            after = case.measures[reason.holder].after
        elif reason.code is ReasonCode.BREACH:
            after = debt_of(case, holder_of(case.facts, reason.holder)).total
        if limit is not None and after is not None and after > limit:
            over[reason.holder] = max(over.get(reason.holder, 0), after - limit)
    return over


def room(case: Case, blocks: Iterable[Reason]) -> int:
    """The largest order, in its own currency, that the limits it is over would let pass; 0 if none."""
    order, rooms = case.facts.order, [case.facts.order.amount]
    for reason in blocks:
        if reason.code in (ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT):
            holder, owed = holder_of(case.facts, reason.holder), case.exposures[reason.holder]
            limit, unit = case.measures[reason.holder].limit or 0, _unit(order.currency, holder)
            free = limit - sum((amount * _unit(one, holder) for one, amount in owed.exact.items()), Fraction(0))
            most = floor(free / unit) if limit > 0 else 0
            # The total is rounded, so one unit more may still be equal to the limit.
            more = owed.with_more(most + 1, order.currency, holder.rates)
            rooms.append(most + 1 if limit > 0 and more is not None and more <= limit else most)
    return max(0, min(rooms))


def rates_needed(case: Case, blocks: Iterable[Reason]) -> Step | None:
    """Add the missing rates, each up to the value at which the limits still hold; None where no rate would do."""
    wanted: dict[tuple[str, str], Decimal | None] = {}
    for reason in blocks:
        if reason.code is ReasonCode.RATE_MISSING:
            holder, order = holder_of(case.facts, reason.holder), case.facts.order
            exact = dict(case.exposures[reason.holder].exact)
            exact[order.currency] = exact.get(order.currency, 0) + order.amount
            if reason.params["blinds"] == ReasonCode.BREACH:
                exact = dict(debt_of(case, holder).exact)
            for currency, bound in _rate_bounds(holder, exact, case.measures[reason.holder].limit or 0).items():
                if bound is not None and not bound:
                    return None
                known = wanted.get((currency, holder.currency))
                wanted[currency, holder.currency] = bound if known is None else min(known, bound or known)
    rates: dict[str, list[Plain]] = {}
    for (currency, into), bound in wanted.items():
        rates.setdefault(into, []).append({"from": currency, "rate_max": None if bound is None else f"{bound:f}"})
    for into, missing in rates.items():
        return Step(StepKind.ADD_RATE, {"to": into, "rates": missing, "on": case.on.isoformat()})
    return None


def _rate_bounds(holder: HolderFacts, exact: Mapping[str, Minor], limit: int) -> dict[str, Decimal | None]:
    """For each missing rate the most it may be, the free room shared alike; None: whatever it is."""
    missing = {one: amount for one, amount in exact.items() if amount and not _unit(one, holder)}
    growing = [one for one, amount in missing.items() if amount > 0]
    free = limit - sum((amount * _unit(one, holder) for one, amount in exact.items()), Fraction(0))
    bounds: dict[str, Decimal | None] = dict.fromkeys(missing)
    for one in growing:
        unit = convert(1, one, holder.currency, Decimal(1))
        most = Fraction(free, len(growing)) / (missing[one] * unit)
        bounds[one] = _RATE.divide(Decimal(most.numerator), Decimal(most.denominator)) if most > 0 else Decimal(0)
    return bounds


def _unit(currency: str, holder: HolderFacts) -> Fraction:
    """What one minor unit is worth in minor units of the holder's currency; 0 where no rate is known."""
    if currency == holder.currency:
        return Fraction(1)
    rate = holder.rates.get(currency)
    return Fraction(0) if rate is None else convert(1, currency, holder.currency, rate)
