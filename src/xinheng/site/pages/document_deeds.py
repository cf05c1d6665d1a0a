"""What the reader may do with a document: the buttons on its page, the next thing first."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import pgettext

from xinheng.base.deeds import Offered
from xinheng.desk.cash.public import NEXT, Instrument, Receipt
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.rules.money import to_text
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
    if found.reversed_by_id is not None:
        return []
    if found.kind == Kind.DELIVERY:
        return _goods(found, standing, rights)
    if found.kind not in _TAKING_BACK:
        return []
    right, page = _TAKING_BACK[Kind(found.kind)]
    buttons = [
        *_at_the_bank(found, rights),
        *_allocating(found, standing, rights),
        *_following(found, standing, rights),
    ]
    buttons += _bad_debt(found, rights)
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


def _stating(found: Document, name: str, amount: int, **more: str) -> str:
    """The address of a form that holds already whose document it continues, and how much of it is open."""
    known = {"customer": str(found.account.customer_id), "entity": found.entity.code, "currency": found.currency}
    return f"{reverse(name)}?{urlencode({**known, 'amount': to_text(amount, found.currency), **more})}"


def _goods(found: Document, standing: dict[Component, int], rights: Collection[str]) -> list[Offered]:
    left = standing.get(Component.DELIVERED, 0) + standing.get(Component.CONSIGNED, 0)
    buttons = []
    if left and "receivables.post" in rights:
        address = _stating(found, "control:new-invoice", left, delivery=found.number)
        buttons.append(Offered(pgettext("verb", "Invoice"), "file-invoice", address, "btn-primary"))
    if left and "deliveries.enter" in rights:
        address = reverse("sales:new-return", args=[found.pk])
        buttons.append(Offered(pgettext("verb", "Goods back"), "truck-delivery", address))
    return buttons


def _following(found: Document, standing: dict[Component, int], rights: Collection[str]) -> list[Offered]:
    """What comes after an invoice that is owed: money, paper, a credit note."""
    owed = standing.get(Component.INVOICED, 0)
    if found.kind != Kind.INVOICE or not owed:
        return []
    offers = [
        ("cash.post", pgettext("verb", "Receive money"), "cash", "cash:new-receipt", {}),
        (
            "instruments.post",
            pgettext("verb", "Take paper"),
            "receipt",
            "cash:new-instrument",
            {"invoice": found.number},
        ),
        ("receivables.post", pgettext("verb", "Credit note"), "file-text", _NOTE, {"invoice": found.number}),
    ]
    return [
        Offered(words, icon, _stating(found, name, owed, **more))
        for right, words, icon, name, more in offers
        if right in rights
    ]


_NOTE = "receivables:new-credit-note"


def _at_the_bank(found: Document, rights: Collection[str]) -> list[Offered]:
    """What became of paper, or of a cheque that is a receipt."""
    uncleared = Receipt.objects.filter(pk=found.pk, cleared_on=None)
    if found.kind == Kind.RECEIPT and "cash.post" in rights and uncleared.exists():
        address = reverse("cash:clear-receipt", args=[found.pk])
        return [Offered(pgettext("verb", "It has cleared"), "check", address, "btn-primary")]
    if found.kind == Kind.INSTRUMENT and "instruments.post" in rights:
        paper = Instrument.objects.filter(pk=found.pk).first()
        if paper is not None and NEXT.get(Instrument.State(paper.state)):
            address = reverse("cash:instrument-state", args=[found.pk])
            return [Offered(pgettext("verb", "What became of it"), "building-bank", address, "btn-primary")]
    return []
