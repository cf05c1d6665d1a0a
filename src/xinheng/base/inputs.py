"""Fields that people meet on many pages: a day, written the same way everywhere, and whoever sells."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import clock, names
from xinheng.base.messages import sentence, text
from xinheng.base.templatetags.house import icon
from xinheng.rules.amounts import parse_minor
from xinheng.rules.currencies import decimals
from xinheng.rules.dates import YEAR_MIN
from xinheng.rules.errors import RuleError
from xinheng.rules.money import to_text


class DayInput(forms.DateInput):
    """A day as 2026-11-24 whatever the browser's own habit, with the browser's calendar behind a button."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        usual = {"size": 11, "maxlength": 10, "autocomplete": "off", "data-day": True}
        super().__init__({**usual, **(attrs or {})}, format="%Y-%m-%d")

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = {key: bound for key, bound in self.attrs.items() if key in {"min", "max"}}
        bounds = format_html_join(" ", '{}="{}"', attributes.items())
        return format_html(
            '<span class="day-input">{}<button type="button" class="tool" data-pick-day aria-label="{}">{}</button>'
            '<input type="date" tabindex="-1" aria-hidden="true" {}></span>',
            super().render(name, value, attrs, renderer),
            _("Choose a day"),
            icon("calendar"),
            bounds,
        )


class DayField(forms.DateField):
    """A day; what cannot be read is told with the way to write it."""

    widget = DayInput
    default_error_messages = {"invalid": pgettext_lazy("field", "Write the day as 2026-11-24.")}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value.year < YEAR_MIN:
            raise forms.ValidationError(text("DATE_YEAR", {"date": value.isoformat(), "first": YEAR_MIN}))


class PastDayField(DayField):
    """The day of something that happened: tomorrow is a slip of the hand."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        today = clock.business_date()
        if value is not None and value > today:
            raise forms.ValidationError(text("NOT_YET", {"on": value.isoformat(), "today": today.isoformat()}))


class AmountField(forms.CharField):
    """An amount of a currency as people write it, in minor units; nothing typed is nothing."""

    def __init__(self, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "num", "size": 14}
        super().__init__(**{"max_length": 40, "widget": forms.TextInput(attrs=attributes), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return to_text(value, self.currency) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        try:
            minor = parse_minor(typed, decimals(self.currency), currency=self.currency)
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None
        if minor <= 0:
            raise forms.ValidationError(_("An amount is above zero."))
        return minor


class SuggestingInput(forms.TextInput):
    """A text with suggestions: (what is typed in, what it means)."""

    def suggestions(self) -> list[tuple[str, str]]:
        """What is offered; nothing by default."""
        return []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        offered = self.suggestions()
        if not offered:
            return super().render(name, value, attrs, renderer)
        place = f"suggestions-{name}"
        options = format_html_join("", '<option value="{}">{}</option>', offered)
        shown = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', shown, place, options)


class SalespersonInput(SuggestingInput):
    """Salespeople by code or name."""

    def suggestions(self) -> list[tuple[str, str]]:
        return list(names.salespeople(get_language() or "zh").items())


class SalespersonField(forms.CharField):
    """The code of a salesperson, found by code or name."""

    widget = SalespersonInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 150, "required": False, **kwargs})

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value) or "").strip()
        return names.salesperson_code(typed, get_language() or "zh")


class SalespersonFilter(django_filters.Filter):
    """Rows of one salesperson, typed by code or name."""

    field_class = SalespersonField


class DayFilter(django_filters.Filter):
    """Rows of a day, or from one on."""

    field_class = DayField
