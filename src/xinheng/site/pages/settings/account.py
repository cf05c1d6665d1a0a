"""One's own seat: the tokens that act in one's name, and the browsers one is signed in with.

Whoever manages users ends those of others through the same addresses; nobody else finds them.
"""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from xinheng.base import clock, people, seats, staff
from xinheng.base.deeds import Deed, ask
from xinheng.base.errors import Unknown
from xinheng.base.models import Token
from xinheng.base.tables import Column, LinkColumn, Table
from xinheng.base.templatetags.house import chip
from xinheng.site.pages.settings.forms import NothingForm, TokenForm
from xinheng.site.pages.settings.lists import ACTIVE, SettingsList
from xinheng.site.pages.settings.people import MomentColumn

_STATES = {
    "valid": (pgettext_lazy("token", "opens"), "normal"),
    "expired": (pgettext_lazy("token", "run out"), "closed"),
    "ended": (pgettext_lazy("token", "ended"), "closed"),
}


def state_of(token: Token) -> str:
    """valid, expired or ended."""
    return "ended" if token.ended_at else "expired" if token.expires_at <= clock.now() else "valid"


def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens."""
    user: Any = request.user
    mine = people.tokens_for(user).filter(user=user, ended_at=None, expires_at__gt=clock.now())
    return render(request, "settings/tokens.html", {"active": ACTIVE, "tokens": list(mine)})


def new_token(request: HttpRequest) -> HttpResponse:
    """Make one; it is shown once."""
    user: Any = request.user
    form = TokenForm(request.POST if request.method == "POST" else None)

    def act(cleaned: dict[str, Any]) -> HttpResponse:
        secret, made = people.new_token(user.username, by=user, **cleaned)
        said = _("It acts in your name, with your rights, until %(day)s.") % {"day": f"{made.expires_at:%Y-%m-%d}"}
        context = {"active": ACTIVE, "title": _("Your token"), "said": said, "secret": secret}
        context |= {"back": reverse("account-tokens"), "back_name": _("Your tokens")}
        answer = render(request, "settings/secret.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    deed = Deed(
        title=_("Make a token"),
        consequence=_(
            "Whoever has it may do what you may do. Give it to one program only, and end it when it is done."
        ),
        button=pgettext_lazy("verb", "Make the token"),
        back=reverse("account-tokens"),
        back_name=_("Your tokens"),
        icon="lock",
    )
    return ask(request, deed, form, act, more={"active": ACTIVE})


def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token: one's own, or with the right to manage users anybody's."""
    user: Any = request.user
    token = people.tokens_for(user).filter(pk=pk).first()
    if token is None:
        raise Unknown(what="token", number=str(pk))

    def act(_cleaned: dict[str, Any]) -> str:
        people.end_token(pk, by=user)
        return _("Token “%(label)s” opens nothing any more.") % {"label": token.label}

    own = token.user_id == user.pk
    deed = Deed(
        title=_("End token “%(label)s”") % {"label": token.label},
        consequence=_("It opens nothing from then on; the program that has it needs another one."),
        button=pgettext_lazy("verb", "End it"),
        back=reverse("account-tokens") if own else reverse("settings:person", args=[token.user_id]),
        back_name=_("Your tokens") if own else token.user.username,
        icon="x",
        grave=True,
    )
    return ask(request, deed, NothingForm(request.POST if request.method == "POST" else None), act)


def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    mine = list(seats.standing().filter(user=request.user))
    return render(request, "settings/sessions.html", {"active": ACTIVE, "seats": mine})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one browser."""
    user: Any = request.user
    found = seats.seen_by(user).filter(pk=pk).first()
    own = found is None or found.user_id == user.pk
    staff.end_seat(pk, by=user)
    messages.success(request, _("That browser is signed out."))
    return redirect("account-sessions") if own else redirect("settings:person", found.user_id)


class TokenStateColumn(Column):
    """Whether it still opens."""

    def render(self, record: Token) -> SafeString:
        words, tone = _STATES[state_of(record)]
        return chip(words, tone)

    def value(self, **kwargs: Any) -> str:
        return str(_STATES[state_of(kwargs["record"])][0])


class EndColumn(Column):
    """The way to end it."""

    def render(self, record: Token) -> SafeString | str:
        if state_of(record) != "valid":
            return ""
        address = reverse("account-token-end", args=[record.pk])
        label = _("End token %(number)s") % {"number": record.pk}
        return format_html('<a class="btn btn-sm" href="{}" aria-label="{}">{}</a>', address, label, _("End it"))


class TokenTable(Table):
    """Everybody's keys."""

    label = Column(pgettext_lazy("token", "What it is for"), css="main wide")
    user = LinkColumn(
        pgettext_lazy("token", "Whose"),
        order_by="user__username",
        to=lambda one: None if "CONSOLE" in one.user.roles else reverse("settings:person", args=[one.user_id]),
    )
    created_at = MomentColumn(pgettext_lazy("token", "Made"))
    expires_at = MomentColumn(pgettext_lazy("token", "Good until"))
    state = TokenStateColumn(pgettext_lazy("token", "State"), accessor="pk", orderable=False)
    end = EndColumn(pgettext_lazy("verb", "End"), accessor="pk", orderable=False, exclude_from_export=True)


class Tokens(SettingsList):
    """All tokens, for those who manage users."""

    right = "admin.users"
    title = pgettext_lazy("settings", "Tokens")
    table_class = TokenTable
    export_name = "tokens"
    empty = gettext_lazy("Nobody has made a token yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Token]:
        return people.tokens_for(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Token], count: int) -> str:
        opens = rows.order_by().filter(ended_at=None, expires_at__gt=clock.now()).count()
        return _("%(number)s tokens; %(open)s of them still open something.") % {"number": count, "open": opens}
