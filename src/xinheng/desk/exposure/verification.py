"""Proof that the ledger is whole: everything is computed again from the movements and must differ by nothing.

Each check yields one line per difference; silence means the books are right.
"""

from collections.abc import Iterator
from itertools import groupby

from xinheng.base import sql
from xinheng.desk.exposure import documents
from xinheng.desk.exposure.ledger import DUE, LIVE
from xinheng.desk.exposure.models import Document, Entity, Holder
from xinheng.rules import road
from xinheng.rules.road import Component, Kind, Place

#: Where goods stand before they are invoiced, or after they were called off; an invoice's value may have moved on.
_OF_GOODS = frozenset({Component.ORDERED, Component.DELIVERED, Component.CONSIGNED, Component.CANCELLED})
_FLOWS = (
    "SELECT target_id AS position, effective_on AS day, amount FROM exposure_movement WHERE target_id IS NOT NULL "
    "UNION ALL SELECT source_id, effective_on, -amount FROM exposure_movement WHERE source_id IS NOT NULL"
)


def differences() -> Iterator[str]:
    """Everything in the ledger that does not follow from its movements and documents."""
    yield from _positions()
    yield from _negative_days()
    yield from _balances()
    yield from _due_totals()
    yield from _strays()
    yield from _invoices()
    for entity in Entity.objects.order_by("id"):
        yield from _road(entity)


def heads() -> dict[str, tuple[int, str]]:
    """The head of every holder's audit chain that has one: stream → (sequence, digest)."""
    rows = Holder.objects.filter(sequence__gt=0).values_list("id", "sequence", "digest")
    return {f"holder:{id}": (sequence, digest) for id, sequence, digest in rows}


def _positions() -> Iterator[str]:
    for id, amount, moved in sql.fetch(
        f"SELECT p.id, p.amount, COALESCE(f.moved, 0) FROM exposure_position p LEFT JOIN "
        f"(SELECT position, SUM(amount) AS moved FROM ({_FLOWS}) flows GROUP BY position) f ON f.position = p.id "
        f"WHERE p.amount <> COALESCE(f.moved, 0)"
    ):
        yield f"position {id}: holds {amount}, its movements say {moved}"


def _negative_days() -> Iterator[str]:
    for position, day, stood in sql.fetch(
        f"SELECT position, day, stood FROM (SELECT position, day, SUM(SUM(amount)) OVER "
        f"(PARTITION BY position ORDER BY day) AS stood FROM ({_FLOWS}) flows GROUP BY position, day) daily "
        f"WHERE stood < 0"
    ):
        yield f"position {position}: {stood} on {day}"


def _balances() -> Iterator[str]:
    live = ",".join(str(int(component)) for component in LIVE)
    yield from _compare(
        "balance",
        "SELECT account_id, currency, component, amount FROM exposure_balance WHERE amount <> 0",
        f"SELECT account_id, currency, component, SUM(amount) FROM exposure_position WHERE component IN ({live}) "
        f"GROUP BY account_id, currency, component HAVING SUM(amount) <> 0",
    )


def _due_totals() -> Iterator[str]:
    due = ",".join(str(int(component)) for component in DUE)
    yield from _compare(
        "total by due day",
        "SELECT account_id, component, currency, due_on, nature, amount, count FROM exposure_duetotal "
        "WHERE amount <> 0 OR count <> 0",
        f"SELECT p.account_id, p.component, p.currency, p.due_on, d.nature, SUM(p.amount), COUNT(*) "
        f"FROM exposure_position p JOIN exposure_document d ON d.id = p.document_id WHERE p.component IN ({due}) "
        f"AND p.due_on IS NOT NULL AND p.amount > 0 "
        f"GROUP BY p.account_id, p.component, p.currency, p.due_on, d.nature",
    )


def _compare(what: str, kept: str, computed: str) -> Iterator[str]:
    """Rows that one query has and the other has not."""
    for first, second, words in ((kept, computed, "kept but not computed"), (computed, kept, "computed but not kept")):
        for row in sql.fetch(f"SELECT * FROM ({first}) a EXCEPT SELECT * FROM ({second}) b"):
            yield f"{what} {words}: {', '.join(map(str, row))}"


def _strays() -> Iterator[str]:
    for (id,) in sql.fetch(
        "SELECT p.id FROM exposure_position p LEFT JOIN exposure_document d ON d.id = p.document_id "
        "WHERE d.id IS NULL OR d.account_id <> p.account_id OR d.currency <> p.currency OR d.dated_on <> p.dated_on"
    ):
        yield f"position {id}: does not agree with its document"
    for (id,) in sql.fetch(
        "SELECT m.id FROM exposure_movement m LEFT JOIN exposure_entry e ON e.id = m.entry_id "
        "LEFT JOIN exposure_position s ON s.id = m.source_id LEFT JOIN exposure_position t ON t.id = m.target_id "
        "WHERE e.id IS NULL OR e.at <> m.recorded_at OR (s.id IS NULL AND t.id IS NULL) "
        "OR s.account_id <> m.account_id OR t.account_id <> m.account_id "
        "OR s.currency <> m.currency OR t.currency <> m.currency"
    ):
        yield f"movement {id}: does not agree with its entry or positions"


def _invoices() -> Iterator[str]:
    """Wherever an invoice's value stands, the paper in its place included, it adds up; a reversed one has none left."""
    moves = (
        "SELECT {invoice}.document_id AS document, {sign}m.amount AS amount FROM exposure_movement m "
        "JOIN exposure_position s ON s.id = m.source_id JOIN exposure_position t ON t.id = m.target_id "
        f"WHERE {{invoice}}.component = {int(Component.INVOICED)} AND {{paper}}.component IN "
        f"({int(Component.INSTRUMENT)}, {int(Component.CONTINGENT)})"
    )
    to_paper = moves.format(invoice="s", sign="", paper="t")
    back = moves.format(invoice="t", sign="-", paper="s")
    for number, part, amount, stands in sql.fetch(
        "SELECT number, part, wanted, stands + papers FROM (SELECT d.number, d.part, "
        "CASE WHEN d.reversed_by_id IS NULL THEN d.amount ELSE 0 END AS wanted, COALESCE(x.amount, 0) AS papers, "
        "COALESCE((SELECT SUM(p.amount) FROM exposure_position p WHERE p.document_id = d.id), 0) AS stands "
        "FROM exposure_document d LEFT JOIN (SELECT document, SUM(amount) AS amount FROM "
        f"({to_paper} UNION ALL {back}) flows GROUP BY document) x ON x.document = d.id "
        f"WHERE d.kind = {int(Kind.INVOICE)}) invoices WHERE wanted <> stands + papers"
    ):
        yield f"invoice {number}/{part}: {amount} by its document, {stands} by its positions"


def _road(entity: Entity) -> Iterator[str]:
    """Walk the goods road of every document that names or may be named by another, and compare where value stands."""
    goods = Document.objects.filter(entity=entity, kind__in=road.GOODS, reversed_by=None).exclude(
        kind=Kind.INVOICE, order_number="", delivery_number=""
    )
    ordered = goods.order_by("account_id", "currency").iterator(chunk_size=5000)
    wanted: dict[Place, int] = {}
    for _, family in groupby(ordered, lambda one: (one.account_id, one.currency)):
        steps = road.walk(documents.seen(document) for document in family)
        wanted |= {place: amount for place, amount in road.positions(steps).items() if place[1] in _OF_GOODS}
    places = ",".join(str(int(place)) for place in _OF_GOODS)
    stands = {
        (document, Component(component)): amount
        for document, component, amount in sql.fetch(
            f"SELECT p.document_id, p.component, p.amount FROM exposure_position p JOIN exposure_document d "
            f"ON d.id = p.document_id WHERE d.entity_id = %s AND p.component IN ({places}) AND p.amount > 0",
            [entity.pk],
        )
    }
    for place in sorted(wanted.keys() | stands.keys()):
        if wanted.get(place, 0) != stands.get(place, 0):
            words = f"{place[1].name} {stands.get(place, 0)}, the road says {wanted.get(place, 0)}"
            yield f"document {place[0]}: {words}"
