"""Which invoices a cheque or bill stands for: read from the movements that put it there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from xinheng.base import sql
from xinheng.desk.cash.rows import InstrumentRow
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entry
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables.public import Paper, Problem
from xinheng.rules.exposure import PaperSum
from xinheng.rules.road import Component, Kind, Place, Step

_HELD = (Component.INSTRUMENT, Component.CONTINGENT)


def problems_of(rows: Sequence[InstrumentRow]) -> list[Problem]:
    """Rows whose invoice is unknown, another customer's, or in another currency."""
    invoices = _invoices((row.entity_id, row.invoice_number) for row in rows)
    problems = []
    for index, row in enumerate(rows):
        if not row.invoice_number:
            continue
        found = invoices.get((row.entity_id, row.invoice_number))
        if not found:
            problems.append(Problem(index, "UNKNOWN", {"what": "invoice", "number": row.invoice_number}))
        elif found[0].account_id != row.account_id:
            params = {"number": row.number, "invoice": row.invoice_number}
            problems.append(Problem(index, "OTHER_CUSTOMER", params))
        elif found[0].currency != row.currency:
            params = {"currency": row.currency, "invoice_currency": found[0].currency}
            problems.append(Problem(index, "OTHER_CURRENCY", params))
    return problems


def earmark(entry: Entry, documents: Sequence[Document]) -> None:
    """Let paper take the place of the invoices it names, oldest due first, as far as they are open."""
    invoices = _invoices((one.entity_id, one.invoice_number) for one in documents)
    owed = receivables.stands((paper.id for parts in invoices.values() for paper in parts), Component.INVOICED)
    steps = []
    for document in documents:
        rest = document.amount
        for invoice in invoices.get((document.entity_id, document.invoice_number), []):
            stand = owed.get(invoice.id)
            taken = min(rest, stand.today) if stand else 0
            if stand and taken:
                on = stand.first_day(taken, max(document.effective_on, invoice.effective_on))
                stand.take(taken, on)
                place = (document.pk, Component.INSTRUMENT)
                steps.append(Step((invoice.id, Component.INVOICED), place, taken, on))
                rest -= taken
    exposure.post(entry, steps, exposure.items(documents, steps))


def earmarked(document_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Instrument → invoice instalment → what the paper stands for now, in minor units."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for step in _trail(document_ids):
        if step.source and step.target and step.source[1] is Component.INVOICED:
            found[step.target[0]][step.source[0]] += step.amount
        elif step.source and step.target and step.target[1] is Component.INVOICED:
            found[step.source[0]][step.target[0]] -= step.amount
    return {paper: {one: amount for one, amount in of.items() if amount} for paper, of in found.items()}


def given_back(documents: Sequence[Document]) -> list[Step]:
    """The steps that undo all that became of paper, each on its own day or the first open one.

    Raises:
        HasAllocations: what it brought on account was allocated.
    """
    by_id = {document.pk: document for document in documents}
    money = receivables.stands(by_id, Component.UNAPPLIED)
    steps = []
    for step in _trail(by_id):
        place = step.target if step.target and step.target[0] in by_id else step.source
        assert place is not None  # noqa: S101 - one end of every step is the paper
        document = by_id[place[0]]
        on = receivables.effective_day(step.on, document.entity_id)
        if step.target and step.target[1] is Component.UNAPPLIED:
            stand = money[document.pk]
            if stand.today != step.amount:
                raise receivables.HasAllocations(what="instrument", number=document.number)
            on = stand.first_day(step.amount, on)
        steps.append(Step(step.target, step.source, step.amount, on))
    return steps


def papers(account_ids: Collection[int], moment: exposure.Moment = exposure.NOW) -> tuple[PaperSum, ...]:
    """Paper that stands for invoices of these accounts, by currency, kind, acceptor and whether it was passed on."""
    codes = ",".join(str(int(component)) for component in _HELD)
    still, params, here = "p.amount", list[Any](), " AND p.amount > 0"
    if not moment.is_now:
        when, later = moment.later("m")
        moved = f"(SELECT COALESCE(SUM(m.amount), 0) FROM exposure_movement m WHERE m.{{side}}_id = p.id AND {when})"
        still = f"p.amount - {moved.format(side='target')} + {moved.format(side='source')}"
        params, here = [*later, *later], ""
    rows = sql.fetch_in(
        f"SELECT p.currency, i.kind, i.acceptor, p.component, SUM({still}) FROM exposure_position p "
        f"JOIN cash_instrument i ON i.document_id = p.document_id WHERE p.component IN ({codes}){here} "
        "AND p.account_id IN ({values}) GROUP BY p.currency, i.kind, i.acceptor, p.component",
        sorted(account_ids),
        params,
    )
    sums: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for currency, kind, acceptor, component, amount in rows:
        sums[currency, kind, acceptor, component] += int(amount)
    return tuple(
        PaperSum(currency, kind, acceptor, amount, contingent=component == Component.CONTINGENT)
        for (currency, kind, acceptor, component), amount in sorted(sums.items())
        if amount
    )


def _invoices(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[Paper]]:
    return receivables.papers([Kind.INVOICE], {key for key in keys if key[1]})


def _trail(document_ids: Collection[int]) -> list[Step]:
    """Everything that moved to or from paper, in the order it was posted; what it settled as money left out."""
    select = (
        "SELECT m.id, s.document_id, s.component, t.document_id, t.component, m.amount, m.effective_on "
        "FROM exposure_movement m LEFT JOIN exposure_position s ON s.id = m.source_id "
        "LEFT JOIN exposure_position t ON t.id = m.target_id WHERE {side} IN "
        "(SELECT id FROM exposure_position WHERE document_id IN ({{values}}))"
    )
    rows = {
        row[0]: row[1:]
        for side in ("m.source_id", "m.target_id")
        for row in sql.fetch_in(select.format(side=side), sorted(document_ids))
    }
    spending = {Component.UNAPPLIED, Component.SETTLED}
    steps = []
    for id in sorted(rows):
        source, source_component, target, target_component, amount, on = rows[id]
        start: Place | None = (source, Component(source_component)) if source else None
        end: Place | None = (target, Component(target_component)) if target else None
        if not (start and end and {start[1], end[1]} == spending):
            steps.append(Step(start, end, amount, sql.as_date(on) or date.min))
    return steps
