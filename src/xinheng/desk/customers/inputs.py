"""The field in which a customer is named: by code, name, pinyin or initials, of those the reader may see."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base.inputs import SuggestingInput
from xinheng.base.models import User
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.queries import search, visible_to

#: Between the code and the name of what was chosen.
_DOT = " · "


def chosen(customer: Customer, language: str = "zh") -> str:
    """A customer as the field holds one that was chosen."""
    return f"{customer.code}{_DOT}{customer.name_in(language)}"


def meant(visible: Any, typed: str) -> Customer | None:
    """The one customer that was meant: its code, what was chosen, or words that lead to nobody else."""
    codes = {typed, typed.split(_DOT, 1)[0].strip()}
    exact = list(visible.filter(code__in=codes)[:2])
    if len(exact) == 1:
        return exact[0]  # type: ignore[no-any-return]
    if exact:  # a code that holds the dot itself
        return next(one for one in exact if one.code == typed)
    named = list(visible.filter(Q(name=typed) | Q(name_en__iexact=typed))[:2])
    found = named if len(named) == 1 else list(search(visible, typed)[:2])
    return found[0] if len(found) == 1 else None


class FinderInput(forms.TextInput):
    """A text beside which a list of what it may mean opens while one types."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        place = f"found-{name}"
        combobox = {
            "data-find": reverse("customer-find"),
            "role": "combobox",
            "autocomplete": "off",
            "aria-expanded": "false",
            "aria-autocomplete": "list",
            "aria-controls": place,
        }
        shown = super().render(name, value, {**combobox, **(attrs or {})}, renderer)
        label = _("Customers that fit")
        return format_html(
            '<span class="finder">{}<ul id="{}" role="listbox" aria-label="{}" hidden></ul></span>', shown, place, label
        )


class CustomerField(forms.CharField):
    """One customer; ``reader`` is set by the form that holds it."""

    reader: User

    def __init__(self, **kwargs: Any) -> None:
        usual = {
            "label": pgettext_lazy("customer", "Customer"),
            "max_length": 300,
            "widget": FinderInput(attrs={"placeholder": gettext_lazy("Code, name or pinyin")}),
            "error_messages": {"required": gettext_lazy("Say which customer it is.")},
        }
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        found = meant(visible_to(self.reader), typed)
        if found is None:
            raise forms.ValidationError(_("Type a customer's code, or enough of its name."))
        return found


class GroupInput(SuggestingInput):
    """Groups by code."""

    def suggestions(self) -> list[tuple[str, str]]:
        return list(Group.objects.values_list("code", "name")[:500])


class GroupField(forms.CharField):
    """The code of a group."""

    def __init__(self, **kwargs: Any) -> None:
        usual: Mapping[str, Any] = {
            "label": pgettext_lazy("customer", "Group"),
            "max_length": 64,
            "widget": GroupInput,
            "required": False,
        }
        super().__init__(**{**usual, **kwargs})
