"""Who has to sign before something leaves the ordinary course.

The source lets one of three managers allow a special sale (篇7 意义, LM-002) but wants two directors together before a
customer in breach keeps its credit (篇7 五, OC-011).  A rule names roles and says whether any, all or a number of them
must sign.  Signatures are people's, not roles': whoever wears two hats still signs once, and nobody signs who stands
on the other side of the document, such as the order's own salesperson.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: A person's id and the roles that person holds.
Signature = tuple[str, Collection[str]]


class SignerKind(StrEnum):
    """ANY_OF: one person in any of the roles; ALL_OF: every role by another person; N_OF: so many different persons."""

    ANY_OF = "ANY_OF"
    ALL_OF = "ALL_OF"
    N_OF = "N_OF"


@dataclass(frozen=True, slots=True)
class SignerRule:
    """``roles`` are role codes of the policy, ``n`` counts only for N_OF."""

    kind: SignerKind
    roles: tuple[str, ...]
    n: int = 1

    @property
    def needed(self) -> int:
        """How many different persons have to sign."""
        if self.kind is SignerKind.ALL_OF:
            return len(self.roles)
        return self.n if self.kind is SignerKind.N_OF else 1


@dataclass(frozen=True, slots=True)
class Missing:
    """What a rule still waits for: so many persons, in these roles; ``persons`` are those asked who could be next."""

    count: int
    roles: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


def missing(
    rule: SignerRule,
    signatures: Iterable[Signature],
    excluded: Collection[str] = (),
    candidates: Iterable[Signature] = (),
) -> Missing:
    """What is still needed, and who of the candidates could give it with the next signature.

    Signatures of excluded persons do not count. Source: K6, OC-011, LM-002.
    """
    signed = _people(rule, signatures, excluded)
    so_far = len(_matched(rule, signed))
    if so_far >= rule.needed:
        return Missing(0)
    asked = _people(rule, candidates, {*excluded, *signed})
    persons = tuple(person for person in asked if len(_matched(rule, signed | {person: asked[person]})) > so_far)
    roles = tuple(role for role in rule.roles if len(_matched(rule, signed | {"": [role]})) > so_far)
    return Missing(rule.needed - so_far, roles, persons)


def _people(rule: SignerRule, signatures: Iterable[Signature], excluded: Collection[str]) -> dict[str, list[str]]:
    """Each person once, with those of the rule's roles that the person holds."""
    people: dict[str, list[str]] = {}
    for person, roles in signatures:
        fitting = [role for role in rule.roles if role in roles]
        if fitting and person not in excluded:
            people[person] = [*people.get(person, []), *fitting]
    return people


def _matched(rule: SignerRule, people: dict[str, list[str]]) -> Sequence[str]:
    """The persons who count together: for ALL_OF the largest pairing of persons with different roles."""
    if rule.kind is not SignerKind.ALL_OF:
        return list(people)
    holder: dict[str, str] = {}
    for person in people:
        _seat(person, people, holder, set())
    return list(holder.values())


def _seat(person: str, people: dict[str, list[str]], holder: dict[str, str], tried: set[str]) -> bool:
    """Give the person one of its roles, moving whoever sits there to another if that works."""
    for role in people[person]:
        if role not in tried:
            tried.add(role)
            if role not in holder or _seat(holder[role], people, holder, tried):
                holder[role] = person
                return True
    return False
