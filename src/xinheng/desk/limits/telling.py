"""What people are told of holds: a customer is frozen or its deliveries are stopped, and goes on again (OC-013)."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from xinheng.desk.limits.models import Hold
from xinheng.desk.limits.words import HOLD_CAUSES
from xinheng.desk.notices.public import Notice, Voice


def _placed(notice: Notice) -> str:
    if notice.data["scope"] == Hold.Scope.DELIVERIES:
        return _("Deliveries are stopped.")
    return _("Orders and deliveries are stopped.")


def _why(notice: Notice) -> str:
    cause: Any = HOLD_CAUSES.get(notice.data["cause"], notice.data["cause"])
    reason = notice.data["reason"]
    return f"{cause} · {reason}" if reason else str(cause)


def _holder(notice: Notice) -> str:
    if notice.customer_id:
        return reverse("customer", args=[notice.customer_id])
    return f"{reverse('customers')}?{urlencode({'group': notice.group.code})}"  # type: ignore[union-attr]


HOLD_PLACED = Voice(
    said=_placed,
    why=_why,
    address=_holder,
    many=ngettext_lazy("%(number)s customer is frozen.", "%(number)s customers are frozen.", "count"),
    list_address=lambda: reverse("customers"),
)
HOLD_LIFTED = Voice(
    said=lambda notice: _("The hold is lifted."),
    why=lambda notice: notice.data["reason"],
    address=_holder,
    many=ngettext_lazy("%(number)s hold is lifted.", "%(number)s holds are lifted.", "count"),
    list_address=lambda: reverse("customers"),
)
