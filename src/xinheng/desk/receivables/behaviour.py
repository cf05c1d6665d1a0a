"""How customers pay: for each invoice of a period, how early or late it was paid, or how late it is by now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from xinheng.base import sql
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


def average_days_late(paid: Collection[Paid]) -> int | None:
    """Days late on average, weighted by amount, of what has been paid; None when nothing was."""
    settled = [one for one in paid if not one.open]
    weight = sum(one.amount for one in settled)
    return round(sum(one.days_late * one.amount for one in settled) / weight) if weight else None
