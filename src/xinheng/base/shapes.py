"""Policy versions and jobs as every door writes them."""

from pathlib import PurePath
from typing import Any, TypedDict

from xinheng.base import policies
from xinheng.base.messages import text
from xinheng.base.models import Job, PolicyVersion
from xinheng.rules import policy as rulebook


class PolicyRowShape(TypedDict):
    """A version of the policy."""

    version: int
    status: str
    effective_from: str


class PolicyShape(TypedDict):
    """A version with its document, every value spelled out."""

    version: int
    status: str
    signed_by: str | None
    effective_from: str
    document: dict[str, Any]


class DifferenceShape(TypedDict):
    """One field in which two versions differ."""

    section: str
    field: str
    old: Any
    new: Any


class SaidShape(TypedDict):
    """A code and its words."""

    code: str
    message: str


class JobShape(TypedDict):
    """Work in the background: how far it is and what came of it; ``share`` is of 1."""

    job: int
    kind: str
    by: str
    state: str
    recorded_at: str
    started_at: str | None
    ended_at: str | None
    stage: str
    share: float | None
    attempts: int
    stop_asked: bool
    error: SaidShape | None


class JobFileShape(JobShape):
    """A job with its arguments and its result."""

    arguments: dict[str, Any]
    result: dict[str, Any] | None


def policy_row_shape(row: PolicyVersion) -> PolicyRowShape:
    """A version in short."""
    return {"version": row.version, "status": row.status, "effective_from": str(row.effective_from or "always")}


def policy_shape(row: PolicyVersion) -> dict[str, Any]:
    """A version in full."""
    signed = row.signed_by.username if row.signed_by else None
    document = rulebook.dump(policies.parsed(row.document, row.version, signed))
    about = {"version": row.version, "status": row.status, "signed_by": signed}
    return {**about, "effective_from": str(row.effective_from or "always"), "document": document}


def differences(first: int, second: int) -> list[DifferenceShape]:
    """What two versions say differently.

    Raises:
        Unknown
    """
    old, new = (policies.parsed(policies.by_version(version).document) for version in (first, second))
    found = rulebook.diff(old, new)
    return [
        {"section": one.section, "field": one.field, "old": one.old, "new": one.new}
        for one in found
        if one.section != "version"
    ]


def job_shape(job: Job) -> JobShape:
    """A job."""
    error: SaidShape | None = None
    if job.error:
        error = {"code": job.error, "message": text(job.error, job.error_params)}
    return {
        "job": job.pk,
        "kind": job.kind,
        "by": job.by.username,
        "state": job.state,
        "recorded_at": job.recorded_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
        "stage": job.stage,
        "share": round(job.done / job.of, 4) if job.of else None,
        "attempts": job.attempts,
        "stop_asked": job.stop_asked,
        "error": error,
    }


def job_file_shape(job: Job) -> dict[str, Any]:
    """A job in full."""
    arguments = dict(job.arguments)
    if "path" in arguments:
        # Where it lies here is nobody's business.
        arguments["path"] = arguments.get("options", {}).get("file_name") or PurePath(arguments["path"]).name
    return {**job_shape(job), "arguments": arguments, "result": job.result}
