"""A back-test as somebody reads it at the command line: how many change sides, the money at stake, and which."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.base import formats
from xinheng.desk.control.backtest.report import Backtest, Tried
from xinheng.desk.control.words import short_reasons

#: So many of a sort are listed; all of them stand in the JSON.
_LISTED = 50


def backtest_lines(result: Backtest) -> Iterator[str]:
    """The answer in sentences, what changes sides listed below its sentence."""
    orders, goods = result.orders, result.deliveries
    asked = len(orders.tried)
    said = ngettext("%(count)s order was decided again", "%(count)s orders were decided again", asked)
    yield said % {"count": asked} + _held(orders.tried)
    yield from _side(_("Held only now"), orders.newly_held)
    yield from _side(_("Freed now"), orders.newly_freed)
    asked = len(goods.tried)
    said = ngettext(
        "goods of %(count)s order were decided again", "goods of %(count)s orders were decided again", asked
    )
    yield said % {"count": asked} + _held(goods.tried)
    yield from _side(_("Stopped only now"), goods.newly_held)
    yield from _side(_("Let go now"), goods.newly_freed)


def _held(tried: list[Tried]) -> str:
    was, now = sum(one.was_held for one in tried), sum(one.is_held for one in tried)
    return _(": %(was)s held then, %(now)s under this policy.") % {"was": was, "now": now}


def _side(name: str, rows: list[Tried]) -> Iterator[str]:
    if not rows:
        yield _("%(name)s: none.") % {"name": name}
        return
    money: dict[str, int] = defaultdict(int)
    for one in rows:
        money[one.currency] += one.amount
    sums = " + ".join(formats.full(amount, currency) for currency, amount in sorted(money.items()))
    late = sum(one.late for one in rows)
    about = {"name": name, "count": len(rows), "sums": sums, "late": late}
    yield (_("%(name)s: %(count)s, %(sums)s; customers of %(late)s paid late afterwards.") % about)
    for one in rows[:_LISTED]:
        yield "  " + _line(one)
    if len(rows) > _LISTED:
        more = len(rows) - _LISTED
        yield "  " + ngettext("… and %(count)s more", "… and %(count)s more", more) % {"count": more}


def _line(one: Tried) -> str:
    words = [one.order, one.customer, formats.day(one.on), formats.full(one.amount, one.currency)]
    words += [short_reasons(one.reasons)] if one.reasons else []
    words += [_("paid late afterwards")] if one.late else []
    return "  ".join(words)
