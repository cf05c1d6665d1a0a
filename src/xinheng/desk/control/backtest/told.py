"""A back-test as somebody reads it: how many change sides, the money at stake, and which."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.base import formats
from xinheng.desk.control.backtest.report import Backtest, backtest_json
from xinheng.desk.control.words import short_reasons
from xinheng.rules.money import to_minor

#: So many of a sort are listed; all of them stand in the JSON.
_LISTED = 50


def backtest_lines(result: Backtest) -> Iterator[str]:
    """The answer in sentences, what changes sides listed below its sentence."""
    for said, rows in backtest_parts(backtest_json(result)):
        yield said
        yield from (f"  {row}" for row in rows)


def backtest_parts(told: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sentences, each with the orders it counts; of an answer as ``backtest_json`` gives it."""
    asked, goods = told["orders"], told["deliveries"]
    said = ngettext("%(count)s order was decided again", "%(count)s orders were decided again", asked)
    yield said % {"count": asked} + _held(told["held_before"], told["held_now"]), ()
    yield _side(_("Held only now"), told["newly_held"])
    yield _side(_("Freed now"), told["newly_freed"])
    asked = goods["asked"]
    said = ngettext(
        "goods of %(count)s order were decided again", "goods of %(count)s orders were decided again", asked
    )
    yield said % {"count": asked} + _held(goods["stopped_before"], goods["stopped_now"]), ()
    yield _side(_("Stopped only now"), goods["newly_stopped"])
    yield _side(_("Let go now"), goods["newly_let_go"])


def _held(was: int, now: int) -> str:
    return _(": %(was)s held then, %(now)s under this policy.") % {"was": was, "now": now}


def _side(name: str, side: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    if not side["count"]:
        return _("%(name)s: none.") % {"name": name}, ()
    sums = " + ".join(_money(amount, currency) for currency, amount in side["amounts"].items())
    about = {"name": name, "count": side["count"], "sums": sums, "late": side["paid_late"]}
    rows = [_line(one) for one in side["orders"][:_LISTED]]
    if more := side["count"] - len(rows):
        rows.append(ngettext("… and %(count)s more", "… and %(count)s more", more) % {"count": more})
    return _("%(name)s: %(count)s, %(sums)s; customers of %(late)s paid late afterwards.") % about, tuple(rows)


def _line(one: Mapping[str, Any]) -> str:
    day = formats.day(date.fromisoformat(one["date"]))
    words = [one["order"], one["customer"], day, _money(one["amount"], one["currency"])]
    words += [short_reasons(one["reasons"])] if one["reasons"] else []
    words += [_("paid late afterwards")] if one["paid_late"] else []
    return "  ".join(words)


def _money(amount: str, currency: str) -> str:
    return formats.full(to_minor(Decimal(amount), currency), currency)
