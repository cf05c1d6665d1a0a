"""What control tells people of by itself: orders held and freed, goods stopped, releases asked for, breaches (OC-008).

Here each kind of notice gets its sentence and what it opens; when one is told is said where it happens.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from xinheng.base import formats
from xinheng.desk.control.models import Breach
from xinheng.desk.control.sentences import REASON_NAMES, money, named
from xinheng.desk.exposure.public import Document
from xinheng.desk.notices.public import News, Notice, Voice
from xinheng.rules.policy import Effect, NoticeKind


def order_news(
    kind: NoticeKind, document: Document, *, reasons: Iterable[Mapping[str, Any]] = (), **data: object
) -> News:
    """What to tell of an order; of its reasons those that hold it."""
    blocking = dict.fromkeys(one["code"] for one in reasons if one["effect"] == Effect.BLOCK)
    said = {"number": document.number, "reasons": [*blocking], **data}
    return News(kind, f"order:{document.pk}", document.account.customer_id, data=said)


def request_news(document: Document, *, amount: int, reason: str, roles: Iterable[str]) -> News:
    """What to tell those who may sign when a release is asked for; that the order is held still stands beside it."""
    data = {"number": document.number, "amount": amount, "currency": document.currency, "reason": reason}
    customer = document.account.customer_id
    kind, subject = NoticeKind.RELEASE_ASKED, f"order:{document.pk}"
    return News(kind, subject, customer, data=data, roles=tuple(roles), newest=False)


def breach_news(kind: NoticeKind, breach: Breach) -> News:
    """What to tell of a breach."""
    causes = breach.facts.get("causes", [])
    data = {"reasons": [] if kind is NoticeKind.BREACH_ENDED else causes}
    return News(kind, f"breach:{breach.pk}", breach.customer_id, breach.group_id, data)


def _reasons(notice: Notice) -> str:
    return formats.listed(REASON_NAMES.get(code) or named(code) for code in notice.data.get("reasons", []))


def _words(notice: Notice) -> str:
    """What a person wrote."""
    return str(notice.data.get("reason", ""))


def _id(notice: Notice) -> int:
    return int(notice.subject.partition(":")[2])


def _order(notice: Notice) -> str:
    return reverse("control:order", args=[_id(notice)])


def _breach(notice: Notice) -> str:
    return reverse("control:breach", args=[_id(notice)])


def _held() -> str:
    return reverse("control:held")


def _breaches() -> str:
    return reverse("control:breaches")


ORDER_HELD = Voice(
    said=lambda notice: _("Order %(number)s is held.") % notice.data,
    why=_reasons,
    address=_order,
    many=ngettext_lazy("%(number)s order is held.", "%(number)s orders are held.", "count"),
    list_address=_held,
)
GOODS_STOPPED = Voice(
    said=lambda notice: _("The goods of order %(number)s must not leave.") % notice.data,
    why=_reasons,
    address=_order,
    many=ngettext_lazy(
        "The goods of %(number)s order must not leave.", "The goods of %(number)s orders must not leave.", "count"
    ),
    list_address=_held,
)
RELEASE_ASKED = Voice(
    said=lambda notice: (
        _("Your signature is asked for: order %(number)s worth %(money)s.")
        % {"number": notice.data["number"], "money": money(notice.data["amount"], notice.data["currency"])}
    ),
    why=_words,
    address=_order,
    many=ngettext_lazy(
        "Your signature is asked for: %(number)s order.", "Your signature is asked for: %(number)s orders.", "count"
    ),
    list_address=_held,
)
ORDER_FREED = Voice(
    said=lambda notice: _("Order %(number)s is free now.") % notice.data,
    address=_order,
    many=ngettext_lazy("%(number)s order is free now.", "%(number)s orders are free now.", "count"),
    list_address=lambda: reverse("control:orders"),
)
ORDER_REJECTED = Voice(
    said=lambda notice: _("Order %(number)s is rejected.") % notice.data,
    why=_words,
    address=_order,
    many=ngettext_lazy("%(number)s order is rejected.", "%(number)s orders are rejected.", "count"),
    list_address=lambda: f"{reverse('control:orders')}?state=REJECTED",
)
BREACH_BEGAN = Voice(
    said=lambda notice: _("In breach: deliveries are stopped."),
    why=_reasons,
    address=_breach,
    many=ngettext_lazy(
        "%(number)s customer is in breach, deliveries are stopped.",
        "%(number)s customers are in breach, deliveries are stopped.",
        "count",
    ),
    list_address=_breaches,
)
BREACH_ENDED = Voice(
    said=lambda notice: _("No longer in breach: deliveries go on."),
    address=_breach,
    many=ngettext_lazy(
        "%(number)s customer is no longer in breach.", "%(number)s customers are no longer in breach.", "count"
    ),
    list_address=lambda: f"{_breaches()}?state=ended",
)
