"""Filling empty books with the demo company and greeting whoever starts it.

Everything goes in as a customer's own data would: through the importer, by the console operator.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from xinheng.base import audit, clock, people
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput
from xinheng.base.models import AuditLine, Branch, Company, User
from xinheng.desk.customers.public import Group
from xinheng.exchange import demo
from xinheng.site import beginning, founding, home

CURRENCY = "GBP"
_LOADED = "base.demo.loaded"
#: What happens on the demo's day itself; everything else is history taken over.
_TODAYS = frozenset({"orders", "deliveries", "instruments"})


class BadToday(BadInput):
    """The demo's day must lie inside its data.  params: value."""

    code = "BAD_DEMO_DAY"


def load(*, today: str, say: Callable[[str], None]) -> None:
    """Load the demo company as of a day inside its data, telling each step.

    Raises:
        BadToday
    """
    from xinheng.desk.control import public as control
    from xinheng.exchange.importing import Options, run_import  # the importer: only who loads something waits for it

    on = _day(today)
    company = Company.objects.get()
    company.name = f"{demo.COMPANY['zh']} {demo.COMPANY['en']}"
    company.business_date, company.time_zone = on, "Europe/London"
    company.simulated, company.simulated_en = demo.ATTRIBUTION["zh"], demo.ATTRIBUTION["en"]
    company.save()
    for code, names in demo.BRANCHES.items():
        Branch.objects.get_or_create(code=code, defaults={"name": f"{names['zh']} {names['en']}"})
    for code, names in demo.GROUPS.items():
        Group.objects.get_or_create(code=code, defaults={"name": f"{names['zh']} {names['en']}"})
    _staff(say)
    with tempfile.TemporaryDirectory() as scratch:
        for batch in demo.batches(on):
            say(f"{batch.kind}: {len(batch.rows)}")
            file = Path(scratch) / f"{batch.kind}.csv"
            file.write_text(demo.csv_text(batch.rows), encoding="utf-8")
            history = batch.opening or batch.kind not in _TODAYS
            options = Options(opening=history, update=batch.kind == "entities")
            result = run_import(batch.kind, file, options, by=founding.console())
            if result.errors:
                raise RuntimeError(f"{batch.kind}: {result.errors[:3]}")
    _check_orders(on, say)
    say(_("the day begins"))
    control.start_day(on, by=founding.console())
    with atomic():
        audit.record("settings", _LOADED, "company", by=founding.console(), data={"business_date": on.isoformat()})


def is_unfinished() -> bool:
    """Whether loading the demo was begun and interrupted; loading it again goes on from there."""
    return bool(clock.company().simulated) and not AuditLine.objects.filter(verb=_LOADED).exists()


def _day(text: str) -> date:
    if not text:
        return demo.DEFAULT_TODAY
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise BadToday(value=text) from None
    if not demo.EARLIEST_TODAY <= on <= demo.LATEST_TODAY:
        raise BadToday(value=text)
    return on


def _staff(say: Callable[[str], None]) -> None:
    say(_("staff: %(count)s") % {"count": len(demo.STAFF)})
    password = _password()
    for person in demo.STAFF:
        if not User.objects.filter(username=person.username).exists():
            people.add_user(
                person.username,
                password,
                by=founding.console(),
                roles=[person.role],
                name_zh=person.name_zh,
                name_en=person.name_en,
                branch=person.branch,
                supervisor=person.supervisor,
                code=person.code,
            )


def _password() -> str:
    """The one password of all demo people, made at first start."""
    return home.secret("demo-password", bytes_long=9)


def _check_orders(on: date, say: Callable[[str], None]) -> None:
    """Put every waiting order through its credit check, oldest first."""
    from xinheng.desk.control import public as control
    from xinheng.desk.sales.public import Order

    waiting = Order.objects.filter(state=Order.State.ENTERED).select_related("document__account__customer")
    orders = list(waiting.order_by("document__dated_on", "document_id"))
    say(_("credit checks: %(count)s") % {"count": len(orders)})
    for order in orders:
        control.check_order(order, on=on, by=founding.console())


def welcome(address: str) -> Iterator[str]:
    """The address and one sign-in for every demo role."""
    yield f"Xinheng 信衡  {address}"
    if beginning.is_untouched():
        yield _("Begin your company: %(address)s") % {"address": f"{address}begin/?code={beginning.code()}"}
    if not clock.company().simulated or not (settings.HOME / "demo-password").exists():
        return
    yield _("Demo sign-ins (password %(password)s):") % {"password": _password()}
    for person in demo.sign_ins():
        yield f"  {person.username:20} {person.role:22} {person.name_zh} / {person.name_en}"
