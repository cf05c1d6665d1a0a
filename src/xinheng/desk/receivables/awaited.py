"""Due days that wait for something: what counts from the delivery falls due when the goods of an invoice arrive.

An invoice may come before its goods, and long before the customer has accepted them.  Its term then leaves it without a
due day, or with the latest one it allows; the day the event is recorded the invoice is taken back and stands again with
the day that follows from it.  What was settled of it is settled again, and paper that stands for it stands for it again
(``reposting.stand_again``).  A day that was stated on the invoice stays.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet

from xinheng.base import events
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.acting import customer_of, noted
from xinheng.desk.receivables.due import with_due_days
from xinheng.desk.receivables.reposting import row_of, stand_again
from xinheng.rules.road import Kind

#: What an invoice stands again by: its due day then follows from its term and from what has happened.
FOLLOWING = frozenset({"receivables.invoice.fell-due", "receivables.term-day.said", "receivables.term-day.taken-back"})


def goods_came(event: events.GoodsCame) -> None:
    """Deliveries were recorded; the customers are locked."""
    came = list(Document.objects.filter(pk__in=event.delivery_ids, reversed_by=None))
    for invoice in invoices_of(came, Q(due_on=None) | Q(term__contains="latest")):
        (due_on,) = derived([invoice])
        if due_on is None or due_on == invoice.due_on:
            continue
        entry = exposure.open_entry("receivables.invoice.fell-due", by=event.by)
        moved(entry, invoice, due_on)
        said = {"due_on": due_on.isoformat(), "part": invoice.part}
        noted(entry, customer_of(invoice), f"invoice:{invoice.number}", **said)


@contextmanager
def following(entry: Entry, invoices: Sequence[Document], changed: list[Document]) -> Iterator[None]:
    """Whatever is said inside, these invoices follow: those that stand again with another day come into ``changed``.

    One whose day is not what its term gave until now had it stated, and keeps it.
    """
    before = derived(invoices)
    yield
    for invoice, was, due_on in zip(invoices, before, derived(invoices), strict=True):
        if invoice.due_on == was and due_on != was:
            changed.append(moved(entry, invoice, due_on))


def moved(entry: Entry, invoice: Document, due_on: date | None) -> Document:
    """The invoice, taken back and standing again with another due day."""
    return stand_again(entry, invoice, replace(row_of(invoice), due_on=due_on))


def derived(invoices: Sequence[Document]) -> list[date | None]:
    """The due day that each instalment has by its term, whatever it says."""
    return [row.due_on for row in with_due_days([replace(row_of(one), due_on=None) for one in invoices])]


def invoices_of(deliveries: Sequence[Document], which: Q) -> Iterator[Document]:
    """The invoices with a term that name these deliveries, or their orders and no delivery."""
    whose = {(one.entity_id, one.account_id, one.currency) for one in deliveries}
    numbers, orders = {one.number for one in deliveries}, {one.order_number for one in deliveries} - {""}
    invoices = Document.objects.filter(which, kind=Kind.INVOICE, reversed_by=None).exclude(term="").order_by("id")
    by_delivery = invoices.filter(delivery_number__in=numbers).exclude(delivery_number="")
    by_order = invoices.filter(order_number__in=orders, delivery_number="").exclude(order_number="")
    found: tuple[QuerySet[Document], ...] = (by_delivery, by_order) if orders else (by_delivery,)
    for some in found:
        yield from (one for one in some if (one.entity_id, one.account_id, one.currency) in whose)
