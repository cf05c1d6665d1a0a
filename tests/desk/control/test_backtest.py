"""A back-test of one set of books under another policy says what a second set of books, run live under it, decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction

from tests import books
from tests.desk import deals
from tests.desk.control.desk_at_work import Chance, Desk
from xinheng.desk.control import public as control
from xinheng.desk.control.models import Decision
from xinheng.rules.policy import SHIPPED, load
from xinheng.site import verification

pytestmark = pytest.mark.django_db

#: Other policies: what each changes in the shipped one.
POLICIES = {
    "as shipped": (),
    "overdue debt holds orders": (
        deals.effect("overdue_days", order="BLOCK", change="BLOCK"),
        ("grace_days = 5", "grace_days = 0"),
    ),
    "the limit is only noticed": (deals.effect("over_limit", order="NOTICE", change="NOTICE", delivery="NOTICE"),),
    "orders do not count as exposure": (
        (
            'components = ["ORDERED", "DELIVERED", "CONSIGNED", "INVOICED", "INSTRUMENT", "CONTINGENT", "UNAPPLIED"]',
            'components = ["DELIVERED", "CONSIGNED", "INVOICED", "INSTRUMENT", "CONTINGENT", "UNAPPLIED"]',
        ),
    ),
    "a breach stops everything": (('BREACH = ["DELIVERY"]', 'BREACH = ["ORDER", "CHANGE", "DELIVERY"]'),),
    "two sign": (
        (
            'special_sale = { kind = "ANY_OF", roles = ["GENERAL_MANAGER", "FINANCE_MANAGER", "SALES_MANAGER"] }',
            'special_sale = { kind = "ALL_OF", roles = ["FINANCE_MANAGER", "SALES_MANAGER"] }',
        ),
        ("expiry_days = 7", "expiry_days = 2"),
    ),
}


def document(name: str) -> str:
    text = SHIPPED
    for old, new in POLICIES[name]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@contextmanager
def books_of_their_own(name: str) -> Iterator[None]:
    """Books founded under a policy, gone when they have been looked at."""
    with transaction.atomic():
        books.found()
        if name != "as shipped":
            deals.policy(*POLICIES[name])
        yield
        transaction.set_rollback(True)


Made = tuple[str, str, date, str, bool, tuple[str, ...]]


def decided() -> list[Made]:
    """Everything these books decided about orders, in its order."""
    found = Decision.objects.exclude(document=None).order_by("id")
    return [
        (one.number, one.point, one.on, one.cause, one.verdict == "held", tuple(deals.reasons(one)))
        for one in found
        if one.point != "INVOICE"
    ]


def would_decide(name: str, until: date) -> list[Made]:
    """Everything a back-test decides, in its order."""
    result = control.backtest(load(document(name), version="9"), since=None, until=until)
    return [(one.number, one.point, one.on, one.cause, one.held, one.reasons) for one in result.decisions]


def compare(seed: int, real: str, other: str) -> None:
    """What happened in one set of books is done again in others; a back-test of the first tells what came of it."""
    with books_of_their_own(real):
        desk = Desk()
        # whether somebody keeps credit despite a breach depends on when the policy at hand found it
        steps = Chance(seed, desk, leaving_out=[] if real == other else ["keep"]).steps(STEPS)
        first, until = by_customer(decided()), desk.today
        tried = by_customer(would_decide(other, until))
        assert list(verification.differences()) == []
    if real == other:
        assert tried == first
        return
    with books_of_their_own(other):
        desk = Desk()
        for step in steps:
            desk.do(step)
        second = by_customer(decided())
    assert tried == second


def by_customer(made: list[Made]) -> dict[str, list[Made]]:
    """Limits of different holders never meet, so only the order within each is a matter of fact."""
    found: dict[str, list[Made]] = {}
    for one in made:
        found.setdefault(one[0][0], []).append(one)
    return found


OTHERS = [name for name in POLICIES if name != "as shipped"]
STEPS = 60


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("policy", POLICIES)
def test_under_the_policy_that_was_in_force_a_back_test_decides_what_was_decided(seed, policy):
    compare(seed, policy, policy)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("other", OTHERS)
def test_a_back_test_decides_what_the_other_policy_really_decided(seed, other):
    compare(seed, "as shipped", other)
