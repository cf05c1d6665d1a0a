"""What settles what: money, credit notes and cleared paper against invoices."""

from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Amount, Code, Id, MaybeCode, OnDay, Part, Reason
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.errors import BadInput
from xinheng.base.stated import read_amount, read_past_date
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import Allocation
from xinheng.desk.receivables.shapes import AllocatedShape, AllocationShape
from xinheng.rules.road import Kind

room = Room("Allocations 收款核销")
Credit = Literal["receipts", "credit-notes", "instruments"]
_KINDS = {"receipts": Kind.RECEIPT, "credit-notes": Kind.CREDIT_NOTE, "instruments": Kind.INSTRUMENT}


class OneWay(BadInput):
    """An allocation names an invoice with an amount, or says "oldest" or "exact"."""

    code = "ONE_WAY"


class NewAllocation(OnDay):
    """An invoice and an amount; or the way: the oldest due items, or those that come to exactly what is left."""

    way: Literal["invoice", "oldest", "exact"] = "invoice"
    invoice: MaybeCode = ""
    instalment: Part | None = None
    amount: Amount | None = None


@room.write("/{of}/{path:number}/allocations", AllocatedShape, right="receivables.allocate", makes=True)
def allocate(request: HttpRequest, of: Credit, number: Code, body: NewAllocation, entity: MaybeCode = "") -> Any:
    """Settle invoices with a receipt, a credit note or cleared paper."""
    if (body.way == "invoice") != bool(body.invoice and body.amount):
        raise OneWay
    by, dated_on = caller(request), read_past_date(body.date)
    credit = exposure.document_of(_KINDS[of], number, entity, by)
    if body.way == "invoice":
        made = _to_one(request, credit, body)
    else:
        act = receivables.allocate_exact if body.way == "exact" else receivables.allocate_oldest
        made = act(credit, dated_on=dated_on, on=clock.business_date(), by=by)
    return receivables.allocated_shape(credit, made)


def _to_one(request: HttpRequest, credit: Document, body: NewAllocation) -> list[Allocation]:
    """Settle the invoice that was named, of the money's own entity where several know the number."""
    by = caller(request)
    owed = exposure.present(Kind.INVOICE, body.invoice, entity_id=credit.entity_id)
    receivables.refuse_other_entity(credit, owed or exposure.document_of(Kind.INVOICE, body.invoice, "", by))
    row = receivables.AllocationRow(
        entity_id=credit.entity_id,
        credit_number=credit.number,
        invoice_number=body.invoice,
        dated_on=read_past_date(body.date),
        amount=read_amount(body.amount or "", credit.currency, positive=True),
        part=body.instalment,
        credit_kind=Kind(credit.kind),
    )
    return receivables.allocate(row, credit, on=clock.business_date(), by=by)


@room.read("/allocations", Page[AllocationShape], right="receivables.view")
def list_allocations(
    request: HttpRequest,
    customer: MaybeCode = "",
    credit: MaybeCode = "",
    invoice: MaybeCode = "",
    undone: bool = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Allocations, the newest first; undone ones too where they are asked for."""
    asked = {
        "credit__account__customer__code": customer,
        "credit__number": credit,
        "invoice__number": invoice,
    }
    found = receivables.allocations_seen_by(caller(request)).filter(
        Q() if undone else Q(undone_by=None), **{name: value for name, value in asked.items() if value}
    )
    return page(found, receivables.allocation_shape, cursor=cursor, limit=limit)


@room.write("/allocations/{id}/undoings", AllocationShape, right="receivables.allocate")
def undo_allocation(request: HttpRequest, id: Id, body: Reason) -> Any:
    """Take one allocation back."""
    by = caller(request)
    found = receivables.allocation_for(by, id)
    return receivables.undone_allocation_shape(receivables.undo_allocation(found, reason=body.reason, by=by))
