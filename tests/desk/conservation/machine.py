"""The ground of the proof: books a random history happens to, and the questions asked of them after every step."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests import books
from tests.desk.conservation.naive import Books, Paper
from xinheng.base import clock, sql
from xinheng.base.database import atomic
from xinheng.base.errors import XinhengError
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.rules.road import Component, Kind
from xinheng.site import founding, verification

FIRST = date(2026, 1, 20)
LAST = date(2026, 3, 25)
#: Every month in which something happens is over, so each can be closed.
TODAY = date(2026, 4, 6)
DAYS = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
ENTITIES = ("MAIN", "EAST")
CUSTOMERS = ("A", "B", "C", "D")
CURRENCIES = ("USD", "JPY")


#: Whose documents are: customer, entity, currency; most of them meet in a few accounts.
OWNERS = (
    *[("A", "MAIN", "USD")] * 9,
    *[("C", "MAIN", "USD")] * 3,
    ("A", "EAST", "USD"),
    ("A", "MAIN", "JPY"),
    ("B", "MAIN", "USD"),
    ("C", "EAST", "USD"),
    ("D", "MAIN", "USD"),
    ("D", "EAST", "JPY"),
)


@dataclass(frozen=True)
class Dice:
    """Everything one step leaves to chance: which one, how much, when, whose, and whether something is odd about it."""

    what: int
    pick: int
    other: int
    amount: int
    share: int
    day: date
    whose: tuple[str, str, str]
    odd: bool

    @classmethod
    def thrown(cls, seed: int) -> "Dice":
        """All of it from one number, evenly."""
        chance = random.Random(seed)
        return cls(
            what=chance.randrange(10_000),
            pick=chance.randrange(10_000),
            other=chance.randrange(10_000),
            amount=chance.randint(1, 120),
            share=chance.choice((100, 100, 100, 50, 25, 130)),
            day=chance.choice(DAYS),
            whose=chance.choice(OWNERS),
            odd=chance.random() < 0.15,
        )

    def choose(self, found: Sequence[Any]) -> Any:
        return found[self.pick % len(found)]

    def second(self, found: Sequence[Any]) -> Any:
        return found[self.other % len(found)]

    def part_of(self, amount: int) -> int:
        """A part of an amount, all of it, or more."""
        return max(1, amount * self.share // 100)


dice = st.integers(0, 2**24).map(Dice.thrown)
#: What a history may do: (method, when it is possible), as often as it weighs.
STEPS: list[tuple[str, Callable[[Any], Any]]] = []


def step(weight: int = 1, *, needs: Callable[[Any], Any] = lambda _: True) -> Callable[[Any], Any]:
    """Make a method one of the steps of a history."""

    def register(method: Callable[..., None]) -> Callable[..., None]:
        STEPS.extend([(method.__name__, needs)] * weight)
        return method

    return register


def found() -> None:
    """What every history starts from: two entities, a group of two, lines of every kind, a rate."""
    books.found(today=TODAY)
    exposure.Entity.objects.create(code="EAST", name="East")
    for code, group in zip(CUSTOMERS, ("G", "G", "", ""), strict=True):
        books.customer(code, group=group)
    by_code = {one.code: one for one in Customer.objects.all()}
    east = exposure.entity("EAST").pk
    books.line(by_code["A"], 300)
    books.line(by_code["C"], 200)
    books.line(by_code["C"], 120, entity_id=east)
    books.line(by_code["D"], None)
    row = limits.LineRow(kind="amount", currency="USD", amount=400, group_id=by_code["A"].group_id)
    limits.set_line(row, on=TODAY, by=founding.console())
    exposure.set_rate(exposure.RateRow(FIRST, "JPY", "USD", Decimal("0.01")), by=founding.console())
    books.person("gm", "GENERAL_MANAGER")
    books.person("fd", "FINANCE_DIRECTOR")


class Ground(RuleBasedStateMachine):
    """The books and their naive double, which follow every action; rules are added by the mixins."""

    #: Every step asks everything of the ledger's own verification as well.
    thorough = False

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.naive = Books()
        self.by = founding.console()
        self.entity = {one.code: one for one in exposure.Entity.objects.all()}
        self.customer = {one.code: one for one in Customer.objects.all()}
        accounts = exposure.ensure_accounts(
            (who.pk, seller.pk) for who in self.customer.values() for seller in self.entity.values()
        )
        codes = {
            (who.pk, seller.pk): (who.code, seller.code)
            for who in self.customer.values()
            for seller in self.entity.values()
        }
        self.account = {codes[pair]: id for pair, id in accounts.items()}
        self.owner = {id: codes[pair] for pair, id in accounts.items()}
        self.last = self._newest()
        self.states: dict[int, tuple[str, bool]] = {}
        self.trail: list[str] = []
        self.memories: list[tuple[exposure.Moment, dict]] = []
        self.frozen: dict[str, tuple[date, dict]] = {}

    def teardown(self) -> None:
        try:
            self.ends_well()
        finally:
            self.forget()

    def forget(self) -> None:
        """Let it never have happened."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def ends_well(self) -> None:
        """Every day, every moment and every sum."""
        self.agrees_on_every_day()
        self.remembers()
        found = list(verification.differences())
        assert found == [], found

    # -- acting

    def of(self, whose: tuple[str, str, str]) -> dict[str, Any]:
        """Whose a row is: entity, account and currency."""
        customer, entity, currency = whose
        account = self.account[customer, entity]
        return {"entity_id": self.entity[entity].pk, "account_id": account, "currency": currency}

    def doing(self, action: Callable[[], Any], *refusals: type[XinhengError], traces: bool = False) -> Any:
        """Do it; None when it was refused for one of these reasons, and then nothing has changed.

        A refusal that ``traces`` keeps the decision it rests on.
        """
        before = self._everything()
        try:
            done = action()
        except refusals:
            assert traces or self._everything() == before
            return None
        return done if done is not None else True

    @contextmanager
    def posting(self, customer: str) -> Iterator[exposure.Entry]:
        """What an import has around it: the lock, one transaction, one entry."""
        with atomic():
            exposure.lock([self.customer[customer].pk])
            yield exposure.open_entry("test", by=self.by)

    def adopt(self, **said: Any) -> list[Paper]:
        """Take over the documents that the last action recorded."""
        new = exposure.Document.objects.filter(pk__gt=self.last).order_by("pk")
        return [self._adopted(one, said) for one in new]

    def _adopted(self, one: exposure.Document, said: dict) -> Paper:
        customer, entity = self.owner[one.account_id]
        assert one.effective_on >= self.naive.effective(one.dated_on, entity)
        self.last = max(self.last, one.pk)
        return self.naive.add(
            Paper(
                id=one.pk,
                kind=Kind(one.kind),
                entity=entity,
                whose=(customer, entity, one.currency),
                number=one.number,
                on=one.effective_on,
                amount=one.amount,
                part=one.part,
                due=one.due_on,
                order=one.order_number,
                delivery=one.delivery_number,
                consigned=one.consigned,
                occupies=one.occupies,
                said={"invoice": one.invoice_number, "dated": one.dated_on, **said},
            )
        )

    @rule(dice=dice)
    def happens(self, dice: Dice) -> None:
        self.take(dice)

    def take(self, dice: Dice) -> None:
        """One of the steps that are possible now."""
        possible = {name for name, needs in dict(STEPS).items() if needs(self)}
        names = [name for name, _ in STEPS if name in possible]
        name = names[dice.what % len(names)]
        self.trail.append(f"{name}: {dice}")
        getattr(self, name)(dice)

    def document(self, paper: Paper) -> exposure.Document:
        return exposure.Document.objects.select_related("account__customer", "entity").get(pk=paper.id)

    def drop(self, papers: Sequence[Paper]) -> None:
        for one in papers:
            one.present = False

    def number(self, kind: Kind, letter: str, dice: Dice, *, of: int = 5) -> str:
        """A number nobody uses; an odd one may be taken already."""
        pool = [f"{letter}{count}" for count in range(1, of + 1)]
        if not dice.odd:
            taken = {one.number for one in self.naive.present(kind, entity=dice.whose[1])}
            pool = [one for one in pool if one not in taken] or pool
        return dice.second(pool)

    def there(self, kind: Kind, number: str, dice: Dice) -> bool:
        return bool(self.naive.present(kind, entity=dice.whose[1], number=number))

    # -- asking

    @invariant()
    def agrees(self) -> None:
        """The positions are what the documents say, and the same documents are there."""
        rows = sales.Order.objects.values_list("document_id", "state", "forced_hold")
        self.states = {id: (state, forced) for id, state, forced in rows}
        present = dict(exposure.Document.objects.values_list("pk", "reversed_by_id"))
        assert present.keys() == self.naive.papers.keys()
        for one in self.naive.papers.values():
            assert one.present == (present[one.id] is None), one
            if one.kind is Kind.ORDER and self.states[one.id][0] != sales.Order.State.CANCELLED:
                one.occupies = self.states[one.id][0] in sales.OCCUPYING
        assert self._stands() == self.naive.positions()
        if self.thorough:
            assert list(exposure.differences()) == []

    def remember(self, dice: Dice) -> None:
        """What is said now of a day, as known now, is said for ever."""
        now = clock.now()
        moment = exposure.Moment(dice.day, now)
        told = self._told(moment)
        assert told == self._told(exposure.Moment(dice.day))
        self.memories += [(moment, told), (exposure.Moment(None, now), self._told(exposure.NOW))]

    def remembers(self) -> None:
        for moment, told in self.memories:
            assert self._told(moment) == told, moment
        for entity, (opened, closed) in self.frozen.items():
            assert self.before(entity, opened) == closed, entity

    def agrees_on_every_day(self) -> None:
        """As of any day the balances are what the documents dated up to it say, wherever nothing was closed since."""
        told = max((self.naive.told_from[code] for code in ENTITIES), default=date.min)
        for day in (one for one in DAYS if one >= told):
            assert self._told(exposure.Moment(day)) == self.naive.balances(day), day
        late = TODAY + timedelta(400)
        assert self._told(exposure.Moment(late)) == self.naive.balances()

    def _told(self, moment: exposure.Moment) -> dict[tuple, int]:
        found = exposure.amounts(list(self.owner), moment)
        return {(*self.owner[account], currency, part): amount for (account, currency, part), amount in found.items()}

    def before(self, entity: str, opened: date) -> dict[date, dict]:
        """What is said of the days that are closed."""
        accounts = [id for id, (_, code) in self.owner.items() if code == entity]
        return {day: exposure.amounts(accounts, exposure.Moment(day)) for day in DAYS if day < opened}

    @staticmethod
    def _stands() -> dict[tuple[int, Component], int]:
        rows = sql.fetch("SELECT document_id, component, amount FROM exposure_position WHERE amount <> 0")
        return {(document, Component(component)): amount for document, component, amount in rows}

    @staticmethod
    def _newest() -> int:
        return sql.fetch("SELECT COALESCE(MAX(id), 0) FROM exposure_document")[0][0]

    @staticmethod
    def _everything() -> list[tuple]:
        """How many rows the tables hold that an action may write."""
        tables = (
            "exposure_document",
            "exposure_position",
            "exposure_movement",
            "exposure_entry",
            "receivables_allocation",
            "base_auditline",
            "control_decision",
            "cash_reservation",
        )
        counted = sql.fetch(" UNION ALL ".join(f"SELECT COUNT(*) FROM {table}" for table in tables))
        return [*counted, *sql.fetch("SELECT SUM(amount) FROM exposure_balance")]
