# ruff: noqa: RUF009 - knob() is dataclasses.field() with a description, nothing is shared
"""The sections of the policy that weigh what a customer owes: exposure, limits, overdue debt, terms, paper, holds.

Each field is a choice the source articles leave to the company, or answer differently in two places (requirements.md
3); no threshold of the check exists anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xinheng.rules.policy.business_kinds import Amounts
from xinheng.rules.policy.codes import (
    COMPONENTS,
    Acceptor,
    CheckPoint,
    HoldKind,
    Instrument,
    ItemNature,
    Matching,
    Payment,
)
from xinheng.rules.policy.kinds import Choice, Listing, Table, Text, Whole
from xinheng.rules.policy.knobs import Record, knob

_PERCENT = Whole(0, 100, "percent")
COUNTED = Listing(Choice(COMPONENTS), low=1)


@dataclass(frozen=True)
class ExposureRules:
    """What counts as owed or about to be owed, and how much of it. Source: LM-003, K22."""

    components: tuple[str, ...] = knob(
        COUNTED,
        ("占用构成", "components", "计入信用占用的构成。", "The components that count."),
        "篇7",
        "LM-003",
    )
    contingent_weight_percent: int = knob(
        _PERCENT,
        (
            "或有权重",
            "contingent weight",
            "已背书或贴现、可被追索的票据的权重。",
            "Weight of bills passed on with recourse.",
        ),
    )
    instrument_weights_percent: Mapping[str, Mapping[str, int]] = knob(
        Table(Table(_PERCENT, keys=tuple(Acceptor)), keys=tuple(Instrument)),
        (
            "票据权重",
            "weights of paper",
            "票据在兑付前按种类和承兑人计入占用的比例。",
            "How much of a paper still counts until it is money, by kind and acceptor.",
        ),
        "篇7",
    )
    other_instrument_weight_percent: int = knob(
        _PERCENT,
        ("其他票据权重", "weight of other paper", "未列明票据的权重。", "Weight of paper that is not named above."),
    )

    def weight_of(self, kind: str, acceptor: str) -> int:
        """The percentage at which a paper counts; OTHER speaks for acceptors a kind does not name."""
        of_kind = self.instrument_weights_percent.get(kind, {})
        return of_kind.get(acceptor, of_kind.get(Acceptor.OTHER, self.other_instrument_weight_percent))


@dataclass(frozen=True)
class LimitRules:
    """How near the limit somebody is told. Exposure equal to the limit passes."""

    watch_percent: int | None = knob(
        Whole(1, 100, "percent", optional=True),
        (
            "临界百分比",
            "watch zone",
            "占用超过额度的这一百分比即提醒;none 为不提醒。",
            'Above this share of the limit a passed order carries a notice; "none": never.',
        ),
        "篇7",
        "OC-012",
    )


@dataclass(frozen=True)
class OverdueRules:
    """When unpaid debt counts against an order. Source: OC-001, OC-007, K3."""

    grace_days: int = knob(
        Whole(0, 3650, "days"),
        ("宽限天数", "days of grace", "到期后多少天内不算超期。", "Days after the due day that are forgiven."),
        "篇7",
        "OC-001",
    )
    cod_grace_days: int = knob(
        Whole(0, 3650, "days"),
        ("货到结款宽限", "grace for cash on delivery", "货到结款的宽限天数。", "Days of grace for cash on delivery."),
        "篇7",
        "OC-018",
    )
    minimum_amounts: Mapping[str, Decimal] = knob(
        Amounts(),
        ("起算金额", "minimum amount", "超期金额高于此数才算。", "Overdue debt up to this amount is not looked at."),
    )
    amount_max: Mapping[str, Decimal] = knob(
        Amounts(),
        (
            "逾期金额上限",
            "overdue amount",
            "逾期总额(不计宽限)的上限;留空为不限。",
            "Bound of all late debt, grace or not.",
        ),
    )
    share_percent_max: int | None = knob(
        Whole(0, 100, "percent", optional=True),
        (
            "逾期占比上限",
            "overdue share",
            "超期占信用占用的最高比例。",
            "The largest share of exposure that may be overdue.",
        ),
    )
    excluded: tuple[ItemNature, ...] = knob(
        Listing(Choice((ItemNature.DISPUTED, ItemNature.INITIAL_STOCK), ItemNature)),
        (
            "不计入",
            "left out",
            "不算超期的款项：已批准的争议、铺底（至其专项额度到期）。质保金在自身到期前本不算超期。",
            "What is not overdue: approved disputes, and initial stock until the line that carries it ends. "
            "Retention money is not late before its own day.",
        ),
        "篇7",
        "LM-010",
    )


@dataclass(frozen=True)
class TermRules:
    """The longest term an order may have when its line names none. Source: LM-008, K2."""

    days_max: int = knob(
        Whole(0, 3650, "days"),
        ("最长账期", "longest term", "额度未约定账期时的最长天数。", "Longest term where the line names none."),
        "篇7",
        "LM-008",
    )
    days_max_by_class: Mapping[str, int] = knob(
        Table(Whole(0, 3650, "days")),
        ("按客户类别", "by class", "个别客户类别的最长账期。", "Longest term of single classes of customers."),
        "篇8",
        "LM-009",
    )


@dataclass(frozen=True)
class InstrumentRules:
    """Means of payment that are accepted where nothing else was agreed. Source: LM-011."""

    allowed: tuple[str, ...] = knob(
        Listing(Choice(tuple(Instrument)), low=1),
        ("可接受的支付方式", "accepted", "未另行约定时可接受的支付方式。", "Accepted where nothing else was agreed."),
        "篇7",
        "LM-011",
    )


@dataclass(frozen=True)
class HoldRules:
    """What a hold stops, by why it was placed. Source: OC-008, OC-013."""

    points: Mapping[str, tuple[CheckPoint, ...]] = knob(
        Table(Listing(Choice(tuple(CheckPoint), CheckPoint)), keys=tuple(HoldKind)),
        (
            "冻结范围",
            "what a hold stops",
            "各类冻结在哪些环节生效;未列的在所有环节生效。",
            "The moments at which each kind of hold counts; a kind not named counts at all of them.",
        ),
        "篇7",
        "OC-008 OC-013",
    )

    def counts(self, kind: str, point: CheckPoint) -> bool:
        """Whether a hold of this kind is looked at there."""
        return point in self.points.get(kind, tuple(CheckPoint))


@dataclass(frozen=True)
class GroupRules:
    """What one member's overdue debt means to the others."""

    overdue_hold_amounts: Mapping[str, Decimal] = knob(
        Amounts(),
        (
            "成员逾期拦截金额",
            "amount that holds",
            "其他成员超期达到此数时拦截,未达时提示;留空为只提示。",
            "From this amount another member's overdue debt blocks; below it there is a notice only.",
        ),
        "篇7",
        "OC-004",
    )


@dataclass(frozen=True)
class GradeBinding:
    """What one grade of one rating scheme allows."""

    loosest_payment: Payment = knob(
        Choice(tuple(Payment), Payment),
        ("最宽付款方式", "loosest payment", "该等级最宽的付款方式。", "The loosest payment the grade allows."),
        "篇7",
    )
    term_days_max: int | None = knob(
        Whole(0, 3650, "days", optional=True),
        (
            "最长账期",
            "longest term",
            "该等级的最长账期;none 为不限。",
            'The longest term of the grade; "none": no bound.',
        ),
        "篇8",
    )


@dataclass(frozen=True)
class GradeRules:
    """What grades bind, by SCHEME_GRADE; nothing as shipped, and nothing without a rating. Source: K1, LM-009."""

    bindings: Mapping[str, GradeBinding] = knob(
        Table(Record(GradeBinding)),
        ("等级约束", "what grades bind", "各评级方案各等级的约束。", "What each grade of each scheme allows."),
        "篇7 篇8",
        "LM-009",
    )
    without_rating: str = knob(
        Text(r"|[A-Z][A-Z0-9_]{0,39}"),
        (
            "无评级时",
            "without a rating",
            "没有评级的客户按哪一等级对待;留空为不受约束。",
            "Which grade an unrated customer is treated as; empty: nothing binds it.",
        ),
    )


@dataclass(frozen=True)
class MatchingRules:
    """What happens to documents that name no predecessor."""

    unlinked_documents: Matching = knob(
        Choice(tuple(Matching), Matching),
        (
            "未关联单据",
            "unlinked documents",
            "未注明来源的发货或发票:保持未关联,或对应最早的未结订单。",
            "A delivery or invoice that names no order stays unlinked, or is matched to the oldest open one.",
        ),
    )


@dataclass(frozen=True)
class BusinessRules:
    """Habits of the desk that are not rules of credit."""

    ageing_bounds_days: tuple[int, ...] = knob(
        Listing(Whole(1, 3650, "days"), low=1, rising=True),
        ("账龄分段", "ageing bounds", "账龄表的分段天数。", "The days at which the ageing table is divided."),
        "篇7",
    )
    oldest_items_max: int = knob(
        Whole(1, 100, "items"),
        (
            "列示单据数",
            "items listed",
            "信用检查记录列示的最早未结单据数。",
            "How many of the oldest items a decision lists.",
        ),
    )


@dataclass(frozen=True)
class ApiRules:
    """What other systems may ask of the API, and how long it remembers what it answered."""

    requests_per_minute: int = knob(
        Whole(1, 1_000_000, "requests"),
        (
            "每分钟请求数",
            "requests a minute",
            "每个令牌每分钟最多的请求数。",
            "The most requests of one key in a minute.",
        ),
    )
    answers_kept_days: int = knob(
        Whole(1, 3650, "days"),
        (
            "答复保留天数",
            "answers kept",
            "同一 Idempotency-Key 的答复保留多少天。",
            "How many days the answer to an Idempotency-Key is kept.",
        ),
    )
