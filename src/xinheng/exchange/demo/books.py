"""The demo company's books at the end of a day: documents as import files have them, and where each customer stands.

Everything is cut out of the stories of `payments`: a document counts from its own date, an allocation from the day on
which the settlement desk made it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from .payments import Receipt, Story, stories
from .source import CURRENCY, plain

Rows = list[dict[str, str]]


@dataclass(slots=True)
class Standing:
    """What one customer owes at the end of a day, in pence. `open_items` maps invoice numbers to what is open and the
    due day; `peak` is the highest net debt on any day so far; `overdue_days` that of the oldest open item."""

    code: str
    invoiced: int = 0
    unapplied: int = 0
    overdue: int = 0
    overdue_days: int = 0
    peak: int = 0
    average_invoice: int = 0
    last_bought: date = date.min
    open_items: dict[str, tuple[int, date]] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        """Invoiced debt less unused credit; negative when the customer has more to claim."""
        return self.invoiced - self.unapplied


def _number(source: str | Receipt) -> str:
    return source if isinstance(source, str) else source.number


def _net_debt(story: Story, today: date) -> Iterator[tuple[date, int]]:
    """Day and change of what the customer owes: allocations change nothing of it."""
    for document in story.profile.documents:
        if document.day <= today:
            yield document.day, -document.amount if document.is_credit_note else document.amount
    for receipt in story.receipts:
        if receipt.day <= today:
            yield receipt.day, -receipt.amount


def _peak(story: Story, today: date) -> tuple[int, int]:
    changes: Counter[date] = Counter()
    for day, change in _net_debt(story, today):
        changes[day] += change
    debt = peak = 0
    for day in sorted(changes):
        debt += changes[day]
        peak = max(peak, debt)
    return debt, peak


def _open_items(story: Story, today: date) -> dict[str, tuple[int, date]]:
    left = {number: item.document.amount for number, item in story.items.items() if item.document.day <= today}
    for document in story.profile.documents:
        if document.number in story.credited and document.day <= today:
            left[story.credited[document.number]] -= document.amount
    for allocation in story.allocations:
        if allocation.day <= today:
            left[allocation.invoice] -= allocation.amount
    return {number: (amount, story.items[number].due_on) for number, amount in left.items() if amount}


def standings(today: date) -> dict[str, Standing]:
    """Where every customer known by today stands at its end."""
    found = {}
    for code, story in stories().items():
        bought = [d for d in story.profile.documents if d.day <= today and not d.is_credit_note]
        if story.profile.documents[0].day > today:
            continue
        standing = Standing(code, open_items=_open_items(story, today))
        debt, standing.peak = _peak(story, today)
        standing.invoiced = sum(amount for amount, _ in standing.open_items.values())
        standing.unapplied = standing.invoiced - debt
        late = [(amount, due) for amount, due in standing.open_items.values() if due < today]
        standing.overdue = sum(amount for amount, _ in late)
        standing.overdue_days = max(((today - due).days for _, due in late), default=0)
        if bought:
            standing.average_invoice = sum(d.amount for d in bought) // len(bought)
            standing.last_bought = bought[-1].day
        found[code] = standing
    return found


def _in_order(rows: Rows, *fields: str) -> Rows:
    return sorted(rows, key=lambda row: tuple(row[field] for field in fields))


def invoice_rows(today: date) -> Rows:
    """The real invoices up to today with their invented due dates."""
    rows = [
        {
            "number": item.document.number,
            "customer": story.profile.code,
            "issue_date": item.document.day.isoformat(),
            "due_date": item.due_on.isoformat(),
            "amount": plain(item.document.amount),
            "currency": CURRENCY,
            "salesperson": story.profile.salesperson,
        }
        for story in stories().values()
        for item in story.items.values()
        if item.document.day <= today
    ]
    return _in_order(rows, "issue_date", "number")


def credit_note_rows(today: date) -> Rows:
    """The real credit notes up to today; the invoice they name is inferred."""
    rows = [
        {
            "number": document.number,
            "customer": story.profile.code,
            "date": document.day.isoformat(),
            "amount": plain(document.amount),
            "currency": CURRENCY,
            "invoice": story.credited.get(document.number, ""),
        }
        for story in stories().values()
        for document in story.profile.documents
        if document.is_credit_note and document.day <= today
    ]
    return _in_order(rows, "date", "number")


def receipt_rows(today: date) -> Rows:
    """The simulated receipts up to today, all of them cleared bank transfers."""
    rows = [
        {
            "number": receipt.number,
            "customer": receipt.customer,
            "date": receipt.day.isoformat(),
            "amount": plain(receipt.amount),
            "currency": CURRENCY,
            "purpose": "payment",
            "order": "",
        }
        for story in stories().values()
        for receipt in story.receipts
        if receipt.day <= today
    ]
    return _in_order(rows, "number")


def allocation_rows(today: date) -> Rows:
    """What the settlement desk had allocated by the end of today."""
    rows = [
        {
            "receipt": _number(allocation.source),
            "invoice": allocation.invoice,
            "date": allocation.day.isoformat(),
            "amount": plain(allocation.amount),
        }
        for story in stories().values()
        for allocation in story.allocations
        if allocation.day <= today
    ]
    return _in_order(rows, "date", "receipt", "invoice")


def cheque_rows(today: date, busy: frozenset[str]) -> Rows:
    """A few cheques in the drawer, each for one whole overdue invoice, from customers not named in `busy`."""
    rows: Rows = []
    late = sorted((s for s in standings(today).values() if s.overdue and s.code not in busy), key=lambda s: -s.overdue)
    for place, standing in enumerate(late[20:26], start=1):
        invoice, (amount, _) = max(standing.open_items.items(), key=lambda item: (item[1][1] < today, item[1][0]))
        rows.append(
            {
                "number": f"SIM-CHQ-{place:02d}",
                "customer": standing.code,
                "kind": "cheque",
                "amount": plain(amount),
                "date": (today - timedelta(days=place % 3)).isoformat(),
                "maturity": (today + timedelta(days=2 + place)).isoformat(),
                "invoice": invoice,
            }
        )
    return rows
