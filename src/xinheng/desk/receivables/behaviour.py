"""How customers pay: each invoice of a period, how early or late it was paid or is by now, and what that comes to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from xinheng.base import sql
from xinheng.rules.money import convert
from xinheng.rules.road import Component, Kind


@dataclass(frozen=True, slots=True)
class Paid:
    """One invoice (or instalment); ``days_late`` is negative when it was paid early; ``open`` when it is not paid yet.

    ``amount`` and ``open`` are in minor units of ``currency``.
    """

    document_id: int
    number: str
    part: int
    issued_on: date
    due_on: date
    currency: str
    amount: int
    open: int
    days_late: int


_PAYMENTS = (
    "SELECT d.id, d.number, d.part, d.dated_on, d.due_on, d.currency, d.amount, "
    "(SELECT p.amount FROM exposure_position p WHERE p.document_id = d.id "
    f"AND p.component = {int(Component.INVOICED)}), "
    "(SELECT MAX(s.effective_on) FROM receivables_allocation s WHERE s.invoice_id = d.id AND s.undone_by_id IS NULL) "
    f"FROM exposure_document d WHERE d.dated_on >= %s AND d.kind = {int(Kind.INVOICE)} AND d.reversed_by_id IS NULL "
    "AND d.due_on IS NOT NULL AND d.account_id IN ({values}) ORDER BY d.dated_on DESC, d.id DESC LIMIT {most}"
)


def payments(account_ids: Collection[int], *, since: date, today: date, most: int = 300) -> list[Paid]:
    """The newest invoices of these accounts issued since a day, the oldest first; those credited away count as paid."""
    rows = sql.fetch_in(_PAYMENTS.format(most=int(most), values="{values}"), sorted(account_ids), [since])
    found = []
    for id, number, part, issued, due, currency, amount, open_now, paid in rows:
        due_on, settled_on = sql.as_date(due), sql.as_date(paid)
        ended = today if open_now else settled_on
        if due_on is None or ended is None:
            continue
        issued_on = sql.as_date(issued)
        assert issued_on is not None  # noqa: S101 - the column is never null
        late = (ended - due_on).days
        found.append(Paid(id, number, part, issued_on, due_on, currency, amount, int(open_now or 0), late))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a customer pays: invoices paid and invoices unpaid and overdue, with their days late on average.

    Days are weighted by amount in one currency, negative when early; None where there is nothing, or no rate.  What is
    not due yet says nothing.  ``days_late`` is over both: who stops paying does not look the better for it.
    """

    paid: int = 0
    paid_days: int | None = None
    overdue: int = 0
    overdue_days: int | None = None
    days_late: int | None = None
    worst_days: int | None = None


def behaviour(
    account_ids: Collection[int], paid: Collection[Paid], *, today: date, into: str, rates: Mapping[str, Decimal]
) -> Behaviour:
    """What ``paid`` and everything that is overdue today, however old, comes to; the overdue from the sums by day."""
    settled = [one for one in paid if not one.open]
    parts = [(one.days_late, _worth(one.amount, one.currency, into, rates)) for one in settled]
    late = [
        ((today - sql.as_day(due_on)).days, _worth(int(amount), currency, into, rates), int(count))
        for due_on, currency, amount, count in sql.fetch_in(_OVERDUE, sorted(account_ids), [today])
    ]
    unpaid = [(days, worth) for days, worth, _ in late]
    return Behaviour(
        paid=len(settled),
        paid_days=_average(parts),
        overdue=sum(count for _, _, count in late),
        overdue_days=_average(unpaid),
        days_late=_average([*parts, *unpaid]),
        worst_days=max((days for days, _ in [*parts, *unpaid]), default=None),
    )


_OVERDUE = (
    "SELECT t.due_on, t.currency, SUM(t.amount), SUM(t.count) FROM exposure_duetotal t "
    f"WHERE t.amount > 0 AND t.component = {int(Component.INVOICED)} AND t.due_on < %s "
    "AND t.account_id IN ({values}) GROUP BY t.due_on, t.currency"
)


def _worth(amount: int, currency: str, into: str, rates: Mapping[str, Decimal]) -> Fraction | None:
    """An amount in one currency, as a weight."""
    if currency == into:
        return Fraction(amount)
    rate = rates.get(currency)
    return None if rate is None else convert(amount, currency, into, rate)


def _average(parts: Collection[tuple[int, Fraction | None]]) -> int | None:
    """Days on average by weight; None without any, or where one has no rate."""
    weights = [weight for _, weight in parts if weight is not None]
    whole = sum(weights)
    if len(weights) < len(parts) or not whole:
        return None
    return round(sum((days * (weight or 0) for days, weight in parts), Fraction(0)) / whole)
