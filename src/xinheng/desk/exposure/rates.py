"""What a currency was worth on a day: the last rate on or before it (semantics.md 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xinheng.base import audit, clock, events, rights, sql
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput
from xinheng.base.models import User
from xinheng.base.once import once
from xinheng.desk.exposure.ledger import open_entry
from xinheng.desk.exposure.models import Entry
from xinheng.rules.currencies import decimals


@dataclass(frozen=True, slots=True)
class RateRow:
    """One unit of ``source`` is worth ``rate`` of ``target`` from a day on."""

    on: date
    source: str
    target: str
    rate: Decimal


def rates_on(on: date, into: str, known_on: datetime | None = None) -> dict[str, Decimal]:
    """For each currency with a rate: what one unit of it is worth in ``into`` on the day; ``into`` itself is 1.

    A pair known only the other way round is turned; of two, the newer counts and the direct one on the same day.
    ``known_on`` leaves out what was stated after that moment.
    """
    return once(("rates", on, into, known_on), lambda: _read_rates(on, into, known_on))


def _read_rates(on: date, into: str, known_on: datetime | None) -> dict[str, Decimal]:
    known, params = ("", []) if known_on is None else ("AND recorded_at <= %s ", [known_on])
    rows = sql.fetch(
        'SELECT r.source, r.target, r.rate, r."on" FROM exposure_rate r '
        'JOIN (SELECT source, target, MAX("on") AS latest FROM exposure_rate '
        f'WHERE "on" <= %s {known}AND (source = %s OR target = %s) GROUP BY source, target) newest '
        'ON newest.source = r.source AND newest.target = r.target AND newest.latest = r."on"',
        [on, *params, into, into],
    )
    found: dict[str, tuple[str, bool, Decimal]] = {}
    for source, target, rate, day in rows:
        direct = target == into
        currency, value = (source, Decimal(rate)) if direct else (target, 1 / Decimal(rate))
        if currency not in found or (str(day), direct) > found[currency][:2]:
            found[currency] = (str(day), direct, value)
    return {currency: value for currency, (_, _, value) in found.items()} | {into: Decimal(1)}


def record_rates(entry: Entry, rows: Iterable[RateRow]) -> None:
    """Keep rates; the same pair on the same day takes the new value."""
    sql.insert(
        "exposure_rate",
        ("source", "target", '"on"', "rate", "batch_id", "recorded_at"),
        [(row.source, row.target, row.on, format(row.rate.normalize(), "f"), entry.batch_id, entry.at) for row in rows],
        'ON CONFLICT (source, target, "on") DO UPDATE SET rate = excluded.rate, batch_id = excluded.batch_id',
    )


class BadRate(BadInput):
    """Not a rate: not above zero, or of a currency in itself.  params: value."""

    code = "BAD_RATE"


def set_rate(row: RateRow, *, by: User) -> None:
    """State one rate by hand; it changes what every order is worth, so it is audited, and whom it may free is told.

    Raises:
        BadRate, UnknownCurrency, Refused.
    """
    rights.require(by, "rates.set")
    if not row.rate.is_finite() or row.rate <= 0 or row.source == row.target:
        raise BadRate(value=f"{row.source} {row.target} {row.rate}")
    for currency in (row.source, row.target):
        decimals(currency)
    with atomic():
        record_rates(open_entry("exposure.rate.set", by=by), [row])
        data = {"on": str(row.on), "rate": format(row.rate, "f")}
        audit.record("rates", "exposure.rate.set", f"rate:{row.source}/{row.target}", by=by, data=data)
        events.tell(events.RatesCame(clock.business_date(), by))
