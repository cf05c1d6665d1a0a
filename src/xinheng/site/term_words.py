"""What a term 账期 means, in words: how each part is settled, counted from what, and what rest days do to it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from xinheng.base import formats
from xinheng.rules.terms import Base, Mode, Part, Roll, Rule, Span, Term, Unit

#: What days are counted from.
BASES: dict[Base, Any] = {
    Base.INVOICE: pgettext_lazy("term", "the invoice date"),
    Base.DELIVERY: pgettext_lazy("term", "the delivery"),
    Base.ACCEPTANCE: pgettext_lazy("term", "the acceptance of the goods"),
    Base.STATEMENT: pgettext_lazy("term", "the agreed statement"),
    Base.MONTH_END: pgettext_lazy("term", "the end of the invoice's month"),
    Base.NEXT_BATCH: pgettext_lazy("term", "the next batch"),
    Base.SALE_REPORT: pgettext_lazy("term", "the report of the sale"),
    Base.FLOAT_END: pgettext_lazy("term", "the end of the initial stock"),
}
_GATHERED: dict[Mode, Any] = {
    Mode.MONTHLY: pgettext_lazy("term", "the statement of the month closes at its end"),
    Mode.QUARTERLY: pgettext_lazy("term", "the statement of the quarter closes at its end"),
    Mode.YEARLY: pgettext_lazy("term", "the statement of the year closes at its end"),
}
_WITHOUT_CREDIT: dict[Mode, Any] = {
    Mode.CASH: pgettext_lazy("term", "cash: paid with the purchase"),
    Mode.COD: pgettext_lazy("term", "paid when the goods come"),
    Mode.PREPAID: pgettext_lazy("term", "paid before the goods leave"),
}
_ROLLS: dict[Roll, Any] = {
    Roll.NONE: pgettext_lazy("term", "a due day on a rest day stays"),
    Roll.NEXT: pgettext_lazy("term", "a due day on a rest day moves to the next working day"),
    Roll.PREVIOUS: pgettext_lazy("term", "a due day on a rest day moves to the working day before"),
}


def told(term: Term) -> str:
    """The whole term in a sentence without its full stop."""
    parts = [_part(part, alone=len(term.parts) == 1) for part in term.parts]
    return _joined([*parts, str(_ROLLS[term.roll])])


def _part(part: Part, *, alone: bool) -> str:
    said = rule(part.rule)
    percent = formats.percent(part.share.numerator, part.share.denominator)
    if part.retention:
        return _("%(share)s is kept back: %(said)s") % {"share": percent, "said": said}
    return said if alone else pgettext("term", "%(share)s: %(said)s") % {"share": percent, "said": said}


def rule(one: Rule) -> str:
    """How one part falls due."""
    said = [_core(one)]
    if one.cut != _WHOLE_MONTH:
        said.append(_("invoices after day %(day)s count in the next month's") % {"day": one.cut})
    if one.pay:
        said.append(_("it is paid on the next day %(day)s of a month") % {"day": one.pay})
    if one.latest is not None:
        said.append(_("at the latest %(span)s after the invoice date") % {"span": span(one.latest)})
    return _joined(said)


#: The cut of a statement that takes every invoice of its month.
_WHOLE_MONTH = 31


def _core(one: Rule) -> str:
    if one.mode in _WITHOUT_CREDIT:
        return str(_WITHOUT_CREDIT[one.mode])
    if one.mode in _GATHERED:
        gathered = str(_GATHERED[one.mode])
        return _("%(gathered)s, and %(span)s later it is due") % {"gathered": gathered, "span": span(one.span)}
    if one.until is not None:
        return _("initial stock: due on %(day)s") % {"day": formats.day(one.until)}
    if one.mode is Mode.FLOAT and one.base is Base.FLOAT_END:
        return _("initial stock: due when it ends")
    if one.mode is Mode.ROLLING:
        return ngettext("due with the next batch", "due when %(number)s further batches have come", one.batches) % {
            "number": one.batches
        }
    return _("%(span)s after %(base)s") % {"span": span(one.span), "base": BASES[one.base]}


def span(one: Span) -> str:
    """A period in words."""
    if one.unit is Unit.MONTH:
        return ngettext("%(number)s month", "%(number)s months", one.count) % {"number": one.count}
    return ngettext("%(number)s day", "%(number)s days", one.count) % {"number": one.count}


def _joined(parts: list[str]) -> str:
    return pgettext("between parts", "; ").join(parts)
