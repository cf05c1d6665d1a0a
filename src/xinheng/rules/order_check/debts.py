"""What is due and unpaid, and whether it stands in the way: overdue debt, cash on delivery, batches, the group, breach.

Debt is overdue after the policy's days of grace and above its minimum amount, without approved disputes, retention
money not yet due and initial stock (semantics.md 3).  A breach is debt that exists already: delivered or invoiced above
the limit, or overdue beyond the policy; an order that was merely refused is none.  Source: OC-001, OC-010, OC-011,
OC-018, LM-010.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xinheng.rules.dates import days_from
from xinheng.rules.exposure import ExposureResult, exposure
from xinheng.rules.money import total
from xinheng.rules.order_check.case import Case, carries_stock, exceeds, holders
from xinheng.rules.order_check.decision import Plain
from xinheng.rules.order_check.facts import DueSum, HolderFacts, HolderKind
from xinheng.rules.policy import CheckPoint, Effect, HoldKind, ItemNature, Policy, ReasonCode


@dataclass(slots=True)
class Late:
    """The open sums of one holder sorted by what the policy says of them; amounts by currency, minor units."""

    beyond_grace: list[DueSum] = field(default_factory=list)
    past_due: list[DueSum] = field(default_factory=list)
    cod: list[DueSum] = field(default_factory=list)
    rolling: list[DueSum] = field(default_factory=list)

    @property
    def overdue(self) -> list[DueSum]:
        """All that counts as overdue: beyond the days of grace, or cash on delivery beyond its own."""
        return self.beyond_grace + self.cod


def late(holder: HolderFacts, case: Case) -> Late:
    """Sort open sums by lateness on the day of the check. A sum due on the day itself is not late.

    Retention money falls due with its own period, initial stock with its own day or with the line that carries it.
    """
    rules, on, found = case.policy.overdue, case.on, Late()
    cod_from = days_from(on, -rules.cod_grace_days)
    from_day = days_from(on, -rules.grace_days)
    out = {one for one in rules.excluded if one is not ItemNature.INITIAL_STOCK or carries_stock(holder.line, on)}
    for one in holder.due:
        if one.nature is ItemNature.ROLLING and one.amount > 0:
            found.rolling.append(one)
        if one.due_on >= on or one.amount <= 0 or one.nature in out:
            continue
        found.past_due.append(one)
        if one.nature is ItemNature.COD:
            if one.due_on < cod_from:
                found.cod.append(one)
        elif one.due_on < from_day:
            found.beyond_grace.append(one)
    return found


def by_currency(sums: Iterable[DueSum]) -> dict[str, int]:
    """The sums added by currency."""
    amounts: dict[str, int] = {}
    for one in sums:
        amounts[one.currency] = amounts.get(one.currency, 0) + one.amount
    return amounts


class Bite(NamedTuple):
    """An overdue rule that bites, whatever its effect here; with ``missing_rates`` it cannot be told."""

    code: ReasonCode
    params: dict[str, Plain]
    missing_rates: tuple[str, ...] = ()


def overdue_bites(case: Case, found: Late) -> list[Bite]:
    """Which overdue rules bite, with what was found against which bound."""
    rules = case.policy.overdue
    bites: list[Bite] = []
    beyond = by_currency(found.beyond_grace)
    if counts(beyond, case.policy):
        oldest = min(one.due_on for one in found.beyond_grace)
        params: dict[str, Plain] = {"amounts": {**beyond}, "days": (case.on - oldest).days}
        bites.append(Bite(ReasonCode.OVERDUE_DAYS, {**params, "grace_days": rules.grace_days}))
    if rules.share_percent_max is not None:
        bites += _share(case, by_currency(found.overdue), rules.share_percent_max)
    past = by_currency(found.past_due)
    if exceeds(past, rules.amount_max):
        bounds: dict[str, Plain] = {currency: f"{bound:f}" for currency, bound in rules.amount_max.items()}
        bites.append(Bite(ReasonCode.OVERDUE_AMOUNT, {"amounts": {**past}, "amounts_max": bounds}))
    if found.cod:
        sold: dict[str, Plain] = {"amounts": {**by_currency(found.cod)}, "salespeople": _sold(case, found)}
        bites.append(Bite(ReasonCode.COD_OVERDUE, sold))
    return bites


def counts(amounts: Mapping[str, int], policy: Policy) -> bool:
    """Whether overdue amounts lie above the policy's minimum; in a currency without one any amount does."""
    minimum = policy.overdue.minimum_amounts
    bare = "*" not in minimum and any(amount > 0 and one not in minimum for one, amount in amounts.items())
    return bare or exceeds(amounts, minimum)


def _sold(case: Case, found: Late) -> list[Plain]:
    """Whom unpaid cash on delivery stands against (OC-018): who sold those items of it that are listed."""
    days = {one.due_on for one in found.cod}
    unpaid = (one for one in case.facts.customer.items if one.nature is ItemNature.COD and one.due_on in days)
    return [*dict.fromkeys(one.salesperson for one in unpaid if one.salesperson)]


def _share(case: Case, amounts: Mapping[str, int], percent_max: int) -> list[Bite]:
    if not counts(amounts, case.policy):
        return []
    customer, owed = case.facts.customer, case.exposures[HolderKind.CUSTOMER]
    overdue = total(amounts, customer.currency, customer.rates)
    if overdue is None or owed.total is None:
        lacking = [one for one in amounts if one != customer.currency and one not in customer.rates]
        return [Bite(ReasonCode.OVERDUE_SHARE, {}, tuple(dict.fromkeys([*owed.missing_rates, *lacking])))]
    if overdue * 100 <= percent_max * max(owed.total, 0):
        return []
    params: dict[str, Plain] = {"overdue": overdue, "exposure": owed.total, "currency": customer.currency}
    return [Bite(ReasonCode.OVERDUE_SHARE, {**params, "percent_max": percent_max})]


def look_at_debts(case: Case) -> None:
    """Add the reasons that unpaid debt gives, and those of a breach."""
    effects, facts = case.effects, case.facts
    bites: list[Bite] = []
    if facts.customer.due:
        found = late(facts.customer, case)
        bites = overdue_bites(case, found)
        said = [bite for bite in bites if bite.code in effects]
        for code, params, missing_rates in said:
            if missing_rates:
                case.blinded(code, HolderKind.CUSTOMER, missing_rates)
            else:
                case.say(code, params)
        if found.past_due and not said and ReasonCode.OVERDUE_NOTICE in effects:
            case.say(ReasonCode.OVERDUE_NOTICE, {"amounts": {**by_currency(found.past_due)}})
        if facts.order.rolling and found.rolling and ReasonCode.ROLLING_BATCH_UNPAID in effects:
            case.say(ReasonCode.ROLLING_BATCH_UNPAID, {"amounts": {**by_currency(found.rolling)}})
    if facts.group is not None and facts.group.due and ReasonCode.GROUP_OVERDUE in effects:
        _group(case, facts.group)
    if ReasonCode.BREACH in effects or case.policy.holds.counts(HoldKind.BREACH, facts.point):
        _breach(case, bites)


def _breach(case: Case, bites: Iterable[Bite]) -> None:
    """What the policy says of a breach here; where its hold counts, it stops whatever else is said of it."""
    stops = case.policy.holds.counts(HoldKind.BREACH, case.facts.point)
    effect = Effect.BLOCK if stops else case.effects[ReasonCode.BREACH]
    for kind, params, missing_rates in breaches(case, bites):
        if missing_rates:
            case.blinded(ReasonCode.BREACH, kind, missing_rates, effect)
        else:
            case.say(ReasonCode.BREACH, params, kind, effect=effect)


def _group(case: Case, group: HolderFacts) -> None:
    """Another member's overdue debt: a notice, from the policy's amount a hold."""
    overdue = by_currency(late(group, case).overdue)
    if counts(overdue, case.policy):
        bounds = case.policy.group.overdue_hold_amounts
        effect = None if group_holds(overdue, case.policy) else Effect.NOTICE
        written: dict[str, Plain] = {currency: f"{bound:f}" for currency, bound in bounds.items()}
        params: dict[str, Plain] = {"amounts": {**overdue}, "amounts_hold": written}
        case.say(ReasonCode.GROUP_OVERDUE, params, HolderKind.GROUP, effect)


def group_holds(overdue: Mapping[str, int], policy: Policy) -> bool:
    """Whether overdue debt of other members is enough to stop an order."""
    return counts(overdue, policy) and exceeds(overdue, policy.group.overdue_hold_amounts, reaching=True)


def breaches(case: Case, bites: Iterable[Bite]) -> Iterator[tuple[HolderKind, dict[str, Plain], tuple[str, ...]]]:
    """Per holder: why it is in breach, or which rates are missing to tell. Source: OC-010, OC-011, semantics.md 3."""
    at_delivery = case.policy.check_points.at(CheckPoint.DELIVERY)
    beyond = [bite.code for bite in bites if not bite.missing_rates and at_delivery.get(bite.code) is Effect.BLOCK]
    for kind, holder in holders(case.facts):
        causes: list[Plain] = [*beyond] if kind is HolderKind.CUSTOMER else []
        params: dict[str, Plain] = _overdue(case) if causes else {}
        limit = case.measures[kind].limit
        if limit is not None:
            debt = debt_of(case, holder)
            if debt.total is None:
                yield kind, {}, debt.missing_rates
            elif debt.total > limit:
                causes.append("DEBT_OVER_LIMIT")
                params |= {"debt": debt.total, "limit": limit, "currency": holder.currency}
        if causes:
            yield kind, {"causes": causes, **params}, ()


def _overdue(case: Case) -> dict[str, Plain]:
    """What is overdue beyond the policy, by currency, and since when, else all that is past its day."""
    found = late(case.facts.customer, case)
    sums = found.overdue or found.past_due
    oldest = min((one.due_on for one in sums), default=None)
    return {"overdue_amounts": {**by_currency(sums)}, "oldest_due_on": None if oldest is None else oldest.isoformat()}


def debt_of(case: Case, holder: HolderFacts) -> ExposureResult:
    """What is delivered or invoiced and not paid, as the policy's breach section counts it."""
    return exposure(
        holder.components,
        papers=holder.papers,
        rules=case.policy.exposure,
        rates=holder.rates,
        into=holder.currency,
        components_counted=case.policy.breach.components,
    )
