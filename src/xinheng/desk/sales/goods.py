"""What leaves and what comes back: deliveries and returns, on which shipping order goods left, and which left on none.

Goods gone are a fact whatever credit says.  Those that no shipping order covers are listed with the name of whoever
answers for them, until somebody entitled settles it with a reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from xinheng.base import clock, events, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Account, Document, Entry
from xinheng.desk.notices.public import settle
from xinheng.desk.sales.models import Order, ShippingOrder, ShippingUse, Unreleased
from xinheng.desk.sales.rows import DeliveryRow, ReturnRow
from xinheng.desk.sales.shipping import fault_of, with_left
from xinheng.desk.sales.telling import tell_unreleased
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Kind

#: (entity, account, currency, order number): whoever names an order for another customer does not belong to it
_Key = tuple[int, int, str, str]
#: Numbers asked about at once: both engines bound what one statement may name.
_CHUNK = 5_000
_FAULTS = {"EXPIRED": "RELEASE_EXPIRED", "REVOKED": "RELEASE_REVOKED", "USED_UP": "MORE_THAN_RELEASED"}


def record_deliveries(entry: Entry, rows: Sequence[DeliveryRow], *, opening: bool = False) -> list[Document]:
    """Record goods that left; without a release they are listed with a name on them.

    货到结款: what a cash-on-delivery order sends is due the day it arrives (OC-018).
    """
    cod = _cash_on_delivery({row.order_number for row in rows} - {""})
    documents = exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.DELIVERY,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                order_number=row.order_number,
                consigned=row.consigned,
                inferred=row.inferred,
                **_due_at_once(row, cod),
            )
            for row in rows
        ],
    )
    if not opening and flag_unreleased(documents, entry, tokens=[row.token for row in rows]):
        tell_unreleased(entry)
    events.tell(events.GoodsCame(tuple(document.pk for document in documents), entry.actor))
    return documents


def _cash_on_delivery(numbers: set[str]) -> set[_Key]:
    orders = Order.objects.filter(payment=Order.Payment.COD, document__reversed_by=None)
    return {
        key
        for some in batched(sorted(numbers), _CHUNK)
        for key in orders.filter(document__number__in=some).values_list(
            "document__entity_id", "document__account_id", "document__currency", "document__number"
        )
    }


def _due_at_once(row: DeliveryRow, cod: set[_Key]) -> dict[str, Any]:
    if (row.entity_id, row.account_id, row.currency, row.order_number) not in cod:
        return {}
    return {"due_on": row.dated_on, "nature": ItemNature.COD.value}


def record_returns(entry: Entry, rows: Sequence[ReturnRow]) -> list[Document]:
    """Goods that came back lower what was delivered; after the invoice a credit note does that."""
    return exposure.add(
        entry,
        [
            exposure.NewDocument(
                kind=Kind.RETURN,
                entity_id=row.entity_id,
                account_id=row.account_id,
                number=row.number,
                dated_on=row.dated_on,
                currency=row.currency,
                amount=row.amount,
                delivery_number=row.delivery_number,
            )
            for row in rows
        ],
    )


def flag_unreleased(deliveries: Sequence[Document], entry: Entry, *, tokens: Sequence[str] = ()) -> list[Unreleased]:
    """Use up the shipping orders that cover these deliveries, oldest first, and list by name what none covers.

    A delivery that states a token leaves on that shipping order only.
    """
    issued = _issued({document.order_number for document in deliveries} - {""})
    responsible = _salespeople(deliveries)
    uses: list[ShippingUse] = []
    flagged: list[Unreleased] = []
    for place, delivery in enumerate(deliveries):
        there = issued.get((delivery.entity_id, delivery.account_id, delivery.currency, delivery.order_number), [])
        token = tokens[place] if tokens else ""
        bare, why = _use_up(delivery, [one for one in there if not token or one[0].token == token], uses)
        if bare:
            name = responsible.get(delivery.pk) or entry.actor.username
            flagged.append(
                Unreleased(delivery=delivery, amount=bare, responsible=name, reason=why, recorded_at=entry.at)
            )
    ShippingUse.objects.bulk_create(uses, batch_size=1000)
    return Unreleased.objects.bulk_create(flagged, batch_size=1000)


def _issued(numbers: Iterable[str]) -> dict[_Key, list[list[Any]]]:
    """By order: its shipping orders with what is left on each, oldest first."""
    found: dict[_Key, list[list[Any]]] = defaultdict(list)
    present = ShippingOrder.objects.filter(order__document__reversed_by=None).select_related("order__document")
    for some in batched(sorted(numbers), _CHUNK):
        for shipping, left in with_left(present.filter(order__document__number__in=some)):
            document = shipping.order.document
            key = document.entity_id, document.account_id, document.currency, document.number
            found[key].append([shipping, left])
    return found


def _use_up(delivery: Document, there: list[list[Any]], uses: list[ShippingUse]) -> tuple[int, str]:
    """How much of a delivery no shipping order covers, and why."""
    bare, faults = delivery.amount, []
    for one in there:
        shipping, left = one
        fault = fault_of(shipping, left, on=delivery.dated_on)
        if fault:
            faults.append(fault)
            continue
        taken = min(bare, left)
        if taken:
            uses.append(ShippingUse(shipping_order=shipping, delivery=delivery, amount=taken))
            one[1] -= taken
            bare -= taken
    if not bare:
        return 0, ""
    if not delivery.order_number:
        return bare, "NO_ORDER"
    if bare < delivery.amount:
        return bare, "MORE_THAN_RELEASED"
    return bare, _FAULTS[faults[-1]] if faults else "NO_RELEASE"


def _salespeople(deliveries: Sequence[Document]) -> Mapping[int, str]:
    """Who answers for a delivery: the order's salesperson, else the customer's."""
    numbers = {document.order_number for document in deliveries} - {""}
    orders = Document.objects.filter(kind=Kind.ORDER, reversed_by=None)
    by_order = {
        (entity, number): salesperson
        for some in batched(sorted(numbers), _CHUNK)
        for entity, number, salesperson in orders.filter(number__in=some).values_list(
            "entity_id", "number", "salesperson"
        )
    }
    by_account = {
        account: salesperson
        for some in batched(sorted({document.account_id for document in deliveries}), _CHUNK)
        for account, salesperson in Account.objects.filter(pk__in=some).values_list("id", "customer__salesperson")
    }
    return {
        d.pk: by_order.get((d.entity_id, d.order_number), "") or by_account.get(d.account_id, "") for d in deliveries
    }


def settle_unreleased(found: Unreleased, *, reason: str, by: User) -> Unreleased:
    """Close the case of goods that left without a release, with the reason; whoever may release may do it.

    Raises:
        ReasonMissing.  SamePerson: whoever answers for the goods or recorded them.  WrongState: settled already.
        Refused.
    """
    rights.require(by, "orders.release")
    reason = reasons.stated(reason)
    with atomic():
        customer_id = found.delivery.account.customer_id
        held = exposure.lock([customer_id])
        found.refresh_from_db()
        number = found.delivery.number
        if found.settled_at is not None:
            raise WrongState(what="delivery", number=number, state="SETTLED")
        if by.sales_code == found.responsible or by.pk == found.delivery.entry.actor_id:
            raise SamePerson(what="delivery", number=number)
        found.settled_at, found.settled_by, found.settled_reason = clock.now(), by, reason
        found.save(update_fields=["settled_at", "settled_by", "settled_reason"])
        settle([f"delivery:{found.delivery_id}"])
        verb, subject = "sales.delivery.settled", f"delivery:{number}"
        exposure.note(held["customer", customer_id], verb, subject, by=by, at=found.settled_at, data={"reason": reason})
        return found
