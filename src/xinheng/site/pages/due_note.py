"""What there is to say about the due day of an invoice: what it still waits for, or that it may yet move.

What nothing in the books shows, somebody says here: when goods were accepted, a statement agreed, a sale reported.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xinheng.base import clock
from xinheng.base.inputs import DayInput
from xinheng.base.messages import EVENTS
from xinheng.desk.exposure.public import Document
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import TermDay
from xinheng.rules import terms
from xinheng.rules.road import Kind
from xinheng.rules.terms import Base, Roll

_WAITS = {
    Base.DELIVERY: pgettext_lazy("awaited", "it falls due after the goods have come"),
    Base.ACCEPTANCE: pgettext_lazy("awaited", "it falls due after the customer has accepted the goods"),
    Base.STATEMENT: pgettext_lazy("awaited", "it falls due after the statement has been agreed"),
    Base.NEXT_BATCH: pgettext_lazy("awaited", "it falls due with the next batch"),
    Base.SALE_REPORT: pgettext_lazy("awaited", "it falls due after the sale has been reported"),
    Base.FLOAT_END: pgettext_lazy("awaited", "it falls due when the initial stock ends"),
}


def due_note(invoice: Document) -> str:
    """A sentence without its full stop, '' when there is nothing to say."""
    if invoice.kind != Kind.INVOICE or not invoice.term:
        return ""
    term = terms.parse_term(invoice.term)
    if invoice.due_on is None:
        return str(_WAITS.get(term.parts[min(invoice.part, len(term.parts)) - 1].rule.base, ""))
    if term.roll is not Roll.NONE and limits.working_calendar().provisional(invoice.due_on.year):
        return _("provisional: the days off of %(year)s are not published yet") % {"year": invoice.due_on.year}
    return ""


@dataclass(frozen=True, slots=True)
class Told:
    """Something due days count from: its code, what it is called, and the day that was said.

    ``of_goods``: it was said of the invoice's delivery, where it can be taken back.
    """

    event: str
    name: Any
    said: TermDay | None
    of_goods: bool = False

    def day_input(self) -> SafeString:
        """The field for the day; today is the usual one."""
        today = clock.business_date()
        attrs = {"id": f"on-{self.event}", "required": True, "max": today.isoformat()}
        return DayInput(attrs).render("on", today)


def told(document: Document) -> list[Told]:
    """What has been said about an invoice or delivery, and what may be."""
    if document.kind not in {Kind.INVOICE, Kind.DELIVERY} or document.reversed_by_id is not None:
        return []
    own = {one.event: one for one in receivables.days_said(document)}
    goods: dict[str, TermDay] = {}
    for one in receivables.days_said_of_goods(document):
        goods.setdefault(one.event, one)
    awaited = {event.value for event in receivables.told_of(document)}
    return [
        Told(code, name, own.get(code) or goods.get(code), of_goods=code not in own and code in goods)
        for code, name in EVENTS.items()
        if code in own or code in awaited
    ]
