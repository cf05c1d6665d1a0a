"""An invoice entered by hand is checked where the policy says so; what comes in a file is a fact and never refused.

What the invoice brings into the ledger is worked out along the road of goods: from its delivery or its order nothing is
added to what is owed, above them it is.
"""

from dataclasses import replace
from datetime import date

from xinheng.base import policies, rights, sql
from xinheng.base.database import atomic
from xinheng.base.models import User
from xinheng.desk.control import facts, reading, roads
from xinheng.desk.control.asking import leave_out
from xinheng.desk.control.breaching import nothing_ordered
from xinheng.desk.control.checking import Asked, keep, line_of, new_decision
from xinheng.desk.control.models import Decision
from xinheng.desk.control.shipping import refuse_held
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Account, Document
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import InvoiceRow
from xinheng.desk.sales import public as sales
from xinheng.rules import order_check
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Kind


def enter_invoice(row: InvoiceRow, *, on: date, by: User) -> tuple[list[Document], Decision]:
    """Check an invoice and enter it; the decision that lets it pass, or not, is kept.

    Raises:
        StillHeld: the policy holds it at the invoice.  Conflict: the number is present.  UnknownTerm, Refused.
    """
    rights.require(by, "receivables.post")
    receivables.refuse_present(Kind.INVOICE, row.entity_id, row.number, part=row.part)
    customer_id = receivables.customers_of_accounts([row.account_id])[row.account_id]
    with atomic():
        held = exposure.lock([customer_id])
        row = _with_order(row, on)
        account = Account.objects.select_related("customer__group", "entity").get(pk=row.account_id)
        decision = _decide(held, account, row, Asked(CheckPoint.INVOICE, on, by, policies.in_force(on)))
    refuse_held(decision)
    return receivables.post_invoice(row, by=by), decision


def _with_order(row: InvoiceRow, on: date) -> InvoiceRow:
    """Where the policy says so, an invoice that names nothing belongs to the oldest open order."""
    if row.order_number or row.delivery_number or not sales.matches_oldest(on):
        return row
    number = sales.OpenOrders([row.account_id]).take(row.account_id, row.currency, row.issued_on, row.amount)
    return replace(row, order_number=number, inferred=bool(number))


def _decide(held: exposure.HeldRows, account: Account, row: InvoiceRow, asked: Asked) -> Decision:
    order, family = _family(row)
    read = _read(account, order, asked.on)
    invoiced = sum(one.amount for one in family if one.kind == Kind.INVOICE and one.order_number == row.order_number)
    road = [exposure.seen(one) for one in family]
    moved = roads.if_invoiced(road, order=row.order_number, delivery=row.delivery_number, amount=row.amount)
    currency = read.order.currency if order is not None else row.currency
    read.order = replace(read.order, number=row.number, currency=currency, term=row.term or read.order.term)
    leave_out(read, moved.taken)
    question = facts.Question(CheckPoint.INVOICE, asked.on, row.amount, passed=invoiced if order is not None else 0)
    gathered = facts.gather(read, question, asked.policy.policy)
    outcome = order_check.check(gathered, asked.policy.policy)
    decision = new_decision(order, asked, gathered, outcome)
    decision.account = account
    batch = sql.Batch()
    fingerprint = keep(batch, decision)
    line_of(batch, held["customer", account.customer_id], f"invoice:{row.number}", decision, fingerprint)
    batch.run()
    return decision


def _family(row: InvoiceRow) -> tuple[Document | None, list[Document]]:
    """The order an invoice belongs to, directly or through its delivery, and everything on their road."""
    present = Document.objects.filter(
        entity_id=row.entity_id, account_id=row.account_id, currency=row.currency, reversed_by=None
    )
    delivery = present.filter(kind=Kind.DELIVERY, number=row.delivery_number).first() if row.delivery_number else None
    number = row.order_number or (delivery.order_number if delivery else "")
    order = present.filter(kind=Kind.ORDER, number=number).first() if number else None
    seed = order or delivery
    return order, exposure.family(seed) if seed is not None else []


def _read(account: Account, order: Document | None, on: date) -> reading.Read:
    customer = account.customer
    if order is not None:
        return reading.read(
            order.pk,
            customer_id=customer.pk,
            group_id=customer.group_id,
            on=on,
        )
    (around,) = reading.read_around([(customer.pk, customer.group_id)], on)
    line = limits.choose(around.lines_of("customer", account.entity_id), on)
    return reading.Read(order=nothing_ordered(customer, account.entity_id, account.pk, line), around=around)
