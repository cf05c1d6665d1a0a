"""What can happen in the life of a customer's orders, as a back-test sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xinheng.desk.control.around import HoldNow
from xinheng.desk.limits.public import Line
from xinheng.rules.policy import CheckPoint
from xinheng.rules.road import Kind, Place


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of the ledger: whose, over how much, what it names; amounts in minor units."""

    id: int
    kind: Kind
    entity_id: int
    account_id: int
    number: str
    part: int
    dated_on: date
    effective_on: date
    due_on: date | None
    currency: str
    amount: int
    salesperson: str = ""
    term: str = ""
    order: str = ""
    delivery: str = ""
    nature: str = "PLAIN"
    consigned: bool = False
    shipped: bool = False  # by hand, after its check
    opening: bool = False  # history that was taken over


@dataclass(frozen=True, slots=True)
class Landed:
    """A document was recorded."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A document was reversed."""

    id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Money or paper moved, to take effect on a day; goods walk their own road."""

    account_id: int
    currency: str
    source: Place | None
    target: Place | None
    amount: int
    on: date


@dataclass(frozen=True, slots=True)
class Allocated:
    """Money settled invoices in one step, or no longer does; shares are (credit, invoice, minor units)."""

    shares: tuple[tuple[int, int, int], ...]
    undone: bool


@dataclass(frozen=True, slots=True)
class LineSet:
    """A line stands from now on, or no longer."""

    line: Line
    stands: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A hold stands from now on, or no longer: a customer's, or its group's (None)."""

    customer_id: int | None
    hold: HoldNow
    stands: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A breach stands until it is ended; credit is kept despite it until a day, or by nobody.

    It is a customer's, or its group's (None).
    """

    customer_id: int | None
    breach: int
    stands: bool
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A customer became active or inactive."""

    customer_id: int
    active: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """A document an order needs was approved."""

    order: int
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody changed, stopped, let go, cancelled or opened an order again."""

    verb: str
    order: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody, or a file, had an order checked; ``goods`` were to leave, 0 for all that was left."""

    order: int
    point: CheckPoint
    cause: str
    goods: int


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed a release or turned the order down."""

    order: int
    verb: str
    signer: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Something may have freed waiting orders, or only let debt grow."""

    cause: str
    frees: bool


@dataclass(frozen=True, slots=True)
class RatesCame:
    """Exchange rates were stated: waiting orders with foreign money are looked at again."""


@dataclass(frozen=True, slots=True)
class Began:
    """A business day began, the first one since ``before``."""

    before: date | None


What = (
    Landed
    | TakenBack
    | Moved
    | Allocated
    | LineSet
    | Held
    | Kept
    | Status
    | Approved
    | Act
    | Asked
    | Signed
    | Told
    | RatesCame
    | Began
)
#: What comes first of what was recorded at one moment.
RANKS: dict[type, int] = {
    Landed: 1,
    Moved: 2,
    TakenBack: 3,
    Allocated: 4,
    LineSet: 5,
    Held: 5,
    Kept: 5,
    Status: 5,
    Approved: 5,
    Act: 6,
    Asked: 7,
    Signed: 7,
    Told: 8,
    RatesCame: 8,
    Began: 9,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when it was recorded, and on which business date (None: nobody said)."""

    at: datetime
    what: What
    on: date | None = None
    id: int = 0  # the order in which things of one moment were recorded

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Its place in the sequence."""
        return self.at, RANKS[type(self.what)], self.id
