"""Ageing from the row store, beside the same grouping in plain SQL on the same tables."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection

from benchmarks.decisions import DAY

_BOUNDS = (30, 60, 90)
_TRIES = 3
#: Lines of one page.
_PAGE = 50


def _cases(on: date) -> str:
    edges = [on, *(on - timedelta(days) for days in _BOUNDS)]
    whens = " ".join(f"WHEN due_on >= '{edge}' THEN {index}" for index, edge in enumerate(edges))
    return f"CASE {whens} ELSE {len(edges)} END"


def _plain(whose: str) -> str:
    joins = " JOIN exposure_account a ON a.id = account_id" if whose else ""
    return (
        f"SELECT {whose + ', ' if whose else ''}currency, {_cases(DAY)}, COUNT(*), SUM(amount) "
        f"FROM exposure_position{joins} WHERE component = 4 AND amount > 0 GROUP BY {'1, 2, 3' if whose else '1, 2'}"
    )


def _asked(sql: str) -> Callable[[], Any]:
    def run() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    return run


def measure() -> dict[str, list[float]]:
    """What is asked → [ours, plain] in seconds, the best of a few tries of each in turn."""
    from xinheng.desk.exposure.public import Moment
    from xinheng.desk.receivables import public as receivables
    from xinheng.rules.ageing import By, parse_bounds

    bounds, moment = parse_bounds("30,60,90"), Moment(DAY, None)
    ask = receivables.Ask(moment, By.DUE, bounds, receivables.AgeingScope())
    jobs = {
        "in all": (
            lambda: receivables.ageing(moment, by=By.DUE, bounds=bounds, scope=receivables.AgeingScope()),
            _asked(_plain("")),
        ),
        "a page of customers": (
            lambda: receivables.ageing_rows(ask, "customer", limit=_PAGE),
            _asked(_plain("a.customer_id")),
        ),
    }
    found = {}
    for name, pair in jobs.items():
        taken: list[list[float]] = [[], []]
        for _ in range(_TRIES):
            for place, job in enumerate(pair):
                started = time.perf_counter()
                job()
                taken[place].append(time.perf_counter() - started)
        found[name] = [min(one) for one in taken]
    return found
