"""``verify``: the ledger from its movements, the audit chains from their lines, the triggers from their declaration."""

from collections.abc import Iterator
from dataclasses import dataclass

from xinheng.base import audit, database, rights
from xinheng.base.errors import Unknown
from xinheng.base.models import Seal, Stream, User
from xinheng.desk.exposure import public as exposure

#: What a 64-bit column holds.
_ID_MAX = 2**63 - 1


def heads() -> dict[str, tuple[int, str]]:
    """The heads of all audit chains: those of the holders and those of the house."""
    streams = {name: (sequence, digest) for name, sequence, digest in Stream.objects.values_list()}
    return exposure.heads() | streams


def differences() -> Iterator[str]:
    """Everything that is not as it must be; nothing when the books are right."""
    yield from exposure.differences()
    yield from audit.differences(heads())
    yield from audit.seal_differences(heads())
    for name in sorted(database.declared_triggers() - database.installed_triggers()):
        yield f"trigger {name}: missing, rows could be changed"


def seal() -> Seal | None:
    """Seal what has been recorded since the last seal; None when nothing has."""
    with database.atomic():
        return audit.seal(heads())


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one chain found: how many lines were read, and a sentence for each fault."""

    lines: int
    faults: tuple[str, ...]


def head_of(stream: str) -> tuple[int, str]:
    """The head of one chain, of the house or of a holder.

    Raises:
        Unknown
    """
    kind, _colon, id = stream.partition(":")
    found: tuple[int, str] | None
    if kind == "holder" and id.isdecimal() and int(id) <= _ID_MAX:
        found = exposure.Holder.objects.filter(pk=int(id)).values_list("sequence", "digest").first()
    else:
        found = Stream.objects.filter(name=stream).values_list("sequence", "digest").first()
    if found is None:
        raise Unknown(what="stream", number=stream[:40])
    return found


def check_chain(stream: str, *, by: User) -> Checked:
    """Read one chain from its first line to its head, hold it against its last seal, and record what was found.

    It is read outside any transaction, so that nobody waits; lines that come meanwhile are not looked at.

    Raises:
        Unknown, Refused.
    """
    rights.require(by, "ledger.verify")
    head = head_of(stream)
    faults = (*audit.differences({stream: head}, stream), *audit.cut_below_its_seal(stream, head))
    with database.atomic():
        data = {"lines": head[0], "faults": list(faults)}
        audit.record("settings", "base.chain.checked", f"chain:{stream}", by=by, data=data)
    return Checked(head[0], faults)
