"""What somebody sees when a page is refused or breaks: a sentence in both languages, never a traceback."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import render
from django.utils.translation import gettext as _

_READING = {"GET", "HEAD"}


def in_part(request: HttpRequest) -> bool:
    """Whether only a part of a page was asked for; a refusal may come before anybody has looked at that."""
    return bool(getattr(request, "htmx", False))


def fragment(request: HttpRequest, template: str, context: dict[str, object], *, status: int) -> HttpResponse:
    """A few words for a page of which only a part was asked for, put beside what the reader looks at."""
    in_drawer = request.htmx.target == "drawer"  # type: ignore[attr-defined]
    alone = in_drawer and request.method in _READING  # the drawer has nothing else to show
    response = render(request, template, {**context, "alone": alone}, status=status)
    if not alone:
        response["HX-Retarget"] = "#drawer-notices" if in_drawer else "#notices"
        response["HX-Reswap"] = "innerHTML"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere."""
    if in_part(request):
        return fragment(request, "_refusal.html", {"said": _("This page is too old. Load it again.")}, status=403)
    return render(request, "403.html", status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No page has this address."""
    if in_part(request):
        return fragment(request, "_refusal.html", {"said": _("There is nothing here.")}, status=404)
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours.  The page needs neither database nor catalogue: either may be what broke."""
    return render(None, "500.html", {"csp_nonce": get_nonce(request)}, status=500)  # type: ignore[arg-type]
