"""What is stated of people, and of the keys they make."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import names, policies
from xinheng.base.models import Branch, User

_LANGUAGES = [("", _("as the browser asks")), ("zh-hans", "简体中文"), ("en", "English")]
#: A key that outlives ten years is one that nobody remembers.
DAYS_MAX = 3650


class RoleBoxes(forms.CheckboxSelectMultiple):
    """Roles to tick, in columns."""

    template_name = "settings/_checks.html"


class PersonForm(forms.Form):
    """What is stated of a person, all in codes that the actions take."""

    name_zh = forms.CharField(label=pgettext_lazy("person", "Chinese name"), max_length=100, required=False)
    name_en = forms.CharField(label=pgettext_lazy("person", "English name"), max_length=100, required=False)
    roles = forms.MultipleChoiceField(
        label=pgettext_lazy("person", "Roles"),
        widget=RoleBoxes,
        error_messages={"required": _("Give at least one role; without one nothing opens.")},
    )
    branch = forms.ChoiceField(label=pgettext_lazy("customer", "Branch"), required=False)
    supervisor = forms.ChoiceField(
        label=pgettext_lazy("person", "Supervisor"),
        required=False,
        help_text=_("Whoever sees the customers of a team sees those of the people below them."),
    )
    code = forms.CharField(
        label=pgettext_lazy("person", "Salesperson's code"),
        max_length=150,
        required=False,
        help_text=_("Customers and orders name who sells by this code."),
    )
    language = forms.ChoiceField(label=pgettext_lazy("person", "Language"), required=False, choices=_LANGUAGES)

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "zh"
        known = policies.current().policy.roles
        branches = [(one.code, f"{one.code} {one.name}") for one in Branch.objects.all()]
        others = User.objects.filter(is_active=True).exclude(roles__icontains="CONSOLE").order_by("username")
        chiefs = [(one.username, one.name_in(reader)) for one in others if person is None or one.pk != person.pk]
        if person and person.supervisor and person.supervisor.username not in dict(chiefs):
            chiefs.append((person.supervisor.username, person.supervisor.name_in(reader)))
        choices = {
            "roles": [(code, names.of(role, reader)) for code, role in known.items() if code != "CONSOLE"],
            "branch": [("", "—"), *branches],
            "supervisor": [("", "—"), *chiefs],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


class NewPersonForm(PersonForm):
    """The same of somebody who comes in for the first time."""

    field_order = ("username",)
    username = forms.RegexField(
        r"^[\w.@+-]+\Z",
        label=pgettext_lazy("person", "User name"),
        max_length=150,
        help_text=_("Letters, digits and . @ + - _; it stays for good."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class TokenForm(forms.Form):
    """A key: what it is for, and how long it is good."""

    label = forms.CharField(label=pgettext_lazy("token", "What it is for"), max_length=100)
    days = forms.IntegerField(
        label=pgettext_lazy("token", "Days it is good for"), min_value=1, max_value=DAYS_MAX, initial=90
    )


class NothingForm(forms.Form):
    """Nothing is to be stated: the button is enough."""
