"""Due dates from a term, and how long a term lets a customer owe at most.

**Statement modes** (月结, 季结, 年结), with days n, cut day c and pay day p: an invoice belongs to the statement of its
month when its day of the month is not after c (where the month is shorter than c, it always is), else to the next
month's.  The statement closes at the end of that month, of the quarter it lies in, or of the year.  From that last day
n days are counted.  With a pay day, it is due on the first p-th of a month on or after that (the month's last day,
where it has no p-th); without one, on that day itself.  月结30 cut 25 pay 10 of 20 January: closes 31 January, 30 days
later is 2 March, due 10 March; of 26 January: closes 28 February, 30 March, due 10 April.

**Events** (delivery, acceptance, a statement, the next batch): without the day of the event there is no due date.  With
``latest`` the due date is then provisionally that day, and never later than it once the event is known.  Two modes
need no event to be known: cash on delivery and consignment fall back to the invoice date, because there the invoice
follows the goods and the sale.

No part is due before the invoice is issued: nobody can be late with an invoice that does not exist yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from xinheng.rules.calendar import WorkingCalendar
from xinheng.rules.dates import add_days, month_end, next_day_of_month, quarter_end, year_end
from xinheng.rules.errors import RuleError
from xinheng.rules.money import split
from xinheng.rules.terms.model import Base, Mode, Part, Roll, Rule, Term, Unit


class BaseDateMissing(RuleError):
    """The invoice date, which every term needs, was not given."""

    code = "BASE_DATE_MISSING"


class PartKind(StrEnum):
    """Why an instalment may be treated apart: retention money and initial stock are not overdue like the rest."""

    ORDINARY = "ORDINARY"
    RETENTION = "RETENTION"  # 质保金
    FLOAT = "FLOAT"  # 铺底


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of an amount and the day it is due.

    ``due_on`` is None while the event it waits for is unknown; ``provisional`` when the day is only the latest one.
    """

    part: int
    due_on: date | None
    amount: int
    provisional: bool = False
    kind: PartKind = PartKind.ORDINARY


def due_dates(
    term: Term, *, base_dates: Mapping[Base, date], amount: int, calendar: WorkingCalendar
) -> tuple[Instalment, ...]:
    """The instalments of an amount in minor units, in the term's order, adding up to it exactly (see ``money.split``).

    ``base_dates`` has the invoice date and those events that have happened.  ``calendar`` matters only when the term
    moves rest days.  Raises BaseDateMissing, DateOutOfRange.
    """
    if Base.INVOICE not in base_dates:
        raise BaseDateMissing(term=str(term))
    if len(term.parts) == 1:
        amounts: tuple[int, ...] = (amount,)
    else:
        amounts = split(amount, [part.share for part in term.parts])
    found = []
    for number, (part, share) in enumerate(zip(term.parts, amounts, strict=True), start=1):
        due_on, provisional = _due(part.rule, base_dates)
        if due_on is not None and term.roll is not Roll.NONE:
            move = calendar.on_or_after if term.roll is Roll.NEXT else calendar.on_or_before
            due_on = max(move(due_on), base_dates[Base.INVOICE])
        found.append(Instalment(number, due_on, share, provisional, _kind(part)))
    return tuple(found)


def term_days_max(term: Term) -> int | None:
    """The longest a customer may owe under the term, in days from the invoice date; None when nothing bounds it.

    The worst case over all invoice days: 月结30 is 60, for an invoice of the first of a long month.  Retention money is
    left out, and so is the moving of rest days.  篇7: 一般公司对客户的信用期限最多不超过30天.
    """
    longest = [_days_max(part.rule) for part in term.parts if not part.retention]
    bounded = [days for days in longest if days is not None]
    return max(bounded) if len(bounded) == len(longest) else None


def _kind(part: Part) -> PartKind:
    if part.retention:
        return PartKind.RETENTION
    return PartKind.FLOAT if part.rule.mode is Mode.FLOAT else PartKind.ORDINARY


def _due(rule: Rule, base_dates: Mapping[Base, date]) -> tuple[date | None, bool]:
    """The due date before rest days are looked at, and whether it is only the latest one."""
    issued_on = base_dates[Base.INVOICE]
    start = _start(rule, base_dates)
    due_on = None if start is None else _counted(rule, start)
    if rule.latest is not None:
        latest_on = rule.latest.after(issued_on)
        if due_on is None:
            return latest_on, True
        due_on = min(due_on, latest_on)
    return (None if due_on is None else max(due_on, issued_on)), False


def _start(rule: Rule, base_dates: Mapping[Base, date]) -> date | None:
    if rule.base is Base.MONTH_END:
        return month_end(base_dates[Base.INVOICE])
    if rule.mode in (Mode.COD, Mode.CONSIGNMENT):
        return base_dates.get(rule.base, base_dates[Base.INVOICE])
    return base_dates.get(rule.base)


def _counted(rule: Rule, start: date) -> date:
    if rule.until is not None:
        return rule.until
    if rule.mode is Mode.MONTHLY:
        start = _statement_month_end(start, rule.cut)
    elif rule.mode is Mode.QUARTERLY:
        start = quarter_end(_statement_month_end(start, rule.cut))
    elif rule.mode is Mode.YEARLY:
        start = year_end(_statement_month_end(start, rule.cut))
    due_on = rule.span.after(start)
    return next_day_of_month(due_on, rule.pay) if rule.pay else due_on


def _statement_month_end(day: date, cut: int) -> date:
    last = month_end(day)
    return last if day.day <= cut or last.day <= cut else month_end(add_days(last, 1))


#: Four years with one leap day hold every shape of month, quarter and year that a term can meet.
_SAMPLE = [date(2024, 1, 1) + timedelta(days=offset) for offset in range(4 * 365 + 1)]


@lru_cache(maxsize=4096)
def _days_max(rule: Rule) -> int | None:
    if rule.until is not None:
        return None  # how long that is depends on the invoice
    if rule.mode is Mode.NET and rule.base is Base.INVOICE and rule.span.unit is Unit.DAY:
        return rule.span.count
    longest = 0
    for day in _SAMPLE:
        due_on, _ = _due(rule, {Base.INVOICE: day})
        if due_on is None:
            return None
        longest = max(longest, (due_on - day).days)
    return longest
