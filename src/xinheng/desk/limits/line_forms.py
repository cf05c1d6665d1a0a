"""What is stated when a credit line is set and when somebody is stopped."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base.deeds import ReasonField
from xinheng.base.entering import ChangeForm, EntryForm
from xinheng.base.errors import XinhengError
from xinheng.base.inputs import AmountField, DayField
from xinheng.base.messages import sentence
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits.models import Line
from xinheng.desk.limits.rows import LineRow
from xinheng.desk.limits.words import HOLD_CAUSES, LINE_KINDS
from xinheng.rules import terms
from xinheng.rules.errors import RuleError
from xinheng.rules.money import to_text
from xinheng.rules.policy import HoldKind

_TERM_DAYS_MAX = 3650
#: What a rule of the house places, nobody by hand.
_BY_RULE = {HoldKind.BREACH, HoldKind.WRITE_OFF, HoldKind.DISHONOUR}


def as_it_stands(line: Line | None, currency: str) -> dict[str, str]:
    """A line as its form holds it; blank where there is none."""
    if line is None:
        return dict.fromkeys(_TEXTS, "") | {"kind": Line.Kind.AMOUNT.value, "currency": currency}
    found = {name: "" if getattr(line, name) is None else str(getattr(line, name)) for name in _TEXTS}
    for name in ("amount", "extra", "initial_stock"):
        minor = getattr(line, name)
        found[name] = to_text(minor, line.currency) if minor or (name == "amount" and minor is not None) else ""
    return found | {"kind": line.kind if line.kind != Line.Kind.UNSET else Line.Kind.AMOUNT.value}


_TEXTS = (
    "kind",
    "amount",
    "currency",
    "term",
    "term_days",
    "valid_from",
    "valid_until",
    "extra",
    "extra_until",
    "initial_stock",
    "initial_stock_until",
)


class LineForm(ChangeForm):
    """A line over the one that stands: what is left as it is stays."""

    errors_at = {"UNKNOWN_TERM": "term", "UNKNOWN_CURRENCY": "currency"}
    rare = ("currency", "term_days", "valid_from", "initial_stock", "initial_stock_until")
    field_order = ("kind", "amount", "term", "valid_until", "extra", "extra_until")

    kind = forms.ChoiceField(
        label=pgettext_lazy("line", "Credit"),
        choices=[(one.value, LINE_KINDS[one]) for one in (Line.Kind.AMOUNT, Line.Kind.UNLIMITED, Line.Kind.NONE)],
    )
    amount = exposure.amount_field(label=pgettext_lazy("figure", "Limit"), required=False)
    term = forms.CharField(
        label=pgettext_lazy("order", "Term"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("A term code such as 30D."),
    )
    term_days = forms.IntegerField(
        label=pgettext_lazy("line", "Longest term in days"), required=False, min_value=0, max_value=_TERM_DAYS_MAX
    )
    valid_from = DayField(
        label=pgettext_lazy("line", "Valid from"), required=False, help_text=gettext_lazy("Empty: from always.")
    )
    valid_until = DayField(label=pgettext_lazy("line", "Valid until"), required=False)
    extra = exposure.amount_field(label=pgettext_lazy("line", "Temporary increase"), required=False)
    extra_until = DayField(label=pgettext_lazy("line", "Increase until"), required=False)
    initial_stock = exposure.amount_field(label=pgettext_lazy("line", "Initial stock"), required=False)
    initial_stock_until = DayField(label=pgettext_lazy("line", "Initial stock until"), required=False)
    currency = exposure.CurrencyField()
    reason = ReasonField()

    def __init__(self, stated: Any, *, line: Line | None, currency: str) -> None:
        self.line, self.usual_currency = line, currency
        super().__init__(stated, shown=as_it_stands(line, currency))
        self.order_fields([*self.field_order, *self.rare, "reason"])

    def clean_term(self) -> str:
        typed = str(self.cleaned_data["term"]).strip()
        try:
            return str(terms.parse_term(typed)) if typed else ""
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.errors.get("currency"):
            return found
        found["currency"] = found.get("currency") or self.usual_currency
        for name in ("extra", "initial_stock", "amount"):
            self._read(found, name)
        if found.get("kind") == Line.Kind.AMOUNT and found.get("amount") is None and not self.errors.get("amount"):
            self.add_error("amount", gettext_lazy("Write the amount."))
        for name in ("extra", "initial_stock"):
            if bool(found.get(name)) != bool(found.get(f"{name}_until")) and not self.errors.get(f"{name}_until"):
                self.add_error(
                    f"{name}_until", gettext_lazy("An amount that ends needs both the amount and its last day.")
                )
        start, end = found.get("valid_from"), found.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", gettext_lazy("It ends before it begins."))
        return found

    def _read(self, found: dict[str, Any], name: str) -> None:
        """What was typed in minor units; a limit of nothing is an amount."""
        typed = str(found.get(name) or "").strip()
        if name == "amount" and typed and not typed.strip("0.,"):
            found[name] = 0
            return
        try:
            found[name] = AmountField(found["currency"], required=False).clean(typed)
        except forms.ValidationError as error:
            self.add_error(name, error)

    def row(self, holder: dict[str, int]) -> LineRow:
        """The line as it is handed in; what the page does not ask stays as it stands."""
        found = self.cleaned_data
        names = ("kind", "currency", "term", "term_days", "valid_from", "valid_until", "reason")
        amount = found["amount"] if found["kind"] == Line.Kind.AMOUNT else None
        ends = {name: found[name] for name in ("extra_until", "initial_stock_until")}
        sums = {name: found[name] or 0 for name in ("extra", "initial_stock")}
        kept: dict[str, Any] = {}
        if self.line is not None:
            agreed = None if self.line.instruments is None else tuple(self.line.instruments)
            kept = {"entity_id": self.line.entity_id, "instruments": agreed}
        return LineRow(amount=amount, **{name: found[name] for name in names}, **ends, **sums, **kept, **holder)

    def refuse(self, error: XinhengError | RuleError) -> None:
        """A line that cannot be like that says at which field."""
        field = error.params.get("field") if error.code == "BAD_LINE" else None
        where = {"limit": "amount"}.get(str(field), str(field))
        if where in self.fields:
            self.add_error(where, sentence(error))
        else:
            super().refuse(error)


class HoldForm(EntryForm):
    """Of which kind a hold is, and why."""

    cause = forms.ChoiceField(
        label=pgettext_lazy("hold", "Kind"),
        choices=[(one.value, HOLD_CAUSES[one]) for one in HoldKind if one not in _BY_RULE],
        initial=HoldKind.MANUAL.value,
        help_text=gettext_lazy("What each kind stops is said in the policy."),
    )
    reason = ReasonField()


class WhyForm(EntryForm):
    """Nothing but the reason, once."""

    reason = ReasonField()
