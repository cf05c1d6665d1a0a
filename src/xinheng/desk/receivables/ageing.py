"""Ageing 账龄: how old the open money is, counted inside the database over all open items at once.

The open items of today are grouped in one pass; an earlier moment subtracts what moved after it, which costs nothing
when nothing did.  Amounts come by currency; totals in company currency are converted at the rate of the date.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from xinheng.base import clock, sql
from xinheng.base.errors import Unknown
from xinheng.base.models import Branch, User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Account, Moment
from xinheng.rules.ageing import Bounds, Bucket, By, CurrencyAgeing, bucket_edges
from xinheng.rules.money import to_text, total
from xinheng.rules.road import Component

#: What is aged: debts with the money against them, or goods that wait for their invoice.
OWED = (Component.INVOICED, Component.UNAPPLIED)
GOODS = (Component.DELIVERED,)
#: The bucket of what is not aged: the customer's unapplied money.
APART = -1


@dataclass(frozen=True, slots=True)
class AgeingScope:
    """Whose items: codes, empty for all; ``seen_by`` leaves out customers that person may not see."""

    customer: str = ""
    group: str = ""
    branch: str = ""
    salesperson: str = ""
    entity: str = ""
    currency: str = ""
    seen_by: User | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: when, aged from what, in which buckets, of whom, and what of them."""

    moment: Moment
    by: By = By.DUE
    bounds: Bounds = field(default_factory=Bounds)
    scope: AgeingScope = field(default_factory=AgeingScope)
    components: tuple[Component, ...] = OWED

    @property
    def on(self) -> date:
        """The day ages are counted to."""
        return self.moment.as_of or clock.business_date()


@dataclass(slots=True)
class Condition:
    """A piece of SQL over the positions ``p`` with its parameters: joins, and conditions that begin with AND.

    ``accounts`` is the subselect of the accounts it is about, '' for all, with parameters of its own.
    """

    joins: str = ""
    where: str = ""
    params: list[object] = field(default_factory=list)
    accounts: str = ""
    account_params: list[object] = field(default_factory=list)


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
    if keys is not None:
        _only(scope, dimension, list(keys))
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
    if dimension != "ra.customer_id":
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


def later_moves(moment: Moment, scope: Condition) -> tuple[str, list[object]]:
    """A common table ``later(position, moved)``: what came to each position after a moment, less what left it."""
    when, params = moment.later("m")
    if scope.accounts:
        when += f" AND m.account_id IN ({scope.accounts})"
        params += scope.account_params
    table = (
        "later(position, moved) AS (SELECT position, SUM(amount) FROM ("
        f"SELECT m.target_id AS position, m.amount FROM exposure_movement m WHERE {when} AND m.target_id IS NOT NULL "
        f"UNION ALL SELECT m.source_id, -m.amount FROM exposure_movement m WHERE {when} AND m.source_id IS NOT NULL"
        ") moves GROUP BY position)"
    )
    return table, [*params, *params]


def condition(scope: AgeingScope) -> Condition:
    """The scope as SQL.

    Raises:
        Unknown
    """
    found = Condition()
    if any([scope.customer, scope.group, scope.branch, scope.entity, scope.seen_by]):
        found.accounts, params = _accounts(scope).values("id").query.sql_with_params()
        found.account_params = list(params)
        found.where += f" AND p.account_id IN ({found.accounts})"
        found.params += found.account_params
    if scope.currency:
        found.where += " AND p.currency = %s"
        found.params.append(scope.currency)
    if scope.salesperson:
        # Whoever the document names answers for it, else the customer's salesperson.
        found.joins = (
            "JOIN exposure_document sd ON sd.id = p.document_id JOIN exposure_account sa ON sa.id = p.account_id "
            "JOIN customers_customer sc ON sc.id = sa.customer_id"
        )
        found.where += " AND COALESCE(NULLIF(sd.salesperson, ''), sc.salesperson) = %s"
        found.params.append(scope.salesperson)
    return found


def _accounts(scope: AgeingScope):
    accounts = Account.objects.all()
    if scope.customer:
        accounts = accounts.filter(customer=customers.by_code(scope.customer))
    if scope.group:
        accounts = accounts.filter(customer__group=customers.group_by_code(scope.group))
    if scope.branch:
        branch = Branch.objects.filter(code=scope.branch).first()
        if branch is None:
            raise Unknown(what="branch", number=scope.branch)
        accounts = accounts.filter(customer__branch=branch)
    if scope.entity:
        accounts = accounts.filter(entity=exposure.entity(scope.entity))
    if scope.seen_by is not None:
        accounts = accounts.filter(customers.sees(scope.seen_by, "customer__"))
    return accounts


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
