"""What happens to orders: entered, changed, papers approved, closed, opened again.

``record_…`` functions are the inner half: they run inside the locked transaction of a single action or of an import.
Whether credit allows an order is decided in ``control``, which moves its state through ``move``.
"""

from collections.abc import Sequence
from datetime import date

from xinheng.base import clock, events, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Conflict, SamePerson, Unknown, WrongState
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.notices.public import settle
from xinheng.desk.sales.models import Order, Paper
from xinheng.desk.sales.rows import OrderRow
from xinheng.desk.sales.shipping import revoke_shipping_orders
from xinheng.rules import terms
from xinheng.rules.road import Kind

#: States in which an order takes credit.
OCCUPYING = frozenset({Order.State.APPROVED, Order.State.RELEASED})


def record_orders(entry: Entry, rows: Sequence[OrderRow], *, opening: bool = False) -> list[Document]:
    """Enter orders unchecked, or approved as history with ``opening`` (semantics.md 5)."""
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.ORDER,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                salesperson=row.salesperson,
                term=row.term,
                occupies=opening,
            )
            for row in rows
        ],
    )
    state = Order.State.APPROVED if opening else Order.State.ENTERED
    orders = [
        Order(
            document=document,
            state=state,
            payment=row.payment,
            ship_date=row.ship_date,
            instrument=row.instrument,
        )
        for document, row in zip(documents, rows, strict=True)
    ]
    Order.objects.bulk_create(orders, batch_size=1000)
    papers = (Paper(order=order, name=name) for order, row in zip(orders, rows, strict=True) for name in row.needs)
    Paper.objects.bulk_create(papers, batch_size=1000)
    return documents


def enter_order(row: OrderRow, *, customer_id: int, by: User) -> Order:
    """Enter one order; nothing is checked or reserved yet.

    Raises:
        Conflict: the number is present.  RuleError: a term that cannot be read.  Refused.
    """
    rights.require(by, "orders.enter")
    if row.term:
        terms.parse_term(row.term)
    with atomic():
        held = exposure.lock([customer_id])
        if Document.objects.filter(
            kind=Kind.ORDER, entity_id=row.entity_id, number=row.number, reversed_by=None
        ).exists():
            raise Conflict(what="order", number=row.number)
        entry = exposure.open_entry("sales.order.entered", by=by)
        document = record_orders(entry, [row])[0]
        data = {"amount": row.amount, "currency": row.currency, "payment": row.payment, "needs": list(row.needs)}
        exposure.note(
            held["customer", customer_id], "sales.order.entered", f"order:{row.number}", by=by, at=entry.at, data=data
        )
        return document.order


def approve_paper(order: Order, name: str, *, reason: str, on: date, by: User) -> Paper:
    """Approve a document an order needs; if it was the last thing in its way, the order passes by itself.

    Raises:
        Unknown: the order needs no such document.  WrongState: approved already.  SamePerson: the order's salesperson
        or whoever entered it.  Refused.
    """
    rights.require(by, "forms.approve")
    with atomic():
        document = order.document
        held = exposure.lock([document.account.customer_id])
        paper = Paper.objects.filter(order=order, name=name).first()
        if paper is None:
            raise Unknown(what="document", number=name)
        if paper.approved_at is not None:
            raise WrongState(what="document", number=name, state="APPROVED")
        if by.sales_code in selling_side(order):
            raise SamePerson(what="order", number=document.number)
        paper.approved_by, paper.approved_at, paper.reason = by, clock.now(), reason
        paper.save()
        customer_id = document.account.customer_id
        data = {"order_id": order.pk, "document": name, "reason": reason}
        verb, subject = "sales.paper.approved", f"order:{document.number}"
        exposure.note(held["customer", customer_id], verb, subject, by=by, at=paper.approved_at, data=data)
        events.tell(events.CreditChanged(frozenset({customer_id}), "PAPER", on, by))
        return paper


def selling_side(order: Order) -> set[str]:
    """Who stands on the selling side of an order, as salespeople's codes: its salesperson, the customer's, whoever
    entered it and whoever let it grow or shrink."""
    document = order.document
    changes = Document.objects.filter(
        kind=Kind.ORDER_CHANGE, entity_id=document.entity_id, number=document.number, reversed_by=None
    )
    entries = [document.entry, *(one.entry for one in changes.select_related("entry__actor"))]
    people = {entry.actor.sales_code for entry in entries}
    return {document.salesperson, document.account.customer.salesperson, *people} - {""}


def move(entry: Entry, order: Order, state: str) -> None:
    """Bring an order into a state and its value into or out of ORDERED; the account is locked."""
    document = order.document
    occupies = state in OCCUPYING
    order.state = state
    order.save()
    if document.occupies != occupies:
        document.occupies = occupies
        document.save(update_fields=["occupies"])
        exposure.walk(entry, [document])


def change_amount(entry: Entry, order: Order, amount: int, *, on: date) -> Document:
    """Let an order grow or shrink from a day on, not before its last change; the account is locked."""
    document = order.document
    changes = Document.objects.filter(kind=Kind.ORDER_CHANGE, entity_id=document.entity_id, number=document.number)
    last = changes.filter(reversed_by=None).order_by("-part").first()
    begun = max(document.effective_on, last.effective_on) if last else document.effective_on
    return exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.ORDER_CHANGE,
                entity_id=document.entity_id,
                account_id=document.account_id,
                number=document.number,
                part=changes.count() + 1,
                dated_on=max(on, begun),
                currency=document.currency,
                amount=amount,
                order_number=document.number,
            )
        ],
    )[0]


def cancel_order(order: Order, *, on: date, by: User) -> Order:
    """Close an order: what has not left is cancelled; what has left stays (semantics.md 2).  What it gives back may
    free others.

    Raises:
        WrongState: it is closed already.  Refused.
    """
    rights.require(by, "orders.cancel")
    with atomic():
        document = order.document
        customer_id = document.account.customer_id
        held = exposure.lock([customer_id])
        order.refresh_from_db()
        document.refresh_from_db(fields=["occupies"])
        if order.state in {Order.State.CANCELLED, Order.State.REJECTED}:
            raise WrongState(what="order", number=document.number, state=order.state)
        entry = exposure.open_entry("sales.order.cancelled", by=by)
        order.state = Order.State.CANCELLED
        order.save(update_fields=["state"])
        revoke_shipping_orders([order.pk])
        settle([f"order:{order.pk}"])
        if document.occupies:
            exposure.add(entry, [_closing(document, on)])
        exposure.note(
            held["customer", customer_id],
            "sales.order.cancelled",
            f"order:{document.number}",
            by=by,
            at=entry.at,
            data={"order_id": order.pk},
        )
        events.tell(events.CreditChanged(frozenset({customer_id}), "ORDER", on, by))
        return order


def _closing(document: Document, on: date) -> exposure.NewDocument:
    return exposure.NewDocument(
        kind=Kind.ORDER_CLOSE,
        entity_id=document.entity_id,
        account_id=document.account_id,
        number=document.number,
        dated_on=max(on, document.effective_on),
        currency=document.currency,
        amount=0,
        order_number=document.number,
    )


def record_reopening(entry: Entry, order: Order) -> None:
    """Bring a rejected or cancelled order back to where it was entered, occupying nothing; the account is locked."""
    document = order.document
    order.state, order.forced_hold = Order.State.ENTERED, False
    order.released_amount, order.released_until, order.released_codes = None, None, []
    order.stopped_goods = None
    order.save()
    if document.occupies:
        document.occupies = False
        document.save(update_fields=["occupies"])
    closings = Document.objects.filter(
        kind=Kind.ORDER_CLOSE, entity_id=document.entity_id, number=document.number, reversed_by=None
    )
    if closings:
        exposure.reverse(entry, list(closings))
