"""Exchange rates: what one unit of a currency was worth in another on a day, until the next one."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from xinheng.base import events, sql
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.exchange.cells import Cells
from xinheng.exchange.intake import Locked
from xinheng.exchange.kinds.lists import Kept, Lists
from xinheng.rules.currencies import decimals

_DIGITS_MAX = 30


class Rates(Lists):
    """One file of rates."""

    right = "rates.set"
    key_field = "date"

    def read(self, cells: Cells) -> Iterator[Kept]:
        days = cells.days("date", self.days, required=True)
        sources = cells.texts("from", longest=3, required=True)
        targets = cells.texts("to", longest=3, required=True)
        for field in ("from", "to"):
            cells.check(field, decimals)
        rates = cells.decimals("rate", required=True)
        for index, line in enumerate(cells.lines):
            rate = rates[index]
            if rate is not None and (rate <= 0 or len(rate.as_tuple().digits) > _DIGITS_MAX):
                cells.refuse(index, "rate", "RATE_BAD", rate=cells.raw("rate")[index])
            if sources[index] == targets[index]:
                cells.refuse(index, "to", "SAME_CURRENCY", currency=targets[index])
            key = (sources[index], targets[index], days[index])
            yield Kept(line, key, {"rate": rate}, shown="/".join(map(str, key)))

    def look_up(self, rows: Sequence[Kept]) -> None:
        days = sorted({str(row.key[2]) for row in rows})  # type: ignore[index]
        known = {
            (source, target, str(sql.as_day(day))): rate
            for source, target, day, rate in sql.fetch_in(
                'SELECT source, target, "on", rate FROM exposure_rate WHERE "on" IN ({values})', days
            )
        }
        for row in rows:
            row.found = known.get(row.key)  # type: ignore[arg-type]

    def differing(self, row: Kept) -> str:
        return "" if row.stated["rate"] == Decimal(row.found) else "rate"

    def before(self) -> list[Any]:
        """Pair and day with the rate that stood there; nothing for a new one."""
        return [[list(row.key), row.found] for row in self.landing()]  # type: ignore[call-overload]

    def land(self, entry: Entry, held: Locked) -> None:
        exposure.record_rates(
            entry,
            [
                exposure.RateRow(sql.as_day(day), source, target, row.stated["rate"])
                for row in self.landing()
                for source, target, day in [row.key]  # type: ignore[misc]
            ],
        )

    def tell(self, entry: Entry) -> None:
        """A rate may free orders that were held for want of it."""
        if self.landing():
            events.tell(events.RatesCame(self.setting.on, entry.actor))
