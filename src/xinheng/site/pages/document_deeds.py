"""What the reader may do with a document: the buttons on its page, the next thing first."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import pgettext

from xinheng.base.deeds import Offered
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Component, Kind

#: Kind → the right to take one back, and its page.
_TAKING_BACK = {
    Kind.INVOICE: ("receivables.post", "receivables:take-back"),
    Kind.CREDIT_NOTE: ("receivables.post", "receivables:take-back"),
    Kind.RECEIPT: ("cash.post", "cash:take-receipt-back"),
    Kind.INSTRUMENT: ("instruments.post", "cash:take-instrument-back"),
}


def offered(found: Document, standing: dict[Component, int], rights: Collection[str]) -> list[Offered]:
    """The buttons of a document, for somebody with these rights."""
    if found.reversed_by_id is not None or found.kind not in _TAKING_BACK:
        return []
    right, page = _TAKING_BACK[Kind(found.kind)]
    buttons = [*_allocating(found, standing, rights), *_bad_debt(found, rights)]
    if right in rights:
        buttons.append(Offered(pgettext("verb", "Take back"), "x", reverse(page, args=[found.pk]), "btn-bad"))
    return buttons


def _allocating(found: Document, standing: dict[Component, int], rights: Collection[str]) -> list[Offered]:
    if "receivables.allocate" not in rights:
        return []
    debt = found.kind == Kind.INVOICE
    there = standing.get(Component.INVOICED if debt else Component.UNAPPLIED, 0)
    if not there or (debt and not receivables.credits_for(found, most=1)[1]):
        return []
    words = pgettext("verb", "Settle it") if debt else pgettext("verb", "Allocate")
    return [Offered(words, "check", reverse("receivables:allocate", args=[found.pk]), "btn-primary")]


def _bad_debt(found: Document, rights: Collection[str]) -> list[Offered]:
    """What is given up, or comes after all, concerns the whole invoice with all its instalments."""
    if found.kind != Kind.INVOICE or not rights & {"receivables.write_off", "cash.post"}:
        return []
    owed, lost = (receivables.standing(found, one) for one in (Component.INVOICED, Component.WRITTEN_OFF))
    buttons = []
    if lost and "cash.post" in rights:
        words = pgettext("verb", "Money came after all")
        buttons.append(Offered(words, "coin", reverse("cash:recover", args=[found.pk])))
    if "receivables.write_off" in rights:
        if lost:
            words = pgettext("verb", "Undo the write-off")
            buttons.append(Offered(words, "history", reverse("receivables:undo-write-off", args=[found.pk])))
        if owed:
            words = pgettext("verb", "Write off")
            buttons.append(Offered(words, "ban", reverse("receivables:write-off", args=[found.pk]), "btn-bad"))
    return buttons
