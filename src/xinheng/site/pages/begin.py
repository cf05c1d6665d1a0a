"""The first page of a fresh installation: my company here, or the demo company somewhere else."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import names, policies
from xinheng.base.errors import XinhengError
from xinheng.base.messages import sentence
from xinheng.rules.currencies import DECIMALS
from xinheng.site import beginning

_MOST_PEOPLE = 4
_USUAL_CURRENCY, _USUAL_ZONE = "CNY", "Asia/Shanghai"


class CompanyForm(forms.Form):
    """Whose books these are."""

    code = forms.CharField(
        label=gettext_lazy("Code from the start"),
        max_length=100,
        help_text=gettext_lazy(
            "The server printed it when it started; it also stands in the file begin-code beside the books."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name of the company"), max_length=200)
    currency = forms.ChoiceField(
        label=pgettext_lazy("document", "Currency"),
        initial=_USUAL_CURRENCY,
        choices=[(code, code) for code in sorted(DECIMALS)],
        help_text=gettext_lazy("All totals are in it. It stays as long as the books."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        initial=_USUAL_ZONE,
        choices=[(one, one) for one in sorted(available_timezones())],
    )

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        if not beginning.opens(typed):
            raise forms.ValidationError(_("This is not the code."))
        return typed


class PersonForm(forms.Form):
    """One of the first people; the password is told to them and changed by them."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh"
        roles = policies.current().policy.roles
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((code, names.role(code, language)) for code in roles if code != "CONSOLE"),
        ]
        self.use_required_attribute = False


_People = forms.formset_factory(PersonForm, extra=_MOST_PEOPLE - 1, max_num=_MOST_PEOPLE, absolute_max=_MOST_PEOPLE)


@login_not_required
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the company and its first people; closed as soon as there is either."""
    if not beginning.is_untouched():
        return redirect("account_login")
    sent = request.POST if request.method == "POST" else None
    form = CompanyForm(sent, initial={"code": request.GET.get("code", "")})
    rows = _People(sent, prefix="people", initial=[{"role": beginning.ADMINISTRATOR}])
    status = 200
    if sent is not None:
        status = 422
        if form.is_valid() and rows.is_valid():
            try:
                company = beginning.begin(_start(form.cleaned_data, rows.cleaned_data))
            except XinhengError as error:
                form.add_error(None, sentence(error))
            else:
                said = _(
                    "“%(name)s” begins. Sign in; customers, lines and open documents come in as files under Imports."
                )
                messages.success(request, said % {"name": company.name})
                return redirect("account_login")
    return render(request, "begin.html", {"form": form, "rows": rows}, status=status)


def _start(company: dict[str, Any], rows: list[dict[str, Any]]) -> beginning.Start:
    people = [
        beginning.Person(one["username"], one["password"], [one["role"]], name_zh=one["name"], name_en=one["name"])
        for one in rows
        if one
    ]
    return beginning.Start(company["name"], company["currency"], company["time_zone"], people)
