"""One person: what they are and may do, where they are signed in, which keys act for them, what is done about it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import clock, names, people, rights, seats, staff
from xinheng.base.deeds import Deed, ask
from xinheng.base.errors import Unknown
from xinheng.base.models import AuditLine, User
from xinheng.base.screens import needs
from xinheng.site.pages.settings import trail
from xinheng.site.pages.settings.forms import NewPersonForm, NothingForm, PersonForm
from xinheng.site.pages.settings.lists import ACTIVE, may
from xinheng.site.pages.settings.people import people as everybody

_LINES = 20


def find(pk: int) -> User:
    """A person by number.

    Raises:
        Unknown
    """
    found = everybody().filter(pk=pk).first()
    if found is None:
        raise Unknown(what="user", number=str(pk))
    return found


@needs("admin.users")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The page."""
    found, reader = find(pk), get_language() or "zh"
    powers = rights.powers(found)
    tokens = people.tokens_for(request.user).filter(user=found, ended_at=None, expires_at__gt=clock.now())  # type: ignore[arg-type]
    lines = []
    if may(request, "audit.read"):
        about = AuditLine.objects.filter(subject=f"user:{found.username}").select_related("actor")
        lines = trail.described(about.order_by("-at", "-id")[:_LINES], reader)
    context = {
        "active": ACTIVE,
        "person": found,
        "own": found.pk == request.user.pk,
        "roles": [names.role(code, reader) for code in found.roles],
        "rights": sorted(names.right(code, reader) for code in powers.rights),
        "scope": trail.SCOPES[powers.scope],
        "seats": list(seats.standing().filter(user=found)),
        "tokens": list(tokens),
        "lines": lines,
        "reads_audit": may(request, "audit.read"),
    }
    return render(request, "settings/person.html", context)


@needs("admin.users")
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody; the first password is shown once."""
    user: Any = request.user
    form = NewPersonForm(request.POST if request.method == "POST" else None)

    def act(cleaned: dict[str, Any]) -> HttpResponse:
        secret, username = staff.first_password(), cleaned.pop("username")
        made = people.add_user(username, secret, by=user, password_is_first=True, **cleaned)
        said = _("%(name)s may come in as “%(user)s” with this first password, and chooses another one at once.")
        return _handed_over(request, made, secret, said)

    deed = Deed(
        title=_("Enter a person"),
        consequence=_("They may come in at once. A first password is made and shown to you once."),
        button=pgettext_lazy("verb", "Let them in"),
        back=reverse("settings:people"),
        back_name=_("People"),
        icon="user-check",
    )
    return ask(request, deed, form, act, more={"active": ACTIVE})


@needs("admin.users")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is stated of a person."""
    user, found = _both(request, pk)
    form = PersonForm(request.POST if request.method == "POST" else None, person=found, initial=staff.described(found))

    def act(cleaned: dict[str, Any]) -> str:
        changed = staff.change_user(found.username, by=user, **cleaned)
        return _("What is stated of %(name)s is kept.") % {"name": names.of(changed, get_language() or "zh")}

    said = _("It counts from the next page they open. Nobody gives roles to themselves.")
    deed = _deed(found, _("Change %(name)s"), said, pgettext_lazy("verb", "Keep it"), icon="check")
    return ask(request, deed, form, act, more={"active": ACTIVE})


@needs("admin.users")
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password."""
    user, found = _both(request, pk)

    def act(_cleaned: dict[str, Any]) -> HttpResponse:
        secret = staff.renew_password(found.username, by=user)
        said = _("“%(user)s” comes in with this password once and chooses another one at once.")
        return _handed_over(request, found, secret, said)

    said = _("The present password opens nothing any more, and every browser they are signed in with is signed out.")
    deed = _deed(found, _("New password for %(name)s"), said, pgettext_lazy("verb", "Make a password"), icon="lock")
    return ask(request, deed, _nothing(request), act, more={"active": ACTIVE})


@needs("admin.users")
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End every sign-in."""
    user, found = _both(request, pk)

    def act(_cleaned: dict[str, Any]) -> str:
        number = staff.end_seats(found.username, by=user)
        return ngettext("%(number)s browser is signed out.", "%(number)s browsers are signed out.", number) % {
            "number": number
        }

    said = _("Every browser they are signed in with asks for the password again; what was being typed there is lost.")
    deed = _deed(found, _("Sign %(name)s out everywhere"), said, pgettext_lazy("verb", "Sign out"), icon="logout")
    return ask(request, deed, _nothing(request), act, more={"active": ACTIVE})


@needs("admin.users")
def shut_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a person out."""
    user, found = _both(request, pk)
    said = _("They are signed out, their tokens end, nothing opens for them; what they did stays under their name.")
    deed = _deed(found, _("Shut %(name)s out"), said, pgettext_lazy("verb", "Shut out"), icon="ban", grave=True)
    return ask(request, deed, _nothing(request), _told(found, staff.deactivate, user), more={"active": ACTIVE})


@needs("admin.users")
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again."""
    user, found = _both(request, pk)
    said = _("They come in with the password and the roles they had. Tokens that ended stay ended.")
    deed = _deed(found, _("Let %(name)s in again"), said, pgettext_lazy("verb", "Let in again"), icon="user-check")
    return ask(request, deed, _nothing(request), _told(found, staff.activate, user), more={"active": ACTIVE})


def _both(request: HttpRequest, pk: int) -> tuple[User, User]:
    user: Any = request.user
    return user, find(pk)


def _nothing(request: HttpRequest) -> NothingForm:
    return NothingForm(request.POST if request.method == "POST" else None)


def _told(found: User, action: Callable[..., User], by: User) -> Callable[[dict[str, Any]], str]:
    def act(_cleaned: dict[str, Any]) -> str:
        done = action(found.username, by=by)
        name = {"name": names.of(done, get_language() or "zh")}
        return (_("%(name)s may come in again.") if done.is_active else _("%(name)s is shut out.")) % name

    return act


def _deed(found: User, title: str, consequence: str, button: Any, *, icon: str, grave: bool = False) -> Deed:
    name = names.of(found, get_language() or "zh")
    back = reverse("settings:person", args=[found.pk])
    return Deed(title % {"name": name}, consequence, button, back, name, icon=icon, grave=grave)


def _handed_over(request: HttpRequest, found: User, secret: str, said: str) -> HttpResponse:
    """The page that shows a password once; nothing keeps it."""
    name = names.of(found, get_language() or "zh")
    context = {
        "active": ACTIVE,
        "title": _("First password"),
        "said": said % {"name": name, "user": found.username},
        "secret": secret,
        "back": reverse("settings:person", args=[found.pk]),
        "back_name": name,
    }
    answer = render(request, "settings/secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
