"""The demo company as import files, in the order in which they are to be read.

`batches` says which of them are history taken over (orders approved, deliveries released); `files` gives one list of
rows per kind. Both depend on nothing but the day that is asked for and the seed.
"""

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from . import books, orders
from .cast import cast_parts
from .lines import lines
from .people import COMPANY, ENTITY
from .profiles import customer_rows
from .source import DEFAULT_TODAY, EARLIEST_TODAY, LATEST_TODAY, rate_rows

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """One import file. `opening` batches are history as it stands (`xinheng import --opening`)."""

    kind: str
    rows: Rows
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """Everything there is on one day. `examples` maps each part an open order plays to the orders that play it,
    `held` names the orders that the shipped policy holds at the order check."""

    today: date
    batches: tuple[Batch, ...]
    examples: dict[str, tuple[str, ...]]
    held: frozenset[str]


@lru_cache(maxsize=4)
def company(today: date = DEFAULT_TODAY) -> Company:
    """Make the demo company as it stands at the end of a day.

    Raises:
        ValueError: the day is outside what the real invoices cover.
    """
    if not EARLIEST_TODAY <= today <= LATEST_TODAY:
        raise ValueError(f"the demo company lives from {EARLIEST_TODAY} to {LATEST_TODAY}, not on {today}")
    standings = books.standings(today)
    given = lines(today, standings)
    cast = cast_parts(today, standings, given)
    open_orders = orders.open_orders(cast)
    unreleased = orders.unreleased_delivery_rows(cast)
    advances = orders.advance_rows(cast, open_orders)
    batches = (
        Batch("entities", [{"code": ENTITY, "name": f"{COMPANY['zh']} {COMPANY['en']}"}]),
        Batch("rates", rate_rows(today)),
        Batch("customers", customer_rows(today)),
        Batch("lines", [line.row() for line in given]),
        Batch("invoices", books.invoice_rows(today)),
        Batch("credit-notes", books.credit_note_rows(today)),
        Batch("receipts", books.receipt_rows(today) + advances),
        Batch("allocations", books.allocation_rows(today)),
        Batch("orders", [order.row() for order in open_orders if order.approved], opening=True),
        Batch("deliveries", orders.delivery_rows(open_orders), opening=True),
        Batch("orders", [order.row() for order in open_orders if not order.approved]),
        Batch("deliveries", unreleased),
        Batch("instruments", books.cheque_rows(today, frozenset(cast.taken))),
    )
    examples: dict[str, tuple[str, ...]] = {}
    for order in open_orders:
        examples[order.part.key] = (*examples.get(order.part.key, ()), order.number)
    return Company(today, batches, examples, frozenset(order.number for order in open_orders if order.part.held))


def batches(today: date = DEFAULT_TODAY) -> tuple[Batch, ...]:
    """The import files of a day in the order in which they are to be read."""
    return company(today).batches


def files(today: date = DEFAULT_TODAY) -> dict[str, Rows]:
    """The rows of a day by kind, in import order; amounts are plain decimals, dates ISO."""
    found: dict[str, Rows] = {}
    for batch in batches(today):
        found.setdefault(batch.kind, []).extend(batch.rows)
    return found


def csv_text(rows: Rows) -> str:
    """Rows as the text of an import file, headings first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def digest(today: date = DEFAULT_TODAY) -> str:
    """SHA-256 over all files of a day: the same on every machine."""
    whole = hashlib.sha256()
    for batch in batches(today):
        whole.update(f"{batch.kind} {batch.opening}\n{csv_text(batch.rows)}".encode())
    return whole.hexdigest()
