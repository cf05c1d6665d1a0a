"""What the lists of receivables call their buckets, bases and dimensions."""

from django.utils.translation import ngettext, pgettext, pgettext_lazy

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
    """How late something is."""
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
