# ruff: noqa: RUF009 - knob() is dataclasses.field() with a description, nothing is shared
"""The policy as one document: read with all its mistakes, written back in full, compared field by field.

信用政策必须是总经理签发 (LM-001): what is signed is this document, with every value spelled out, a version and the day
from which it holds.  Who signed it is not written in the document, where anybody could write it, but handed in by
whoever keeps the signatures; a policy without one is the shipped, unsigned one.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xinheng.rules.errors import RuleError
from xinheng.rules.policy.checking import CheckPointRules, ShadowRules
from xinheng.rules.policy.kinds import Day, Kind, Listing, Problem, ProblemCode, Reading, Table, Text
from xinheng.rules.policy.knobs import Knob, Record, knob, knobs
from xinheng.rules.policy.rights import Role
from xinheng.rules.policy.sections import (
    ApiRules,
    BusinessRules,
    ExposureRules,
    GradeRules,
    GroupRules,
    HoldRules,
    InstrumentRules,
    LimitRules,
    MatchingRules,
    OverdueRules,
    TermRules,
)
from xinheng.rules.policy.signing import BreachRules, NoticeRules, ReleaseRules


@dataclass(frozen=True)
class Policy:
    """One version of the credit policy; ``effective_from`` None means from always, ``signed_by`` None unsigned."""

    version: str = knob(Text(), ("版本", "version", "政策版本号。", "The version of the policy."), "篇7", "LM-001")
    effective_from: date | None = knob(
        Day(),
        ("生效日", "effective from", "自哪一天起生效;always 为始终。", "The day from which it holds."),
        "篇7",
        "LM-001",
    )
    exposure: ExposureRules = knob(
        Record(ExposureRules),
        ("信用占用", "exposure", "哪些金额计入占用。", "What counts as exposure."),
        "篇7",
        "LM-003",
    )
    check_points: CheckPointRules = knob(
        Record(CheckPointRules),
        ("检查环节", "check points", "各规则在各环节的效力。", "What each rule does at each moment."),
        "篇3 篇7",
        "OC-001 OC-002 OC-007",
    )
    shadow: ShadowRules = knob(
        Record(ShadowRules), ("影子运行", "shadow mode", "哪里只观察、不拦截。", "Where the check watches only.")
    )
    limit: LimitRules = knob(
        Record(LimitRules), ("额度", "limit", "额度的临界提醒。", "The watch zone below the limit."), "篇7", "LM-003"
    )
    overdue: OverdueRules = knob(
        Record(OverdueRules), ("超期", "overdue", "何时算超期。", "When debt counts as overdue."), "篇7", "OC-001"
    )
    terms: TermRules = knob(
        Record(TermRules), ("账期", "terms", "最长信用期限。", "The longest terms."), "篇7", "LM-008"
    )
    instruments: InstrumentRules = knob(
        Record(InstrumentRules),
        ("支付方式", "means of payment", "可接受的支付方式。", "What is accepted."),
        "篇7",
        "LM-011",
    )
    holds: HoldRules = knob(
        Record(HoldRules), ("冻结", "holds", "各类冻结的范围。", "What each kind of hold stops."), "篇7", "OC-013"
    )
    group: GroupRules = knob(
        Record(GroupRules), ("集团", "group", "成员逾期对集团的影响。", "What one member means to the others."), "篇7"
    )
    breach: BreachRules = knob(
        Record(BreachRules), ("违约", "breach", "欠款超额度或超期后的处理。", "What follows a breach."), "篇7", "OC-010"
    )
    release: ReleaseRules = knob(
        Record(ReleaseRules), ("放行", "release", "谁可以放行。", "Who may release."), "篇7", "LM-002 OC-011"
    )
    notices: NoticeRules = knob(
        Record(NoticeRules),
        ("通知", "notices", "哪些情况通知谁。", "Who is told of what."),
        "篇7",
        "OC-008 OC-013",
    )
    grades: GradeRules = knob(
        Record(GradeRules), ("等级", "grades", "信用等级的约束。", "What grades bind."), "篇7 篇8", "LM-009"
    )
    matching: MatchingRules = knob(
        Record(MatchingRules), ("单据关联", "matching", "未注明来源的单据。", "Documents that name no predecessor.")
    )
    business: BusinessRules = knob(
        Record(BusinessRules), ("业务习惯", "habits", "账龄分段等。", "Ageing bounds and the like."), "篇7"
    )
    api: ApiRules = knob(
        Record(ApiRules),
        ("接口", "API", "其他系统经接口访问的约束。", "What other systems may ask of the API."),
    )
    roles: Mapping[str, Role] = knob(
        Table(Record(Role)),
        ("角色", "roles", "角色、权限和数据范围。", "Roles, their rights and scope."),
        "篇7",
        "OC-012",
    )
    signed_by: str | None = None

    @property
    def signed(self) -> bool:
        """Whether somebody signed this version; decisions under another one say *shipped, unsigned*."""
        return self.signed_by is not None


_DOCUMENT = Record(Policy)
#: A policy under which nobody holds these could never be changed again.
NEVER_WITHOUT = ("policy.propose", "policy.sign", "admin.users")


class PolicyError(RuleError):
    """A policy document with mistakes: ``problems`` holds all of them.  params: problems (as one text)."""

    code = "POLICY_INVALID"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems="; ".join(f"{one.path}: {one.code} {one.value}" for one in problems))


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two policies; a value that stands on one side only is None on the other."""

    section: str
    field: str
    old: object
    new: object


def load(
    document: str | Mapping[str, Any],
    *,
    base: Policy | None = None,
    version: str | None = None,
    signed_by: str | None = None,
) -> Policy:
    """The policy of a TOML text or of a mapping as ``dump`` makes it.

    ``base`` supplies the fields the document leaves out (tables under codes, such as roles, are taken whole); without
    it every field has to be there.  ``version`` overrides the document's own.  Raises PolicyError with all problems.
    """
    raw = _plain(document)
    reading = Reading()
    if isinstance(raw, Problem):
        raise PolicyError((raw,))
    if version is not None:
        raw = {**raw, "version": version}
    stated = {name: value for name, value in raw.items() if name != "signed_by"}
    if len(stated) != len(raw):
        reading.refuse("signed_by", raw["signed_by"], ProblemCode.UNKNOWN_FIELD)
    policy: Any = _DOCUMENT.read(stated, "", reading, base)
    if not reading.problems:
        _cross_check(policy, reading)
    if reading.problems:
        raise PolicyError(tuple(replace(one, path=one.path.lstrip(".")) for one in reading.problems))
    loaded: Policy = replace(policy, signed_by=signed_by)
    return loaded


def problems(document: str | Mapping[str, Any], *, base: Policy | None = None) -> tuple[Problem, ...]:
    """All mistakes of a document, none if it can be loaded."""
    try:
        load(document, base=base)
    except PolicyError as refused:
        return refused.problems
    return ()


def dump(policy: Policy) -> dict[str, Any]:
    """The policy as a mapping of plain values with every field, fit for TOML and JSON; not who signed it."""
    plain: dict[str, Any] = _DOCUMENT.write(policy)
    return plain


def diff(old: Policy, new: Policy) -> list[Change]:
    """Every field that differs, in the order of the document; ``field`` is a dotted path inside the section."""
    before, after = dict(_leaves(dump(old))), dict(_leaves(dump(new)))
    paths = dict.fromkeys([*before, *after])
    return [
        Change(path[0], ".".join(path[1:]), before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def sections() -> list[tuple[Knob, tuple[Knob, ...]]]:
    """Every section with the fields a form shows; a table of records lists the fields of one record."""
    return [(one, tuple(_inside(one.kind))) for one in knobs(Policy)]


def _inside(kind: Kind) -> Iterator[Knob]:
    if isinstance(kind, Table | Listing):
        kind = kind.of
    if isinstance(kind, Record):
        yield from knobs(kind.of)


def _plain(document: str | Mapping[str, Any]) -> Mapping[str, Any] | Problem:
    if isinstance(document, str):
        try:
            return tomllib.loads(document)
        except (ValueError, RecursionError) as error:  # not TOML, a number of thousands of digits, a thousand brackets
            return Problem("", str(error)[:200], ProblemCode.NOT_TOML)
    return document


def _leaves(plain: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in plain.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _cross_check(policy: Policy, reading: Reading) -> None:
    """What no single field can see: whoever signs or is told must be a role, the grade of the unrated be bound, and
    somebody must be left who can change the policy again."""
    release = policy.release
    rules = {
        "release.special_sale": release.special_sale,
        "release.keep_credit_despite_breach": release.keep_credit_despite_breach,
        "release.revoke_credit": release.revoke_credit,
        **{f"release.tiers[{index}].signers": tier.signers for index, tier in enumerate(release.tiers)},
    }
    named = {f"{at}.roles": rule.roles for at, rule in rules.items()}
    named |= {f"notices.told.{kind}": roles for kind, roles in policy.notices.told.items()}
    for at, roles in named.items():
        for role in roles:
            if role not in policy.roles:
                reading.refuse(at, role, ProblemCode.UNKNOWN_ROLE, " | ".join(policy.roles))
    for right in NEVER_WITHOUT:
        if not any(role.allows(right) for role in policy.roles.values()):
            reading.refuse("roles", right, ProblemCode.NOBODY_MAY)
    unrated = policy.grades.without_rating
    if unrated and unrated not in policy.grades.bindings:
        reading.refuse("grades.without_rating", unrated, ProblemCode.UNKNOWN_GRADE, " | ".join(policy.grades.bindings))
