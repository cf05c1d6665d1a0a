"""The auditor's view 先进先出: all money and credit notes consume the oldest debts first, however they were allocated.

It shows an old debt that somebody keeps young by allocating new money to new invoices first.  What is held as paper or
was written off stands apart on both sides, as it does in the ordinary ageing.
"""

from xinheng.base import clock, sql
from xinheng.desk.receivables.ageing import APART, Ask, Sums, bucket_case, condition, gathered, later_moves, shaped
from xinheng.rules.ageing import By, CurrencyAgeing
from xinheng.rules.road import Component, Kind

_PLACES = f"{int(Component.INVOICED)}, {int(Component.UNAPPLIED)}, {int(Component.SETTLED)}"


def fifo_ageing(ask: Ask) -> dict[str, CurrencyAgeing]:
    """The ageing by currency as if each credit account's money had paid its oldest items first.

    ``unapplied`` is money that found no debt.  Source: rules/ageing.py ``fifo``, here over all accounts at once.
    """
    found = {key[1:]: value for key, value in _sums(ask).items()}
    return shaped(found, ask.bounds, home=clock.company().currency)


def _sums(ask: Ask) -> Sums:
    scope = condition(ask.scope)
    later, later_params = later_moves(ask.moment, scope)
    case, case_params = bucket_case(ask, "day")
    day = "d.due_on" if ask.by is By.DUE else "d.dated_on"
    case = case.replace(f"WHEN p.component = {int(Component.UNAPPLIED)} THEN {APART} ", "")
    invoiced, unapplied, settled = int(Component.INVOICED), int(Component.UNAPPLIED), int(Component.SETTLED)
    rows = sql.fetch(
        f"""
        WITH {later},
        stood AS (
            SELECT p.document_id, p.account_id, p.currency, p.component, p.amount - COALESCE(l.moved, 0) AS amount
            FROM exposure_position p LEFT JOIN later l ON l.position = p.id {scope.joins}
            WHERE p.component IN ({_PLACES}){scope.where}
        ),
        debits AS (
            SELECT d.id, s.account_id, s.currency, {day} AS day, d.dated_on, SUM(s.amount) AS amount,
                SUM(CASE WHEN s.component = {settled} THEN s.amount ELSE 0 END) AS paid
            FROM stood s JOIN exposure_document d ON d.id = s.document_id AND d.kind = {int(Kind.INVOICE)}
            WHERE s.component IN ({invoiced}, {settled}) GROUP BY d.id, s.account_id, s.currency, {day}, d.dated_on
        ),
        credits AS (
            SELECT account_id, currency, SUM(amount) AS amount FROM (
                SELECT account_id, currency, paid AS amount FROM debits
                UNION ALL SELECT account_id, currency, amount FROM stood WHERE component = {unapplied}
            ) every GROUP BY account_id, currency
        ),
        filled AS (
            SELECT b.currency, b.day, b.amount, c.amount AS credit, SUM(b.amount) OVER (
                PARTITION BY b.account_id, b.currency ORDER BY (b.day IS NULL), b.day, b.dated_on, b.id
            ) AS upto
            FROM debits b JOIN credits c ON c.account_id = b.account_id AND c.currency = b.currency
        ),
        remaining AS (
            SELECT currency, day, CASE WHEN upto - credit < amount THEN upto - credit ELSE amount END AS amount
            FROM filled WHERE upto > credit AND amount > 0
        ),
        owed AS (SELECT account_id, currency, SUM(amount) AS amount FROM debits GROUP BY account_id, currency)
        SELECT NULL, currency, {case}, COUNT(*), SUM(amount) FROM remaining GROUP BY 2, 3
        UNION ALL
        SELECT NULL, c.currency, {APART}, 0, SUM(c.amount - COALESCE(o.amount, 0)) FROM credits c
        LEFT JOIN owed o ON o.account_id = c.account_id AND o.currency = c.currency
        WHERE c.amount > COALESCE(o.amount, 0) GROUP BY c.currency
        """,
        [*later_params, *scope.params, *case_params],
    )
    return gathered(rows)
