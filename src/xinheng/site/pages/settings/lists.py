"""What all lists of this room share: the way back to its first page, and what else can be done from here."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest

from xinheng.base import rights
from xinheng.base.screens import ListScreen

ACTIVE = "settings:opening"
#: Who may read what documents lean on: any of these rights opens the page, and the list of the command line.
ROLE_READERS = ("admin.users", "policy.view", "audit.read")
PLACE_READERS = ("entities.edit", "customers.view")
CALENDAR_READERS = ("calendar.edit", "receivables.view", "lines.view", "policy.view")
RATE_READERS = ("rates.set", "receivables.view", "lines.view")
TERM_READERS = ("lines.view", "receivables.view", "receivables.post", "policy.view")


@dataclass(frozen=True, slots=True)
class Go:
    """A button above a list: its words, its address, its icon, whether it is the page's next step."""

    name: Any
    address: str
    icon: str
    first: bool = False


class SettingsList(ListScreen):
    """A list of this room; ``ways`` are the buttons above it that this reader may use."""

    template_name = "settings/list.html"
    active = ACTIVE
    about: ClassVar[Any] = ""

    def ways(self, request: HttpRequest) -> list[Go]:
        """Nothing by default."""
        return []

    def context(self, request: HttpRequest) -> dict[str, Any]:
        return {"ways": self.ways(request), "about": self.about}


def needs_any(request: HttpRequest, *names: str) -> None:
    """Stop here unless the reader holds one of these rights.

    Raises:
        Refused: it names the first of them.
    """
    rights.require_any(request.user, *names)  # type: ignore[arg-type]


def may(request: HttpRequest, right: str) -> bool:
    """Whether the reader holds a right."""
    return right in request.powers.rights  # type: ignore[attr-defined]
