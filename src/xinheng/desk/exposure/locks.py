"""The lock on whoever holds a limit, and the audit chain whose head stands on the locked row.

Groups come before customers, each by rising id: two actions can wait for one another but never in a circle.  On SQLite
the immediate transaction is the lock.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from xinheng.base import audit, database, events, sql
from xinheng.base.database import is_postgres, share
from xinheng.base.errors import LockTimeout
from xinheng.base.models import User
from xinheng.desk.exposure.models import Account, Entity

#: One number of PostgreSQL's advisory locks: postings share it, closing or re-opening a month takes it alone.
_MONTHS = 0x78696E68


@dataclass(slots=True)
class Held:
    """A locked holder: its row's id and the head of its audit chain, moved on by ``note``.

    ``member_of`` is the group a customer belongs to now that nobody can change that.
    """

    id: int
    customer_id: int | None
    group_id: int | None
    sequence: int
    digest: str
    member_of: int | None = None

    @property
    def stream(self) -> str:
        return f"holder:{self.id}"


HeldRows = dict[tuple[str, int], Held]
#: How many columns the rows of a holder and of a membership have.
_HOLDER, _MEMBER = 5, 2


def lock(customer_ids: Iterable[int], group_ids: Iterable[int] = ()) -> HeldRows:
    """Lock the holders of these customers (with their groups) and groups; ('customer' | 'group', id) → holder.

    A customer or group that has no lock row yet gets one.

    Raises:
        django.db.OperationalError: not within the bounded wait; ``database.atomic`` tells it as LockTimeout.
        LockTimeout: a customer changed its group at this very moment; nothing was written.
    """
    customers, groups = sorted(set(customer_ids)), sorted(set(group_ids))
    held = _lock(customers, groups)
    if not _complete(held, customers, groups):
        members = {one.member_of for one in held.values() if one.member_of}
        ensure_holders(customer_ids=customers, group_ids=sorted({*groups, *members}))
        held = _lock(customers, groups)
        if not _complete(held, customers, groups):
            raise LockTimeout
    return held


def lock_asking(customer_id: int, ask: Callable[[sql.Batch], None]) -> tuple[HeldRows, list[list[tuple]]]:
    """Lock one customer and its group as ``lock`` does, and ask something else in the same round trip.

    Raises:
        As ``lock``.
    """
    batch = sql.Batch()
    ask(batch)
    held, answers = _locked(batch, [customer_id], [])
    return held if _complete(held, [customer_id], []) else lock([customer_id]), answers


def _complete(held: HeldRows, customers: Iterable[int], groups: Iterable[int]) -> bool:
    """Whether everybody asked for is locked, with the group of each customer as it stands now."""
    wanted = {("customer", id) for id in customers} | {("group", id) for id in groups}
    wanted |= {("group", one.member_of) for one in held.values() if one.member_of}
    return wanted <= held.keys()


def _lock(customers: Sequence[int], groups: Sequence[int]) -> HeldRows:
    for part in batched(customers, sql.PARAMETERS) if len(customers) > sql.PARAMETERS else ():
        groups = sorted({*groups, *_groups_of(part)})
    return _locked(sql.Batch(), customers, groups)[0]


def _locked(batch: sql.Batch, customers: Sequence[int], groups: Sequence[int]) -> tuple[HeldRows, list[list[tuple]]]:
    """The holders locked behind what the batch asks already, and the answers to that."""
    asked = batch.count
    _lock_groups(batch, customers if len(customers) <= sql.PARAMETERS else [], groups)
    for part in batched(customers, sql.PARAMETERS):
        _lock_rows(batch, "customer_id IN ({})", part, "customer_id")
    if is_postgres():  # shared with everybody who posts; see ``alone``
        batch.add(share(_MONTHS))
    for part in batched(customers, sql.PARAMETERS):
        # A statement of its own: it sees the groups as they are after any wait for the rows.
        listed = ", ".join(["%s"] * len(part))
        batch.add(f"SELECT id, group_id FROM customers_customer WHERE id IN ({listed})", part)
    held: HeldRows = {}
    answers = batch.run()
    for row in (row for rows in answers[asked:] for row in rows):
        if len(row) == _HOLDER:
            holder = Held(*row)
            held["group" if holder.group_id else "customer", holder.group_id or holder.customer_id] = holder  # type: ignore[index]
        elif len(row) == _MEMBER and ("customer", row[0]) in held:
            held["customer", row[0]].member_of = row[1]
    return held, answers[:asked]


def customers_moving(event: events.CustomersMoving) -> None:
    """Listens: customers are about to change their group."""
    lock(event.customer_ids, event.group_ids)


def alone() -> None:
    """Wait until nobody posts, and let nobody post until this transaction ends: a month is being closed or opened."""
    database.alone(_MONTHS)


def _groups_of(customers: Sequence[int]) -> set[int]:
    rows = sql.fetch_in(
        "SELECT DISTINCT group_id FROM customers_customer WHERE group_id IS NOT NULL AND id IN ({values})", customers
    )
    return {group for (group,) in rows}


def _lock_groups(batch: sql.Batch, customers: Sequence[int], groups: Sequence[int]) -> None:
    """The groups named and those of the customers, in one statement; none of either needs no statement."""
    parts, params = [], []
    if customers:
        listed = ", ".join(["%s"] * len(customers))
        parts.append(f"group_id IN (SELECT group_id FROM customers_customer WHERE id IN ({listed}))")
        params += customers
    if groups:
        parts.append(f"group_id IN ({', '.join(['%s'] * len(groups))})")
        params += groups
    if parts:
        _lock_rows(batch, " OR ".join(parts).replace("{", "{{").replace("}", "}}"), params, "group_id")


def _lock_rows(batch: sql.Batch, condition: str, params: Sequence[int], order: str) -> None:
    listed = ", ".join(["%s"] * len(params))
    suffix = " FOR UPDATE" if is_postgres() else ""
    batch.add(
        f"SELECT id, customer_id, group_id, sequence, digest FROM exposure_holder "
        f"WHERE {condition.format(listed)} ORDER BY {order}{suffix}",
        list(params),
    )


def next_line(
    held: Held, verb: str, subject: str, *, by: User, at: datetime, data: dict | None, batch: sql.Batch
) -> None:
    """Add a line to the locked holder's chain and move its head, as statements of a batch."""
    held.sequence += 1
    line = audit.make_line(
        held.stream, held.sequence, held.digest, verb=verb, subject=subject, by=by.pk, data=data, at=at
    )
    held.digest = line.digest
    audit.insert(batch, line)
    batch.add(
        "UPDATE exposure_holder SET sequence = %s, digest = %s WHERE id = %s", [held.sequence, held.digest, held.id]
    )


def note(held: Held, verb: str, subject: str, *, by: User, at: datetime, data: dict | None = None) -> None:
    """Add a line to the locked holder's chain and move its head, now."""
    batch = sql.Batch()
    next_line(held, verb, subject, by=by, at=at, data=data, batch=batch)
    batch.run()


def ensure_holders(*, customer_ids: Iterable[int] = (), group_ids: Iterable[int] = ()) -> None:
    """Make the lock rows of new customers and groups; does nothing for those that have one."""
    for kind, ids in (("customer", customer_ids), ("group", group_ids)):
        sql.insert(
            "exposure_holder",
            (f"{kind}_id", "sequence", "digest"),
            ((id, 0, "") for id in ids),
            "ON CONFLICT DO NOTHING",
        )


def ensure_accounts(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The credit accounts of (customer, entity) pairs, made where missing: (customer, entity) → account id."""
    wanted = set(pairs)
    found = _accounts(wanted)
    if missing := wanted - found.keys():
        sql.insert("exposure_account", ("customer_id", "entity_id"), sorted(missing), "ON CONFLICT DO NOTHING")
        found = _accounts(wanted)
    return found


def _accounts(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    rows = sql.fetch_in(
        "SELECT customer_id, entity_id, id FROM exposure_account WHERE customer_id IN ({values})",
        sorted({customer for customer, _ in pairs}),
    )
    return {(customer, entity): id for customer, entity, id in rows if (customer, entity) in pairs}


def write_entities(rows: Iterable[tuple[str, str]]) -> None:
    """Make entities, or give them another name: (code, name)."""
    for code, name in rows:
        Entity.objects.update_or_create(code=code, defaults={"name": name})


def account(customer_id: int, entity: Entity) -> Account:
    """The credit account of one customer towards one entity, made when missing."""
    return Account.objects.get_or_create(customer_id=customer_id, entity=entity)[0]
