"""The open orders of the demo company, all simulated: some approved earlier and on their way, the rest not yet checked.

The orders of the last days are entered unchecked, for the reader to see them decided. Those of the weeks before were
approved then and are taken over as they stand, most of them delivered in part and not yet invoiced. One load of goods
left without any order. A few customers paid in advance or left a deposit.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from .cast import Casting, Part
from .draw import Draw
from .profiles import profiles
from .source import CURRENCY, plain

Rows = list[dict[str, str]]
NO_DECIMALS = ("JPY",)


@dataclass(frozen=True, slots=True)
class Order:
    """An open order. `loads` are its deliveries so far: day and pence."""

    number: str
    day: date
    ship_on: date
    part: Part
    loads: tuple[tuple[date, int], ...] = ()

    @property
    def approved(self) -> bool:
        """Taken over as approved, not to be checked."""
        return self.part.key == "delivering"

    def row(self) -> dict[str, str]:
        """The order as an import file has it."""
        whole = self.part.currency in NO_DECIMALS
        return {
            "number": self.number,
            "customer": self.part.customer,
            "date": self.day.isoformat(),
            "amount": str(self.part.amount) if whole else plain(self.part.amount),
            "currency": self.part.currency,
            "salesperson": profiles()[self.part.customer].salesperson,
            "ship_date": self.ship_on.isoformat(),
            "payment": self.part.payment,
        }


def _loads(place: int, part: Part, day: date, today: date, draw: Draw) -> tuple[tuple[date, int], ...]:
    """Of seven orders four have left in part, one in two loads, one in full, and one is still in the warehouse."""
    first = min(day + timedelta(days=draw.whole(2, 5)), today)
    percent = {4: (35, 40), 5: (100,), 6: ()}.get(place % 7, (draw.whole(30, 80),))
    days = first, min(first + timedelta(days=3), today)
    return tuple((days[load], part.amount * share // 100) for load, share in enumerate(percent))


def open_orders(cast: Casting) -> list[Order]:
    """All open orders of the day in the order of their dates and numbers."""
    draw, today = Draw("orders", cast.today), cast.today
    dated = []
    for part in cast.parts:
        back = draw.whole(7, 24) if part.key == "delivering" else draw.whole(0, 4)
        dated.append((today - timedelta(days=back), part))
    orders, on_the_way = [], 0
    for place, (day, part) in enumerate(sorted(dated, key=lambda pair: pair[0]), start=1):
        loads: tuple[tuple[date, int], ...] = ()
        if part.key == "delivering":
            loads = _loads(on_the_way, part, day, today, draw)
            on_the_way += 1
        ship_on = max(day, today) + timedelta(days=draw.whole(1, 9))
        orders.append(Order(f"SIM-O-{place:04d}", day, ship_on, part, loads))
    return orders


def delivery_rows(orders: list[Order]) -> Rows:
    """Goods delivered on approved orders and not yet invoiced."""
    loads = sorted((day, order.number, amount) for order in orders for day, amount in order.loads)
    return [
        {
            "number": f"SIM-D-{place:04d}",
            "date": day.isoformat(),
            "amount": plain(amount),
            "order": number,
            "customer": "",
        }
        for place, (day, number, amount) in enumerate(loads, start=1)
    ]


def unreleased_delivery_rows(cast: Casting) -> Rows:
    """One load that left yesterday without an order or a release, to a customer with room for it."""
    code = next(code for code in cast.limited(14, 30) if cast.room(code) > 3 * cast.standings[code].average_invoice)
    cast.taken.add(code)
    return [
        {
            "number": "SIM-D-9001",
            "date": (cast.today - timedelta(days=1)).isoformat(),
            "amount": plain(cast.standings[code].average_invoice),
            "order": "",
            "customer": code,
        }
    ]


def advance_rows(cast: Casting, orders: list[Order]) -> Rows:
    """Money before the goods: for the prepaid orders that pass, exactly and with something over; and two deposits."""
    rows: Rows = []
    prepaid = [order for order in orders if order.part.key == "prepaid-with-money"]
    for place, order in enumerate(prepaid):
        rows.append(
            _money(f"SIM-ADV-{place + 1:02d}", order.part.customer, order.day, order.part.amount + 5_000 * place)
        )
    deposits = [profile.code for profile, _ in cast.free() if profile.on_credit][:40:20]
    for place, code in enumerate(deposits, start=1):
        rows.append(_money(f"SIM-DEP-{place:02d}", code, cast.today - timedelta(days=20), 100_000, purpose="deposit"))
    return rows


def _money(number: str, customer: str, day: date, amount: int, purpose: str = "payment") -> dict[str, str]:
    return {
        "number": number,
        "customer": customer,
        "date": day.isoformat(),
        "amount": plain(amount),
        "currency": CURRENCY,
        "purpose": purpose,
        "order": "",
    }
