"""What a credit check looks at: the order, who owes what, lines, holds, money and releases, all frozen.

Whoever asks for a check gathers these facts once, under the lock of whoever holds the limit; the check itself reads
nothing else.  They are small (sums by due day and the oldest items, never every invoice) and are stored with the
decision, so that it can be decided again years later.  Amounts are whole minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xinheng.rules.exposure import Components, PaperSum
from xinheng.rules.policy.codes import CheckPoint, ItemNature, Payment, ReasonCode


class LineKind(StrEnum):
    """What a line says: an amount, no bound, no credit, or nothing."""

    AMOUNT = "AMOUNT"
    UNLIMITED = "UNLIMITED"
    NONE = "NONE"
    UNSET = "UNSET"


class Credit(StrEnum):
    """CREDIT leaves the answer to the lines; CASH and WITHDRAWN refuse credit whatever the lines say."""

    CREDIT = "CREDIT"
    CASH = "CASH"
    WITHDRAWN = "WITHDRAWN"


class HolderKind(StrEnum):
    """Whose line, debt or hold a statement is about."""

    ORDER = "ORDER"
    CUSTOMER = "CUSTOMER"
    GROUP = "GROUP"


@dataclass(frozen=True, slots=True)
class Line:
    """A credit line as it stands on the day of the check; amounts in the holder's currency.

    ``term`` is the code of the term it grants, ``term_days`` the longest that may last; None where nothing bounds it.
    ``extra`` is a temporary increase until ``extra_until`` (inclusive).  ``initial_stock`` is the separate line for
    铺底 that does not revolve: until its end it carries the initial stock that is still unpaid, nothing else.
    """

    kind: LineKind = LineKind.UNSET
    limit: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    term: str = ""
    term_days: int | None = None
    signed: bool = True
    withdrawn: bool = False
    extra: int = 0
    extra_until: date | None = None
    initial_stock: int = 0
    initial_stock_until: date | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class DueSum:
    """All open amounts of one holder that fall due on one day, in one currency, of one nature.

    ``goods`` of it are delivered and not invoiced yet: money settles them once they are.
    """

    due_on: date
    currency: str
    amount: int
    nature: ItemNature = ItemNature.PLAIN
    goods: int = 0


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open item, listed so that people see what to pay; it is part of a DueSum when it is due.

    ``salesperson`` sold it: cash on delivery that was not paid stands against that person.  ``goods`` are a delivery of
    that number which is not invoiced yet.  ``entity`` is to be paid; "" where the holder owes only one.
    """

    number: str
    due_on: date
    currency: str
    amount: int
    part: int = 1
    nature: ItemNature = ItemNature.PLAIN
    salesperson: str = ""
    goods: bool = False
    entity: str = ""


@dataclass(frozen=True, slots=True)
class EntityPart:
    """What of a holder's components and paper stands towards one entity, where its limit is shared by several."""

    code: str
    components: Mapping[str, Components]
    papers: tuple[PaperSum, ...] = ()


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """What one holder of a limit owes; for a group, all its members together.

    ``components`` by currency leave out what the checked order itself has reserved.  ``due`` holds at least every sum
    whose due day has passed, and those ROLLING ones that have to be paid before the next batch goes, each day, currency
    and nature once; a group's ``due`` is that of the *other* members only.  ``items``
    are the oldest open ones, oldest first.  ``initial_stock`` is the unpaid 铺底, by currency.  ``rates`` give what
    one unit of a currency is worth in ``currency``; one that is not known is absent.  ``entities`` divide the
    components by the entities that share the limit; nothing where it is one.
    """

    code: str
    currency: str
    line: Line = field(default_factory=Line)
    components: Mapping[str, Components] = field(default_factory=dict)
    papers: tuple[PaperSum, ...] = ()
    due: tuple[DueSum, ...] = ()
    items: tuple[OpenItem, ...] = ()
    initial_stock: Mapping[str, int] = field(default_factory=dict)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    entities: tuple[EntityPart, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The part of an order that is still to be owed, delivered or invoiced; ``amount`` in its own currency.

    ``passed`` of it has left or been invoiced before and is debt already: no longer asked for, but a release and money
    paid beforehand are for the whole, ``amount`` and ``passed`` together.  ``goods`` are what
    somebody wants to leave, at delivery; 0 is all that is left.
    ``term`` "" takes whatever the line allows; ``term_days`` is the longest it may last, None where nothing bounds it.
    ``instrument`` "" takes what is allowed.  ``rolling`` orders settle by batches (滚结).  ``missing_approvals`` name
    documents that the order needs and that nobody has approved yet.
    """

    number: str
    amount: int
    currency: str
    payment: Payment = Payment.CREDIT
    term: str = ""
    term_days: int | None = None
    instrument: str = ""
    salesperson: str = ""
    rolling: bool = False
    missing_approvals: tuple[str, ...] = ()
    passed: int = 0
    goods: int = 0

    @property
    def whole(self) -> int:
        """What a release and prepaid money have to cover."""
        return self.amount + self.passed


@dataclass(frozen=True, slots=True)
class Standing:
    """How the customer stands apart from its debts.

    ``instruments_allowed`` None takes the policy's; ``grades`` are SCHEME_GRADE codes on file; ``kept_until`` is the
    last day for which two directors kept its credit despite a breach (OC-011).
    """

    active: bool = True
    credit: Credit = Credit.CREDIT
    customer_class: str = ""
    instruments_allowed: tuple[str, ...] | None = None
    grades: tuple[str, ...] = ()
    kept_until: date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold in force; a ``forced`` one never frees itself and no release overcomes it.

    The hold of a breach is not among them: it stands and falls with the debt, which the rules look at themselves.
    """

    id: str
    holder: HolderKind
    kind: str
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """A signed release: it binds the customer, an amount and a last day; ``codes`` empty covers every reason."""

    customer: str
    amount: int
    currency: str
    expires_on: date
    codes: tuple[ReasonCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one check sees. ``prepaid_money`` is cleared, unreserved money of the same customer and entity, in the
    order's currency; what the order itself has reserved is part of it."""

    point: CheckPoint
    on: date
    order: OrderFacts
    customer: HolderFacts
    group: HolderFacts | None = None
    standing: Standing = field(default_factory=Standing)
    holds: tuple[Hold, ...] = ()
    prepaid_money: int = 0
    release: Release | None = None
