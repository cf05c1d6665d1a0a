"""The days that people say: when the customer accepted the goods, agreed the statement, reported the sale.

A day belongs to an invoice, or to a delivery and so to the invoices of that delivery; what is said of the invoice
itself goes first.  It lives as long as somebody bears the number it is kept by: an invoice that was corrected still has
its day, one that was taken back for good has none that a later one of that number could inherit.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import batched

from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables.models import TermDay
from xinheng.rules.terms import Base

#: (account, kind, number): what a day is kept by.
Key = tuple[int, int, str]
#: Numbers asked about at once: both engines bound what one statement may name.
_CHUNK = 5_000


def days_of(keys: Iterable[Key]) -> dict[Key, dict[Base, date]]:
    """What has been said about these invoices and deliveries."""
    found: dict[Key, dict[Base, date]] = defaultdict(dict)
    if not TermDay.objects.filter(undone_by=None).exists():
        return found
    wanted = set(keys)
    for numbers in batched(sorted({number for _, _, number in wanted}), _CHUNK):
        standing = TermDay.objects.filter(number__in=numbers, undone_by=None)
        for account, kind, number, event, on in standing.values_list("account", "kind", "number", "event", "on"):
            if (account, kind, number) in wanted:
                found[account, kind, number][Base(event)] = on
    return found


def happened(found: dict[Key, dict[Base, date]], invoice: Key, deliveries: Iterable[Key]) -> dict[Base, date]:
    """The days an invoice counts from: its own, else those of its goods, the last ones where they came in parts."""
    days: dict[Base, date] = {}
    for goods in deliveries:
        for event, on in found.get(goods, {}).items():
            days[event] = max(on, days.get(event, on))
    return days | found.get(invoice, {})


def end_days(entry: Entry, keys: Iterable[Key]) -> None:
    """End the days of what has been taken back, unless somebody bears the number again."""
    for key in days_of(keys):
        account, kind, number = key
        if not Document.objects.filter(account=account, kind=kind, number=number, reversed_by=None).exists():
            TermDay.objects.filter(account=account, kind=kind, number=number, undone_by=None).update(undone_by=entry)
