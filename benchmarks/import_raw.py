"""The limit an import is measured against: the same invoices landed by hand-written SQL, no question asked.

PostgreSQL: COPY into a temporary table, then INSERT … SELECT into the ledger's own tables with their indexes and
constraints.  SQLite: `executemany` straight into them.  No row is checked, no due date derived, nobody is locked out
and no audit line is written: whatever an importer does besides costs time above this.
"""

import csv
import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import batched
from pathlib import Path

HEADINGS = ("number", "customer", "issue_date", "due_date", "amount")
CUSTOMERS = 20_000
INVOICE, INVOICED = 30, 4
DOCUMENT = (
    "id, kind, entity_id, account_id, number, part, dated_on, effective_on, due_on, currency, amount, term, "
    "salesperson, order_number, delivery_number, invoice_number, nature, occupies, consigned, entry_id, batch_id, "
    "reversed_by_id"
)
POSITION = "id, document_id, account_id, component, currency, dated_on, due_on, amount"
MOVEMENT = "entry_id, account_id, source_id, target_id, currency, amount, effective_on, recorded_at"
BALANCE = "account_id, currency, component, amount"
DUE_TOTAL = "account_id, component, currency, due_on, nature, amount, count"


def write_file(path: Path, rows: int, customers: int = CUSTOMERS, *, first: date, days: int, seed: int = 7) -> None:
    """A file of invoices: rising numbers, so many days from the first, due after thirty, amounts with cents."""
    draw = random.Random(seed)
    texts = [
        (day.isoformat(), (day + timedelta(days=30)).isoformat())
        for day in (first + timedelta(days=offset) for offset in range(days))
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for index in range(rows):
            issued, due = texts[min(index * len(texts) // rows, len(texts) - 1)]
            customer = draw.randrange(customers)
            cents = draw.randrange(100, 2_000_000)
            amount = f"{cents // 100}.{cents % 100:02d}"
            writer.writerow((f"INV-{index + 1:08d}", f"C{customer:06d}", issued, due, amount))


def on_postgres(address: str, path: Path, *, entity: int, entry: int, batch: int) -> float:
    """Seconds to land the file; customers and their accounts are there already."""
    import psycopg

    started = time.perf_counter()
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE raw (document_id bigint DEFAULT nextval('exposure_document_id_seq'), "
            "position_id bigint DEFAULT nextval('exposure_position_id_seq'), number text, customer text, "
            "issued date, due date, amount numeric) ON COMMIT DROP"
        )
        copying = "COPY raw (number, customer, issued, due, amount) FROM STDIN (FORMAT csv, HEADER)"
        with path.open("rb") as file, cursor.copy(copying) as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        source = (
            "(SELECT r.*, a.id AS account_id, round(r.amount * 100)::bigint AS minor FROM raw r "
            "JOIN customers_customer c ON c.code = r.customer JOIN exposure_account a ON a.customer_id = c.id "
            f"AND a.entity_id = {entity}) s"
        )
        for statement in (
            f"INSERT INTO exposure_document ({DOCUMENT}) SELECT document_id, {INVOICE}, {entity}, account_id, number, "
            f"1, issued, issued, due, 'USD', minor, '', '', '', '', '', 'PLAIN', true, false, {entry}, {batch}, NULL "
            f"FROM {source}",
            f"INSERT INTO exposure_position ({POSITION}) SELECT position_id, document_id, account_id, {INVOICED}, "
            f"'USD', issued, due, minor FROM {source}",
            f"INSERT INTO exposure_movement ({MOVEMENT}) SELECT {entry}, account_id, NULL, position_id, 'USD', minor, "
            f"issued, now() FROM {source}",
            f"INSERT INTO exposure_balance ({BALANCE}) SELECT account_id, 'USD', {INVOICED}, sum(minor) FROM {source} "
            "GROUP BY account_id ON CONFLICT (account_id, component, currency) DO UPDATE "
            "SET amount = exposure_balance.amount + excluded.amount",
            f"INSERT INTO exposure_duetotal ({DUE_TOTAL}) SELECT account_id, {INVOICED}, 'USD', due, 'PLAIN', "
            f"sum(minor), count(*) FROM {source} GROUP BY account_id, due "
            "ON CONFLICT (account_id, component, due_on, currency, nature) DO UPDATE "
            "SET amount = exposure_duetotal.amount + excluded.amount, count = exposure_duetotal.count + excluded.count",
        ):
            cursor.execute(statement)
    return time.perf_counter() - started


def on_sqlite(database: Path, path: Path, *, entity: int, entry: int, batch: int) -> float:
    """Seconds to land the file; customers and their accounts are there already."""
    started = time.perf_counter()
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=FILE", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    accounts = dict(
        connection.execute(
            "SELECT c.code, a.id FROM customers_customer c JOIN exposure_account a ON a.customer_id = c.id "
            "WHERE a.entity_id = ?",
            [entity],
        )
    )
    balances: dict[int, int] = defaultdict(int)
    totals: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    statements = {
        table: f"INSERT INTO exposure_{table} ({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"
        for table, columns in (("document", DOCUMENT), ("position", POSITION), ("movement", MOVEMENT))
    }
    at = "2026-11-24 09:00:00"
    rest = ("", "", "", "", "", "PLAIN", True, False, entry, batch, None)
    for rows in batched(_read(path, accounts, connection), 10_000):
        for _, _, account, _, _, due, minor in rows:
            balances[account] += minor
            total = totals[account, due]
            total[0] += minor
            total[1] += 1
        connection.executemany(
            statements["document"],
            (
                (id, INVOICE, entity, account, number, 1, issued, issued, due, "USD", minor, *rest)
                for id, _, account, number, issued, due, minor in rows
            ),
        )
        connection.executemany(
            statements["position"],
            (
                (position, id, account, INVOICED, "USD", issued, due, minor)
                for id, position, account, _, issued, due, minor in rows
            ),
        )
        connection.executemany(
            statements["movement"],
            (
                (entry, account, None, position, "USD", minor, issued, at)
                for _, position, account, _, issued, _, minor in rows
            ),
        )
    connection.executemany(
        f"INSERT INTO exposure_balance ({BALANCE}) VALUES (?, 'USD', {INVOICED}, ?) ON CONFLICT DO UPDATE "
        "SET amount = amount + excluded.amount",
        balances.items(),
    )
    connection.executemany(
        f"INSERT INTO exposure_duetotal ({DUE_TOTAL}) VALUES (?, {INVOICED}, 'USD', ?, 'PLAIN', ?, ?) ON CONFLICT "
        "DO UPDATE SET amount = amount + excluded.amount, count = count + excluded.count",
        ((account, due, amount, count) for (account, due), (amount, count) in totals.items()),
    )
    connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - started


def _read(path: Path, accounts: dict[str, int], connection: sqlite3.Connection) -> Iterator[tuple]:
    """(document, position, account, number, issued, due, minor units) of every row."""
    last = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    document, position = last.get("exposure_document", 0), last.get("exposure_position", 0)
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        for number, customer, issued, due, amount in rows:
            document += 1
            position += 1
            yield document, position, accounts[customer], number, issued, due, int(amount.replace(".", ""))
