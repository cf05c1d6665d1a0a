# ruff: noqa: RUF009 - knob() is dataclasses.field() with a description, nothing is shared
"""The sections of the policy about people: who releases, who keeps or revokes credit, what a breach sets in motion, and
who is told of what.

The source names different signers in different places; they are signers of different acts (K6): any of three managers
for a single sale beyond the policy, two directors together for keeping credit despite a breach, the finance director
for taking it away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xinheng.rules.policy.business_kinds import Amounts, Signers
from xinheng.rules.policy.codes import NoticeKind, ReasonCode, ReleaseAction
from xinheng.rules.policy.kinds import Choice, Flag, Listing, Table, Text, Whole
from xinheng.rules.policy.knobs import Record, knob
from xinheng.rules.policy.sections import COUNTED
from xinheng.rules.signers import SignerRule

#: What keeping credit despite a breach may soften: reasons of debt, never a hold or a missing signature.
_OF_DEBT = (
    ReasonCode.OVER_LIMIT,
    ReasonCode.OVER_GROUP_LIMIT,
    ReasonCode.OVERDUE_DAYS,
    ReasonCode.OVERDUE_AMOUNT,
    ReasonCode.OVERDUE_SHARE,
    ReasonCode.COD_OVERDUE,
    ReasonCode.ROLLING_BATCH_UNPAID,
    ReasonCode.GROUP_OVERDUE,
    ReasonCode.BREACH,
)


@dataclass(frozen=True)
class Tier:
    """A stricter rule for releases above an amount."""

    above: Mapping[str, Decimal] = knob(
        Amounts(every=True),
        ("金额以上", "above", "订单金额超过此数时适用。", "Applies to orders above this amount."),
        "篇7",
    )
    signers: SignerRule = knob(
        Signers(),
        ("签字人", "signers", "此档须签字的人。", "Who has to sign in this tier."),
        "篇7",
    )


@dataclass(frozen=True)
class ReleaseRules:
    """Who may let an order go that the check holds, and for how long. Never the order's own salesperson."""

    expiry_days: int = knob(
        Whole(0, 3650, "days"),
        ("放行有效天数", "days of a release", "放行自签字日起有效的天数。", "Days for which a release holds."),
        "篇7",
        "LM-002",
    )
    special_sale: SignerRule = knob(
        Signers(),
        ("特殊销售", "special sale", "单笔超政策销售由谁批准。", "Who allows one sale beyond the policy."),
        "篇7",
        "LM-002",
    )
    keep_credit_despite_breach: SignerRule = knob(
        Signers(),
        (
            "违约后保留信用",
            "keep credit",
            "违约后由谁共同批准保留信用。",
            "Who together keeps credit despite a breach.",
        ),
        "篇7",
        "OC-011",
    )
    revoke_credit: SignerRule = knob(
        Signers(),
        ("取消信用", "revoke credit", "由谁批准转为现款客户。", "Who turns a customer to cash."),
        "篇7",
        "OC-010",
    )
    tiers: tuple[Tier, ...] = knob(
        Listing(Record(Tier)),
        (
            "金额档次",
            "tiers",
            "大额放行的更严签字规则,取最后适用的一档。",
            "Stricter rules by amount; the last that applies.",
        ),
        "篇7",
    )
    not_releasable: tuple[ReasonCode, ...] = knob(
        Listing(Choice(tuple(code for code in ReasonCode if code is not ReasonCode.RELEASE_EXPIRED), ReasonCode)),
        (
            "不可放行",
            "cannot be released",
            "放行不能越过的原因；强制冻结始终不能。",
            "Reasons that no release overcomes; a forced hold none ever does.",
        ),
    )

    def overcomes(self, code: ReasonCode) -> bool:
        """Whether a release overcomes a reason; a forced hold none does, or it would be an ordinary one."""
        return code is not ReasonCode.FORCED_HOLD and code not in self.not_releasable

    def rule_for(self, action: ReleaseAction) -> SignerRule:
        """The signer rule of an act of K6, before tiers."""
        rule: SignerRule = getattr(self, action.lower())
        return rule


@dataclass(frozen=True)
class BreachRules:
    """What is debt already, and what follows when it is above the limit or overdue. Source: OC-010, OC-011."""

    components: tuple[str, ...] = knob(
        COUNTED,
        (
            "欠款构成",
            "debt",
            "判断违约时算作欠款的构成。",
            "The components that count as debt when a breach is judged.",
        ),
        "篇7",
        "OC-010",
    )
    propose_cash: bool = knob(
        Flag(),
        ("提议转现款", "propose cash", "违约时提议转为现款客户。", "A breach proposes to turn the customer to cash."),
        "篇7",
        "OC-010",
    )
    waiver_covers: tuple[ReasonCode, ...] = knob(
        Listing(Choice(_OF_DEBT, ReasonCode)),
        (
            "保留信用可越过",
            "kept credit covers",
            "批准保留信用期间只提示的原因。",
            "Reasons that are notices only while credit is kept despite a breach.",
        ),
        "篇7",
        "OC-011",
    )
    waiver_days: int = knob(
        Whole(0, 3650, "days"),
        ("保留信用天数", "days of kept credit", "批准保留信用的有效天数。", "Days for which kept credit holds."),
        "篇7",
        "OC-011",
    )


#: Asking for a release tells those who may sign it, whoever they are.
_BY_ROLE = tuple(kind for kind in NoticeKind if kind is not NoticeKind.RELEASE_ASKED)


@dataclass(frozen=True)
class NoticeRules:
    """Who is told when credit stops something, each only about customers they may see. Source: OC-008, OC-013."""

    told: Mapping[NoticeKind, tuple[str, ...]] = knob(
        Table(Listing(Text(r"[A-Z][A-Z0-9_]{0,39}")), keys=_BY_ROLE),
        (
            "通知对象",
            "who is told",
            "各类情况通知哪些角色；未列的不通知。申请放行始终通知有权签字的人。",
            "Which roles hear of what; a kind not named tells nobody. Asking for a release tells those who may sign.",
        ),
        "篇7",
        "OC-008 OC-013",
    )
    days: int = knob(
        Whole(1, 3650, "days"),
        ("待阅天数", "days in the inbox", "未读通知在待阅中保留的天数。", "Days for which an unread notice waits."),
    )
