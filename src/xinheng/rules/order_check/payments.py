"""Which money would free a held order: overdue sums to be paid, what else to pay down, what a limit leaves room for.

People are told invoices, not totals: a payment names the listed items it goes to, oldest first, then what else is due
by day, and only the rest as money on account.  Goods that nobody has invoiced yet are marked, for money can settle
them only once they are.  Late invoices are asked for whole; where a bound lets some of them stand
or a limit is exceeded, the last one only up to what is needed.  Disputed items, retention money and initial stock are
not asked for before they are late.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from xinheng.rules.exposure import ExposureResult
from xinheng.rules.money import total
from xinheng.rules.order_check.apply import key_of
from xinheng.rules.order_check.case import Case, exceeds, holder_of, unit
from xinheng.rules.order_check.debts import Late, by_currency, counts, debt_of, group_holds, late
from xinheng.rules.order_check.decision import Plain, Reason, Step, StepKind
from xinheng.rules.order_check.facts import DueSum, HolderFacts, HolderKind, OpenItem
from xinheng.rules.policy import ItemNature, ReasonCode

_ASKED = frozenset({ItemNature.PLAIN, ItemNature.COD, ItemNature.ROLLING})
_LATE = frozenset(
    {
        ReasonCode.OVERDUE_DAYS,
        ReasonCode.COD_OVERDUE,
        ReasonCode.ROLLING_BATCH_UNPAID,
        ReasonCode.OVERDUE_SHARE,
        ReasonCode.OVERDUE_AMOUNT,
    }
)
_OVER = frozenset({ReasonCode.OVER_LIMIT, ReasonCode.OVER_GROUP_LIMIT})
#: A total is rounded half up, so it meets a limit while it stays less than this above it.
_HALF = Fraction(1, 2)
#: Whether what is left of late sums, by currency, is little enough.
_Enough = Callable[[Mapping[str, int]], bool]


def due_payments(case: Case, blocks: Iterable[Reason]) -> list[Step]:
    """Pay what is late, by the customer and by the other members of its group, as far as the rules that block ask."""
    codes = {code for reason in blocks for code in _overdue_codes(reason)}
    steps = []
    sums = _late_sums(case, codes) if codes & _LATE else []
    if sums:
        steps.append(_pay_sums(HolderKind.CUSTOMER, case.facts.customer, sums))
    if ReasonCode.GROUP_OVERDUE in codes and case.facts.group is not None:
        others = late(case.facts.group, case).overdue
        paid = _oldest(others, lambda left: not group_holds(left, case.policy), whole=False)
        steps.append(_pay_sums(HolderKind.GROUP, case.facts.group, paid))
    return steps


def _overdue_codes(reason: Reason) -> list[str]:
    """The overdue rules a reason speaks of: its own code, what a missing rate blinds, the causes of a breach."""
    params: Mapping[str, Any] = reason.params
    if reason.code is ReasonCode.BREACH:
        return list(params["causes"])
    return [params["blinds"] if reason.code is ReasonCode.RATE_MISSING else reason.code]


def _late_sums(case: Case, codes: set[str]) -> list[DueSum]:
    """The customer's late sums that have to go, each once."""
    found, sums = late(case.facts.customer, case), list[DueSum]()
    if ReasonCode.OVERDUE_DAYS in codes:
        sums += _oldest(found.beyond_grace, lambda left: not counts(left, case.policy))
    if ReasonCode.COD_OVERDUE in codes:
        sums += found.cod
    if ReasonCode.ROLLING_BATCH_UNPAID in codes:
        sums += found.rolling
    if ReasonCode.OVERDUE_SHARE in codes:
        sums += _oldest(found.overdue, _small_share(case, found))
    sums = list(dict.fromkeys(sums))
    if ReasonCode.OVERDUE_AMOUNT in codes:
        bounds = case.policy.overdue.amount_max
        going = set(sums)
        rest = [one for one in found.past_due if one not in going]
        sums += _oldest(rest, lambda left: not exceeds(left, bounds), whole=False)
    return sums


def _small_share(case: Case, found: Late) -> _Enough:
    """Whether what is left of the overdue sums is little enough of the exposure; where no rate tells, nothing is."""
    customer, owed = case.facts.customer, case.exposures[HolderKind.CUSTOMER].total
    overdue = total(by_currency(found.overdue), customer.currency, customer.rates)
    percent_max = case.policy.overdue.share_percent_max or 0

    def enough(left: Mapping[str, int]) -> bool:
        still = total(left, customer.currency, customer.rates)
        if owed is None or overdue is None or still is None:
            return False
        return still * 100 <= percent_max * max(owed - (overdue - still), 0)

    return enough


def _oldest(sums: list[DueSum], enough: _Enough, *, whole: bool = True) -> list[DueSum]:
    """The oldest sums that have to go until what is left is little enough; unless ``whole``, the last only in part."""
    left, gone = by_currency(sums), list[DueSum]()
    for one in sorted(sums, key=lambda one: one.due_on):
        if enough(left):
            break
        gone.append(one)
        left[one.currency] -= one.amount
    if gone and not whole:
        last = gone[-1]
        stood = {**left, last.currency: left[last.currency] + last.amount}
        less = bisect_left(
            range(1, last.amount), True, key=lambda paid: enough({**stood, last.currency: stood[last.currency] - paid})
        )
        gone[-1] = replace(last, amount=less + 1)
    return gone


def _pay_sums(kind: HolderKind, holder: HolderFacts, sums: list[DueSum]) -> Step:
    """Pay sums: their listed items by number, the rest of each by its due day."""
    items, rest = [], []
    for one in sums:
        left, goods = one.amount, one.goods
        for item in holder.items:
            taken = min(left, item.amount) if key_of(item) == key_of(one) else 0
            if taken > 0:
                items.append(_asked(item, taken, goods=item.goods))
                left -= taken
                goods -= taken if item.goods else 0
        goods = max(0, min(goods, left))
        rest += [
            _asked(one, amount, goods=delivered)
            for amount, delivered in ((left - goods, False), (goods, True))
            if amount
        ]
    return pay_step(kind, items, rest, {})


def _asked(one: OpenItem | DueSum, amount: int, *, goods: bool) -> dict[str, Plain]:
    asked: dict[str, Plain] = {
        "due_on": one.due_on.isoformat(),
        "currency": one.currency,
        "nature": one.nature,
        "amount": amount,
    }
    if goods:
        asked["goods"] = True
    if isinstance(one, DueSum):
        return asked
    if one.entity:
        asked["entity"] = one.entity
    return {"number": one.number, "part": one.part, **asked}


def pay_step(
    kind: HolderKind,
    items: Iterable[Mapping[str, Any]],
    due: Iterable[Mapping[str, Any]],
    on_account: Mapping[str, int],
) -> Step:
    """A payment by the customer, or by the other members of its group; ``total`` is by currency."""
    amounts = dict(on_account)
    for one in (*items, *due):
        amounts[one["currency"]] = amounts.get(one["currency"], 0) + one["amount"]
    asked: dict[str, Plain] = {"items": [dict(one) for one in items], "due": [dict(one) for one in due]}
    return Step(StepKind.PAY, {"holder": kind, "total": {**amounts}, **asked, "on_account": {**on_account}})


def pay_down(case: Case, excesses: Mapping[HolderKind, Fraction]) -> Step | None:
    """Pay what the first holder is over by: its oldest items until it is enough, the rest on account."""
    for kind, more_than in excesses.items():
        holder, items, left = holder_of(case.facts, kind), [], more_than
        for item in case.facts.customer.items:
            each = unit(item.currency, holder)
            if left >= 0 and each and item.amount > 0 and item.nature in _ASKED:
                taken = min(item.amount, floor(left / each) + 1)
                items.append(_asked(item, taken, goods=item.goods))
                left -= taken * each
        on_account = {holder.currency: floor(left) + 1} if left >= 0 else {}
        return pay_step(HolderKind.CUSTOMER, items, [], on_account)
    return None


def excesses(case: Case, blocks: Iterable[Reason], *, debt_only: bool = False) -> dict[HolderKind, Fraction]:
    """What each holder has to pay more than: it is over its limit, the order counted, or in debt above it without.

    Exact, in minor units of the holder's currency.  A limit of 0 no payment meets: any order is over it.
    """
    over: dict[HolderKind, Fraction] = {}
    for reason in blocks:
        holder = holder_of(case.facts, reason.holder)
        if reason.code in _OVER and not debt_only and _limit(case, reason) > 0:
            order = case.facts.order
            exact = _exact(case.exposures[reason.holder], holder) + order.amount * unit(order.currency, holder)
        elif reason.code is ReasonCode.BREACH and "debt" in reason.params:
            exact = _exact(debt_of(case, holder), holder)
        else:
            continue
        more_than = exact - _limit(case, reason) - _HALF
        over[reason.holder] = max(over.get(reason.holder, more_than), more_than)
    return over


def room(case: Case, blocks: Iterable[Reason]) -> int:
    """The largest order, in its own currency, that the limits it is over would let pass; 0 if none."""
    rooms = [case.facts.order.amount]
    for reason in blocks:
        if reason.code in _OVER:
            holder, limit = holder_of(case.facts, reason.holder), _limit(case, reason)
            free = limit + _HALF - _exact(case.exposures[reason.holder], holder)
            each = unit(case.facts.order.currency, holder)
            rooms.append(ceil(free / each) - 1 if each and limit > 0 else 0)
    return max(0, min(rooms))


def _limit(case: Case, reason: Reason) -> int:
    """The limit a reason speaks of, which is an amount."""
    return case.measures[reason.holder].limit or 0


def _exact(owed: ExposureResult, holder: HolderFacts) -> Fraction:
    """A holder's exposure or debt before it is rounded; every rate that matters is known."""
    return sum((amount * unit(one, holder) for one, amount in owed.exact.items()), Fraction(0))
