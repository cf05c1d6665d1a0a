"""One document from every side: what it says, what it names, where its value stands and every step it took there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xinheng.base import clock
from xinheng.base.errors import Unknown
from xinheng.base.screens import refuse_without
from xinheng.desk.cash import public as cash
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Movement
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import Allocation
from xinheng.desk.sales.public import INSTRUMENTS, UNRELEASED_REASONS
from xinheng.rules.road import Component, Kind
from xinheng.site import words
from xinheng.site.pages.document_deeds import offered
from xinheng.site.pages.due_note import due_note, told

_RIGHTS = {
    Kind.ORDER: "orders.view",
    Kind.ORDER_CHANGE: "orders.view",
    Kind.ORDER_CLOSE: "orders.view",
    Kind.DELIVERY: "deliveries.view",
    Kind.DELIVERY_CLOSE: "deliveries.view",
    Kind.RETURN: "deliveries.view",
}


#: More than this is no longer read on one page.
_MOST = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """One step of value, seen from the document: where from, where to, how much, when, by whom."""

    movement: Movement
    source: int | None
    target: int | None
    other: Document | None
    gains: bool
    done: Any


def right_for(kind: int) -> str:
    """The right that opens documents of a kind."""
    return _RIGHTS.get(Kind(kind), "receivables.view")


def find(request: HttpRequest, pk: int) -> Document:
    """A document of a customer the reader may see.

    Raises:
        Unknown
    """
    sees = customers.sees(request.user, "account__customer__")  # type: ignore[arg-type]
    rows = Document.objects.select_related("account__customer", "entity", "entry__actor", "reversed_by__actor", "batch")
    found = rows.filter(sees, pk=pk).first()
    if found is None:
        raise Unknown(what="document", number=str(pk))
    return found


def by_number(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The document with this number, for links from other systems; one that was taken back says so."""
    if kind.upper() not in Kind.__members__:
        raise Unknown(what="document", number=number)
    found = exposure.document(Kind[kind.upper()], number, entity_code=request.GET.get("entity", ""), or_reversed=True)
    found = find(request, found.pk)
    return redirect("control:order" if found.kind == Kind.ORDER else "document", found.pk)


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one document."""
    found = find(request, pk)
    refuse_without(request, right_for(found.kind))
    positions = list(found.positions.order_by("component"))
    standing = {Component(one.component): one.amount for one in positions}
    open_now = standing.get(Component.INVOICED, 0) or standing.get(Component.UNAPPLIED, 0)
    today = clock.business_date()
    late = _late(found, standing, today)
    rights = request.powers.rights  # type: ignore[attr-defined]
    context = {
        "active": "",
        "document": found,
        "positions": positions,
        "open_now": open_now,
        "is_item": found.kind in {Kind.INVOICE, Kind.CREDIT_NOTE, Kind.RECEIPT},
        "credit": found.kind in {Kind.CREDIT_NOTE, Kind.RECEIPT},
        "late": late,
        "due_note": due_note(found),
        "told": told(found),
        "may_tell": "receivables.post" in rights,
        "may_allocate": "receivables.allocate" in rights,
        "deeds": offered(found, standing, rights),
        "generations": _generations(found),
        "parts": _parts(found),
        "named": _named(found),
        "naming": _naming(found),
        "movements": _movements(found),
        "allocations": _allocations(found),
        "tax": receivables.InvoiceTax.objects.filter(pk=found.pk).first(),
        "receipt": cash.Receipt.objects.filter(pk=found.pk).first(),
        "paper": cash.Instrument.objects.filter(pk=found.pk).first(),
        "reserved": cash.resting(money=found.pk) if found.kind in {Kind.RECEIPT, Kind.INSTRUMENT} else [],
        "unreleased": getattr(found, "unreleased", None) if found.kind == Kind.DELIVERY else None,
        "unreleased_words": UNRELEASED_REASONS,
    }
    return render(request, "document/page.html", context | _paper_words(context))


def _paper_words(context: dict[str, Any]) -> dict[str, Any]:
    receipt, paper = context["receipt"], context["paper"]
    said: dict[str, Any] = {}
    if receipt:
        said |= {"method": cash.METHODS.get(receipt.method), "purpose": cash.PURPOSES.get(receipt.purpose)}
    if paper:
        said |= {
            "paper_kind": INSTRUMENTS.get(paper.kind, paper.kind),
            "paper_acceptor": cash.ACCEPTORS.get(paper.acceptor),
        }
        said |= {"paper_state": cash.PAPER_STATES.get(paper.state), "paper_tone": cash.PAPER_TONES.get(paper.state)}
    return said


def _late(found: Document, standing: dict[Component, int], today: date) -> int:
    """How many days an open invoice is late."""
    if not standing.get(Component.INVOICED) or found.due_on is None:
        return 0
    return max(0, (today - found.due_on).days)


def _generations(found: Document) -> list[Document]:
    """Earlier and later documents that bore this number: one was reversed before the other came."""
    same = Document.objects.filter(account_id=found.account_id, kind=found.kind, number=found.number, part=found.part)
    return list(same.exclude(pk=found.pk).order_by("pk"))


def _parts(found: Document) -> list[Document]:
    """The other instalments of an invoice."""
    if found.kind != Kind.INVOICE:
        return []
    same = Document.objects.filter(
        entity_id=found.entity_id, kind=found.kind, number=found.number, reversed_by=None
    ).order_by("part")
    rows = list(same)
    return rows if len(rows) > 1 else []


def _named(found: Document) -> list[dict[str, Any]]:
    """What the document names: order, delivery, invoice; a number that has not arrived yet stays a number."""
    asked = [
        (Kind.ORDER, found.order_number),
        (Kind.DELIVERY, found.delivery_number),
        (Kind.INVOICE, found.invoice_number),
    ]
    rows = Document.objects.filter(entity_id=found.entity_id, reversed_by=None)
    return [
        {"kind": kind, "number": number, "document": rows.filter(kind=kind, number=number).order_by("part").first()}
        for kind, number in asked
        if number and not (kind == found.kind and number == found.number)
    ]


def _naming(found: Document) -> list[Document]:
    """Documents that name this one."""
    field = {Kind.ORDER: "order_number", Kind.DELIVERY: "delivery_number", Kind.INVOICE: "invoice_number"}
    if found.kind not in field:
        return []
    rows = exposure.naming(field[Kind(found.kind)], found.number, entity_id=found.entity_id)
    return [one for one in rows if one.pk != found.pk][:_MOST]


def _movements(found: Document) -> list[Moved]:
    """Every step of value into, out of and inside the document, the oldest first."""
    places = list(found.positions.values_list("pk", flat=True))
    rows = Movement.objects.select_related("source__document", "target__document", "entry__actor")
    # Each side along its own index; one condition over both would read the whole ledger.
    steps = {one.pk: one for side in ("source", "target") for one in rows.filter(**{f"{side}__in": places})}
    return [_moved(found, one) for one in sorted(steps.values(), key=lambda one: (one.effective_on, one.pk))[:_MOST]]


def _moved(found: Document, one: Movement) -> Moved:
    others = [side.document for side in (one.source, one.target) if side and side.document_id != found.pk]
    return Moved(
        movement=one,
        source=one.source.component if one.source else None,
        target=one.target.component if one.target else None,
        other=others[0] if others else None,
        gains=bool(one.target and one.target.document_id == found.pk),
        done=words.done(one.entry.verb),
    )


def _allocations(found: Document) -> Iterable[dict[str, Any]]:
    """What settled an invoice, or what money and credit notes settled; undone ones too, marked."""
    rows = Allocation.objects.filter(Q(credit=found) | Q(invoice=found)).select_related(
        "credit", "invoice", "entry__actor"
    )
    return [
        {"allocation": one, "other": one.invoice if one.credit_id == found.pk else one.credit}
        for one in rows.order_by("effective_on", "id")[:_MOST]
    ]
