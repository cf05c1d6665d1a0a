"""What somebody sees when a page is refused or breaks: a sentence in both languages, never a traceback."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere."""
    return render(request, "403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours.  The page needs neither database nor catalogue: either may be what broke."""
    return render(None, "500.html", {"csp_nonce": get_nonce(request)}, status=500)  # type: ignore[arg-type]
