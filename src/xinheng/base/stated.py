"""What people and other systems state at a door: days, moments, amounts, currencies and numbers, as they are written.

The command line and the API read them alike, so that both refuse the same with the same code.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from xinheng.base import clock
from xinheng.base.errors import BadInput
from xinheng.rules.currencies import decimals
from xinheng.rules.dates import YEAR_MIN
from xinheng.rules.errors import RuleError
from xinheng.rules.money import to_minor

#: As long as the ledger keeps numbers.
NUMBER_MAX = 64
_ONLY_A_DAY = len("2026-11-24")


class BadDate(BadInput):
    """params: value."""

    code = "BAD_DATE"


class BadYear(BadInput):
    """A year before 1900, as 0000 or 1026.  params: date, first."""

    code = "DATE_YEAR"


class NotYet(BadInput):
    """The day lies ahead.  params: on, today."""

    code = "NOT_YET"


class BadMonth(BadInput):
    """params: value."""

    code = "BAD_MONTH"


class BadAmount(BadInput):
    """params: value, currency."""

    code = "BAD_AMOUNT"


class NotPositive(BadInput):
    """Nothing, or less.  params: value."""

    code = "NOT_ABOVE_ZERO"


class BelowZero(BadInput):
    """params: value."""

    code = "BELOW_ZERO"


class BadNumber(BadInput):
    """A number or code nobody can write on a document.  params: value, length."""

    code = "BAD_NUMBER"


def read_date(text: str | None) -> date:
    """A date as typed; the business date without one.

    Raises:
        BadDate, BadYear.
    """
    if not text:
        return clock.business_date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None
    if day.year < YEAR_MIN:
        raise BadYear(date=text, first=YEAR_MIN)
    return day


def read_past_date(text: str | None) -> date:
    """The day of something that happened: tomorrow is a slip of the hand.

    Raises:
        NotYet, and as ``read_date``.
    """
    day, today = read_date(text), clock.business_date()
    if day > today:
        raise NotYet(on=day.isoformat(), today=today.isoformat())
    return day


def read_month(text: str) -> date:
    """A month as typed (2026-11): its first day.

    Raises:
        BadMonth
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadMonth(value=text[:20]) from None


def read_moment(text: str | None) -> datetime | None:
    """A moment as typed: a day (its end) or a time; in the company's time zone unless it says otherwise.

    Raises:
        BadDate, BadYear.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None
    if moment.year < YEAR_MIN:
        raise BadYear(date=text, first=YEAR_MIN)
    if len(text) <= _ONLY_A_DAY:
        return clock.end_of(moment.date())
    if moment.tzinfo is None:
        moment = timezone.make_aware(moment, ZoneInfo(clock.company().time_zone))
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # a zone away from it the calendar has ended
        raise BadDate(value=text) from None


def read_amount(text: str, currency: str, *, positive: bool = False) -> int:
    """An amount as typed, in minor units: not below zero, above it where ``positive``.

    Raises:
        BadAmount, NotPositive, BelowZero.
    """
    try:
        amount = to_minor(Decimal(text), currency)
    except (ArithmeticError, ValueError, RuleError):
        raise BadAmount(value=text, currency=currency) from None
    if positive and amount <= 0:
        raise NotPositive(value=text)
    if amount < 0:
        raise BelowZero(value=text)
    return amount


def read_currency(text: str) -> str:
    """A currency code as typed.

    Raises:
        RuleError: ISO 4217 does not know it.
    """
    decimals(text.upper())
    return text.upper()


def read_number(text: str) -> str:
    """A document's number as typed, with its leading zeros.

    Raises:
        BadNumber: empty, too long, or with characters that cannot be printed.
    """
    number = text.strip()
    if not 0 < len(number) <= NUMBER_MAX or not number.isprintable():
        raise BadNumber(value=text[:NUMBER_MAX], length=NUMBER_MAX)
    return number
