"""Letting people in: users with their roles, and keys for the command line."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from xinheng.base import audit, clock, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Conflict, Unknown, WrongState, XinhengError
from xinheng.base.models import Branch, Token, User


class UnknownRole(BadInput):
    """params: role."""

    code = "UNKNOWN_ROLE"


class CodeTaken(BadInput):
    """Customers and orders name who sells by this code, so only one person bears it.  params: number, who."""

    code = "CODE_TAKEN"


class WeakPassword(BadInput):
    """params: problems."""

    code = "WEAK_PASSWORD"


class BadToken(XinhengError):
    """The key opens nothing: nobody's, run out, ended, or its owner has left."""

    code = "BAD_TOKEN"


class BadDays(BadInput):
    """A key cannot be good for that long.  params: days."""

    code = "BAD_DAYS"


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
    language: str = "",
    password_is_first: bool = False,
) -> User:
    """Let a person in; with ``password_is_first`` they choose a password of their own before anything else.

    Raises:
        Conflict, CodeTaken, UnknownRole, WeakPassword, Unknown (supervisor), Refused.
    """
    rights.require(by, "admin.users")
    require_roles(roles)
    with atomic(durable=False):  # the first people come in with their company, in one action
        if User.objects.filter(username=username).exists():
            raise Conflict(what="user", number=username)
        require_free_code(code)
        user = User(username=username, roles=list(roles), name_zh=name_zh, name_en=name_en, code=code)
        user.language, user.password_is_first = language, password_is_first
        user.branch = Branch.objects.get_or_create(code=branch, defaults={"name": branch})[0] if branch else None
        user.supervisor = by_name(supervisor) if supervisor else None
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise WeakPassword(problems=error.messages) from None
        user.set_password(password)
        user.save()
        audit.record("users", "base.user.added", f"user:{username}", by=by, data={"roles": list(roles)})
        return user


def require_roles(roles: Sequence[str]) -> None:
    """Raises UnknownRole for one that today's policy does not have, or that only the server's own operator bears."""
    known = policies.current().policy.roles
    for role in roles:
        if role not in known or role == "CONSOLE":
            raise UnknownRole(role=role)


def require_free_code(code: str, *, but: User | None = None) -> None:
    """Raises CodeTaken when somebody else who is in bears the salesperson's code."""
    others = User.objects.filter(code=code, is_active=True)
    if code and (holder := (others.exclude(pk=but.pk) if but else others).first()):
        raise CodeTaken(number=code, who=holder.username)


def by_name(username: str) -> User:
    """The person with this user name.

    Raises:
        Unknown
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Unknown(what="user", number=username)
    return user


def new_token(username: str, *, days: int, label: str, by: User) -> tuple[str, Token]:
    """Make a key for a person; returned once, kept as a fingerprint only.

    Raises:
        Unknown, Refused (for others without the right to manage users), BadDays.
    """
    user = by_name(username)
    if user.pk != by.pk:
        rights.require(by, "admin.users")
    secret, now = secrets.token_urlsafe(32), clock.now()
    expires_at = _last_moment(now, days)
    with atomic():
        token = Token.objects.create(
            user=user,
            digest=_fingerprint(secret),
            label=label or "command line",
            created_at=now,
            expires_at=expires_at,
        )
        data = {"expires_at": token.expires_at.isoformat()}
        audit.record("users", "base.token.made", f"user:{username}", by=by, data=data)
        return secret, token


def _last_moment(now: datetime, days: int) -> datetime:
    if days < 0:
        raise BadDays(days=days)
    try:
        return now + timedelta(days=days)
    except OverflowError:
        raise BadDays(days=days) from None


def _fingerprint(secret: str) -> str:
    # surrogateescape: what a shell or a header hands over need not be UTF-8, and is then simply nobody's key
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def owner_of(secret: str) -> User:
    """Whose key this is.

    Raises:
        BadToken
    """
    return token_of(secret).user


def token_of(secret: str) -> Token:
    """The key itself, with whoever owns it.

    Raises:
        BadToken
    """
    opens = Token.objects.select_related("user").filter(ended_at=None, expires_at__gt=clock.now())
    token = opens.filter(digest=_fingerprint(secret)).first()
    if token is None or not token.user.is_active:
        raise BadToken
    return token


def tokens_for(by: User) -> QuerySet[Token]:
    """The keys a person may see and end, newest first: their own, everybody's for those who manage users."""
    keys = Token.objects.select_related("user").order_by("-created_at", "-pk")
    return keys if rights.may(by, "admin.users") else keys.filter(user=by)


def end_token(number: int, *, by: User) -> Token:
    """End a key before its time; from then on it opens nothing.  The row stays, and so does its line in the trail.

    Raises:
        Unknown (not there, or not this person's to see), WrongState (it has ended already).
    """
    with atomic():
        token = tokens_for(by).filter(pk=number).first()
        if token is None:
            raise Unknown(what="token", number=number)
        now = clock.now()
        # Asked and written in one statement: of two who end it at once, one is told that it has ended.
        if not Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=now):
            raise WrongState(what="token", number=number, state="ENDED")
        token.ended_at = now
        subject = f"user:{token.user.username}"
        audit.record("users", "base.token.ended", subject, by=by, data={"token": token.pk, "label": token.label})
        return token
