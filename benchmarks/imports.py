"""A file of invoices into the books: validated, with exposure and audit, and what others notice of it.

Beside it the same rows landed by hand-written SQL that asks no question (import_raw.py).
"""

import os
import resource
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks import decisions, import_raw

_PAUSE = 0.002
_STEP = 1_000
#: Minor units of the line each customer has; nobody fills it.
_LIMIT = 100_000_000_00


def customers(count: int) -> None:
    """Customers with their accounts and a line each, none of them with documents."""
    from xinheng.base import clock
    from xinheng.base.database import atomic
    from xinheng.desk.customers.public import write_customers
    from xinheng.desk.exposure import public as exposure
    from xinheng.desk.limits.public import Line
    from xinheng.site import founding

    with atomic():
        made = write_customers([{"code": f"C{n:06d}", "name": f"Customer {n}"} for n in range(count)])
        ids = [one.pk for one in made]
        exposure.ensure_holders(customer_ids=ids)
        exposure.ensure_accounts((id, exposure.entity().pk) for id in ids)
        line = {"kind": Line.Kind.AMOUNT, "amount": _LIMIT, "currency": "USD", "term_days": 30}
        line |= {"set_by": founding.console(), "set_at": clock.now()}
        Line.objects.bulk_create([Line(customer_id=id, **line) for id in ids], batch_size=_STEP)


def land(path: str) -> dict[str, Any]:
    """Import the file; seconds in all and by stage, rows, and the most memory the process ever took."""
    from xinheng.exchange.importing import Options, run_import
    from xinheng.site import founding

    stages: dict[str, float] = {}
    last: list[Any] = [time.perf_counter(), "reading"]

    def tick(stage: str, done: float, _of: float) -> None:
        """What went by belongs to this stage when some of it is done, else to the one before."""
        now, before = time.perf_counter(), last[1]
        name = stage if done or stage == before else before
        stages[name] = stages.get(name, 0.0) + now - last[0]
        last[:] = [now, stage]

    started = time.perf_counter()
    result = run_import("invoices", Path(path), Options(), by=founding.console(), tick=tick)
    seconds = time.perf_counter() - started
    tick("landing", 1, 1)
    if result.errors or not result.accepted:
        raise RuntimeError(f"{result.accepted} landed, {result.errors[:3]}")
    rows, memory = result.accepted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "rows": rows, "megabytes": memory / 1024, "stages": stages}


def land_raw(path: str) -> dict[str, Any]:
    """The same rows by hand-written SQL; the heading they stand under is made before."""
    from django.conf import settings

    from xinheng.base import clock
    from xinheng.base.models import Batch
    from xinheng.desk.exposure import public as exposure
    from xinheng.site import founding

    by = founding.console()
    batch = Batch.objects.create(kind="invoices", file_name="raw", recorded_at=clock.now(), recorded_by=by).pk
    names = {"entity": exposure.entity().pk, "entry": exposure.open_entry("bench", by=by, batch_id=batch).pk}
    address = os.environ.get("DATABASE_URL")
    if address:
        return {"seconds": import_raw.on_postgres(address, Path(path), batch=batch, **names)}
    return {"seconds": import_raw.on_sqlite(settings.HOME / "xinheng.sqlite3", Path(path), batch=batch, **names)}


def probe(code: str) -> dict[str, Any]:
    """Check one customer's orders until standard input is closed; the longest a check took, and the middle one."""
    orders = decisions.orders_of(code)
    for order in orders[: decisions.WARM]:
        decisions.check(order)
    print("ready", flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    taken = []
    while not ended.is_set():
        for order in orders:
            started = time.perf_counter()
            decisions.check(order)
            taken.append(time.perf_counter() - started)
            if ended.wait(_PAUSE):
                break
    return {"longest": max(taken), "middle": statistics.median(taken), "checks": len(taken)}
