"""Who pays late: the proof of a credit decision.  Whoever is let through against a rule and pays late had been told."""

from collections.abc import Iterable
from datetime import date
from itertools import batched

from django.db.models import Exists, Max, OuterRef, QuerySet

from xinheng.base import sql
from xinheng.desk.exposure.public import Document, Position
from xinheng.desk.receivables.models import Allocation
from xinheng.rules.road import Component, Kind


def late_invoices(until: date) -> QuerySet[Document]:
    """Invoices that were paid after their due day, or are owed beyond it, by the end of a day.

    A credit note that comes late is nobody's late payment.
    """
    money = Allocation.objects.filter(
        invoice=OuterRef("pk"),
        undone_by=None,
        credit__kind__in=[Kind.RECEIPT, Kind.INSTRUMENT],
        effective_on__gt=OuterRef("due_on"),  # if later than ``until``, it was owed on that day
    )
    owed = Position.objects.filter(document=OuterRef("pk"), component=Component.INVOICED, amount__gt=0)
    return Document.objects.filter(Exists(money) | Exists(owed), kind=Kind.INVOICE, due_on__lt=until)


def last_paid_late(codes: Iterable[str], *, until: date) -> dict[str, date]:
    """Customer code → the issue day of the last invoice it paid late, or owes late; who never did is not there."""
    found: dict[str, date] = {}
    for chunk in batched(sorted(set(codes)), sql.PARAMETERS):
        late = late_invoices(until).filter(account__customer__code__in=chunk)
        found.update(late.order_by().values_list("account__customer__code").annotate(Max("dated_on")))
    return found
