"""Imports that die: one process imports the same file again and again and is killed each time at another statement.

``python -m tests.exchange.killing FILE POINTS`` forks a child for every point, spread over everything that a whole
import asks of the database, and says after each what the books hold.  The children are killed as a machine kills them:
nothing is tidied up.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

#: What tells what the books hold; ids and moments differ from run to run and are left out (a sequence runs on when a
#: transaction is lost).
BOOKS = (
    "SELECT kind, number, part, amount, currency, dated_on, due_on, reversed_by_id IS NULL FROM exposure_document",
    "SELECT d.number, d.part, p.component, p.amount FROM exposure_position p JOIN exposure_document d "
    "ON d.id = p.document_id WHERE p.amount > 0",
    "SELECT c.code, b.component, b.currency, b.amount FROM exposure_balance b JOIN exposure_account a "
    "ON a.id = b.account_id JOIN customers_customer c ON c.id = a.customer_id WHERE b.amount <> 0",
    "SELECT c.code, t.component, t.currency, t.due_on, t.amount, t.count FROM exposure_duetotal t "
    "JOIN exposure_account a ON a.id = t.account_id "
    "JOIN customers_customer c ON c.id = a.customer_id WHERE t.amount <> 0",
    "SELECT d.number, t.net, t.tax FROM receivables_invoicetax t JOIN exposure_document d ON d.id = t.document_id",
    "SELECT amount, currency, effective_on FROM exposure_movement",
    "SELECT kind, file_name, rows_digest FROM base_batch",
    "SELECT stream, sequence, verb FROM base_auditline WHERE stream = 'files'",
)


def held() -> list[list[str]]:
    """What the books hold, in an order of its own."""
    from xinheng.base import sql

    return [sorted(repr([str(cell) for cell in row]) for row in sql.fetch(statement)) for statement in BOOKS]


def import_file(path: Path, stop_at: int = 0) -> int:
    """Import the file; with ``stop_at`` this process dies before so many statements.  How many there were."""
    from django.db import connection

    from xinheng.exchange import importing
    from xinheng.site import founding

    importing._CHUNK = 100  # small steps, so that the reading is interrupted as well
    done = 0

    def count(execute: Callable[..., Any], *words: Any) -> Any:
        nonlocal done
        done += 1
        if done == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*words)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(count))
        options = importing.Options(update=True)
        result = importing.run_import("invoices", path, options, by=founding.console())
        assert result.errors == [], result.errors[:3]
    return done


def main() -> None:
    django.setup()
    path, points, statements = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    from django.db import connection

    states = []
    for point in range(points):
        connection.close()
        child = os.fork()
        if not child:
            import_file(path, stop_at=1 + point * (statements - 1) // (points - 1))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        states.append({"killed": os.WIFSIGNALED(status), "held": held()})
    print(json.dumps(states))


if __name__ == "__main__":
    main()
