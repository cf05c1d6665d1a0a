"""The money side of the demo company: who paid which invoice when, as a story of each customer from first to last day.

Every customer is told on its own and without knowing today, so the books of an earlier day are those of a later one
with the end torn off. An invoice that is going to be credited in full is not paid meanwhile; any other credit note
goes against an invoice that is still open for that much, else it waits as unused credit until the customer's next
payment. A payment settles everything that the customer pays on that day; the settlement desk allocates it within a few
days, so there is always some money not yet allocated.
"""

import heapq
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from .behaviour import is_disputed, on_a_pay_day, pay_day
from .draw import Draw
from .profiles import CASH, DISPUTING, Profile, profiles
from .source import Document

DOCUMENT, PAYMENT = 0, 1
# Days until the settlement desk has allocated a receipt; the last are those nobody can place for a while.
ALLOCATION_LAG = ((0, 55.0), (1, 30.0), (3, 13.5), (35, 1.5))
PART_PAYMENT, PART_PAYMENT_DISPUTING, PAID_TWICE = 0.03, 0.8, 0.008
REST_PAID_AFTER_DAYS = (25, 200)
CANCELLED_WITHIN_DAYS = 60


@dataclass(slots=True)
class Item:
    """An invoice and what is neither credited nor paid of it, in pence. `in_part` after a first part payment."""

    document: Document
    due_on: date
    open: int
    disputed: bool
    in_part: bool = False


@dataclass(slots=True)
class Credit:
    """Money or a credit note of a customer that is not used up. A receipt not yet numbered stands by its place."""

    source: "str | Receipt"
    left: int


@dataclass(slots=True, eq=False)
class Receipt:
    """A payment received. The number is given when all receipts of the company stand in order."""

    customer: str
    day: date
    amount: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Part of a receipt or credit note used on an invoice."""

    source: "str | Receipt"
    invoice: str
    day: date
    amount: int


@dataclass(slots=True)
class Story:
    """Everything that happened with one customer. `credited` names the invoice of a credit note that has one,
    `cancelled` those that credit an invoice in full."""

    profile: Profile
    cancelled: dict[str, str]
    items: dict[str, Item] = field(default_factory=dict)
    credited: dict[str, str] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)


def cancellations(documents: tuple[Document, ...]) -> dict[str, str]:
    """Credit notes for exactly the amount of an invoice of the weeks before: its number by theirs, latest first."""
    found: dict[str, str] = {}
    for place, note in enumerate(documents):
        if not note.is_credit_note:
            continue
        for invoice in reversed(documents[:place]):
            if (note.day - invoice.day).days > CANCELLED_WITHIN_DAYS:
                break
            if invoice.amount == note.amount and not invoice.is_credit_note and invoice.number not in found.values():
                found[note.number] = invoice.number
                break
    return found


def _invoiced(story: Story, document: Document, draw: Draw) -> date | None:
    """Open an item; the day on which it will be paid, if ever."""
    profile = story.profile
    disputed = is_disputed(profile, draw)
    due_on = document.day + timedelta(days=profile.term_days)
    story.items[document.number] = Item(document, due_on, document.amount, disputed)
    paid_on = pay_day(profile, document.day, disputed, draw)
    return None if document.number in story.cancelled.values() else paid_on


def _credited(story: Story, document: Document) -> None:
    """Put a credit note on the invoice it cancels, else on the latest that is open for so much and not about to be
    cancelled, else on none."""
    number = story.cancelled.get(document.number)
    if number is None:
        kept = set(story.cancelled.values())
        open_enough = (n for n, item in reversed(story.items.items()) if item.open >= document.amount and n not in kept)
        number = next(open_enough, None)
    if number is None:
        story.credits.append(Credit(document.number, document.amount))
    else:
        story.items[number].open -= document.amount
        story.credited[document.number] = number


def _use(story: Story, credit: Credit, item: Item, amount: int, day: date) -> None:
    credit.left -= amount
    item.open -= amount
    story.allocations.append(Allocation(credit.source, item.document.number, day, amount))


def _share_paid(profile: Profile, item: Item, draw: Draw) -> int:
    """What the customer pays of an item now: all of it, or a part of a disputed or long one."""
    in_part = profile.behaviour != CASH and not item.in_part
    if in_part and draw.chance(
        PART_PAYMENT_DISPUTING if item.disputed and profile.behaviour == DISPUTING else PART_PAYMENT
    ):
        item.in_part = True
        return max(1, item.open * draw.whole(30, 85) // 100)
    return item.open


def _paid(story: Story, numbers: list[str], day: date, draw: Draw) -> list[tuple[date, str]]:
    """Receive a payment for these invoices and allocate it; the days on which the rest of part payments comes."""
    profile = story.profile
    items = [story.items[number] for number in dict.fromkeys(numbers) if story.items[number].open]
    wanted = [(item, _share_paid(profile, item, draw)) for item in items]
    # A cash sale is allocated at the till.
    lag = 0 if profile.behaviour == CASH else draw.weighted(ALLOCATION_LAG)
    allocated_on = day + timedelta(days=lag)
    rests = [item.document.number for item, pay in wanted if pay < item.open]
    later = [(day + timedelta(days=draw.whole(*REST_PAID_AFTER_DAYS)), number) for number in rests]
    missing = sum(pay for _, pay in wanted) - sum(credit.left for credit in story.credits)
    if missing > 0:
        extra = wanted[0][1] if draw.chance(PAID_TWICE) else 0
        receipt = Receipt(profile.code, day, missing + extra)
        story.receipts.append(receipt)
        story.credits.append(Credit(receipt, receipt.amount))
    for item, pay in wanted:
        left = pay
        for credit in story.credits:
            part = min(left, credit.left)
            if part:
                _use(story, credit, item, part, allocated_on)
                left -= part
    story.credits = [credit for credit in story.credits if credit.left]
    return later


def tell(profile: Profile) -> Story:
    """The whole story of one customer."""
    draw, story = Draw("payments", profile.code), Story(profile, cancellations(profile.documents))
    queue: list[tuple[date, int, int, str]] = []
    for place, document in enumerate(profile.documents):
        heapq.heappush(queue, (document.day, DOCUMENT, place, document.number))
    by_number = {document.number: document for document in profile.documents}
    place = len(queue)
    while queue:
        day, what, _, number = heapq.heappop(queue)
        if what == DOCUMENT and by_number[number].is_credit_note:
            _credited(story, by_number[number])
            continue
        if what == DOCUMENT:
            paid_on = _invoiced(story, by_number[number], draw)
            coming = [(paid_on, number)] if paid_on else []
        else:
            numbers = [number]
            while queue and queue[0][:2] == (day, PAYMENT):
                numbers.append(heapq.heappop(queue)[3])
            coming = [
                (on_a_pay_day(profile, again, day), rest)
                for again, rest in _paid(story, numbers, day, draw)
                if not profile.stops_on or again < profile.stops_on
            ]
        for again, rest in coming:
            place += 1
            heapq.heappush(queue, (again, PAYMENT, place, rest))
    return story


@cache
def stories() -> dict[str, Story]:
    """Every customer's story, with the receipts of the company numbered in the order in which they came."""
    told = {code: tell(profile) for code, profile in profiles().items()}
    receipts = [receipt for story in told.values() for receipt in story.receipts]
    for place, receipt in enumerate(sorted(receipts, key=lambda receipt: (receipt.day, receipt.customer)), start=1):
        receipt.number = f"SIM-R-{place:06d}"
    return told
