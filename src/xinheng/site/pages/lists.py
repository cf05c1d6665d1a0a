"""Keeping a list's view under a name, forgetting it, choosing its columns; each leads back to the list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinheng.base import lists


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the question of the page one came from."""
    user: Any = request.user
    told = request.POST
    view = lists.save_view(
        told.get("screen", ""), told.get("name", ""), told.get("query", ""), role=told.get("role", ""), by=user
    )
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(lists.address_of(view.screen, view.query))


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    user: Any = request.user
    view = lists.drop_view(pk, by=user)
    messages.success(request, _("The view “%(name)s” is forgotten.") % {"name": view.name})
    return redirect(lists.address_of(view.screen))


@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Show these columns from now on; the address says so too, so that it can be passed on."""
    user: Any = request.user
    screen = request.POST.get("screen", "")
    columns = [] if request.POST.get("usual") else request.POST.getlist("column")
    lists.choose_columns(screen, columns, by=user)
    asked = QueryDict(lists.asked_of(request.POST.get("query", "")), mutable=True)
    asked.pop(lists.COLUMNS, None)
    if columns:
        asked[lists.COLUMNS] = ",".join(columns)
    return redirect(lists.address_of(screen, asked.urlencode()))
