"""The doors through which a customer's file is opened and changed."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base.deeds import Deed
from xinheng.base.entering import ChangeForm, Done, EntryForm, enter
from xinheng.base.errors import Unknown
from xinheng.base.inputs import SalespersonField, SuggestingInput
from xinheng.base.messages import sentence
from xinheng.base.models import Branch
from xinheng.base.screens import needs
from xinheng.desk.customers import actions
from xinheng.desk.customers.inputs import GroupField
from xinheng.desk.customers.models import Customer
from xinheng.desk.customers.names import BadTaxId, checked_tax_id
from xinheng.desk.customers.queries import visible_to
from xinheng.desk.customers.words import STATUS
from xinheng.rules import terms
from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError

_CODE_MAX = 64


class BranchInput(SuggestingInput):
    """Branches by code."""

    def suggestions(self) -> list[tuple[str, str]]:
        return list(Branch.objects.values_list("code", "name")[:500])


class _Fields(forms.Form):
    """What a file says about a customer."""

    name = forms.CharField(
        label=pgettext_lazy("customer", "Name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the customer's name.")},
    )
    name_en = forms.CharField(label=pgettext_lazy("customer", "English name"), required=False, max_length=200)
    tax_id = forms.CharField(
        label=pgettext_lazy("customer", "Tax id"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Its check digit is looked at."),
    )
    group = GroupField(help_text=gettext_lazy("A code that nobody has yet makes a new group."))
    branch = forms.CharField(
        label=pgettext_lazy("customer", "Branch"), required=False, max_length=32, widget=BranchInput
    )
    salesperson = SalespersonField(label=pgettext_lazy("customer", "Salesperson"))
    term = forms.CharField(
        label=pgettext_lazy("order", "Term"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("A term code such as 30D."),
    )
    currency = forms.CharField(label=pgettext_lazy("document", "Currency"), required=False, max_length=3)
    customer_class = forms.CharField(label=pgettext_lazy("customer", "Class"), required=False, max_length=16)

    def _shown(self, name: str) -> str:
        value = str(self.cleaned_data[name]).strip()
        if not value.isprintable():
            raise forms.ValidationError(_("It holds characters that cannot be seen."))
        return value

    def clean_name(self) -> str:
        return self._shown("name")

    def clean_name_en(self) -> str:
        return self._shown("name_en")

    def clean_group(self) -> str:
        return self._shown("group")

    def clean_branch(self) -> str:
        code = self._shown("branch")
        if code and not Branch.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is no branch with this code."))
        return code

    def clean_tax_id(self) -> str:
        try:
            return checked_tax_id(self._shown("tax_id"))
        except BadTaxId as error:
            raise forms.ValidationError(sentence(error)) from None

    def clean_term(self) -> str:
        typed = self._shown("term")
        try:
            return str(terms.parse_term(typed)) if typed else ""
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None

    def clean_currency(self) -> str:
        code = self._shown("currency").upper()
        try:
            return code if not code or decimals(code) >= 0 else ""
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None


class NewCustomerForm(_Fields, EntryForm):
    """A new file."""

    errors_at = {"CONFLICT": "code"}
    rare = ("currency", "customer_class")
    field_order = ("name", "code", "name_en", "tax_id", "salesperson", "branch", "group", "term")
    code = forms.CharField(
        label=pgettext_lazy("customer", "Code"),
        max_length=_CODE_MAX,
        help_text=gettext_lazy("Unique; it keeps its leading zeros and is never changed."),
        error_messages={"required": gettext_lazy("Give the customer a code.")},
    )

    def clean_code(self) -> str:
        return self._shown("code")

    def address_of_present(self) -> str:
        return reverse("customer-by-code", args=[self.cleaned_data["code"]])


class ChangeCustomerForm(_Fields, ChangeForm):
    """What a file says, over what it said."""

    rare = ("currency", "customer_class")
    field_order = ("name", "name_en", "tax_id", "status", "salesperson", "branch", "group", "term")
    status = forms.ChoiceField(
        label=pgettext_lazy("customer", "Status"), choices=[(one, STATUS[one]) for one in Customer.Status]
    )


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@needs("customers.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Open a customer's file."""
    user: Any = request.user
    form = NewCustomerForm(_posted(request))

    def act(cleaned: dict[str, Any]) -> Done:
        stated = {name: cleaned[name] for name in actions.FIELDS if cleaned.get(name)}
        made = actions.enter_customer(cleaned["code"], by=user, **stated)
        name = made.name_in(get_language() or "zh")
        return Done(_("Customer %(name)s is entered, a cash customer so far.") % {"name": name}, _page(request, made))

    deed = Deed(
        title=_("New customer"),
        consequence=_("Whoever has no credit line pays cash; the line is set on the customer's page."),
        button=_("Enter the customer"),
        back=reverse("customers"),
        back_name=pgettext_lazy("way", "Customers"),
        icon="users",
    )
    return enter(request, deed, form, act)


def _page(request: HttpRequest, customer: Customer) -> str:
    seen = "customers.view" in request.powers.rights and visible_to(request.user).filter(pk=customer.pk).exists()  # type: ignore[attr-defined, arg-type]
    return reverse("customer", args=[customer.pk]) if seen else reverse("overview")


def _as_it_stands(customer: Customer) -> dict[str, str]:
    return {name: actions.described(customer, name) for name in actions.FIELDS}


@needs("customers.edit")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a customer's file says."""
    user: Any = request.user
    rows = visible_to(user).select_related("group", "branch")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Unknown(what="customer", number=str(pk))
    form = ChangeCustomerForm(_posted(request), shown=_as_it_stands(found))

    def act(_cleaned: dict[str, Any]) -> Done:
        now = Customer.objects.select_for_update(of=("self",)).select_related("group", "branch").get(pk=pk)
        form.refuse_changed(_as_it_stands(now), what="customer", number=now.code)
        changed = actions.change_customer(now, by=user, **form.stated())
        name = changed.name_in(get_language() or "zh")
        return Done(_("The file of %(name)s is changed.") % {"name": name}, _page(request, changed))

    name = found.name_in(get_language() or "zh")
    deed = Deed(
        title=_("Change the file of %(name)s") % {"name": name},
        consequence=_(
            "What it said before stays in the audit trail. Another group, class or status checks held orders."
        ),
        button=_("Change the file"),
        back=reverse("customer", args=[pk]),
        back_name=name,
        icon="pencil",
    )
    return enter(request, deed, form, act)
