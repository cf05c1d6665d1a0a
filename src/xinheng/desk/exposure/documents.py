"""Putting documents into the ledger, taking them back, and walking the goods road of whatever belongs together.

Documents that name each other may arrive in any order: each arrival walks its whole family again and posts the
difference, so a late order finds its delivery and an undone invoice gives its goods back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import batched, groupby

from xinheng.base import sql
from xinheng.desk.exposure import ledger, periods
from xinheng.desk.exposure.models import Document, Entry
from xinheng.rules import postings, road
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
    inferred: bool = False


_COLUMNS = [f.name for f in fields(NewDocument)]
#: Numbers one question names, twice each: both engines bound how many values a statement holds.
_NUMBERS = sql.PARAMETERS // 2 - 1


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
    for part in batched((document.pk for document in documents), sql.PARAMETERS):
        Document.objects.filter(pk__in=part).update(reversed_by=entry)
    for document in documents:
        document.reversed_by = entry
    walk(entry, documents)


def walk(entry: Entry, seeds: Iterable[Document]) -> None:
    """Walk the families of these documents again and post what differs from what is posted."""
    goods = [document for document in seeds if document.kind in road.GOODS]
    for entity_id in sorted({document.entity_id for document in goods}):
        known = _related([document for document in goods if document.entity_id == entity_id], entity_id)
        posted = _posted(known)
        open_from = periods.open_from(entity_id)
        steps: list[Step] = []
        for family in families(known.values()):
            present = [seen(document) for document in family if document.reversed_by_id is None]
            done = {id: step for document in family for id, step in posted[document.pk]}
            steps += postings.difference(road.walk(present), done.values(), open_from=open_from)
        if steps:
            ledger.post(entry, steps, items(known.values(), steps))


def families(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents by account and currency: what names a number of another customer or currency stays unlinked."""

    def account_and_currency(one: Document) -> tuple[int, str]:
        return one.account_id, one.currency

    for _, family in groupby(sorted(documents, key=account_and_currency), account_and_currency):
        yield list(family)


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
    related = _related([document], document.entity_id)
    found = [one for one in related.values() if one.currency == document.currency]
    entries = Entry.objects.in_bulk({one.entry_id for one in found})
    for one in found:
        one.entry = entries[one.entry_id]
    return found


def families_of(documents: Iterable[Document]) -> dict[int, list[Document]]:
    """By document: the present documents on its road, of its account and currency; read for all of an entity at once.

    Other roads of the same account and currency may come along: a walk keeps them apart.
    """
    found: dict[int, list[Document]] = {}
    by_entity: dict[int, list[Document]] = defaultdict(list)
    for document in documents:
        by_entity[document.entity_id].append(document)
    for entity_id, seeds in by_entity.items():
        by_road = {(of[0].account_id, of[0].currency): of for of in families(_related(seeds, entity_id).values())}
        found |= {one.pk: by_road[one.account_id, one.currency] for one in seeds}
    return found


def _related(seeds: Sequence[Document], entity_id: int) -> dict[int, Document]:
    """The seeds and every present document of their accounts that they reach through the numbers they name."""
    known = {document.pk: document for document in seeds}
    accounts = {document.account_id for document in seeds}
    new: Collection[Document] = seeds
    asked: dict[Kind, set[str]] = {Kind.ORDER: {""}, Kind.DELIVERY: {""}}
    while new:
        orders = {_order_of(document) for document in new} - asked[Kind.ORDER]
        deliveries = {_delivery_of(document) for document in new} - asked[Kind.DELIVERY]
        asked[Kind.ORDER] |= orders
        asked[Kind.DELIVERY] |= deliveries
        rows = [*_naming(Kind.ORDER, orders, entity_id), *_naming(Kind.DELIVERY, deliveries, entity_id)]
        ids = {id for id, account in rows if account in accounts} - known.keys()
        new = Document.objects.in_bulk(ids).values()
        known |= {document.pk: document for document in new}
    return known


def _naming(kind: Kind, numbers: Collection[str], entity_id: int) -> list[tuple[int, int]]:
    """(id, account) of the present goods documents that name these orders or deliveries, and these themselves."""
    # NOT (… = '') is the index's own condition, word for word, and + keeps SQLite from preferring another index.
    column = "order_number" if kind is Kind.ORDER else "delivery_number"
    goods = ",".join(str(int(one)) for one in road.GOODS)
    rows: list[tuple[int, int]] = []
    for part in batched(sorted(numbers), _NUMBERS):
        listed = ",".join(["%s"] * len(part))
        rows += sql.fetch(
            f"SELECT id, account_id FROM exposure_document WHERE {column} IN ({listed}) AND NOT ({column} = '') "
            f"AND +entity_id = %s AND reversed_by_id IS NULL AND kind IN ({goods}) UNION ALL "
            f"SELECT id, account_id FROM exposure_document WHERE kind = {int(kind)} AND number IN ({listed}) "
            "AND entity_id = %s AND reversed_by_id IS NULL",
            [*part, entity_id, *part, entity_id],
        )
    return rows


def _order_of(document: Document) -> str:
    return document.number if document.kind == Kind.ORDER else document.order_number


def _delivery_of(document: Document) -> str:
    return document.number if document.kind == Kind.DELIVERY else document.delivery_number


def _posted(document_ids: Collection[int]) -> dict[int, list[tuple[int, Step]]]:
    """What has been posted on the goods road, by the documents at either end, each movement with its id."""
    select = (
        "SELECT m.id, s.document_id, s.component, t.document_id, t.component, m.amount, m.effective_on "
        "FROM exposure_movement m LEFT JOIN exposure_position s ON s.id = m.source_id "
        "LEFT JOIN exposure_position t ON t.id = m.target_id WHERE {side} IN "
        "(SELECT id FROM exposure_position WHERE document_id IN ({{values}}))"
    )
    rows = {
        row[0]: row[1:]
        for side in ("m.source_id", "m.target_id")
        for row in sql.fetch_in(select.format(side=side), sorted(document_ids))
    }
    found: dict[int, list[tuple[int, Step]]] = defaultdict(list)
    for id, (source, source_component, target, target_component, amount, on) in rows.items():
        start = (source, Component(source_component)) if source else None
        end = (target, Component(target_component)) if target else None
        if _on_the_road(start) and _on_the_road(end):
            step = Step(start, end, amount, sql.as_day(on))
            for document in {source, target} - {None}:
                found[document].append((id, step))
    return found


def _on_the_road(place: road.Place | None) -> bool:
    return (place[1] if place else None) in road.PLACES
