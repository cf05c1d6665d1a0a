"""Around every page: in which language it is read, what the reader may do, and what a refusal looks like."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from xinheng.base import names, rights
from xinheng.base.errors import Ambiguous, Refused, Unknown, XinhengError
from xinheng.base.messages import sentence, text
from xinheng.base.models import User
from xinheng.base.once import one_page
from xinheng.rules.errors import RuleError
from xinheng.site import beginning
from xinheng.site.errors import fragment, in_part, missing

Answer = Callable[[HttpRequest], HttpResponse]
_PEOPLE_NAMED = 6
_READING = {"GET", "HEAD"}
_NUL = "\0"
#: Behind it nobody is known by a session, and refusals are not pages.
API = "/api/"
#: "Method not allowed": there is nothing to read there, only something to send.
_ONLY_SENT = 405


class SignedIn(LoginRequiredMiddleware):
    """Whoever is not signed in any more signs in and comes back to the page, not to where its form was sent."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if not in_part(request) and request.method in _READING and beginning.is_untouched():
            return redirect("begin")
        sign_in = f"{reverse('account_login')}?{urlencode({'next': _page_of(request)})}"
        if not in_part(request):
            return redirect(sign_in)
        if request.method in _READING:
            return HttpResponseClientRedirect(sign_in)
        # What was typed stays before them.
        return fragment(request, "_signed_out.html", {"sign_in": sign_in}, status=401)


def _page_of(request: HttpRequest) -> str:
    """The address of the page the reader has before them."""
    if request.method in _READING and not in_part(request):
        return request.get_full_path()
    seen = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(seen, {request.get_host()}):
        return "/"
    parts = urlsplit(seen)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Reader:
    """The reader's language and rights, looked up once a request; a refusal becomes a page that helps."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.powers = SimpleLazyObject(lambda: rights.powers(request.user))  # type: ignore[attr-defined, arg-type]
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        if request.method in _READING:
            with one_page():
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        if response.status_code == _ONLY_SENT and not response.content and request.method in _READING:
            said = _("There is nothing to look at here: this address only takes what a form sends. Nothing was done.")
            response = render(request, "422.html", {"said": said}, status=_ONLY_SENT)
        if "text/html" in response.get("Content-Type", "") and not response.has_header("Cache-Control"):
            # What one person may see must not wait in a cache for the next one at this desk.
            response["Cache-Control"] = "private, no-cache"
        return response

    def process_view(self, request: HttpRequest, *_about: object) -> HttpResponse | None:
        """No name, number or word holds a NUL, and PostgreSQL takes none: such an address means nothing."""
        if request.path_info.startswith(API):
            return None  # its doors look themselves, and answer as another system reads it
        if _NUL in request.path_info:
            return missing(request)
        broken = [name for name, values in request.GET.lists() if _NUL in name or any(_NUL in one for one in values)]
        if broken:
            return render(request, "422.html", {"said": text("BAD_ADDRESS", {"names": broken})}, status=422)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A foreseeable refusal in words; anything else is a fault of ours and goes its way."""
        if isinstance(error, Refused):
            if in_part(request):
                return _back(request, sentence(error), status=403)
            return render(request, "403.html", {"missing": _missing(error)}, status=403)
        if isinstance(error, (Unknown, Ambiguous)):
            if in_part(request):
                return _back(request, sentence(error), status=404)
            return render(request, "404.html", {"said": sentence(error)}, status=404)
        if isinstance(error, (XinhengError, RuleError)):
            return _back(request, sentence(error))
        return None


class FirstPassword:
    """Whoever came in with a password that somebody else knows chooses another before anything else opens."""

    _OPEN = frozenset({"account_change_password", "account_reauthenticate", "account_logout", "language"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_about: object) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or not request.user.password_is_first or name in self._OPEN:
            return None
        address = reverse("account_change_password")
        return HttpResponseClientRedirect(address) if in_part(request) else redirect(address)


def _missing(error: Refused) -> dict[str, object]:
    """Which right is missing, and who has it."""
    language = translation.get_language() or "zh"
    right = str(error.params.get("right", ""))
    codes = [code.strip() for code in str(error.params.get("who", "")).split(",") if code.strip()]
    people = [user for user in User.objects.filter(is_active=True).order_by("pk") if set(user.roles) & set(codes)]
    people = [user for user in people if "CONSOLE" not in user.roles]
    return {
        "right": names.right(right, language),
        "code": right,
        "roles": [names.role(code, language) for code in codes if code != "CONSOLE"],
        "people": [names.of(user, language) for user in people[:_PEOPLE_NAMED]],
        "more": max(0, len(people) - _PEOPLE_NAMED),
    }


def _back(request: HttpRequest, said: str, *, status: int = 422) -> HttpResponse:
    """Say it where the person was; the page puts it into its drawer, when that is open, else at its top."""
    if in_part(request):
        return fragment(request, "_refusal.html", {"said": said}, status=status)
    came_from = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        messages.error(request, said)
        return redirect(came_from)
    return render(request, "422.html", {"said": said}, status=422)
