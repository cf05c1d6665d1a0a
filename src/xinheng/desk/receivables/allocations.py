"""Allocation 收款核销: money, credit notes and cleared paper settle invoices, and an allocation can be undone.

Two movements make one allocation: the invoice's INVOICED and the credit's UNAPPLIED both become SETTLED.  What a person
does with them is in ``allocating.py``.
"""

from collections.abc import Sequence

from django.db.models import Q

from xinheng.base import clock, events
from xinheng.base.errors import WrongState
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.days import effective_day
from xinheng.desk.receivables.matching import Plan, Share, match
from xinheng.desk.receivables.models import Allocation
from xinheng.desk.receivables.rows import AllocationRow, BadRows, Left, Problem
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
            pair = f"{documents[one.credit_id].number} → {documents[one.invoice_id].number}"
            raise WrongState(what="allocation", number=pair, state="UNDONE")
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
