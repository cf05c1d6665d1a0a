"""Which amounts of which rows go where: allocation rows against what stands open, before anything is written.

Rows are taken in their order; each sees what the rows before it have used.  A row that cannot stand uses nothing, so
the good rows of a file come out the same with the bad ones beside them or without.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from xinheng.base import sql
from xinheng.desk.exposure import public as exposure
from xinheng.desk.receivables.days import Stand, stands
from xinheng.desk.receivables.rows import AllocationRow, Problem
from xinheng.rules.road import Component, Kind

#: What may settle an invoice, in the order in which one number is looked for among them.
CREDITS = (Kind.RECEIPT, Kind.CREDIT_NOTE, Kind.INSTRUMENT)
_COLUMNS = "id, kind, entity_id, number, part, account_id, currency, dated_on, effective_on, due_on, nature"


@dataclass(frozen=True, slots=True)
class Paper:
    """A present document, as far as matching needs it."""

    id: int
    kind: Kind
    entity_id: int
    number: str
    part: int
    account_id: int
    currency: str
    dated_on: date
    effective_on: date
    due_on: date | None
    nature: str

    @property
    def item(self) -> exposure.Item:
        """What the ledger must know about it."""
        return exposure.Item(self.account_id, self.currency, self.dated_on, self.due_on, self.nature)


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a credit goes to one instalment and takes effect on a day; ``row`` is its row's place."""

    credit: Paper
    invoice: Paper
    amount: int
    on: date
    row: int


@dataclass(slots=True)
class Plan:
    """What the good rows do, what is wrong with the others, and what of which row found no room."""

    shares: list[Share] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Books:
    credits: dict[tuple[int, str], list[Paper]]
    invoices: dict[tuple[int, str], list[Paper]]
    unapplied: dict[int, Stand]
    deposits: dict[int, Stand]
    owed: dict[int, Stand]
    open_from: dict[int, date | None]
    clip: bool
    elsewhere: dict[tuple[int, str], str]


def match(rows: Sequence[AllocationRow], *, component: Component = Component.INVOICED, clip: bool = False) -> Plan:
    """Decide every row against what stands in ``component`` of the invoices; nothing is written.

    With ``clip`` a row takes what it finds, in any instalment when its own is gone, and the rest is told.
    """
    books = _books(rows, component, clip)
    plan = Plan()
    for index, row in enumerate(rows):
        found = _decide(index, row, books)
        if isinstance(found, Problem):
            plan.problems.append(found)
            plan.left[index] = row.amount
            continue
        if (left := row.amount - sum(share.amount for share in found)) > 0:
            plan.left[index] = left
        for share in found:
            books.unapplied[share.credit.id].take(share.amount, share.on)
            books.owed[share.invoice.id].take(share.amount, share.on)
        plan.shares += found
    return plan


def papers(kinds: Iterable[Kind], keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[Paper]]:
    """Present documents by (entity, number), instalments with the oldest due first."""
    by_entity: dict[int, set[str]] = defaultdict(set)
    for entity, number in keys:
        by_entity[entity].add(number)
    codes = ",".join(str(int(kind)) for kind in kinds)
    found: dict[tuple[int, str], list[Paper]] = defaultdict(list)
    for entity, numbers in by_entity.items():
        for row in sql.fetch_in(
            f"SELECT {_COLUMNS} FROM exposure_document WHERE kind IN ({codes}) AND reversed_by_id IS NULL "
            "AND entity_id = %s AND number IN ({values})",
            sorted(numbers),
            [entity],
        ):
            found[entity, row[3]].append(_paper(row))
    for parts in found.values():
        parts.sort(key=lambda one: (one.due_on or date.max, one.part))
    return found


def _paper(row: tuple) -> Paper:
    id, kind, entity, number, part, account, currency, dated_on, effective_on, due_on, nature = row
    dated, effective = sql.as_date(dated_on), sql.as_date(effective_on)
    assert dated is not None and effective is not None  # noqa: S101 - the columns are never null
    due = sql.as_date(due_on)
    return Paper(id, Kind(kind), entity, number, part, account, currency, dated, effective, due, nature)


def _books(rows: Sequence[AllocationRow], component: Component, clip: bool) -> _Books:
    credits = papers(CREDITS, {(row.entity_id, row.credit_number) for row in rows})
    invoices = papers([Kind.INVOICE], {(row.entity_id, row.invoice_number) for row in rows})
    credit_ids = [one.id for found in credits.values() for one in found]
    return _Books(
        credits=credits,
        invoices=invoices,
        unapplied=stands(credit_ids, Component.UNAPPLIED),
        deposits=stands(credit_ids, Component.DEPOSIT),
        owed=stands((one.id for parts in invoices.values() for one in parts), component),
        open_from={entity: exposure.open_from(entity) for entity in {row.entity_id for row in rows}},
        clip=clip,
        elsewhere=_elsewhere(rows, credits, invoices),
    )


def _elsewhere(
    rows: Sequence[AllocationRow],
    credits: dict[tuple[int, str], list[Paper]],
    invoices: dict[tuple[int, str], list[Paper]],
) -> dict[tuple[int, str], str]:
    """(account of an invoice, number of a credit its entity does not know) → the entity to which the same customer paid
    it: money of one entity does not settle what is owed to another (semantics.md 1)."""
    missing = {row.credit_number for row in rows if not credits.get((row.entity_id, row.credit_number))}
    if not missing:
        return {}
    entities = dict(exposure.Entity.objects.values_list("pk", "code"))
    found = papers(CREDITS, {(entity, number) for entity in entities for number in missing})
    accounts = {one.account_id for of in (*found.values(), *invoices.values()) for one in of}
    whose = dict(exposure.Account.objects.filter(pk__in=accounts).values_list("pk", "customer_id"))
    paid = {(whose[one.account_id], one.number): entities[one.entity_id] for of in found.values() for one in of}
    owed = {
        (parts[0].account_id, row.credit_number)
        for row in rows
        if row.credit_number in missing and (parts := invoices.get((row.entity_id, row.invoice_number)))
    }
    return {(id, number): paid[whose[id], number] for id, number in owed if (whose[id], number) in paid}


def _decide(index: int, row: AllocationRow, books: _Books) -> list[Share] | Problem:
    """What one row does, or why it cannot."""
    if row.amount <= 0:
        return Problem(index, "NOT_POSITIVE")
    parts = books.invoices.get((row.entity_id, row.invoice_number), [])
    if not parts:
        return Problem(index, "UNKNOWN", {"what": "invoice", "number": row.invoice_number})
    credit = _credit(index, row, parts[0], books)
    if isinstance(credit, Problem):
        return credit
    if row.part is not None:
        own = [one for one in parts if one.part == row.part]
        if own or not books.clip:
            parts = own
        if not parts:
            number = f"{row.invoice_number}/{row.part}"
            return Problem(index, "UNKNOWN", {"what": "instalment", "number": number})
    return _fill(index, row, credit, parts, books)


def _credit(index: int, row: AllocationRow, invoice: Paper, books: _Books) -> Paper | Problem:
    """The one receipt, credit note or instrument the row means."""
    named = [
        one for one in books.credits.get((row.entity_id, row.credit_number), []) if row.credit_kind in {None, one.kind}
    ]
    if not named:
        entity = books.elsewhere.get((invoice.account_id, row.credit_number))
        if entity:
            params = {"number": row.credit_number, "invoice": row.invoice_number, "entity": entity}
            return Problem(index, "OTHER_ENTITY", params)
        return Problem(index, "UNKNOWN", {"what": "receipt", "number": row.credit_number})
    own = [one for one in named if one.account_id == invoice.account_id]
    if not own:
        return Problem(index, "OTHER_CUSTOMER", {"number": row.credit_number, "invoice": row.invoice_number})
    if len(own) > 1:
        kinds = sorted(one.kind.name.lower() for one in own)
        return Problem(index, "AMBIGUOUS", {"what": "receipt", "number": row.credit_number, "choices": kinds})
    credit = own[0]
    if credit.currency != invoice.currency:
        return Problem(index, "OTHER_CURRENCY", {"currency": credit.currency, "invoice_currency": invoice.currency})
    if credit.id not in books.unapplied:
        code = "DEPOSIT_NOT_APPLICABLE" if credit.id in books.deposits else "NOT_CLEARED"
        return Problem(index, code, {"number": row.credit_number})
    return credit


def _fill(index: int, row: AllocationRow, credit: Paper, parts: list[Paper], books: _Books) -> list[Share] | Problem:
    """Share the row's amount out over the instalments, oldest due first."""
    left = books.unapplied[credit.id].today
    owed = [(one, books.owed[one.id].today) for one in parts if one.id in books.owed]
    total = sum(amount for _, amount in owed)
    rest = min(row.amount, left, total) if books.clip else row.amount
    if rest > left:
        return Problem(index, "MORE_THAN_RECEIVED", _amounts(row.credit_number, rest, left, credit.currency))
    if rest > total:
        return Problem(index, "MORE_THAN_OPEN", _amounts(row.invoice_number, rest, total, credit.currency))
    stood = books.unapplied[credit.id].first_day(rest, _earliest(row, credit, books)) if rest else date.min
    shares = []
    for invoice, amount in owed:
        taken = min(amount, rest)
        if taken:
            on = books.owed[invoice.id].first_day(taken, max(stood, invoice.effective_on))
            shares.append(Share(credit, invoice, taken, on, index))
            rest -= taken
    return shares


def _amounts(number: str, amount: int, left: int, currency: str) -> dict[str, object]:
    return {"number": number, "amount": amount, "open": left, "currency": currency}


def _earliest(row: AllocationRow, credit: Paper, books: _Books) -> date:
    """The latest of the row's and the credit's day and the first open day; the invoice's comes to it.

    Source: semantics.md 4.
    """
    earliest = max(row.dated_on, credit.effective_on)
    opened = books.open_from[row.entity_id]
    return max(earliest, opened) if opened else earliest
