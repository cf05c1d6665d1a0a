"""Which imports a person may see: their own, and those of others where they see every customer anyway."""

from django.db.models import QuerySet

from xinheng.base import rights
from xinheng.base.errors import Refused, Unknown
from xinheng.base.models import Batch, Job, User
from xinheng.desk.customers import public as customers
from xinheng.exchange.kinds import MAKERS
from xinheng.exchange.models import Upload

#: Whoever imports, and whoever reads what was imported at the command line.
RIGHTS = ("reports.view", "import.run")
_ACTIVE = (Job.State.WAITING, Job.State.RUNNING)


def require_reader(by: User) -> None:
    """Stop here unless the person may see imports at all.

    Raises:
        Refused
    """
    if not any(rights.may(by, right) for right in RIGHTS):
        raise Refused(right=RIGHTS[0], who=", ".join(rights.holders(RIGHTS[0])))


def batches_seen_by(by: User) -> QuerySet[Batch]:
    """What was imported, newest first."""
    found = Batch.objects.select_related("recorded_by", "undone_by")
    return found if customers.sees_all(by) else found.filter(recorded_by=by)


def batch_for(by: User, number: int) -> Batch:
    """One batch.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = batches_seen_by(by).filter(pk=number).first()
    if found is None:
        raise Unknown(what="batch", number=number)
    return found


def kinds_for(by: User) -> list[str]:
    """The kinds of files this person may bring."""
    if not rights.may(by, "import.run"):
        return []
    return [kind for kind, maker in MAKERS.items() if rights.may(by, maker.right)]


def uploads_seen_by(by: User) -> QuerySet[Upload]:
    """Files on their way; those of others only of kinds the person could bring, and who sees every customer."""
    found = Upload.objects.select_related("recorded_by", "job", "batch")
    return found.filter(kind__in=kinds_for(by)) if customers.sees_all(by) else found.filter(recorded_by=by)


def upload_for(by: User, number: int) -> Upload:
    """One file on its way.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = uploads_seen_by(by).filter(pk=number).first()
    if found is None:
        raise Unknown(what="upload", number=number)
    return found


def is_busy(upload: Upload) -> bool:
    """Whether a worker has it, or will have."""
    return upload.job is not None and upload.job.state in _ACTIVE
