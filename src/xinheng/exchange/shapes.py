"""Batches and saved mappings as every door writes them."""

from typing import TypedDict

from xinheng.base.models import Batch
from xinheng.exchange.models import SavedMapping


class BatchShape(TypedDict):
    """One imported file."""

    batch: int
    kind: str
    file: str
    accepted: int
    updated: int
    at: str
    by: str
    undone_at: str | None


class UndoneBatchShape(TypedDict):
    """A batch that was taken back."""

    batch: int
    kind: str
    undone_at: str | None


class MappingShape(TypedDict):
    """A saved mapping: field → heading."""

    kind: str
    name: str
    fields: dict[str, str]


def batch_shape(one: Batch) -> BatchShape:
    """A batch."""
    return {
        "batch": one.pk,
        "kind": one.kind,
        "file": one.file_name,
        "accepted": one.result.get("accepted", 0),
        "updated": one.result.get("updated", 0),
        "at": one.recorded_at.isoformat(),
        "by": one.recorded_by.username,
        "undone_at": one.undone_at.isoformat() if one.undone_at else None,
    }


def undone_batch_shape(done: Batch) -> UndoneBatchShape:
    """A batch that was taken back just now."""
    undone_at = done.undone_at.isoformat() if done.undone_at else None
    return {"batch": done.pk, "kind": done.kind, "undone_at": undone_at}


def mapping_shape(one: SavedMapping) -> MappingShape:
    """A saved mapping."""
    return {"kind": one.kind, "name": one.name, "fields": one.fields}
