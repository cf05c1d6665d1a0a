"""Documents, entities and rates as every door writes them."""

from typing import TypedDict

from xinheng.desk.exposure.models import Document, Entity, Rate
from xinheng.rules.money import to_text
from xinheng.rules.road import Kind


class DocumentShape(TypedDict):
    """A document of the ledger; one that was taken back says so."""

    kind: str
    number: str
    instalment: int
    entity: str
    customer: str
    date: str
    due: str | None
    amount: str
    currency: str
    term: str
    salesperson: str
    order: str
    delivery: str
    invoice: str
    reversed: bool


class EntityShape(TypedDict):
    """A legal company that sells."""

    code: str
    name: str


class RateShape(TypedDict):
    """One unit of ``from`` is worth so much of ``to`` from a day on."""

    date: str
    source: str
    target: str
    rate: str


def document_shape(one: Document) -> DocumentShape:
    """A document."""
    return {
        "kind": Kind(one.kind).name.lower().replace("_", "-"),
        "number": one.number,
        "instalment": one.part,
        "entity": one.entity.code,
        "customer": one.account.customer.code,
        "date": one.dated_on.isoformat(),
        "due": one.due_on.isoformat() if one.due_on else None,
        "amount": to_text(one.amount, one.currency),
        "currency": one.currency,
        "term": one.term,
        "salesperson": one.salesperson,
        "order": one.order_number,
        "delivery": one.delivery_number,
        "invoice": one.invoice_number,
        "reversed": one.reversed_by_id is not None,
    }


def entity_shape(one: Entity) -> EntityShape:
    """An entity."""
    return {"code": one.code, "name": one.name}


def rate_shape(one: Rate) -> RateShape:
    """A rate."""
    return {"date": one.on.isoformat(), "source": one.source, "target": one.target, "rate": one.rate}
