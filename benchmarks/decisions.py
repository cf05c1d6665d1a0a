"""Decisions a second, beside PostgreSQL's own SELECT + conditional UPDATE + commit by as many clients.

A full decision reads the facts, decides, writes the decision document, the movement, the balance and the audit line,
and is durable when it answers.
"""

import cProfile
import multiprocessing
import os
import pstats
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import django

DAY = date(2026, 3, 2)
#: Decisions a client makes before it counts: statements are planned, pages are in memory.
WARM = 8
_RAW_FOR_ONE = 4
_STEP = 10_000


def customer(code: str, *, items: int, orders: int) -> None:
    """A customer without a bound, with open items and as many entered orders."""
    from tests import books
    from xinheng.base import database, sql
    from xinheng.desk.exposure import public as exposure
    from xinheng.desk.sales import public as sales
    from xinheng.rules.road import Kind
    from xinheng.site import founding

    seller = exposure.entity()
    made = books.customer(code)
    books.line(made, None)
    account = exposure.account(made.pk, seller).pk
    with database.atomic():
        entry = exposure.open_entry("bench", by=founding.console())
        for start in range(0, items, _STEP):
            exposure.add(
                entry,
                [
                    exposure.NewDocument(
                        kind=Kind.INVOICE,
                        entity_id=seller.pk,
                        account_id=account,
                        number=f"{code}-I{n}",
                        dated_on=DAY - timedelta(n % 30),
                        due_on=DAY + timedelta(30 - n % 30),
                        currency="USD",
                        amount=100_00,
                    )
                    for n in range(start, min(items, start + _STEP))
                ],
            )
        rows = [sales.OrderRow(seller.pk, account, f"{code}-S{n}", DAY, "USD", 10_00) for n in range(orders)]
        sales.record_orders(entry, rows)
    if database.is_postgres():
        sql.execute("ANALYZE")


def orders_of(code: str) -> list[Any]:
    """The orders of a customer, oldest first."""
    from xinheng.desk.sales.public import Order

    found = Order.objects.filter(document__number__startswith=f"{code}-S")
    return list(found.select_related("document__account__customer", "document__entity").order_by("pk"))


def check(order: Any) -> None:
    from xinheng.desk.control import public as control
    from xinheng.site import founding

    control.check_order(order, on=DAY, by=founding.console())


def seconds_each(code: str, first: int, count: int) -> float:
    """What one decision for a customer takes, alone: the middle one of so many."""
    from xinheng.desk.control import public as control
    from xinheng.site import founding

    console, orders = founding.console(), orders_of(code)[first : first + count + WARM]
    taken = []
    for order in orders:
        started = time.perf_counter()
        control.check_order(order, on=DAY, by=console)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken[WARM:])


def _client(code: str, first: int, count: int, gate: Any, results: Any) -> None:
    django.setup()
    from xinheng.desk.control import public as control
    from xinheng.site import founding

    console, orders = founding.console(), orders_of(code)[first : first + count + WARM]
    for order in orders[:WARM]:
        control.check_order(order, on=DAY, by=console)
    gate.wait()
    started = time.perf_counter()
    for order in orders[WARM:]:
        control.check_order(order, on=DAY, by=console)
    results.put((len(orders) - WARM, time.perf_counter() - started))


def _raw_client(row: int, _first: int, count: int, gate: Any, results: Any) -> None:
    """The raw limit: one row read and conditionally updated, committed."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=False) as connection:
        for done in range(count + WARM):
            if done == WARM:
                gate.wait()
                started = time.perf_counter()
            connection.execute("SELECT amount FROM bench_raw WHERE id = %s", [row], prepare=True)
            connection.execute(
                "UPDATE bench_raw SET amount = amount + 1 WHERE id = %s AND amount < 1000000000", [row], prepare=True
            )
            connection.commit()
        results.put((count, time.perf_counter() - started))


def together(target: Callable[..., None], jobs: Sequence[tuple[Any, int, int]]) -> float:
    """What clients that start together do in a second: (whose, first, how many) each."""
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(len(jobs)), context.Queue()
    clients = [context.Process(target=target, args=(*job, gate, results)) for job in jobs]
    for client in clients:
        client.start()
    done = [results.get(timeout=600) for _ in clients]
    for client in clients:
        client.join()
    return sum(count for count, _ in done) / max(seconds for _, seconds in done)


def rate(codes: Sequence[str], first: int, count: int) -> float:
    """Decisions a second of one client for each code; the same code again takes the orders after."""
    places: Counter[str] = Counter()
    jobs = []
    for code in codes:
        jobs.append((code, first + places[code] * (count + WARM), count))
        places[code] += 1
    return together(_client, jobs)


def raw_rate(clients: int, count: int, *, hot: bool) -> float:
    """Raw transactions a second, each client on its own row or all on one."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_raw")
        connection.execute("CREATE TABLE bench_raw (id bigint PRIMARY KEY, amount bigint NOT NULL)")
        connection.execute("INSERT INTO bench_raw SELECT n, 0 FROM generate_series(1, 100) n")
    return together(_raw_client, [(1 if hot else n + 1, 0, count * _RAW_FOR_ONE) for n in range(clients)])


def orders_needed(clients: int, each: int, rounds: int) -> int:
    """How many orders one customer needs when all clients work on it."""
    return clients * (each + WARM) * rounds


#: Where time goes, by what the path of a function's file contains; the first that fits.
_PLACES = (
    ("driver", ("/psycopg", "psycopg_binary", "/sqlite3")),
    ("Django", ("/django/", "/asgiref/")),
    ("rule book", ("/xinheng/rules/",)),
    ("writing JSON", ("/json/",)),
    ("our own actions and queries", ("/xinheng/",)),
)
_WAITING = {"wait", "execute", "commit"}


def costs(code: str, first: int, count: int) -> dict[str, float]:
    """Shares of a decision's time, by place; waiting for the database apart."""
    orders = orders_of(code)[first : first + count + WARM]
    for order in orders[:WARM]:
        check(order)
    profile = cProfile.Profile()
    profile.enable()
    for order in orders[WARM:]:
        check(order)
    profile.disable()
    found: Counter[str] = Counter()
    for (path, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        found[_place(path, name)] += own
    whole = sum(found.values())
    return {place: seconds / whole for place, seconds in found.most_common()}


def _place(path: str, name: str) -> str:
    if ("psycopg" in path and name in {"wait", "_execute_send"}) or "sqlite3.C" in name:
        return "waiting for the database"
    return next((place for place, parts in _PLACES if any(part in path for part in parts)), "Python itself")
