"""What all commands share: who acts, how answers and refusals are written, dates and amounts as people type them."""

import functools
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import click
from django.db import DatabaseError

from xinheng.base import people
from xinheng.base.errors import XinhengError
from xinheng.base.messages import sentence
from xinheng.base.models import User
from xinheng.base.stated import (
    BadAmount,
    BadDate,
    BadNumber,
    BelowZero,
    NotPositive,
    NotYet,
    read_amount,
    read_currency,
    read_date,
    read_moment,
    read_number,
    read_past_date,
)
from xinheng.desk.customers.public import whose
from xinheng.desk.exposure.public import document_of
from xinheng.desk.sales.public import order_of
from xinheng.rules.errors import RuleError
from xinheng.site import founding

__all__ = [
    "BadAmount",
    "BadDate",
    "BadNumber",
    "BelowZero",
    "NotFounded",
    "NotPositive",
    "NotYet",
    "actor",
    "answered",
    "as_json",
    "document_of",
    "entity_option",
    "fail",
    "limit_option",
    "order_of",
    "read_amount",
    "read_currency",
    "read_date",
    "read_moment",
    "read_number",
    "read_past_date",
    "whose",
    "write_json",
]

as_json = click.option("--json", "json_", is_flag=True, help="Answer as one JSON value. 以 JSON 输出。")
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
