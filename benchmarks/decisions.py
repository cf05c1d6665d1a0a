"""Decisions a second, beside the raw limit: PostgreSQL's own SELECT + conditional UPDATE + commit, 8 clients.

A full decision reads the facts, decides, writes the decision document, the movement, the balance and the audit line,
and is durable when it answers.  Measured on different accounts, on one hot account, and for flatness: a customer with
100,000 open items against one with 10.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

DAY = date(2026, 3, 2)
CLIENTS = 8
EACH = int(os.environ.get("BENCH_DECISIONS", "150"))


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")
    django.setup()


def prepare(accounts: int, *, items: int, orders_each: int) -> None:
    """Books with customers that each have ``items`` open items and ``orders_each`` entered orders; one has 100,000."""
    _django()
    from tests import books
    from xinheng.base import database, sql
    from xinheng.desk.exposure import public as exposure
    from xinheng.desk.sales import public as sales
    from xinheng.rules.road import Kind
    from xinheng.site import founding

    books.found()
    console = founding.console()
    seller = exposure.entity()
    for index in range(accounts):
        customer = books.customer(f"C{index:05}")
        books.line(customer, None)
        account = exposure.account(customer.pk, seller).pk
        with database.atomic():
            entry = exposure.open_entry("bench", by=console)
            many = 100_000 if index == 0 else items
            for start in range(0, many, 10_000):
                exposure.add(
                    entry,
                    [
                        exposure.NewDocument(
                            kind=Kind.INVOICE,
                            entity_id=seller.pk,
                            account_id=account,
                            number=f"I{index}-{n}",
                            dated_on=DAY - timedelta(n % 30),
                            due_on=DAY + timedelta(30 - n % 30),
                            currency="USD",
                            amount=100_00,
                        )
                        for n in range(start, min(many, start + 10_000))
                    ],
                )
            rows = [sales.OrderRow(seller.pk, account, f"S{index}-{n}", DAY, "USD", 10_00) for n in range(orders_each)]
            sales.record_orders(entry, rows)
    if database.is_postgres():
        sql.execute("ANALYZE")


def _orders(account_index: int) -> list:
    from xinheng.desk.sales.public import Order

    found = Order.objects.filter(document__number__startswith=f"S{account_index}-")
    return list(found.select_related("document__account__customer", "document__entity").order_by("pk"))


def _client(account: int, first: int, count: int, gate, results) -> None:
    _django()
    from xinheng.desk.control import public as control
    from xinheng.site import founding

    console = founding.console()
    orders = _orders(account)[first : first + count]
    control.check_order(orders[0], on=DAY, by=console)
    gate.wait()
    started = time.perf_counter()
    for order in orders[1:]:
        control.check_order(order, on=DAY, by=console)
    results.put((count - 1, time.perf_counter() - started))


def rate(jobs: list[tuple[int, int, int]], target: Callable = _client) -> float:
    """Decisions a second of clients that start together: (account, first order, how many) each."""
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(len(jobs)), context.Queue()
    clients = [context.Process(target=target, args=(*job, gate, results)) for job in jobs]
    for client in clients:
        client.start()
    done = [results.get(timeout=600) for _ in clients]
    for client in clients:
        client.join()
    return sum(count for count, _ in done) / max(seconds for _, seconds in done)


def one_after_another(account: int, count: int = 100) -> float:
    """Seconds a decision for one account takes, alone on the machine."""
    from xinheng.desk.control import public as control
    from xinheng.site import founding

    console = founding.console()
    orders = _orders(account)[-count:]
    control.check_order(orders[0], on=DAY, by=console)
    started = time.perf_counter()
    for order in orders[1:]:
        control.check_order(order, on=DAY, by=console)
    return (time.perf_counter() - started) / (count - 1)


def _raw_client(account: int, first: int, count: int, gate, results) -> None:
    """The raw limit: one row read and conditionally updated, committed."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=False) as connection:
        gate.wait()
        started = time.perf_counter()
        for _ in range(count):
            connection.execute("SELECT amount FROM bench_raw WHERE id = %s", [account], prepare=True)
            connection.execute(
                "UPDATE bench_raw SET amount = amount + 1 WHERE id = %s AND amount < 1000000000",
                [account],
                prepare=True,
            )
            connection.commit()
        results.put((count, time.perf_counter() - started))


def raw(*, hot: bool) -> float:
    """Raw transactions a second with 8 clients on 8 rows, or all on one."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_raw")
        connection.execute("CREATE TABLE bench_raw (id bigint PRIMARY KEY, amount bigint NOT NULL)")
        connection.execute("INSERT INTO bench_raw SELECT n, 0 FROM generate_series(1, 100) n")
    return rate([(1 if hot else n + 1, 0, EACH * 5) for n in range(CLIENTS)], _raw_client)


def measure() -> list[tuple[str, str, str]]:
    """Rows for the table of results: what, figure, beside."""
    prepare(CLIENTS + 2, items=10, orders_each=CLIENTS * EACH + 200)
    rows = []
    postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    spread, hot = (raw(hot=False), raw(hot=True)) if postgres else (0.0, 0.0)
    different = rate([(n + 1, 0, EACH) for n in range(CLIENTS)])
    same = rate([(CLIENTS + 1, n * EACH, EACH) for n in range(CLIENTS)])
    large, small = one_after_another(0), one_after_another(1)
    engine = "PostgreSQL" if postgres else "SQLite"
    beside = f"{different / spread:.2f} × raw {spread:,.0f}/s" if spread else "one writer at a time"
    rows.append((f"{engine}: decision, 8 clients, different accounts", f"{different:,.0f}/s", beside))
    beside = f"{same / hot:.2f} × raw hot row {hot:,.0f}/s" if hot else "one writer at a time"
    rows.append((f"{engine}: decision, 8 clients, one account", f"{same:,.0f}/s", beside))
    rows.append(
        (
            f"{engine}: decision with 100,000 open items against 10",
            f"{large * 1000:.2f} ms / {small * 1000:.2f} ms",
            f"{large / small:.2f} ×",
        )
    )
    return rows


if __name__ == "__main__":
    for row in measure():
        sys.stdout.write(" | ".join(row) + "\n")
