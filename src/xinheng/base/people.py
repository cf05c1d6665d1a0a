"""Letting people in: users with their roles, and keys for the command line."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from xinheng.base import audit, clock, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Conflict, Unknown
from xinheng.base.models import Branch, Token, User


class UnknownRole(BadInput):
    """params: role."""

    code = "UNKNOWN_ROLE"


class WeakPassword(BadInput):
    """params: problems."""

    code = "WEAK_PASSWORD"


def add_user(  # noqa: PLR0913 - one parameter for each thing stated of a person
    username: str,
    password: str,
    *,
    by: User,
    roles: Sequence[str],
    name_zh: str = "",
    name_en: str = "",
    branch: str = "",
    supervisor: str = "",
    code: str = "",
) -> User:
    """Let a person in.

    Raises:
        Conflict, UnknownRole, WeakPassword, Unknown (supervisor), Refused.
    """
    rights.require(by, "admin.users")
    known = policies.current().policy.roles
    for role in roles:
        if role not in known or role == "CONSOLE":
            raise UnknownRole(role=role)
    with atomic():
        if User.objects.filter(username=username).exists():
            raise Conflict(what="user", number=username)
        user = User(username=username, roles=list(roles), name_zh=name_zh, name_en=name_en, code=code)
        user.branch = Branch.objects.get_or_create(code=branch, defaults={"name": branch})[0] if branch else None
        user.supervisor = _by_name(supervisor) if supervisor else None
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise WeakPassword(problems=error.messages) from None
        user.set_password(password)
        user.save()
        audit.record("users", "base.user.added", f"user:{username}", by=by, data={"roles": list(roles)})
        return user


def _by_name(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Unknown(what="user", number=username)
    return user


def new_token(username: str, *, days: int, label: str, by: User) -> tuple[str, Token]:
    """Make a key for a person; returned once, kept as a fingerprint only.

    Raises:
        Unknown, Refused (for others without the right to manage users).
    """
    user = _by_name(username)
    if user.pk != by.pk:
        rights.require(by, "admin.users")
    secret = secrets.token_urlsafe(32)
    with atomic():
        now = clock.now()
        token = Token.objects.create(
            user=user,
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            label=label or "command line",
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        data = {"expires_at": token.expires_at.isoformat()}
        audit.record("users", "base.token.made", f"user:{username}", by=by, data=data)
        return secret, token
