"""The signed policy: which version is in force on a day, and how a new one comes into force.

One person proposes, another (whoever the policy in force lets sign, the general manager) signs.  The version shipped
with the product is in force from always, marked *shipped, unsigned*, until somebody signs one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from xinheng.base import audit, clock, policy_problems, sql
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, SamePerson, Unknown, WrongState
from xinheng.base.models import PolicyVersion, User
from xinheng.base.once import once
from xinheng.base.reasons import stated
from xinheng.rules import policy as rulebook


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy with its version; ``signed`` is False for the shipped one."""

    version: int
    signed: bool
    policy: rulebook.Policy


class BadPolicy(BadInput):
    """The document breaks its schema.  params: problems, a line each."""

    code = "BAD_POLICY"


@lru_cache(maxsize=64)
def parsed(document: str, version: int = 0, signed_by: str | None = None) -> rulebook.Policy:
    """The policy of a TOML document.

    Raises:
        BadPolicy: with every problem found.
    """
    try:
        return rulebook.load(document, version=str(version), signed_by=signed_by)
    except rulebook.PolicyError as refused:
        raise BadPolicy(problems=policy_problems.listed(refused.problems)) from None


@dataclass(frozen=True, slots=True)
class Here:
    """What every action asks first: the business date, and which policy versions are in force from when."""

    today: date
    versions: tuple[tuple[int, date | None, str, str | None], ...]

    def in_force(self, on: date) -> InForce:
        """The latest version signed with an effective date on or before the day; else the shipped one.

        Raises:
            Unknown: before ``init``.
        """
        begun = [row for row in self.versions if row[1] is None or row[1] <= on]
        if not begun:
            raise Unknown(what="policy", number=str(on))
        # The shipped version has no effective date: it holds from always, so it comes last.
        version, _, proposed_at, signer = max(begun, key=lambda row: (row[1] or date.min, row[0]))
        return InForce(version, signer is not None, _of_version(version, proposed_at, signer))

    @property
    def current(self) -> InForce:
        """The policy in force today."""
        return self.in_force(self.today)

    @property
    def latest(self) -> InForce:
        """The one that will hold when everything signed so far has begun: a draft is written against it."""
        return self.in_force(date.max)


def here() -> Here:
    """The business date and the versions, in one round trip; a document itself is read once a version."""
    return once("here", _read_here)


def _read_here() -> Here:
    batch = sql.Batch()
    ask(batch)
    return heard(batch.run())


def ask(batch: sql.Batch) -> None:
    """Ask in somebody's batch what ``here`` reads; ``heard`` understands the answers."""
    batch.add("SELECT business_date, time_zone FROM base_company")
    batch.add(
        "SELECT p.version, p.effective_from, p.proposed_at, u.username FROM base_policyversion p "
        "LEFT JOIN base_user u ON u.id = p.signed_by_id WHERE p.status IN ('SHIPPED', 'SIGNED')"
    )


def heard(answers: Sequence[Sequence[tuple]]) -> Here:
    """What the statements of ``ask`` brought."""
    companies, versions = answers
    rows = tuple((version, sql.as_date(since), str(at), signer) for version, since, at, signer in versions)
    return Here(clock.date_of(companies), rows)


def current() -> InForce:
    """The policy in force on the business date."""
    return here().current


def in_force(on: date) -> InForce:
    """The policy in force on a day."""
    return here().in_force(on)


@lru_cache(maxsize=64)
def _of_version(version: int, _proposed_at: str, signer: str | None) -> rulebook.Policy:
    """A version never changes once it is written; the moment tells apart the versions of different books."""
    return parsed(by_version(version).document, version, signer)


def by_version(version: int) -> PolicyVersion:
    """One version.

    Raises:
        Unknown
    """
    row = PolicyVersion.objects.filter(version=version).first()
    if row is None:
        raise Unknown(what="policy", number=str(version))
    return row


def install_shipped() -> None:
    """Keep the shipped policy as version 1; does nothing when it is there."""
    PolicyVersion.objects.get_or_create(
        version=1,
        defaults={
            "status": PolicyVersion.Status.SHIPPED,
            "document": rulebook.SHIPPED,
            "proposed_at": clock.now(),
        },
    )


def propose(
    document: str, *, by: User, effective_from: date, note: str = "", based_on: int | None = None
) -> PolicyVersion:
    """Put a new version forward; ``based_on`` is the version it was written against, by default the latest one.

    Raises:
        BadPolicy, Refused.
    """
    from xinheng.base import rights

    rights.require(by, "policy.propose")
    parsed(document)
    with atomic(durable=False):
        audit.record("policy", "base.policy.proposed", "policy", by=by, data={"effective_from": str(effective_from)})
        return PolicyVersion.objects.create(
            version=newest() + 1,
            status=PolicyVersion.Status.PROPOSED,
            document=document,
            effective_from=effective_from,
            note=note,
            proposed_by=by,
            proposed_at=clock.now(),
            based_on=based_on or here().latest.version,
        )


def newest() -> int:
    """The highest version there is, whatever became of it."""
    return PolicyVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0


def sign(version: int, *, by: User) -> PolicyVersion:
    """Bring a proposed version into force from its effective date.

    Raises:
        Unknown, Refused, WrongState (not proposed), SamePerson (whoever proposed it).
    """
    from xinheng.base import rights

    rights.require(by, "policy.sign")
    with atomic():
        audit.record("policy", "base.policy.signed", f"policy:{version}", by=by)
        row = _proposed(version)
        if row.proposed_by_id == by.pk:
            raise SamePerson(what="policy", number=str(version))
        row.status, row.signed_by, row.signed_at = PolicyVersion.Status.SIGNED, by, clock.now()
        row.save()
        return row


def withdraw(version: int, *, by: User, reason: str) -> PolicyVersion:
    """Take a proposal off the table: whoever made it, or whoever could have signed it.

    Raises:
        Unknown, Refused, WrongState (not proposed), ReasonMissing.
    """
    from xinheng.base import rights

    said = stated(reason)
    if by_version(version).proposed_by_id != by.pk:
        rights.require(by, "policy.sign")
    with atomic():
        audit.record("policy", "base.policy.withdrawn", f"policy:{version}", by=by, data={"reason": said})
        row = _proposed(version)
        row.status, row.withdrawn_by, row.withdrawn_at = PolicyVersion.Status.WITHDRAWN, by, clock.now()
        row.withdrawn_note = said
        row.save()
        return row


def _proposed(version: int) -> PolicyVersion:
    """A version that still waits for its signature; the audit line before has taken the policy's own lock."""
    row = by_version(version)
    if row.status != PolicyVersion.Status.PROPOSED:
        raise WrongState(what="policy", number=str(version), state=row.status)
    return row
