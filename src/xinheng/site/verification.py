"""``verify``: the ledger from its movements, the audit chains from their lines, the triggers from their declaration."""

from collections.abc import Iterator

from xinheng.base import audit, database
from xinheng.base.models import Seal, Stream
from xinheng.desk.exposure import public as exposure


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
