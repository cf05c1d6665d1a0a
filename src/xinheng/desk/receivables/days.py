"""From which day on an amount may be taken from a position, so that it is below zero on no day.

Paper that came back or an allocation undone in a closed month leaves a gap: the amount stands there today, but not on
every day before.  Whatever takes from it then takes effect after the gap.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from xinheng.base import sql
from xinheng.desk.exposure import public as exposure
from xinheng.rules.road import Component


@dataclass(slots=True)
class Stand:
    """What stands on one position: ``today`` in minor units, and by how much it changed on which day."""

    today: int
    changes: dict[date, int] = field(default_factory=dict)

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
        for position, changes in _histories(grown).items():
            found[of_position[position]].changes = changes
    return found


def _grown_later(document_ids: list[int], component: Component) -> list[int]:
    rows = sql.fetch_in(
        f"SELECT DISTINCT p.id FROM exposure_position p JOIN exposure_document d ON d.id = p.document_id "
        f"JOIN exposure_movement m ON m.target_id = p.id AND m.effective_on > d.effective_on "
        f"WHERE p.component = {int(component)} AND p.document_id IN ({{values}})",
        document_ids,
    )
    return [position for (position,) in rows]


def _histories(positions: list[int]) -> dict[int, dict[date, int]]:
    changes: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for side, sign in (("target", 1), ("source", -1)):
        for position, on, amount in sql.fetch_in(
            f"SELECT {side}_id, effective_on, SUM(amount) FROM exposure_movement "
            f"WHERE {side}_id IN ({{values}}) GROUP BY {side}_id, effective_on",
            positions,
        ):
            changes[position][_day(on)] += sign * int(amount)
    return changes


def _day(value: date | str) -> date:
    day = sql.as_date(value)
    assert day is not None  # noqa: S101 - the columns are never null
    return day
