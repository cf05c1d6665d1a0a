"""Reading what happened to the customers of one limit: documents, money, lines, holds, checks, signatures, in sequence.

Customers of different limits never meet, so every holder of a limit is a story of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any

from xinheng.base import sql
from xinheng.base.models import AuditLine, Batch
from xinheng.desk.cash import public as cash
from xinheng.desk.control.around import HoldNow
from xinheng.desk.control.backtest.events import (
    Act,
    Allocated,
    Approved,
    Asked,
    Began,
    Event,
    Held,
    Kept,
    Landed,
    LineSet,
    Moved,
    Paper,
    RatesCame,
    Signed,
    Status,
    TakenBack,
    Told,
    What,
)
from xinheng.desk.control.models import DayStart, Decision, Occasion, Signature
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules import road
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Component, Kind

#: Acts of people on orders that are kept in the audit trail only.
_ACTS = (
    "control.order.changed",
    "control.order.forced-hold",
    "control.order.forced-hold-lifted",
    "control.order.rejected",
    "control.order.reopened",
    "sales.order.cancelled",
)
_BREACHES = (
    "control.breach.found",
    "control.breach.credit-kept",
    "control.breach.no-longer-kept",
    "control.breach.ended",
)
#: Checks that somebody asked for; all others follow from something else that happened.
_ASKED = ("ASKED", "IMPORT", "SHIP", "LET_GO")
_IDS = 5_000


@dataclass(slots=True)
class OrderThen:
    """What an order said when it was entered, before anybody changed it."""

    payment: str
    instrument: str
    term: str
    papers: frozenset[str]


@dataclass(slots=True)
class Story:
    """Everything about the customers of one limit."""

    customers: dict[int, Customer]
    accounts: dict[int, tuple[int, int]] = field(default_factory=dict)  # account → (customer, entity)
    orders: dict[int, OrderThen] = field(default_factory=dict)
    paper_kinds: dict[int, tuple[str, str]] = field(default_factory=dict)  # instrument → (kind, acceptor)
    active: dict[int, bool] = field(default_factory=dict)  # in the beginning
    signed: set[int] = field(default_factory=set)  # orders that somebody ever signed
    decided: list[Decision] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def tell(self, at: datetime, what: What, on: date | None = None, id: int = 0) -> None:
        self.events.append(Event(at, what, on, id))

    def in_sequence(self) -> list[Event]:
        """The events in their order, each with a business date: its own, else that of what follows it, else the last
        one known."""
        events = sorted(self.events, key=lambda one: one.place)
        dates: list[date] = []
        following: date | None = None
        for event in reversed(events):
            following = event.on or following
            dates.append(following or event.at.date())
        return [Event(one.at, one.what, on, one.id) for one, on in zip(events, reversed(dates), strict=True)]


def stories(customer_ids: Collection[int], *, until: date) -> Iterator[Story]:
    """The stories of these customers, with all members of the groups they belong to."""
    groups = Customer.objects.filter(pk__in=customer_ids, group__isnull=False).values("group_id")
    everybody = [*Customer.objects.filter(pk__in=customer_ids, group=None).select_related("group")]
    everybody += Customer.objects.filter(group__in=groups).select_related("group")
    of_holder: dict[object, dict[int, Customer]] = defaultdict(dict)
    for one in everybody:
        of_holder["group", one.group_id if one.group_id else -one.pk][one.pk] = one
    found = {next(iter(members)): Story(members) for members in of_holder.values()}
    whose = {id: story for story in found.values() for id in story.customers}
    for read in (_accounts, _lines, _holds, _trail, _files, _occasions):
        read(whose)
    of_account = {account: story for story in found.values() for account in story.accounts}
    for read_account in (_documents, _movements, _allocations, _orders, _decisions):
        read_account(of_account)
    everywhere = [*_days(until), *_rates()]
    for story in found.values():
        story.events += everywhere
        yield story


def _days(until: date) -> list[Event]:
    days = list(DayStart.objects.filter(on__lte=until).order_by("id"))
    known = sorted({one.on for one in days})
    return [Event(one.at, Began(max((day for day in known if day < one.on), default=None)), one.on) for one in days]


def _rates() -> list[Event]:
    return [Event(one.at, RatesCame(), one.on) for one in Occasion.objects.filter(customer=None)]


def _accounts(whose: Mapping[int, Story]) -> None:
    for account in exposure.Account.objects.filter(customer__in=list(whose)):
        whose[account.customer_id].accounts[account.pk] = (account.customer_id, account.entity_id)


def _documents(of: Mapping[int, Story]) -> None:
    rows = sql.fetch_in(
        "SELECT d.id, d.kind, d.entity_id, d.account_id, d.number, d.part, d.dated_on, d.effective_on, d.due_on, "
        "d.currency, d.amount, d.salesperson, d.term, d.order_number, d.delivery_number, d.nature, d.consigned, "
        "e.at, e.verb, r.at, d.batch_id FROM exposure_document d JOIN exposure_entry e ON e.id = d.entry_id "
        "LEFT JOIN exposure_entry r ON r.id = d.reversed_by_id WHERE d.account_id IN ({values})",
        sorted(of),
    )
    history = _taken_over({row[-1] for row in rows if row[-1] is not None})
    for *said, consigned, at, verb, reversed_at, batch in rows:
        days = [sql.as_date(day) for day in said[6:9]]
        paper = Paper(
            said[0],
            Kind(said[1]),
            *said[2:6],
            *days,  # type: ignore[arg-type]
            *said[9:16],
            consigned=bool(consigned),
            shipped=verb == "control.order.shipped",
            opening=batch in history,
        )
        story = of[paper.account_id]
        story.tell(sql.as_moment(at), Landed(paper), id=paper.id)
        if reversed_at is not None:
            story.tell(sql.as_moment(reversed_at), TakenBack(paper.id), id=paper.id)


def _taken_over(batches: Collection[int]) -> set[int]:
    """Batches that were imported as history."""
    found = Batch.objects.filter(pk__in=list(batches)).values_list("pk", "options")
    return {id for id, options in found if options.get("opening")}


def _movements(of: Mapping[int, Story]) -> None:
    rows = sql.fetch_in(
        "SELECT m.id, m.account_id, m.currency, m.amount, m.recorded_at, m.effective_on, s.document_id, s.component, "
        "t.document_id, t.component FROM exposure_movement m LEFT JOIN exposure_position s ON s.id = m.source_id "
        "LEFT JOIN exposure_position t ON t.id = m.target_id WHERE m.account_id IN ({values})",
        sorted(of),
    )
    for id, account, currency, amount, at, on, source, from_, target, into in rows:
        start = (source, Component(from_)) if source else None
        end = (target, Component(into)) if target else None
        if not ((start[1] if start else None) in road.PLACES and (end[1] if end else None) in road.PLACES):
            moved = Moved(account, currency, start, end, amount, sql.as_day(on))
            of[account].tell(sql.as_moment(at), moved, id=id)


def _allocations(of: Mapping[int, Story]) -> None:
    steps: dict[tuple[int, datetime, bool], list[tuple[Story, tuple[int, int, int]]]] = defaultdict(list)
    found = receivables.Allocation.objects.filter(credit__account__in=list(of))
    for one in found.select_related("entry", "undone_by", "credit").order_by("id"):
        story, share = of[one.credit.account_id], (one.credit_id, one.invoice_id, one.amount)
        steps[id(story), one.entry.at, False].append((story, share))
        if one.undone_by is not None:
            steps[id(story), one.undone_by.at, True].append((story, share))
    for (_, at, undone), shares in steps.items():
        story = shares[0][0]
        # what is made again in the same moment comes after what it replaces
        story.tell(at, Allocated(tuple(share for _, share in shares), undone), id=-int(undone))


def _orders(of: Mapping[int, Story]) -> None:
    """What orders said in the beginning: what they say now, with every change taken back."""
    orders = sales.Order.objects.filter(document__account__in=list(of)).select_related("document")
    papers: dict[int, set[str]] = defaultdict(set)
    for one in sales.Paper.objects.filter(order__document__account__in=list(of)).select_related("order__document"):
        papers[one.order_id].add(one.name)
        if one.approved_at is not None:
            story = of[one.order.document.account_id]
            story.tell(one.approved_at, Approved(one.order_id, one.name), id=one.pk)
    for order in orders:
        story = of[order.document.account_id]
        story.orders[order.pk] = OrderThen(
            order.payment, order.instrument, order.document.term, frozenset(papers[order.pk])
        )
    for story in {id(story): story for story in of.values()}.values():
        acts = [event for event in story.events if isinstance(event.what, Act) and "before" in event.what.data]
        for event in sorted(acts, key=lambda one: one.place, reverse=True):
            for name, value in event.what.data["before"].items():  # type: ignore[union-attr]
                setattr(story.orders[event.what.order], name, value)  # type: ignore[union-attr]
        instruments = cash.Instrument.objects.filter(document__account__in=list(story.accounts))
        for id_, kind, acceptor in instruments.values_list("pk", "kind", "acceptor"):
            story.paper_kinds[id_] = kind, acceptor


def _decisions(of: Mapping[int, Story]) -> None:
    for accounts in batched(sorted(of), _IDS):
        for one in Decision.objects.filter(account__in=accounts).order_by("id").iterator(chunk_size=500):
            story = of[one.account_id]
            story.decided.append(one)
            if one.document_id is not None and one.cause in _ASKED and one.point != CheckPoint.CHANGE:
                goods = one.facts["order"].get("goods", 0)
                asked = Asked(one.document_id, CheckPoint(one.point), one.cause, goods)
                story.tell(one.at, asked, one.on)
        signed = Signature.objects.filter(document__account__in=accounts).select_related("signer", "document")
        for given in signed.order_by("id"):
            story = of[given.document.account_id]
            story.signed.add(given.document_id)
            word = Signed(given.document_id, given.verb, given.signer.username, tuple(given.roles))
            story.tell(given.at, word, given.on, given.pk)


def _lines(whose: Mapping[int, Story]) -> None:
    for line in _of_holders(limits.Line.objects.all(), whose):
        for story in _stories_of(line, whose):
            story.tell(line.set_at, LineSet(line, stands=True), id=line.pk)
            if line.replaced_at is not None:
                story.tell(line.replaced_at, LineSet(line, stands=False), id=-line.pk)


def _holds(whose: Mapping[int, Story]) -> None:
    for hold in _of_holders(limits.Hold.objects.all(), whose):
        if hold.cause == "BREACH" and not hold.forced:
            continue
        seen = HoldNow(hold.pk, hold.cause, hold.forced, hold.group_id is not None)
        for story in _stories_of(hold, whose):
            story.tell(hold.placed_at, Held(hold.customer_id, seen, stands=True), id=hold.pk)
            if hold.lifted_at is not None:
                story.tell(hold.lifted_at, Held(hold.customer_id, seen, stands=False), id=hold.pk)


def _of_holders(rows: Any, whose: Mapping[int, Story]) -> Iterable[Any]:
    groups = {one.group_id for story in whose.values() for one in story.customers.values() if one.group_id}
    return [*rows.filter(customer__in=list(whose)), *rows.filter(group__in=groups)]


def _stories_of(row: Any, whose: Mapping[int, Story]) -> list[Story]:
    if row.customer_id:
        return [whose[row.customer_id]]
    found = {id(story): story for story in whose.values() if _group_of(story) == row.group_id}
    return list(found.values())


def _group_of(story: Story) -> int | None:
    return next(iter(story.customers.values())).group_id


def _trail(whose: Mapping[int, Story]) -> None:
    """Acts on orders and what became of breaches, from the audit chains of the holders."""
    streams: dict[str, Story] = {}
    for holder in _of_holders(exposure.Holder.objects.all(), whose):
        for story in _stories_of(holder, whose):
            streams[f"holder:{holder.pk}"] = story
    lines = AuditLine.objects.filter(verb__in=[*_ACTS, *_BREACHES])
    for names in batched(sorted(streams), _IDS):
        for line in lines.filter(stream__in=names).order_by("id"):
            story, said = streams[line.stream], line.data.get("on")
            on = date.fromisoformat(said) if said else None
            if line.verb in _ACTS:
                story.tell(line.at, Act(line.verb, line.data["order_id"], line.data), on, line.pk)
            else:
                until = date.fromisoformat(line.data["until"]) if "until" in line.data else None
                kind, _, id = line.subject.partition(":")
                customer = int(id) if kind == "customer" else None
                kept = Kept(customer, line.data["breach"], line.verb != "control.breach.ended", until)
                story.tell(line.at, kept, id=line.pk)


def _files(whose: Mapping[int, Story]) -> None:
    """When customers became active or inactive."""
    codes = {one.code: (story, one) for story in whose.values() for one in story.customers.values()}
    for story, one in codes.values():
        story.active[one.pk] = one.status == Customer.Status.ACTIVE
    lines = AuditLine.objects.filter(stream="customers", verb="customers.customer.changed")
    seen: set[str] = set()
    for subjects in batched(sorted(f"customer:{code}" for code in codes), _IDS):
        for line in lines.filter(subject__in=subjects).order_by("id"):
            said = line.data.get("after", {}).get("status")
            if not said:
                continue
            story, one = codes[line.subject.removeprefix("customer:")]
            if one.code not in seen:
                seen.add(one.code)
                story.active[one.pk] = line.data["before"]["status"] == Customer.Status.ACTIVE
            story.tell(line.at, Status(one.pk, said == Customer.Status.ACTIVE), id=line.pk)


def _occasions(whose: Mapping[int, Story]) -> None:
    """One event for each thing that was told, however many members of a group it named."""
    told: set[tuple[int, datetime, str]] = set()
    for one in Occasion.objects.filter(customer__in=list(whose)).order_by("id"):
        story = whose[one.customer_id]
        if (id(story), one.at, one.cause) not in told:
            told.add((id(story), one.at, one.cause))
            story.tell(one.at, Told(one.cause, one.frees), one.on, one.pk)
