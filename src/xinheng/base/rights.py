"""Who may do what: a person's roles, read through the signed policy of the day.

A right is a word like ``orders.release``; a role is a set of rights and a scope (own customers, the team's, the
branch's, everybody's).  Neither is a constant in code (architecture.md, idea 3).
"""

from collections.abc import Collection
from dataclasses import dataclass

from xinheng.base import policies
from xinheng.base.errors import Refused, SamePerson
from xinheng.base.models import User
from xinheng.rules.policy import RIGHTS, Policy

#: From the narrowest view to the widest.
SCOPES = ("OWN", "TEAM", "BRANCH", "ALL")


@dataclass(frozen=True, slots=True)
class Powers:
    """What one person may do today, and whose customers they see."""

    rights: frozenset[str]
    scope: str


def powers(user: User, policy: Policy | None = None) -> Powers:
    """The union of the rights of all roles of a user, with the widest scope among them, under today's policy."""
    if not user.is_active:
        return Powers(frozenset(), "OWN")
    roles = (policy or policies.current().policy).roles
    held = [roles[code] for code in user.roles if code in roles]
    rights = frozenset(right for right in RIGHTS for role in held if role.allows(right))
    scope = max((str(role.scope) for role in held), key=SCOPES.index, default="OWN")
    return Powers(rights, scope)


def may(user: User, right: str, policy: Policy | None = None) -> bool:
    """Whether the person holds the right: one of their roles carries it."""
    if not user.is_active or right not in RIGHTS:
        return False
    roles = (policy or policies.current().policy).roles
    return any(code in roles and roles[code].allows(right) for code in user.roles)


def require(user: User, right: str, policy: Policy | None = None) -> None:
    """Refuse unless the person holds the right.

    Raises:
        Refused: the right is missing; the message names it and who has it.
    """
    if not may(user, right, policy):
        raise Refused(right=right, who=", ".join(holders(right)))


def require_any(user: User, *names: str) -> None:
    """Refuse unless the person holds at least one of these rights.

    Raises:
        Refused: it names the first of them.
    """
    if not any(may(user, name) for name in names):
        raise Refused(right=names[0], who=", ".join(holders(names[0])))


def holders(right: str) -> list[str]:
    """The role codes that carry a right."""
    return [code for code, role in policies.current().policy.roles.items() if role.allows(right)]


def require_other_person(user: User, others: Collection[int | None], *, what: str, number: str) -> None:
    """Refuse somebody who already stands on the other side of the document, whatever their roles.

    Raises:
        SamePerson
    """
    if user.pk in others:
        raise SamePerson(what=what, number=number)
