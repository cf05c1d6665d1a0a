"""What can be reached by typing: every page one may use, and deeds that begin somewhere, by their names.

A page is found by its name in either language, by the pinyin of its Chinese name and by the initials of that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base import names
from xinheng.desk.customers.public import Customer
from xinheng.desk.customers.readings import plain, readings
from xinheng.site.context import ROOMS, Way

#: Pages without a place in the navigation.
_BESIDE = (
    Way(_("Inbox"), "notices:inbox", "bell"),
    Way(_("Movements"), "movements", "arrow-right", "receivables.view"),
    Way(_("Change password"), "account_change_password", "lock"),
)
#: Deeds that begin on a page of their own; each stands here as soon as its page does.
_DEEDS = (Way(_("New order"), "control:new-order", "plus", "orders.enter"),)
#: Deeds about one customer: the name of the address, and whether the customer is part of it or asked for behind it.
_FOR_ONE = (
    (pgettext_lazy("deed", "New order for %(name)s"), "control:new-order", "plus", "orders.enter", False),
    (pgettext_lazy("deed", "Credit sheet of %(name)s"), "credit-sheet", "printer", "customers.view", True),
)
#: For how many of the customers found deeds are offered.
_MOST = 2


@dataclass(frozen=True, slots=True)
class Reached:
    """One line: what it is called, where it leads."""

    name: str
    address: str
    icon: str


def ways(request: HttpRequest, typed: str) -> list[Reached]:
    """The pages and deeds that one may use whose names hold every word typed; all of them while nothing is."""
    held = request.powers.rights  # type: ignore[attr-defined]
    every = [*(way for room in ROOMS for way in room.ways), *_DEEDS, *_BESIDE]
    meant = [one for one in every if (not one.right or one.right in held) and _means(one.name, typed)]
    return list(_reached((str(one.name), one.address, (), {}, one.icon) for one in meant))


def deeds(request: HttpRequest, found: Sequence[Customer]) -> list[Reached]:
    """What can be done for the first of the customers that were found."""
    held = request.powers.rights  # type: ignore[attr-defined]
    language = translation.get_language() or "zh"
    offered = [
        (
            str(words % {"name": names.of(one, language)}),
            address,
            (one.pk,) if within else (),
            {} if within else {"customer": one.pk},
            icon,
        )
        for one in found[:_MOST]
        for words, address, icon, right, within in _FOR_ONE
        if right in held
    ]
    return list(_reached(offered))


def _reached(offered: Iterable[tuple[str, str, tuple[int, ...], dict[str, int], str]]) -> Iterable[Reached]:
    """Those whose page there is."""
    for name, address, place, asked, icon in offered:
        try:
            found = reverse(address, args=place)
        except NoReverseMatch:
            continue
        yield Reached(name, f"{found}?{urlencode(asked)}" if asked else found, icon)


def _means(name: Any, typed: str) -> bool:
    found = _spoken(*(_in(language, name) for language in ("zh-hans", "en")))
    return all(word in found for word in plain(typed).split())


def _in(language: str, name: Any) -> str:
    with translation.override(language):
        return str(name)


@lru_cache(maxsize=256)
def _spoken(chinese: str, english: str) -> str:
    """What of a page's name may be typed."""
    return "|".join((plain(chinese), plain(english), *readings(chinese)))
