# ruff: noqa: RUF009 - knob() is dataclasses.field() with a description, nothing is shared
"""Which rule bites at which moment, and how hard: the table of check points.

The source wants an order beyond its conditions refused by the system (OC-002) and no goods sent while due money is
outstanding (OC-001); users of other systems suffer when a check comes too late or refuses an invoice for goods that
have left.  So every rule is set for each of the four moments: it blocks, gives a notice, or is not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from xinheng.rules.policy.codes import CheckPoint, Effect, ReasonCode
from xinheng.rules.policy.kinds import Choice, Listing, Table, Text
from xinheng.rules.policy.knobs import Record, knob

_EFFECT = Choice((Effect.BLOCK, Effect.NOTICE, Effect.IGNORE), Effect)
_NOTICE = Choice((Effect.NOTICE, Effect.IGNORE), Effect)
_HELP = ("拦截、提示或不检查。", "Block, give a notice, or do not look.")
_HELP_NOTICE = ("提示或不检查。", "Give a notice, or do not look.")


@dataclass(frozen=True)
class Effects:
    """What one rule does at each moment."""

    order: Effect = knob(_EFFECT, ("下单", "order", *_HELP))
    change: Effect = knob(_EFFECT, ("改单", "change", *_HELP))
    delivery: Effect = knob(_EFFECT, ("发货", "delivery", *_HELP))
    invoice: Effect = knob(_EFFECT, ("开票", "invoice", *_HELP))


@dataclass(frozen=True)
class Notices(Effects):
    """The same for a rule that only ever warns: there is another one that stops."""

    order: Effect = knob(_NOTICE, ("下单", "order", *_HELP_NOTICE))
    change: Effect = knob(_NOTICE, ("改单", "change", *_HELP_NOTICE))
    delivery: Effect = knob(_NOTICE, ("发货", "delivery", *_HELP_NOTICE))
    invoice: Effect = knob(_NOTICE, ("开票", "invoice", *_HELP_NOTICE))


def _rule(
    zh: str, en: str, help_zh: str, help_en: str, covers: str = "", source: str = "篇7", of: type = Effects
) -> Any:
    return knob(Record(of), (zh, en, help_zh, help_en), source, covers)


@dataclass(frozen=True)
class CheckPointRules:
    """One field per rule; its name is the rule's code in lower case."""

    customer_inactive: Effects = _rule(
        "客户已停用", "customer inactive", "停用的客户不再交易。", "An inactive customer does not trade.", "OC-002"
    )
    forced_hold: Effects = _rule(
        "强制冻结", "forced hold", "只能由人解除的冻结。", "A hold that only a person lifts.", "OC-013"
    )
    on_hold: Effects = _rule("冻结", "on hold", "订单或客户被冻结。", "The order or its customer is on hold.", "OC-013")
    group_on_hold: Effects = _rule("集团冻结", "group on hold", "所属集团被冻结。", "The group is on hold.", "OC-013")
    missing_approval: Effects = _rule(
        "缺少审批",
        "missing approval",
        "约定的文件尚未批准。",
        "A document that was agreed is not approved.",
        "OC-009 OC-011",
    )
    instrument_not_allowed: Effects = _rule(
        "支付方式不符",
        "instrument not allowed",
        "订单的支付方式不在约定范围内。",
        "The order is to be paid by means that were not agreed.",
        "OC-007 LM-011",
    )
    term_not_allowed: Effects = _rule(
        "账期超长",
        "term too long",
        "订单账期超过批准的信用期限。",
        "The term is longer than what was granted.",
        "LM-008",
    )
    grade_not_allowed: Effects = _rule(
        "等级不允许",
        "grade does not allow",
        "客户等级不允许这种付款方式。",
        "The grade does not allow such payment.",
        "LM-009",
    )
    credit_withdrawn: Effects = _rule(
        "信用已取消", "credit withdrawn", "客户已转为现款客户。", "The customer was turned to cash.", "OC-010"
    )
    no_credit: Effects = _rule(
        "无授信", "no credit", "没有授信额度的客户只能现款。", "No line: a cash customer.", "LM-012"
    )
    line_unsigned: Effects = _rule(
        "额度未签批",
        "line unsigned",
        "额度尚未按审批单签批。",
        "The line was not signed by an approval form.",
        "LM-001",
    )
    line_not_yet_valid: Effects = _rule(
        "额度未生效", "line not yet valid", "额度的生效日未到。", "The line begins later.", "LM-001"
    )
    line_expired: Effects = _rule("额度已到期", "line expired", "额度的有效期已过。", "The line has ended.", "LM-001")
    over_limit: Effects = _rule(
        "超额度",
        "over the limit",
        "占用加本单超过信用额度。",
        "Exposure with this order exceeds the limit.",
        "LM-003 OC-007",
    )
    over_group_limit: Effects = _rule(
        "超集团额度",
        "over the group's limit",
        "集团占用加本单超过集团额度。",
        "The group's limit is exceeded.",
        "LM-003",
    )
    near_limit: Notices = _rule(
        "临界提醒", "watch zone", "占用接近信用额度。", "Exposure is close to the limit.", "OC-012", of=Notices
    )
    prepayment_short: Effects = _rule(
        "预收不足", "prepayment short", "到账的预收款不够本单。", "Cleared money does not cover the order.", "OC-007"
    )
    overdue_days: Effects = _rule(
        "超期",
        "overdue by days",
        "有货款超过宽限期未付。",
        "Debt is unpaid beyond the days of grace.",
        "OC-001 OC-007 OC-013",
    )
    overdue_amount: Effects = _rule(
        "逾期金额", "overdue amount", "逾期总额超过上限。", "All overdue debt exceeds an amount.", "OC-001"
    )
    overdue_share: Effects = _rule(
        "逾期占比",
        "overdue share",
        "逾期占信用占用的比例过高。",
        "Overdue debt is too large a share of exposure.",
        "OC-001",
    )
    overdue_notice: Notices = _rule(
        "宽限期内逾期",
        "overdue in grace",
        "有货款到期未付但仍在宽限内。",
        "Debt is late, but within grace.",
        "OC-004",
        of=Notices,
    )
    cod_overdue: Effects = _rule(
        "货到未付",
        "not paid on arrival",
        "货到结款的货款次日仍未付。",
        "Cash on delivery was not paid on arrival.",
        "OC-018",
    )
    rolling_batch_unpaid: Effects = _rule(
        "上批未结",
        "last batch unpaid",
        "滚结客户上一批货款未付清。",
        "Rolling settlement: the last batch is unpaid.",
        "LM-010",
    )
    group_overdue: Effects = _rule(
        "集团成员逾期",
        "overdue in the group",
        "同一集团其他成员逾期；未达规定金额时只提示。",
        "Another member is overdue; below the set amount it is a notice only.",
        "OC-004",
    )
    breach: Effects = _rule(
        "违约",
        "breach",
        "已发货或已开票欠款超额度，或逾期超政策。",
        "Debt is over the limit or overdue beyond policy.",
        "OC-010",
    )

    def at(self, point: CheckPoint) -> Mapping[ReasonCode, Effect]:
        """The effect of every rule that is looked at there; rules that are not are left out."""
        return self._effects[point]

    @cached_property
    def _effects(self) -> dict[CheckPoint, dict[ReasonCode, Effect]]:
        rules = {ReasonCode(one.name.upper()): getattr(self, one.name) for one in fields(self)}
        return {
            point: {
                code: effect
                for code, effects in rules.items()
                if (effect := getattr(effects, point.lower())) is not Effect.IGNORE
            }
            for point in CheckPoint
        }


#: Every class of customers, also those without one.
EVERY_CLASS = "*"


@dataclass(frozen=True)
class ShadowRules:
    """Where a check only watches 影子运行: it says what it would have held and holds nothing.

    Whoever begins, or tightens a rule, sees for a month on live orders what would happen before it does.
    """

    classes: Mapping[str, tuple[str, ...]] = knob(
        Table(Listing(Text()), keys=tuple(CheckPoint)),
        (
            "影子运行的客户类别",
            "classes watched only",
            "各环节只观察、不拦截的客户类别;* 为全部客户;未列的环节照常拦截。",
            'At each moment the classes of customers whose orders are watched only; "*": all. Elsewhere rules block.',
        ),
    )
    still_block: tuple[ReasonCode, ...] = knob(
        Listing(Choice(tuple(ReasonCode), ReasonCode)),
        (
            "仍然拦截",
            "still block",
            "影子运行时仍然拦截的原因。",
            "What stops an order all the same, such as a hold that a person placed.",
        ),
    )

    def watches(self, point: CheckPoint, customer_class: str) -> bool:
        """Whether a check of a customer of this class does not stop anything there."""
        named = self.classes.get(point, ())
        return EVERY_CLASS in named or customer_class in named
