"""The menus at the head of a list: the views that were kept, and the columns."""

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import get_language

from xinheng.base import lists, names

register = template.Library()


@register.inclusion_tag("base/_list_menus.html", takes_context=True)
def list_menus(context: Context) -> dict[str, Any]:
    """The menus for the list of the request; columns only where its table is one of the house."""
    request, table = context["request"], context.get("table")
    screen, language = lists.screen_of(request), get_language() or "zh"
    found: dict[str, Any] = {
        "csrf_token": context.get("csrf_token"),
        "screen": screen,
        "query": request.GET.urlencode(),
        "views": lists.links(lists.views_for(request.user, screen), request.user),
        "roles": [(code, names.role(code, language)) for code in lists.roles_of(request.user)],
    }
    if table is not None:
        shown = lists.shown(table)
        found["columns"] = [(name, head, name in shown) for name, head in lists.choosable(table).items()]
        asked = request.GET.copy()
        asked[lists.COLUMNS] = ",".join(shown)
        found["link"] = f"?{lists.asked_of(asked.urlencode())}"
    return found
