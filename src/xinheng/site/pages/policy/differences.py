"""Two documents side by side as somebody who signs reads them: section, rule, what it said, what it says, its source.

Lists of people and rights tell what came and what went; everything else its value before and after.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xinheng.base.policy_drafts import HEADER, Plain
from xinheng.rules.policy import Policy
from xinheng.rules.policy.business_kinds import Amounts
from xinheng.rules.policy.kinds import Choice, Kind, Listing, Table, Text
from xinheng.rules.policy.knobs import Knob, Record, knobs
from xinheng.site.pages.policy import words

#: The sections of the policy, in their order.
SECTIONS: dict[str, Knob] = {one.name: one for one in knobs(Policy) if one.name not in HEADER}


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that says something else; of a list, what came and what went."""

    section: str
    path: str
    rule: str
    before: str
    after: str
    source: str
    came: tuple[str, ...] = field(default=())
    went: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _At:
    """Where a comparison has got to, and by which roles each side names people."""

    section: str
    path: str
    labels: tuple[str, ...]
    source: str
    old_roles: Mapping[str, Any]
    new_roles: Mapping[str, Any]

    def down(self, step: str, label: str, source: str = "") -> "_At":
        path = f"{self.path}.{step}"
        return _At(self.section, path, (*self.labels, label), source or self.source, self.old_roles, self.new_roles)


def differences(old: Plain, new: Plain) -> list[Difference]:
    """What two documents say differently, in the order of the policy; who they are and since when left aside."""
    return [one for name in SECTIONS for one in of_section(name, old, new)]


def of_section(name: str, old: Plain, new: Plain) -> list[Difference]:
    """What one section says differently."""
    knob = SECTIONS[name]
    at = _At(name, name, (), knob.source, _roles(old), _roles(new))
    return list(_compared(knob.kind, old.get(name), new.get(name), at))


def _roles(document: Plain) -> Mapping[str, Any]:
    roles = document.get("roles")
    return roles if isinstance(roles, dict) else {}


def _compared(kind: Kind, old: Any, new: Any, at: _At) -> Iterator[Difference]:
    if old == new:
        return
    both = isinstance(old, dict) and isinstance(new, dict)
    if isinstance(kind, Record) and both:
        for one in knobs(kind.of):
            down = at.down(one.name, words.label(one), one.source)
            yield from _compared(one.kind, old.get(one.name), new.get(one.name), down)
    elif isinstance(kind, Table) and both:
        for key in dict.fromkeys([*old, *new]):
            down = at.down(key, _row_name(kind, key, at))
            yield from _compared(kind.of, old.get(key), new.get(key), down)
    else:
        yield _told(kind, old, new, at)


def _row_name(kind: Table, key: str, at: _At) -> str:
    if at.section == "roles":
        return words.role(key, at.new_roles if key in at.new_roles else at.old_roles)
    return words.key_name(kind, key)


def _told(kind: Kind, old: Any, new: Any, at: _At) -> Difference:
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    if (
        isinstance(kind, Listing)
        and isinstance(kind.of, Choice | Text)
        and isinstance(old, list)
        and isinstance(new, list)
    ):
        came = tuple(words.say(kind.of, one, at.new_roles) for one in new if one not in old)
        went = tuple(words.say(kind.of, one, at.old_roles) for one in old if one not in new)
    before, after = _said(kind, old, at.old_roles), _said(kind, new, at.new_roles)
    rule = " › ".join(at.labels) or words.label(SECTIONS[at.section])
    return Difference(at.section, at.path, rule, before, after, at.source, came, went)


def _said(kind: Kind, value: Any, roles: Mapping[str, Any]) -> str:
    """A value; a dash where the whole row is not there."""
    return "—" if value is None and not isinstance(kind, Amounts) else words.say(kind, value, roles)
