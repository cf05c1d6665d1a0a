"""What customers paid for goods on delivery before anybody wrote the invoice: money that names the order (OC-018)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from xinheng.base import sql
from xinheng.desk.cash import public as cash
from xinheng.rules.order_check.facts import OpenItem
from xinheng.rules.order_check.on_delivery import Received
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

#: Late goods and invoices of cash-on-delivery orders, by the number of the order.
_LATE = (
    "SELECT d.account_id, {order}, p.currency, d.number, p.due_on, p.amount, d.part, p.component, e.code "
    "FROM exposure_document d JOIN exposure_entity e ON e.id = d.entity_id {via} "
    "JOIN exposure_position p ON p.document_id = d.id AND p.amount > 0 "
    f"AND p.component IN ({int(Component.DELIVERED)}, {int(Component.INVOICED)}) "
    f"WHERE p.due_on < %s AND d.nature = '{ItemNature.COD}' AND d.reversed_by_id IS NULL "
    "AND {where} AND {order} IN ({{values}})"
)
_NAMED = _LATE.format(order="d.order_number", via="", where="NOT (d.order_number = '')")
_BY_DELIVERY = _LATE.format(
    order="g.order_number",
    via=(
        "JOIN exposure_document g ON g.number = d.delivery_number AND g.entity_id = d.entity_id "
        f"AND g.kind = {int(Kind.DELIVERY)} AND g.reversed_by_id IS NULL"
    ),
    where="d.order_number = '' AND NOT (d.delivery_number = '') AND NOT (g.order_number = '')",
)


def received(account_ids: Collection[int], on: date) -> list[tuple[int, Received]]:
    """By account and order: what came in for it and settles nothing yet, and what it should have paid before a day."""
    money = cash.received_for_orders(account_ids, on)
    numbers = sorted({number for _, number, _ in money})
    items: dict[tuple[int, str, str], list[OpenItem]] = defaultdict(list)
    rows = [row for question in (_NAMED, _BY_DELIVERY) for row in sql.fetch_in(question, numbers, [on])]
    for account, order, currency, number, due_on, amount, part, component, entity in rows:
        goods = component == Component.DELIVERED
        item = OpenItem(number, sql.as_day(due_on), currency, amount, part, ItemNature.COD, goods=goods, entity=entity)
        items[account, order, currency].append(item)
    return [(key[0], Received(tuple(items[key]), amount)) for key, amount in money.items() if key in items]
