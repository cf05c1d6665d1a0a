"""A unit of value is in exactly one place at a time, whatever happens to it and in whatever order.

Random histories of orders, goods, invoices, money, paper, bad debt, corrections and closed months; after every step the
positions must be what a naive reading of the documents says, and in the end every day, every moment and every sum.
The first test finds short histories; the second throws its dice evenly.  ``--hypothesis-profile=long`` runs thousands.
"""

import random
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk.conservation.machine import Dice, found
from tests.desk.conservation.undoing import Undoing
from xinheng.base import clock

pytestmark = [pytest.mark.django_db, pytest.mark.covers("LM-003", "OC-006", "AR-012")]
LONG = settings.get_current_profile_name() == "long"
HISTORIES, STEPS = (1000, 60) if LONG else (20, 40)


class History(Undoing):
    """Everything that may happen."""


@pytest.fixture
def books(db, monkeypatch):
    """Every look at the clock is a second later, so that the order of what was recorded is known."""
    start, ticks = datetime(2026, 4, 6, tzinfo=UTC), count()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=next(ticks)))
    found()


def test_no_history_is_found_that_loses_or_doubles_value(books):
    chosen = settings(max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(History, settings=chosen)


@pytest.mark.parametrize("seed", range(HISTORIES if LONG else 12))
def test_value_is_conserved(books, seed):
    chance, history = random.Random(seed), History()
    try:
        for _ in range(2 * STEPS):
            history.take(Dice.thrown(chance.getrandbits(24)))
            history.agrees()
        history.ends_well()
    except BaseException:
        print(*history.trail, sep="\n")
        raise
    finally:
        history.forget()
