"""The first page of settings: what this person may use, and nothing else; one's own seat is always there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.site.pages.settings.lists import (
    ACTIVE,
    CALENDAR_READERS,
    PLACE_READERS,
    RATE_READERS,
    ROLE_READERS,
    TERM_READERS,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One page: what it is for; any of ``rights`` shows it (none: whoever is signed in)."""

    name: Any
    about: Any
    address: str
    icon: str
    rights: frozenset[str] = frozenset()


#: Heading → its pages.
GROUPS: tuple[tuple[Any, tuple[Tile, ...]], ...] = (
    (
        pgettext_lazy("settings", "People"),
        (
            Tile(
                pgettext_lazy("settings", "People"),
                _("Who may come in, with which roles; passwords, sign-ins and tokens."),
                "settings:people",
                "users",
                frozenset({"admin.users"}),
            ),
            Tile(
                pgettext_lazy("settings", "Roles and rights"),
                _("What each role may do and whose customers it sees, as the policy in force says."),
                "settings:roles",
                "shield-check",
                frozenset(ROLE_READERS),
            ),
            Tile(
                pgettext_lazy("settings", "Tokens"),
                _("Keys of other systems and of the command line, everybody's; ended here."),
                "settings:tokens",
                "lock",
                frozenset({"admin.users"}),
            ),
        ),
    ),
    (
        pgettext_lazy("settings", "Books"),
        (
            Tile(
                pgettext_lazy("way", "Policy"),
                _("The credit policy in force, drafts and trials of another, who signed what."),
                "policy:in-force",
                "gavel",
                frozenset({"policy.view"}),
            ),
            Tile(
                pgettext_lazy("settings", "Months"),
                _("Which months are closed, the list that was frozen with each, and the one that comes next."),
                "settings:months",
                "report",
                frozenset({"receivables.view"}),
            ),
            Tile(
                pgettext_lazy("settings", "Entities and branches"),
                _("The companies that sell, and the places that customers and people belong to."),
                "settings:places",
                "building",
                frozenset(PLACE_READERS),
            ),
            Tile(
                pgettext_lazy("settings", "Calendar"),
                _("Days off and weekend days that are worked, by year; which years are not published yet."),
                "settings:calendar",
                "calendar",
                frozenset(CALENDAR_READERS),
            ),
            Tile(
                pgettext_lazy("settings", "Exchange rates"),
                _("What a currency is worth, from which day on, and its course."),
                "settings:rates",
                "coin",
                frozenset(RATE_READERS),
            ),
            Tile(
                pgettext_lazy("settings", "Terms"),
                _("What a term means, and when an invoice with it is due."),
                "settings:terms",
                "clock",
                frozenset(TERM_READERS),
            ),
            Tile(
                pgettext_lazy("settings", "Audit trail"),
                _("Who did what, when and to what; nothing of it can be changed unnoticed."),
                "settings:audit",
                "history",
                frozenset({"audit.read"}),
            ),
            Tile(
                pgettext_lazy("settings", "State of the chains"),
                _("How far the trail is sealed, when each chain was checked, and the check itself."),
                "settings:chains",
                "link",
                frozenset({"audit.read"}),
            ),
        ),
    ),
    (
        pgettext_lazy("settings", "Files and work"),
        (
            Tile(
                pgettext_lazy("way", "Imports"),
                _("Files brought into the books: looked at, corrected, landed, taken back."),
                "imports:list",
                "upload",
                frozenset({"reports.view"}),
            ),
            Tile(
                pgettext_lazy("way", "Background work"),
                _("What runs by itself or takes long, how far it is, and what came of it."),
                "jobs",
                "refresh",
            ),
            Tile(
                pgettext_lazy("way", "Exports"),
                _("Who took which list out of the house, and when."),
                "exports",
                "download",
                frozenset({"audit.read"}),
            ),
        ),
    ),
    (
        pgettext_lazy("settings", "Your own seat"),
        (
            Tile(
                pgettext_lazy("settings", "Your sign-ins"),
                _("Each browser in which you are signed in; sign out the ones you no longer use."),
                "account-sessions",
                "user-check",
            ),
            Tile(
                pgettext_lazy("settings", "Your tokens"),
                _("Keys with which a program acts in your name, until their last day."),
                "account-tokens",
                "lock",
            ),
            Tile(
                pgettext_lazy("settings", "Password"),
                _("Choose another password; every other browser is signed out."),
                "account_change_password",
                "pencil",
            ),
        ),
    ),
)


def opening(request: HttpRequest) -> HttpResponse:
    """Only what the reader may use."""
    held = request.powers.rights  # type: ignore[attr-defined]
    shown = [(name, [one for one in tiles if not one.rights or one.rights & held]) for name, tiles in GROUPS]
    groups = [(name, tiles) for name, tiles in shown if tiles]
    return render(request, "settings/opening.html", {"active": ACTIVE, "groups": groups})
