"""The audit trail: who did what to what, in chains that cannot be mended unnoticed.

A chain belongs to one holder of a limit (its head stands on the row that is locked anyway) or to one stream of the
house.  ``record`` must be called in the transaction of the action it tells of.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from typing import Any

from django.db.models import F

from xinheng.base import clock, database, sql
from xinheng.base.models import AuditLine, Seal, SealedHead, Stream, User
from xinheng.rules import chain

#: Whoever seals does so alone.
_SEALS = 0x7365616C


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


def differences(heads: dict[str, tuple[int, str]], only: str = "") -> Iterator[str]:
    """What is wrong with the chains: a broken link, a head that is not the last line, a line without a head.

    ``heads`` maps every stream to (sequence, digest) as the locked rows hold them.  With ``only`` one chain is read,
    as far as its head in ``heads``: what others add meanwhile is not looked at.
    """
    previous, stream, sequence = chain.GENESIS, None, 0
    seen: dict[str, tuple[int, str]] = {}
    broken: set[str] = set()
    lines = AuditLine.objects.order_by("stream", "sequence")
    if only:
        lines = lines.filter(stream=only, sequence__lte=heads.get(only, (0, ""))[0])
    for line in lines.iterator(chunk_size=2000):
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


def seal(heads: dict[str, tuple[int, str]]) -> Seal | None:
    """Put the heads that moved since the last seal under one root; the root contains the root before it.

    So every root stands for all heads up to its moment.  None when nothing was recorded since.
    """
    database.alone(_SEALS)
    known = {name: (sequence, digest) for name, sequence, digest in SealedHead.objects.values_list()}
    moved = {name: head for name, head in heads.items() if known.get(name) != head}
    if not moved:
        return None
    last = Seal.objects.order_by("-id").first()
    previous = last.root if last else chain.GENESIS
    flat = {name: f"{sequence}:{digest}" for name, (sequence, digest) in sorted(moved.items())}
    sealed = Seal.objects.create(at=clock.now(), heads=flat, root=_root(flat, previous), previous=previous)
    sql.insert(
        "base_sealedhead",
        ("stream", "sequence", "digest"),
        [(name, *head) for name, head in sorted(moved.items())],
        "ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence, digest = excluded.digest",
    )
    return sealed


def _root(heads: dict[str, str], previous: str) -> str:
    return chain.root([*heads.items(), ("previous", previous)])


def seal_differences(heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """A chain that is shorter now than under a seal has been cut; a seal that does not follow has been changed."""
    previous = chain.GENESIS
    sealed: dict[str, str] = {}
    for one in Seal.objects.order_by("id").iterator(chunk_size=100):
        if one.previous != previous or one.root != _root(one.heads, previous):
            yield f"seal {one.pk}: changed"
        previous = one.root
        sealed |= one.heads
    last = {name: head.partition(":") for name, head in sealed.items()}
    lines = _fingerprints({name: int(sequence) for name, (sequence, _, _) in last.items()})
    for name, (sequence, _, digest) in last.items():
        if lines.get(name) != digest or heads.get(name, (0, ""))[0] < int(sequence):
            yield f"audit chain {name}: shorter or other than when it was sealed"


def sealed_head(stream: str) -> tuple[Seal, int, str] | None:
    """The last seal that holds a chain's head, with that head (sequence, digest); None while nothing sealed it."""
    found = Seal.objects.filter(heads__has_key=stream).order_by("-id").first()
    if found is None:
        return None
    sequence, _colon, digest = found.heads[stream].partition(":")
    return found, int(sequence), digest


def cut_below_its_seal(stream: str, head: tuple[int, str]) -> Iterator[str]:
    """The same for one chain: whether it still is what its last seal says."""
    sealed = sealed_head(stream)
    if sealed is None:
        return
    one, sequence, digest = sealed
    if one.root != _root(one.heads, one.previous):
        yield f"seal {one.pk}: changed"
    line = AuditLine.objects.filter(stream=stream, sequence=sequence).first()
    if line is None or line.digest != digest or head[0] < sequence:
        yield f"audit chain {stream}: shorter or other than when it was sealed"


def _fingerprints(places: dict[str, int]) -> dict[str, str]:
    """Stream → the fingerprint of its line at this place, where there is one."""
    found: dict[str, str] = {}
    for part in batched(places.items(), sql.PARAMETERS // 2):
        listed = ", ".join(["(%s, %s)"] * len(part))
        rows = sql.fetch(
            f"SELECT stream, digest FROM base_auditline WHERE (stream, sequence) IN (VALUES {listed})",
            [value for pair in part for value in pair],
        )
        found |= dict(rows)
    return found
