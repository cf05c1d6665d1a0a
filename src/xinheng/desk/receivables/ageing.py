"""Ageing 账龄: how old the open money is, counted inside the database over all open items at once.

The open items of today are grouped in one pass; an earlier moment subtracts what moved after it, which costs nothing
when nothing did.  Amounts come by currency; totals in company currency are converted at the rate of the date.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from xinheng.base import clock, sql
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Moment
from xinheng.desk.receivables.fifo import consumed
from xinheng.desk.receivables.scope import AgeingScope, Condition, condition, later_moves
from xinheng.rules.ageing import Bounds, Bucket, By, CurrencyAgeing, bucket_edges
from xinheng.rules.money import to_text, total
from xinheng.rules.road import Component

#: What is aged: debts with the money against them, or goods that wait for their invoice.
OWED = (Component.INVOICED, Component.UNAPPLIED)
GOODS = (Component.DELIVERED,)
#: The bucket of what is not aged: the customer's unapplied money.
APART = -1
#: The key of lines of customers.
BY_CUSTOMER = "ra.customer_id"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: when, aged from what, in which buckets, of whom, and what of them."""

    moment: Moment
    by: By = By.DUE
    bounds: Bounds = field(default_factory=Bounds)
    scope: AgeingScope = field(default_factory=AgeingScope)
    components: tuple[Component, ...] = OWED
    fifo: bool = False  # as if money had paid the oldest debts first

    @property
    def on(self) -> date:
        """The day ages are counted to."""
        return self.moment.as_of or clock.business_date()


#: (dimension key, currency, bucket) → (count, minor units)
Sums = dict[tuple[object, str, int], tuple[int, int]]


def ageing(moment: Moment, *, by: By, bounds: Bounds, scope: AgeingScope) -> dict[str, object]:
    """The answer of every door (semantics.md 6): amounts as text with the currency's decimals.

    Raises:
        Unknown: a code in the scope.  DateOutOfRange.
    """
    ask = Ask(moment, by, bounds, scope)
    return as_json(ask, age(ask))


def as_json(ask: Ask, found: Mapping[str, CurrencyAgeing]) -> dict[str, object]:
    """An ageing as the doors write it."""

    def side(count: int, amount: int, currency: str) -> dict[str, object]:
        return {"count": count, "amount": to_text(amount, currency)}

    return {
        "as_of": ask.on.isoformat(),
        "by": ask.by.value,
        "currencies": {
            currency: {
                "buckets": [{"label": one.label, **side(one.count, one.amount, currency)} for one in of.buckets],
                "outstanding": side(of.count, of.amount, currency),
                "unapplied": to_text(of.unapplied, currency),
            }
            for currency, of in found.items()
        },
    }


def age(ask: Ask) -> dict[str, CurrencyAgeing]:
    """The ageing by currency: the company's own always and first, others when not zero, in alphabetical order."""
    found = {key[1:]: value for key, value in sums(ask).items()}
    return shaped(found, ask.bounds, home=clock.company().currency)


def shaped(found: Mapping[tuple[str, int], tuple[int, int]], bounds: Bounds, *, home: str) -> dict[str, CurrencyAgeing]:
    """Sums by (currency, bucket) as ageings by currency, ``home`` first and always."""
    others = {currency for (currency, _), value in found.items() if any(value)} - {home}
    return {currency: _one(currency, found, bounds) for currency in [home, *sorted(others)]}


def _one(currency: str, found: Mapping[tuple[str, int], tuple[int, int]], bounds: Bounds) -> CurrencyAgeing:
    buckets = tuple(Bucket(label, *found.get((currency, index), (0, 0))) for index, label in enumerate(bounds.labels))
    unapplied = found.get((currency, APART), (0, 0))[1]
    return CurrencyAgeing(buckets, sum(b.count for b in buckets), sum(b.amount for b in buckets), unapplied)


def sums(ask: Ask) -> Sums:
    """Count and amount by currency and bucket; the key begins with None, where ``grouped`` may put a dimension."""
    tables, select, params = grouped(ask)
    return gathered(sql.fetch(f"{f'WITH {tables} ' if tables else ''}{select}", params))


def grouped(
    ask: Ask, dimension: str = "", joins: str = "", keys: Collection[object] | None = None
) -> tuple[str, str, list[object]]:
    """The common tables, the SELECT of (dimension, currency, bucket, n, amount), and their parameters.

    ``dimension`` is an SQL expression over ``p`` and ``joins``, ``keys`` the values of it that are wanted, None for
    all.  A key may come twice: now, and what moved since.
    """
    case, case_params = bucket_case(ask)
    scope = condition(ask.scope)
    if keys is not None and ask.fifo and dimension != BY_CUSTOMER:
        # Money pays the debts of its whole account, whatever line they stand in.
        wanted = ", ".join(["%s"] * len(keys)) or "NULL"
        tables, select, params = grouped(ask, dimension, joins)
        return tables, f"SELECT * FROM ({select}) every WHERE dimension IN ({wanted})", [*params, *keys]
    if keys is not None:
        _only(scope, dimension, list(keys))
    if ask.fifo:
        tables, params = consumed(ask.moment, scope, by_due=ask.by is By.DUE)
        joins = joins.replace("JOIN exposure_document", "LEFT JOIN exposure_document")
        select = (
            f"SELECT {dimension or 'NULL'} AS dimension, p.currency AS currency, {case} AS bucket, COUNT(*) AS n, "
            f"SUM(p.amount) AS amount FROM consumed p {joins} GROUP BY {'1, 2, 3' if dimension else '2, 3'}"
        )
        return tables, select, [*params, *case_params]
    components = ",".join(str(int(component)) for component in ask.components)
    head = f"SELECT {dimension or 'NULL'} AS dimension, p.currency AS currency, {case} AS bucket"
    rest = f"{scope.joins} {joins} WHERE p.component IN ({components}){scope.where}"
    tail = f"GROUP BY {'1, 2, 3' if dimension else '2, 3'}"
    now = f"{head}, COUNT(*) AS n, SUM(p.amount) AS amount FROM exposure_position p {rest} AND p.amount > 0 {tail}"
    params = [*case_params, *scope.params]
    if ask.moment.is_now:
        return "", now, params
    later, later_params = later_moves(ask.moment, scope)
    back = (
        f"{head}, SUM(CASE WHEN p.amount > l.moved THEN 1 ELSE 0 END - CASE WHEN p.amount > 0 THEN 1 ELSE 0 END) AS n, "
        f"-SUM(l.moved) AS amount FROM later l JOIN exposure_position p ON p.id = l.position {rest} {tail}"
    )
    return later, f"{now} UNION ALL {back}", [*later_params, *params, *params]


def _only(scope: Condition, dimension: str, keys: list[object]) -> None:
    """Narrow a scope to some values of a dimension; for customers down to their accounts, so that little is read."""
    listed = ", ".join(["%s"] * len(keys)) or "NULL"
    if dimension != BY_CUSTOMER:
        scope.where += f" AND {dimension} IN ({listed})"
        scope.params += keys
        return
    inside = f" AND id IN ({scope.accounts})" if scope.accounts else ""
    scope.accounts = f"SELECT id FROM exposure_account WHERE customer_id IN ({listed}){inside}"
    scope.account_params = [*keys, *scope.account_params]
    scope.where += f" AND p.account_id IN ({scope.accounts})"
    scope.params += scope.account_params


def gathered(rows: Iterable[tuple]) -> Sums:
    """Rows of (dimension, currency, bucket, n, amount) added up; those of nothing left out."""
    found: Sums = defaultdict(lambda: (0, 0))
    for key, currency, bucket, count, amount in rows:
        before = found[key, currency, bucket]
        found[key, currency, bucket] = (before[0] + int(count), before[1] + int(amount))
    return {key: value for key, value in found.items() if any(value)}


def bucket_case(ask: Ask, column: str = "") -> tuple[str, list[object]]:
    """The bucket of a position ``p`` as SQL, and its parameters; items without a due day are not due."""
    column = column or ("p.due_on" if ask.by is By.DUE else "p.dated_on")
    parts, params = [], []
    if Component.UNAPPLIED in ask.components:
        parts.append(f"WHEN p.component = {int(Component.UNAPPLIED)} THEN {APART}")
    edges = bucket_edges(ask.on, ask.bounds)
    parts.append(f"WHEN {column} IS NULL THEN 0")
    for index, edge in enumerate(edges[:-1]):
        parts.append(f"WHEN {column} >= %s THEN {index}")
        params.append(edge.from_date)
    return f"CASE {' '.join(parts)} ELSE {len(edges) - 1} END", params


def in_company_currency(found: Mapping[str, CurrencyAgeing], on: date) -> list[int | None]:
    """Each bucket, then outstanding, then unapplied, in minor units of the company's currency at the rate of the date.

    None where a rate is missing: a total that leaves something out would be wrong.
    """
    home = clock.company().currency
    rates = exposure.rates_on(on, home) if found.keys() - {home} else {}
    width = len(next(iter(found.values())).buckets)
    columns = [{currency: of.buckets[index].amount for currency, of in found.items()} for index in range(width)]
    columns.append({currency: of.amount for currency, of in found.items()})
    columns.append({currency: of.unapplied for currency, of in found.items()})
    return [total(column, home, rates) for column in columns]
