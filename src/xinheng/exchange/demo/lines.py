"""What credit the demo company has given: simulated lines, sized by what each customer owed at most so far.

Good payers have more room than bad ones, a few owe more than they may, some lines have run out, were withdrawn or never
got an amount, and a few were raised for the season. Two groups have one line for all their members, two have a line
with sub-limits below it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from .books import Standing
from .draw import Draw
from .profiles import DEFAULTING, EURO_CUSTOMERS, GROUPS, GROUPS_WITH_SUB_LIMITS, Profile, profiles
from .source import CURRENCY

UNLIMITED_CUSTOMERS = ("14646",)
FIRST_LINES, REVIEW = date(2009, 12, 1), date(2010, 7, 1)
LARGE_FROM_PEAK = 400_000
# From and up to how many times its highest debt a customer may owe, by how it pays.
ROOM = {
    "prompt": (1.4, 2.3),
    "usual": (1.25, 1.9),
    "late": (1.15, 1.6),
    "very-late": (1.1, 1.4),
    "disputing": (1.05, 1.35),
    DEFAULTING: (0.6, 0.95),
}
KINDS = (("amount", 93.5), ("short", 3.0), ("expired", 1.5), ("unset", 0.5), ("raised", 1.5))
KINDS_DEFAULTING = (("amount", 40.0), ("none", 35.0), ("expired", 25.0))
# Steps to which an amount in pence is rounded up, by the first bound it stays below.
STEPS = ((200_000, 10_000), (1_000_000, 50_000), (5_000_000, 100_000), (1 << 62, 500_000))
LEAST = 20_000
SHORT_FROM_OWED = 60_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line, `limit` in pence; `kind` is amount, short (less than is owed), unlimited, none, unset or expired."""

    customer: str
    group: str
    kind: str
    limit: int
    term_days: int
    valid_from: date
    valid_until: date | None = None

    def row(self) -> dict[str, str]:
        """The line as an import file has it."""
        return {
            "customer": self.customer,
            "group": self.group,
            "limit": {"unlimited": "unlimited", "none": "none", "unset": ""}.get(self.kind, str(self.limit // 100)),
            "currency": CURRENCY,
            "term_days": str(self.term_days),
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else "",
        }


def rounded_up(pence: int) -> int:
    """An amount a finance manager would write down: the next round one."""
    pence = max(pence, LEAST)
    step = next(step for bound, step in STEPS if pence < bound)
    return -(-pence // step) * step


def _kind(profile: Profile, standing: Standing, since: date, season: date, draw: Draw) -> str:
    """What sort of line: members of groups and customers in euro keep ordinary ones, for orders rest on them."""
    if profile.code in UNLIMITED_CUSTOMERS:
        return "unlimited"
    kind = draw.weighted(KINDS_DEFAULTING if profile.behaviour == DEFAULTING else KINDS)
    ordinary = bool(profile.group) or profile.code in EURO_CUSTOMERS
    small = kind in ("short", "raised") and standing.owed < SHORT_FROM_OWED
    young = kind == "raised" and since >= season
    return "amount" if ordinary or small or young else kind


def _limit(profile: Profile, standing: Standing, kind: str, draw: Draw) -> int:
    times = draw.between(*ROOM[profile.behaviour])
    if kind == "short":
        return rounded_up(standing.owed * draw.whole(55, 80) // 100)
    return rounded_up(standing.peak * 5 // 2 if profile.code in EURO_CUSTOMERS else int(standing.peak * times))


def _customer_lines(profile: Profile, standing: Standing, today: date) -> list[Line]:
    """The lines of one customer, the one that counts today last."""
    draw, season = Draw("line", profile.code), today.replace(day=1)
    since = max(FIRST_LINES, profile.documents[0].day.replace(day=1))
    kind = _kind(profile, standing, since, season, draw)
    limit = _limit(profile, standing, kind, draw)
    group = profile.group if profile.group in GROUPS_WITH_SUB_LIMITS else ""
    who, term = (profile.code, group), profile.term_days
    if kind == "raised":
        base = Line(*who, "amount", rounded_up(standing.peak * 8 // 10), term, since)
        return [base, Line(*who, "amount", limit, term, season, season + timedelta(days=75))]
    if kind == "expired":
        until = today - timedelta(days=draw.whole(3, 40))
        return [Line(*who, kind, limit, term, min(since, until - timedelta(days=90)), until)]
    until_next_year = date(2011, 6, 30) if kind == "amount" and draw.chance(0.4) else None
    if standing.peak >= LARGE_FROM_PEAK and since < REVIEW <= today:
        earlier = Line(*who, "amount", rounded_up(limit * 7 // 10), term, since, REVIEW - timedelta(days=1))
        return [earlier, Line(*who, kind, limit, term, REVIEW, until_next_year)]
    return [Line(*who, kind, limit, term, since, until_next_year)]


def _group_line(group: str, standings: dict[str, Standing]) -> Line:
    """One line for the group: almost used up in two of them, so that an order of a member is refused for the group."""
    members = [standings[member] for member in GROUPS[group]["members"] if member in standings]
    owed, peak = sum(s.owed for s in members), sum(s.peak for s in members)
    tight = group in ("G-RHEIN", "G-LUMIERE")
    limit = rounded_up(max(owed, 0) + 30_000) if tight else rounded_up(int(max(owed, peak) * 1.4))
    return Line("", group, "amount", limit, 30, FIRST_LINES)


def lines(today: date, standings: dict[str, Standing]) -> list[Line]:
    """All lines given by today; the last one of a customer, or of a group, is the one that counts."""
    found = [_group_line(group, standings) for group in GROUPS]
    for profile in profiles().values():
        alone = profile.group == "" or profile.group in GROUPS_WITH_SUB_LIMITS
        if profile.on_credit and alone and profile.code in standings:
            found.extend(_customer_lines(profile, standings[profile.code], today))
    return found
