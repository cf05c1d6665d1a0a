"""What stands for an invoice without settling it: cheques and bills, and what of it was written off.

An invoice that stands again with another due day is the same debt.  So paper and write-off are lifted off, step by step
on the days they were put there, and laid onto the new document on the same days; the paper itself is not touched.
"""

from collections.abc import Collection, Sequence

from xinheng.base import sql
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.days import effective_day
from xinheng.rules.road import Component, Place, Step

_PAPER = (Component.INSTRUMENT, Component.CONTINGENT)


def lift(entry: Entry, invoice: Document) -> list[Step]:
    """Take off what stands for an invoice inside a locked transaction; the steps that brought it there, in order."""
    papers = _papers_of(invoice)
    steps = _without_detours(_steps_between({invoice.pk}, papers))
    back = [Step(one.target, one.source, one.amount, effective_day(one.on, invoice.entity_id)) for one in steps]
    exposure.post(entry, back, exposure.items([invoice], back))
    return steps


def lay(entry: Entry, steps: Sequence[Step], old: Document, new: Document) -> None:
    """Put onto ``new`` what was lifted off ``old``."""

    def there(place: Place | None) -> Place | None:
        return (new.pk, place[1]) if place and place[0] == old.pk else place

    again = [
        Step(there(one.source), there(one.target), one.amount, effective_day(one.on, new.entity_id)) for one in steps
    ]
    exposure.post(entry, again, exposure.items([new], again))


def _papers_of(invoice: Document) -> set[int]:
    """The instruments that took this invoice's place at some time."""
    found: set[int] = set()
    codes = ",".join(str(int(component)) for component in _PAPER)
    for side, other in (("source", "target"), ("target", "source")):
        rows = sql.fetch(
            f"SELECT DISTINCT o.document_id FROM exposure_position p JOIN exposure_movement m ON m.{side}_id = p.id "
            f"JOIN exposure_position o ON o.id = m.{other}_id AND o.component IN ({codes}) "
            f"WHERE p.document_id = %s AND p.component = {int(Component.INVOICED)}",
            [invoice.pk],
        )
        found |= {document for (document,) in rows}
    return found


def _steps_between(invoices: Collection[int], papers: Collection[int]) -> list[Step]:
    """All that became of the papers as paper, and of the invoices as bad debt, in the order it was posted."""
    select = (
        "SELECT m.id, s.document_id, s.component, t.document_id, t.component, m.amount, m.effective_on "
        "FROM exposure_movement m JOIN exposure_position s ON s.id = m.source_id "
        "JOIN exposure_position t ON t.id = m.target_id WHERE {side} IN "
        "(SELECT id FROM exposure_position WHERE document_id IN ({{values}}) AND component IN ({codes}))"
    )
    codes = ",".join(str(int(component)) for component in (*_PAPER, Component.WRITTEN_OFF))
    rows = {
        row[0]: row[1:]
        for side in ("m.source_id", "m.target_id")
        for row in sql.fetch_in(select.format(side=side, codes=codes), sorted({*invoices, *papers}))
    }
    steps = []
    for id in sorted(rows):
        source, left, target, reached, amount, on = rows[id]
        steps.append(Step((source, Component(left)), (target, Component(reached)), int(amount), sql.as_day(on)))
    return [one for one in steps if not _settles_bad_debt(one)]


def _settles_bad_debt(step: Step) -> bool:
    """Recovered money is an allocation: it was set aside before and is applied again."""
    assert step.source is not None and step.target is not None  # noqa: S101 - both ends were joined
    return {step.source[1], step.target[1]} == {Component.WRITTEN_OFF, Component.SETTLED}


def _without_detours(steps: Sequence[Step]) -> list[Step]:
    """The steps without those that were taken back on their own day: an invoice may stand again many times."""
    kept: list[Step] = []
    for one in steps:
        opposite = Step(one.target, one.source, one.amount, one.on)
        if opposite in kept:
            kept.reverse()
            kept.remove(opposite)
            kept.reverse()
        else:
            kept.append(one)
    return kept
