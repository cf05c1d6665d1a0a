"""Founding the books: tables, the company, its first entity, the console operator, the shipped policy, the calendar."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from xinheng.base import clock, policies, sql
from xinheng.base.database import is_postgres
from xinheng.base.errors import BadInput
from xinheng.base.jobs import schedule
from xinheng.base.models import Company, User
from xinheng.desk.exposure.public import Entity
from xinheng.desk.limits.public import install_calendar
from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError
from xinheng.site import home

CONSOLE = "console"
#: The advisory lock under which books are founded on PostgreSQL: any number nobody else uses there.
_FOUNDING = 0x58_49_4E_48


class UnknownCurrency(BadInput):
    """params: currency."""

    code = "UNKNOWN_CURRENCY"


def found(*, currency: str = "CNY", name: str = "") -> Company:
    """Make or bring up to date everything a company needs.  Safe to repeat; an existing company keeps its currency.

    Raises:
        UnknownCurrency
    """
    try:
        decimals(currency)
    except RuleError:
        raise UnknownCurrency(currency=currency) from None
    with _alone():
        bring_up_to_date()
        return begin(currency=currency, name=name)


def begin(*, currency: str, name: str) -> Company:
    """What stands in books with nothing in them, whose tables are there; a known currency."""
    company = Company.objects.first() or Company.objects.create(name=name or "Xinheng", currency=currency)
    if not Entity.objects.exists():
        Entity.objects.create(code="MAIN", name=company.name)
    console()
    policies.install_shipped()
    schedule.install_shipped()
    install_calendar(clock.now().year)
    return company


def bring_up_to_date() -> None:
    """The tables of this version, and the triggers that guard them."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA optimize")


@contextmanager
def _alone() -> Iterator[None]:
    """One founder at a time; the lock goes with the process that held it, however it ended."""
    if is_postgres():
        sql.fetch("SELECT pg_advisory_lock(%s)", [_FOUNDING])
    handle = os.open(home.make(), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
        if is_postgres():
            sql.fetch("SELECT pg_advisory_unlock(%s)", [_FOUNDING])


def console() -> User:
    """The console operator: whoever may type on the server acts as this one (semantics.md 6)."""
    user, made = User.objects.get_or_create(
        username=CONSOLE, defaults={"roles": ["CONSOLE"], "name_zh": "控制台", "name_en": "Console"}
    )
    if made:
        user.set_unusable_password()
        user.save()
    return user


def is_founded() -> bool:
    """Whether ``init`` has been run here."""
    return Company._meta.db_table in connection.introspection.table_names() and Company.objects.exists()
