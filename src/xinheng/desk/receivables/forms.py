"""What is asked of the ageing: when, from which date, in which buckets, of whom."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base import clock
from xinheng.base.inputs import DayField, SalespersonField
from xinheng.base.messages import sentence
from xinheng.base.models import Branch, User
from xinheng.desk.customers.public import Group, search, visible_to
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity, Moment, Rate
from xinheng.desk.receivables import words
from xinheng.desk.receivables.ageing import GOODS, Ask
from xinheng.desk.receivables.items import Slice
from xinheng.desk.receivables.scope import NOBODYS, AgeingScope
from xinheng.rules.ageing import BOUNDS_MAX, Bounds, By, bucket_edges, parse_bounds
from xinheng.rules.currencies import DECIMALS
from xinheng.rules.errors import RuleError

FIFO = "fifo"
GOODS_WANTED = "goods"
_ALL = pgettext_lazy("filter", "all")


def _coded(model: Any, nobodys: Any = None) -> list[tuple[str, Any]]:
    """All, each one, and where there are any those who have none."""
    found = [(one.code, f"{one.code} · {one.name}") for one in model.objects.all()[:500]]
    return [("", _ALL), *found, *([(NOBODYS, nobodys)] if found and nobodys else [])]


def _currencies(stated: Mapping[str, str]) -> list[tuple[str, Any]]:
    """The company's own currency, those that have rates, and the one asked for."""
    home, asked = clock.company().currency, stated.get("currency", "").upper()
    others = set(Rate.objects.filter(target=home).values_list("source", flat=True).distinct())
    others |= {asked} & set(DECIMALS)
    return [("", _ALL), *((code, code) for code in (home, *sorted(others - {home})))]


class AgeingForm(forms.Form):
    """Filters of the ageing and of its items; all of them live in the address, none is required."""

    as_of = DayField(label=pgettext_lazy("ageing", "As of"), required=False)
    compare = DayField(label=pgettext_lazy("ageing", "Compare with"), required=False)
    known_on = DayField(label=pgettext_lazy("ageing", "As known on"), required=False)
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
    salesperson = SalespersonField(label=pgettext_lazy("customer", "Salesperson"))
    currency = forms.ChoiceField(label=pgettext_lazy("document", "Currency"), required=False)
    entity = forms.ChoiceField(label=pgettext_lazy("document", "Entity"), required=False)

    def __init__(self, stated: Mapping[str, str], *, today: date, bounds: Bounds, reader: User) -> None:
        usual = {"as_of": today.isoformat(), "by": "due", "bounds": str(bounds), "rows": "customer", "what": "owed"}
        super().__init__(usual | dict(stated))
        self.today, self.usual, self.reader = today, bounds, reader
        offered = {
            "group": _coded(Group, words.NOBODY["group"]),
            "branch": _coded(Branch, words.NOBODY["branch"]),
            "entity": _coded(Entity),
            "currency": _currencies(stated),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if len(choices) <= 1 + (name in {"entity", "currency"}) and name not in stated:  # nothing to choose from
                del self.fields[name]
        for name in {"as_of", "compare"} & set(self.fields):
            self.fields[name].widget.attrs["max"] = today.isoformat()

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

    def clean(self) -> dict[str, Any]:
        """Buckets that reach back to before the calendar began hold nothing."""
        found = super().clean() or self.cleaned_data
        if found.get("as_of") and found.get("bounds"):
            try:
                bucket_edges(found["as_of"], found["bounds"])
            except RuleError as error:
                self.add_error("bounds", sentence(error))
        return found

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
        return usual | {name: value for name, value in self.cleaned_data.items() if value or value == 0}

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
        as_of, known = chosen["as_of"], self._known
        moment = exposure.today(as_of) if as_of == self.today and known is None else Moment(as_of, known)
        if chosen["what"] == GOODS_WANTED:
            return Ask(moment, By.ISSUE, chosen["bounds"], scope, GOODS)
        fifo = chosen["by"] == FIFO
        return Ask(moment, By.DUE if fifo else By(chosen["by"]), chosen["bounds"], scope, fifo=fifo)

    def before(self, ask: Ask) -> Ask | None:
        """The same question on the day it is compared with; None without one."""
        day = self.chosen.get("compare")
        return replace(ask, moment=Moment(day, self._known)) if day else None

    @property
    def _known(self) -> datetime | None:
        """The last moment whose entries count: the end of the day that was asked for."""
        day = self.chosen.get("known_on")
        if not day:
            return None
        return clock.end_of(day)


class ItemsForm(AgeingForm):
    """The same for the items behind a cell, which may also be picked by the days they fall due."""

    compare = rows = None  # type: ignore[assignment]
    due_from = DayField(label=pgettext_lazy("items", "Due from"), required=False)
    due_until = DayField(label=pgettext_lazy("items", "Due until"), required=False)
    side = forms.ChoiceField(
        label=pgettext_lazy("items", "Side"), required=False, choices=[("", _ALL), *words.SIDES.items()]
    )
    bucket = forms.IntegerField(
        label=pgettext_lazy("ageing", "Bucket"),
        required=False,
        min_value=0,
        max_value=BOUNDS_MAX,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        """A bucket is one of those that the bounds make."""
        found = super().clean()
        bucket, bounds = found.get("bucket"), found.get("bounds")
        if bucket is not None and bounds and bucket >= len(bounds.labels):
            self.add_error("bucket", _("There are no so many buckets."))
        return found

    def slice(self, *, limit: int | None, offset: int = 0, order: str = "") -> Slice:
        """Which of the items."""
        chosen = self.chosen
        return Slice(
            bucket=chosen.get("bucket"),
            side=chosen.get("side", ""),
            due_from=chosen.get("due_from"),
            due_until=chosen.get("due_until"),
            order=order,
            limit=limit,
            offset=offset,
        )
