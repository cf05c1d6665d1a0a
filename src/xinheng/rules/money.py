"""Money: whole minor units of one currency, and how they are converted, weighed, added up and shared out.

An amount is an ``int`` of the currency's smallest unit (fen, cents, yen), so that sums are exact on every database.
Amounts that come from a conversion or a weight are exact fractions until the one moment when a total is stated; only
there are they rounded, half up.  Half up means away from zero (四舍五入), so that a credit of an amount always mirrors
the debit.  Texts that people and files write are read by ``amounts.py``.
"""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError

#: The largest amount of one document, in minor units: 99 999 999 999 999.99 in a currency of two decimals.  Some nine
#: hundred such amounts still add up inside a signed 64-bit integer, and every one is exact in a double.
MINOR_MAX = 10**16 - 1

#: Whole minor units, or an exact fraction of them on the way to a total.
Minor = int | Fraction

_EXACT = Context(prec=40, traps=[Inexact])


class AmountError(RuleError):
    """An amount that cannot be kept.  params: amount (as text, shortened)."""

    code = "AMOUNT_BAD"


class NotFinite(AmountError):
    """NaN or infinity."""

    code = "AMOUNT_NOT_FINITE"


class TooManyDecimals(AmountError):
    """More decimals than the currency has.  params: amount, decimals."""

    code = "AMOUNT_TOO_MANY_DECIMALS"


class AmountTooLarge(AmountError):
    """Larger than ``MINOR_MAX`` minor units."""

    code = "AMOUNT_TOO_LARGE"


class BadRate(RuleError):
    """An exchange rate that is not a positive number.  params: rate."""

    code = "RATE_BAD"


class BadSplit(RuleError):
    """Shares that cannot share anything: none, a negative one, or all of them zero."""

    code = "SPLIT_BAD"


def scaled(amount: Decimal, places: int) -> int:
    """``amount`` in units of 10 to the minus ``places``, exactly.  Zeros behind the last decimal are no decimals.

    Raises NotFinite, AmountTooLarge, TooManyDecimals.
    """
    if not amount:
        return 0
    if not amount.is_finite():
        raise NotFinite(amount=_short(amount))
    if amount.adjusted() + places > 16:  # looked at before anything as long as 1e309 is written out
        raise AmountTooLarge(amount=_short(amount))
    try:
        moved = amount.scaleb(places, _EXACT)
    except Inexact:
        raise TooManyDecimals(amount=_short(amount), decimals=places) from None
    whole = int(moved)
    if whole != moved:
        raise TooManyDecimals(amount=_short(amount), decimals=places)
    if abs(whole) > MINOR_MAX:
        raise AmountTooLarge(amount=_short(amount))
    return whole


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount in whole minor units of the currency.

    Raises NotFinite, AmountTooLarge, TooManyDecimals, UnknownCurrency.
    """
    return scaled(amount, decimals(currency))


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount as a Decimal with the currency's decimals: 12000 CNY is Decimal("120.00")."""
    return Decimal(to_text(minor, currency))


def to_text(minor: int, currency: str) -> str:
    """The amount as every door writes it, with the currency's decimals: "120.00", "-0.05", "120" for the yen."""
    places = decimals(currency)
    if not places:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{places}d}"


def round_half_up(exact: Minor) -> int:
    """The nearest whole number; exactly half goes away from zero."""
    numerator, denominator = abs(exact.numerator), exact.denominator
    nearest = (2 * numerator + denominator) // (2 * denominator)
    return nearest if exact >= 0 else -nearest


def convert(minor: Minor, source: str, target: str, rate: Decimal) -> Fraction:
    """Minor units of ``source`` as an exact fraction of minor units of ``target``; not rounded.

    ``rate`` is what one unit of ``source`` is worth in units of ``target``.  Raises BadRate, UnknownCurrency.
    """
    if not rate.is_finite() or rate <= 0:
        raise BadRate(rate=str(rate))
    return minor * Fraction(rate) * Fraction(10) ** (decimals(target) - decimals(source))


def total(amounts: Mapping[str, Minor], target: str, rates: Mapping[str, Decimal]) -> int | None:
    """Amounts by currency as one amount in minor units of ``target``: converted exactly, added, rounded half up once.

    ``rates`` give what one unit of each currency is worth in ``target``; ``target`` itself needs none.  None when the
    rate of a currency is missing and its amount is not zero: a total that leaves something out would be wrong.
    """
    exact: Minor = 0
    for currency, minor in amounts.items():
        if currency == target:
            exact += minor
        elif minor:
            rate = rates.get(currency)
            if rate is None:
                return None
            exact += convert(minor, currency, target, rate)
    return round_half_up(exact)


def split(minor: int, shares: Sequence[Fraction | int]) -> tuple[int, ...]:
    """Share an amount out in whole minor units so that the parts add up to it exactly.

    Every part first gets its share rounded towards zero; the units left over go one each to the parts that lost most by
    it (largest remainder), the earlier part first where they lost alike: 100.00 in three is 33.34, 33.33, 33.33.
    Raises BadSplit.
    """
    whole = sum(shares)
    if not shares or whole <= 0 or min(shares) < 0:
        raise BadSplit(shares=str(list(shares)))
    exact = [Fraction(abs(minor) * share) / whole for share in shares]
    parts = [int(part) for part in exact]
    left_over = abs(minor) - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_loss[:left_over]:
        parts[index] += 1
    return tuple(parts if minor >= 0 else (-part for part in parts))


def _short(amount: Decimal) -> str:
    return str(amount)[:40]
