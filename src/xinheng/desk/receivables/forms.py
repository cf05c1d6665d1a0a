"""What is asked of the ageing: when, from which date, in which buckets, of whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.messages import sentence
from xinheng.base.models import Branch, User
from xinheng.desk.customers.public import Group, search, visible_to
from xinheng.desk.exposure.public import Entity, Moment
from xinheng.desk.receivables import words
from xinheng.desk.receivables.ageing import GOODS, AgeingScope, Ask
from xinheng.rules.ageing import Bounds, By, parse_bounds
from xinheng.rules.errors import RuleError

FIFO = "fifo"
GOODS_WANTED = "goods"
_ALL = pgettext_lazy("filter", "all")


def _coded(model: Any) -> list[tuple[str, Any]]:
    return [("", _ALL), *((one.code, f"{one.code} · {one.name}") for one in model.objects.all()[:500])]


class AgeingForm(forms.Form):
    """Filters of the ageing and of its items; all of them live in the address, none is required."""

    as_of = forms.DateField(
        label=pgettext_lazy("ageing", "As of"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    by = forms.ChoiceField(label=pgettext_lazy("ageing", "Aged"), required=False, choices=list(words.BASES.items()))
    bounds = forms.CharField(
        label=pgettext_lazy("ageing", "Bounds"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "30,60,90", "size": 10, "title": _("Days, or months: 1M,2M,3M")}),
    )
    what = forms.ChoiceField(
        label=pgettext_lazy("ageing", "What"), required=False, choices=list(words.SUBJECTS.items())
    )
    rows = forms.ChoiceField(
        label=pgettext_lazy("ageing", "Rows"), required=False, choices=list(words.DIMENSIONS.items())
    )
    customer = forms.CharField(label=pgettext_lazy("customer", "Customer"), required=False, max_length=64)
    group = forms.ChoiceField(label=pgettext_lazy("customer", "Group"), required=False)
    branch = forms.ChoiceField(label=pgettext_lazy("customer", "Branch"), required=False)
    salesperson = forms.CharField(label=pgettext_lazy("customer", "Salesperson"), required=False, max_length=150)
    currency = forms.CharField(label=pgettext_lazy("document", "Currency"), required=False, max_length=3)
    entity = forms.ChoiceField(label=pgettext_lazy("document", "Entity"), required=False)

    def __init__(self, stated: Mapping[str, str], *, today: date, bounds: Bounds, reader: User) -> None:
        usual = {"as_of": today.isoformat(), "by": "due", "bounds": str(bounds), "rows": "customer", "what": "owed"}
        super().__init__(usual | dict(stated))
        self.today, self.usual, self.reader = today, bounds, reader
        for name, model in (("group", Group), ("branch", Branch), ("entity", Entity)):
            self.fields[name].choices = _coded(model)  # type: ignore[attr-defined]
            if len(self.fields[name].choices) <= 1 + (name == "entity"):  # type: ignore[attr-defined]
                del self.fields[name]
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def clean_bounds(self) -> Bounds:
        text = self.cleaned_data["bounds"]
        if not text:
            return self.usual
        try:
            return parse_bounds(text)
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None

    def clean_customer(self) -> str:
        """A code, or any words that lead to one customer only."""
        typed = str(self.cleaned_data["customer"]).strip()
        visible = visible_to(self.reader)
        if not typed or visible.filter(code=typed).exists():
            return typed
        found = list(search(visible, typed)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("Type a customer's code, or enough of its name."))
        return str(found[0].code)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked, with the usual for whatever was left open or cannot be used."""
        self.is_valid()
        usual: dict[str, Any] = {
            "as_of": self.today,
            "by": "due",
            "bounds": self.usual,
            "rows": "customer",
            "what": "owed",
        }
        return usual | {name: value for name, value in self.cleaned_data.items() if value}

    def ask(self, reader: User | None) -> Ask:
        """The question of the rule book's kind, for what this reader may see; None sees everything.

        Goods have no due day before their invoice comes, so they are always aged from their own day.
        """
        chosen = self.chosen
        scope = AgeingScope(
            **{
                name: chosen.get(name, "")
                for name in ("customer", "group", "branch", "salesperson", "entity", "currency")
            },
            seen_by=reader,
        )
        as_of = chosen["as_of"]
        moment = Moment() if as_of >= self.today else Moment(as_of)
        if chosen["what"] == GOODS_WANTED:
            return Ask(moment, By.ISSUE, chosen["bounds"], scope, GOODS)
        by = By.DUE if chosen["by"] == FIFO else By(chosen["by"])
        return Ask(moment, by, chosen["bounds"], scope)
