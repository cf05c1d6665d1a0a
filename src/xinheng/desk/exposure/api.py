"""Documents, entities and exchange rates over HTTP."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import Field

from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Code, Day, MaybeCode, Person, Stated
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.stated import read_currency, read_date
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, DocumentShape, Entity, EntityShape, Rate, RateShape
from xinheng.rules.road import Kind

room = Room("Documents, entities, rates 单据、公司主体、汇率")
KINDS = {kind.name.lower().replace("_", "-"): kind for kind in Kind}
DocumentKind = Literal[tuple(KINDS)]  # type: ignore[valid-type]
Quote = Annotated[str, Field(max_length=32, pattern=r"^[0-9]+(\.[0-9]+)?$", examples=["7.1234"])]


class NewRate(Stated):
    """One unit of ``source`` is worth so much of ``target`` from a day on."""

    source: Code
    target: Code
    rate: Quote
    date: Day | None = None


@room.read("/documents", Page[DocumentShape], right="receivables.view")
def list_documents(  # noqa: PLR0913, PLR0917 - one parameter for each thing the list is narrowed by
    request: HttpRequest,
    kind: DocumentKind | None = None,
    customer: MaybeCode = "",
    number: MaybeCode = "",
    order: MaybeCode = "",
    salesperson: Person = "",
    entity: MaybeCode = "",
    since: Day = "",
    until: Day = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Documents of the ledger, the last recorded first; those that were taken back say so."""
    asked = {
        "kind": KINDS[kind] if kind else "",
        "account__customer__code": customer,
        "number": number,
        "order_number": order,
        "salesperson": salesperson,
        "entity__code": entity,
        "dated_on__gte": read_date(since) if since else "",
        "dated_on__lte": read_date(until) if until else "",
    }
    found = Document.objects.filter(
        customers.sees(caller(request), "account__customer__"),
        **{name: value for name, value in asked.items() if value != ""},
    )
    return page(
        found.select_related("entity", "account__customer"), exposure.document_shape, cursor=cursor, limit=limit
    )


@room.read("/entities", list[EntityShape])
def list_entities(request: HttpRequest) -> Any:
    """The legal companies that sell."""
    return [exposure.entity_shape(one) for one in Entity.objects.order_by("code")]


@room.read("/rates", Page[RateShape], right="lines.view")
def list_rates(
    request: HttpRequest, source: MaybeCode = "", target: MaybeCode = "", cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """Exchange rates, the last stated first."""
    asked = {"source": source, "target": target}
    found = Rate.objects.filter(**{name: value for name, value in asked.items() if value})
    return page(found, exposure.rate_shape, cursor=cursor, limit=limit)


@room.write("/rates", RateShape, right="rates.set", makes=True)
def set_rate(request: HttpRequest, body: NewRate) -> Any:
    """State an exchange rate; what waits for it is looked at again."""
    try:
        worth = Decimal(body.rate)
    except InvalidOperation:
        raise exposure.BadRate(value=body.rate) from None
    source, target = read_currency(body.source), read_currency(body.target)
    row = exposure.RateRow(on=read_date(body.date), source=source, target=target, rate=worth)
    exposure.set_rate(row, by=caller(request))
    return exposure.rate_shape(Rate.objects.get(on=row.on, source=row.source, target=row.target))
