"""Which customer plays which part in the open orders of the demo company.

Each part is a question a credit controller meets: an order that is one penny over the limit, one exactly at it, a line
that ran out, a member whose group has no room. The parts are cast among the customers as they really stand on the day,
no customer plays two, and each part names what the shipped policy makes of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .books import Standing
from .draw import Draw
from .lines import Line
from .profiles import EURO_CUSTOMERS, GROUPS, Profile, profiles

LONG_TERMS = (45, 60)
# An overdue order needs debt beyond any grace the shipped policy gives.
OVERDUE_DAYS, OVERDUE_PENCE = 15, 20_000
COMFORTABLE_ROOM = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """What an open order shows. `held` by the shipped policy at the order check, for the reason `key`."""

    key: str
    held: bool
    customer: str
    amount: int
    currency: str = "GBP"
    payment: str = "credit"


class Casting:
    """The customers with what they owe and may owe, and who is taken already."""

    def __init__(self, today: date, standings: dict[str, Standing], lines: list[Line]) -> None:
        self.today, self.standings, self.draw = today, standings, Draw("cast", today)
        self.lines = {line.customer: line for line in lines if line.customer}
        self.group_lines = {line.group: line for line in lines if not line.customer}
        self.taken: set[str] = {member for group in GROUPS.values() for member in group["members"]} | set(
            EURO_CUSTOMERS
        )
        self.parts: list[Part] = []

    def room(self, code: str) -> int:
        """What the customer may still owe under its own line, in pence; negative when it owes too much."""
        return self.lines[code].limit - self.standings[code].owed

    def group_room(self, group: str) -> int:
        """What all members together may still owe."""
        owed = sum(self.standings[code].owed for code in GROUPS[group]["members"] if code in self.standings)
        return self.group_lines[group].limit - owed

    def free(self) -> Iterable[tuple[Profile, Standing]]:
        """Customers without a part, those with the largest trade first."""
        for standing in sorted(self.standings.values(), key=lambda s: (-s.peak, s.code)):
            if standing.code not in self.taken:
                yield profiles()[standing.code], standing

    def limited(self, *terms: int) -> list[str]:
        """Free customers whose line is an amount in force, on one of these terms, with room and nothing overdue."""
        return [
            profile.code
            for profile, standing in self.free()
            if profile.term_days in terms and self.in_force(profile.code) and not standing.overdue
            if self.room(profile.code) > COMFORTABLE_ROOM
        ]

    def busy(self) -> list[str]:
        """Those of the limited on an ordinary term that use a good part of their line, the largest debt first."""
        using = [code for code in self.limited(14, 30) if 4 * self.standings[code].owed > self.lines[code].limit]
        return sorted(using, key=lambda code: (-self.standings[code].owed, code))

    def in_force(self, code: str) -> bool:
        """Whether the customer's own line is an amount and counts today."""
        line = self.lines.get(code)
        return bool(line and line.kind in ("amount", "short"))

    def overdue(self) -> list[str]:
        """Free customers with room, whose debt is overdue beyond the grace, the largest trade first."""
        return [
            profile.code
            for profile, standing in self.free()
            if profile.term_days in (14, 30)
            and self.in_force(profile.code)
            and self.room(profile.code) > COMFORTABLE_ROOM
            if standing.overdue_days > OVERDUE_DAYS and standing.overdue > OVERDUE_PENCE
        ]

    def with_line(self, kind: str) -> list[str]:
        """Free customers whose line is of this kind."""
        return [p.code for p, _ in self.free() if p.code in self.lines and self.lines[p.code].kind == kind]

    def cash(self) -> list[str]:
        """Free cash customers without any claim or debt, the busiest first."""
        return [p.code for p, s in self.free() if not p.on_credit and not s.unapplied and not s.invoiced]

    def give(self, key: str, held: bool, customer: str, amount: int, **more: str) -> None:
        """Cast a part; the customer is taken from now on."""
        self.taken.add(customer)
        self.parts.append(Part(key, held, customer, amount, **more))


def _held(cast: Casting) -> None:
    first, _, _, second, *_ = cast.busy()
    cast.give("over-limit", True, first, cast.room(first) + cast.lines[first].limit // 3)
    cast.give("over-limit-by-a-penny", True, second, cast.room(second) + 1)
    beyond = [p.code for p, _ in cast.free() if cast.in_force(p.code) and cast.room(p.code) < 0]
    for code in beyond[:2]:
        cast.give("over-limit-already", True, code, cast.standings[code].average_invoice)
    for code in cast.cash()[:2]:
        cast.give("no-credit", True, code, cast.standings[code].average_invoice)
    for code in cast.with_line("none")[:1]:
        cast.give("credit-withdrawn", True, code, cast.standings[code].average_invoice)
    for code in cast.with_line("expired")[:2]:
        cast.give("line-expired", True, code, max(5_000, min(cast.standings[code].average_invoice, 40_000)))
    for code in cast.cash()[:1]:
        cast.give("prepaid-without-money", True, code, cast.standings[code].average_invoice, payment="prepaid")
    for term in LONG_TERMS:
        code = cast.limited(term)[0]
        cast.give("term-too-long", True, code, cast.room(code) // 3)


def _groups(cast: Casting) -> None:
    """A member without a line of its own whose group is full, and one whose own line would still let it through."""
    rhein = max(GROUPS["G-RHEIN"]["members"], key=lambda code: cast.standings[code].average_invoice)
    cast.give("group-limit", True, rhein, max(cast.group_room("G-RHEIN"), 0) + 25_000)
    lumiere = max(GROUPS["G-LUMIERE"]["members"], key=cast.room)
    cast.give("group-limit-below-own", True, lumiere, max(cast.group_room("G-LUMIERE"), 0) + 10_000)


def _foreign(cast: Casting) -> None:
    for code in EURO_CUSTOMERS:
        cast.give("in-euro", False, code, cast.room(code) // 4, currency="EUR")
    japan = next(p for p, _ in cast.free() if p.country == "Japan" and cast.in_force(p.code))
    # Yen have no decimals, and no rate for them is on file.
    cast.give("rate-missing", True, japan.code, 48_500, currency="JPY")


def _passing(cast: Casting) -> None:
    for code in cast.overdue()[:3]:
        cast.give("overdue", False, code, min(cast.standings[code].average_invoice, cast.room(code) // 2))
    exactly, *nearly = cast.busy()[2:13:2]
    cast.give("exactly-at-the-limit", False, exactly, cast.room(exactly))
    for code in nearly:
        # Up to 93 to 98 of a hundred, where the watch zone is.
        spared = min(cast.room(code) // 3, cast.lines[code].limit * cast.draw.whole(2, 6) // 100)
        cast.give("near-the-limit", False, code, cast.room(code) - spared)
    for code in cast.with_line("unlimited")[:1]:
        cast.give("unlimited", False, code, cast.standings[code].average_invoice)
    ways = (("prepaid-with-money", "prepaid"), ("prepaid-with-money", "prepaid"), ("on-delivery", "cod"))
    for (key, payment), code in zip(ways, cast.cash(), strict=False):
        cast.give(key, False, code, cast.standings[code].average_invoice, payment=payment)


def ordinary(cast: Casting, key: str, wanted: int) -> None:
    """Orders of an everyday size of customers with more than enough room."""
    found = 0
    for code in cast.limited(14, 30):
        most = cast.room(code) - cast.lines[code].limit // 4
        usual = cast.standings[code].average_invoice * cast.draw.whole(50, 150) // 100
        if most >= COMFORTABLE_ROOM and found < wanted and cast.draw.chance(0.4):
            found += 1
            cast.give(key, False, code, min(usual, most))


def cast_parts(today: date, standings: dict[str, Standing], lines: list[Line]) -> Casting:
    """All parts for the open orders of a day."""
    cast = Casting(today, standings, lines)
    for fill in (_held, _groups, _foreign, _passing):
        fill(cast)
    ordinary(cast, "delivering", 14)
    ordinary(cast, "ordinary", 36)
    return cast
