"""What the customers of one page owe and may owe, in company currency, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from xinheng.base import clock, policies
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules import exposure as rulebook
from xinheng.rules.exposure import Components
from xinheng.rules.money import total
from xinheng.rules.road import Component


@dataclass(slots=True)
class Figures:
    """One customer; amounts in minor units of the company's currency, None where a rate is missing."""

    currency: str
    owed: int | None = 0
    overdue: int | None = 0
    exposure: int | None = 0
    limit: int | None = None
    limit_kind: str = "unset"
    of_group: bool = False
    held: bool = False

    @property
    def used_percent(self) -> int | None:
        """How much of its own limit is used; None without one."""
        if self.limit is None or self.exposure is None or self.of_group:
            return None
        if self.limit == 0:
            return 0 if self.exposure <= 0 else 999
        return max(0, min(999, self.exposure * 100 // self.limit))


def figures_of(customers: Collection[Customer], on: date) -> dict[int, Figures]:
    """Figures by customer id."""
    currency = clock.company().currency
    rates = exposure.rates_on(on, currency)
    policy = policies.in_force(on).policy
    ids = [one.pk for one in customers]
    components, overdue = _components(ids), _overdue(ids, on)
    lines, holds = _lines(customers), _on_hold(customers)
    found = {}
    for one in customers:
        own = components.get(one.pk, {})
        owed = rulebook.exposure(own, rules=policy.exposure, rates=rates, into=currency)
        invoiced = total({code: each.invoiced for code, each in own.items()}, currency, rates)
        row = Figures(currency, invoiced, total(overdue.get(one.pk, {}), currency, rates), owed.total)
        _with_line(row, one, lines, on)
        if row.limit is not None and row.limit_kind == limits.Line.Kind.AMOUNT:
            row.limit = total({_line_of(one, lines, on).currency: row.limit}, currency, rates)
        row.held = one.pk in holds
        found[one.pk] = row
    return found


def _components(ids: list[int]) -> dict[int, dict[str, Components]]:
    names = {component.value: name for name, component in exposure.NAMES.items()}
    sums: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    rows = exposure.Balance.objects.filter(account__customer__in=ids, component__in=names).exclude(amount=0)
    for customer, currency, component, amount in rows.values_list(
        "account__customer_id", "currency", "component"
    ).annotate(Sum("amount")):
        sums[customer, currency][names[component]] = amount
    found: dict[int, dict[str, Components]] = defaultdict(dict)
    for (customer, currency), parts in sums.items():
        found[customer][currency] = Components(**parts)
    return found


def _overdue(ids: list[int], on: date) -> dict[int, dict[str, int]]:
    rows = exposure.DueTotal.objects.filter(account__customer__in=ids, component=Component.INVOICED, due_on__lt=on)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for customer, currency, amount in rows.values_list("account__customer_id", "currency").annotate(Sum("amount")):
        found[customer][currency] = amount
    return found


Lines = dict[tuple[str, int], list[limits.Line]]


def _lines(customers: Iterable[Customer]) -> Lines:
    ids, groups = [one.pk for one in customers], [one.group_id for one in customers if one.group_id]
    rows = limits.Line.objects.filter(Q(customer__in=ids) | Q(group__in=groups), replaced_at=None)
    found: Lines = defaultdict(list)
    for line in rows:
        key = ("customer", line.customer_id) if line.customer_id else ("group", line.group_id)
        found[key].append(line)
    return found


def _line_of(customer: Customer, lines: Lines, on: date) -> limits.Line:
    return limits.choose(lines.get(("customer", customer.pk)) or lines[("group", customer.group_id)], on)


def _with_line(row: Figures, customer: Customer, lines: Lines, on: date) -> None:
    own = limits.choose(lines.get(("customer", customer.pk), []), on)
    line = own or limits.choose(lines.get(("group", customer.group_id), []), on)
    if line is None:
        return
    row.limit_kind, row.of_group, row.limit = line.kind, own is None, line.amount
    if line.amount is not None and line.extra and (line.extra_until is None or on <= line.extra_until):
        row.limit = line.amount + line.extra


def _on_hold(customers: Iterable[Customer]) -> set[int]:
    ids, groups = [one.pk for one in customers], {one.group_id for one in customers if one.group_id}
    holds = limits.Hold.objects.filter(Q(customer__in=ids) | Q(group__in=groups), lifted_at=None)
    stopped = set(holds.values_list("customer_id", "group_id"))
    direct, shared = {one for one, _ in stopped}, {two for _, two in stopped if two}
    return {one.pk for one in customers if one.pk in direct or one.group_id in shared}
