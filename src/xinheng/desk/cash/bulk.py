"""Receipts landed set-based: the rows ``record_receipts`` writes.

``source`` is a relation as ``exposure.bulk`` wants it, with method and purpose beside.
"""

from xinheng.desk.cash.models import Receipt
from xinheng.desk.cash.receipts import CLEARED_AT_ONCE
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.rules.road import Component

_CLEARED = ", ".join(f"'{method.value}'" for method in sorted(CLEARED_AT_ONCE))


def receipt_component(method: str, purpose: str) -> str:
    """Where a receipt's money stands, for expressions of its method and purpose: NULL until the bank has paid."""
    deposit, unapplied = int(Component.DEPOSIT), int(Component.UNAPPLIED)
    return (
        f"CASE WHEN {method} NOT IN ({_CLEARED}) THEN NULL "
        f"WHEN {purpose} = '{Receipt.Purpose.DEPOSIT.value}' THEN {deposit} ELSE {unapplied} END"
    )


def land_receipts(entry: Entry, source: str) -> int:
    """Land receipts; none of them allocates itself."""
    landed = exposure.bulk.land(entry, source)
    cleared = f"CASE WHEN method IN ({_CLEARED}) THEN dated_on END"
    given = {name: name for name in ("document_id", "method", "purpose")} | {"cleared_on": cleared}
    exposure.bulk.land_beside(Receipt, source, given)
    return landed
