"""The doors for debt that is given up 坏账损失核销, owed again, or taken back with its invoice or credit note."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import clock, deeds, formats
from xinheng.base.deeds import Deed, ReasonField, ReasonForm, ask
from xinheng.base.inputs import AmountField
from xinheng.base.screens import needs
from xinheng.desk.receivables import credit_notes, invoices, write_offs
from xinheng.desk.receivables.acting import document_for
from xinheng.rules.road import Component, Kind


class WriteOffForm(forms.Form):
    """How much, and why."""

    def __init__(self, stated: Any, *, currency: str, whole: int) -> None:
        super().__init__(stated)
        self.fields["amount"] = AmountField(
            currency,
            label=pgettext_lazy("figure", "Amount"),
            required=False,
            initial=whole or None,
            help_text=gettext_lazy("Left empty, all that is open is given up, the oldest instalment first."),
        )
        self.fields["reason"] = ReasonField()


@needs("receivables.write_off")
def write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up what is open of an invoice, or part of it."""
    user: Any = request.user
    found = document_for(user, pk, Kind.INVOICE)
    whole = write_offs.some_standing(found, Component.INVOICED)
    form = WriteOffForm(request.POST if request.method == "POST" else None, currency=found.currency, whole=whole)

    def act(cleaned: dict[str, Any]) -> str:
        on = clock.business_date()
        taken = write_offs.write_off(found, reason=cleaned["reason"], on=on, by=user, amount=cleaned["amount"])
        words = {"amount": formats.full(taken, found.currency), "number": found.number}
        return _("%(amount)s of invoice %(number)s is written off; the customer is on hold.") % words

    words = {"number": found.number, "amount": formats.full(whole, found.currency)}
    deed = Deed(
        title=_("Write off invoice %(number)s") % words,
        consequence=_(
            "%(amount)s of it is open. What is given up leaves the receivables, and the customer is put on hold. Money "
            "that comes after all can still be received for it."
        )
        % words,
        button=pgettext_lazy("verb", "Write off"),
        back=reverse("document", args=[found.pk]),
        back_name=found.number,
        icon="ban",
        grave=True,
    )
    return ask(request, deed, form, act)


@needs("receivables.write_off")
def undo_write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Let what was given up and not recovered be owed again."""
    user: Any = request.user
    found = document_for(user, pk, Kind.INVOICE)
    words = {
        "number": found.number,
        "amount": formats.full(write_offs.some_standing(found, Component.WRITTEN_OFF), found.currency),
    }

    def act(cleaned: dict[str, Any]) -> str:
        taken = write_offs.undo_write_off(found, reason=cleaned["reason"], on=clock.business_date(), by=user)
        return _("%(amount)s of invoice %(number)s is owed again.") % {
            "amount": formats.full(taken, found.currency),
            "number": found.number,
        }

    deed = Deed(
        title=_("Undo the write-off of invoice %(number)s") % words,
        consequence=_("%(amount)s is owed again, due when it was due. The customer's hold stays until it is lifted.")
        % words,
        button=pgettext_lazy("verb", "Undo the write-off"),
        back=reverse("document", args=[found.pk]),
        back_name=found.number,
        icon="history",
    )
    return ask(request, deed, ReasonForm(request.POST if request.method == "POST" else None), act)


@needs("receivables.post")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invoice with all its instalments, or a credit note, back."""
    user: Any = request.user
    found = document_for(user, pk, Kind.INVOICE, Kind.CREDIT_NOTE)
    if found.kind == Kind.INVOICE:
        act: Any = invoices.reverse_invoice
        said = _("It counts no more, with all its instalments; its goods stand as delivered again.")
    else:
        act = credit_notes.reverse_credit_note
        said = _("It counts no more; what it had reduced is owed again.")
    about = {"number": found.number, "amount": formats.full(found.amount, found.currency)}
    back = reverse("document", args=[found.pk])
    return deeds.take_back(request, said, lambda why: act(found, reason=why, by=user), back=back, **about)
