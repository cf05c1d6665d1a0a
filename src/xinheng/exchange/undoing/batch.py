"""One batch taken back as a whole: what it brought is reversed, what it replaced stands again."""

from datetime import date

from xinheng.base import audit, clock, events, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Unknown, WrongState, XinhengError
from xinheng.base.models import Batch, User
from xinheng.desk.exposure import public as exposure
from xinheng.exchange.undoing import documents, lists
from xinheng.exchange.undoing.in_use import BatchInUse

__all__ = ["BatchInUse", "batch_by_number", "undo_batch"]

_LISTS = {"customers": lists.customers, "entities": lists.entities, "rates": lists.rates, "lines": lists.lines}


def batch_by_number(number: str | int) -> Batch:
    """One batch.

    Raises:
        Unknown
    """
    text = str(number)
    batch = Batch.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if batch is None:
        raise Unknown(what="batch", number=text)
    return batch


def undo_batch(batch: Batch, *, on: date, by: User, reason: str = "") -> Batch:
    """Take a batch back: every document reversed, every list as it was.

    Raises:
        BatchInUse: something later depends on it.  WrongState: undone already.  Refused, LockTimeout.
    """
    rights.require(by, "import.undo")
    with atomic():
        customers, groups = documents.holders(batch) if batch.kind not in _LISTS else lists.holders(batch)
        exposure.lock(customers, groups)
        batch.refresh_from_db()
        if batch.undone_at is not None:
            raise WrongState(what="batch", number=str(batch.pk), state="UNDONE")
        entry = exposure.open_entry("exchange.batch.undone", by=by, batch_id=None)
        try:
            _LISTS[batch.kind](batch, entry) if batch.kind in _LISTS else documents.take_back(batch, entry)
        except BatchInUse:
            raise
        except XinhengError as refused:
            raise BatchInUse(number=batch.pk, reasons=[str(refused.params.get("number", refused.code))]) from refused
        batch.undone_at, batch.undone_by = clock.now(), by
        batch.save(update_fields=["undone_at", "undone_by"])
        if customers:
            events.tell(events.CreditChanged(frozenset(customers), "UNDO", on, by))
        audit.record("files", "exchange.batch.undone", f"batch:{batch.pk}", by=by, data={"reason": reason})
        return batch
