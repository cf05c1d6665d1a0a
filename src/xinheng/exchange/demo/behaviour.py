"""How long a demo customer takes to pay an invoice.

The deciles of `payment_behaviour.csv` were measured on 30-day terms; another term moves them by the difference. A
disputed invoice follows the deciles of disputed ones. Cash customers pay on the day, with few exceptions.
"""

from datetime import date, timedelta
from functools import cache

from .draw import Draw
from .profiles import CASH, DEFAULTING, DISPUTING, Profile
from .source import table

MEASURED_TERM_DAYS = 30
# A disputing customer contests this share of its invoices; a defaulting one was a late payer before it stopped.
DISPUTING_INVOICES = 0.5
STANDS_FOR = {DISPUTING: "late", DEFAULTING: "late"}


@cache
def _curves() -> dict[tuple[str, bool], tuple[float, tuple[int, ...]]]:
    """Share of invoices and the eleven deciles of days to settle, by class and whether the invoice was disputed."""
    return {
        (row["class"], row["disputed"] == "yes"): (
            float(row["invoices_pct"]) / 100,
            tuple(int(row[f"d{10 * tenth}"]) for tenth in range(11)),
        )
        for row in table("payment_behaviour.csv")
    }


def days_at(deciles: tuple[int, ...], share: float) -> int:
    """Days at a share from 0 to 1 of the curve through the deciles, rounded half up."""
    tenth = min(int(share * 10), 9)
    rest = share * 10 - tenth
    return int(deciles[tenth] * (1 - rest) + deciles[tenth + 1] * rest + 0.5)


def is_disputed(profile: Profile, draw: Draw) -> bool:
    """Whether the customer contests an invoice."""
    if profile.behaviour == CASH:
        return False
    name = STANDS_FOR.get(profile.behaviour, profile.behaviour)
    share = DISPUTING_INVOICES if profile.behaviour == DISPUTING else _curves()[name, True][0]
    return draw.chance(share)


def pay_day(profile: Profile, issued: date, disputed: bool, draw: Draw) -> date | None:
    """The day on which the customer means to pay an invoice, or None if it never does."""
    if profile.behaviour == CASH:
        return _cash_day(issued, draw)
    name = STANDS_FOR.get(profile.behaviour, profile.behaviour)
    days = days_at(_curves()[name, disputed][1], draw.share()) + profile.term_days - MEASURED_TERM_DAYS
    day = on_a_pay_day(profile, issued + timedelta(days=max(days, 1)), issued)
    return None if profile.stops_on and day >= profile.stops_on else day


def on_a_pay_day(profile: Profile, day: date, not_before: date) -> date:
    """The working day, or the customer's own pay day of the week, nearest to a day."""
    if profile.run_weekday is None:
        moved = day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))
    else:
        moved = day + timedelta(days=(profile.run_weekday - day.weekday() + 3) % 7 - 3)
    while moved < not_before:
        moved += timedelta(days=7)
    return moved


def _cash_day(issued: date, draw: Draw) -> date | None:
    kind = draw.weighted((("day", 91.0), ("week", 5.0), ("late", 3.0), ("never", 1.0)))
    if kind == "never":
        return None
    return issued + timedelta(days={"day": 0, "week": draw.whole(1, 6), "late": draw.whole(8, 45)}[kind])
