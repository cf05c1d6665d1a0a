"""Random facts: everything a credit check may meet, with amounts small enough to meet each bound.

Balances and lines have many fields each; they are picked from pools made once from a fixed seed, so that an
example is made in milliseconds and hypothesis spends its choices on how they come together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.rules.order_check.making import ON
from xinheng.rules.exposure import Components, PaperSum
from xinheng.rules.order_check.facts import (
    Credit,
    DueSum,
    Facts,
    Hold,
    HolderFacts,
    HolderKind,
    Line,
    LineKind,
    OpenItem,
    OrderFacts,
    Release,
    Standing,
)
from xinheng.rules.policy import (
    Acceptor,
    CheckPoint,
    HoldKind,
    Instrument,
    ItemNature,
    Payment,
    ReasonCode,
)
from xinheng.rules.policy.codes import DERIVED

CURRENCIES = ("CNY", "USD", "JPY", "KWD")
_SMALL = (0, 0, 1, 2, 9, 10, 50, 99, 100, 101, 333, 1000, 2999)
AMOUNTS = st.sampled_from(_SMALL)
DAYS = st.integers(-40, 10).map(lambda days: ON + timedelta(days=days))
RATES = st.sampled_from(("1", "7.1", "0.1408", "0.05", "151.37", "0.333333")).map(Decimal)
CODES = tuple(code for code in ReasonCode if code not in DERIVED)


def pool[Made](make: Callable[[Random], Made], count: int) -> st.SearchStrategy[Made]:
    """One of many that are made once, always the same."""
    dice = Random(20260302)
    return st.sampled_from([make(dice) for _ in range(count)])


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or none."""
    return st.none() | values


def choices(values: Any, **sizes: int) -> st.SearchStrategy[tuple[Any, ...]]:
    """Some of the values, each at most once."""
    return st.lists(st.sampled_from(tuple(values)), unique=True, **sizes).map(tuple)


def _amount(dice: Random) -> int:
    return dice.choice(_SMALL) if dice.random() < 0.7 else dice.randrange(3000)


def _day(dice: Random) -> date | None:
    return None if dice.random() < 0.5 else ON + timedelta(days=dice.randrange(-40, 10))


COMPONENTS_OWED = pool(lambda dice: Components(*[_amount(dice) for _ in Components.__slots__]), 300)


def by_currency(
    values: st.SearchStrategy[Any], currencies: Sequence[str], *, max_size: int = 3
) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(currencies), values, max_size=max_size)


def _line(dice: Random) -> Line:
    return Line(
        kind=dice.choice((*LineKind, *[LineKind.AMOUNT] * 4)),
        limit=_amount(dice),
        valid_from=_day(dice),
        valid_until=_day(dice),
        term=dice.choice(("", "", "30D", "滚结 1")),
        term_days=dice.choice((None, 0, 30, 60)),
        signed=dice.random() < 0.5,
        withdrawn=dice.random() < 0.1,
        extra=_amount(dice),
        extra_until=_day(dice),
        initial_stock=_amount(dice),
        initial_stock_until=_day(dice),
        id=dice.choice(("", "7")),
    )


LINES = pool(_line, 300)


def papers(currencies: Sequence[str]) -> st.SearchStrategy[tuple[PaperSum, ...]]:
    paper = st.builds(
        PaperSum,
        currency=st.sampled_from(currencies),
        kind=st.sampled_from((*Instrument, "OWN")),
        acceptor=st.sampled_from(tuple(Acceptor)),
        amount=AMOUNTS,
        contingent=st.booleans(),
    )
    return st.lists(paper, max_size=2).map(tuple)


def _of_paper(paper: PaperSum) -> Components:
    """The balance a paper is part of."""
    return Components(contingent=paper.amount) if paper.contingent else Components(instrument=paper.amount)


@st.composite
def dues(draw: st.DrawFn, currencies: Sequence[str]) -> tuple[tuple[DueSum, ...], tuple[OpenItem, ...]]:
    """Sums by due day, each day, currency and nature once, with some of the items they consist of."""
    keys = draw(
        st.lists(st.tuples(DAYS, st.sampled_from(currencies[:2]), st.sampled_from(ItemNature)), max_size=5, unique=True)
    )
    sums, items = [], []
    for place, (day, currency, nature) in enumerate(keys):
        parts = draw(st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=3))
        goods = sum(amount for amount, delivered in parts if delivered)
        sums.append(DueSum(day, currency, sum(amount for amount, _ in parts), nature, goods))
        for part, (amount, delivered) in enumerate(parts[: draw(st.integers(0, 3))], 1):
            sold = draw(st.sampled_from(("", "S1")))
            items.append(OpenItem(f"I{place}", day, currency, amount, part, nature, sold, delivered))
    return tuple(sums), tuple(sorted(items, key=lambda one: (one.due_on, one.number, one.part)))


@st.composite
def holders(
    draw: st.DrawFn, code: str, currencies: Sequence[str], more: Mapping[str, Components] | None = None
) -> HolderFacts:
    """A customer, or a group that owes at least what its member does."""
    own = draw(by_currency(COMPONENTS_OWED, currencies))
    paper = draw(papers(currencies))
    inside = [(one.currency, _of_paper(one)) for one in paper]
    for currency, also in (*(more or {}).items(), *inside):
        before = own.get(currency, Components())
        sums = {name: getattr(before, name) + getattr(also, name) for name in Components.__slots__}
        own[currency] = Components(**sums)
    due, items = draw(dues(currencies))
    currency = draw(st.sampled_from(currencies))
    known = currencies if draw(st.integers(0, 3)) else draw(choices(currencies))
    return HolderFacts(
        code=code,
        currency=currency,
        line=draw(LINES),
        components=own,
        papers=paper,
        due=due,
        items=items,
        initial_stock=draw(by_currency(AMOUNTS, currencies, max_size=1)),
        rates={one: draw(RATES) for one in known if one != currency},
    )


def orders(currencies: Sequence[str]) -> st.SearchStrategy[OrderFacts]:
    return st.builds(
        OrderFacts,
        number=st.just("O-1"),
        amount=AMOUNTS,
        currency=st.sampled_from(currencies[:3]),
        payment=st.sampled_from((*Payment, Payment.CREDIT, Payment.CREDIT)),
        term=st.sampled_from(("", "", "30D", "滚结 1")),
        term_days=some(st.sampled_from((0, 30, 31, 90))),
        instrument=st.sampled_from(("", "", "CHEQUE", "COMMERCIAL_ACCEPTANCE")),
        salesperson=st.sampled_from(("", "S1")),
        rolling=st.booleans(),
        missing_approvals=choices(("contract", "price"), max_size=2),
        passed=st.sampled_from((0, 0, 5)),
    )


STANDINGS = st.builds(
    Standing,
    active=st.integers(0, 9).map(bool),
    credit=st.sampled_from((Credit.CREDIT, *Credit)),
    customer_class=st.sampled_from(("", "KEY")),
    instruments_allowed=some(choices(Instrument, max_size=2)),
    grades=choices(("PERIOD_A", "PERIOD_C", "OTHER"), max_size=2),
    kept_until=some(DAYS),
)
HOLDS = st.lists(
    st.builds(
        Hold,
        id=st.sampled_from(("1", "2", "3")),
        holder=st.sampled_from(HolderKind),
        kind=st.sampled_from((*HoldKind, "OTHER")),
        forced=st.integers(0, 5).map(lambda one: not one),
    ),
    max_size=2,
    unique_by=lambda one: one.id,
).map(tuple)


def releases(currencies: Sequence[str]) -> st.SearchStrategy[Release]:
    return st.builds(
        Release,
        customer=st.sampled_from(("A", "A", "B")),
        amount=AMOUNTS,
        currency=st.sampled_from(currencies[:3]),
        expires_on=DAYS,
        codes=choices(CODES, max_size=3),
    )


@st.composite
def all_facts(draw: st.DrawFn, currencies: Sequence[str] = CURRENCIES) -> Facts:
    """Whatever a check may see; every other time only amounts are at stake."""
    customer = draw(holders("A", currencies))
    found = Facts(
        point=draw(st.sampled_from(CheckPoint)),
        on=ON,
        order=draw(orders(currencies)),
        customer=customer,
        group=draw(some(holders("G", currencies, customer.components))),
        prepaid_money=draw(AMOUNTS),
        release=draw(some(releases(currencies))),
    )
    if draw(st.booleans()):
        return _calm(found)
    return replace(found, standing=draw(STANDINGS), holds=draw(HOLDS))


def _calm(found: Facts) -> Facts:
    """The same without anything that money does not put right."""
    group = None if found.group is None else _in_force(found.group)
    order = replace(found.order, term="", term_days=None, instrument="", missing_approvals=())
    return replace(found, order=order, customer=_in_force(found.customer), group=group)


def _in_force(holder: HolderFacts) -> HolderFacts:
    line = replace(holder.line, valid_from=None, valid_until=None, signed=True, withdrawn=False)
    return replace(holder, line=line)
