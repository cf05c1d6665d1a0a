"""My company 我的公司: the first thing somebody does in books with nothing in them, from the browser.

Whoever may read what the server printed at its start, or the file beside the books, may begin: there is nobody yet whom
one could ask.  As soon as there is a person, a customer, a document or the demo company, this door is closed for good,
so that real books and simulated ones are never mixed.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from xinheng.base import audit, people
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, XinhengError
from xinheng.base.models import Batch, Company, User
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure.public import Document, Entity
from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError
from xinheng.site import founding, home
from xinheng.site.founding import UnknownCurrency

ADMINISTRATOR = "ADMINISTRATOR"
_SECRET = "begin-code"  # noqa: S105 - the name of a file


class AlreadyBegun(XinhengError):
    """Somebody or something is in these books."""

    code = "ALREADY_BEGUN"


class NoAdministrator(BadInput):
    """Nobody of the first people could let others in."""

    code = "NO_ADMINISTRATOR"


class NoCompanyName(BadInput):
    """A company has a name."""

    code = "NO_COMPANY_NAME"


class UnknownTimeZone(BadInput):
    """params: value."""

    code = "UNKNOWN_TIME_ZONE"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the first people."""

    username: str
    password: str
    roles: Sequence[str]
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """What a company begins with."""

    name: str
    currency: str
    time_zone: str
    people: Sequence[Person]


def code() -> str:
    """What opens the door: made at first start, readable by whoever owns the books."""
    return home.secret(_SECRET, bytes_long=12)


def opens(typed: str) -> bool:
    """Whether this is the code."""
    return secrets.compare_digest(typed.strip().encode(), code().encode())


def is_untouched() -> bool:
    """Books that were founded and in which nobody has done anything yet."""
    return (
        not User.objects.exclude(username=founding.CONSOLE).exists()
        and Company.objects.filter(simulated="").exists()
        and not Customer.objects.exists()
        and not Document.objects.exists()
        and not Batch.objects.exists()
    )


def begin(start: Start) -> Company:
    """Give the books their company and let its first people in, all or nothing.

    Raises:
        AlreadyBegun, NoAdministrator, NoCompanyName, UnknownTimeZone, UnknownCurrency, and what ``people.add_user``
        raises.
    """
    name, by = " ".join(start.name.split()), founding.console()
    if not name:
        raise NoCompanyName
    if start.time_zone not in available_timezones():
        raise UnknownTimeZone(value=start.time_zone)
    if not any(ADMINISTRATOR in one.roles for one in start.people):
        raise NoAdministrator
    try:
        decimals(start.currency)
    except RuleError:
        raise UnknownCurrency(currency=start.currency) from None
    with atomic():
        company = Company.objects.select_for_update().get()
        if not is_untouched():
            raise AlreadyBegun
        company.name, company.currency, company.time_zone = name, start.currency, start.time_zone
        company.save()
        Entity.objects.filter(code="MAIN").update(name=name)
        data = {"name": name, "currency": start.currency, "time_zone": start.time_zone}
        audit.record("settings", "base.company.begun", "company", by=by, data=data)
        for one in start.people:
            names = {"name_zh": one.name_zh, "name_en": one.name_en}
            people.add_user(one.username, one.password, by=by, roles=one.roles, **names)
    return company
