"""Orders and deliveries that stand alone, landed set-based: the rows ``record_orders`` and ``record_deliveries`` write.

``source`` is a relation as ``exposure.bulk`` wants it, with the chapter's own columns beside.
"""

from xinheng.base.database import is_postgres
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.desk.sales.models import Order, Unreleased
from xinheng.desk.sales.telling import tell_unreleased


def land_orders(entry: Entry, source: str, *, opening: bool) -> int:
    """Orders entered unchecked, or approved as history; ``source`` has payment, instrument and ship_date beside."""
    landed = exposure.bulk.land(entry, source)
    state = Order.State.APPROVED if opening else Order.State.ENTERED
    given = {name: name for name in ("document_id", "payment", "instrument", "ship_date")}
    exposure.bulk.land_beside(Order, source, given | {"state": f"'{state.value}'"})
    return landed


def land_deliveries(entry: Entry, source: str, *, opening: bool) -> int:
    """Goods that left and name no order; unless they are history they are listed with a name on them."""
    landed = exposure.bulk.land(entry, source)
    if not opening:
        name = entry.actor.username.replace("'", "''").replace("%", "%%")
        at = f"CAST('{entry.at:%Y-%m-%d %H:%M:%S.%f+00}' AS timestamptz)" if is_postgres() else f"'{_stored(entry)}'"
        given = {
            "document_id": "document_id",
            "amount": "amount",
            "responsible": f"CASE WHEN salesperson <> '' THEN salesperson ELSE '{name}' END",
            "reason": "'NO_ORDER'",
            "recorded_at": at,
        }
        exposure.bulk.land_beside(Unreleased, source, {_column(field): text for field, text in given.items()})
        tell_unreleased(entry)
    return landed


def _column(field: str) -> str:
    return "delivery_id" if field == "document_id" else field


def _stored(entry: Entry) -> str:
    """The moment as SQLite's columns keep it: UTC without an offset."""
    return f"{entry.at:%Y-%m-%d %H:%M:%S.%f}"
