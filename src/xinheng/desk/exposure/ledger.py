"""Posting: the one place that writes positions, movements, balances and totals by due day.

The caller holds the lock of every account it names (``locks.py``).  Sums are kept by difference in the same
transaction, so they are true whenever somebody may look.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinheng.base import clock, sql
from xinheng.base.models import User
from xinheng.desk.exposure.models import Entry
from xinheng.rules.road import Component, Place, Step

#: Places whose sums an account carries; the ends (SETTLED, CANCELLED, WRITTEN_OFF) are not owed any more.
LIVE = frozenset(component for component in Component if component < Component.SETTLED)
#: Places that are asked for by due day.
DUE = frozenset({Component.DELIVERED, Component.INVOICED})


_ADD_TO_BALANCE = (
    "ON CONFLICT (account_id, component, currency) DO UPDATE SET amount = exposure_balance.amount + excluded.amount"
)


@dataclass(frozen=True, slots=True)
class Item:
    """What a posting must know about a document: whose, in which currency, from when, due when, what is special."""

    account_id: int
    currency: str
    dated_on: date
    due_on: date | None
    nature: str = "PLAIN"


def open_entry(verb: str, *, by: User, batch_id: int | None = None, at: datetime | None = None) -> Entry:
    """The heading under which movements of one action are kept."""
    return Entry.objects.create(at=at or clock.now(), actor=by, verb=verb, batch_id=batch_id)


def post(entry: Entry, steps: Iterable[Step], items: Mapping[int, Item]) -> None:
    """Post steps; ``items`` tells about every document they name.

    Raises:
        django.db.IntegrityError: a position would fall below zero: the caller checked too little.
    """
    steps = list(steps)
    if not steps:
        return
    deltas: dict[Place, int] = defaultdict(int)
    for step in steps:
        if step.source is not None:
            deltas[step.source] -= step.amount
        if step.target is not None:
            deltas[step.target] += step.amount
    ids, before = _positions(deltas)
    _write_positions(deltas, ids, before, items)
    sql.insert(
        "exposure_movement",
        ("entry_id", "account_id", "source_id", "target_id", "currency", "amount", "effective_on", "recorded_at"),
        [_movement_row(entry, step, ids, items) for step in steps],
    )
    _write_sums(deltas, before, items)


def _positions(places: Iterable[Place]) -> tuple[dict[Place, int], dict[Place, int]]:
    """Ids and amounts of the positions that exist already."""
    documents = sorted({document for document, _ in places})
    rows = sql.fetch_in(
        "SELECT document_id, component, id, amount FROM exposure_position WHERE document_id IN ({values})", documents
    )
    ids = {(document, Component(component)): id for document, component, id, _ in rows}
    return ids, {(document, Component(component)): amount for document, component, _, amount in rows}


def _write_positions(
    deltas: Mapping[Place, int], ids: dict[Place, int], before: Mapping[Place, int], items: Mapping[int, Item]
) -> None:
    new = [place for place in deltas if place not in ids]
    rows = []
    for place in new:
        item = items[place[0]]
        rows.append(
            (place[0], item.account_id, place[1], item.currency, item.dated_on, _due(place, item), deltas[place])
        )
    columns = ("document_id", "account_id", "component", "currency", "dated_on", "due_on", "amount")
    for document, component, id in sql.insert(
        "exposure_position", columns, rows, "RETURNING document_id, component, id"
    ):
        ids[document, Component(component)] = id
    changed = [(ids[place], delta) for place, delta in deltas.items() if place in before and delta]
    sql.update(
        "UPDATE exposure_position SET amount = amount + changed.delta FROM changed "
        "WHERE exposure_position.id = changed.id",
        "changed(id, delta)",
        changed,
    )


def _due(place: Place, item: Item) -> date | None:
    return item.due_on if place[1] in DUE else None


def _movement_row(entry: Entry, step: Step, ids: Mapping[Place, int], items: Mapping[int, Item]) -> tuple:
    place = step.target or step.source
    assert place is not None  # noqa: S101 - a step from outside to outside moves nothing
    item = items[place[0]]
    return (
        entry.pk,
        item.account_id,
        ids[step.source] if step.source else None,
        ids[step.target] if step.target else None,
        item.currency,
        step.amount,
        step.on,
        entry.at,
    )


def _write_sums(deltas: Mapping[Place, int], before: Mapping[Place, int], items: Mapping[int, Item]) -> None:
    balances: dict[tuple[int, str, int], int] = defaultdict(int)
    totals: dict[tuple[int, int, str, date, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, delta in deltas.items():
        item, component = items[place[0]], place[1]
        if not delta or component not in LIVE:
            continue
        balances[item.account_id, item.currency, component] += delta
        if component in DUE and item.due_on is not None:
            total = totals[item.account_id, component, item.currency, item.due_on, item.nature]
            total[0] += delta
            was = before.get(place, 0)
            total[1] += (was + delta > 0) - (was > 0)
    add_to_balances((*key, amount) for key, amount in sorted(balances.items()) if amount)
    add_to_due_totals((*key, *total) for key, total in sorted(totals.items()) if any(total))


def add_to_balances(rows: Iterable[tuple[int, str, int, int]]) -> None:
    """Add (account, currency, component, amount) to the balances."""
    sql.insert(
        "exposure_balance",
        ("account_id", "currency", "component", "amount"),
        rows,
        _ADD_TO_BALANCE,
    )


def add_to_due_totals(rows: Iterable[tuple[int, int, str, date, str, int, int]]) -> None:
    """Add (account, component, currency, due day, nature, amount, count) to the totals by due day."""
    sql.insert(
        "exposure_duetotal",
        ("account_id", "component", "currency", "due_on", "nature", "amount", "count"),
        rows,
        "ON CONFLICT (account_id, component, due_on, currency, nature) DO UPDATE SET "
        "amount = exposure_duetotal.amount + excluded.amount, count = exposure_duetotal.count + excluded.count",
    )


@dataclass(frozen=True, slots=True)
class Plain:
    """The one step of a document that stands alone: ``amount`` from outside into a position, negative back out.

    ``position_id`` is the position's, new unless ``exists``; both ids and the present amount were read under the lock.
    """

    document_id: int
    component: Component
    position_id: int
    exists: bool
    amount: int
    on: date


def post_plain(batch: sql.Batch, plain: Plain, item: Item, *, entry_id: int, at: datetime) -> None:
    """Add the statements of one plain step to a batch: what ``post`` does, without asking the database anything."""
    if plain.exists:
        batch.add("UPDATE exposure_position SET amount = amount + %s WHERE id = %s", [plain.amount, plain.position_id])
    else:
        batch.insert(
            "exposure_position",
            ("id", "document_id", "account_id", "component", "currency", "dated_on", "due_on", "amount"),
            [
                (
                    plain.position_id,
                    plain.document_id,
                    item.account_id,
                    int(plain.component),
                    item.currency,
                    item.dated_on,
                    _due((plain.document_id, plain.component), item),
                    plain.amount,
                )
            ],
        )
    comes = plain.amount > 0
    batch.insert(
        "exposure_movement",
        ("entry_id", "account_id", "source_id", "target_id", "currency", "amount", "effective_on", "recorded_at"),
        [
            (
                entry_id,
                item.account_id,
                None if comes else plain.position_id,
                plain.position_id if comes else None,
                item.currency,
                abs(plain.amount),
                plain.on,
                at,
            )
        ],
    )
    batch.insert(
        "exposure_balance",
        ("account_id", "currency", "component", "amount"),
        [(item.account_id, item.currency, int(plain.component), plain.amount)],
        _ADD_TO_BALANCE,
    )
