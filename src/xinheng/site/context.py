"""What every page shows around its content: the company, its day, the way about, whether the data are simulated."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import clock
from xinheng.base.models import Company
from xinheng.base.once import once
from xinheng.desk.notices import public as notices
from xinheng.rules.policy import Scope


@dataclass(frozen=True, slots=True)
class Way:
    """One way in the navigation; ``right`` opens it, ``near`` shows it in the bar at a phone's foot."""

    name: Any
    address: str
    icon: str
    right: str = ""
    near: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """Ways under one heading."""

    name: Any
    ways: tuple[Way, ...]


ROOMS = (
    Room("", (Way(_("Overview"), "overview", "layout-dashboard", near=True),)),
    Room(
        "",
        (Way(pgettext_lazy("way", "Customers"), "customers", "users", "customers.view", near=True),),
    ),
    Room(
        pgettext_lazy("way", "Control"),
        (
            Way(_("Held orders"), "control:held", "hand-stop", "orders.view", near=True),
            Way(_("Breaches"), "control:breaches", "alert-triangle", "lines.view"),
            Way(pgettext_lazy("way", "Orders"), "control:orders", "shopping-cart", "orders.view"),
            Way(pgettext_lazy("way", "Shadow mode"), "control:shadow", "eye", "decisions.view"),
            Way(_("Shipped unreleased"), "control:unreleased", "truck-delivery", "deliveries.view"),
            Way(_("Unlinked documents"), "control:unlinked", "link", "deliveries.view"),
        ),
    ),
    Room(
        pgettext_lazy("way", "Receivables"),
        (
            Way(pgettext_lazy("way", "Ageing"), "receivables:ageing", "chart-bar", "receivables.view", near=True),
            Way(_("Open items"), "receivables:items", "file-invoice", "receivables.view"),
        ),
    ),
    Room(
        pgettext_lazy("way", "Settings"),
        (Way(pgettext_lazy("way", "Policy"), "policy:in-force", "gavel", "policy.view"),),
    ),
)


def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation as this reader may use it."""
    held = request.powers.rights  # type: ignore[attr-defined]
    found = []
    for room in ROOMS:
        ways = [
            {"name": way.name, "address": reverse(way.address), "icon": way.icon, "near": way.near, "key": way.address}
            for way in room.ways
            if not way.right or way.right in held
        ]
        if ways:
            found.append({"name": room.name, "ways": ways})
    return found


def shell(request: HttpRequest) -> dict[str, object]:
    """The company row for the page shell (None before ``init``), the reader's ways, the notice on simulated data."""
    company = once("shell", Company.objects.first)
    chinese = (get_language() or "zh").startswith("zh")
    found: dict[str, object] = {
        "company": company,
        "notice": "",
        "reader_language": "zh" if chinese else "en",
        "page_language": "zh-Hans" if chinese else "en",
        "theme": request.COOKIES.get("theme", "auto"),
    }
    if company is None:
        return found
    found["notice"] = company.simulated if chinese else company.simulated_en or company.simulated
    if getattr(request, "user", None) is None or not request.user.is_authenticated:
        return found
    ways = rooms(request)
    found |= {
        "business_date": clock.business_date(),
        "rooms": ways,
        "near": [way for room in ways for way in room["ways"] if way["near"]],
        "unread": notices.count_unread(request.user),
        "sees_all": request.powers.scope == Scope.ALL,  # type: ignore[attr-defined]
    }
    return found
