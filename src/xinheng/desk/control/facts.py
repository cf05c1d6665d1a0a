"""Gathering what a credit check looks at, under the lock of whoever holds the limit.

Sums come from the balances and the totals by due day, so a customer with a hundred thousand open items costs the same
as one with ten; all of it is asked in one round trip, a second one only where debt is late or money is foreign.  What
the checked order has reserved for itself is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinheng.base import sql
from xinheng.desk.cash import public as cash
from xinheng.desk.control.reading import HoldNow, OrderNow, Read, Sums
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules import terms
from xinheng.rules.order_check import facts as seen
from xinheng.rules.policy import CheckPoint, ItemNature, Policy
from xinheng.rules.policy import Payment as PaymentCode
from xinheng.rules.road import Component


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: ``amount`` of an order at a point on a day."""

    point: CheckPoint
    on: date
    amount: int


def gather(read: Read, question: Question, policy: Policy) -> seen.Facts:
    """Everything the rule book needs about one order, from what was read under the lock."""
    order = read.order
    own = limits.choose(read.lines_of("customer", order.entity_id), question.on)
    shared = limits.choose(read.lines_of("group", order.entity_id), question.on) if order.group_id else None
    scope = own.entity_id if own else order.entity_id
    return seen.Facts(
        point=question.point,
        on=question.on,
        order=_order(order, question, own or shared),
        customer=_holder(order.customer_code, own, read.customer_sums(scope), question, order, policy),
        group=_group(read, shared, question, policy) if order.group_id else None,
        standing=seen.Standing(active=order.active),
        holds=tuple(_hold(hold) for hold in read.holds) + _own_hold(order),
        prepaid_money=_prepaid_money(order),
        release=_release(order),
    )


def _group(read: Read, line: limits.Line | None, question: Question, policy: Policy) -> seen.HolderFacts:
    """The group: all members fill its limit, the late debt is that of the others."""
    sums = read.group_sums(line.entity_id if line else None)
    return _holder(read.order.group_code, line, sums, question, read.order, policy)


def _order(order: OrderNow, question: Question, line: limits.Line | None) -> seen.OrderFacts:
    code = order.term or (line.term if line else "") or order.customer_term
    term = terms.parse_term(code) if code else None
    return seen.OrderFacts(
        number=order.number,
        amount=question.amount,
        currency=order.currency,
        payment=PaymentCode[order.payment.upper()],
        term=order.term,
        term_days=terms.term_days_max(term) if term and order.term else None,
        instrument=order.instrument,
        salesperson=order.salesperson,
        rolling=bool(term and terms.Mode.ROLLING in term.modes),
    )


def _holder(
    code: str, line: limits.Line | None, sums: Sums, question: Question, order: OrderNow, policy: Policy
) -> seen.HolderFacts:
    currency = line.currency if line else order.currency
    components = exposure.components(sums.amounts)
    papers = any(one.instrument or one.contingent for one in components.values())
    currencies = {*components, order.currency, *(one.currency for one in sums.due)} - {currency}
    rates = exposure.rates_on(question.on, currency) if currencies else {}
    late = [one for one in sums.due if one.due_on < question.on]
    return seen.HolderFacts(
        code=code,
        currency=currency,
        line=rule_line(line),
        components=components,
        papers=cash.papers(sums.accounts) if papers else (),
        due=sums.due,
        items=oldest_items(sums.owing, question.on, policy.business.oldest_items_max) if late else (),
        initial_stock=sums.stock,
        rates={one: rates[one] for one in sorted(currencies) if one in rates},
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
        initial_stock=line.initial_stock,
        initial_stock_until=line.initial_stock_until,
        id=str(line.pk),
    )


def oldest_items(accounts: Sequence[int], on: date, count: int) -> tuple[seen.OpenItem, ...]:
    """The oldest late items, so that people see what to pay; read from the index of open positions."""
    batch = sql.Batch()
    for component in (Component.INVOICED, Component.DELIVERED):
        for account in accounts:
            params: list[Any] = [account, int(component), on, count]
            batch.add(
                "SELECT d.number, p.due_on, p.currency, p.amount, d.part, d.nature FROM exposure_position p "
                "JOIN exposure_document d ON d.id = p.document_id WHERE p.account_id = %s AND p.component = %s "
                "AND p.amount > 0 AND p.due_on < %s ORDER BY p.due_on, p.id LIMIT %s",
                params,
            )
    found = [
        seen.OpenItem(number, sql.as_day(due_on), currency, amount, part, ItemNature(nature))
        for rows in batch.run()
        for number, due_on, currency, amount, part, nature in rows
    ]
    return tuple(sorted(found, key=lambda item: (item.due_on, item.number, item.part))[:count])


def _hold(hold: HoldNow) -> seen.Hold:
    holder = seen.HolderKind.GROUP if hold.of_group else seen.HolderKind.CUSTOMER
    return seen.Hold(str(hold.id), holder, hold.cause, forced=hold.forced)


def _own_hold(order: OrderNow) -> tuple[seen.Hold, ...]:
    return (seen.Hold(order.number, seen.HolderKind.ORDER, "MANUAL", forced=True),) if order.forced_hold else ()


def _prepaid_money(order: OrderNow) -> int:
    if order.payment != "prepaid":
        return 0
    return cash.unreserved(order.account_id, order.currency) + cash.reserved_for(order.id)


def _release(order: OrderNow) -> seen.Release | None:
    if order.released_amount is None or order.released_until is None:
        return None
    return seen.Release(order.customer_code, order.released_amount, order.currency, order.released_until)
