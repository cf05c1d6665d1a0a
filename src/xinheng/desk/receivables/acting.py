"""What every single action on money has around it: the right, the lock, one entry, one audit line, and who must know.

The inner ``record_…`` functions have none of this: an import brings its own.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from xinheng.base import clock, events, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Account, Document, Entry
from xinheng.rules.road import Kind


@contextmanager
def acting(verb: str, *, right: str, customer_ids: Collection[int], by: User) -> Iterator[Entry]:
    """The right is required, the customers are locked, and everything inside is one transaction under one entry.

    Raises:
        Refused, LockTimeout.
    """
    rights.require(by, right)
    with atomic():
        exposure.lock(customer_ids)
        yield exposure.open_entry(verb, by=by)


def noted(entry: Entry, customer_id: int, subject: str, *, reason: str | None = None, **data: Any) -> None:
    """Add the action's line to the customer's chain; an action that asks why is told why.

    The head is read again: somebody who listened to an event may have added a line meanwhile.

    Raises:
        ReasonMissing: the reason is blank; then the action does not stand.
    """
    if reason is not None:
        data["reason"] = reasons.stated(reason)
    held = exposure.lock([customer_id])["customer", customer_id]
    exposure.note(held, entry.verb, subject, by=entry.actor, at=entry.at, data=data)


def credit_changed(customer_ids: Collection[int], cause: str, *, on: date, by: User) -> None:
    """Tell that held orders of these customers may be free now; call it last."""
    if customer_ids:
        events.tell(events.CreditChanged(frozenset(customer_ids), cause, on, by))


def debt_grew(customer_ids: Collection[int], cause: str, *, by: User) -> None:
    """Tell that these customers may be in breach now; call it last."""
    events.tell(events.DebtGrew(frozenset(customer_ids), cause, clock.business_date(), by))


def document_for(reader: User, pk: int, *kinds: Kind) -> Document:
    """A document of these kinds, of a customer the reader may see; one that was taken back too.

    Raises:
        Unknown
    """
    rows = Document.objects.select_related("account__customer", "entity")
    found = rows.filter(customers.sees(reader, "account__customer__"), pk=pk, kind__in=kinds).first()
    if found is None:
        raise Unknown(what="document", number=str(pk))
    return found


def customer_of(document: Document) -> int:
    """Whose document it is."""
    return customers_of_accounts([document.account_id])[document.account_id]


def customers_of_accounts(account_ids: Collection[int]) -> dict[int, int]:
    """Account id → customer id."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("id", "customer_id"))
