"""Allocation 收款核销: money, credit notes and cleared paper settle invoices, and an allocation can be undone.

Two movements make one allocation: the invoice's INVOICED and the credit's UNAPPLIED both become SETTLED.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from xinheng.base import clock, events
from xinheng.base.errors import WrongState
from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry, Position
from xinheng.desk.receivables.acting import acting, credit_changed, customer_of, debt_grew, noted
from xinheng.desk.receivables.days import effective_day
from xinheng.desk.receivables.matching import Plan, Share, match
from xinheng.desk.receivables.models import Allocation
from xinheng.desk.receivables.rows import AllocationRow, BadRows, Left, Problem
from xinheng.rules import allocation as rulebook
from xinheng.rules.allocation import Exact, OpenAmount
from xinheng.rules.road import Component, Kind, Step


def check_allocations(rows: Sequence[AllocationRow]) -> list[Problem]:
    """What is wrong with which rows; the others can then be recorded without them.  Nothing is written."""
    return match(rows).problems


def allocate_many(
    entry: Entry, rows: Sequence[AllocationRow], *, component: Component = Component.INVOICED
) -> list[Allocation]:
    """Allocate rows in their order inside a locked transaction; whoever rested on the money is told.

    A listener may add lines to the audit chains: read their heads again before adding your own.

    Raises:
        BadRows: some cannot stand; nothing was written.
    """
    plan = match(rows, component=component)
    if plan.problems:
        raise BadRows(plan.problems)
    return _settle(entry, rows, plan, component)


def set_aside(entry: Entry, documents: Sequence[Document]) -> list[Allocation]:
    """Undo every allocation of these documents, on either side, so that they can be corrected; in their old order."""
    ids = [document.pk for document in documents]
    found: dict[int, Allocation] = {}
    for start in range(0, len(ids), 5_000):
        chunk = ids[start : start + 5_000]
        touched = Allocation.objects.filter(Q(invoice__in=chunk) | Q(credit__in=chunk), undone_by=None)
        found |= {one.pk: one for one in touched.select_related("credit", "invoice")}
    allocations = [found[id] for id in sorted(found)]
    undo_allocations(entry, allocations)
    return allocations


def apply_again(entry: Entry, allocations: Sequence[Allocation], *, same_batch: bool = False) -> list[Left]:
    """Make undone allocations again in their order, by the numbers of their documents, as far as there is room.

    ``same_batch``: they still belong to the batch that brought them, not to the entry's.
    """
    left: list[Left] = []
    for component in sorted({one.component for one in allocations}):
        chosen = [one for one in allocations if one.component == component]
        rows = [_again(one, batch_id=one.batch_id if same_batch else None) for one in chosen]
        plan = match(rows, component=Component(component), clip=True)
        _settle(entry, rows, plan, Component(component))
        left += [
            Left(rows[index].credit_number, rows[index].invoice_number, amount, chosen[index].credit.currency)
            for index, amount in plan.left.items()
        ]
    return left


def _again(one: Allocation, *, batch_id: int | None) -> AllocationRow:
    return AllocationRow(
        entity_id=one.invoice.entity_id,
        credit_number=one.credit.number,
        invoice_number=one.invoice.number,
        dated_on=one.dated_on,
        amount=one.amount,
        part=one.stated_part,
        occurrence=one.occurrence,
        credit_kind=Kind(one.credit.kind),
        stated_amount=one.stated_amount,
        automatic=one.automatic,
        batch_id=batch_id,
    )


def _settle(entry: Entry, rows: Sequence[AllocationRow], plan: Plan, component: Component) -> list[Allocation]:
    """Write what was decided about rows."""
    made = Allocation.objects.bulk_create(
        (_allocation(entry, rows[share.row], share, component) for share in plan.shares), batch_size=1_500
    )
    steps = [step for one in made for step in _steps(one)]
    exposure.post(entry, steps, {one.id: one.item for share in plan.shares for one in (share.credit, share.invoice)})
    _tell(entry, made)
    return made


def undo_allocations(entry: Entry, allocations: Sequence[Allocation]) -> None:
    """Take allocations back inside a locked transaction, as of the day they took effect or the first open day.

    Raises:
        WrongState: undone already.
    """
    documents = Document.objects.in_bulk({id for one in allocations for id in (one.credit_id, one.invoice_id)})
    steps = []
    for one in allocations:
        if one.undone_by_id is not None:
            raise WrongState(what="allocation", number=str(one.pk), state="UNDONE")
        on = effective_day(one.effective_on, documents[one.credit_id].entity_id)
        steps += [Step(step.target, step.source, step.amount, on) for step in _steps(one)]
    ids = [one.pk for one in allocations]
    for start in range(0, len(ids), 5_000):
        Allocation.objects.filter(pk__in=ids[start : start + 5_000]).update(undone_by=entry)
    exposure.post(entry, steps, exposure.items(documents.values(), steps))
    for one in allocations:
        one.undone_by = entry
    _tell(entry, allocations, undone=True)


def _allocation(entry: Entry, row: AllocationRow, share: Share, component: Component) -> Allocation:
    return Allocation(
        credit_id=share.credit.id,
        invoice_id=share.invoice.id,
        amount=share.amount,
        dated_on=row.dated_on,
        effective_on=share.on,
        component=component.value,
        automatic=row.automatic,
        stated_part=row.part,
        stated_amount=row.stated_amount or row.amount,
        occurrence=row.occurrence,
        entry=entry,
        batch_id=row.batch_id or entry.batch_id,
    )


def _steps(one: Allocation) -> tuple[Step, Step]:
    owed, settled = (one.invoice_id, Component(one.component)), (one.invoice_id, Component.SETTLED)
    money, spent = (one.credit_id, Component.UNAPPLIED), (one.credit_id, Component.SETTLED)
    on = one.effective_on
    return Step(owed, settled, one.amount, on), Step(money, spent, one.amount, on)


def _tell(entry: Entry, allocations: Sequence[Allocation], *, undone: bool = False) -> None:
    shares = tuple((one.credit_id, one.invoice_id, one.amount) for one in allocations)
    if shares:
        events.tell(events.MoneyAllocated(shares, on=clock.business_date(), by=entry.actor, undone=undone))


def allocate(row: AllocationRow, credit: Document, *, on: date, by: User) -> list[Allocation]:
    """Settle an invoice with so much of a receipt, credit note or cleared paper; held orders are looked at again.

    Raises:
        BadRows: more than open or received, another customer, entity or currency, not cleared.  Refused, LockTimeout.
    """
    return _allocate(credit, lambda: [row], on=on, by=by)


def allocate_by_hand(
    credit: Document, choices: Sequence[tuple[Document, int]], *, dated_on: date, on: date, by: User
) -> list[Allocation]:
    """Settle the instalments a person chose, each with its amount in minor units; all of them or none.

    Raises:
        BadRows, Refused, LockTimeout.
    """
    return _allocate(credit, lambda: [_row(credit, one, amount, dated_on) for one, amount in choices], on=on, by=by)


def allocate_oldest(credit: Document, *, dated_on: date, on: date, by: User) -> list[Allocation]:
    """Settle the customer's oldest due items of the currency as far as the money goes.

    Raises:
        Refused, LockTimeout.
    """

    def rows() -> list[AllocationRow]:
        owed = _owed(credit)
        lines = rulebook.oldest_due_first(unapplied(credit), (amount for amount, _ in owed.values())).lines
        return [_row(credit, owed[item][1], share, dated_on) for item, share in lines]

    return _allocate(credit, rows, on=on, by=by)


def find_exact(credit: Document) -> Exact:
    """The items that come to exactly what is left of the money, when there is only one answer."""
    return rulebook.exact(unapplied(credit), (amount for amount, _ in _owed(credit).values()))


def allocate_exact(credit: Document, *, dated_on: date, on: date, by: User) -> list[Allocation]:
    """Settle the item or the only set of items that comes to exactly what is left of the money; else nothing.

    Raises:
        Refused, LockTimeout.
    """

    def rows() -> list[AllocationRow]:
        owed = _owed(credit)
        lines = rulebook.exact(unapplied(credit), (amount for amount, _ in owed.values())).lines
        return [_row(credit, owed[item][1], share, dated_on) for item, share in lines]

    return _allocate(credit, rows, on=on, by=by)


def undo_allocation(allocation: Allocation, *, reason: str, by: User) -> Allocation:
    """Take one allocation back by hand 取消核销.

    Raises:
        WrongState: undone already.  Refused, LockTimeout.
    """
    customer_id = customer_of(allocation.credit)
    verb, right = "receivables.allocation.undone", "receivables.allocate"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        fresh = Allocation.objects.select_related("credit", "invoice").get(pk=allocation.pk)
        undo_allocations(entry, [fresh])
        subject = f"receipt:{fresh.credit.number}"
        noted(entry, customer_id, subject, invoice=fresh.invoice.number, amount=fresh.amount, reason=reason)
        debt_grew([customer_id], "ALLOCATION", by=by)
        return fresh


def unapplied(credit: Document) -> int:
    """What is left of a receipt, credit note or cleared paper, in minor units."""
    return exposure.amounts_by_position([credit.pk]).get((credit.pk, Component.UNAPPLIED), 0)


def _allocate(credit: Document, rows, *, on: date, by: User) -> list[Allocation]:
    """``rows`` is asked under the lock."""
    customer_id = customer_of(credit)
    verb, right = "receivables.allocation.made", "receivables.allocate"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        made = allocate_many(entry, rows())
        if made:
            settled = [{"invoice": one.invoice_id, "amount": one.amount} for one in made]
            noted(entry, customer_id, f"receipt:{credit.number}", settled=settled)
            credit_changed([customer_id], "ALLOCATION", on=on, by=by)
        return made


def _row(credit: Document, invoice: Document, amount: int, dated_on: date) -> AllocationRow:
    if invoice.entity_id != credit.entity_id:
        params = {"number": credit.number, "invoice": invoice.number, "entity": credit.entity.code}
        raise BadRows([Problem(0, "OTHER_ENTITY", params)])
    return AllocationRow(
        entity_id=credit.entity_id,
        credit_number=credit.number,
        invoice_number=invoice.number,
        dated_on=dated_on,
        amount=amount,
        part=invoice.part,
        credit_kind=Kind(credit.kind),
    )


def _owed(credit: Document) -> dict[int, tuple[OpenAmount, Document]]:
    """The open instalments that a credit may settle: its customer's, of its entity and currency."""
    found = Position.objects.filter(
        account_id=credit.account_id, component=Component.INVOICED, currency=credit.currency, amount__gt=0
    ).select_related("document")
    return {one.document_id: (OpenAmount(one.document_id, one.amount, one.due_on), one.document) for one in found}
