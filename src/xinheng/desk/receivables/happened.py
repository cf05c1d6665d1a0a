"""Saying when something happened that a term counts from: 签收(验收)、对账、代销销售报告, and taking such a day back.

It is said of an invoice, or of a delivery: the customer signs for goods, and every invoice of these goods falls due
from that day, also one that comes later.  A day keeps its own date in a closed month; what it moves takes effect on the
first open day, as everything does (semantics.md 4).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xinheng.base import clock, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Conflict, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.base.stated import NotYet
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.acting import credit_changed, customer_of, debt_grew, noted
from xinheng.desk.receivables.awaited import derived, following, invoices_of
from xinheng.desk.receivables.due import with_due_days
from xinheng.desk.receivables.invoices import parts_of, refuse_reversed
from xinheng.desk.receivables.models import TermDay
from xinheng.desk.receivables.rows import InvoiceRow
from xinheng.rules import terms
from xinheng.rules.road import Kind
from xinheng.rules.terms import TOLD, Base

_RIGHT = "receivables.post"


class NotAwaited(XinhengError):
    """Nothing of the document's due days waits for this.  params: what, number, event, term."""

    code = "NOT_AWAITED"


class BeforeDocument(BadInput):
    """It cannot have happened before the document.  params: what, number, on, since."""

    code = "BEFORE_DOCUMENT"


class OtherDay(Conflict):
    """Another day is kept already.  params: what, number, event, on."""

    code = "OTHER_DAY"


class NotSaid(XinhengError):
    """There is no such day to take back.  params: what, number, event."""

    code = "NOT_SAID"


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of it: the documents that stand now (an invoice's instalments), and those that got another due day."""

    documents: list[Document]
    moved: list[Document]


def happened(document: Document, event: Base, *, on: date, by: User) -> Followed:
    """Say on which day something happened to an invoice or a delivery; saying it again changes nothing.

    Raises:
        NotAwaited, NotYet, BeforeDocument, OtherDay, WrongState (taken back), Refused, LockTimeout.
    """
    rights.require(by, _RIGHT)
    customer_id = customer_of(document)
    with atomic():
        exposure.lock([customer_id])
        present = _present(document)
        kept = _standing(document).filter(event=event.value).first()
        if kept is not None and kept.on == on:
            return Followed(present, [])
        said = _said_of(document, event)
        if kept is not None:
            raise OtherDay(**said, on=kept.on.isoformat())
        _refuse_day(present[0], on)
        if document.kind == Kind.INVOICE and event not in _counted(present):
            raise NotAwaited(**said, term=present[0].term or "—")
        entry = exposure.open_entry("receivables.term-day.said", by=by)
        moved: list[Document] = []
        with following(entry, _concerned(present), moved):
            TermDay.objects.create(
                account_id=document.account_id,
                kind=document.kind,
                number=document.number,
                event=event.value,
                on=on,
                entry=entry,
            )
        _tell(entry, customer_id, document, moved, event=event.value, on=on.isoformat())
        return Followed(_present(document), moved)


def not_happened(document: Document, event: Base, *, reason: str, by: User) -> Followed:
    """Take such a day back: it was wrong, and what followed from it waits again.

    Raises:
        NotSaid, WrongState (taken back), ReasonMissing, Refused, LockTimeout.
    """
    rights.require(by, _RIGHT)
    customer_id = customer_of(document)
    with atomic():
        exposure.lock([customer_id])
        present = _present(document)
        kept = _standing(document).filter(event=event.value).first()
        if kept is None:
            raise NotSaid(**_said_of(document, event))
        entry = exposure.open_entry("receivables.term-day.taken-back", by=by)
        moved: list[Document] = []
        with following(entry, _concerned(present), moved):
            kept.undone_by = entry
            kept.save(update_fields=["undone_by"])
        _tell(entry, customer_id, document, moved, event=event.value, on=kept.on.isoformat(), reason=reason)
        return Followed(_present(document), moved)


def told_of(document: Document) -> list[Base]:
    """The events that due days of an invoice count from, or of any invoice of a delivery, come or to come."""
    if document.kind == Kind.INVOICE:
        found = _counted(parts_of(document))
    else:
        codes = {one.term for one in invoices_of([document], Q())}
        codes |= {row.term for row in with_due_days([_to_come(document)])} - {""}
        found = {part.rule.base for code in codes for part in terms.parse_term(code).parts}
    return [event for event in TOLD if event in found]


def _counted(invoices: list[Document]) -> set[Base]:
    """What the due days of these instalments count from; those that were stated count from nothing."""
    bases = {one.pk: _base(one) for one in invoices if one.term}
    told = [one for one in invoices if bases.get(one.pk) in TOLD]
    return {bases[one.pk] for one, due_on in zip(told, derived(told), strict=True) if one.due_on == due_on}


def _base(invoice: Document) -> Base:
    parts = terms.parse_term(invoice.term).parts
    return parts[min(invoice.part, len(parts)) - 1].rule.base


def _to_come(delivery: Document) -> InvoiceRow:
    """An invoice of these goods as it would come now."""
    return InvoiceRow(
        entity_id=delivery.entity_id,
        account_id=delivery.account_id,
        number="",
        issued_on=delivery.dated_on,
        currency=delivery.currency,
        amount=delivery.amount,
        order_number=delivery.order_number,
        delivery_number=delivery.number,
    )


def days_said(document: Document) -> list[TermDay]:
    """What has been said about an invoice or delivery itself."""
    found = _standing(document).select_related("entry__actor")
    return sorted(found, key=lambda one: TOLD.index(Base(one.event)))


def days_said_of_goods(invoice: Document) -> list[TermDay]:
    """What has been said about the deliveries an invoice belongs to, the last day first."""
    numbers = list(_goods_of(invoice).values_list("number", flat=True))
    said = TermDay.objects.filter(account=invoice.account_id, kind=Kind.DELIVERY, number__in=numbers, undone_by=None)
    return list(said.select_related("entry__actor").order_by("-on", "-pk"))


def _standing(document: Document) -> QuerySet[TermDay]:
    return TermDay.objects.filter(
        account=document.account_id, kind=document.kind, number=document.number, undone_by=None
    )


def _present(document: Document) -> list[Document]:
    """The document as it stands now: all instalments of an invoice."""
    if document.kind == Kind.INVOICE:
        found = sorted(parts_of(document), key=lambda one: one.part)
    else:
        found = list(Document.objects.filter(pk=document.pk, kind=Kind.DELIVERY))
        refuse_reversed(found)
    if not found:
        raise WrongState(what=_what(document), number=document.number, state="REVERSED")
    return found


def _concerned(present: list[Document]) -> list[Document]:
    """Invoices whose due days may follow: the invoice itself, or those of the delivery's goods."""
    if present[0].kind == Kind.INVOICE:
        return [one for one in present if one.term]
    return list(invoices_of(present, Q()))


def _refuse_day(document: Document, on: date) -> None:
    """Nothing can be said about tomorrow, nor about goods before they left."""
    today = clock.business_date()
    if on > today:
        raise NotYet(on=on.isoformat(), today=today.isoformat())
    first = _goods_of(document).first() or document
    if on < first.dated_on:
        days = {"on": on.isoformat(), "since": first.dated_on.isoformat()}
        raise BeforeDocument(what=_what(first), number=first.number, **days)


def _goods_of(invoice: Document) -> QuerySet[Document]:
    """The deliveries of an invoice's goods, the first one first; they may have left before it was written."""
    sent = Document.objects.filter(kind=Kind.DELIVERY, account=invoice.account_id, reversed_by=None)
    if invoice.kind != Kind.INVOICE or not (invoice.delivery_number or invoice.order_number):
        return sent.none()
    named = Q(number=invoice.delivery_number) if invoice.delivery_number else Q(order_number=invoice.order_number)
    return sent.filter(named).order_by("dated_on", "pk")


def _tell(entry: Entry, customer_id: int, document: Document, moved: list[Document], **said: str) -> None:
    """The audit line, and whoever must know that debt falls due or waits again."""
    due = [f"{one.number}/{one.part} {one.due_on.isoformat() if one.due_on else '—'}" for one in moved]
    noted(entry, customer_id, f"{_what(document)}:{document.number}", **said, due=due)
    if moved:
        debt_grew([customer_id], "INVOICE", by=entry.actor)
        credit_changed([customer_id], "INVOICE", on=clock.business_date(), by=entry.actor)


def _said_of(document: Document, event: Base) -> dict[str, str]:
    return {"what": _what(document), "number": document.number, "event": event.value}


def _what(document: Document) -> str:
    return Kind(document.kind).name.lower()
