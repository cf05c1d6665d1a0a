"""What a credit check answers: a verdict, every reason, the figures it rests on, and what would free a held order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xinheng.rules.order_check.facts import HolderKind, LineKind
from xinheng.rules.policy.codes import Effect, ReasonCode

#: Plain values as JSON has them; amounts are whole minor units, days ISO texts.
Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]
Params = Mapping[str, Plain]


class Verdict(StrEnum):
    """approved: nothing to say; watch: passes, with a notice; held: somebody has to do something."""

    APPROVED = "approved"
    WATCH = "watch"
    HELD = "held"


class StepKind(StrEnum):
    """One thing somebody can do about a held order."""

    PAY = "PAY"
    PREPAY = "PREPAY"
    REDUCE_ORDER = "REDUCE_ORDER"
    RAISE_LIMIT = "RAISE_LIMIT"
    RENEW_LINE = "RENEW_LINE"
    SIGN_LINE = "SIGN_LINE"
    RESTORE_CREDIT = "RESTORE_CREDIT"
    REACTIVATE = "REACTIVATE"
    LIFT_HOLD = "LIFT_HOLD"
    ADD_RATE = "ADD_RATE"
    CHANGE_PAYMENT = "CHANGE_PAYMENT"
    CHANGE_TERM = "CHANGE_TERM"
    CHANGE_INSTRUMENT = "CHANGE_INSTRUMENT"
    APPROVE_DOCUMENT = "APPROVE_DOCUMENT"
    SIGN = "SIGN"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order is held or noticed: the rule, what it did, whom it is about, what was found against which bound."""

    code: ReasonCode
    effect: Effect
    holder: HolderKind
    params: Params


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way out; ``params`` say exactly how much, on what, by whom."""

    kind: StepKind
    params: Params


@dataclass(frozen=True, slots=True)
class Free:
    """One way out: doing all its steps makes the check pass."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One holder's figures in its own currency, the order left out of ``exposure`` and counted in ``after``.

    ``limit`` is what counts on the day: the line with its temporary increase and initial stock; None unless the kind
    is AMOUNT.  ``components`` are weighed parts.  Amounts are None where a rate is missing (``missing_rates``).
    ``by_entity`` divides the exposure by the entities that share the limit; nothing where it is one.
    """

    holder: HolderKind
    code: str
    currency: str
    limit_kind: LineKind
    limit: int | None
    exposure: int | None
    after: int | None
    components: Mapping[str, int | None]
    by_currency: Mapping[str, int]
    missing_rates: tuple[str, ...] = ()
    by_entity: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def headroom(self) -> int | None:
        """Limit less exposure after the order; negative when it is over."""
        return None if self.limit is None or self.after is None else self.limit - self.after


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one check; ``measures`` name the binding holder first.

    ``released`` tells that a release overcame a block, ``policy_signed`` whether the policy version was signed.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    measures: tuple[Measure, ...]
    frees: tuple[Free, ...]
    policy: str
    policy_signed: bool
    rulebook: str
    released: bool = False

    @property
    def held(self) -> bool:
        """Whether the order has to wait."""
        return self.verdict is Verdict.HELD

    @property
    def shadow(self) -> bool:
        """Whether it passes only because the check watches here."""
        return not self.held and any(reason.effect is Effect.SHADOW for reason in self.reasons)
