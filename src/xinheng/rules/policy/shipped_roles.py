"""The roles that ship: those of the source with what they may do and whose customers they see (requirements 2.2).

Nobody here can both enter an order and release it, post receipts and write them off, or propose a policy and sign it;
the same person on both sides of one document is refused anyway, whatever the roles.
"""

_VIEW = '"customers.view", "lines.view", "orders.view", "deliveries.view", "receivables.view", "decisions.view"'

ROLES = f"""\
[roles.SALESPERSON]
name_zh = "业务员"
name_en = "Salesperson"
scope = "OWN"
rights = [{_VIEW}, "orders.enter"]
without = []

[roles.SALES_SUPERVISOR]
name_zh = "销售主管"
name_en = "Sales supervisor"
scope = "TEAM"
rights = [{_VIEW}, "orders.enter", "reports.view", "policy.view"]
without = []

[roles.SALES_MANAGER]
name_zh = "销售经理"
name_en = "Sales manager"
scope = "BRANCH"
rights = [{_VIEW}, "orders.release", "orders.reject", "orders.cancel", "reports.view", "reports.export", "policy.view"]
without = []

[roles.REGIONAL_MANAGER]
name_zh = "大区经理"
name_en = "Regional manager"
scope = "BRANCH"
rights = [{_VIEW}, "orders.release", "orders.reject", "orders.cancel", "reports.view", "reports.export", "policy.view"]
without = []

[roles.SALES_DIRECTOR]
name_zh = "销售总监"
name_en = "Sales director"
scope = "ALL"
rights = [
    {_VIEW}, "orders.release", "orders.reject", "orders.cancel", "credit.keep", "holds.place", "reports.view",
    "reports.export", "policy.view", "policy.propose", "policy.backtest", "forms.approve",
]
without = []

[roles.FINANCE_MANAGER]
name_zh = "财务部经理"
name_en = "Finance manager"
scope = "ALL"
rights = [
    {_VIEW}, "customers.edit", "lines.set", "orders.check", "orders.release", "orders.reject", "holds.place",
    "holds.lift", "receivables.write_off", "disputes.approve", "decisions.replay", "reports.view", "reports.export",
    "policy.view", "policy.propose", "policy.backtest", "rates.set", "calendar.edit", "periods.close",
    "periods.reopen", "import.undo", "ledger.verify", "forms.approve",
]
without = []

[roles.FINANCE_HEAD]
name_zh = "财务主管"
name_en = "Finance head"
scope = "ALL"
rights = [
    {_VIEW}, "customers.edit", "orders.check", "holds.place", "decisions.replay", "reports.view", "reports.export",
    "policy.view", "rates.set", "calendar.edit", "periods.close", "ledger.verify",
]
without = []

[roles.FINANCE_DIRECTOR]
name_zh = "财务总监"
name_en = "Finance director"
scope = "ALL"
rights = [
    {_VIEW}, "orders.release", "orders.reject", "credit.keep", "credit.revoke", "holds.place", "holds.lift",
    "receivables.write_off", "disputes.approve", "decisions.replay", "reports.view", "reports.export", "policy.view",
    "policy.propose", "policy.backtest", "periods.close", "periods.reopen", "audit.read", "ledger.verify",
    "forms.approve",
]
without = []

[roles.GENERAL_MANAGER]
name_zh = "总经理"
name_en = "General manager"
scope = "ALL"
rights = [
    {_VIEW}, "orders.release", "orders.reject", "credit.revoke", "holds.place", "holds.lift", "receivables.write_off",
    "decisions.replay", "reports.view", "reports.export", "policy.view", "policy.backtest", "policy.sign",
    "periods.reopen", "audit.read", "forms.approve",
]
without = []

[roles.CREDIT_ADMINISTRATOR]
name_zh = "信用管理员"
name_en = "Credit administrator"
scope = "ALL"
rights = [
    {_VIEW}, "customers.edit", "orders.check", "orders.reject", "holds.place", "decisions.replay", "reports.view",
    "reports.export", "policy.view", "policy.propose", "policy.backtest",
]
without = []

[roles.CREDIT_CHECKER]
name_zh = "信用审核员"
name_en = "Credit checker"
scope = "ALL"
rights = [{_VIEW}, "orders.check", "orders.reject", "holds.place", "decisions.replay", "reports.view", "policy.view"]
without = []

[roles.SETTLEMENT_CLERK]
name_zh = "结算员"
name_en = "Settlement clerk"
scope = "ALL"
rights = [
    {_VIEW}, "receivables.allocate", "cash.post", "instruments.post", "import.run", "reports.view", "reports.export",
]
without = []

[roles.BILLING_CLERK]
name_zh = "开票员"
name_en = "Billing clerk"
scope = "BRANCH"
rights = [{_VIEW}, "receivables.post", "import.run", "reports.view"]
without = []

[roles.CUSTOMER_SERVICE]
name_zh = "客服人员"
name_en = "Customer service"
scope = "BRANCH"
rights = [{_VIEW}, "orders.enter", "deliveries.enter"]
without = []

[roles.WAREHOUSE]
name_zh = "仓储人员"
name_en = "Warehouse"
scope = "BRANCH"
rights = ["orders.view", "deliveries.view", "deliveries.enter", "deliveries.ship"]
without = []

[roles.MARKETING_MANAGER]
name_zh = "市场部经理"
name_en = "Marketing manager"
scope = "ALL"
rights = [{_VIEW}, "reports.view", "policy.view"]
without = []

[roles.AUDITOR]
name_zh = "审计员"
name_en = "Auditor"
scope = "ALL"
rights = [
    {_VIEW}, "decisions.replay", "reports.view", "reports.export", "policy.view", "policy.backtest", "audit.read",
    "ledger.verify",
]
without = []

[roles.ADMINISTRATOR]
name_zh = "系统管理员"
name_en = "Administrator"
scope = "ALL"
rights = [
    "admin.users", "admin.settings", "jobs.manage", "entities.edit", "calendar.edit", "audit.read", "ledger.verify",
]
without = []

[roles.CONSOLE]
name_zh = "控制台"
name_en = "Console"
scope = "ALL"
rights = ["*"]
without = ["policy.sign", "forms.approve", "orders.release", "credit.keep", "credit.revoke"]
"""
