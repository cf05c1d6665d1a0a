"""Gathering what a credit check looks at, under the lock of whoever holds the limit.

Sums come from the balances and the totals by due day, so a customer with a hundred thousand open items costs the same
as one with ten.  What the checked order has reserved for itself is left out.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from xinheng.base import sql
from xinheng.desk.cash import public as cash
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules import terms
from xinheng.rules.order_check import facts as seen
from xinheng.rules.policy import CheckPoint, ItemNature, Policy
from xinheng.rules.policy import Payment as PaymentCode
from xinheng.rules.road import Component

#: Natures that are looked at whatever their due day: a batch before this one, stock that does not revolve.
_ALWAYS = (ItemNature.ROLLING.value, ItemNature.INITIAL_STOCK.value)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: this order (or ``amount`` of it) at this point on this day."""

    order: Order
    point: CheckPoint
    on: date
    amount: int


def gather(question: Question, policy: Policy) -> seen.Facts:
    """Everything the rule book needs about one order.  The holders are locked."""
    document = question.order.document
    customer: Customer = document.account.customer
    entity_id = document.entity_id
    line = limits.line_in_force(question.on, customer_id=customer.pk, entity_id=entity_id)
    return seen.Facts(
        point=question.point,
        on=question.on,
        order=_order(question, line),
        customer=_customer(question, customer, line, policy),
        group=_group(question, customer, policy) if customer.group_id else None,
        standing=seen.Standing(active=customer.status == Customer.Status.ACTIVE),
        holds=_holds(question.order, customer),
        prepaid_money=_prepaid_money(question.order),
        release=_release(question.order, customer),
    )


def _order(question: Question, line: limits.Line | None) -> seen.OrderFacts:
    order, document = question.order, question.order.document
    code = document.term or (line.term if line else "")
    term = terms.parse_term(code) if code else None
    return seen.OrderFacts(
        number=document.number,
        amount=question.amount,
        currency=document.currency,
        payment=PaymentCode[order.payment.upper()],
        term=document.term,
        term_days=terms.term_days_max(term) if term and document.term else None,
        instrument=order.instrument,
        salesperson=document.salesperson,
        rolling=bool(term and terms.Mode.ROLLING in term.modes),
    )


def _customer(question: Question, customer: Customer, line: limits.Line | None, policy: Policy) -> seen.HolderFacts:
    own_entity = question.order.document.entity_id
    scope = line.entity_id if line else own_entity
    accounts = exposure.accounts_of(customer_id=customer.pk, entity_id=scope)
    currency = line.currency if line else question.order.document.currency
    return _holder(customer.code, currency, line, accounts, accounts, question, policy)


def _group(question: Question, customer: Customer, policy: Policy) -> seen.HolderFacts:
    document = question.order.document
    line = limits.line_in_force(question.on, group_id=customer.group_id, entity_id=document.entity_id)
    accounts = exposure.accounts_of(group_id=customer.group_id, entity_id=line.entity_id if line else None)
    own = set(exposure.accounts_of(customer_id=customer.pk))
    others = [account for account in accounts if account not in own]
    currency = line.currency if line else document.currency
    assert customer.group is not None  # noqa: S101 - the caller looked
    return _holder(customer.group.code, currency, line, accounts, others, question, policy)


def _holder(
    code: str,
    currency: str,
    line: limits.Line | None,
    accounts: Collection[int],
    owing: Collection[int],
    question: Question,
    policy: Policy,
) -> seen.HolderFacts:
    """One holder: ``accounts`` fill its limit, late debt is that of ``owing``."""
    found = exposure.amounts(accounts)
    own = _reserved_by(question.order.document)
    if own:
        key = (question.order.document.account_id, question.order.document.currency, Component.ORDERED)
        if key in found:
            found[key] -= own
    components = exposure.components(found)
    papers = any(one.instrument or one.contingent for one in components.values())
    due = due_sums(owing, question.on)
    currencies = {*components, question.order.document.currency, *(one.currency for one in due)} - {currency}
    rates = exposure.rates_on(question.on, currency) if currencies else {}
    return seen.HolderFacts(
        code=code,
        currency=currency,
        line=rule_line(line),
        components=components,
        papers=cash.papers(accounts) if papers else (),
        due=due,
        items=oldest_items(owing, question.on, policy.business.oldest_items_max) if due else (),
        initial_stock=_initial_stock(due),
        rates={one: rates[one] for one in currencies if one in rates},
    )


def rule_line(line: limits.Line | None) -> seen.Line:
    """A line as the rule book sees it; no line at all is one that is not set."""
    if line is None:
        return seen.Line()
    return seen.Line(
        kind=seen.LineKind[line.kind.upper()],
        limit=line.amount or 0,
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        term_days=line.term_days,
        withdrawn=line.withdrawn,
        extra=line.extra,
        extra_until=line.extra_until,
        id=str(line.pk),
    )


def _reserved_by(document: Document) -> int:
    """What the order itself has in ORDERED now."""
    rows = sql.fetch(
        "SELECT amount FROM exposure_position WHERE document_id = %s AND component = %s",
        [document.pk, Component.ORDERED],
    )
    return rows[0][0] if rows else 0


def due_sums(accounts: Collection[int], on: date) -> tuple[seen.DueSum, ...]:
    """What these accounts owe that was due before the day, by due day, currency and nature; and what always counts."""
    sums: dict[tuple[date, str, str], int] = defaultdict(int)
    for due_on, currency, nature, amount in sql.fetch_in(
        "SELECT due_on, currency, nature, amount FROM exposure_duetotal "
        "WHERE component IN (%s, %s) AND (due_on < %s OR nature IN (%s, %s)) AND amount > 0 "
        "AND account_id IN ({values})",
        sorted(accounts),
        [Component.INVOICED, Component.DELIVERED, on, *_ALWAYS],
    ):
        day = sql.as_date(due_on)
        assert day is not None  # noqa: S101 - the column is never null
        sums[day, currency, nature] += amount
    return tuple(
        seen.DueSum(day, currency, amount, ItemNature(nature)) for (day, currency, nature), amount in sorted(sums.items())
    )


def _initial_stock(due: Collection[seen.DueSum]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for one in due:
        if one.nature is ItemNature.INITIAL_STOCK:
            sums[one.currency] += one.amount
    return dict(sums)


def oldest_items(accounts: Collection[int], on: date, count: int) -> tuple[seen.OpenItem, ...]:
    """The oldest late items, so that people see what to pay; read from the index of open positions."""
    found: list[seen.OpenItem] = []
    for component in (Component.INVOICED, Component.DELIVERED):
        for account in accounts:
            rows = sql.fetch(
                "SELECT d.number, p.due_on, p.currency, p.amount, d.part, d.nature FROM exposure_position p "
                "JOIN exposure_document d ON d.id = p.document_id WHERE p.account_id = %s AND p.component = %s "
                "AND p.amount > 0 AND p.due_on < %s ORDER BY p.due_on, p.id LIMIT %s",
                [account, component, on, count],
            )
            for number, due_on, currency, amount, part, nature in rows:
                day = sql.as_date(due_on)
                assert day is not None  # noqa: S101 - the query asks for earlier ones
                found.append(seen.OpenItem(number, day, currency, amount, part, ItemNature(nature)))
    return tuple(sorted(found, key=lambda item: (item.due_on, item.number, item.part))[:count])


def _holds(order: Order, customer: Customer) -> tuple[seen.Hold, ...]:
    own = (seen.Hold(order.document.number, seen.HolderKind.ORDER, "MANUAL", forced=True),) if order.forced_hold else ()
    return own + tuple(
        seen.Hold(
            str(hold.pk),
            seen.HolderKind.GROUP if hold.group_id else seen.HolderKind.CUSTOMER,
            hold.cause,
            forced=hold.forced,
        )
        for hold in limits.holds_standing(customer_id=customer.pk, group_id=customer.group_id)
    )


def _prepaid_money(order: Order) -> int:
    if order.payment != Order.Payment.PREPAID:
        return 0
    document = order.document
    return cash.unreserved(document.account_id, document.currency) + cash.reserved_for(document)


def _release(order: Order, customer: Customer) -> seen.Release | None:
    if order.released_amount is None or order.released_until is None:
        return None
    return seen.Release(customer.code, order.released_amount, order.document.currency, order.released_until)


def amount_to_check(order: Order, point: CheckPoint) -> int:
    """What the question is about: the order as it stands now, or at a delivery what has not left yet."""
    return sales.remaining(order) if point is CheckPoint.DELIVERY else sales.amount_now(order)
