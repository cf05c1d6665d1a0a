"""The auditor's view 先进先出: all money and credit notes consume the oldest debts first, however they were allocated.

It shows an old debt that somebody keeps young by allocating new money to new invoices first.  What is held as paper or
was written off stands apart on both sides, as it does in the ordinary ageing.
"""

from xinheng.desk.exposure.public import Moment
from xinheng.desk.receivables.scope import Condition, later_moves
from xinheng.rules.road import Component, Kind

_INVOICED, _UNAPPLIED, _SETTLED = int(Component.INVOICED), int(Component.UNAPPLIED), int(Component.SETTLED)


def consumed(moment: Moment, scope: Condition, *, by_due: bool) -> tuple[str, list[object]]:
    """Common tables that end in ``consumed``, and their parameters: what is left of each position.

    It has the columns of a position.  A debt keeps what the money of its account did not reach; of money that found no
    debt the newest is left.  Source: rules/ageing.py ``fifo``, here over all accounts at once.
    """
    later, params = later_moves(moment, scope)
    day = "due_on" if by_due else "dated_on"
    tables = f"""{later},
        stood AS (
            SELECT p.id, p.document_id, p.account_id, p.currency, p.component, p.amount - COALESCE(l.moved, 0) AS amount
            FROM exposure_position p LEFT JOIN later l ON l.position = p.id {scope.joins}
            WHERE p.component IN ({_INVOICED}, {_UNAPPLIED}, {_SETTLED}){scope.where}
        ),
        debits AS (
            SELECT MAX(CASE WHEN s.component = {_INVOICED} THEN s.id END) AS id, d.id AS document_id, s.account_id,
                s.currency, d.dated_on, d.due_on, SUM(s.amount) AS amount,
                SUM(CASE WHEN s.component = {_SETTLED} THEN s.amount ELSE 0 END) AS paid
            FROM stood s JOIN exposure_document d ON d.id = s.document_id AND d.kind = {int(Kind.INVOICE)}
            WHERE s.component IN ({_INVOICED}, {_SETTLED}) GROUP BY d.id, s.account_id, s.currency, d.dated_on, d.due_on
        ),
        money AS (
            SELECT account_id, currency, SUM(amount) AS amount FROM (
                SELECT account_id, currency, paid AS amount FROM debits
                UNION ALL SELECT account_id, currency, amount FROM stood WHERE component = {_UNAPPLIED}
            ) every GROUP BY account_id, currency
        ),
        filled AS (
            SELECT b.*, m.amount AS money, SUM(b.amount) OVER (
                PARTITION BY b.account_id, b.currency ORDER BY (b.{day} IS NULL), b.{day}, b.dated_on, b.document_id
            ) AS upto
            FROM debits b JOIN money m ON m.account_id = b.account_id AND m.currency = b.currency
        ),
        owed AS (SELECT account_id, currency, SUM(amount) AS amount FROM debits GROUP BY account_id, currency),
        spare AS (
            SELECT m.account_id, m.currency, m.amount - COALESCE(o.amount, 0) AS amount FROM money m
            LEFT JOIN owed o ON o.account_id = m.account_id AND o.currency = m.currency
            WHERE m.amount > COALESCE(o.amount, 0)
        ),
        unspent AS (
            SELECT s.id, s.document_id, s.account_id, s.currency, d.dated_on, s.amount, x.amount AS spare,
                SUM(s.amount) OVER (
                    PARTITION BY s.account_id, s.currency ORDER BY d.dated_on DESC, s.document_id DESC
                ) AS upto
            FROM stood s JOIN spare x ON x.account_id = s.account_id AND x.currency = s.currency
            JOIN exposure_document d ON d.id = s.document_id WHERE s.component = {_UNAPPLIED} AND s.amount > 0
        ),
        consumed AS (
            SELECT id, document_id, account_id, currency, {_INVOICED} AS component, dated_on, due_on,
                CASE WHEN upto - money < amount THEN upto - money ELSE amount END AS amount
            FROM filled WHERE upto > money AND amount > 0
            UNION ALL
            SELECT id, document_id, account_id, currency, {_UNAPPLIED}, dated_on, NULL,
                CASE WHEN upto > spare THEN spare - (upto - amount) ELSE amount END
            FROM unspent WHERE upto - amount < spare
        )"""
    return tables, [*params, *scope.params]
