"""The door behind the customer field: those that fit what is typed, as far as the reader may see them."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from xinheng.base.screens import needs
from xinheng.desk.customers.inputs import chosen
from xinheng.desk.customers.models import Customer
from xinheng.desk.customers.queries import search, visible_to

#: More do not help anybody choose.
_SHOWN = 8
_TYPED = 100


@needs("customers.view")
def find(request: HttpRequest) -> JsonResponse:
    """At most eight customers, those whose code begins with it first."""
    typed, language = request.GET.get("q", "").strip()[:_TYPED], get_language() or "zh"
    if not typed:
        return JsonResponse({"found": []})
    visible = visible_to(request.user).select_related("group")  # type: ignore[arg-type]
    first = list(visible.filter(code__istartswith=typed)[:_SHOWN])
    known = {one.pk for one in first}
    others = [one for one in search(visible, typed)[: _SHOWN + len(first)] if one.pk not in known]
    rows = [
        {"value": chosen(one, language), "name": one.name_in(language), "below": _below(one)}
        for one in [*first, *others][:_SHOWN]
    ]
    return JsonResponse({"found": rows})


def _below(one: Customer) -> str:
    return " · ".join(filter(None, (one.code, one.group.name if one.group else "")))
