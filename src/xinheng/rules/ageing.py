"""Ageing: how old the open money is, in buckets of the reader's choice.

An item is aged from its due date (how late it is) or from its issue date (how long it has been owed).  What is due on a
day is not due on that day yet: its age is 0.  By issue date, too, what is aged 0 days or less stands in the first
bucket, which keeps its name ``not due``.  Bounds are days (30,60,90) or months (1M,2M,3M); an upper bound belongs to
its bucket, so the 30th day is still in 1-30, and a month ends on the corresponding day or the month's last.  Items
without a due date, because the event they wait for has not happened, are not due.

The books bucket millions of items by comparing dates inside the database: ``bucket_edges`` gives the date ranges.
``age`` and ``fifo`` say the same item by item.  Source: 篇8 经常进行账龄分析.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from xinheng.rules.dates import add_days, add_months
from xinheng.rules.errors import RuleError
from xinheng.rules.terms.model import Unit

NOT_DUE = "not due"
BOUNDS_MAX = 12
_LONGEST = {Unit.DAY: 36_500, Unit.MONTH: 1_200}
_BOUND = re.compile(r"([0-9]{1,9})(M?)", re.ASCII)


class BadBounds(RuleError):
    """Bounds that make no buckets.

    params: bounds and reason: EMPTY, UNREADABLE, OUT_OF_RANGE, NOT_RISING, TOO_MANY, MIXED (days and months) or
    MONTHS_NEED_DATES (a number of days says nothing about months).
    """

    code = "BAD_BOUNDS"


class MixedCurrencies(RuleError):
    """Items of several currencies where only one can be meant.  params: currencies."""

    code = "MIXED_CURRENCIES"


class By(StrEnum):
    """What an item is aged from."""

    DUE = "due"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Rising upper bounds in days or months; 3 bounds make 5 buckets.  Raises BadBounds when made."""

    upper: tuple[int, ...] = (30, 60, 90)
    unit: Unit = Unit.DAY

    def __post_init__(self) -> None:
        if not self.upper:
            self._refuse("EMPTY")
        if len(self.upper) > BOUNDS_MAX:
            self._refuse("TOO_MANY")
        if not all(1 <= bound <= _LONGEST[self.unit] for bound in self.upper):
            self._refuse("OUT_OF_RANGE")
        if any(low >= high for low, high in zip(self.upper, self.upper[1:], strict=False)):
            self._refuse("NOT_RISING")

    def _refuse(self, reason: str) -> None:
        raise BadBounds(bounds=str(self), reason=reason)

    def __str__(self) -> str:
        suffix = "M" if self.unit is Unit.MONTH else ""
        return ",".join(f"{bound}{suffix}" for bound in self.upper)

    @property
    def labels(self) -> tuple[str, ...]:
        """The buckets' names: ``not due``, ``1-30``, ``31-60``, ``>60``; in months ``0-1M``, ``1-2M``, ``>2M``."""
        lows = (0, *self.upper)
        if self.unit is Unit.MONTH:
            between = [f"{low}-{high}M" for low, high in zip(lows, self.upper, strict=False)]
            return (NOT_DUE, *between, f">{self.upper[-1]}M")
        between = [f"{low + 1}-{high}" for low, high in zip(lows, self.upper, strict=False)]
        return (NOT_DUE, *between, f">{self.upper[-1]}")


def parse_bounds(text: str) -> Bounds:
    """Bounds as a person writes them: ``30,60,90`` or ``1M,2M,3M``; full-width commas and spaces do.

    Raises BadBounds.
    """
    units, upper = set(), []
    for word in text.replace("，", ",").split(","):
        found = _BOUND.fullmatch(word.strip().upper())
        if found is None:
            raise BadBounds(bounds=text[:80], reason="UNREADABLE" if text.strip() else "EMPTY")
        units.add(Unit.MONTH if found[2] else Unit.DAY)
        upper.append(int(found[1]))
    if len(units) > 1:
        raise BadBounds(bounds=text[:80], reason="MIXED")
    return Bounds(tuple(upper), units.pop())


class Edge(NamedTuple):
    """One bucket as a range of dates, both ends included; None where it has no end."""

    label: str
    from_date: date | None
    to_date: date | None


def bucket_index(age_days: int, bounds: Bounds) -> int:
    """The bucket of an age in days; 0 is ``not due``.  Raises BadBounds for bounds in months."""
    if bounds.unit is Unit.MONTH:
        raise BadBounds(bounds=str(bounds), reason="MONTHS_NEED_DATES")
    return 0 if age_days <= 0 else bisect_left(bounds.upper, age_days) + 1


def bucket_of(day: date | None, *, as_of: date, bounds: Bounds) -> int:
    """The bucket of an item that is aged from ``day`` (None: no due date known).  Raises DateOutOfRange."""
    if day is None or day >= as_of:
        return 0
    if bounds.unit is Unit.DAY:
        return bucket_index((as_of - day).days, bounds)
    passed = sum(add_months(day, months) < as_of for months in bounds.upper)
    return passed + 1


def bucket_edges(as_of: date, bounds: Bounds) -> list[Edge]:
    """The buckets as ranges of dates, in the order of the labels; every date lies in exactly one.

    Raises DateOutOfRange when a bound reaches before the year 1.
    """
    firsts = [as_of, *(_first_within(as_of, bound, bounds.unit) for bound in bounds.upper)]
    edges = [Edge(NOT_DUE, as_of, None)]
    for label, later, first in zip(bounds.labels[1:], firsts, [*firsts[1:], None], strict=True):
        edges.append(Edge(label, first, add_days(later, -1)))
    return edges


def _first_within(as_of: date, bound: int, unit: Unit) -> date:
    """The earliest date whose period of ``bound`` days or months has not ended before ``as_of``."""
    if unit is Unit.DAY:
        return add_days(as_of, -bound)
    day = add_months(as_of, -bound)
    # Back from 31 March one month is 28 February, but one month from there ends on 28 March: 1 March is the first.
    return day if add_months(day, bound) >= as_of else add_days(day, 1)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open instalment, or with ``credit`` money of the customer's not yet applied; minor units, never negative."""

    id: int
    currency: str
    amount: int
    issued_on: date
    due_on: date | None = None
    credit: bool = False

    def aged_from(self, by: By) -> date | None:
        """The date the item is aged from."""
        return self.due_on if by is By.DUE else self.issued_on


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many instalments stand in a bucket, and what they come to in minor units."""

    label: str
    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class CurrencyAgeing:
    """The ageing of one currency; the buckets add up to ``count`` and ``amount``, ``unapplied`` stands apart."""

    buckets: tuple[Bucket, ...]
    count: int
    amount: int
    unapplied: int


def age(items: Iterable[OpenItem], *, as_of: date, by: By, bounds: Bounds, home: str) -> dict[str, CurrencyAgeing]:
    """The ageing by currency: the company's own (``home``) always, others when not zero, in alphabetical order.

    Settled items (amount 0) are not counted.  Raises DateOutOfRange.
    """
    counts: dict[str, list[int]] = {home: [0] * len(bounds.labels)}
    amounts: dict[str, list[int]] = {home: [0] * len(bounds.labels)}
    unapplied: dict[str, int] = {home: 0}
    for item in items:
        if not item.amount:
            continue
        if item.currency not in counts:
            counts[item.currency] = [0] * len(bounds.labels)
            amounts[item.currency] = [0] * len(bounds.labels)
            unapplied[item.currency] = 0
        if item.credit:
            unapplied[item.currency] += item.amount
            continue
        index = bucket_of(item.aged_from(by), as_of=as_of, bounds=bounds)
        counts[item.currency][index] += 1
        amounts[item.currency][index] += item.amount
    return {
        currency: CurrencyAgeing(
            tuple(map(Bucket, bounds.labels, counts[currency], amounts[currency])),
            sum(counts[currency]),
            sum(amounts[currency]),
            unapplied[currency],
        )
        for currency in [home, *sorted(counts.keys() - {home})]
    }


def fifo(debits: Sequence[OpenItem], *, credit: int, by: By) -> tuple[list[OpenItem], int]:
    """The auditor's view: all credit consumes the oldest debits first, however it was allocated.

    ``debits`` are one customer's items of one currency at their full amounts, ``credit`` all that was paid and credited
    (minor units, not negative).  Gives the items that remain, oldest first, and the credit that found no debit.
    Raises MixedCurrencies.
    """
    currencies = {item.currency for item in debits}
    if len(currencies) > 1:
        raise MixedCurrencies(currencies=sorted(currencies))
    remaining = []
    for item in sorted(debits, key=lambda debit: (debit.aged_from(by) or date.max, debit.issued_on, debit.id)):
        taken = min(item.amount, credit)
        credit -= taken
        if item.amount > taken:
            remaining.append(replace(item, amount=item.amount - taken))
    return remaining, credit
