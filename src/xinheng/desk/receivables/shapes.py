"""Receivables as every door writes them (semantics.md 6): ageing, instalments, allocations, bad debt, months."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NotRequired, TypedDict

from xinheng.base.models import User
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Period
from xinheng.desk.receivables.allocating import unapplied
from xinheng.desk.receivables.happened import Followed
from xinheng.desk.receivables.invoices import parts_of
from xinheng.desk.receivables.models import Allocation
from xinheng.desk.receivables.month_end import list_seen_by
from xinheng.desk.receivables.write_offs import standing
from xinheng.rules.money import to_text
from xinheng.rules.road import Component, Kind
from xinheng.rules.terms import Base


class SideShape(TypedDict):
    """How many instalments, and what they come to."""

    count: int
    amount: str


class BucketShape(SideShape):
    """One age."""

    label: str


class CurrencyAgeingShape(TypedDict):
    """The ageing of one currency; unapplied money stands apart."""

    buckets: list[BucketShape]
    outstanding: SideShape
    unapplied: str


class AgeingShape(TypedDict):
    """Receivables by age."""

    as_of: str
    by: str
    currencies: dict[str, CurrencyAgeingShape]


class InstalmentShape(TypedDict):
    """One instalment of an invoice."""

    invoice: str
    instalment: int
    due: str | None
    amount: str


class OpenPartShape(TypedDict):
    """One instalment with what of it is open."""

    instalment: int
    due: str | None
    amount: str
    open: str
    written_off: str


class InvoiceShape(TypedDict):
    """An invoice with its instalments."""

    invoice: str
    entity: str
    customer: str
    date: str
    currency: str
    amount: str
    open: str
    term: str
    order: str
    delivery: str
    salesperson: str
    parts: list[OpenPartShape]


class FollowedShape(TypedDict):
    """A day that was told or taken back, and the instalments that follow it."""

    invoice: NotRequired[str]
    delivery: NotRequired[str]
    event: str
    on: str | None
    parts: list[InstalmentShape]


class AllocationShape(TypedDict):
    """What settles what."""

    id: int
    credit: str
    credit_kind: str
    invoice: str
    instalment: int
    amount: str
    currency: str
    effective_on: str | None
    state: str


class AllocatedShape(TypedDict):
    """What was settled just now, and what is left unapplied."""

    kind: str
    number: str
    entity: str
    currency: str
    allocations: list[AllocationShape]
    unapplied: str


class ReversalShape(TypedDict):
    """A document that was taken back, and from when that counts."""

    kind: str
    number: str
    entity: str
    amount: str
    currency: str
    effective_on: str | None


class DebtShape(TypedDict):
    """What was written off or recovered of an invoice, and what of it is open and written off now."""

    invoice: str
    entity: str
    customer: str
    currency: str
    amount: str
    open: str
    written_off: str


class MonthShape(TypedDict):
    """One closing of a month."""

    entity: str
    month: str
    state: str
    closed_at: str
    closed_by: str
    reopening_asked_by: str | None
    reopening_reason: str
    reopened_by: str | None


class ClosedMonthShape(MonthShape):
    """A month that was closed just now: what was owed at its end, and the months closed before it on the way."""

    outstanding: dict[str, SideShape]
    earlier: NotRequired[list[dict[str, Any]]]


class FrozenMonthShape(MonthShape):
    """A month with its list as it was frozen."""

    ageing: dict[str, Any]


def instalment_shape(one: Document) -> InstalmentShape:
    """One part of an invoice."""
    return {
        "invoice": one.number,
        "instalment": one.part,
        "due": one.due_on.isoformat() if one.due_on else None,
        "amount": to_text(one.amount, one.currency),
    }


def invoice_shape(found: Document) -> InvoiceShape:
    """An invoice with what is open of each instalment."""
    parts, currency = parts_of(found), found.currency
    stands = exposure.amounts_by_position([one.pk for one in parts])

    def amount(one: Document, component: Component) -> int:
        return stands.get((one.pk, component), 0)

    return {
        "invoice": found.number,
        "entity": found.entity.code,
        "customer": found.account.customer.code,
        "date": found.dated_on.isoformat(),
        "currency": currency,
        "amount": to_text(sum(one.amount for one in parts), currency),
        "open": to_text(sum(amount(one, Component.INVOICED) for one in parts), currency),
        "term": found.term,
        "order": found.order_number,
        "delivery": found.delivery_number,
        "salesperson": found.salesperson,
        "parts": [
            {
                "instalment": one.part,
                "due": one.due_on.isoformat() if one.due_on else None,
                "amount": to_text(one.amount, currency),
                "open": to_text(amount(one, Component.INVOICED), currency),
                "written_off": to_text(amount(one, Component.WRITTEN_OFF), currency),
            }
            for one in parts
        ],
    }


def followed_shape(found: Document, event: Base, done: Followed, *, on: date | None) -> dict[str, Any]:
    """What came of it: an invoice with all its instalments, or the invoices that follow a delivery."""
    shown = done.documents if found.kind == Kind.INVOICE else done.moved
    return {
        Kind(found.kind).name.lower(): found.number,
        "event": event.value,
        "on": on.isoformat() if on else None,
        "parts": [instalment_shape(one) for one in shown],
    }


def frozen_month_shape(one: Period, by: User) -> FrozenMonthShape:
    """A month with its list, for somebody."""
    return {**month_shape(one), "ageing": list_seen_by(by, one.ageing)}


def allocation_shape(one: Allocation) -> AllocationShape:
    """One allocation; undone ones say so."""
    return {
        "id": one.pk,
        "credit": one.credit.number,
        "credit_kind": kind_code(one.credit),
        "invoice": one.invoice.number,
        "instalment": one.invoice.part,
        "amount": to_text(one.amount, one.credit.currency),
        "currency": one.credit.currency,
        "effective_on": one.effective_on.isoformat(),
        "state": "undone" if one.undone_by_id else "standing",
    }


def allocated_shape(credit: Document, made: Iterable[Allocation]) -> AllocatedShape:
    """What was settled with a receipt, credit note or paper."""
    rows = Allocation.objects.select_related("credit", "invoice").filter(pk__in=[one.pk for one in made])
    return {
        "kind": kind_code(credit),
        "number": credit.number,
        "entity": credit.entity.code,
        "currency": credit.currency,
        "allocations": [allocation_shape(one) for one in rows.order_by("pk")],
        "unapplied": to_text(unapplied(credit), credit.currency),
    }


def undone_allocation_shape(done: Allocation) -> AllocationShape:
    """An allocation that was undone just now; ``effective_on`` is the day from which it is no more."""
    left = exposure.left_on(done.undone_by, done.credit_id)
    return {**allocation_shape(done), "effective_on": left.isoformat() if left else None}


def reversal_shape(found: Document, parts: Iterable[Document]) -> ReversalShape:
    """A document with its parts, which were taken back just now."""
    left = exposure.left_on(Document.objects.get(pk=found.pk).reversed_by, found.pk)
    return {
        "kind": kind_code(found),
        "number": found.number,
        "entity": found.entity.code,
        "amount": to_text(sum(one.amount for one in parts), found.currency),
        "currency": found.currency,
        "effective_on": left.isoformat() if left else None,
    }


def kind_code(one: Document) -> str:
    """invoice, credit-note, receipt, instrument …"""
    return Kind(one.kind).name.lower().replace("_", "-")


def debt_shape(found: Document, minor: int) -> DebtShape:
    """What was moved of an invoice's bad debt, in minor units, and how it stands now."""
    return {
        "invoice": found.number,
        "entity": found.entity.code,
        "customer": found.account.customer.code,
        "currency": found.currency,
        "amount": to_text(minor, found.currency),
        "open": to_text(standing(found, Component.INVOICED), found.currency),
        "written_off": to_text(standing(found, Component.WRITTEN_OFF), found.currency),
    }


def month_shape(one: Period) -> MonthShape:
    """A closing."""
    state = "reopened" if one.reopened_at else "reopening-asked" if one.reopening_asked_by else "closed"
    return {
        "entity": one.entity.code,
        "month": f"{one.month:%Y-%m}",
        "state": state,
        "closed_at": one.closed_at.isoformat(),
        "closed_by": one.closed_by.username,
        "reopening_asked_by": one.reopening_asked_by.username if one.reopening_asked_by else None,
        "reopening_reason": one.reopening_reason,
        "reopened_by": one.reopened_by.username if one.reopened_by else None,
    }


def closed_month_shape(one: Period, by: User) -> ClosedMonthShape:
    """A month that was closed just now."""
    sides = list_seen_by(by, one.ageing).get("currencies", {}).items()
    return {**month_shape(one), "outstanding": {currency: found["outstanding"] for currency, found in sides}}
