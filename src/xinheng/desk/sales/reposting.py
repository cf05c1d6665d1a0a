"""Taking orders and goods back, and correcting them: what was recorded is reversed and recorded anew.

Nothing is edited: the reversed document stays with its history, its number may come again, and whatever names the
number finds the new one along the road.
"""

from collections.abc import Sequence
from itertools import batched

from xinheng.base import sql
from xinheng.base.errors import BadInput, WrongState
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.notices.public import settle
from xinheng.desk.sales.actions import record_orders
from xinheng.desk.sales.goods import record_deliveries, record_returns
from xinheng.desk.sales.models import Order, Paper, ShippingUse, Unreleased
from xinheng.desk.sales.rows import DeliveryRow, OrderRow, ReturnRow
from xinheng.desk.sales.shipping import revoke_shipping_orders
from xinheng.rules.road import Kind

#: Orders that are over: nothing about them can be corrected.
CLOSED = frozenset({Order.State.REJECTED, Order.State.CANCELLED})


class OtherFamily(BadInput):
    """A correction that would move a document to another customer, entity or currency.  params: number."""

    code = "CONFLICT_FIXED"


def reverse_orders(entry: Entry, documents: Sequence[Document]) -> None:
    """Take orders back inside a locked transaction, with their changes; shipping orders nobody used are void.

    Raises:
        WrongState: taken back already.
    """
    _refuse_reversed(documents)
    revoke_shipping_orders(document.pk for document in documents)
    settle(f"order:{document.pk}" for document in documents)
    exposure.reverse(entry, [*documents, *_belonging(documents, Kind.ORDER_CHANGE, Kind.ORDER_CLOSE)])


def reverse_deliveries(entry: Entry, documents: Sequence[Document]) -> None:
    """Take deliveries back inside a locked transaction, with what closed them; a shipping order they left on may be
    used again.

    Raises:
        WrongState: taken back already.
    """
    _refuse_reversed(documents)
    settle(f"delivery:{document.pk}" for document in documents)
    exposure.reverse(entry, [*documents, *_belonging(documents, Kind.DELIVERY_CLOSE)])


def _belonging(documents: Sequence[Document], *kinds: Kind) -> list[Document]:
    """The present changes and closings that bear the numbers of these documents."""
    keys = {(document.entity_id, document.number) for document in documents}
    found: list[Document] = []
    for part in batched(sorted({number for _, number in keys}), sql.PARAMETERS // 2):
        named = Document.objects.filter(kind__in=[kind.value for kind in kinds], number__in=part, reversed_by=None)
        found += [one for one in named if (one.entity_id, one.number) in keys]
    return found


def follow_again(entry: Entry, documents: Sequence[Document]) -> None:
    """Record changes and closings again that had gone with an order or delivery which stands again; the accounts are
    locked."""
    exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind(one.kind),
                entity_id=one.entity_id,
                account_id=one.account_id,
                number=one.number,
                part=one.part,
                dated_on=one.dated_on,
                currency=one.currency,
                amount=one.amount,
                order_number=one.order_number,
                delivery_number=one.delivery_number,
            )
            for one in documents
        ],
    )


def reverse_returns(entry: Entry, documents: Sequence[Document]) -> None:
    """Take returns back inside a locked transaction: the goods count as delivered again.

    Raises:
        WrongState: taken back already.
    """
    _refuse_reversed(documents)
    exposure.reverse(entry, documents)


def repost_orders(entry: Entry, orders: Sequence[Order], rows: Sequence[OrderRow]) -> list[Document]:
    """Replace orders by corrected ones inside a locked transaction; they are unchecked until somebody decides.

    Raises:
        OtherFamily.
    """
    documents = [order.document for order in orders]
    _refuse_others(documents, rows)
    reverse_orders(entry, documents)
    made = record_orders(entry, rows)
    found = Order.objects.in_bulk([document.pk for document in made])
    for order, document in zip(orders, made, strict=True):
        carry_papers(order, found[document.pk])
    return made


def repost_deliveries(entry: Entry, documents: Sequence[Document], rows: Sequence[DeliveryRow]) -> list[Document]:
    """Replace deliveries by corrected ones inside a locked transaction; a release they had counts for them again.

    Raises:
        OtherFamily.
    """
    _refuse_others(documents, rows)
    ids = [document.pk for document in documents]
    looked_at = set(Unreleased.objects.filter(delivery__in=ids).values_list("delivery_id", flat=True))
    looked_at |= set(ShippingUse.objects.filter(delivery__in=ids).values_list("delivery_id", flat=True))
    reverse_deliveries(entry, documents)
    made: dict[int, Document] = {}
    for opening in (True, False):  # what was taken over as history stays history
        chosen = [place for place, id in enumerate(ids) if (id not in looked_at) == opening]
        recorded = record_deliveries(entry, [rows[place] for place in chosen], opening=opening) if chosen else []
        made |= dict(zip(chosen, recorded, strict=True))
    return [made[place] for place in range(len(rows))]


def carry_papers(old: Order, new: Order) -> None:
    """A corrected order needs the same papers, and what was approved stays approved."""
    for paper in old.papers.all():
        kept = {"approved_by": paper.approved_by, "approved_at": paper.approved_at, "reason": paper.reason}
        Paper.objects.update_or_create(order=new, name=paper.name, defaults=kept)


def repost_returns(entry: Entry, documents: Sequence[Document], rows: Sequence[ReturnRow]) -> list[Document]:
    """Replace returns by corrected ones inside a locked transaction.

    Raises:
        OtherFamily.
    """
    _refuse_others(documents, rows)
    reverse_returns(entry, documents)
    return record_returns(entry, rows)


def _refuse_reversed(documents: Sequence[Document]) -> None:
    for document in documents:
        if document.reversed_by_id is not None:
            raise WrongState(what=Kind(document.kind).name.lower(), number=document.number, state="REVERSED")


def _refuse_others(documents: Sequence[Document], rows: Sequence[OrderRow | DeliveryRow | ReturnRow]) -> None:
    for document, row in zip(documents, rows, strict=True):
        same = (document.entity_id, document.account_id, document.currency)
        if same != (row.entity_id, row.account_id, row.currency):
            raise OtherFamily(number=document.number)
