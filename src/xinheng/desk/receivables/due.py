"""When an invoice that does not say so is due, and what is special about it then.

An explicit due day wins.  Else the term decides: the invoice's own, the order's, the line's, the line's days, the one
on the customer's file.  Without any of them no credit was agreed and it is due on the day of issue.  A day that counts
from goods which have not come yet waits for them (``awaited``); one that counts from the customer's acceptance, an
agreed statement or a reported sale waits until somebody says when that was (``happened``).  What belongs to a
cash-on-delivery order is due the day the goods arrived, without grace (OC-018).  Initial stock 铺底 whose term names no
end is due when the line that carries it ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q

from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure.public import Account, Document
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables.rows import InvoiceRow
from xinheng.desk.receivables.term_days import Key, days_of, happened
from xinheng.desk.sales.public import Order
from xinheng.rules import terms
from xinheng.rules.calendar import WorkingCalendar
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Kind
from xinheng.rules.terms import Base, Instalment, Mode, PartKind, Roll, Term

#: Rows asked about at once: both engines bound what one statement may name.
_CHUNK = 5_000
_NATURES = {PartKind.RETENTION: ItemNature.RETENTION, PartKind.FLOAT: ItemNature.INITIAL_STOCK}


@dataclass(slots=True)
class _Known:
    """What the books know about the documents and lines that a set of rows leans on."""

    orders: dict[tuple[int, str], Document] = field(default_factory=dict)
    cod: set[tuple[int, str]] = field(default_factory=set)
    deliveries: dict[tuple[int, str], Document] = field(default_factory=dict)
    sent: dict[tuple[int, int, str], list[Document]] = field(default_factory=lambda: defaultdict(list))  # … by order
    said: dict[Key, dict[Base, date]] = field(default_factory=dict)
    accounts: dict[int, tuple[int, int | None, str]] = field(default_factory=dict)  # account → customer, group, term
    lines: dict[tuple[str, int], list[limits.Line]] = field(default_factory=lambda: defaultdict(list))


def with_due_days(rows: Sequence[InvoiceRow]) -> list[InvoiceRow]:
    """The rows with due day, term, nature and part; a whole invoice in instalments becomes one row each.

    An ``account_id`` below zero is minus the id of a customer whose account towards the entity is not made yet.

    Raises:
        UnknownTerm: a term that cannot be read.
    """
    done: list[InvoiceRow] = []
    calendar: list[WorkingCalendar] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        known = _known(chunk)
        for row in chunk:
            done += _derived(row, known, calendar)
    return done


def _known(rows: Sequence[InvoiceRow]) -> _Known:
    known = _Known()
    orders = {row.order_number for row in rows} - {""}
    deliveries = {row.delivery_number for row in rows} - {""}
    if deliveries:
        for one in _present(Kind.DELIVERY, deliveries):
            known.deliveries[one.entity_id, one.number] = one
            orders |= {one.order_number} - {""}
    if orders:
        known.orders = {(one.entity_id, one.number): one for one in _present(Kind.ORDER, orders)}
        cash = Order.objects.filter(document__in=known.orders.values(), payment=Order.Payment.COD)
        known.cod = set(cash.values_list("document__entity_id", "document__number"))
    undated = {row.account_id for row in rows if row.due_on is None}
    if undated:
        _learn_lines(known, undated)
        waiting = {row.order_number for row in rows if row.due_on is None and not row.delivery_number} - {""}
        if waiting:
            sent = Document.objects.filter(kind=Kind.DELIVERY, reversed_by=None, order_number__in=waiting)
            for one in sent.exclude(order_number="").order_by("dated_on"):
                known.sent[one.entity_id, one.account_id, one.order_number].append(one)
        waits = [row for row in rows if row.due_on is None]
        known.said = days_of(key for row in waits for key in (_key(row), *_goods(row, known)))
    return known


def _key(row: InvoiceRow) -> Key:
    return row.account_id, Kind.INVOICE, row.number


def _goods(row: InvoiceRow, known: _Known) -> list[Key]:
    """What an invoice's goods are known by: the delivery it names, else those of its order."""
    if row.delivery_number:
        return [(row.account_id, Kind.DELIVERY, row.delivery_number)]
    sent = known.sent.get((row.entity_id, row.account_id, row.order_number), [])
    return [(row.account_id, Kind.DELIVERY, one.number) for one in sent]


def _present(kind: Kind, numbers: Iterable[str]) -> Iterable[Document]:
    return Document.objects.filter(kind=kind, number__in=list(numbers), reversed_by=None)


def _learn_lines(known: _Known, account_ids: set[int]) -> None:
    rows = Account.objects.filter(pk__in=[id for id in account_ids if id > 0])
    for id, customer, group, term in rows.values_list("id", "customer", "customer__group", "customer__term"):
        known.accounts[id] = customer, group, term
    new = Customer.objects.filter(pk__in=[-id for id in account_ids if id < 0])
    for customer, group, term in new.values_list("id", "group", "term"):
        known.accounts[-customer] = customer, group, term
    customers = {customer for customer, _, _ in known.accounts.values()}
    groups = {group for _, group, _ in known.accounts.values() if group}
    for line in limits.Line.objects.filter(Q(customer_id__in=customers) | Q(group_id__in=groups), replaced_at=None):
        holder = ("customer", line.customer_id) if line.customer_id else ("group", line.group_id)
        known.lines[holder].append(line)  # type: ignore[index]


def _derived(row: InvoiceRow, known: _Known, calendar: list[WorkingCalendar]) -> list[InvoiceRow]:
    delivery = known.deliveries.get((row.entity_id, row.delivery_number))
    order_key = (row.entity_id, row.order_number or (delivery.order_number if delivery else ""))
    sent = [delivery] if delivery else known.sent.get((row.entity_id, row.account_id, row.order_number))
    if order_key in known.cod:
        arrived = sent[-1].dated_on if sent else row.issued_on
        cash = {"due_on": row.due_on or arrived, "nature": row.nature or ItemNature.COD.value}
        return [replace(row, part=row.part or 1, **cash)]
    code = row.term or _agreed(row, order_key, known)
    if row.due_on is not None:
        return [replace(row, part=row.part or 1, nature=row.nature or _only_nature(code))]
    if not code:
        return [replace(row, part=row.part or 1, due_on=row.issued_on)]
    term = terms.parse_term(code)
    days = {Base.INVOICE: row.issued_on} | ({Base.DELIVERY: sent[-1].dated_on} if sent else {})
    days |= happened(known.said, _key(row), _goods(row, known))
    if Mode.FLOAT in term.modes and (end := _stock_end(row, known)):
        days[Base.FLOAT_END] = end
    parts = terms.due_dates(term, base_dates=days, amount=row.amount, calendar=_calendar(term, calendar))
    if row.part is None:
        return [_with(row, code, term, part, amount=part.amount) for part in parts]
    stated = parts[min(row.part, len(parts)) - 1]
    return [_with(row, code, term, replace(stated, part=row.part), amount=row.amount)]


def _with(row: InvoiceRow, code: str, term: Term, part: Instalment, *, amount: int) -> InvoiceRow:
    nature = row.nature or _nature(term, part)
    return replace(row, part=part.part, due_on=part.due_on, amount=amount, term=code, nature=nature)


def _nature(term: Term, part: Instalment) -> str:
    if part.kind in _NATURES:
        return _NATURES[part.kind].value
    return ItemNature.ROLLING.value if Mode.ROLLING in term.modes else ItemNature.PLAIN.value


def _only_nature(code: str) -> str:
    """What is special about an invoice whose day is stated but whose term is of one special kind."""
    if not code:
        return ""
    term = terms.parse_term(code)
    if Mode.ROLLING in term.modes:
        return ItemNature.ROLLING.value
    return ItemNature.INITIAL_STOCK.value if term.modes == {Mode.FLOAT} else ""


def _agreed(row: InvoiceRow, order_key: tuple[int, str], known: _Known) -> str:
    """The term nobody wrote on the invoice: the order's, else that of the line on the day of issue, else the file's."""
    order = known.orders.get(order_key)
    if order is not None and order.term:
        return order.term
    for line in _lines(row, known):
        if line.term or line.term_days is not None:
            return line.term or f"{line.term_days}D"
    return known.accounts[row.account_id][2] if row.account_id in known.accounts else ""


def _stock_end(row: InvoiceRow, known: _Known) -> date | None:
    """The end of the line that carries the customer's initial stock; None when no line does."""
    return next((line.initial_stock_until for line in _lines(row, known) if line.initial_stock), None)


def _lines(row: InvoiceRow, known: _Known) -> Iterator[limits.Line]:
    """The customer's line and its group's that count on the day of issue."""
    customer, group, _ = known.accounts.get(row.account_id, (None, None, ""))
    for kind, id in (("customer", customer), ("group", group)):
        lines = known.lines.get((kind, id), []) if id else []
        line = limits.choose([one for one in lines if one.entity_id in {None, row.entity_id}], row.issued_on)
        if line is not None:
            yield line


def _calendar(term: Term, kept: list[WorkingCalendar]) -> WorkingCalendar:
    """The working days, read only when a term moves due days over holidays."""
    if term.roll is Roll.NONE:
        return WorkingCalendar()
    if not kept:
        kept.append(limits.working_calendar())
    return kept[0]
