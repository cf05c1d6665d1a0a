"""What the lists of receivables call their buckets, bases and dimensions."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from xinheng.desk.receivables.behaviour import Behaviour
from xinheng.rules.ageing import NOT_DUE, By

BASES = {
    "due": pgettext_lazy("ageing", "from the due date"),
    "issue": pgettext_lazy("ageing", "from the invoice date"),
    "fifo": pgettext_lazy("ageing", "first in, first out (auditors)"),
}
#: What is aged.
SUBJECTS = {
    "owed": pgettext_lazy("ageing", "what is invoiced"),
    "goods": pgettext_lazy("ageing", "goods not yet invoiced"),
}
DIMENSIONS = {
    "customer": pgettext_lazy("ageing", "Customers"),
    "group": pgettext_lazy("ageing", "Groups"),
    "branch": pgettext_lazy("ageing", "Branches"),
    "salesperson": pgettext_lazy("ageing", "Salespeople"),
    "entity": pgettext_lazy("ageing", "Entities"),
}
#: A row of the ageing that stands for those who have none of it.
NOBODY = {
    "group": pgettext_lazy("ageing", "in no group"),
    "branch": pgettext_lazy("ageing", "without branch"),
    "salesperson": pgettext_lazy("ageing", "without salesperson"),
}
SIDES = {
    "debit": pgettext_lazy("open item", "owed to us"),
    "credit": pgettext_lazy("open item", "money not yet applied"),
}


def bucket(label: str, by: By = By.DUE) -> str:
    """A bucket of the rule book's as people call it: 'not due', '1-30 days', 'over 90 days', '1-2 months'.

    By issue date the first one holds what is dated on the day itself.
    """
    if label == NOT_DUE:
        return pgettext("ageing", "not due") if by is By.DUE else pgettext("ageing", "of the day")
    plain = label.replace("M", "")
    if label.endswith("M"):
        if plain.startswith(">"):
            return pgettext("ageing", "over %(count)s months") % {"count": plain[1:]}
        return pgettext("ageing", "%(from_to)s months") % {"from_to": plain}
    if plain.startswith(">"):
        return pgettext("ageing", "over %(count)s days") % {"count": plain[1:]}
    return pgettext("ageing", "%(from_to)s days") % {"from_to": plain}


def days_late(days: int) -> str:
    """How late something is, or how early."""
    if days < 0:
        return ngettext("%(days)s day early", "%(days)s days early", -days) % {"days": -days}
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days} if days else _("on the day")


def pays(found: Behaviour) -> str:
    """How a customer pays, in a sentence; "" where nothing was paid and nothing is overdue."""
    said = []
    if found.paid:
        text = ngettext("%(number)s invoice paid", "%(number)s invoices paid", found.paid) % {"number": found.paid}
        said.append(_on_average(text, found.paid_days))
    if found.overdue:
        text = ngettext("%(number)s unpaid and overdue", "%(number)s unpaid and overdue", found.overdue)
        said.append(_on_average(text % {"number": found.overdue}, found.overdue_days, so_far=True))
    if not said:
        return ""
    parts = pgettext("between parts", "; ").join(said)
    if found.days_late is None:
        return _("%(parts)s.") % {"parts": parts}
    return _("Weighted by amount: %(days)s. %(parts)s.") % {"days": days_late(found.days_late), "parts": parts}


def _on_average(text: str, days: int | None, *, so_far: bool = False) -> str:
    if days is None:
        return text
    said = _("%(text)s, on average %(days)s so far") if so_far else _("%(text)s, on average %(days)s")
    return said % {"text": text, "days": days_late(days)}
