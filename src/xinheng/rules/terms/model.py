"""What a term is: parts of the amount, each with a rule for its due date, written in one canonical way.

Settlement modes are those of 篇7 (滚结、月结、季结、年结、铺底、代销) beside plain periods, cash on delivery, payment
in advance and cash.  What a period is counted from is the term's own choice (K21): the invoice date unless it says
otherwise (篇7: 信用期限为从开出发票之日起应收帐款的帐龄).  ``str(term)`` is the canonical code; reading it again gives
an equal term.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from xinheng.rules.dates import add_days, add_months


class Base(StrEnum):
    """The day a period is counted from.  Only the first and MONTH_END are known with the invoice; the rest happen."""

    INVOICE = "INVOICE"
    DELIVERY = "DELIVERY"
    ACCEPTANCE = "ACCEPTANCE"  # 签收、验收
    STATEMENT = "STATEMENT"  # 对账
    MONTH_END = "MONTH_END"
    NEXT_BATCH = "NEXT_BATCH"  # 滚结: the n-th next batch is delivered
    SALE_REPORT = "SALE_REPORT"  # 代销: the consignee reports the sale
    FLOAT_END = "FLOAT_END"  # 铺底: the day on which the initial stock is to be paid or returned


#: Days that are known with the invoice; the others are events, unknown until they happen.
KNOWN = frozenset({Base.INVOICE, Base.MONTH_END})
#: Events whose day nothing in the books shows: somebody has to say when they happened.
TOLD = (Base.ACCEPTANCE, Base.STATEMENT, Base.SALE_REPORT)


class Mode(StrEnum):
    """How a part is settled. 结算方式"""

    NET = "NET"
    CASH = "CASH"  # 现款
    COD = "COD"  # 货到付款
    PREPAID = "PREPAID"  # 预付
    MONTHLY = "MONTHLY"  # 月结
    QUARTERLY = "QUARTERLY"  # 季结
    YEARLY = "YEARLY"  # 年结
    ROLLING = "ROLLING"  # 滚结
    FLOAT = "FLOAT"  # 铺底
    CONSIGNMENT = "CONSIGNMENT"  # 代销


#: Modes that gather a month, quarter or year into one statement.
STATEMENT_MODES = {Mode.MONTHLY: "月结", Mode.QUARTERLY: "季结", Mode.YEARLY: "年结"}
#: What each mode is counted from unless the term says otherwise.
NATURAL_BASE = {
    Mode.COD: Base.DELIVERY,
    Mode.ROLLING: Base.NEXT_BATCH,
    Mode.CONSIGNMENT: Base.SALE_REPORT,
}
#: Modes in which no credit is given.
WITHOUT_CREDIT = frozenset({Mode.CASH, Mode.COD, Mode.PREPAID})


class Unit(StrEnum):
    """What a period is measured in."""

    DAY = "D"
    MONTH = "M"


class Roll(StrEnum):
    """Where a due day goes that falls on a rest day: it is the contract's term, and by default it stays."""

    NONE = "NONE"
    NEXT = "NEXT"
    PREVIOUS = "PREVIOUS"


@dataclass(frozen=True, slots=True)
class Span:
    """A period of days or months, written 30D or 2M."""

    count: int
    unit: Unit = Unit.DAY

    def after(self, day: date) -> date:
        """The period's last day, its first not counted.  Raises DateOutOfRange."""
        return add_days(day, self.count) if self.unit is Unit.DAY else add_months(day, self.count)

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one part's due date follows from its base date.

    ``cut``: last day of the month that still counts in its statement (31: the whole month).  ``pay``: the day of the
    month on which statements are paid (0: none).  ``batches``: how many batches may stand open, for rolling settlement.
    ``until``: an initial stock's own end.  ``latest``: how long after the invoice it is due at the latest, whatever
    has or has not happened.
    """

    mode: Mode
    span: Span = Span(0)
    base: Base = Base.INVOICE
    cut: int = 31
    pay: int = 0
    batches: int = 0
    until: date | None = None
    latest: Span | None = None

    def __str__(self) -> str:
        words = [self._core()]
        if self.cut != 31:
            words.append(f"cut {self.cut}")
        if self.pay:
            words.append(f"pay {self.pay}")
        if self.base not in (Base.INVOICE, Base.FLOAT_END, NATURAL_BASE.get(self.mode)):
            words.append(f"from {self.base}")
        if self.latest is not None:
            words.append(f"latest {self.latest}")
        return " ".join(words)

    def _core(self) -> str:
        if self.mode in WITHOUT_CREDIT:
            return self.mode.value
        if self.mode in STATEMENT_MODES:
            return f"{STATEMENT_MODES[self.mode]}{self.span.count}"
        if self.mode is Mode.ROLLING:
            return f"滚结 {self.batches}"
        if self.mode is Mode.CONSIGNMENT:
            return f"代销 {self.span.count}"
        if self.mode is Mode.NET:
            return str(self.span)
        if self.until is not None:
            return f"铺底 until {self.until.isoformat()}"
        return "铺底" if self.base is Base.FLOAT_END else f"铺底 {self.span}"


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the amount (of 1) with its rule; ``retention`` is money kept back as security (质保金)."""

    share: Fraction
    rule: Rule
    retention: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """The whole term: parts whose shares add up to 1, and what rest days do.  Made by ``parse_term``."""

    parts: tuple[Part, ...]
    roll: Roll = Roll.NONE

    @property
    def modes(self) -> frozenset[Mode]:
        """The settlement modes of its parts, retention money left out."""
        return frozenset(part.rule.mode for part in self.parts if not part.retention)

    @property
    def gives_credit(self) -> bool:
        """Whether any part is paid later than the goods come: retention money is, cash is not."""
        return any(part.retention or part.rule.mode not in WITHOUT_CREDIT for part in self.parts)

    def __str__(self) -> str:
        principal = [part for part in self.parts if not part.retention]
        words = [_principal_text(principal)]
        for part in self.parts:
            if part.retention:
                words.append(f"质保 {_percent(part.share)} {part.rule}")
        if self.roll is not Roll.NONE:
            words.append(f"roll={self.roll}")
        return " ".join(words)


def equal_parts(first: Rule, count: int) -> list[Rule]:
    """The rules of ``count`` equal instalments, one every span of the first: 3x30D is 30D, 60D, 90D."""
    return [
        Rule(first.mode, Span(first.span.count * number, first.span.unit), first.base, latest=first.latest)
        for number in range(1, count + 1)
    ]


def _principal_text(parts: Sequence[Part]) -> str:
    first = parts[0].rule
    if len(parts) == 1:
        return str(first)
    alike = len({part.share for part in parts}) == 1 and first.mode is Mode.NET and first.span.count > 0
    if alike and [part.rule for part in parts] == equal_parts(first, len(parts)):
        return f"{len(parts)}x{first}"
    return "+".join(f"{_percent(part.share)}@{part.rule}" for part in parts)


def _percent(share: Fraction) -> str:
    """A share as a percentage with at most two decimals, the way the code says it."""
    whole, rest = divmod(int(share * 10_000), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"
