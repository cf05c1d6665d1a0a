"""What is stated when an order is entered or changed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base import clock
from xinheng.base.deeds import ReasonField
from xinheng.base.entering import ChangeForm, EntryForm
from xinheng.base.inputs import AmountField, DayField, PastDayField, SalespersonField
from xinheng.base.messages import sentence
from xinheng.desk.exposure import public as exposure
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order, OrderRow
from xinheng.rules import terms
from xinheng.rules.errors import RuleError
from xinheng.rules.money import to_text
from xinheng.rules.road import Kind

_NONE = pgettext_lazy("instrument", "not agreed")
TERM_HELP = _("A term code such as 30D; left empty, the credit line's or the customer's counts.")


def payment_field() -> forms.ChoiceField:
    """How an order is paid."""
    choices = [(one.value, sales.PAYMENTS[one]) for one in Order.Payment]
    return forms.ChoiceField(label=pgettext_lazy("order", "Payment"), choices=choices)


def instrument_field() -> forms.ChoiceField:
    """The means of payment that was agreed."""
    choices = [("", _NONE), *((one.value, words) for one, words in sales.INSTRUMENTS.items())]
    return forms.ChoiceField(label=pgettext_lazy("order", "Means of payment"), required=False, choices=choices)


class TermField(forms.CharField):
    """A term as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        usual = {"label": pgettext_lazy("order", "Term"), "required": False, "max_length": 80, "help_text": TERM_HELP}
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value) or "").strip()
        try:
            return str(terms.parse_term(typed)) if typed else ""
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None


class OrderForm(exposure.DocumentForm):
    """One order."""

    kind = Kind.ORDER
    rare = ("currency", "entity", "instrument", "salesperson", "ship_date", "needs")
    field_order = ("customer", "amount", "payment", "number", "dated_on", "term")

    payment = payment_field()
    term = TermField()
    ship_date = DayField(label=_("Ship date"), required=False)
    instrument = instrument_field()
    salesperson = SalespersonField(label=pgettext_lazy("customer", "Salesperson"), help_text=_("Else the customer's."))
    needs = forms.CharField(
        label=pgettext_lazy("order", "Documents needed"),
        required=False,
        max_length=300,
        help_text=_("What must be approved before the order goes ahead; several with a comma between."),
    )

    def clean_needs(self) -> tuple[str, ...]:
        typed = str(self.cleaned_data["needs"]).replace("，", ",")
        return tuple(dict.fromkeys(one.strip()[:64] for one in typed.split(",") if one.strip()))

    def row(self) -> OrderRow:
        """The order as it is handed in."""
        found, buyer = self.cleaned_data, self.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        stated = {name: found[name] for name in ("dated_on", "ship_date", "payment", "term", "instrument", "needs")}
        return OrderRow(salesperson=found["salesperson"] or buyer.salesperson, **self.whose(), **stated)


class SeveralForm(EntryForm):
    """What orders that are entered together share."""

    dated_on = PastDayField(label=pgettext_lazy("document", "Date"))

    def __init__(self, stated: Any) -> None:
        super().__init__(stated, initial={"dated_on": clock.business_date()})


class RowForm(exposure.DocumentForm):
    """One of several orders: a line of the grid.  Left empty it is none."""

    kind = Kind.ORDER
    number = exposure.NumberField(required=False)
    payment = payment_field()
    term = TermField(help_text="")
    field_order = ("customer", "amount", "currency", "payment", "term", "number")
    rare = ()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"number": ""}, **kwargs)
        for name in ("dated_on", "entity", "sent"):
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label
            field.required = name in {"customer", "amount", "payment"}
        self.empty_permitted = True

    def has_changed(self) -> bool:
        """Whether somebody wrote an order into the line."""
        names = ("customer", "amount", "number")
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in names)

    def row(self, dated_on: Any) -> OrderRow:
        """The order as it is handed in; without a number it takes the next one."""
        found, buyer = self.cleaned_data, self.buyer()
        assert buyer is not None  # noqa: S101 - the form is valid
        found["number"] = found["number"] or exposure.propose(Kind.ORDER, self.seller.pk)
        shared = {"payment": found["payment"], "term": found["term"], "salesperson": buyer.salesperson}
        return OrderRow(dated_on=dated_on, **self.whose(), **shared)


class ChangeOrderForm(ChangeForm):
    """An order that grows, shrinks or is paid otherwise."""

    errors_at = {"NOTHING_STATED": "amount", "UNKNOWN_TERM": "term"}
    payment = payment_field()
    term = TermField()
    instrument = instrument_field()
    field_order = ("amount", "payment", "term", "instrument")

    def __init__(self, stated: Any, *, order: Order) -> None:
        shown = as_it_stands(order)
        super().__init__(stated, shown=shown)
        self.fields["amount"] = AmountField(order.document.currency, label=pgettext_lazy("figure", "Amount"))
        self.order_fields(self.field_order)


def as_it_stands(order: Order) -> Mapping[str, str]:
    """What of an order can be changed, as its form holds it."""
    return {
        "amount": to_text(sales.amount_now(order), order.document.currency),
        "payment": order.payment,
        "term": order.document.term,
        "instrument": order.instrument,
    }


class WhyForm(EntryForm):
    """Nothing but the reason, once."""

    reason = ReasonField()


class OnceForm(EntryForm):
    """Nothing but the button."""
