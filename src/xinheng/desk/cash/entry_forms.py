"""What is stated when money or paper comes in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base.entering import EntryForm
from xinheng.base.inputs import DayField, PastDayField
from xinheng.desk.cash.models import Instrument
from xinheng.desk.cash.rows import InstrumentRow, ReceiptRow
from xinheng.desk.cash.words import ACCEPTORS, METHODS, PAPER_STATES, PURPOSES
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.rules import policy
from xinheng.rules.road import Kind

#: Means of payment that are paper; cash and remittance are receipts.
PAPER = tuple(one for one in policy.Instrument if one not in {policy.Instrument.CASH, policy.Instrument.REMITTANCE})


class ReceiptForm(exposure.DocumentForm):
    """Money that came."""

    kind = Kind.RECEIPT
    rare = ("currency", "entity", "order")
    field_order = ("customer", "amount", "method", "number", "dated_on", "purpose")
    method = forms.ChoiceField(label=pgettext_lazy("receipt", "Method"), choices=list(METHODS.items()))
    purpose = forms.ChoiceField(label=pgettext_lazy("receipt", "Purpose"), choices=list(PURPOSES.items()))
    order = exposure.NumberField(
        label=pgettext_lazy("receipt", "Meant for order"),
        required=False,
        help_text=gettext_lazy("A prepaid order rests on money that is meant for it."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.refuse_strange("order", Kind.ORDER)
        return found

    def row(self) -> ReceiptRow:
        """The receipt as it is handed in."""
        found, buyer = self.cleaned_data, self.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        shared = {name: found[name] for name in ("dated_on", "method", "purpose")}
        return ReceiptRow(order_number=found["order"], salesperson=buyer.salesperson, **self.whose(), **shared)


class PaperForm(exposure.DocumentForm):
    """A cheque or bill that came."""

    kind = Kind.INSTRUMENT
    rare = ("currency", "entity")
    field_order = ("customer", "amount", "paper", "acceptor", "number", "dated_on", "maturity", "invoice")
    paper = forms.ChoiceField(
        label=pgettext_lazy("paper", "Kind"), choices=[(one.value, sales.INSTRUMENTS[one]) for one in PAPER]
    )
    acceptor = forms.ChoiceField(
        label=pgettext_lazy("paper", "Acceptor"),
        required=False,
        choices=[("", pgettext_lazy("acceptor", "not known")), *((one.value, said) for one, said in ACCEPTORS.items())],
        help_text=gettext_lazy("How much the paper weighs follows from its kind and acceptor."),
    )
    maturity = DayField(label=pgettext_lazy("paper", "Matures on"))
    invoice = exposure.NumberField(
        label=pgettext_lazy("paper", "For invoice"),
        required=False,
        help_text=gettext_lazy("It takes the invoice's place until it is paid; without one it is on account."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        came, matures = found.get("dated_on"), found.get("maturity")
        if came and matures and matures < came:
            self.add_error("maturity", _("It matures before the day on which it came."))
        self.refuse_strange("invoice", Kind.INVOICE)
        return found

    def row(self) -> InstrumentRow:
        """The paper as it is handed in."""
        found, buyer = self.cleaned_data, self.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        shared = {name: found[name] for name in ("dated_on", "maturity", "acceptor")}
        shared |= {"kind": found["paper"], "invoice_number": found["invoice"], "salesperson": buyer.salesperson}
        return InstrumentRow(**self.whose(), **shared)


class ClearingForm(EntryForm):
    """The day on which the bank paid."""

    happened_on = PastDayField(label=pgettext_lazy("paper", "Day"))


class StateForm(ClearingForm):
    """What became of paper, and when."""

    state = forms.ChoiceField(label=pgettext_lazy("paper", "What became of it"))
    field_order = ("state", "happened_on")

    def __init__(self, stated: Any, *, states: list[str], **kwargs: Any) -> None:
        super().__init__(stated, **kwargs)
        self.fields["state"].choices = [(one, PAPER_STATES[Instrument.State(one)]) for one in states]  # type: ignore[attr-defined]
