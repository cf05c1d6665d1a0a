"""What all commands share: who acts, how answers and refusals are written, dates and amounts as people type them."""

import functools
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import click
from django.db import DatabaseError
from django.utils import timezone

from xinheng.base import clock, people
from xinheng.base.errors import BadInput, Unknown, XinhengError
from xinheng.base.messages import sentence
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables.public import NotYet
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.exchange.days import YearTooEarly
from xinheng.rules.currencies import decimals
from xinheng.rules.dates import YEAR_MIN
from xinheng.rules.errors import RuleError
from xinheng.rules.money import to_minor
from xinheng.rules.road import Kind
from xinheng.site import founding

as_json = click.option("--json", "json_", is_flag=True, help="Answer as one JSON value. 以 JSON 输出。")
#: As long as the ledger keeps numbers.
_NUMBER_MAX = 64
#: How many rows a list tells at most; longer ones are taken from a file or a page.
ROWS_MAX = 100_000
entity_option = click.option("--entity", default="", help="Entity code. 公司主体代码。")


def limit_option(usual: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """How many rows are told."""
    told = "The newest so many. 最新条数。"
    return click.option("--limit", default=usual, show_default=True, type=click.IntRange(1, ROWS_MAX), help=told)


class NotFounded(XinhengError):
    """``init`` has not been run here."""

    code = "NOT_FOUNDED"


class BadDate(BadInput):
    """params: value."""

    code = "BAD_DATE"


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


def answered(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn every foreseeable refusal into a sentence (or a JSON error) and its exit code, never a traceback."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        asked_json = bool(kwargs.get("json_"))
        try:
            return command(*args, **kwargs)
        except XinhengError as error:
            fail(error.code, sentence(error), error.exit, asked_json)
        except RuleError as error:
            fail(error.code, sentence(error), 2, asked_json)
        except DatabaseError as error:
            fail("DATABASE", str(error).strip().splitlines()[0], 1, asked_json)

    return wrapper


def fail(code: str, message: str, exit_code: int, asked_json: bool) -> None:
    """Say what went wrong and stop."""
    if asked_json:
        write_json({"error": {"code": code, "message": message}})
    else:
        click.echo(f"{code}: {message}", err=True)
    sys.exit(exit_code)


def write_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def actor() -> User:
    """Whoever's token is in XINHENG_TOKEN, else the console operator.

    Raises:
        NotFounded, BadToken.
    """
    if not founding.is_founded():
        raise NotFounded
    secret = os.environ.get("XINHENG_TOKEN")
    if not secret:
        return founding.console()
    return people.owner_of(secret)


def read_date(text: str | None) -> date:
    """A date as typed; the business date without one.

    Raises:
        BadDate, YearTooEarly.
    """
    if not text:
        return clock.business_date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None
    if day.year < YEAR_MIN:
        raise YearTooEarly(date=text, first=YEAR_MIN)
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


def read_moment(text: str | None) -> datetime | None:
    """A moment as typed: a day (its end) or a time; in the company's time zone unless it says otherwise.

    Raises:
        BadDate, YearTooEarly.
    """
    if not text:
        return None
    from zoneinfo import ZoneInfo

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None
    if moment.year < YEAR_MIN:
        raise YearTooEarly(date=text, first=YEAR_MIN)
    if len(text) <= 10:
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
    if not 0 < len(number) <= _NUMBER_MAX or not number.isprintable():
        raise BadNumber(value=text[:_NUMBER_MAX], length=_NUMBER_MAX)
    return number


def whose(code: str, by: User) -> Customer:
    """The customer with this code, if this person may see it.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = customers.by_code(code)
    if not customers.visible_to(by).filter(pk=found.pk).exists():
        raise Unknown(what="customer", number=code)
    return found


def document_of(kind: Kind, number: str, entity: str, by: User) -> Document:
    """The present document of a kind with this number, of a customer this person may see.

    Raises:
        Unknown, Ambiguous.
    """
    found = exposure.document(kind, number, entity_code=entity)
    if not customers.visible_to(by).filter(pk=found.account.customer_id).exists():
        raise Unknown(what=kind.name.lower(), number=number)
    return found


def order_of(number: str, entity: str, by: User) -> Order:
    """The order with this number, of a customer this person may see.

    Raises:
        Unknown, Ambiguous.
    """
    found = sales.order_by_number(number, entity=entity)
    if not customers.visible_to(by).filter(pk=found.document.account.customer_id).exists():
        raise Unknown(what="order", number=number)
    return found
