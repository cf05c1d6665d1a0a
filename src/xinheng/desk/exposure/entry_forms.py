"""What every document people enter has in common: whose it is, its number, its day, its amount in which currency.

A number is proposed after the last one of its kind; it can be written over.  Without a currency the document takes the
customer's, else the company's.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import clock
from xinheng.base.entering import EntryForm
from xinheng.base.inputs import AmountField, PastDayField
from xinheng.base.messages import sentence, text
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer, CustomerField
from xinheng.desk.exposure import queries
from xinheng.desk.exposure.locks import account
from xinheng.desk.exposure.models import Document, Entity
from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError
from xinheng.rules.road import Kind

#: What the first number of a kind begins with.
MARKS = {
    Kind.ORDER: "SO",
    Kind.DELIVERY: "DN",
    Kind.RETURN: "RN",
    Kind.INVOICE: "INV",
    Kind.CREDIT_NOTE: "CN",
    Kind.RECEIPT: "RC",
    Kind.INSTRUMENT: "NT",
}
_COUNTED = re.compile(r"(.*?)(\d{1,18})")
_NUMBER_MAX = 64
#: Numbers looked at together for one that is free.
_AHEAD = 50


def propose(kind: Kind, entity_id: int, *, but: int = 0) -> str:
    """A number that nobody bears yet, after the last one of this kind that a person or a file entered.

    ``but``: so many of the next free ones are left out.
    """
    present = Document.objects.filter(kind=kind, entity_id=entity_id)
    last = present.order_by("-id").values_list("number", flat=True).first()
    found = _COUNTED.fullmatch(last) if last else None
    if found is None:
        found = _COUNTED.fullmatch(f"{MARKS[kind]}-{clock.business_date():%Y}-0000")
    assert found is not None  # noqa: S101 - it ends in figures
    stem, width, at = found[1], len(found[2]), int(found[2])
    while True:
        row = [f"{stem}{number:0{width}}" for number in range(at + 1, at + 1 + _AHEAD)]
        taken = set(present.filter(number__in=row).values_list("number", flat=True))
        free = [number for number in row if number not in taken]
        if len(free) > but:
            return free[but]
        but, at = but - len(free), at + _AHEAD


class NumberField(forms.CharField):
    """A document's own number; leading zeros stay."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        usual = {
            "label": pgettext_lazy("document", "Number"),
            "max_length": _NUMBER_MAX,
            "widget": forms.TextInput(attrs=attributes),
            "error_messages": {"required": gettext_lazy("Give it a number.")},
        }
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: Any) -> str:
        number = str(super().clean(value) or "").strip()
        if not number.isprintable():
            raise forms.ValidationError(_("The number holds characters that cannot be seen."))
        return number


class CurrencyField(forms.CharField):
    """A currency by its code; nothing typed is the customer's, else the company's."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"size": 4, "autocomplete": "off", "autocapitalize": "characters"}
        usual = {
            "label": pgettext_lazy("document", "Currency"),
            "required": False,
            "max_length": 3,
            "widget": forms.TextInput(attrs=attributes),
        }
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "").strip().upper()
        if code:
            try:
                decimals(code)
            except RuleError as error:
                raise forms.ValidationError(sentence(error)) from None
        return code


class EntityField(forms.ChoiceField):
    """Which company of ours; not asked where there is only one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": pgettext_lazy("document", "Entity"), "required": False, **kwargs})

    def offer(self) -> bool:
        """Fill in the choices; whether there is anything to choose."""
        self.choices = [(one.code, f"{one.code} · {one.name}") for one in Entity.objects.order_by("id")]
        return len(self.choices) > 1


def amount_field(**kwargs: Any) -> forms.CharField:
    """An amount whose currency is only known with the customer; ``read_amount`` reads it."""
    attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
    usual = {
        "label": pgettext_lazy("figure", "Amount"),
        "max_length": 40,
        "widget": forms.TextInput(attrs=attributes),
        "error_messages": {"required": gettext_lazy("Write the amount.")},
    }
    return forms.CharField(**{**usual, **kwargs})


class DocumentForm(EntryForm):
    """A document of a customer.  ``kind`` says of which; subclasses add their fields."""

    kind: Kind
    errors_at = {
        "CONFLICT": "number",
        "UNKNOWN_TERM": "term",
        "UNKNOWN order": "order",
        "UNKNOWN invoice": "invoice",
        "UNKNOWN delivery": "delivery",
        "OTHER_CUSTOMER": "invoice",
        "OTHER_CURRENCY": "currency",
        "UNKNOWN_CURRENCY": "currency",
    }
    rare = ("currency", "entity")

    customer = CustomerField()
    number = NumberField()
    amount = amount_field()
    dated_on = PastDayField(label=pgettext_lazy("document", "Date"))
    currency = CurrencyField()
    entity = EntityField()

    def __init__(self, stated: Any, *, reader: User, initial: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(stated, initial=dict(initial or {}), **kwargs)
        self.reader = reader
        if isinstance(field := self.fields.get("customer"), CustomerField):
            field.reader = reader
        if not self.fields["entity"].offer():  # type: ignore[attr-defined]
            del self.fields["entity"]
        self.initial.setdefault("number", propose(self.kind, self.seller.pk))
        self.initial.setdefault("dated_on", clock.business_date())

    @property
    def seller(self) -> Entity:
        """The entity that was chosen, else the first."""
        code = (self.data.get("entity") if self.is_bound else self.initial.get("entity")) or ""
        known = Entity.objects.filter(code=code).first() if code else None
        return known or queries.entity()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        buyer = self.buyer()
        if not self.errors.get("currency"):
            found["currency"] = found.get("currency") or (buyer.currency if buyer else "") or clock.company().currency
            self.read_amount(found, "amount")
        return found

    def buyer(self) -> Customer | None:
        """Whose document it is."""
        return self.cleaned_data.get("customer")

    def read_amount(self, found: dict[str, Any], name: str) -> None:
        """Turn what was typed into minor units of the document's currency."""
        if name not in found or not str(found[name]).strip():
            found[name] = None
            return
        try:
            found[name] = AmountField(found["currency"]).clean(found[name])
        except forms.ValidationError as error:
            self.add_error(name, error)

    def whose(self) -> dict[str, Any]:
        """What every row of a document states, from the cleaned form."""
        buyer, seller = self.buyer(), self.seller
        assert buyer is not None  # noqa: S101 - the form is valid
        stated = {name: self.cleaned_data[name] for name in ("number", "currency", "amount")}
        return {"entity_id": seller.pk, "account_id": account(buyer.pk, seller).pk, **stated}

    def address_of_present(self) -> str:
        address = reverse("document-by-number", args=[self.kind.name.lower(), self.cleaned_data["number"]])
        return f"{address}?{urlencode({'entity': self.seller.code})}"

    def refuse_strange(self, field: str, kind: Kind) -> None:
        """Tell at a field that names a document when it names one of another customer, or nobody's.

        A number that nobody knows yet is kept where documents may arrive in any order; then do not ask.
        """
        number, buyer = self.cleaned_data.get(field), self.buyer()
        if not number or buyer is None:
            return
        found = queries.present(kind, number, entity_id=self.seller.pk)
        if found is None:
            self.add_error(field, text("UNKNOWN", {"what": kind.name.lower(), "number": number}))
        elif found.account.customer_id != buyer.pk:
            words = {"number": self.cleaned_data.get("number", ""), "what": kind.name.lower()}
            self.add_error(field, _("“%(other)s” belongs to another customer.") % {**words, "other": number})


def preset(request: Any, *names: str) -> dict[str, Any]:
    """What an address states ahead for a form: the customer by id, the rest as it stands."""
    found: dict[str, Any] = {name: value for name in names if (value := request.GET.get(name, "").strip()[:100])}
    pk = request.GET.get("customer", "")
    if pk.isdecimal() and len(pk) < 19:
        known = customers.visible_to(request.user).filter(pk=pk).first()
        if known:
            found["customer"] = customers.chosen(known, get_language() or "zh")
    return found


def came_from(request: Any, stated: Mapping[str, Any], address: str, name: Any) -> tuple[str, Any]:
    """Where one goes back to: the customer one came from, else a list."""
    if "customer" in stated:
        return reverse("customer", args=[request.GET["customer"]]), stated["customer"]
    return reverse(address), name
