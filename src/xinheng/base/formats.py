"""Amounts, shares and days as people read them: full in tables, short in sentences, by the habits of the language.

Chinese counts in 万 and 亿, English in K, M and B; a table shows every digit either way.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.translation import get_language

from xinheng.rules.money import to_decimal, to_text

#: Where a short amount changes its unit, largest first.
_UNITS = {
    "zh": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K")),
}
MISSING = "—"
#: Below this an amount is short as it is.
_SMALL = 1000


def language() -> str:
    """The reader's language: 'zh' or 'en'."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


@lru_cache(maxsize=512)
def symbol(currency: str, reader: str) -> str:
    """The sign of a currency as the reader's language writes it: ¥, £, US$; the code where there is none."""
    from babel.numbers import get_currency_symbol

    sign = get_currency_symbol(currency, "zh_Hans_CN" if reader == "zh" else "en")
    return f"{sign} " if sign == currency else sign


def plain(minor: int | None, currency: str) -> str:
    """Digits in groups of three, without the currency: 1,234,567.89; a dash where a rate is missing."""
    if minor is None:
        return MISSING
    whole, point, rest = to_text(abs(minor), currency).partition(".")
    sign = "-" if minor < 0 else ""
    return f"{sign}{int(whole):,}{point}{rest}"


def full(minor: int | None, currency: str) -> str:
    """The same with the currency's sign: ¥1,234,567.89."""
    if minor is None:
        return MISSING
    sign = "-" if minor < 0 else ""
    return f"{sign}{symbol(currency, language())}{plain(abs(minor), currency)}"


def large(minor: int | None, currency: str, *, signed: bool = False) -> str:
    """An amount in the unit in which overviews may be read: 347.30 in 万元, 3,473.0 in thousands in English."""
    if minor is None:
        return MISSING
    size, places = (Decimal(10) ** 4, 2) if language() == "zh" else (Decimal(10) ** 3, 1)
    amount = (to_decimal(abs(minor), currency) / size).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign = "-" if minor < 0 and amount else ""
    return f"{sign}{symbol(currency, language()) if signed else ''}{amount:,}"


def short(minor: int | None, currency: str) -> str:
    """Three digits and a unit: ¥420 万, ¥4.2M; small amounts in whole units."""
    if minor is None:
        return MISSING
    amount = to_decimal(abs(minor), currency)
    sign = "-" if minor < 0 else ""
    head = f"{sign}{symbol(currency, language())}"
    for size, unit in _UNITS[language()]:
        if amount >= size:
            gap = " " if language() == "zh" else ""
            return f"{head}{_three(amount / size)}{gap}{unit}"
    return full(minor, currency) if amount < _SMALL else f"{head}{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _three(amount: Decimal) -> str:
    """Three digits that say something, without zeros behind the point."""
    places = max(0, 2 - amount.adjusted())
    said = f"{amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def percent(part: int | None, whole: int | None, places: int = 0) -> str:
    """A share in percent; a dash where there is no whole."""
    if part is None or not whole:
        return MISSING
    share = Decimal(part) * 100 / Decimal(whole)
    return f"{share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def used(exposure: int | None, limit: int | None) -> str:
    """How much of a limit is used in percent; a customer who has paid more than it owes uses nothing of it."""
    return percent(exposure and max(0, exposure), limit)


def day(value: date | None) -> str:
    """2026-11-24, in every language."""
    return value.isoformat()[:10] if value else MISSING


def count(number: int, most: int = 10_000) -> str:
    """How many; beyond ``most`` only that: 10,000+."""
    return f"{most:,}+" if number > most else f"{number:,}"


def listed(values: Iterable[object]) -> str:
    """An enumeration: 甲、乙 in Chinese, a, b in English."""
    return ("、" if language() == "zh" else ", ").join(map(str, values))


def number(minor: int | None, currency: str) -> float:
    """An amount in whole units for the length of a bar; never for a sum."""
    return 0.0 if minor is None else float(to_decimal(minor, currency))
