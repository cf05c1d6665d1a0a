"""The ageing line by line: one row for each customer, group, branch, salesperson or entity, largest first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xinheng.base import clock, sql
from xinheng.base.models import Branch
from xinheng.desk.customers.public import Customer, Group
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity
from xinheng.desk.receivables.ageing import BY_CUSTOMER, Ask, gathered, grouped, shaped
from xinheng.rules.ageing import CurrencyAgeing
from xinheng.rules.currencies import decimals

_ACCOUNT = "JOIN exposure_account ra ON ra.id = p.account_id"
_CUSTOMER = f"{_ACCOUNT} JOIN customers_customer rc ON rc.id = ra.customer_id"
_DOCUMENT = f"{_CUSTOMER} JOIN exposure_document rd ON rd.id = p.document_id"
#: What a row may stand for: its key as SQL, and the joins the key needs.  Nobody's key is 0 or ''.
DIMENSIONS = {
    "customer": (BY_CUSTOMER, _ACCOUNT),
    "entity": ("ra.entity_id", _ACCOUNT),
    "group": ("COALESCE(rc.group_id, 0)", _CUSTOMER),
    "branch": ("COALESCE(rc.branch_id, 0)", _CUSTOMER),
    "salesperson": ("COALESCE(NULLIF(rd.salesperson, ''), rc.salesperson)", _DOCUMENT),
}
_MODELS = {"customer": Customer, "entity": Entity, "group": Group, "branch": Branch}
#: What rows are sorted by, beside the number of a bucket.
OVERDUE, OUTSTANDING = "overdue", "outstanding"


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """One line of an ageing; ``subject`` is the customer, group, branch or entity (None: those without), or a name."""

    key: int | str
    subject: Customer | Group | Branch | Entity | str | None
    currencies: Mapping[str, CurrencyAgeing]


def ageing_rows(
    ask: Ask,
    dimension: str,
    *,
    order: str | int = OVERDUE,
    limit: int | None = None,
    offset: int = 0,
    keys: Collection[int | str] | None = None,
) -> list[AgeingRow]:
    """Lines of an ageing, largest first by what is overdue, outstanding, or in one bucket (its number).

    Amounts of several currencies are compared at the rates of the day; a currency without a rate does not count for
    the order.  ``keys`` asks for these lines only.

    Raises:
        Unknown: a code in the scope.
    """
    key, joins = DIMENSIONS[dimension]
    tables, select, params = grouped(ask, key, joins, keys)
    weight, weight_params = _weight(ask, order)
    bound = "" if limit is None else f"LIMIT {int(limit)} OFFSET {int(offset)}"
    rows = sql.fetch(
        f"WITH {f'{tables}, ' if tables else ''}grouped AS MATERIALIZED ({select}), "
        f"ranked AS MATERIALIZED (SELECT dimension, SUM({weight}) AS weight FROM grouped GROUP BY dimension "
        f"HAVING SUM(n) > 0 ORDER BY 2 DESC, 1 {bound}) "
        "SELECT g.dimension, g.currency, g.bucket, g.n, g.amount FROM grouped g "
        "JOIN ranked r ON r.dimension = g.dimension ORDER BY r.weight DESC, r.dimension",
        [*params, *weight_params],
    )
    lines: dict[int | str, dict[tuple[str, int], tuple[int, int]]] = {row[0]: {} for row in rows}
    for (line, currency, bucket), value in gathered(rows).items():
        lines[line][currency, bucket] = value  # type: ignore[index]
    subjects = _subjects(dimension, list(lines))
    home = clock.company().currency
    return [AgeingRow(line, subjects.get(line), shaped(found, ask.bounds, home=home)) for line, found in lines.items()]


def _weight(ask: Ask, order: str | int) -> tuple[str, list[object]]:
    """What a row weighs in the order, as SQL over ``grouped``."""
    home = clock.company().currency
    rates = exposure.rates_on(ask.on, home)
    units = {code: float(rate) * 10.0 ** (decimals(home) - decimals(code)) for code, rate in rates.items()}
    cases = [f"WHEN %s THEN {unit!r}" for unit in units.values()]
    chosen = {OVERDUE: "bucket > 0", OUTSTANDING: "bucket >= 0"}.get(str(order)) or f"bucket = {int(order)}"
    return f"CASE WHEN {chosen} THEN amount * CASE currency {' '.join(cases)} ELSE 0.0 END ELSE 0.0 END", list(rates)


def _subjects(dimension: str, keys: list[int | str]) -> dict[int | str, object]:
    if dimension == "salesperson":
        return {key: key for key in keys}
    return dict(_MODELS[dimension].objects.in_bulk([key for key in keys if key]))
