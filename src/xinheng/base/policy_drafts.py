"""Drafts of the policy: what somebody is writing, with whatever mistakes it holds, until they put it forward.

A draft belongs to its author and nobody else sees it.  It is written against the latest signed version; when another
one is signed meanwhile, both sides are shown and brought together.  Beginning a draft, giving it up and proposing it
are deeds with an audit line; typing in it is typing (decision 0014).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import tomli_w

from xinheng.base import audit, clock, policies, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Unknown, XinhengError
from xinheng.base.models import PolicyDraft, PolicyVersion, User
from xinheng.rules import policy as rulebook

Plain = dict[str, Any]
#: One difference between two documents: where it is, and what stands there now (nothing when it was taken out).
Step = list[Any]
#: What a document says of itself; a draft gets both when it is proposed.
HEADER = frozenset({"version", "effective_from"})
_NOWHERE = object()


class PolicyMoved(XinhengError):
    """Somebody proposed, signed or withdrew a version meanwhile.  params: version."""

    code = "POLICY_MOVED"


def plain(version: int) -> Plain:
    """A version as plain values, every field with its value.

    Raises:
        Unknown, BadPolicy (its document is older than a field of the schema).
    """
    return rulebook.dump(policies.parsed(policies.by_version(version).document)) | {
        "version": "draft",
        "effective_from": "always",
    }


def of(by: User) -> PolicyDraft | None:
    """The person's own draft."""
    return PolicyDraft.objects.filter(author=by).first()


def document(draft: PolicyDraft) -> Plain:
    """What a draft says so far."""
    found: Plain = json.loads(draft.written)
    return found


def must_have(by: User) -> PolicyDraft:
    """The person's own draft.

    Raises:
        Unknown
    """
    found = of(by)
    if found is None:
        raise Unknown(what="draft", number=by.username)
    return found


def begin(*, by: User, like: int | None = None, said: Plain | None = None) -> PolicyDraft:
    """Begin a draft equal to a version (the latest by default) or to a document; it replaces the one there was.

    Raises:
        Refused, Unknown.
    """
    rights.require(by, "policy.propose")
    latest = policies.here().latest.version
    made = said if said is not None else plain(like or latest)
    now = clock.now()
    with atomic():
        data = {"like": like or latest} if said is None else {}
        audit.record("policy", "base.policy.draft-begun", "policy", by=by, data=data)
        words = {"based_on": latest, "written": _written(made), "begun_at": now, "changed_at": now}
        return PolicyDraft.objects.update_or_create(author=by, defaults=words)[0]


def save(section: str, values: Any, *, by: User) -> PolicyDraft:
    """Keep what was typed in a section, right or wrong.

    Raises:
        Refused, Unknown (there is no draft).
    """
    rights.require(by, "policy.propose")
    with atomic():
        draft = PolicyDraft.objects.select_for_update().filter(author=by).first()
        if draft is None:
            raise Unknown(what="draft", number=by.username)
        made = document(draft)
        if made.get(section) != values:
            draft.written, draft.changed_at = _written({**made, section: values}), clock.now()
            draft.save()
        return draft


def give_up(*, by: User) -> None:
    """Throw the draft away.

    Raises:
        Unknown
    """
    with atomic():
        audit.record("policy", "base.policy.draft-given-up", "policy", by=by)
        must_have(by).delete()


def propose(*, by: User, effective_from: date, note: str, seen: int) -> PolicyVersion:
    """Put the draft forward; it ends with that.  ``seen`` is the newest version its author knew of.

    Raises:
        Refused, Unknown, BadPolicy, PolicyMoved (look first, then propose again).
    """
    rights.require(by, "policy.propose")
    with atomic():
        draft = PolicyDraft.objects.select_for_update().filter(author=by).first() or must_have(by)
        newest = policies.newest()
        if newest != seen:
            raise PolicyMoved(version=newest)
        header = {"version": str(newest + 1), "effective_from": effective_from.isoformat()}
        written = toml({**document(draft), **header})
        made = policies.propose(written, by=by, effective_from=effective_from, note=note, based_on=draft.based_on)
        draft.delete()
        return made


def bring_together(*, by: User) -> PolicyDraft:
    """Take over what was signed since the draft was begun, wherever its author has not written something else.

    Raises:
        Refused, Unknown.
    """
    rights.require(by, "policy.propose")
    latest = policies.here().latest.version
    with atomic():
        audit.record("policy", "base.policy.draft-brought-together", "policy", by=by, data={"policy": latest})
        draft = PolicyDraft.objects.select_for_update().filter(author=by).first() or must_have(by)
        draft.written = _written(_merged(plain(draft.based_on), plain(latest), document(draft)))
        draft.based_on, draft.changed_at = latest, clock.now()
        draft.save()
        return draft


def _written(said: Plain) -> str:
    return json.dumps(said)


def _merged(before: Any, theirs: Any, mine: Any) -> Any:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        was = before if isinstance(before, dict) else {}
        keys = dict.fromkeys([*theirs, *mine])
        found = {
            key: _merged(was.get(key, _NOWHERE), theirs.get(key, _NOWHERE), mine.get(key, _NOWHERE)) for key in keys
        }
        return {key: value for key, value in found.items() if value is not _NOWHERE}
    return theirs if mine == before else mine


def toml(document: Mapping[str, Any]) -> str:
    """A document as the text that is signed."""
    return tomli_w.dumps(document)


def steps(old: Plain, new: Plain, path: tuple[str, ...] = ()) -> list[Step]:
    """What turns one document into the other: few enough to be kept with whatever was tried."""
    found: list[Step] = []
    for key in dict.fromkeys([*old, *new]):
        was, is_now, here = old.get(key, _NOWHERE), new.get(key, _NOWHERE), [*path, key]
        if isinstance(was, dict) and isinstance(is_now, dict):
            found += steps(was, is_now, tuple(here))
        elif is_now is _NOWHERE:
            found.append([here])
        elif was != is_now:
            found.append([here, is_now])
    return found


def stepped(old: Plain, changes: Iterable[Step]) -> Plain:
    """The document that ``steps`` were taken to."""
    made = _copied(old)
    for path, *value in changes:
        place = made
        for key in path[:-1]:
            place = place[key]
        if value:
            place[path[-1]] = value[0]
        else:
            place.pop(path[-1], None)
    return made


def _copied(value: Any) -> Any:
    return {key: _copied(one) for key, one in value.items()} if isinstance(value, dict) else value
