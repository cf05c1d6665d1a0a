"""What was invoiced and what came off it, day by day over all time, without reading the ledger again for every page.

Movements are only ever added, so sums over those read once stay true: they are kept with the last movement they hold,
and only what came since is read.  Ids are given out before they are committed; a movement counts as read when it has
been there for a while, longer than any transaction that posts may last.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.core.cache import cache

from xinheng.base import clock, sql
from xinheng.base.database import is_postgres
from xinheng.rules.road import Component

#: (day as 2026-11-24, currency)
Day = tuple[str, str]
#: (what is owed grows by, what was invoiced), in minor units
Sums = tuple[int, int]

#: No condition: all accounts.
EVERYBODY: tuple[str, list[object]] = ("", [])
_SETTLES_AFTER = timedelta(minutes=10)
_KEY = "history-of-what-was-invoiced"
#: Where an invoice takes its value from; what comes back to INVOICED from elsewhere is no sale.
_BEFORE = f"{int(Component.ORDERED)}, {int(Component.DELIVERED)}, {int(Component.CONSIGNED)}"


def invoiced(accounts: tuple[str, list[object]]) -> dict[Day, Sums]:
    """What changed in INVOICED on each day; ``accounts`` is a condition on ``m.account_id`` with its parameters.

    Sums over all accounts are kept; those of a few are read along their index.
    """
    if accounts[0]:
        return _read(*accounts)
    mark, days, seen, seen_at = cache.get(_KEY) or (0, {}, 0, None)
    if seen_at is not None and seen > mark and clock.now() - seen_at > _SETTLES_AFTER:
        days, mark = _added(days, _read(" AND m.id > %s AND m.id <= %s", [mark, seen])), seen
        seen_at = None
    if seen_at is None:
        _keep(mark, days)
    return _added(days, _read(" AND m.id > %s", [mark]))


def _keep(mark: int, days: dict[Day, Sums]) -> None:
    """Keep what is certain, with the last movement there is now: after a while that one is certain too."""
    newest: int = sql.fetch("SELECT COALESCE(MAX(id), 0) FROM exposure_movement")[0][0]
    at: datetime = clock.now()
    cache.set(_KEY, (mark, days, newest, at), None)


def _read(where: str, params: list[object]) -> dict[Day, Sums]:
    """The movements of a condition, summed up by day and currency."""
    day = "to_char(m.effective_on, 'YYYY-MM-DD')" if is_postgres() else "m.effective_on"
    here = int(Component.INVOICED)
    into = f"CASE WHEN t.component = {here} THEN m.amount ELSE 0 END"
    out = f"CASE WHEN s.component = {here} THEN m.amount ELSE 0 END"
    sold = f"CASE WHEN t.component = {here} AND (s.id IS NULL OR s.component IN ({_BEFORE})) THEN m.amount ELSE 0 END"
    taken_back = (
        f"CASE WHEN s.component = {here} AND (t.id IS NULL OR t.component IN ({_BEFORE})) THEN m.amount ELSE 0 END"
    )
    rows = sql.fetch(
        f"SELECT {day}, m.currency, SUM({into}) - SUM({out}), SUM({sold}) - SUM({taken_back}) "
        "FROM exposure_movement m LEFT JOIN exposure_position s ON s.id = m.source_id "
        f"LEFT JOIN exposure_position t ON t.id = m.target_id WHERE ({here} IN (s.component, t.component)){where} "
        "GROUP BY 1, 2",
        params,
    )
    return {(str(on), currency): (int(change), int(sales)) for on, currency, change, sales in rows}


def _added(days: dict[Day, Sums], more: dict[Day, Sums]) -> dict[Day, Sums]:
    found: dict[Day, Sums] = defaultdict(lambda: (0, 0), days)
    for day, (change, sales) in more.items():
        found[day] = (found[day][0] + change, found[day][1] + sales)
    return dict(found)
