"""The open batches of a customer whose orders settle by them (滚结); the rule book says which are to be paid."""

from collections.abc import Sequence
from datetime import date

from xinheng.base import sql
from xinheng.rules.order_check.facts import OpenItem
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component

#: More than any term allows; what is older still is to be paid in any case, and asked for when these are.
_READ = 200


def open_batches(accounts: Sequence[int], on: date) -> list[OpenItem]:
    """The open invoices of these accounts that settle by batches, oldest first; one without a due day of its own falls
    due on the day of the check, with the batch that is to go.
    """
    batch = sql.Batch()
    for account in accounts:
        batch.add(
            "SELECT p.dated_on, d.number, d.part, p.due_on, p.currency, p.amount, p.id FROM exposure_position p "
            "JOIN exposure_document d ON d.id = p.document_id WHERE p.account_id = %s AND p.component = %s "
            "AND p.amount > 0 AND d.nature = %s ORDER BY p.dated_on, p.id LIMIT %s",
            [account, int(Component.INVOICED), ItemNature.ROLLING.value, _READ],
        )
    rows = sorted((sql.as_day(row[0]), row[6], *row[1:6]) for found in batch.run() for row in found)
    return [
        OpenItem(number, sql.as_date(due_on) or on, currency, amount, part, ItemNature.ROLLING)
        for _, _, number, part, due_on, currency, amount in rows
    ]
