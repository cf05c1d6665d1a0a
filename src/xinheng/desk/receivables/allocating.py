"""What a person does with money that came: it settles what they choose, the oldest debts, or exactly what it was for.

A credit is a receipt, a credit note or cleared paper; it settles invoices of its own customer, entity and currency.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from xinheng.base.errors import BadInput, Unknown, WrongState, XinhengError
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Position
from xinheng.desk.receivables.acting import acting, credit_changed, customer_of, debt_grew, noted
from xinheng.desk.receivables.allocations import allocate_many, undo_allocations
from xinheng.desk.receivables.matching import CREDITS
from xinheng.desk.receivables.models import Allocation
from xinheng.desk.receivables.rows import AllocationRow
from xinheng.rules import allocation as rulebook
from xinheng.rules.allocation import Exact, Match, OpenAmount
from xinheng.rules.road import Component, Kind

Choices = Sequence[tuple[Document, int]]


class OtherEntity(BadInput):
    """Money of one entity settles no invoice of another.  params: number, entity, invoice, invoice_entity."""

    code = "OTHER_ENTITY"


class NoExactMatch(XinhengError):
    """No set of open items, or more than one, comes to what is left of the money.  params: number, match."""

    code = "NO_EXACT_MATCH"


class NothingOpen(XinhengError):
    """The customer owes the entity nothing in the currency.  params: number, entity, currency."""

    code = "NOTHING_OPEN"


class NothingChosen(BadInput):
    """No amount was written at any of the items offered."""

    code = "NOTHING_CHOSEN"


@dataclass(frozen=True, slots=True)
class Offer:
    """An item that could be settled, or money that could settle one: what is open of it and how much is suggested."""

    document: Document
    open: int
    suggested: int


def allocate(row: AllocationRow, credit: Document, *, on: date, by: User) -> list[Allocation]:
    """Settle an invoice with so much of a receipt, credit note or cleared paper; held orders are looked at again.

    Raises:
        BadRows: more than open or received, another customer or currency, not cleared.  Refused, LockTimeout.
    """
    return _allocate(credit, lambda: [row], on=on, by=by)


def allocate_by_hand(credit: Document, choices: Choices, *, dated_on: date, on: date, by: User) -> list[Allocation]:
    """Settle the instalments a person chose, each with its amount in minor units; all of them or none.

    Raises:
        OtherEntity, NothingChosen, BadRows, Refused, LockTimeout.
    """
    chosen = [(credit, invoice, amount) for invoice, amount in choices]
    return _by_hand(credit, chosen, dated_on=dated_on, on=on, by=by)


def settle_by_hand(invoice: Document, choices: Choices, *, dated_on: date, on: date, by: User) -> list[Allocation]:
    """Settle an instalment with the money a person chose, each credit with its amount; all of it or none.

    Raises:
        OtherEntity, NothingChosen, BadRows, Refused, LockTimeout.
    """
    chosen = [(credit, invoice, amount) for credit, amount in choices]
    return _by_hand(invoice, chosen, dated_on=dated_on, on=on, by=by)


def _by_hand(
    document: Document, chosen: Sequence[tuple[Document, Document, int]], *, dated_on: date, on: date, by: User
) -> list[Allocation]:
    """Settle with each credit its invoice by its amount; ``document`` is the one the person had before them."""
    if not chosen:
        raise NothingChosen
    for credit, invoice, _ in chosen:
        refuse_other_entity(credit, invoice)
    return _allocate(document, lambda: [_row(*one, dated_on) for one in chosen], on=on, by=by)


def allocate_oldest(credit: Document, *, dated_on: date, on: date, by: User) -> list[Allocation]:
    """Settle the customer's oldest due items of the currency as far as the money goes.

    Raises:
        WrongState: nothing is left of it.  NothingOpen, Refused, LockTimeout.
    """

    def rows() -> list[AllocationRow]:
        owed = _to_be_settled(credit)
        lines = rulebook.oldest_due_first(unapplied(credit), (amount for amount, _ in owed.values())).lines
        return [_row(credit, owed[item][1], share, dated_on) for item, share in lines]

    return _allocate(credit, rows, on=on, by=by)


def find_exact(credit: Document) -> Exact:
    """The items that come to exactly what is left of the money, when there is only one answer."""
    return rulebook.exact(unapplied(credit), (amount for amount, _ in _owed(credit).values()))


def allocate_exact(credit: Document, *, dated_on: date, on: date, by: User) -> list[Allocation]:
    """Settle the item or the only set of items that comes to exactly what is left of the money.

    Raises:
        WrongState: nothing is left of it.  NothingOpen, NoExactMatch, Refused, LockTimeout.
    """

    def rows() -> list[AllocationRow]:
        owed = _to_be_settled(credit)
        found = rulebook.exact(unapplied(credit), (amount for amount, _ in owed.values()))
        if found.match is not Match.ONE:
            raise NoExactMatch(number=credit.number, match=found.match.value)
        return [_row(credit, owed[item][1], share, dated_on) for item, share in found.lines]

    return _allocate(credit, rows, on=on, by=by)


def allocations_seen_by(user: User) -> QuerySet[Allocation]:
    """Allocations of customers the person may see, undone ones too, newest first."""
    found = Allocation.objects.filter(customers.sees(user, "credit__account__customer__"))
    return found.select_related("credit", "invoice").order_by("-pk")


def allocation_for(user: User, id: int) -> Allocation:
    """One allocation that the person may see.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = allocations_seen_by(user).filter(pk=id).first()
    if found is None:
        raise Unknown(what="allocation", number=str(id))
    return found


def undo_allocation(allocation: Allocation, *, reason: str, by: User) -> Allocation:
    """Take one allocation back by hand 取消核销.

    Raises:
        WrongState: undone already.  ReasonMissing, Refused, LockTimeout.
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


def items_for(credit: Document, *, most: int) -> tuple[list[Offer], int]:
    """The oldest due items that a credit may settle, with what it would settle of each, and how many there are."""
    owed, left = _owed(credit), unapplied(credit)
    shares = dict(rulebook.oldest_due_first(left, (amount for amount, _ in owed.values())).lines)
    order = sorted(owed.values(), key=lambda one: (one[0].due_on or date.max, one[0].id))
    return [Offer(found, one.amount, shares.get(one.id, 0)) for one, found in order[:most]], len(order)


def credits_for(invoice: Document, *, most: int) -> tuple[list[Offer], int]:
    """The oldest money that may settle an instalment, with how much of each would, and how many there are."""
    rest = exposure.amounts_by_position([invoice.pk]).get((invoice.pk, Component.INVOICED), 0)
    found = list(_standing(invoice, Component.UNAPPLIED).order_by("dated_on", "document_id")[: most + 1])
    count = len(found) if len(found) <= most else _standing(invoice, Component.UNAPPLIED).count()
    offers = []
    for one in found[:most]:
        taken = min(rest, one.amount)
        offers.append(Offer(one.document, one.amount, taken))
        rest -= taken
    return offers, count


def refuse_other_entity(credit: Document, invoice: Document) -> None:
    """Raises OtherEntity where an invoice belongs to another company than the money."""
    if credit.entity_id != invoice.entity_id:
        codes = {"entity": credit.entity.code, "invoice_entity": invoice.entity.code}
        raise OtherEntity(number=credit.number, invoice=invoice.number, **codes)


def _allocate(document: Document, rows: Callable[[], list[AllocationRow]], *, on: date, by: User) -> list[Allocation]:
    """``rows`` is asked under the lock; the audit line stands under the document a person had before them."""
    customer_id = customer_of(document)
    verb, right = "receivables.allocation.made", "receivables.allocate"
    with acting(verb, right=right, customer_ids=[customer_id], by=by) as entry:
        made = allocate_many(entry, rows())
        if document.kind == Kind.INVOICE:
            subject, settled = f"invoice:{document.number}", _said(made, "credit_id", "receipt")
        else:
            subject, settled = f"receipt:{document.number}", _said(made, "invoice_id", "invoice")
        noted(entry, customer_id, subject, settled=settled)
        credit_changed([customer_id], "ALLOCATION", on=on, by=by)
        return made


def _said(made: Iterable[Allocation], field: str, name: str) -> list[dict[str, int]]:
    return [{name: getattr(one, field), "amount": one.amount} for one in made]


def _row(credit: Document, invoice: Document, amount: int, dated_on: date) -> AllocationRow:
    return AllocationRow(
        entity_id=credit.entity_id,
        credit_number=credit.number,
        invoice_number=invoice.number,
        dated_on=dated_on,
        amount=amount,
        part=invoice.part,
        credit_kind=Kind(credit.kind),
    )


def _to_be_settled(credit: Document) -> dict[int, tuple[OpenAmount, Document]]:
    """Raises WrongState for money of which nothing is left, NothingOpen where there is no debt for it."""
    if not unapplied(credit):
        raise WrongState(what=Kind(credit.kind).name.lower(), number=credit.number, state="NOTHING_LEFT")
    owed = _owed(credit)
    if not owed:
        account = credit.account
        raise NothingOpen(number=account.customer.code, entity=credit.entity.code, currency=credit.currency)
    return owed


def _owed(credit: Document) -> dict[int, tuple[OpenAmount, Document]]:
    """The open instalments that a credit may settle: its customer's, of its entity and currency."""
    found = _standing(credit, Component.INVOICED)
    return {one.document_id: (OpenAmount(one.document_id, one.amount, one.due_on), one.document) for one in found}


def _standing(document: Document, component: Component):
    """What stands in a component of the same customer, entity and currency."""
    kinds = [Kind.INVOICE] if component is Component.INVOICED else CREDITS
    return Position.objects.filter(
        account_id=document.account_id,
        component=component,
        currency=document.currency,
        amount__gt=0,
        document__kind__in=kinds,
    ).select_related("document__entity")
