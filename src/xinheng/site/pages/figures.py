"""What the customers of one page owe and may owe, in company currency, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from xinheng.base import clock, policies
from xinheng.desk.control import public as control
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import Ask
from xinheng.rules import exposure as rulebook
from xinheng.rules.exposure import Components
from xinheng.rules.money import total
from xinheng.rules.order_check import case, facts
from xinheng.rules.policy import ItemNature
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
        return max(0, min(999, (self.exposure * 200 + self.limit) // (2 * self.limit)))  # half up, as on the page


def figures_of(customers: Collection[Customer], on: date) -> dict[int, Figures]:
    """Figures by customer id."""
    currency = clock.company().currency
    rates = exposure.rates_on(on, currency)
    policy = policies.in_force(on).policy
    ids = [one.pk for one in customers]
    moment = exposure.today(on)
    sums = _present(ids) if moment.is_now else _then(ids, moment)
    components, overdue = _components(sums), _overdue(ids, on) if moment.is_now else _overdue_then(ids, moment)
    lines, holds = _lines(customers), _on_hold(customers)
    stock = _initial_stock(lines)
    found = {}
    for one in customers:
        own = components.get(one.pk, {})
        owed = rulebook.exposure(own, rules=policy.exposure, rates=rates, into=currency)
        invoiced = total({code: each.invoiced for code, each in own.items()}, currency, rates)
        row = Figures(currency, invoiced, total(overdue.get(one.pk, {}), currency, rates), owed.total)
        _with_line(row, one, lines, stock, on)
        if row.limit is not None and row.limit_kind == limits.Line.Kind.AMOUNT:
            row.limit = total({_line_of(one, lines, on).currency: row.limit}, currency, rates)
        row.held = one.pk in holds
        found[one.pk] = row
    return found


#: (customer, currency, component) → minor units
Sums = dict[tuple[int, str, int], int]


def _present(ids: list[int]) -> Sums:
    rows = exposure.Balance.objects.filter(account__customer__in=ids).exclude(amount=0)
    by = ("account__customer_id", "currency", "component")
    return {(who, currency, of): amount for who, currency, of, amount in rows.values_list(*by).annotate(Sum("amount"))}


def _then(ids: list[int], moment: exposure.Moment) -> Sums:
    """The same without what is dated ahead of today."""
    whose = dict(exposure.Account.objects.filter(customer__in=ids).values_list("id", "customer_id"))
    found: Sums = defaultdict(int)
    for (account, currency, component), amount in exposure.amounts(whose, moment).items():
        found[whose[account], currency, component] += amount
    return found


def _components(sums: Sums) -> dict[int, dict[str, Components]]:
    names = {component.value: name for name, component in exposure.NAMES.items()}
    parts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for (customer, currency, component), amount in sums.items():
        if component in names:
            parts[customer, currency][names[component]] = amount
    found: dict[int, dict[str, Components]] = defaultdict(dict)
    for (customer, currency), each in parts.items():
        found[customer][currency] = Components(**each)
    return found


def _overdue(ids: list[int], on: date) -> dict[int, dict[str, int]]:
    rows = exposure.DueTotal.objects.filter(account__customer__in=ids, component=Component.INVOICED, due_on__lt=on)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for customer, currency, amount in rows.values_list("account__customer_id", "currency").annotate(Sum("amount")):
        found[customer][currency] = amount
    return found


def _overdue_then(ids: list[int], moment: exposure.Moment) -> dict[int, dict[str, int]]:
    rows = receivables.ageing_rows(Ask(moment), "customer", keys=ids)
    return {
        row.key: {code: sum(one.amount for one in each.buckets[1:]) for code, each in row.currencies.items()}
        for row in rows
    }


Lines = dict[tuple[str, int], list[limits.Line]]
Stock = dict[int, dict[str, int]]


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


def _with_line(row: Figures, customer: Customer, lines: Lines, stock: Stock, on: date) -> None:
    own = limits.choose(lines.get(("customer", customer.pk), []), on)
    line = own or limits.choose(lines.get(("group", customer.group_id), []), on)
    if line is None:
        return
    unpaid = stock[line.pk]
    rates = exposure.rates_on(on, line.currency) if unpaid.keys() - {line.currency} else {}
    rule = control.rule_line(line)
    holder = facts.HolderFacts(code="", currency=line.currency, line=rule, initial_stock=unpaid, rates=rates)
    row.limit_kind, row.of_group, row.limit = line.kind, own is None, line.amount
    if line.kind == limits.Line.Kind.AMOUNT:
        row.limit = case.limit_of(holder, on)


def _initial_stock(lines: Lines) -> Stock:
    """The unpaid initial stock (铺底) that each line may carry: its customer's, or that of all members of its group."""
    carrying = [line for found in lines.values() for line in found if line.initial_stock]
    unpaid: Stock = defaultdict(lambda: defaultdict(int))
    if not carrying:
        return unpaid
    whose = Q(account__customer__in=[one.customer_id for one in carrying if one.customer_id])
    whose |= Q(account__customer__group__in=[one.group_id for one in carrying if one.group_id])
    rows = exposure.DueTotal.objects.filter(whose, nature=ItemNature.INITIAL_STOCK.value)
    by = ("account__customer_id", "account__customer__group_id", "account__entity_id", "currency")
    for customer, group, entity, currency, amount in rows.values_list(*by).annotate(Sum("amount")):
        for line in carrying:
            its = line.customer_id == customer if line.customer_id else line.group_id == group
            if its and line.entity_id in (None, entity):
                unpaid[line.pk][currency] += amount
    return unpaid


def _on_hold(customers: Iterable[Customer]) -> set[int]:
    ids, groups = [one.pk for one in customers], {one.group_id for one in customers if one.group_id}
    holds = limits.Hold.objects.filter(Q(customer__in=ids) | Q(group__in=groups), lifted_at=None)
    stopped = set(holds.values_list("customer_id", "group_id"))
    direct, shared = {one for one, _ in stopped}, {two for _, two in stopped if two}
    return {one.pk for one in customers if one.pk in direct or one.group_id in shared}
