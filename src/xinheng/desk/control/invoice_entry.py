"""The door through which an invoice is entered by hand; the policy may hold it, and the decision is kept."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed
from xinheng.base.entering import Done, enter
from xinheng.base.inputs import DayField
from xinheng.base.screens import needs
from xinheng.desk.control.invoicing import enter_invoice
from xinheng.desk.control.order_forms import TermField
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables import public as receivables
from xinheng.rules.currencies import decimals
from xinheng.rules.road import Kind

#: Net and tax make the amount, but for what is rounded on its lines, in hundredths of a unit (semantics.md 1).
_ROUNDED = 6


class InvoiceForm(exposure.DocumentForm):
    """What the invoice says.  A term with instalments makes one document of each."""

    kind = Kind.INVOICE
    errors_at = {**exposure.DocumentForm.errors_at, "DUE_BEFORE_ISSUE": "due_on"}
    rare = ("currency", "entity", "due_on", "net", "tax", "tax_rate", "fapiao_code", "fapiao_number")
    field_order = ("customer", "amount", "order", "delivery", "number", "dated_on", "term")
    order = exposure.NumberField(label=pgettext_lazy("invoice", "Order"), required=False)
    delivery = exposure.NumberField(label=pgettext_lazy("invoice", "Delivery"), required=False)
    term = TermField(
        help_text=gettext_lazy(
            "A term may have instalments; left empty, the order's, the line's or the customer's counts."
        )
    )
    due_on = DayField(
        label=pgettext_lazy("document", "Due"), required=False, help_text=gettext_lazy("Else worked out from the term.")
    )
    net = exposure.amount_field(label=pgettext_lazy("tax", "Net"), required=False)
    tax = exposure.amount_field(label=pgettext_lazy("tax", "Tax"), required=False)
    tax_rate = forms.CharField(label=pgettext_lazy("tax", "Tax rate"), required=False, max_length=10)
    fapiao_code = forms.CharField(label=pgettext_lazy("fapiao", "Fapiao code"), required=False, max_length=20)
    fapiao_number = forms.CharField(label=pgettext_lazy("fapiao", "Fapiao number"), required=False, max_length=30)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.errors:
            for name in ("net", "tax"):
                self.read_amount(found, name)
        if not self.errors:
            self._agree(found)
        for field, kind in (("order", Kind.ORDER), ("delivery", Kind.DELIVERY)):
            self._refuse_of_others(field, kind)
        return found

    def _agree(self, found: dict[str, Any]) -> None:
        net, tax, due = found["net"], found["tax"], found.get("due_on")
        if (
            net is not None
            and tax is not None
            and abs(net + tax - found["amount"]) > _ROUNDED * 10 ** decimals(found["currency"]) // 100
        ):
            self.add_error("net", _("Net and tax together are not the amount."))
        if due and due < found["dated_on"]:
            self.add_error("due_on", _("It is due before it is issued."))

    def _refuse_of_others(self, field: str, kind: Kind) -> None:
        """A number that nobody knows yet is kept until its document arrives (semantics.md 2)."""
        number = self.cleaned_data.get(field)
        if number and exposure.present(kind, number, entity_id=self.seller.pk) is not None:
            self.refuse_strange(field, kind)

    def row(self) -> receivables.InvoiceRow:
        """The invoice as it is handed in."""
        found, buyer = self.cleaned_data, self.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        names = ("net", "tax", "tax_rate", "fapiao_code", "fapiao_number")
        return receivables.InvoiceRow(
            issued_on=found["dated_on"],
            due_on=found["due_on"],
            term=found["term"],
            order_number=found["order"],
            delivery_number=found["delivery"],
            salesperson=buyer.salesperson,
            tax=receivables.TaxRow(**{name: found[name] for name in names}),
            **self.whose(),
        )


@needs("receivables.post")
def new(request: HttpRequest) -> HttpResponse:
    """Enter one invoice."""
    user: Any = request.user
    preset = exposure.preset(request, "entity", "order", "delivery", "amount", "currency")
    form = InvoiceForm(request.POST if request.method == "POST" else None, reader=user, initial=preset)

    def act(_cleaned: dict[str, Any]) -> Done:
        made, _decision = enter_invoice(form.row(), on=clock.business_date(), by=user)
        return Done(_told(made), reverse("document", args=[made[0].pk]))

    back, name = exposure.came_from(request, preset, "receivables:items", _("Open items"))
    deed = Deed(
        title=_("New invoice"),
        consequence=_(
            "It takes what was delivered or ordered over into what is owed. It is corrected by taking it back."
        ),
        button=_("Enter the invoice"),
        back=back,
        back_name=name,
        icon="file-invoice",
    )
    return enter(request, deed, form, act)


def _told(made: list[exposure.Document]) -> str:
    first = made[0]
    words = {
        "number": first.number,
        "amount": formats.full(sum(one.amount for one in made), first.currency),
        "parts": len(made),
        "due": formats.day(first.due_on) if first.due_on else "",
    }
    if first.due_on is None:
        return _("Invoice %(number)s over %(amount)s is entered; when it is due is not known yet.") % words
    return (
        ngettext(
            "Invoice %(number)s over %(amount)s is entered, due on %(due)s.",
            "Invoice %(number)s over %(amount)s is entered in %(parts)s instalments, the first due on %(due)s.",
            len(made),
        )
        % words
    )
