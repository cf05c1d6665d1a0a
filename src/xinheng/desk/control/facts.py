"""Gathering what a credit check looks at, under the lock of whoever holds the limit.

Sums come from the balances and the totals by due day, so a customer with a hundred thousand open items costs the same
as one with ten; all of it is asked in one round trip, a second one only where debt is late or money is foreign, more
only where cash on delivery is late or orders settle by batches.  What the checked order has reserved for itself is left
out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from xinheng.base import sql
from xinheng.desk.cash import public as cash
from xinheng.desk.control import batches, on_delivery
from xinheng.desk.control.around import Around, HoldNow, Place, Sums
from xinheng.desk.control.reading import OrderNow, Read
from xinheng.desk.control.unpaid import salespeople
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules import terms
from xinheng.rules.exposure import PaperSum
from xinheng.rules.order_check import facts as seen
from xinheng.rules.order_check.on_delivery import Received, with_goods_paid
from xinheng.rules.order_check.rolling import batches_allowed, with_batches_due
from xinheng.rules.policy import CheckPoint, ItemNature, Policy, ReasonCode
from xinheng.rules.policy import Payment as PaymentCode
from xinheng.rules.road import Component


class Books(Protocol):
    """What is asked beside the one round trip, and only where it matters."""

    def rates(self, on: date, into: str) -> Mapping[str, Decimal]: ...

    def papers(self, accounts: Collection[int]) -> tuple[PaperSum, ...]: ...

    def oldest(self, accounts: Sequence[int], on: date, count: int) -> tuple[seen.OpenItem, ...]: ...

    def batches(self, accounts: Sequence[int], on: date, *, unstated: bool) -> Sequence[seen.OpenItem]: ...

    def received(self, accounts: Sequence[int], on: date) -> Sequence[Received]: ...

    def prepaid(self, order: OrderNow, on: date) -> int: ...


class Present:
    """The books as they are now."""

    def rates(self, on: date, into: str) -> Mapping[str, Decimal]:
        return exposure.rates_on(on, into)

    def papers(self, accounts: Collection[int]) -> tuple[PaperSum, ...]:
        return cash.papers(accounts)

    def oldest(self, accounts: Sequence[int], on: date, count: int) -> tuple[seen.OpenItem, ...]:
        return oldest_items(accounts, on, count)

    def batches(self, accounts: Sequence[int], on: date, *, unstated: bool) -> Sequence[seen.OpenItem]:
        return batches.open_batches(accounts, on, unstated=unstated)

    def received(self, accounts: Sequence[int], on: date) -> Sequence[Received]:
        return [one for _, one in on_delivery.received(accounts, on)]

    def prepaid(self, order: OrderNow, on: date) -> int:
        return cash.unreserved(order.account_id, order.currency, on) + cash.reserved_for(order.id)


PRESENT = Present()
#: From so many entities on a person is told which of them is to be paid.
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at a point on a day: ``amount`` of an order is to come, ``passed`` of it is debt already.

    ``goods`` are what is to leave, at delivery; they may have been invoiced ahead and then bring nothing new.
    ``stated`` is how much somebody said, 0 for all that is left.
    """

    point: CheckPoint
    on: date
    amount: int
    passed: int = 0
    goods: int = 0
    stated: int = 0


def gather(read: Read, question: Question, policy: Policy, books: Books = PRESENT) -> seen.Facts:
    """Everything the rule book needs about one order, from what was read under the lock."""
    order, around = read.order, read.around
    own = limits.choose(around.lines_of("customer", order.entity_id), question.on)
    shared = limits.choose(around.lines_of("group", order.entity_id), question.on) if order.group_id else None
    scope = own.entity_id if own else order.entity_id
    asked = _Asked(question, order, policy, books)
    customer = _holder(order.customer_code, own, around.customer_sums(scope, read.left_out), asked, around)
    unstated = _unstated_term(order, own, shared)
    rolling = batches_allowed(_term(order.term or unstated))
    if rolling:
        owing = around.customer_sums(scope, read.left_out).owing
        waiting = books.batches(owing, question.on, unstated=bool(batches_allowed(_term(unstated))))
        if question.point is CheckPoint.INVOICE:  # what is invoiced has left already and is no batch before itself
            waiting = [one for one in waiting if not one.goods]
        customer = with_batches_due(customer, waiting, rolling, question.on)
    group = _group(around, shared, asked, read.left_out) if order.group_id else None
    if len({entity for _, entity in around.owners.values()}) < _SEVERAL:
        customer = _of_the_one(customer)
        group = group and _of_the_one(group)
    return seen.Facts(
        point=question.point,
        on=question.on,
        order=_order(read, question, rolling=bool(rolling)),
        customer=customer,
        group=group,
        standing=_standing(order, around, own, shared),
        holds=tuple(_hold(hold) for hold in around.holds if hold.cause != "BREACH" or hold.forced) + _own_hold(order),
        prepaid_money=_prepaid_money(order, customer, asked),
        release=_release(order),
    )


def _of_the_one(holder: seen.HolderFacts) -> seen.HolderFacts:
    """A holder that owes one entity only, of which then nobody needs to be told."""
    return replace(holder, items=tuple(replace(one, entity="") for one in holder.items))


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    order: OrderNow
    policy: Policy
    books: Books


def _prepaid_money(order: OrderNow, customer: seen.HolderFacts, asked: _Asked) -> int:
    """What a prepaid order may rest on, or another one that turned to prepaid where the customer has money with us."""
    there = customer.components.get(order.currency)
    has_money = order.id and there is not None and there.unapplied > 0
    return asked.books.prepaid(order, asked.question.on) if order.payment == "prepaid" or has_money else 0


def _group(
    around: Around, line: limits.AnyLine | None, asked: _Asked, left_out: Mapping[Place, int]
) -> seen.HolderFacts:
    """The group: all members fill its limit, the late debt is that of the others."""
    sums = around.group_sums(line.entity_id if line else None, left_out)
    return _holder(asked.order.group_code, line, sums, asked, around)


def _unstated_term(order: OrderNow, *lines: limits.AnyLine | None) -> str:
    """What an order without a term of its own settles by, as its invoice will: the customer's line, its group's, the
    term on the customer's file."""
    for line in lines:
        if line is not None and (line.term or line.term_days is not None):
            return line.term or f"{line.term_days}D"
    return order.customer_term


def _term(code: str) -> terms.Term | None:
    return terms.parse_term(code) if code else None


def _order(read: Read, question: Question, *, rolling: bool) -> seen.OrderFacts:
    order = read.order
    return seen.OrderFacts(
        number=order.number,
        amount=question.amount,
        currency=order.currency,
        payment=PaymentCode[order.payment.upper()],
        term=order.term,
        term_days=terms.term_days_max(terms.parse_term(order.term)) if order.term else None,
        instrument=order.instrument,
        salesperson=order.salesperson,
        rolling=rolling,
        missing_approvals=read.missing_papers,
        passed=question.passed,
        goods=question.stated,
    )


def _standing(
    order: OrderNow, around: Around, own: limits.AnyLine | None, shared: limits.AnyLine | None
) -> seen.Standing:
    """How the customer stands apart from its debts; means of payment agreed with it go before the group's."""
    stated = [line.instruments for line in (own, shared) if line and line.instruments is not None]
    return seen.Standing(
        active=order.active,
        credit=seen.Credit.WITHDRAWN if own and own.withdrawn else seen.Credit.CREDIT,
        customer_class=order.customer_class,
        instruments_allowed=tuple(stated[0]) if stated else None,
        kept_until=around.kept_until,
    )


def _holder(code: str, line: limits.AnyLine | None, sums: Sums, asked: _Asked, around: Around) -> seen.HolderFacts:
    on, order, books = asked.question.on, asked.order, asked.books
    currency = line.currency if line else order.currency
    components = exposure.components(sums.amounts)
    papers = any(one.instrument or one.contingent for one in components.values())
    currencies = {*components, order.currency, *(one.currency for one in sums.due)} - {currency}
    rates = books.rates(on, currency) if currencies else {}
    late = [one for one in sums.due if one.due_on < on]
    found = seen.HolderFacts(
        code=code,
        currency=currency,
        line=rule_line(line),
        components=components,
        papers=books.papers(sums.accounts) if papers else (),
        due=sums.due,
        items=books.oldest(sums.owing, on, asked.policy.business.oldest_items_max) if late else (),
        initial_stock=sums.stock,
        rates={one: rates[one] for one in sorted(currencies) if one in rates},
        entities=_entities(around, sums, books),
    )
    if any(one.nature is ItemNature.COD for one in late):
        return with_goods_paid(found, books.received(sums.owing, on))
    return found


def _entities(around: Around, sums: Sums, books: Books) -> tuple[seen.EntityPart, ...]:
    """What of it stands towards which entity, where the limit is shared by several."""
    found = []
    for code, (accounts, amounts) in around.by_entity(sums).items():
        components = exposure.components(amounts)
        papers = any(one.instrument or one.contingent for one in components.values())
        found.append(seen.EntityPart(code, components, books.papers(accounts) if papers else ()))
    return tuple(found)


def rule_line(line: limits.AnyLine | None) -> seen.Line:
    """A line as the rule book sees it; no line at all is one that is not set."""
    if line is None:
        return seen.Line()
    return seen.Line(
        kind=seen.LineKind[line.kind.upper()],
        limit=line.amount or 0,
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        term=line.term,
        term_days=line.term_days,
        signed=line.signed,
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
                "SELECT d.id, d.number, p.due_on, p.currency, p.amount, d.part, d.nature, p.component, e.code "
                "FROM exposure_position p JOIN exposure_document d ON d.id = p.document_id "
                "JOIN exposure_entity e ON e.id = d.entity_id WHERE p.account_id = %s AND p.component = %s "
                "AND p.amount > 0 AND p.due_on < %s ORDER BY p.due_on, p.id LIMIT %s",
                params,
            )
    rows = [row for found in batch.run() for row in found]
    sold = salespeople(row[0] for row in rows if row[6] == ItemNature.COD.value)
    items = [
        seen.OpenItem(
            number,
            sql.as_day(due_on),
            currency,
            amount,
            part,
            ItemNature(nature),
            sold.get(id, ""),
            goods=component == Component.DELIVERED,
            entity=entity,
        )
        for id, number, due_on, currency, amount, part, nature, component, entity in rows
    ]
    return tuple(sorted(items, key=lambda item: (item.due_on, item.number, item.part))[:count])


def _hold(hold: HoldNow) -> seen.Hold:
    holder = seen.HolderKind.GROUP if hold.of_group else seen.HolderKind.CUSTOMER
    return seen.Hold(str(hold.id), holder, hold.cause, forced=hold.forced)


def _own_hold(order: OrderNow) -> tuple[seen.Hold, ...]:
    return (seen.Hold(order.number, seen.HolderKind.ORDER, "MANUAL", forced=True),) if order.forced_hold else ()


def _release(order: OrderNow) -> seen.Release | None:
    """The sign-off that binds; it covers what its signers saw stand against the order."""
    if order.released_amount is None or order.released_until is None:
        return None
    codes = tuple(ReasonCode(code) for code in order.released_codes)
    return seen.Release(order.customer_code, order.released_amount, order.currency, order.released_until, codes)
