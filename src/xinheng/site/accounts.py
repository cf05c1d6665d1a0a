"""Who may come in: people are entered by the administrator, nobody signs themselves up."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinheng.base import audit
from xinheng.base.database import atomic
from xinheng.base.models import User


def password_changed(user: User, **_about: object) -> None:
    """Somebody chose a password of their own: everything opens, and the trail says that it was done, not to what."""
    with atomic(durable=False):
        user.password_is_first = False
        user.save(update_fields=["password_is_first"])
        audit.record("users", "base.user.password-changed", f"user:{user.username}", by=user)


class ClosedDoors(DefaultAccountAdapter):
    """allauth's adapter with sign-up closed, and with words that say what to do next."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user name or the password is wrong."),
        "too_many_login_attempts": _(
            "Too many failed attempts: signing in is locked for this user for five minutes. "
            "Whoever forgot the password asks the administrator for a new one."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
