"""How much a customer owes or is about to owe: the components of the credit account weighed and added up.

``exposure = ordered + delivered + consigned + invoiced + instrument × weight + contingent × weight − unapplied``
(semantics.md 2, LM-003).  Paper that is not yet money weighs by its kind and by who stands behind it.  The sum may be
negative: then the customer has paid more than it owes.  Amounts of several currencies are converted at the given rates,
summed, and rounded once; where a rate is missing there is no total, because one that leaves something out would lie.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from xinheng.rules.money import Minor, round_half_up, total
from xinheng.rules.policy.codes import COMPONENTS
from xinheng.rules.policy.sections import ExposureRules

#: Percent times percent: weights of contingent bills multiply with those of the paper itself.
_WHOLE = 100 * 100


@dataclass(frozen=True, slots=True)
class Components:
    """What stands in each place, in minor units of one currency; ``unapplied`` is positive money of the customer's."""

    ordered: int = 0
    delivered: int = 0
    consigned: int = 0
    invoiced: int = 0
    instrument: int = 0
    contingent: int = 0
    unapplied: int = 0


@dataclass(frozen=True, slots=True)
class PaperSum:
    """Cheques and bills of one kind and acceptor in one currency, minor units.

    ``contingent`` ones were endorsed or discounted and may come back.  They are part of the balances in Components;
    what a balance holds beyond its papers weighs in full.
    """

    currency: str
    kind: str
    acceptor: str
    amount: int
    contingent: bool = False


@dataclass(frozen=True, slots=True)
class ExposureResult:
    """Exposure in one currency; every amount is None where a rate is missing.

    ``by_component`` are weighed parts (unapplied negative), each rounded for itself; ``exact`` is the weighed exposure
    of each currency, not rounded.
    """

    currency: str
    total: int | None
    by_component: Mapping[str, int | None] = field(default_factory=dict)
    exact: Mapping[str, Minor] = field(default_factory=dict)
    missing_rates: tuple[str, ...] = ()

    @property
    def by_currency(self) -> dict[str, int]:
        """The weighed exposure of each currency in its own minor units, rounded."""
        return {currency: round_half_up(amount) for currency, amount in self.exact.items()}

    def with_more(self, amount: int, currency: str, rates: Mapping[str, Decimal]) -> int | None:
        """The total with an amount more, rounded once; None where a rate is missing."""
        return total({**self.exact, currency: self.exact.get(currency, 0) + amount}, self.currency, rates)


def exposure(
    components: Mapping[str, Components],
    *,
    papers: Iterable[PaperSum] = (),
    rules: ExposureRules,
    rates: Mapping[str, Decimal],
    into: str,
    components_counted: Sequence[str] | None = None,
) -> ExposureResult:
    """Weigh and add the components, by currency, in minor units of ``into``.

    ``rates`` give what one unit of each currency is worth in ``into``.  ``components_counted`` takes
    the place of the policy's (a breach counts others).  Source: semantics.md 2, K22.
    """
    wanted = rules.components if components_counted is None else components_counted
    counted = [name for name in COMPONENTS if name in wanted]
    light = _lightness(papers, rules, counted)
    if not light and len(components) == 1 and into in components:
        return _plain(components[into], counted, rules, into)
    parts = {
        currency: {name: _weighed(name, one, rules, light.get((currency, name), 0)) for name in counted}
        for currency, one in components.items()
    }
    by_currency = {currency: sum(one.values()) for currency, one in parts.items()}
    missing = tuple(
        currency for currency, amount in by_currency.items() if amount and currency != into and currency not in rates
    )
    return ExposureResult(
        into,
        total(by_currency, into, rates),
        {name: total({one: of[name] for one, of in parts.items()}, into, rates) for name in counted},
        by_currency,
        missing,
    )


def _plain(one: Components, counted: Sequence[str], rules: ExposureRules, currency: str) -> ExposureResult:
    """The common case without paper and rates, in whole numbers."""
    parts: dict[str, int | None] = {}
    whole: Minor = 0
    for name in counted:
        part = _weighed(name, one, rules, 0)
        whole += part
        parts[name] = part if isinstance(part, int) else round_half_up(part)
    rounded = whole if isinstance(whole, int) else round_half_up(whole)
    return ExposureResult(currency, rounded, parts, {currency: whole})


def _lightness(
    papers: Iterable[PaperSum], rules: ExposureRules, counted: Sequence[str]
) -> dict[tuple[str, str], Fraction]:
    """By how much the papers of a currency count less than their balance says."""
    light: dict[tuple[str, str], Fraction] = {}
    for paper in papers:
        name = "CONTINGENT" if paper.contingent else "INSTRUMENT"
        if name in counted:
            outer = rules.contingent_weight_percent if paper.contingent else 100
            less = Fraction(paper.amount * outer * (100 - rules.weight_of(paper.kind, paper.acceptor)), _WHOLE)
            light[paper.currency, name] = light.get((paper.currency, name), Fraction(0)) + less
    return light


def _weighed(name: str, one: Components, rules: ExposureRules, light: Minor) -> Minor:
    amount: int = getattr(one, name.lower())
    if name == "UNAPPLIED":
        return -amount
    if name == "CONTINGENT" and rules.contingent_weight_percent != 100:
        return Fraction(amount * rules.contingent_weight_percent, 100) - light
    return amount - light if light else amount
