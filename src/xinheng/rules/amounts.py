"""Reading an amount as people, banks and other programs write it: the separators of three cultures, and no guessing.

The same digits mean different money in different offices: 1.234 is one and a bit in Shanghai and a thousand in Hamburg.
A text is read only where it says itself, or the caller says, which mark divides the decimals; whatever could be read
two ways is refused, because a wrong amount is worse than a question.  The rules:

* A plain number with a point (1234.56) is read as it stands.  A caller who knows that a file writes decimal commas
  passes ``decimal_separator=","``; ``decimal_separator_of`` finds that out from a whole column.
* Groups are of three digits, divided all alike by comma, point, space or apostrophe; the first has one to three digits
  and does not start with 0.  1,23,4 and 12,34,567 are refused.
* Where two different marks occur the last one divides the decimals: 1,234.56, 1.234,56, 1 234,56, 1'234.56.
* A single comma before exactly three digits divides thousands (1,234 is 1234); any other single comma is ambiguous
  (1,23) unless the caller says that commas divide decimals.  A single point divides decimals (1.234 is 1.234) unless
  the caller says that commas do; an amount so read has usually too many decimals and is refused, never misread.
* Negative is a minus before or behind, or parentheses: -5, 5-, (5), and the typographic minus.  Full-width digits and
  marks count as the plain ones.  Spaces around and the no-break spaces of spreadsheets do no harm.
* A currency sign is allowed only where the caller names the currency and the sign belongs to it: ¥100 in a row of
  dollars is an error, not a hundred dollars.
* 万, percent, exponents, NaN, infinity, formula texts and anything else are refused.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from xinheng.rules.money import AmountError, AmountTooLarge, NotFinite, scaled


class UnreadableAmount(AmountError):
    """Not an amount.  params: amount."""

    code = "AMOUNT_UNREADABLE"


class EmptyAmount(AmountError):
    """No text where an amount is needed."""

    code = "AMOUNT_EMPTY"


class AmbiguousAmount(AmountError):
    """Can be read as two different amounts, or against the decimal separator that the caller named.  params: amount."""

    code = "AMOUNT_AMBIGUOUS"


class FormulaText(AmountError):
    """A spreadsheet formula in place of an amount.  params: amount."""

    code = "AMOUNT_FORMULA"


class ExponentText(AmountError):
    """An exponent, as 1e5: a number that some program has already rounded.  params: amount."""

    code = "AMOUNT_EXPONENT"


class ForeignSign(AmountError):
    """A currency sign that does not belong to the currency of the row.  params: amount, sign, currency."""

    code = "AMOUNT_SIGN"


#: Longer than any amount that fits, with its marks; a longer text is refused before it is looked at.
TEXT_MAX = 48

#: Which currencies a sign can stand for.
SIGNS: dict[str, str] = {
    "¥": "CNY JPY",
    "元": "CNY HKD MOP TWD",
    "円": "JPY",
    "$": "ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MOP MXN NAD NZD SBD SGD SRD TTD TWD USD "
    "UYU XCD",
    "€": "EUR",
    "£": "EGP FKP GBP GIP SHP",
    "₩": "KPW KRW",
    "₹": "INR",
    "₽": "RUB",
    "฿": "THB",
    "₫": "VND",
}

_PLAIN = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,16})?").fullmatch
_SINGLE = re.compile(r"([0-9]*)([.,])([0-9]+)").fullmatch
_GROUPED = re.compile(r"([0-9]{1,3})([,.' ])([0-9]{3}(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?").fullmatch
_EXPONENT = re.compile(r"[0-9.,]+E[+-]?[0-9]+", re.IGNORECASE).fullmatch
_NOT_FINITE = frozenset({"nan", "snan", "inf", "infinity", "∞"})

_FULL_WIDTH = {0xFF01 + index: 0x21 + index for index in range(94)}
_TO_PLAIN = _FULL_WIDTH | {
    ord("\u2212"): "-",  # the typographic minus
    ord("\ufe63"): "-",
    ord("￥"): "¥",
    ord("\u2019"): "'",
    ord("\u3000"): " ",
    ord("\u00a0"): " ",
    ord("\u202f"): " ",
    ord("\u2009"): " ",
}


def parse_minor(text: str, places: int, *, decimal_separator: str | None = None, currency: str | None = None) -> int:
    """An amount in whole minor units of a currency with ``places`` decimals.

    The same rules and errors as ``parse_amount``, and TooManyDecimals; plain numbers take a short way.
    """
    if decimal_separator != "," and _PLAIN(text) is not None:
        whole, _, fraction = text.partition(".")
        missing = places - len(fraction)
        if missing >= 0 and len(whole) + places < 17:
            return int(whole + fraction + "0000"[:missing])
    return scaled(parse_amount(text, decimal_separator=decimal_separator, currency=currency), places)


def parse_amount(text: str, *, decimal_separator: str | None = None, currency: str | None = None) -> Decimal:
    """The amount a text says, in major units, by the rules at the top of this page.

    ``decimal_separator`` is "." or "," when the caller knows which one divides decimals.  ``currency`` is the currency
    of the row; without it no currency sign is accepted.  Raises EmptyAmount, UnreadableAmount, AmbiguousAmount,
    NotFinite, ExponentText, FormulaText, ForeignSign, AmountTooLarge.
    """
    if decimal_separator != "," and _PLAIN(text) is not None:
        return Decimal(text)
    if len(text) > TEXT_MAX:
        raise (AmountTooLarge if text.isdigit() else UnreadableAmount)(amount=text[:TEXT_MAX])
    plain = text.translate(_TO_PLAIN).strip(" ")
    if not plain:
        raise EmptyAmount()
    _refuse_other_kinds(plain)
    mark, body = _without_mark(plain, text)
    body = _without_sign(body, text, currency)
    if not mark:
        mark, body = _without_mark(body, text)  # ¥-5 as well as -¥5
    amount = Decimal(_digits(body, text, decimal_separator))
    return amount.copy_negate() if mark == "-" else amount


def decimal_separator_of(texts: Iterable[str]) -> str | None:
    """Which mark divides decimals in a column of amounts: "." or ","; None when no text shows it, or texts disagree.

    A text shows it when it could not be read the other way: two different marks (1.234,56), or one mark that does not
    stand before exactly three digits (12,50).
    """
    found = {mark for mark in map(_shown_separator, texts) if mark}
    return found.pop() if len(found) == 1 else None


def _shown_separator(text: str) -> str:
    body = text[: TEXT_MAX + 1].translate(_TO_PLAIN).strip(" -+()" + "".join(SIGNS))
    single = _SINGLE(body)
    if single is not None:
        whole, mark, fraction = single.groups()
        return "" if _can_be_group(whole, fraction) else mark
    grouped = _GROUPED(body)
    if grouped is None or grouped[4] == grouped[2]:
        return ""
    if grouped[4]:
        return grouped[4]
    repeated = len(grouped[3]) > 3 and grouped[2] in ",."  # 1.234.567: the other mark divides decimals
    return {",": ".", ".": ","}[grouped[2]] if repeated else ""


def _refuse_other_kinds(plain: str) -> None:
    """Raise for texts that are numbers or formulas in some other program, with their own code each."""
    if plain[0] in "=@":
        raise FormulaText(amount=plain)
    if plain.strip("+-").casefold() in _NOT_FINITE:
        raise NotFinite(amount=plain)
    if _EXPONENT(plain.strip("+-()")):
        raise ExponentText(amount=plain)


def _without_mark(body: str, text: str) -> tuple[str, str]:
    """The plus or minus that marks the text ('' for none; parentheses are a minus) and what is left of it."""
    if body.startswith("(") and body.endswith(")"):
        inner = body[1:-1].strip(" ")
        if inner[:1] in ("-", "+") or inner[-1:] == "-":
            raise UnreadableAmount(amount=text)
        return "-", inner
    if body[:1] in ("-", "+"):
        return body[0], body[1:].lstrip(" ")
    if body.endswith("-"):
        return "-", body[:-1].rstrip(" ")
    return "", body


def _without_sign(body: str, text: str, currency: str | None) -> str:
    """The text without the one currency sign before or behind it, which must belong to the currency."""
    for sign in (body[:1], body[-1:]):
        if sign in SIGNS:
            if currency not in SIGNS[sign].split():
                raise ForeignSign(amount=text, sign=sign, currency=currency or "")
            return body.removeprefix(sign).strip(" ") if body.startswith(sign) else body.removesuffix(sign).strip(" ")
    return body


def _can_be_group(whole: str, fraction: str) -> bool:
    return len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"


def _digits(body: str, text: str, decimal_separator: str | None) -> str:
    """The body of a number as plain digits with at most one point.  Raises UnreadableAmount, AmbiguousAmount."""
    if body.isascii() and body.isdigit():
        return body
    single = _SINGLE(body)
    if single is not None:
        whole, mark, fraction = single.groups()
        if mark == decimal_separator or (decimal_separator is None and (mark == "." or not whole)):
            return f"{whole}.{fraction}"
        if _can_be_group(whole, fraction):
            return whole + fraction
        raise AmbiguousAmount(amount=text)
    grouped = _GROUPED(body)
    if grouped is None or grouped[1][0] == "0" or grouped[4] == grouped[2]:
        raise UnreadableAmount(amount=text)
    head, mark, rest, point, fraction = grouped.groups()
    if decimal_separator is not None and (mark == decimal_separator or point not in (None, decimal_separator)):
        raise AmbiguousAmount(amount=text)
    return head + rest.replace(mark, "") + (f".{fraction}" if point else "")
