"""Where the company is at work: the legal companies that sell, and the branches that customers and people belong to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base import places
from xinheng.base.deeds import Deed, ask
from xinheng.base.errors import Unknown
from xinheng.base.models import Branch, User
from xinheng.base.screens import needs
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entity
from xinheng.site.pages.settings.lists import ACTIVE, PLACE_READERS, may, needs_any


class NameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=pgettext_lazy("place", "Name"), max_length=200)


class PlaceForm(NameForm):
    """A code, which stays, and a name."""

    field_order = ("code", "name")
    code = forms.CharField(
        label=pgettext_lazy("place", "Code"),
        max_length=32,
        help_text=gettext_lazy("It stands in files and on documents, and stays for good."),
    )


def index(request: HttpRequest) -> HttpResponse:
    """Both lists on one page: there are few of either.

    Raises:
        Refused
    """
    needs_any(request, *PLACE_READERS)
    counted = dict(Customer.objects.order_by().values_list("branch").annotate(number=Count("pk")))
    people = dict(User.objects.filter(is_active=True).order_by().values_list("branch").annotate(number=Count("pk")))
    context = {
        "active": ACTIVE,
        "entities": Entity.objects.order_by("id"),
        "branches": [(one, counted.get(one.pk, 0), people.get(one.pk, 0)) for one in Branch.objects.all()],
        "may_edit": may(request, "entities.edit"),
    }
    return render(request, "settings/places.html", context)


@needs("entities.edit")
def new_entity(request: HttpRequest) -> HttpResponse:
    """Enter a company that sells."""
    said = _("Documents, limits and months are kept apart by the company that sells. It cannot be taken away again.")
    return _enter(request, _("Enter an entity"), said, exposure.enter_entity)


@needs("entities.edit")
def new_branch(request: HttpRequest) -> HttpResponse:
    """Enter a branch."""
    said = _("Customers and people are given to it; who sees a branch sees its customers. It cannot be taken away.")
    return _enter(request, _("Enter a branch"), said, places.enter_branch)


@needs("entities.edit")
def rename_entity(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for an entity."""
    return _rename(request, Entity.objects.filter(pk=pk).first(), "entity", pk, exposure.rename_entity)


@needs("entities.edit")
def rename_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for a branch."""
    return _rename(request, Branch.objects.filter(pk=pk).first(), "branch", pk, places.rename_branch)


def _enter(request: HttpRequest, title: str, said: str, action: Callable[..., Any]) -> HttpResponse:
    user: Any = request.user

    def act(cleaned: dict[str, Any]) -> str:
        made = action(cleaned["code"], cleaned["name"], by=user)
        return _("%(code)s %(name)s is entered.") % {"code": made.code, "name": made.name}

    deed = _deed(title, said, pgettext_lazy("verb", "Enter it"), icon="plus")
    form = PlaceForm(request.POST if request.method == "POST" else None)
    return ask(request, deed, form, act, more={"active": ACTIVE})


def _rename(request: HttpRequest, found: Any, what: str, pk: int, action: Callable[..., Any]) -> HttpResponse:
    if found is None:
        raise Unknown(what=what, number=str(pk))
    user: Any = request.user

    def act(cleaned: dict[str, Any]) -> str:
        done = action(found.code, cleaned["name"], by=user)
        return _("%(code)s is called %(name)s from now on.") % {"code": done.code, "name": done.name}

    said = _("The new name stands on every page and list from now on, on older documents too; the code stays.")
    deed = _deed(_("Rename %(code)s") % {"code": found.code}, said, pgettext_lazy("verb", "Rename"), icon="pencil")
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    return ask(request, deed, form, act, more={"active": ACTIVE})


def _deed(title: str, said: str, button: Any, *, icon: str) -> Deed:
    return Deed(title, said, button, reverse("settings:places"), _("Entities and branches"), icon=icon)
