"""From which day on an amount may be taken from a position, so that it is below zero on no day.

Paper that came back or an allocation undone in a closed month leaves a gap: the amount stands there today, but not on
every day before.  Whatever takes from it then takes effect after the gap.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from xinheng.base import sql
from xinheng.desk.exposure import public as exposure
from xinheng.rules.road import PLACES, Component


@dataclass(slots=True)
class Stand:
    """What stands on one position: ``today`` in minor units, and by how much it changed on which day.

    ``moved`` are the changes that money and paper made, where the history was read; the others are the goods' own.
    """

    today: int
    changes: dict[date, int] = field(default_factory=dict)
    moved: dict[date, int] = field(default_factory=dict)

    def first_day(self, amount: int, earliest: date) -> date:
        """The first day from ``earliest`` on from which ``amount`` stands there without gap; it stands there today."""
        first, stands = None, 0
        for day in sorted(self.changes):
            stands += self.changes[day]
            if stands < amount:
                first = None
            elif first is None:
                first = day
        return earliest if first is None else max(first, earliest)

    def untouched(self, since: date) -> bool:
        """Whether on every day from ``since`` on all that the goods brought stood there: no money, no paper for it."""
        days = [since, *(day for day in self.moved if day > since)]
        return all(sum(moved for on, moved in self.moved.items() if on <= day) >= 0 for day in days)

    def take(self, amount: int, on: date) -> None:
        """Note that ``amount`` is taken on a day, so that the next question knows."""
        self.today -= amount
        self.changes[on] = self.changes.get(on, 0) - amount


def effective_day(wanted: date, entity_id: int) -> date:
    """The day itself, or the first day of the earliest open month of the entity."""
    opened = exposure.open_from(entity_id)
    return max(wanted, opened) if opened else wanted


def stands(document_ids: Iterable[int], component: Component) -> dict[int, Stand]:
    """What stands in one component of these documents; a document that never had anything there is left out.

    Whole histories are read only for the few positions that grew after their document's own day: any other one has
    only fallen since, so today's amount stood there from the first day on.
    """
    ids = sorted(set(document_ids))
    rows = sql.fetch_in(
        f"SELECT p.document_id, p.id, p.amount, d.effective_on FROM exposure_position p JOIN exposure_document d "
        f"ON d.id = p.document_id WHERE p.component = {int(component)} AND p.document_id IN ({{values}})",
        ids,
    )
    found = {document: Stand(amount, {_day(on): amount}) for document, _, amount, on in rows}
    grown = _grown_later(ids, component)
    if grown:
        of_position = {position: document for document, position, _, _ in rows}
        for position in grown:
            found[of_position[position]].changes = {}
        for position, day, amount, goods in _histories(grown):
            stand = found[of_position[position]]
            for changes in (stand.changes,) if goods else (stand.changes, stand.moved):
                changes[day] = changes.get(day, 0) + amount
    return found


def _grown_later(document_ids: list[int], component: Component) -> list[int]:
    rows = sql.fetch_in(
        f"SELECT DISTINCT p.id FROM exposure_position p JOIN exposure_document d ON d.id = p.document_id "
        f"JOIN exposure_movement m ON m.target_id = p.id AND m.effective_on > d.effective_on "
        f"WHERE p.component = {int(component)} AND p.document_id IN ({{values}})",
        document_ids,
    )
    return [position for (position,) in rows]


def _histories(positions: list[int]) -> Iterator[tuple[int, date, int, bool]]:
    """(position, day, change, whether the goods road made it) of everything that ever changed these positions."""
    road = ",".join(str(int(place)) for place in PLACES if place is not None)
    for side, other, sign in (("target", "source", 1), ("source", "target", -1)):
        goods = f"CASE WHEN o.id IS NULL OR o.component IN ({road}) THEN 1 ELSE 0 END"
        for position, on, by_goods, amount in sql.fetch_in(
            f"SELECT m.{side}_id, m.effective_on, {goods}, SUM(m.amount) FROM exposure_movement m "
            f"LEFT JOIN exposure_position o ON o.id = m.{other}_id "
            f"WHERE m.{side}_id IN ({{values}}) GROUP BY m.{side}_id, m.effective_on, {goods}",
            positions,
        ):
            yield position, _day(on), sign * int(amount), bool(by_goods)


def _day(value: date | str) -> date:
    day = sql.as_date(value)
    assert day is not None  # noqa: S101 - the columns are never null
    return day
