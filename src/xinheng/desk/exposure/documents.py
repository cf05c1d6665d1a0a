"""Putting documents into the ledger, taking them back, and walking the goods road of whatever belongs together.

Documents that name each other may arrive in any order: each arrival walks its whole family again and posts the
difference, so a late order finds its delivery and an undone invoice gives its goods back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Q

from xinheng.base import sql
from xinheng.desk.exposure import ledger, periods
from xinheng.desk.exposure.models import Document, Entry
from xinheng.rules import road
from xinheng.rules.road import Component, Kind, Step


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document about to be recorded; amounts in minor units, never negative."""

    kind: Kind
    entity_id: int
    account_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    part: int = 1
    due_on: date | None = None
    term: str = ""
    salesperson: str = ""
    order_number: str = ""
    delivery_number: str = ""
    invoice_number: str = ""
    nature: str = "PLAIN"
    occupies: bool = True
    consigned: bool = False


_COLUMNS = [f.name for f in fields(NewDocument)]


def add(entry: Entry, documents: Sequence[NewDocument]) -> list[Document]:
    """Record documents and walk the road of those that carry goods.  The accounts are locked.

    Raises:
        django.db.IntegrityError: a document with this number is present already.
    """
    opens = {entity: periods.open_from(entity) for entity in {d.entity_id for d in documents}}
    rows = []
    for document in documents:
        opened = opens[document.entity_id]
        effective = max(document.dated_on, opened) if opened else document.dated_on
        values = [getattr(document, name) for name in _COLUMNS]
        rows.append((*values, effective, entry.pk, entry.batch_id))
    ids = sql.insert(
        "exposure_document",
        (*_COLUMNS, "effective_on", "entry_id", "batch_id"),
        rows,
        "RETURNING id, entity_id, kind, number, part",
    )
    found = {key: id for id, *key_parts in ids for key in [tuple(key_parts)]}
    made = [
        Document(
            id=found[row[1], row[0], row[3], row[7]],
            **dict(zip(_COLUMNS, row[:-3], strict=True)),
            effective_on=row[-3],
            entry_id=row[-2],
            batch_id=row[-1],
        )
        for row in rows
    ]
    walk(entry, made)
    return made


def reverse(entry: Entry, documents: Sequence[Document]) -> None:
    """Mark documents as reversed and take their goods back along the road; money is taken back by its own chapter."""
    ids = [document.pk for document in documents]
    Document.objects.filter(pk__in=ids).update(reversed_by=entry)
    for document in documents:
        document.reversed_by = entry
    walk(entry, documents)


def walk(entry: Entry, seeds: Iterable[Document]) -> None:
    """Walk the families of these documents again and post what differs from what is posted."""
    goods = [document for document in seeds if document.kind in road.GOODS]
    for entity_id in sorted({document.entity_id for document in goods}):
        family = _family([document for document in goods if document.entity_id == entity_id], entity_id)
        present = [seen(document) for document in family if document.reversed_by_id is None]
        steps = road.difference(
            road.walk(present), _posted([d.pk for d in family]), open_from=periods.open_from(entity_id)
        )
        if steps:
            ledger.post(entry, steps, items(family, steps))


def items(known: Iterable[Document], steps: Iterable[Step]) -> dict[int, ledger.Item]:
    """What the ledger must know about every document that the steps name."""
    found = {document.pk: document for document in known}
    named = {place[0] for step in steps for place in (step.source, step.target) if place}
    if missing := named - found.keys():
        found |= Document.objects.in_bulk(missing)
    return {
        id: ledger.Item(one.account_id, one.currency, one.dated_on, one.due_on, one.nature) for id, one in found.items()
    }


def seen(document: Document) -> road.Document:
    """A document as the road sees it."""
    return road.Document(
        id=document.pk,
        kind=Kind(document.kind),
        on=document.effective_on,
        number=document.number,
        amount=document.amount,
        order=document.order_number,
        delivery=document.delivery_number,
        consigned=document.consigned,
        occupies=document.occupies,
    )


def family(document: Document) -> list[Document]:
    """The present documents on one document's road, with their entries."""
    found = _family([document], document.entity_id)
    entries = Entry.objects.in_bulk({one.entry_id for one in found})
    for one in found:
        one.entry = entries[one.entry_id]
    return found


def _family(seeds: Sequence[Document], entity_id: int) -> list[Document]:
    """Every present document that these ones reach through the numbers they name, and the seeds themselves."""
    family = {document.pk: document for document in seeds}
    orders: set[str] = set()
    deliveries: set[str] = set()
    while True:
        more_orders = {_order_of(document) for document in family.values()} - orders - {""}
        more_deliveries = {_delivery_of(document) for document in family.values()} - deliveries - {""}
        if not more_orders and not more_deliveries:
            return list(family.values())
        orders |= more_orders
        deliveries |= more_deliveries
        wanted = Q(order_number__in=more_orders) | Q(kind=Kind.ORDER, number__in=more_orders)
        wanted |= Q(delivery_number__in=more_deliveries) | Q(kind=Kind.DELIVERY, number__in=more_deliveries)
        found = Document.objects.filter(wanted, entity_id=entity_id, reversed_by=None, kind__in=road.GOODS)
        family |= {document.pk: document for document in found if document.pk not in family}


def _order_of(document: Document) -> str:
    return document.number if document.kind == Kind.ORDER else document.order_number


def _delivery_of(document: Document) -> str:
    return document.number if document.kind == Kind.DELIVERY else document.delivery_number


def _posted(document_ids: Sequence[int]) -> list[Step]:
    """What has been posted on the goods road of these documents."""
    select = (
        "SELECT m.id, s.document_id, s.component, t.document_id, t.component, m.amount, m.effective_on "
        "FROM exposure_movement m LEFT JOIN exposure_position s ON s.id = m.source_id "
        "LEFT JOIN exposure_position t ON t.id = m.target_id WHERE {side} IN "
        "(SELECT id FROM exposure_position WHERE document_id IN ({{values}}))"
    )
    rows = {
        row[0]: row[1:]
        for side in ("m.source_id", "m.target_id")
        for row in sql.fetch_in(select.format(side=side), document_ids)
    }
    steps = []
    for source, source_component, target, target_component, amount, on in rows.values():
        start = (source, Component(source_component)) if source else None
        end = (target, Component(target_component)) if target else None
        if _on_the_road(start) and _on_the_road(end):
            day = sql.as_date(on)
            assert day is not None  # noqa: S101 - the column is never null
            steps.append(Step(start, end, amount, day))
    return steps


def _on_the_road(place: road.Place | None) -> bool:
    return (place[1] if place else None) in road.PLACES
