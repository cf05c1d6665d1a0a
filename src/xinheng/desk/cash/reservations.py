"""Money that prepaid orders rest on: reserved when the order passes, spent on its own invoices, dropped when it goes.

Only receipts count that have cleared by the day of the check, not credit notes or deposits: money dated ahead is not
here yet.  Money reserved for one order may still be allocated elsewhere; then the reservation falls and the order is
checked again (semantics.md 3).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import F, QuerySet, Sum

from xinheng.base import clock, events, sql
from xinheng.base.models import User
from xinheng.desk.cash.models import Reservation
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales.public import OCCUPYING
from xinheng.rules.road import Component, Kind

#: What came to a position after a day, less what left it then.
_LATER = (
    "(SELECT COALESCE(SUM(m.amount), 0) FROM exposure_movement m WHERE m.target_id = p.id AND m.effective_on > %s) - "
    "(SELECT COALESCE(SUM(m.amount), 0) FROM exposure_movement m WHERE m.source_id = p.id AND m.effective_on > %s)"
)


def there_by(amount: int, later: int) -> int:
    """What of a position may be counted on by a day: no more than is there now, and no more than had come by then."""
    return max(0, min(amount, amount - later))


def unreserved(account_id: int, currency: str, on: date) -> int:
    """What has cleared by a day of a customer towards an entity and no order rests on, in minor units."""
    return sum(free for _, free in _free_money(account_id, currency, on))


def reserved_for(order_id: int) -> int:
    """What an order (its document) rests on: reserved money, and what of it has settled the order's own invoices."""
    rows = sql.fetch(
        "SELECT SUM(CASE WHEN dropped_at IS NULL THEN amount ELSE spent END) FROM cash_reservation WHERE order_id = %s",
        [order_id],
    )
    return int(rows[0][0] or 0)


def resting(*, money: int | None = None, order: int | None = None) -> list[Reservation]:
    """What orders rest on some money, or on what money an order rests: reservations that still hold something."""
    found = Reservation.objects.filter(dropped_at=None, amount__gt=F("spent"))
    found = found.filter(receipt_id=money) if money is not None else found.filter(order_id=order)
    return list(found.select_related("receipt", "order").order_by("pk"))


def received_for_orders(account_ids: Collection[int], on: date) -> dict[tuple[int, str, str], int]:
    """What has cleared by a day, is on account and names an order: (account, order's number, currency) → minor units.

    Money that another order rests on is that order's.
    """
    rows = sql.fetch_in(
        f"SELECT p.document_id, p.account_id, d.order_number, p.currency, p.amount, {_LATER} FROM exposure_position p "
        f"JOIN exposure_document d ON d.id = p.document_id WHERE p.component = {int(Component.UNAPPLIED)} "
        f"AND p.amount > 0 AND d.kind <> {int(Kind.CREDIT_NOTE)} AND NOT (d.order_number = '') "
        "AND p.account_id IN ({values})",
        sorted(account_ids),
        [on, on],
    )
    taken: dict[int, int] = defaultdict(int)
    if rows:
        standing = _standing_on([row[0] for row in rows]).exclude(order__number=F("receipt__order_number"))
        for receipt, amount, spent in standing.values_list("receipt_id", "amount", "spent"):
            taken[receipt] += amount - spent
    found: dict[tuple[int, str, str], int] = defaultdict(int)
    for receipt, account, number, currency, amount, later in rows:
        found[account, number, currency] += max(0, there_by(amount, int(later)) - taken[receipt])
    return {key: amount for key, amount in found.items() if amount}


def reserve(order: Document, amount: int, on: date) -> int:
    """Let an order rest on money that is free by a day; how much of ``amount`` there was.

    What was received for it goes first, what was received for another order last.

    What it rests on already counts.  The account is locked.
    """
    wanted = max(0, amount - reserved_for(order.pk))
    free = _free_money(order.account_id, order.currency, on)
    free.sort(key=lambda one: meant_for(one[0].order_number, order.number))
    new = []
    for receipt, there in free:
        taken = min(there, wanted)
        if taken:
            new.append(Reservation(receipt_id=receipt.pk, order_id=order.pk, amount=taken))
            wanted -= taken
    Reservation.objects.bulk_create(new)
    return amount - wanted


def meant_for(named: str, number: str) -> int:
    """How near money is to an order: 0 received for it, 1 for none, 2 for another one."""
    return 0 if named == number else 2 if named else 1


def drop_reservations(order_ids: Collection[int]) -> None:
    """Let go of the money of orders; what they have spent stays spent."""
    standing = Reservation.objects.filter(order__in=order_ids, dropped_at=None)
    standing.update(dropped_at=clock.now())


def drop_of_receipts(receipt_ids: Collection[int], *, by: User) -> None:
    """These receipts are gone: orders that rested on them are checked again."""
    _drop(list(_standing_on(receipt_ids)), by=by)


def money_allocated(event: events.MoneyAllocated) -> None:
    """Listens: money was allocated, or allocations were undone; reservations follow."""
    receipts = {credit for credit, _, _ in event.shares}
    touched = _touched(receipts)
    if not touched:
        return
    shares = [share for share in event.shares if share[0] in touched]
    _spend(shares, -1 if event.undone else 1)
    if not event.undone:
        _drop(list(_beyond_the_money(touched)), by=event.by)


def _touched(receipt_ids: Iterable[int]) -> set[int]:
    """Those receipts that some order rests on or has spent."""
    rows = sql.fetch_in(
        "SELECT DISTINCT receipt_id FROM cash_reservation WHERE (dropped_at IS NULL OR spent > 0) "
        "AND receipt_id IN ({values})",
        sorted(receipt_ids),
    )
    return {receipt for (receipt,) in rows}


def _spend(shares: Collection[tuple[int, int, int]], sign: int) -> None:
    """Count what went to an order's own invoices as spent by it, or as no longer spent."""
    orders = _orders_of_invoices({invoice for _, invoice, _ in shares})
    amounts: dict[tuple[int, int], int] = defaultdict(int)
    for credit, invoice, amount in shares:
        if invoice in orders:
            amounts[credit, orders[invoice]] += amount
    for (receipt, order), amount in amounts.items():
        left = amount
        standing = Reservation.objects.filter(receipt_id=receipt, order_id=order)
        if sign > 0:
            standing = standing.filter(dropped_at=None)
        for one in standing.order_by("id" if sign > 0 else "-id"):
            part = min(left, one.amount - one.spent if sign > 0 else one.spent)
            Reservation.objects.filter(pk=one.pk).update(spent=F("spent") + sign * part)
            left -= part


def _orders_of_invoices(invoice_ids: Iterable[int]) -> dict[int, int]:
    """Invoice → the present order it belongs to, directly or through its delivery."""
    select = (
        "SELECT i.id, o.id FROM exposure_document i {via} JOIN exposure_document o ON o.number = {names} "
        f"AND o.entity_id = i.entity_id AND o.kind = {int(Kind.ORDER)} AND o.reversed_by_id IS NULL "
        "WHERE i.id IN ({{values}})"
    )
    delivery = (
        "JOIN exposure_document d ON d.number = i.delivery_number AND d.entity_id = i.entity_id "
        f"AND d.kind = {int(Kind.DELIVERY)} AND d.reversed_by_id IS NULL AND NOT (d.order_number = '')"
    )
    ids = sorted(invoice_ids)
    found = sql.fetch_in(select.format(via=delivery, names="d.order_number"), ids)
    found += sql.fetch_in(select.format(via="", names="i.order_number"), ids)
    return dict(found)


def _beyond_the_money(receipt_ids: Collection[int]) -> Iterable[Reservation]:
    """Reservations that the rest of their receipt no longer carries, the newest first."""
    there = dict(
        sql.fetch_in(
            f"SELECT document_id, amount FROM exposure_position WHERE component = {int(Component.UNAPPLIED)} "
            "AND document_id IN ({values})",
            sorted(receipt_ids),
        )
    )
    standing = list(_standing_on(receipt_ids))
    excess: dict[int, int] = defaultdict(int)
    for one in standing:
        excess[one.receipt_id] += one.amount - one.spent
    for receipt in excess:
        excess[receipt] -= there.get(receipt, 0)
    for one in reversed(standing):
        if excess[one.receipt_id] > 0:
            excess[one.receipt_id] -= one.amount - one.spent
            yield one


def _standing_on(receipt_ids: Collection[int]) -> QuerySet[Reservation]:
    """What orders that may go ahead still rest on; a cancelled or rejected one needs no money."""
    return Reservation.objects.filter(
        receipt__in=list(receipt_ids),
        dropped_at=None,
        amount__gt=F("spent"),
        order__reversed_by=None,
        order__order__state__in=OCCUPYING,
    ).order_by("id")


def _drop(reservations: Collection[Reservation], *, by: User) -> None:
    if not reservations:
        return
    Reservation.objects.filter(pk__in=[one.pk for one in reservations]).update(dropped_at=clock.now())
    orders = frozenset(one.order_id for one in reservations)
    events.tell(events.ReservedMoneySpent(orders, on=clock.business_date(), by=by))


def _free_money(account_id: int, currency: str, on: date) -> list[tuple[Document, int]]:
    """Receipts and paper that have cleared by a day, with what nobody rests on, oldest first."""
    rows = sql.fetch(
        f"SELECT p.document_id, p.amount, {_LATER} FROM exposure_position p "
        "JOIN exposure_document d ON d.id = p.document_id "
        f"WHERE p.account_id = %s AND p.currency = %s AND p.component = {int(Component.UNAPPLIED)} AND p.amount > 0 "
        f"AND d.kind <> {int(Kind.CREDIT_NOTE)}",
        [on, on, account_id, currency],
    )
    if not rows:
        return []
    there = {receipt: there_by(amount, int(later)) for receipt, amount, later in rows}
    taken = dict(
        _standing_on(there.keys()).order_by().values_list("receipt").annotate(held=Sum(F("amount") - F("spent")))
    )
    documents = Document.objects.filter(pk__in=list(there)).order_by("dated_on", "id")
    return [(one, there[one.pk] - taken.get(one.pk, 0)) for one in documents if there[one.pk] > taken.get(one.pk, 0)]
