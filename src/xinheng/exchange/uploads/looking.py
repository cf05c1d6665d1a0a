"""What a file would do to the books, before it does: counts, money, what a check would hold, the bad rows as they are.

Nothing is written.  Orders that are to be checked are landed and checked for trial in a transaction that is taken back,
because each of them decides over what the ones before it left; beyond some rows that would keep others waiting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xinheng.base.database import is_postgres
from xinheng.base.models import User
from xinheng.desk.control import public as control
from xinheng.exchange.findings import Finding
from xinheng.exchange.importing import run_import
from xinheng.exchange.opening import opened
from xinheng.exchange.options import Options, Result, Tick

#: So many bad rows, and remarks, are shown; all of them are in the sheet of bad rows.
SHOWN = 200
#: More orders than this are not tried: the trial holds their accounts, and on SQLite every other writer.
_TRIED_MAX, _TRIED_MAX_SQLITE = 500, 100
#: So many orders that would be held are named.
_NAMED = 20


class _Tried(Exception):
    """The trial is over; everything in it is taken back."""


def look(kind: str, path: Path, options: Options, *, by: User, tick: Tick | None = None) -> dict[str, Any]:
    """What the file would do, as JSON keeps it.

    Raises:
        BadFile, Refused, and what a landing may raise.
    """
    looked = replace(options, dry_run=True, keep_good=True)
    result = run_import(kind, path, looked, by=by, tick=tick)
    found = seen(result, path, looked)
    if kind == "orders" and options.check and not options.opening and result.accepted:
        most = _TRIED_MAX if is_postgres() else _TRIED_MAX_SQLITE
        found["check"] = _trial(path, options, by) if result.rows <= most else {"left_out": most}
    return found


def seen(result: Result, path: Path, options: Options) -> dict[str, Any]:
    """A result as a page shows it."""
    lines = list(dict.fromkeys(one.line for one in result.errors))[:SHOWN]
    shown = set(lines)
    rows = _rows(path, options, shown)
    return {
        "rows": result.rows,
        "new": result.accepted,
        "present": result.already_present,
        "updated": result.updated,
        "bad": result.rejected,
        "void": result.void,
        "differing": sum(one.code == "CONFLICT_ROW" for one in result.errors),
        "money": dict(result.money),
        "errors": [_kept(one) for one in result.errors if one.line in shown],
        "warnings": [_kept(one) for one in result.warnings[:SHOWN]],
        "warned": len(result.warnings),
        "bad_rows": [[line, rows.get(line)] for line in lines],
    }


def _rows(path: Path, options: Options, lines: set[int]) -> dict[int, list[str]]:
    """The cells of some lines; one that could not be read as a row is not among them."""
    found: dict[int, list[str]] = {}
    if not lines:
        return found
    with opened(path, options) as sheet:
        for chunk in sheet.chunks(used=()):
            found |= {line: row for line, row in zip(chunk.lines, chunk.rows, strict=True) if line in lines}
            if chunk.lines and chunk.lines[-1] >= max(lines):
                break
    return found


def _kept(one: Finding) -> dict[str, Any]:
    """A finding without its sentence: that is said in the reader's language."""
    params = {name: plain(value) for name, value in one.params.items()}
    return {"line": one.line, "column": one.column, "value": one.value, "code": one.code, "params": params}


def plain(value: Any) -> Any:
    """A parameter as JSON keeps it."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value if isinstance(value, (str, int, float)) else str(value)


def _trial(path: Path, options: Options, by: User) -> dict[str, Any]:
    told: dict[str, Any] = {}

    def take_back(batch: int) -> None:
        decisions = control.Decision.objects.filter(document__batch_id=batch).select_related("document").order_by("id")
        told.update(_told(list(decisions)))
        raise _Tried

    try:
        run_import("orders", path, replace(options, keep_good=True, rejects=None), by=by, landed=take_back)
    except _Tried:
        return told
    return {}


def _told(decisions: Sequence[control.Decision]) -> dict[str, Any]:
    held = [one for one in decisions if one.verdict == control.Decision.Verdict.HELD]
    return {
        "checked": len(decisions),
        "watch": sum(one.verdict == control.Decision.Verdict.WATCH for one in decisions),
        "held": len(held),
        "held_money": _sums(held),
        "orders": [
            {"number": one.number, "reasons": one.outcome["reasons"], "amount": one.document.amount,
             "currency": one.document.currency}
            for one in held[:_NAMED]
            if one.document is not None
        ],
    }  # fmt: skip


def _sums(decisions: Sequence[control.Decision]) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for one in decisions:
        if one.document is not None:
            sums[one.document.currency] = sums.get(one.document.currency, 0) + one.document.amount
    return sums
