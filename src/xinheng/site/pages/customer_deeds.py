"""What the reader may enter about a customer: the buttons on its page, the most usual first, the rest in a menu."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base.deeds import Offered
from xinheng.desk.customers.public import Customer

#: Right, icon, address, and its words; each opens with the customer filled in.
_DOCUMENTS: tuple[tuple[str, str, str, Any], ...] = (
    ("orders.enter", "shopping-cart", "control:new-order", lambda: _("New order")),
    ("cash.post", "cash", "cash:new-receipt", lambda: _("New receipt")),
    ("receivables.post", "file-invoice", "control:new-invoice", lambda: _("New invoice")),
    ("receivables.post", "file-text", "receivables:new-credit-note", lambda: _("New credit note or red invoice")),
    ("instruments.post", "receipt", "cash:new-instrument", lambda: _("New cheque or bill")),
    ("deliveries.enter", "truck", "sales:new-delivery", lambda: _("New delivery")),
)


def offered(found: Customer, rights: Collection[str]) -> list[Offered]:
    """Everything somebody with these rights may do; the first is the filled button."""
    buttons = [
        Offered(words(), icon, f"{reverse(name)}?customer={found.pk}")
        for right, icon, name, words in _DOCUMENTS
        if right in rights
    ]
    deeds = [
        ("lines.set", "credit-card", "limits:customer-line", pgettext("verb", "Set the line"), found.pk),
        ("lines.set", "credit-card", "limits:group-line", pgettext("verb", "Set the group's line"), found.group_id),
        ("customers.edit", "pencil", "change-customer", pgettext("verb", "Change the file"), found.pk),
        ("holds.place", "hand-stop", "limits:customer-hold", pgettext("verb", "Stop the customer"), found.pk),
        ("holds.place", "hand-stop", "limits:group-hold", pgettext("verb", "Stop the group"), found.group_id),
    ]
    buttons += [
        Offered(words, icon, reverse(name, args=[pk]))
        for right, icon, name, words, pk in deeds
        if right in rights and pk
    ]
    return buttons
