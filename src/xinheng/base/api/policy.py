"""The signed policy over HTTP: read, checked, compared, proposed by one person and signed by another."""

from typing import Annotated, Any, TypedDict

from django.http import HttpRequest
from pydantic import Field, StringConstraints

from xinheng.base import policies, policy_problems, shapes
from xinheng.base.api.keys import caller
from xinheng.base.api.kinds import Day, Nothing, Stated, Words
from xinheng.base.api.pages import Page, page
from xinheng.base.api.rooms import Cursor, Limit, Room
from xinheng.base.models import PolicyVersion
from xinheng.base.shapes import DifferenceShape, PolicyRowShape, PolicyShape
from xinheng.base.stated import read_date
from xinheng.rules import policy as rulebook

room = Room("Policy 信用政策")
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Toml = Annotated[str, StringConstraints(max_length=500_000, pattern=r"^[^\x00]*$")]


class Draft(Stated):
    """A policy document (TOML)."""

    document: Toml


class Proposal(Draft):
    """A new version, the day from which it is to hold, and what it changes and why."""

    effective_from: Day | None = None
    note: Words = ""


class MistakeShape(TypedDict):
    """One mistake of a document: where, what stands there, what was expected, and that in words."""

    path: str
    value: str
    code: str
    expected: str
    said: str


class CheckedShape(TypedDict):
    """The mistakes of a document."""

    problems: list[MistakeShape]


@room.read("/policy", PolicyShape, right="policy.view")
def show_policy_in_force(request: HttpRequest) -> Any:
    """The policy in force."""
    return shapes.policy_shape(policies.by_version(policies.current().version))


@room.read("/policy/versions", Page[PolicyRowShape], right="policy.view")
def list_policy_versions(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """All versions, the newest first."""
    return page(PolicyVersion.objects.all(), shapes.policy_row_shape, cursor=cursor, limit=limit)


@room.read("/policy/versions/{version}", PolicyShape, right="policy.view")
def show_policy_version(request: HttpRequest, version: Version) -> Any:
    """One version with every value spelled out."""
    return shapes.policy_shape(policies.by_version(version))


@room.read("/policy/differences", list[DifferenceShape], right="policy.view")
def compare_policies(request: HttpRequest, first: Version, second: Version) -> Any:
    """What two versions say differently."""
    return shapes.differences(first, second)


@room.write("/policy/checks", CheckedShape, right="policy.view")
def check_policy(request: HttpRequest, body: Draft) -> Any:
    """Look for mistakes in a document; nothing is kept."""
    return {"problems": [policy_problems.as_json(one) for one in rulebook.problems(body.document)]}


@room.write("/policy/versions", PolicyRowShape, right="policy.propose", makes=True)
def propose_policy(request: HttpRequest, body: Proposal) -> Any:
    """Put a new version forward."""
    since = read_date(body.effective_from)
    made = policies.propose(body.document, by=caller(request), effective_from=since, note=body.note)
    return shapes.policy_row_shape(made)


@room.write("/policy/versions/{version}/signatures", PolicyRowShape, right="policy.sign")
def sign_policy(request: HttpRequest, version: Version, body: Nothing) -> Any:
    """Bring a proposed version into force; whoever proposed it does not sign it."""
    return shapes.policy_row_shape(policies.sign(version, by=caller(request)))
