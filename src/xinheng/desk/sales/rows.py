"""Orders, deliveries and returns as they are handed in: by a person, a file or another system."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order about to be entered; the amount in minor units, tax included."""

    entity_id: int
    account_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    salesperson: str = ""
    ship_date: date | None = None
    payment: str = "credit"
    term: str = ""
    instrument: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """Goods that left; ``order_number`` may name an order that arrives later, or be ``inferred`` by the policy."""

    entity_id: int
    account_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    order_number: str = ""
    consigned: bool = False
    token: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """Goods that came back from a delivery before it was invoiced."""

    entity_id: int
    account_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    delivery_number: str
