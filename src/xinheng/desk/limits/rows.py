"""A credit line as it is handed in."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line about to be set; ``kind`` amount, unlimited, none or unset; amounts in minor units.

    ``extra`` is a temporary increase and ``initial_stock`` what is carried for 铺底; each needs its last day.
    """

    kind: str
    currency: str
    amount: int | None = None
    customer_id: int | None = None
    group_id: int | None = None
    entity_id: int | None = None
    term: str = ""
    term_days: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    extra: int = 0
    extra_until: date | None = None
    initial_stock: int = 0
    initial_stock_until: date | None = None
    withdrawn: bool = False
    instruments: tuple[str, ...] | None = None
    reason: str = ""
