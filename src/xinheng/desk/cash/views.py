"""The doors for money and paper that was entered wrongly, and for money that comes for debt given up long ago."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import clock, deeds, formats
from xinheng.base.deeds import Deed, ask
from xinheng.base.inputs import AmountField, PastDayField
from xinheng.base.screens import needs
from xinheng.desk.cash import instruments, receipts
from xinheng.desk.cash.rows import ReceiptRow
from xinheng.desk.cash.words import METHODS
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import public as receivables
from xinheng.rules.road import Component, Kind


class RecoveryForm(forms.Form):
    """The receipt of money for debt that was written off."""

    number = forms.CharField(label=pgettext_lazy("receipt", "Number of the receipt"), max_length=64)
    dated_on = PastDayField(label=pgettext_lazy("receipt", "Received on"))
    method = forms.ChoiceField(label=pgettext_lazy("receipt", "Method"))

    def __init__(self, stated: Any, *, currency: str, lost: int) -> None:
        super().__init__(stated, initial={"dated_on": clock.business_date()})
        self.fields["method"].choices = [(one, METHODS[one]) for one in sorted(receipts.CLEARED_AT_ONCE, reverse=True)]  # type: ignore[attr-defined]
        self.fields["amount"] = AmountField(
            currency,
            label=pgettext_lazy("figure", "Amount"),
            initial=lost or None,
            error_messages={"required": gettext_lazy("Write how much came.")},
        )

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        if not number.isprintable():
            raise forms.ValidationError(_("The number holds characters that cannot be seen."))
        return number


@needs("cash.post")
def take_receipt_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a receipt back."""
    user: Any = request.user
    found = receivables.document_for(user, pk, Kind.RECEIPT)
    said = _("It counts no more; orders that rested on its money are checked again.")
    return _take_back(request, found, said, lambda why: receipts.reverse_receipt(found, reason=why, by=user))


@needs("instruments.post")
def take_instrument_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cheque or bill back."""
    user: Any = request.user
    found = receivables.document_for(user, pk, Kind.INSTRUMENT)
    said = _("It counts no more, with all that became of it; the invoices it stood for are owed again.")
    return _take_back(request, found, said, lambda why: instruments.reverse_instrument(found, reason=why, by=user))


def _take_back(request: HttpRequest, found: Document, said: str, act: Callable[[str], Any]) -> HttpResponse:
    about = {"number": found.number, "amount": formats.full(found.amount, found.currency)}
    return deeds.take_back(request, said, act, back=reverse("document", args=[found.pk]), **about)


@needs("cash.post")
def recover(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive money for debt that was given up, and settle the debt with it."""
    user: Any = request.user
    found = receivables.document_for(user, pk, Kind.INVOICE)
    lost = receivables.some_standing(found, Component.WRITTEN_OFF)
    form = RecoveryForm(request.POST if request.method == "POST" else None, currency=found.currency, lost=lost)

    def act(cleaned: dict[str, Any]) -> str:
        whose = {"entity_id": found.entity_id, "account_id": found.account_id, "currency": found.currency}
        row = ReceiptRow(**{name: cleaned[name] for name in ("number", "dated_on", "method", "amount")}, **whose)
        receipts.recover(row, found, on=clock.business_date(), by=user)
        words = {"amount": formats.full(row.amount, found.currency), "number": found.number}
        words["day"] = formats.day(row.dated_on)
        return _("%(amount)s of the debt given up on invoice %(number)s is recovered, received on %(day)s.") % words

    words = {"number": found.number, "amount": formats.full(lost, found.currency)}
    deed = Deed(
        title=_("Money for invoice %(number)s after all") % words,
        consequence=_("%(amount)s of it is written off. The receipt is entered and settles that debt at once.") % words,
        button=pgettext_lazy("verb", "Receive the money"),
        back=reverse("document", args=[found.pk]),
        back_name=found.number,
        icon="coin",
    )
    return ask(request, deed, form, act)
