"""How one reads: the language, kept with the person when somebody is signed in, else in the browser; the unit of
overviews, kept in the browser."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from xinheng.base.templatetags.house import LARGE_UNIT

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> str:
    """Where the reader was."""
    back = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if known else "/"


@require_POST
def large_unit(request: HttpRequest) -> HttpResponse:
    """Read overviews in 万元, in English in thousands, or every digit again."""
    response = redirect(_back(request))
    large = "1" if request.POST.get("large") == "1" else "0"
    response.set_cookie(LARGE_UNIT, large, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and go back to where the reader was."""
    wanted = request.POST.get("language", "")
    response = redirect(_back(request))
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        if request.user.is_authenticated:
            request.user.language = wanted
            request.user.save(update_fields=["language"])
    return response
