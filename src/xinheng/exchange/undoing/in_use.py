"""What stands against undoing a batch: later documents, money and signatures that rest on what it brought."""

from collections.abc import Iterable, Iterator

from xinheng.base import sql
from xinheng.base.errors import XinhengError
from xinheng.base.models import Batch
from xinheng.rules.road import Kind

#: So many of them are named; the rest is only counted.
_NAMED = 10


class BatchInUse(XinhengError):
    """Later entries depend on the batch.  params: number, reasons."""

    code = "BATCH_IN_USE"


def refuse_if_used(batch: Batch) -> None:
    """Raises BatchInUse when something that came after the batch rests on it."""
    found = list(dict.fromkeys(_reasons(batch)))
    if found:
        more = [f"+{len(found) - _NAMED}"] if len(found) > _NAMED else []
        raise BatchInUse(number=batch.pk, reasons=[*found[:_NAMED], *more])


def _reasons(batch: Batch) -> Iterator[str]:
    brought = "(SELECT id FROM exposure_document WHERE batch_id = %s AND reversed_by_id IS NULL)"
    # What a credit note of the batch reduced by itself goes with it, whoever had it reduced again since.
    for side, which in (("invoice_id", ""), ("credit_id", "AND NOT a.automatic")):
        yield from _numbers(
            "SELECT i.number FROM receivables_allocation a JOIN exposure_document i ON i.id = a.invoice_id "
            "WHERE a.undone_by_id IS NULL AND (a.batch_id IS NULL OR a.batch_id <> %s) "
            f"AND a.{side} IN {brought} {which}",
            batch,
        )
    for column, kind in (
        ("order_number", Kind.ORDER),
        ("delivery_number", Kind.DELIVERY),
        ("invoice_number", Kind.INVOICE),
    ):
        yield from _numbers(
            f"SELECT l.number FROM exposure_document l JOIN exposure_document d ON d.number = l.{column} "
            f"AND d.entity_id = l.entity_id AND d.kind = {int(kind)} AND d.reversed_by_id IS NULL "
            f"WHERE NOT (l.{column} = '') AND l.reversed_by_id IS NULL AND l.entry_id > d.entry_id "
            "AND (l.batch_id IS NULL OR l.batch_id <> %s) AND d.batch_id = %s AND l.number <> d.number",
            batch,
        )
    # What a later batch corrected, or settled anew while it corrected, has to be put right by undoing that one first.
    later = "JOIN base_batch b ON b.id = e.batch_id AND b.undone_at IS NULL AND b.id <> %s"
    yield from _numbers(
        f"SELECT d.number FROM exposure_document d JOIN exposure_entry e ON e.id = d.reversed_by_id {later} "
        "WHERE d.batch_id = %s",
        batch,
    )
    yield from _numbers(
        f"SELECT i.number FROM receivables_allocation a JOIN exposure_entry e ON e.id = a.undone_by_id {later} "
        "JOIN exposure_document i ON i.id = a.invoice_id WHERE a.batch_id = %s AND NOT a.automatic",
        batch,
    )
    yield from _numbers(
        f"SELECT d.number FROM control_signature s JOIN exposure_document d ON d.id = s.document_id "
        f"WHERE s.document_id IN {brought}",
        batch,
        once=True,
    )


def _numbers(statement: str, batch: Batch, *, once: bool = False) -> Iterable[str]:
    rows = sql.fetch(f"{statement} LIMIT 50", [batch.pk] if once else [batch.pk, batch.pk])
    return (number for (number,) in rows)
