"""One check while it is being made: the facts, the policy's effects at this moment, and the reasons found so far."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from xinheng.rules.currencies import decimals
from xinheng.rules.exposure import ExposureResult, exposure
from xinheng.rules.money import convert, total
from xinheng.rules.order_check.decision import Measure, Plain, Reason
from xinheng.rules.order_check.facts import Facts, HolderFacts, HolderKind, Line, LineKind
from xinheng.rules.policy import Effect, Policy, ReasonCode


class Case:
    """Facts under a policy; ``reasons`` grow while the rules look at it."""

    __slots__ = ("effects", "exposures", "facts", "measures", "on", "policy", "reasons")

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self.facts = facts
        self.policy = policy
        self.on: date = facts.on
        self.effects = policy.check_points.at(facts.point)
        self.reasons: list[Reason] = []
        self.exposures: dict[HolderKind, ExposureResult] = {}
        self.measures: dict[HolderKind, Measure] = {}
        for kind, holder in holders(facts):
            self.exposures[kind] = owed = exposure(
                holder.components,
                papers=holder.papers,
                rules=policy.exposure,
                rates=holder.rates,
                into=holder.currency,
            )
            by_entity = {
                part.code: exposure(
                    part.components, papers=part.papers, rules=policy.exposure, rates=holder.rates, into=holder.currency
                ).total
                for part in holder.entities
            }
            self.measures[kind] = _measure(facts, kind, holder, owed, by_entity)

    def say(
        self,
        code: ReasonCode,
        params: dict[str, Plain],
        holder: HolderKind = HolderKind.CUSTOMER,
        effect: Effect | None = None,
    ) -> None:
        """Add a reason with the effect the policy gives it here, or with another; kept credit may soften it."""
        self.reasons.append(Reason(code, self._softened(code, effect or self.effects[code]), holder, params))

    def blinded(
        self, code: ReasonCode, holder: HolderKind, currencies: tuple[str, ...], effect: Effect | None = None
    ) -> None:
        """A rule cannot be judged for want of rates: whatever it would do, the missing rate does."""
        into = self.measures[holder].currency
        params: dict[str, Plain] = {"blinds": code, "from": list(currencies), "into": into, "on": self.on.isoformat()}
        does = self._softened(code, effect or self.effects[code])
        self.reasons.append(Reason(ReasonCode.RATE_MISSING, does, holder, params))

    def _softened(self, code: ReasonCode, effect: Effect) -> Effect:
        kept = effect is Effect.BLOCK and self.waived and code in self.policy.breach.waiver_covers
        return Effect.NOTICE if kept else effect

    @property
    def waived(self) -> bool:
        """Whether two directors keep this customer's credit despite a breach (OC-011)."""
        kept_until = self.facts.standing.kept_until
        return kept_until is not None and self.on <= kept_until


def holders(facts: Facts) -> list[tuple[HolderKind, HolderFacts]]:
    """The customer and, if it belongs to one, its group."""
    own = [(HolderKind.CUSTOMER, facts.customer)]
    return own if facts.group is None else [*own, (HolderKind.GROUP, facts.group)]


def holder_of(facts: Facts, kind: HolderKind) -> HolderFacts:
    """The holder's facts; whatever is not the group's is the customer's."""
    return facts.group if kind is HolderKind.GROUP and facts.group is not None else facts.customer


def unit(currency: str, holder: HolderFacts) -> Fraction:
    """What one minor unit is worth in minor units of the holder's currency; 0 where no rate is known."""
    if currency == holder.currency:
        return Fraction(1)
    rate = holder.rates.get(currency)
    return Fraction(0) if rate is None else convert(1, currency, holder.currency, rate)


def limit_of(holder: HolderFacts, on: date) -> int | None:
    """What the line carries on a day: its amount, a temporary increase, initial stock; None if it is no amount."""
    return None if holder.line.kind is not LineKind.AMOUNT else holder.line.limit + beside(holder, on)


def beside(holder: HolderFacts, on: date) -> int:
    """What stands beside the line's own amount: the temporary increase, and the unpaid initial stock it carries."""
    line = holder.line
    more = line.extra if line.extra and _running(line.extra_until, on) else 0
    if holder.initial_stock and carries_stock(line, on):
        # 铺底 does not revolve: what has been paid of it cannot be drawn again.
        unpaid = total(holder.initial_stock, holder.currency, holder.rates)
        more += min(line.initial_stock, max(0, unpaid or 0))
    return more


def carries_stock(line: Line, on: date) -> bool:
    """Whether the line beside the limit that carries initial stock (铺底) has not come to its own end."""
    return line.initial_stock > 0 and _running(line.initial_stock_until, on)


def in_force(line: Line, on: date) -> bool:
    """Whether the line's own dates include the day."""
    return (line.valid_from is None or line.valid_from <= on) and _running(line.valid_until, on)


def exceeds(amounts: Mapping[str, int], bounds: Mapping[str, Decimal], *, reaching: bool = False) -> bool:
    """Whether amounts in several currencies together exceed (or reach) a bound given per currency.

    Each amount uses up its share of its own currency's bound and the shares are added, so no rate is needed; a
    currency without a bound uses up nothing.  Amounts are minor units, bounds whole currency units.
    """
    used: Fraction | int = 0
    for currency, amount in amounts.items():
        bound = bounds.get(currency, bounds.get("*"))
        if bound is not None and amount > 0:
            minor = _minor(bound, currency)
            if amount > minor:
                return True
            used += Fraction(amount) / minor
    return used >= 1 if reaching else used > 1


@lru_cache(maxsize=1024)
def _minor(bound: Decimal, currency: str) -> Fraction:
    return Fraction(bound) * Fraction(10) ** decimals(currency)


def _running(until: date | None, on: date) -> bool:
    return until is None or on <= until


def _measure(
    facts: Facts, kind: HolderKind, holder: HolderFacts, owed: ExposureResult, by_entity: Mapping[str, int | None]
) -> Measure:
    order = facts.order
    after = owed.with_more(order.amount, order.currency, holder.rates)
    missing = owed.missing_rates
    if after is None and order.currency not in (holder.currency, *missing, *holder.rates):
        missing = (*missing, order.currency)
    return Measure(
        kind,
        holder.code,
        holder.currency,
        holder.line.kind,
        limit_of(holder, facts.on),
        owed.total,
        after,
        owed.by_component,
        owed.by_currency,
        missing,
        by_entity,
    )
