"""The doors through which goods that left or came back are entered by hand."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.deeds import Deed
from xinheng.base.entering import Done, EntryForm, enter
from xinheng.base.errors import Unknown
from xinheng.base.inputs import AmountField, PastDayField
from xinheng.base.screens import needs
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer, CustomerField
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales import entering
from xinheng.desk.sales.models import Unreleased
from xinheng.desk.sales.rows import DeliveryRow, ReturnRow
from xinheng.rules.road import Kind


class DeliveryForm(exposure.DocumentForm):
    """What left: for an order, or for a customer who named none."""

    kind = Kind.DELIVERY
    rare = ("currency", "entity", "consigned", "token")
    field_order = ("order", "amount", "customer", "number", "dated_on")
    order = exposure.NumberField(
        label=pgettext_lazy("delivery", "Order"),
        required=False,
        help_text=gettext_lazy("Its customer and currency count then."),
    )
    customer = CustomerField(required=False, help_text=gettext_lazy("Only for goods that no order stands for."))
    consigned = forms.BooleanField(
        label=pgettext_lazy("delivery", "Goods on consignment"),
        required=False,
        help_text=gettext_lazy("They stay ours until they are sold."),
    )
    token = forms.CharField(label=pgettext_lazy("goods", "Shipping order"), required=False, max_length=64)

    def clean_order(self) -> str:
        number = str(self.cleaned_data["order"])
        self.ordered: Document | None = None
        if number:
            found = exposure.present(Kind.ORDER, number, entity_id=self.seller.pk)
            seen = customers.visible_to(self.reader)
            if found is not None and seen.filter(pk=found.account.customer_id).exists():
                self.ordered = found
            else:
                raise forms.ValidationError(_("Nobody knows this order."))
        return number

    def buyer(self) -> Customer | None:
        ordered = getattr(self, "ordered", None)
        return ordered.account.customer if ordered is not None else self.cleaned_data.get("customer")

    def clean(self) -> dict[str, Any]:
        ordered, stated = getattr(self, "ordered", None), self.cleaned_data.get("customer")
        if ordered is not None:
            self.cleaned_data["currency"] = ordered.currency
            if stated is not None and stated.pk != ordered.account.customer_id:
                self.add_error("customer", _("The order belongs to another customer."))
        elif stated is None and not self.errors:
            self.add_error("order", _("Say which order it belongs to, or which customer the goods went to."))
        return super().clean()

    def row(self) -> DeliveryRow:
        """The delivery as it is handed in."""
        found = self.cleaned_data
        shared = {name: found[name] for name in ("dated_on", "consigned")}
        return DeliveryRow(order_number=found["order"], token=found["token"].strip(), **self.whose(), **shared)


@needs("deliveries.enter")
def new_delivery(request: HttpRequest) -> HttpResponse:
    """Enter goods that left."""
    user: Any = request.user
    preset = exposure.preset(request, "entity", "order", "amount")
    form = DeliveryForm(request.POST if request.method == "POST" else None, reader=user, initial=preset)
    if "customers.view" not in request.powers.rights:  # type: ignore[attr-defined]
        form.fields["customer"].widget = forms.TextInput()

    def act(_cleaned: dict[str, Any]) -> Done:
        made = entering.post_delivery(form.row(), on=clock.business_date(), by=user)
        words = {"number": made.number, "amount": formats.full(made.amount, made.currency)}
        said = _("Delivery %(number)s over %(amount)s is entered.") % words
        if Unreleased.objects.filter(delivery=made).exists():
            said = f"{said} {_('No release covers all of it: it is listed as shipped unreleased.')}"
        return Done(said, reverse("document", args=[made.pk]))

    back, name = exposure.came_from(request, preset, "control:orders", pgettext_lazy("way", "Orders"))
    deed = Deed(
        title=_("New delivery"),
        consequence=_(
            "Goods that are gone are a fact, also in part or beyond the order; without a release they are listed."
        ),
        button=_("Enter the delivery"),
        back=back,
        back_name=name,
        icon="truck",
    )
    return enter(request, deed, form, act)


class ReturnForm(EntryForm):
    """What came back of one delivery."""

    errors_at = {"CONFLICT": "number", "MORE_THAN_DELIVERED": "amount"}
    number = exposure.NumberField()
    dated_on = PastDayField(label=pgettext_lazy("document", "Date"))
    field_order = ("amount", "number", "dated_on")

    def __init__(self, stated: Any, *, delivery: Document) -> None:
        number = exposure.propose(Kind.RETURN, delivery.entity_id)
        super().__init__(stated, initial={"number": number, "dated_on": clock.business_date()})
        self.delivery = delivery
        left = entering.returnable(delivery)
        self.fields["amount"] = AmountField(
            delivery.currency, label=pgettext_lazy("figure", "Amount"), initial=left or None
        )
        self.order_fields(self.field_order)

    def address_of_present(self) -> str:
        return reverse("document-by-number", args=["return", self.cleaned_data["number"]])


@needs("deliveries.enter")
def new_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter goods that came back before they were invoiced."""
    user: Any = request.user
    rows = Document.objects.select_related("account__customer", "entity")
    found = rows.filter(customers.sees(user, "account__customer__"), pk=pk, kind=Kind.DELIVERY).first()
    if found is None:
        raise Unknown(what="delivery", number=str(pk))
    form = ReturnForm(request.POST if request.method == "POST" else None, delivery=found)

    def act(cleaned: dict[str, Any]) -> Done:
        whose = {"entity_id": found.entity_id, "account_id": found.account_id, "currency": found.currency}
        stated = {name: cleaned[name] for name in ("number", "dated_on", "amount")}
        row = ReturnRow(delivery_number=found.number, **whose, **stated)
        made = entering.post_return(row, on=clock.business_date(), by=user)
        words = {"number": made.number, "amount": formats.full(made.amount, made.currency)}
        return Done(_("Return %(number)s over %(amount)s is entered.") % words, reverse("document", args=[pk]))

    words = {"number": found.number, "amount": formats.full(entering.returnable(found), found.currency)}
    deed = Deed(
        title=_("Goods back from %(number)s") % words,
        consequence=_("%(amount)s of it is neither invoiced nor returned. What was invoiced needs a credit note.")
        % words,
        button=_("Enter the return"),
        back=reverse("document", args=[pk]),
        back_name=found.number,
        icon="truck-delivery",
    )
    return enter(request, deed, form, act)
