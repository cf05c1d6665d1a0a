"""The door through which a credit note or red invoice 红字发票 is entered by hand."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed
from xinheng.base.entering import Done, enter
from xinheng.base.screens import needs
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import credit_notes
from xinheng.desk.receivables.rows import CreditNoteRow, TaxRow
from xinheng.rules.road import Component, Kind


class CreditNoteForm(exposure.DocumentForm):
    """What the note says; a red invoice states the blue one it takes back, and its own fapiao number."""

    kind = Kind.CREDIT_NOTE
    rare = ("currency", "entity", "fapiao_code", "fapiao_number")
    field_order = ("customer", "amount", "invoice", "number", "dated_on")
    invoice = exposure.NumberField(
        label=pgettext_lazy("credit note", "Invoice it reduces"),
        required=False,
        help_text=gettext_lazy("The oldest instalment first; what is left over, or a note without one, is unapplied."),
    )
    fapiao_code = forms.CharField(label=pgettext_lazy("fapiao", "Fapiao code"), required=False, max_length=20)
    fapiao_number = forms.CharField(label=pgettext_lazy("fapiao", "Red fapiao number"), required=False, max_length=30)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.refuse_strange("invoice", Kind.INVOICE)
        return found

    def row(self) -> CreditNoteRow:
        """The note as it is handed in."""
        found, buyer = self.cleaned_data, self.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        tax = TaxRow(fapiao_code=found["fapiao_code"].strip(), fapiao_number=found["fapiao_number"].strip())
        shared = {"dated_on": found["dated_on"], "invoice_number": found["invoice"], "salesperson": buyer.salesperson}
        return CreditNoteRow(tax=tax, **self.whose(), **shared)


@needs("receivables.post")
def new(request: HttpRequest) -> HttpResponse:
    """Enter one credit note."""
    user: Any = request.user
    preset = exposure.preset(request, "entity", "invoice", "amount", "currency")
    form = CreditNoteForm(request.POST if request.method == "POST" else None, reader=user, initial=preset)

    def act(_cleaned: dict[str, Any]) -> Done:
        made = credit_notes.post_credit_note(form.row(), on=clock.business_date(), by=user)
        left = exposure.amounts_by_position([made.pk]).get((made.pk, Component.UNAPPLIED), 0)
        words = {
            "number": made.number,
            "amount": formats.full(made.amount, made.currency),
            "left": formats.full(left, made.currency),
        }
        said = _("Credit note %(number)s over %(amount)s is entered; %(left)s of it is unapplied.") % words
        return Done(said, reverse("document", args=[made.pk]))

    back, name = exposure.came_from(request, preset, "receivables:items", _("Open items"))
    deed = Deed(
        title=_("New credit note or red invoice"),
        consequence=_("It reduces the invoice it names at once. It is corrected by taking it back."),
        button=_("Enter the credit note"),
        back=back,
        back_name=name,
        icon="file-text",
    )
    return enter(request, deed, form, act)
