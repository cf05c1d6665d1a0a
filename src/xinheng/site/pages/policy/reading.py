"""The policy to read: the one in force, its sections rule by rule, every version there was, any two compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base import clock, formats, policies, policy_drafts
from xinheng.base.errors import Unknown
from xinheng.base.models import PolicyVersion
from xinheng.base.policy_drafts import Plain
from xinheng.base.screens import needs
from xinheng.rules.policy import Role
from xinheng.rules.policy.kinds import Kind, Listing, Table
from xinheng.rules.policy.knobs import Record, knobs
from xinheng.site.pages.policy import words
from xinheng.site.pages.policy.differences import SECTIONS, differences

Status = PolicyVersion.Status
ACTIVE = "settings:opening"
TONES = {Status.SHIPPED: "watch", Status.PROPOSED: "watch", Status.SIGNED: "normal", Status.WITHDRAWN: "closed"}
#: What says whose customers a role sees.
SCOPE = next(one.words for one in knobs(Role) if one.name == "scope")
#: So many rules of a section stand on the first page.
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is read: its value in a phrase, or its parts with a name each."""

    label: str
    help: str
    source: str
    covers: Sequence[str]
    value: str = ""
    parts: Sequence[tuple[str, str]] = field(default=())


def rules_of(section: str, document: Plain) -> list[Rule]:
    """The rules of a section in words."""
    knob = SECTIONS[section]
    roles, stated = document.get("roles") or {}, document[section]
    if isinstance(knob.kind, Table):
        inner, source = knob.kind.of, knob.source
        return [
            Rule(words.role(key, roles), "", source, (), parts=_parts(inner, one, roles)) for key, one in stated.items()
        ]
    assert isinstance(knob.kind, Record)  # noqa: S101 - for the type checker
    found = []
    for one in knobs(knob.kind.of):
        value, (label, help_) = stated[one.name], words.words(one.words)
        parts = _parts(one.kind, value, roles) if value else ()
        said = "" if parts else words.say(one.kind, value, roles)
        found.append(Rule(label, help_, one.source or knob.source, one.covers, said, parts))
    return found


def _parts(kind: Kind, value: Any, roles: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    if isinstance(kind, Record):
        return [(words.label(one), words.say(one.kind, value[one.name], roles)) for one in knobs(kind.of)]
    if isinstance(kind, Table):
        return [(words.key_name(kind, key), words.say(kind.of, one, roles)) for key, one in value.items()]
    if isinstance(kind, Listing) and isinstance(kind.of, Record):
        return [(str(at), words.say(kind.of, one, roles)) for at, one in enumerate(value, 1)]
    return ()


def _short(rule: Rule) -> Rule:
    """A rule as the first page tells it; of a role, whose customers it sees."""
    scope = dict(rule.parts).get(words.words(SCOPE)[0])
    return replace(rule, value=scope, parts=()) if scope else rule


def said(row: PolicyVersion) -> str:
    """A version in a sentence: since when it holds and who signed it, or what became of it."""
    about = {"version": row.version, "day": formats.day(row.effective_from), "who": _name(row.signed_by)}
    if row.status == Status.SHIPPED:
        return _("The policy that ships with the product; nobody has signed it.")
    if row.status == Status.PROPOSED:
        about["who"] = _name(row.proposed_by)
        return _("%(who)s proposes that it holds from %(day)s; it waits for a signature.") % about
    if row.status == Status.WITHDRAWN:
        about["who"] = _name(row.withdrawn_by)
        return _("Withdrawn by %(who)s; it never came into force.") % about
    if row.effective_from and row.effective_from > clock.business_date():
        return _("Signed by %(who)s; it will hold from %(day)s.") % about
    if row.version != policies.current().version:
        return _("Signed by %(who)s; it held from %(day)s until another took its place.") % about
    return _("Signed by %(who)s; it holds since %(day)s.") % about


def _name(person: Any) -> str:
    from xinheng.base import names

    return names.of(person, formats.language()) or formats.MISSING


def versions() -> QuerySet[PolicyVersion]:
    """All of them with the people who stand on them, the newest first."""
    return PolicyVersion.objects.select_related("proposed_by", "signed_by", "withdrawn_by")


def version_of(number: int) -> PolicyVersion:
    """One version.

    Raises:
        Unknown
    """
    found = versions().filter(version=number).first()
    if found is None:
        raise Unknown(what="policy", number=str(number))
    return found


@needs("policy.view")
def in_force(request: HttpRequest) -> HttpResponse:
    """What holds now, what waits for a signature, and where the reader's own draft stands."""
    now = version_of(policies.current().version)
    document = policy_drafts.plain(now.version)
    sections = [
        (
            name,
            *words.words(knob.words),
            knob.source,
            [_short(one) for one in rules[:_FIRST]],
            max(0, len(rules) - _FIRST),
        )
        for name, knob in SECTIONS.items()
        for rules in [rules_of(name, document)]
    ]
    draft = policy_drafts.of(request.user)  # type: ignore[arg-type]
    context = {
        "active": ACTIVE,
        "version": now,
        "said": said(now),
        "sections": sections,
        "waiting": [(one, said(one)) for one in versions().filter(status=Status.PROPOSED)],
        "coming": [
            (one, said(one))
            for one in versions().filter(status=Status.SIGNED, effective_from__gt=clock.business_date())
        ],
        "draft": draft,
        "tone": TONES[Status(now.status)],
    }
    return render(request, "policy/in_force.html", context)


@needs("policy.view")
def section(request: HttpRequest, name: str) -> HttpResponse:
    """One section of the policy in force, rule by rule, with its source."""
    if name not in SECTIONS:
        raise Unknown(what="page", number=name)
    number = request.GET.get("version", "")
    row = version_of(int(number[:9]) if number.isdecimal() else policies.current().version)
    label, help_ = words.words(SECTIONS[name].words)
    context = {
        "active": ACTIVE,
        "version": row,
        "said": said(row),
        "name": name,
        "label": label,
        "help": help_,
        "rules": rules_of(name, policy_drafts.plain(row.version)),
        "sections": [(one, words.label(knob)) for one, knob in SECTIONS.items()],
        "in_force": row.version == policies.current().version,
    }
    return render(request, "policy/section.html", context)


@needs("policy.view")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version beside another: what it changes, who stands on it, and what may be done with it."""
    row = version_of(number)
    asked = request.GET.get("against", "")
    usual = _against(row)
    other = int(asked[:9]) if asked.isdecimal() else usual
    if other is not None:
        version_of(other)
    changed = differences(policy_drafts.plain(other), policy_drafts.plain(number)) if other else []
    held = request.powers.rights  # type: ignore[attr-defined]
    mine = row.proposed_by_id == request.user.pk
    open_ = row.status == Status.PROPOSED
    latest = policies.here().latest.version
    context = {
        "active": ACTIVE,
        "version": row,
        "said": said(row),
        "tone": TONES[Status(row.status)],
        "against": other,
        "others": [(one.version, Status(one.status).label) for one in versions() if one.version != number],
        "differences": grouped(changed),
        "count": len(changed),
        "signs": open_ and "policy.sign" in held and not mine,
        "mine": mine,
        "signers": rights_holders() if open_ else [],
        "withdraws": open_ and (mine or "policy.sign" in held),
        "moved": latest if open_ and row.based_on != latest else None,
        "sections": [(one, words.label(knob)) for one, knob in SECTIONS.items()],
    }
    return render(request, "policy/version.html", context)


def rights_holders() -> list[str]:
    """The roles that sign a policy, by name."""
    from xinheng.base import names, rights

    return [names.role(code, formats.language()) for code in rights.holders("policy.sign")]


def _against(row: PolicyVersion) -> int | None:
    """What a version is compared with when nobody says: for a proposal what holds or will, else what it came after."""
    if row.status == Status.PROPOSED:
        return policies.here().latest.version
    if row.based_on:
        return row.based_on
    earlier = versions().filter(version__lt=row.version, status__in=(Status.SHIPPED, Status.SIGNED)).first()
    return earlier.version if earlier else None


def grouped(changed: Sequence[Any]) -> list[tuple[str, str, list[Any]]]:
    """Differences by section: its code, its name, its rows."""
    found: dict[str, list[Any]] = {}
    for one in changed:
        found.setdefault(one.section, []).append(one)
    return [(name, words.label(SECTIONS[name]), rows) for name, rows in found.items()]


def count_said(count: int) -> str:
    """How many rules say something else."""
    from django.utils.translation import ngettext

    if not count:
        return pgettext("policy", "Nothing is different.")
    return ngettext("%(count)s rule is different.", "%(count)s rules are different.", count) % {"count": count}
