"""The audit trail: who did what to what, in chains that cannot be mended unnoticed.

A chain belongs to one holder of a limit (its head stands on the row that is locked anyway) or to one stream of the
house.  ``record`` must be called in the transaction of the action it tells of.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F

from xinheng.base import clock, sql
from xinheng.base.models import AuditLine, Seal, Stream, User
from xinheng.rules import chain


def record(stream: str, verb: str, subject: str, *, by: User, data: dict[str, Any] | None = None) -> AuditLine:
    """Add a line to a stream of the house (policy, users, files, settings, customers)."""
    Stream.objects.get_or_create(name=stream)
    Stream.objects.filter(name=stream).update(sequence=F("sequence") + 1)  # takes the row's lock on both engines
    head = Stream.objects.get(name=stream)
    line = make_line(
        stream, head.sequence, head.digest, verb=verb, subject=subject, by=by.pk, data=data, at=clock.now()
    )
    line.save(force_insert=True)
    Stream.objects.filter(name=stream).update(digest=line.digest)
    return line


def make_line(
    stream: str, sequence: int, previous: str, *, verb: str, subject: str, by: int, data: dict | None, at: datetime
) -> AuditLine:
    """The next line of a chain whose head is ``previous``; not saved."""
    line = AuditLine(
        stream=stream, sequence=sequence, at=at, actor_id=by, verb=verb, subject=subject, data=data or {}, digest=""
    )
    line.digest = chain.fingerprint(previous, content(line))
    return line


def insert(batch: sql.Batch, line: AuditLine) -> None:
    """Write a line as a statement of a batch."""
    batch.insert(
        "base_auditline",
        ("stream", "sequence", "at", "actor_id", "verb", "subject", "data", "digest"),
        [
            (
                line.stream,
                line.sequence,
                line.at,
                line.actor_id,
                line.verb,
                line.subject,
                json.dumps(line.data, ensure_ascii=False),
                line.digest,
            )
        ],
    )


def content(line: AuditLine) -> dict[str, object]:
    """What the fingerprint covers: everything but the fingerprint."""
    return {
        "stream": line.stream,
        "sequence": line.sequence,
        "at": line.at.isoformat(timespec="microseconds"),
        "actor": line.actor_id,
        "verb": line.verb,
        "subject": line.subject,
        "data": line.data,
    }


def differences(heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """What is wrong with the chains: a broken link, a head that is not the last line, a line without a head.

    ``heads`` maps every stream to (sequence, digest) as the locked rows hold them.
    """
    previous, stream, sequence = chain.GENESIS, None, 0
    seen: dict[str, tuple[int, str]] = {}
    broken: set[str] = set()
    for line in AuditLine.objects.order_by("stream", "sequence").iterator(chunk_size=2000):
        if line.stream != stream:
            stream, previous, sequence = line.stream, chain.GENESIS, 0
        sequence += 1
        whole = line.sequence == sequence and line.digest == chain.fingerprint(previous, content(line))
        if not whole and stream not in broken:
            broken.add(stream)
            yield f"audit chain {stream}: broken at line {line.sequence}"
        previous, sequence = line.digest, line.sequence
        seen[stream] = (line.sequence, line.digest)
    for name in heads.keys() | seen.keys():
        if heads.get(name, (0, "")) != seen.get(name, (0, "")):
            yield f"audit chain {name}: its head does not match its last line"


def seal(heads: dict[str, tuple[int, str]]) -> Seal:
    """Put all heads under one root; the root contains the root before it."""
    last = Seal.objects.order_by("-id").first()
    previous = last.root if last else ""
    flat = {name: f"{sequence}:{digest}" for name, (sequence, digest) in heads.items()}
    root = chain.root([*flat.items(), ("previous", previous)])
    return Seal.objects.create(at=clock.now(), heads=flat, root=root, previous=previous)


def seal_differences(heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """A chain that is shorter now than under a seal has been cut; a seal that does not follow has been changed."""
    previous = ""
    for sealed in Seal.objects.order_by("id").iterator(chunk_size=100):
        if sealed.previous != previous or sealed.root != chain.root([*sealed.heads.items(), ("previous", previous)]):
            yield f"seal {sealed.pk}: changed"
        previous = sealed.root
    for name, head in (Seal.objects.order_by("id").last().heads if previous else {}).items():
        sequence = int(head.partition(":")[0])
        line = AuditLine.objects.filter(stream=name, sequence=sequence).first() if sequence else None
        if sequence and (line is None or f"{sequence}:{line.digest}" != head or heads.get(name, (0,))[0] < sequence):
            yield f"audit chain {name}: shorter or other than when it was sealed"
