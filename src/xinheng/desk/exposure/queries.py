"""Reads of the ledger: what stands where, now or as of any day, as known now or as known then.

The ledger keeps today's amounts; an earlier day is today less what moved after it (semantics.md 4).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinheng.base import sql
from xinheng.base.errors import Ambiguous, Unknown
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure.ledger import DUE, LIVE
from xinheng.desk.exposure.models import Account, Document, Entity, Entry, Movement, Position
from xinheng.rules.exposure import Components
from xinheng.rules.policy import ItemNature
from xinheng.rules.road import Component, Kind

#: Components by the names the doors use, in their order.
NAMES = {component.name.lower(): component for component in Component if component < Component.DEPOSIT}

#: (account, currency, component) → minor units
Amounts = dict[tuple[int, str, Component], int]


@dataclass(frozen=True, slots=True)
class Moment:
    """*As of* a day, *as known* at a moment; None means without bound."""

    as_of: date | None = None
    known_on: datetime | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_on is None

    def later(self, movement: str) -> tuple[str, list[object]]:
        """The condition on movements that had not happened yet, or were not known yet, and its parameters."""
        parts: list[str] = []
        params: list[object] = []
        if self.as_of is not None:
            parts.append(f"{movement}.effective_on > %s")
            params.append(self.as_of)
        if self.known_on is not None:
            parts.append(f"{movement}.recorded_at > %s")
            params.append(self.known_on)
        return f"({' OR '.join(parts) or '1 = 0'})", params


NOW = Moment()


def today(on: date) -> Moment:
    """What has happened by the end of the business date: without bound unless something is dated ahead of it.

    People look at today; a check also counts what is dated ahead (semantics.md 3).
    """
    ahead = sql.fetch("SELECT 1 FROM exposure_movement WHERE effective_on > %s LIMIT 1", [on])
    return Moment(on) if ahead else NOW


def entity(code: str = "") -> Entity:
    """An entity by code; MAIN (the first) without one.

    Raises:
        Unknown
    """
    found = Entity.objects.filter(code=code).first() if code else Entity.objects.order_by("id").first()
    if found is None:
        raise Unknown(what="entity", number=code)
    return found


def accounts_of(
    *, customer_id: int | None = None, group_id: int | None = None, entity_id: int | None = None
) -> list[int]:
    """Credit accounts of a customer or of all members of a group, towards one entity or all."""
    accounts = Account.objects.all()
    if customer_id is not None:
        accounts = accounts.filter(customer_id=customer_id)
    if group_id is not None:
        accounts = accounts.filter(customer__group_id=group_id)
    if entity_id is not None:
        accounts = accounts.filter(entity_id=entity_id)
    return list(accounts.values_list("id", flat=True))


def amounts(account_ids: Collection[int], moment: Moment = NOW) -> Amounts:
    """What stands in each component of these accounts at a moment."""
    rows = sql.fetch_in(
        "SELECT account_id, currency, component, amount FROM exposure_balance WHERE account_id IN ({values})",
        sorted(account_ids),
    )
    found: Amounts = defaultdict(int)
    for account, currency, component, amount in rows:
        found[account, currency, Component(component)] += amount
    if not moment.is_now:
        for key, amount in _moved_later(account_ids, moment).items():
            found[key] -= amount
    return {key: amount for key, amount in found.items() if amount}


def _moved_later(account_ids: Collection[int], moment: Moment) -> Amounts:
    """What came into each component after the moment, less what left it."""
    later, params = moment.later("m")
    change: Amounts = defaultdict(int)
    for side, sign in (("target", 1), ("source", -1)):
        for account, currency, component, amount in sql.fetch_in(
            f"SELECT m.account_id, m.currency, p.component, SUM(m.amount) FROM exposure_movement m "
            f"JOIN exposure_position p ON p.id = m.{side}_id WHERE {later} AND m.account_id IN ({{values}}) "
            f"GROUP BY m.account_id, m.currency, p.component",
            sorted(account_ids),
            params,
        ):
            if Component(component) in LIVE:
                change[account, currency, Component(component)] += sign * int(amount)
    return change


def due_of_nature(account_ids: Collection[int], nature: ItemNature, moment: Moment = NOW) -> dict[str, int]:
    """By currency, what of one nature stands delivered or invoiced with a due day, at a moment."""
    found: dict[str, int] = defaultdict(int)
    ids = sorted(account_ids)
    for currency, amount in sql.fetch_in(
        "SELECT currency, SUM(amount) FROM exposure_duetotal WHERE nature = %s AND account_id IN ({values}) "
        "GROUP BY currency",
        ids,
        [nature.value],
    ):
        found[currency] += int(amount)
    if moment.is_now:
        return dict(found)
    later, params = moment.later("m")
    due = ",".join(str(int(component)) for component in DUE)
    for side, sign in (("target", 1), ("source", -1)):
        for currency, amount in sql.fetch_in(
            f"SELECT m.currency, SUM(m.amount) FROM exposure_movement m JOIN exposure_position p ON p.id = m.{side}_id "
            f"JOIN exposure_document d ON d.id = p.document_id WHERE {later} AND d.nature = %s "
            f"AND p.component IN ({due}) AND p.due_on IS NOT NULL AND m.account_id IN ({{values}}) GROUP BY m.currency",
            ids,
            [*params, nature.value],
        ):
            found[currency] -= sign * int(amount)
    return dict(found)


def components(found: Mapping[tuple[int, str, Component], int]) -> dict[str, Components]:
    """The rule book's components by currency, summed over accounts."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (_, currency, component), amount in found.items():
        if component < Component.DEPOSIT:
            sums[currency][component.name.lower()] += amount
    return {currency: Components(**parts) for currency, parts in sums.items()}


def document(
    kind: Kind, number: str, *, entity_code: str = "", part: int | None = None, or_reversed: bool = False
) -> Document:
    """The present document with this number; without an entity the only one that knows it.

    ``or_reversed``: where it was taken back and none came after it, the last one that bore the number.

    Raises:
        Unknown, Ambiguous.
    """
    every = Document.objects.select_related("entity", "account__customer").filter(kind=kind, number=number)
    found = every.filter(reversed_by=None)
    if or_reversed and not found.exists():
        found = every.filter(pk=every.filter(reversed_by__isnull=False).order_by("-pk").values("pk")[:1])
    if entity_code:
        found = found.filter(entity__code=entity_code)
    if part is not None:
        found = found.filter(part=part)
    documents = list(found.order_by("entity_id", "part"))
    if not documents:
        raise Unknown(what=kind.name.lower(), number=number)
    if len({one.entity_id for one in documents}) > 1:
        choices = sorted({one.entity.code for one in documents})
        raise Ambiguous(what=kind.name.lower(), number=number, choices=choices)
    return documents[0]


def document_of(kind: Kind, number: str, entity: str, by: User) -> Document:
    """The present document of a kind with this number, of a customer this person may see.

    Raises:
        Unknown, Ambiguous.
    """
    found = document(kind, number, entity_code=entity)
    if not customers.visible_to(by).filter(pk=found.account.customer_id).exists():
        raise Unknown(what=kind.name.lower(), number=number)
    return found


def present(kind: Kind, number: str, *, entity_id: int) -> Document | None:
    """The present document of an entity with this number, its first part; None where there is none."""
    found = Document.objects.select_related("entity", "account__customer").filter(
        kind=kind, number=number, entity_id=entity_id, reversed_by=None
    )
    return found.order_by("part").first()


def left_on(entry: Entry | None, document_id: int) -> date | None:
    """From which day on what an entry took out of a document's positions, or back into them, counts; None: nothing."""
    if entry is None:
        return None
    places = list(Position.objects.filter(document_id=document_id).values_list("pk", flat=True))
    days = [
        on
        for side in ("source", "target")
        for on in Movement.objects.filter(**{f"{side}__in": places}, entry=entry).values_list("effective_on", flat=True)
    ]
    return max(days, default=None)


def naming(field: str, number: str, *, entity_id: int) -> list[Document]:
    """The present documents of an entity whose ``order_number``, ``delivery_number`` or ``invoice_number`` is this."""
    # The second condition is the index's own: without it every document would be read.
    rows = sql.fetch(
        f"SELECT id FROM exposure_document WHERE {field} = %s AND NOT ({field} = '') "
        "AND entity_id = %s AND reversed_by_id IS NULL",
        [number, entity_id],
    )
    found = Document.objects.filter(pk__in=[id for (id,) in rows]).select_related("account__customer")
    return list(found.order_by("dated_on", "kind", "id"))


def amounts_by_position(document_ids: Iterable[int], moment: Moment = NOW) -> dict[tuple[int, Component], int]:
    """(document, component) → what stands there at a moment; nothing is left out."""
    ids = sorted(document_ids)
    rows = sql.fetch_in(
        "SELECT id, document_id, component, amount FROM exposure_position WHERE document_id IN ({values})", ids
    )
    places = {id: (document, Component(component)) for id, document, component, _ in rows}
    found = {places[id]: amount for id, _, _, amount in rows}
    if moment.is_now:
        return found
    later, params = moment.later("m")
    for side, sign in (("target", 1), ("source", -1)):
        for position, amount in sql.fetch_in(
            f"SELECT m.{side}_id, SUM(m.amount) FROM exposure_movement m WHERE {later} "
            f"AND m.{side}_id IN ({{values}}) GROUP BY m.{side}_id",
            sorted(places),
            params,
        ):
            found[places[position]] -= sign * int(amount)
    return found
