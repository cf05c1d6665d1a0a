"""What there is to say about the due day of an invoice: what it still waits for, or that it may yet move."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xinheng.desk.exposure.public import Document
from xinheng.desk.limits import public as limits
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
