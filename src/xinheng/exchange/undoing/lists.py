"""A batch of customers, entities, rates or lines taken back: what was new goes, what was changed is as it was."""

from django.db.models import Model, ProtectedError

from xinheng.base.models import Batch
from xinheng.desk.customers import public as customers_
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.desk.limits import public as limits
from xinheng.exchange.undoing.in_use import BatchInUse


def holders(batch: Batch) -> tuple[list[int], list[int]]:
    """The customers and groups whose lines the batch holds; other lists lock nobody."""
    rows = list(limits.Line.objects.filter(batch=batch).values_list("customer_id", "group_id"))
    return sorted({one for one, _ in rows if one}), sorted({one for _, one in rows if one})


def customers(batch: Batch, entry: Entry) -> None:
    """Customers nothing was recorded for are gone again; changed ones say what they said.

    Raises:
        BatchInUse
    """
    known = customers_.by_codes(code for code, _ in batch.result["before"])
    for code, before in batch.result["before"]:
        customer = known.get(code)
        if customer is None:
            continue
        if before is None:
            exposure.Holder.objects.filter(customer=customer, sequence=0).delete()
            exposure.Account.objects.filter(customer=customer, documents=None).delete()
            _remove(customer, batch, code)
        else:
            customers_.write_customers([{"code": code, **before}], clearing=True)


def entities(batch: Batch, entry: Entry) -> None:
    """Entities nothing was recorded for are gone again; changed ones have their old name.

    Raises:
        BatchInUse
    """
    for code, before in batch.result["before"]:
        entity = exposure.entity(code)
        if before is None:
            exposure.Account.objects.filter(entity=entity, documents=None).delete()
            _remove(entity, batch, code)
        else:
            exposure.write_entities([(code, before["name"])])


def _remove(row: Model, batch: Batch, name: str) -> None:
    try:
        row.delete()
    except ProtectedError:
        raise BatchInUse(number=batch.pk, reasons=[name]) from None


def rates(batch: Batch, entry: Entry) -> None:
    """Rates stand as before; one that somebody has changed since stays in the way.

    Raises:
        BatchInUse
    """
    for (source, target, day), before in batch.result["before"]:
        rate = exposure.Rate.objects.filter(source=source, target=target, on=day).first()
        if rate is None or rate.batch_id != batch.pk:
            raise BatchInUse(number=batch.pk, reasons=[f"{source}/{target} {day}"])
        if before is None:
            rate.delete()
        else:
            rate.rate, rate.batch_id = before, None
            rate.save(update_fields=["rate", "batch_id"])


def lines(batch: Batch, entry: Entry) -> None:
    """Lines of the batch are replaced by those that stood before, if any.

    Raises:
        BatchInUse: a line was replaced since.
    """
    brought = list(limits.Line.objects.filter(batch=batch))
    later = [one for one in brought if one.replaced_at is not None]
    if later:
        raise BatchInUse(number=batch.pk, reasons=[str(one.pk) for one in later[:10]])
    limits.withdraw_lines(brought, by=entry.actor, at=entry.at)
