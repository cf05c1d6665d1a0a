"""People who are in already: what is stated of them changes, they leave and come back, and get a new password.

Nobody is deleted: whoever left still stands on what they did.  Nobody gives roles to themselves or shuts themselves
out, and the server's own operator is nobody's to change.
"""

import secrets
from typing import Any

from xinheng.base import audit, clock, rights, seats
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Unknown, WrongState, XinhengError
from xinheng.base.models import Branch, Token, User
from xinheng.base.people import by_name, require_free_code, require_roles

#: Letters and digits that nobody takes for one another when they are read out.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


class OwnSeat(XinhengError):
    """Nobody changes their own roles, or shuts themselves out.  params: number."""

    code = "OWN_SEAT"


class ConsoleStays(XinhengError):
    """The operator of the server is no person.  params: number."""

    code = "CONSOLE_STAYS"


class NoSuchLanguage(BadInput):
    """params: value."""

    code = "NO_SUCH_LANGUAGE"


LANGUAGES = ("", "zh-hans", "en")


def first_password() -> str:
    """A password to hand over, which its owner changes at once: sixteen signs in groups of four."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def change_user(username: str, *, by: User, **stated: Any) -> User:
    """Change what is stated of a person, named as ``described`` names it.

    What is not named stays; what is the same already leaves no line in the trail.

    Raises:
        Unknown (user, branch, supervisor), UnknownRole, CodeTaken, NoSuchLanguage, OwnSeat, ConsoleStays, Refused.
    """
    rights.require(by, "admin.users")
    with atomic():
        user = _somebody(username)
        before, wanted = described(user), {name: value for name, value in stated.items() if value is not None}
        after = before | wanted
        changed = sorted(name for name in wanted if before[name] != after[name])
        if "roles" in changed:
            _require_another(user, by)
            require_roles(after["roles"])
        require_free_code(after["code"], but=user)
        if after["language"] not in LANGUAGES:
            raise NoSuchLanguage(value=after["language"])
        if not changed:
            return user
        _take(user, after)
        user.save()
        kept = {side: {name: of[name] for name in changed} for side, of in (("before", before), ("after", after))}
        audit.record("users", "base.user.changed", f"user:{username}", by=by, data=kept)
        return user


def described(user: User) -> dict[str, Any]:
    """What is stated of a person, in codes."""
    return {
        "roles": list(user.roles),
        "name_zh": user.name_zh,
        "name_en": user.name_en,
        "branch": user.branch.code if user.branch else "",
        "supervisor": user.supervisor.username if user.supervisor else "",
        "code": user.code,
        "language": user.language,
    }


def _take(user: User, stated: dict[str, Any]) -> None:
    user.roles = list(stated["roles"])
    user.name_zh, user.name_en = stated["name_zh"], stated["name_en"]
    user.code, user.language = stated["code"], stated["language"]
    user.branch = _branch(stated["branch"])
    user.supervisor = by_name(stated["supervisor"]) if stated["supervisor"] else None


def _branch(code: str) -> Branch | None:
    found = Branch.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Unknown(what="branch", number=code)
    return found


def deactivate(username: str, *, by: User) -> User:
    """Shut a person out: seats are ended, keys with them; what they did stays under their name.

    Raises:
        Unknown, OwnSeat, ConsoleStays, WrongState (is out already), Refused.
    """
    rights.require(by, "admin.users")
    with atomic():
        user = _somebody(username)
        _require_another(user, by)
        if not user.is_active:
            raise WrongState(what="user", number=username, state="INACTIVE")
        user.is_active = False
        user.save()
        keys = Token.objects.filter(user=user, ended_at=None).update(ended_at=clock.now())
        audit.record("users", "base.user.deactivated", f"user:{username}", by=by, data={"keys": keys})
        seats.end_all(user)
        return user


def activate(username: str, *, by: User) -> User:
    """Let somebody in again, with the roles they had.

    Raises:
        Unknown, ConsoleStays, WrongState (is in), CodeTaken, UnknownRole, Refused.
    """
    rights.require(by, "admin.users")
    with atomic():
        user = _somebody(username)
        if user.is_active:
            raise WrongState(what="user", number=username, state="ACTIVE")
        require_free_code(user.code, but=user)
        require_roles(user.roles)
        user.is_active = True
        user.save()
        audit.record("users", "base.user.activated", f"user:{username}", by=by, data={"roles": user.roles})
        return user


def renew_password(username: str, *, by: User) -> str:
    """Give somebody a new first password, returned once; every seat they have opened ends.

    Raises:
        Unknown, ConsoleStays, WrongState (is out), Refused.
    """
    rights.require(by, "admin.users")
    with atomic():
        user = _somebody(username)
        if not user.is_active:
            raise WrongState(what="user", number=username, state="INACTIVE")
        secret = first_password()
        user.set_password(secret)
        user.password_is_first = True
        user.save()
        audit.record("users", "base.user.password-renewed", f"user:{username}", by=by)
        seats.end_all(user)
        return secret


def end_seats(username: str, *, by: User) -> int:
    """Sign a person out everywhere; how many browsers that were.  Anybody may do it to themselves.

    Raises:
        Unknown, Refused.
    """
    user = by_name(username)
    if user.pk != by.pk:
        rights.require(by, "admin.users")
    with atomic():
        number = seats.end_all(user)
        audit.record("users", "base.session.ended", f"user:{username}", by=by, data={"count": number})
        return number


def end_seat(number: int, *, by: User) -> None:
    """Sign out one browser, one's own or, with the right to manage users, anybody's.

    Raises:
        Unknown: there is none, or it is not theirs to see.
    """
    with atomic():
        seat = seats.seen_by(by).filter(pk=number).first()
        if seat is None:
            raise Unknown(what="session", number=number)
        subject = f"user:{seat.user.username}"
        seat.end()
        audit.record("users", "base.session.ended", subject, by=by, data={"count": 1})


def _somebody(username: str) -> User:
    user = by_name(username)
    if "CONSOLE" in user.roles:
        raise ConsoleStays(number=username)
    return user


def _require_another(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise OwnSeat(number=user.username)
