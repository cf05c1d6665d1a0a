"""Landing documents by the hundred thousand: the same rows that ``documents.add`` and ``ledger.post`` write, set-based.

Only for documents whose value enters from OUTSIDE and stands in one place: an invoice, delivery or receipt that names
nobody and is named by nobody waiting.  Whatever belongs to a family walks its road instead.  The documents wait in a
staging relation of the caller's connection; the accounts are locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, models

from xinheng.base import sql
from xinheng.base.database import is_postgres
from xinheng.desk.exposure.ledger import DUE, LIVE
from xinheng.desk.exposure.models import Entry

#: What a staging relation must offer, by these names.  ``component`` is where the value stands (null: it moves
#: nothing), ``opens_on`` the first open day of the entity (null: no month was ever closed).
STAGED = (
    "document_id",
    "position_id",
    "kind",
    "entity_id",
    "account_id",
    "number",
    "part",
    "dated_on",
    "due_on",
    "currency",
    "amount",
    "term",
    "salesperson",
    "order_number",
    "delivery_number",
    "invoice_number",
    "nature",
    "occupies",
    "consigned",
    "component",
    "opens_on",
)
#: From how many rows on the planner has to look again.
_SHIFTS_STATISTICS = 2_000
_SAME = (*STAGED[2:8], *STAGED[8:19])
_DUE = ",".join(str(int(component)) for component in DUE)
_LIVE = ",".join(str(int(component)) for component in LIVE)
_ADD_BALANCE = (
    "ON CONFLICT (account_id, component, currency) DO UPDATE SET amount = exposure_balance.amount + excluded.amount"
)
_ADD_DUE = (
    "ON CONFLICT (account_id, component, due_on, currency, nature) DO UPDATE SET "
    "amount = exposure_duetotal.amount + excluded.amount, count = exposure_duetotal.count + excluded.count"
)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How staged rows come by the ids of their document and position, so that nothing has to be joined back.

    ``columns`` belong into the staging table's definition; ``document`` and ``position`` are what to select there.
    """

    columns: str
    document: str
    position: str


def numbering(row: str) -> Numbering:
    """Ids for staged rows; ``row`` is a column that counts them from 1.

    PostgreSQL draws from the sequences while the rows are staged.  SQLite counts on from the last id, which is why the
    expressions hold only inside the transaction in which they are asked for.
    """
    if is_postgres():
        defaults = []
        for name in ("document", "position"):
            ((sequence,),) = sql.fetch("SELECT pg_get_serial_sequence(%s, 'id')", [f"exposure_{name}"])
            defaults.append(f"{name}_id bigint NOT NULL DEFAULT nextval('{sequence}')")
        return Numbering(", ".join(defaults), "document_id", "position_id")
    last = dict(sql.fetch("SELECT name, seq FROM sqlite_sequence"))
    return Numbering("", *(f"{last.get(f'exposure_{name}', 0)} + {row}" for name in ("document", "position")))


def land(entry: Entry, source: str) -> int:
    """Record the documents of ``source``, a relation with the columns ``STAGED``; how many they were.

    Raises:
        django.db.IntegrityError: a document with this number is present already.
    """
    effective = _later("dated_on", "opens_on")
    landed = sql.execute(
        f"INSERT INTO exposure_document (id, {', '.join(_SAME)}, effective_on, entry_id, batch_id) "
        f"SELECT document_id, {', '.join(_SAME)}, {effective}, %s, %s FROM {source}",
        [entry.pk, entry.batch_id],
    )
    valued = f"{source} WHERE component IS NOT NULL AND amount > 0"
    sql.execute(
        "INSERT INTO exposure_position (id, document_id, account_id, component, currency, dated_on, due_on, amount) "
        f"SELECT position_id, document_id, account_id, component, currency, dated_on, {_due_day()}, amount "
        f"FROM {valued}"
    )
    sql.execute(
        "INSERT INTO exposure_movement (entry_id, account_id, target_id, currency, amount, effective_on, recorded_at) "
        f"SELECT %s, account_id, position_id, currency, amount, {effective}, %s FROM {valued}",
        [entry.pk, entry.at],
    )
    _add_to_sums(f"{valued} AND component IN ({_LIVE})", 1)
    if landed >= _SHIFTS_STATISTICS and is_postgres():
        # What follows in this transaction reads these rows; the planner, left with what it knew, would scan for them.
        sql.execute("ANALYZE exposure_document, exposure_position, exposure_balance, exposure_duetotal")
    return landed


def take_back(entry: Entry, source: str) -> int:
    """Reverse the documents of ``source``, a relation of ``document_id`` and ``opens_on``; how many they were.

    Each must stand in one place as it came: nothing has been moved of it since (``untouched``).  It leaves on the day
    its value came, which for a cheque is the day it cleared, not the day it was received.
    """
    standing = (
        "(SELECT p.id AS position_id, p.account_id, p.component, p.currency, p.due_on, p.amount, d.nature, "
        f"{_later('m.effective_on', 's.opens_on')} AS effective_on FROM {source} s "
        "JOIN exposure_document d ON d.id = s.document_id "
        "JOIN exposure_position p ON p.document_id = d.id AND p.amount > 0 "
        "JOIN exposure_movement m ON m.target_id = p.id) standing"
    )
    sql.execute(
        "INSERT INTO exposure_movement (entry_id, account_id, source_id, currency, amount, effective_on, recorded_at) "
        f"SELECT %s, account_id, position_id, currency, amount, effective_on, %s FROM {standing}",
        [entry.pk, entry.at],
    )
    _add_to_sums(f"{standing} WHERE component IN ({_LIVE})", -1)
    sql.execute(
        f"UPDATE exposure_position SET amount = 0 WHERE amount > 0 "
        f"AND document_id IN (SELECT document_id FROM {source})"
    )
    return sql.execute(
        f"UPDATE exposure_document SET reversed_by_id = %s WHERE id IN (SELECT document_id FROM {source})", [entry.pk]
    )


def untouched(document: str) -> str:
    """The condition under which a document stands as it came: no value has left it, and none came after the first."""
    return (
        f"NOT EXISTS (SELECT 1 FROM exposure_position p WHERE p.document_id = {document} AND (EXISTS "
        "(SELECT 1 FROM exposure_movement m WHERE m.source_id = p.id) OR "
        "(SELECT COUNT(*) FROM exposure_movement m WHERE m.target_id = p.id) > 1))"
    )


def _add_to_sums(valued: str, sign: int) -> None:
    """Add the staged values to the balances and totals by due day; ``sign`` -1 takes them away."""
    sql.execute(
        "INSERT INTO exposure_balance (account_id, currency, component, amount) "
        f"SELECT account_id, currency, component, {sign} * SUM(amount) FROM {valued} "
        f"GROUP BY account_id, currency, component ORDER BY account_id {_ADD_BALANCE}"
    )
    sql.execute(
        "INSERT INTO exposure_duetotal (account_id, component, currency, due_on, nature, amount, count) "
        f"SELECT account_id, component, currency, due_on, nature, {sign} * SUM(amount), {sign} * COUNT(*) "
        f"FROM {valued} AND component IN ({_DUE}) AND due_on IS NOT NULL "
        "GROUP BY account_id, component, due_on, currency, nature "
        f"ORDER BY account_id, component, due_on {_ADD_DUE}"
    )


def _due_day() -> str:
    return f"CASE WHEN component IN ({_DUE}) THEN due_on END"


def _later(day: str, opens_on: str) -> str:
    """The later of a day and the first open one."""
    function = "GREATEST" if is_postgres() else "MAX"
    return f"{function}({day}, COALESCE({opens_on}, {day}))"


def land_beside(model: type[models.Model], source: str, given: Mapping[str, str]) -> int:
    """Write what a chapter keeps beside landed documents: ``given`` are its columns and what to select for them.

    A column that is not given takes the default its model declares, as it would by any other way.
    """
    columns, chosen, params = [], [], []
    for field in model._meta.concrete_fields:
        if field.column in given:
            columns.append(field.column)
            chosen.append(given[field.column])
        elif not field.null and not field.primary_key:
            columns.append(field.column)
            chosen.append("%s")
            params.append(field.get_db_prep_save(field.get_default(), connection))
    return sql.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM {source}", params
    )
