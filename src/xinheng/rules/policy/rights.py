# ruff: noqa: RUF009 - knob() is dataclasses.field() with a description, nothing is shared
"""What a person may be allowed to do, and the roles that carry it.

A right names a verb of the business, not a screen.  Roles are those of the source (业务员 … 总经理, requirements 2.2)
with an auditor, an administrator and the console beside them; which right a role holds and whose customers it sees is
part of the signed policy, because it is the authority matrix the source asks for (明晰的审批权限).
"""

from dataclasses import dataclass

from xinheng.rules.policy.codes import Scope
from xinheng.rules.policy.kinds import Choice, Listing, Text
from xinheng.rules.policy.knobs import knob

#: Every right: its code and what it lets a person do, in Chinese and English.
RIGHTS: dict[str, tuple[str, str]] = {
    "customers.view": ("查看客户", "see customers"),
    "customers.edit": ("维护客户资料", "edit the customer file"),
    "lines.view": ("查看授信额度", "see credit lines"),
    "lines.set": ("设定授信额度", "set a credit line"),
    "orders.view": ("查看订单", "see orders"),
    "orders.enter": ("录入订单", "enter and change orders"),
    "orders.check": ("信用检查", "check orders"),
    "orders.release": ("放行", "sign a release"),
    "orders.reject": ("驳回订单", "reject an order"),
    "orders.cancel": ("取消订单", "cancel or close an order"),
    "holds.place": ("冻结", "place a hold"),
    "holds.lift": ("解冻", "lift a hold"),
    "credit.keep": ("违约后保留信用", "keep credit despite a breach"),
    "credit.revoke": ("取消信用", "take credit away"),
    "deliveries.view": ("查看发货", "see deliveries"),
    "deliveries.enter": ("录入发货", "enter deliveries and returns"),
    "deliveries.ship": ("凭放行发货", "ship against a shipping order"),
    "receivables.view": ("查看应收", "see receivables and ageing"),
    "receivables.post": ("登记发票和应收调整", "post invoices and credit notes"),
    "receivables.allocate": ("收款核销", "allocate receipts"),
    "receivables.write_off": ("坏账损失核销", "write off bad debt"),
    "disputes.approve": ("批准争议", "approve a dispute"),
    "cash.post": ("登记收款", "post receipts"),
    "instruments.post": ("登记票据", "post cheques and bills"),
    "rates.set": ("维护汇率", "set exchange rates"),
    "calendar.edit": ("维护工作日历", "edit the calendar of working days"),
    "entities.edit": ("维护公司主体", "edit entities and branches"),
    "periods.close": ("月结", "close a month"),
    "periods.reopen": ("反月结", "re-open a month"),
    "import.run": ("导入文件", "import files"),
    "import.undo": ("撤销导入", "undo an import"),
    "reports.view": ("查看报表", "see reports"),
    "reports.export": ("导出报表", "export reports"),
    "decisions.view": ("查看信用检查记录", "see decisions"),
    "decisions.replay": ("复核重算", "replay decisions"),
    "policy.view": ("查看信用政策", "see the policy"),
    "policy.propose": ("提出信用政策", "propose a policy"),
    "policy.backtest": ("政策试算", "back-test a policy"),
    "policy.sign": ("签发信用政策", "sign a policy"),
    "forms.approve": ("审批信用审批单", "approve forms"),
    "audit.read": ("查看审计记录", "read the audit trail"),
    "ledger.verify": ("核对账本", "verify the ledger"),
    "jobs.manage": ("查看和停止所有人的后台任务", "see and stop everybody's background work"),
    "admin.users": ("管理用户", "manage users"),
    "admin.settings": ("管理系统设置", "manage settings, backup and restore"),
}

#: In a role's list of rights: all of them, those of later releases included.
EVERYTHING = "*"


@dataclass(frozen=True)
class Role:
    """One role: its names, what it may do and whose customers it sees. Exposure itself is computed over everything."""

    name_zh: str = knob(Text(), ("中文名", "Chinese name", "角色的中文名称。", "What the role is called in Chinese."))
    name_en: str = knob(Text(), ("英文名", "English name", "角色的英文名称。", "What the role is called in English."))
    scope: Scope = knob(
        Choice(tuple(Scope), Scope),
        ("数据范围", "scope", "本人、团队、分支机构或全部客户。", "Own, team's, branch's or all customers."),
        "篇7",
    )
    rights: tuple[str, ...] = knob(
        Listing(Choice((EVERYTHING, *RIGHTS))),
        ("权限", "rights", "该角色可以做的事;* 表示全部。", "What the role may do; * means everything."),
        "篇7",
        "OC-012",
    )
    without: tuple[str, ...] = knob(
        Listing(Choice(tuple(RIGHTS))),
        ("除外", "without", "从权限中扣除的事项。", "What is taken away again."),
    )

    def allows(self, right: str) -> bool:
        """Whether the role holds the right."""
        return right not in self.without and (right in self.rights or EVERYTHING in self.rights)
