"""The open batches of a customer whose orders settle by them (滚结); the rule book says which are to be paid."""

from collections.abc import Sequence
from datetime import date

from xinheng.base import sql
from xinheng.rules import terms
from xinheng.rules.order_check.facts import OpenItem
from xinheng.rules.order_check.rolling import batches_allowed
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

#: More than any term allows; what is older still is to be paid in any case, and asked for when these are.
_READ = 200
_INVOICES = (
    "SELECT p.dated_on, d.number, d.part, p.due_on, p.currency, p.amount, p.id, e.code FROM exposure_position p "
    "JOIN exposure_document d ON d.id = p.document_id JOIN exposure_entity e ON e.id = d.entity_id "
    f"WHERE p.account_id = %s AND p.component = {int(Component.INVOICED)} AND p.amount > 0 "
    f"AND d.nature = '{ItemNature.ROLLING}' ORDER BY p.dated_on, p.id LIMIT {_READ}"
)
#: What is delivered and not invoiced, with the term and payment of its order; cash on delivery is due by itself.
_GOODS = (
    "SELECT p.dated_on, d.number, p.currency, p.amount, p.id, o.term, s.payment, e.code FROM exposure_position p "
    "JOIN exposure_document d ON d.id = p.document_id JOIN exposure_entity e ON e.id = d.entity_id "
    "LEFT JOIN exposure_document o ON o.number = d.order_number AND NOT (d.order_number = '') "
    f"AND o.kind = {int(Kind.ORDER)} AND o.entity_id = d.entity_id AND o.account_id = d.account_id "
    "AND o.currency = d.currency AND o.reversed_by_id IS NULL "
    "LEFT JOIN sales_order s ON s.document_id = o.id "
    f"WHERE p.account_id = %s AND p.component = {int(Component.DELIVERED)} AND p.amount > 0 "
    f"AND d.nature = '{ItemNature.PLAIN}' ORDER BY p.dated_on, p.id"
)


def open_batches(accounts: Sequence[int], on: date, *, unstated: bool) -> list[OpenItem]:
    """The open invoices of these accounts that settle by batches and what of their deliveries will be invoiced so,
    oldest first; one without a due day of its own falls due on the day of the check, with the batch that is to go.

    ``unstated`` tells whether goods whose order states no term settle so.
    """
    batch = sql.Batch()
    for account in accounts:
        batch.add(_INVOICES, [account])
        batch.add(_GOODS, [account])
    found = batch.run()
    rolling = ItemNature.ROLLING
    waiting = [
        (
            sql.as_day(day),
            id,
            OpenItem(number, sql.as_date(due_on) or on, currency, amount, part, rolling, entity=entity),
        )
        for rows in found[::2]
        for day, number, part, due_on, currency, amount, id, entity in rows
    ]
    goods = [
        (sql.as_day(day), id, OpenItem(number, on, currency, amount, nature=rolling, goods=True, entity=entity))
        for rows in found[1::2]
        for day, number, currency, amount, id, term, payment, entity in rows
        if is_batch(term, payment, unstated=unstated)
    ]
    return [one for _, _, one in sorted(waiting + goods[:_READ], key=lambda one: one[:2])]


def is_batch(term: str | None, payment: str | None, *, unstated: bool) -> bool:
    """Whether goods of an order (None for none) settle by batches; what was paid beforehand or is paid on arrival
    does not."""
    if payment not in {None, "credit"}:
        return False
    return batches_allowed(terms.parse_term(term)) > 0 if term else unstated
