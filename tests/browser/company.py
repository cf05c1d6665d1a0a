"""A small company to look at: customers of every sort, a year of invoices and payments, orders that pass and wait.

Everything goes in through the product's own actions, so that the pages show what people will see.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests import books
from xinheng.base import clock, people
from xinheng.base.jobs import actions as jobs
from xinheng.base.jobs.worker import Worker
from xinheng.base.models import Branch, Company, Job, User
from xinheng.desk.cash import public as cash
from xinheng.desk.control import public as control
from xinheng.desk.customers.public import Customer, Group
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.sales import public as sales
from xinheng.rules.policy import SHIPPED
from xinheng.site import founding

TODAY = date(2026, 11, 24)
PASSWORD = "correct-horse-battery"
NOTICE = "演示数据：发票以外的单据均为模拟。"
NOTICE_EN = "Demonstration data: everything but the invoices is simulated."

#: username, role, Chinese and English name, branch, supervisor, code
STAFF = (
    ("gm", "GENERAL_MANAGER", "总经理 沈怀瑾", "Shen Huaijin", "SH", "", ""),
    ("fm", "FINANCE_MANAGER", "财务经理 何立", "He Li", "SH", "gm", ""),
    ("checker", "CREDIT_CHECKER", "信用审核员 唐越", "Tang Yue", "SH", "fm", ""),
    ("director", "SALES_DIRECTOR", "销售总监 江望", "Jiang Wang", "SH", "gm", ""),
    ("lin", "SALESPERSON", "业务员 林晓", "Lin Xiao", "SH", "director", "S01"),
    ("han", "SALESPERSON", "业务员 韩冬", "Han Dong", "BJ", "director", "S02"),
    ("warehouse", "WAREHOUSE", "仓储 石磊", "Shi Lei", "SH", "", ""),
    ("billing", "BILLING_CLERK", "开票员 苏晴", "Su Qing", "BJ", "fm", ""),
    ("clerk", "SETTLEMENT_CLERK", "结算员 周敏", "Zhou Min", "SH", "fm", ""),
    ("admin", "ADMINISTRATOR", "系统管理员 陆远", "Lu Yuan", "SH", "", ""),
)


@dataclass(frozen=True)
class Who:
    """One customer: its line (None unlimited, -1 none at all), and how late it pays (days; None never)."""

    code: str
    name: str
    name_en: str
    salesperson: str
    line: int | None
    monthly: int
    late: int | None
    group: str = ""


CUSTOMERS = (
    Who("C0001", "远东贸易有限公司", "Far East Trading", "S01", 900_000, 260_000, 3),
    Who("C0002", "重庆长安机电", "Chang'an Electric", "S01", 500_000, 150_000, 45),
    Who("C0003", "苏州华彩印务", "Huacai Printing", "S02", 300_000, 90_000, 0),
    Who("C0004", "广州德信五金", "Dexin Hardware", "S02", 200_000, 120_000, 75),
    Who("C0005", "宁波海天塑机", "Haitian Plastics", "S01", 1_500_000, 420_000, 12, "HT"),
    Who("C0006", "海天塑机（无锡）", "Haitian Plastics Wuxi", "S01", -1, 180_000, 20, "HT"),
    Who("C0007", "杭州云栖软件", "Yunqi Software", "S02", None, 60_000, 0),
    Who("C0008", "成都蜀味食品", "Shuwei Foods", "S02", -1, 0, None),
    Who("C0009", "沈阳北方重工", "Northern Heavy Industry", "S01", 800_000, 310_000, None),
    Who("C0010", "青岛港通物流", "Gangtong Logistics", "S02", 250_000, 70_000, 8),
)


def build() -> Company:
    """Found the books and fill them; the business date is ``TODAY``."""
    company = books.found("CNY", TODAY)
    company.name, company.simulated, company.simulated_en = "信衡示例公司", NOTICE, NOTICE_EN
    company.save()
    _people()
    for who in CUSTOMERS:
        _customer(who)
    for place, who in enumerate(CUSTOMERS):
        _year(who, place)
    _waiting_for_acceptance()
    _rates()
    _orders()
    _background_work()
    receivables.close_month(exposure.entity(), date(2026, 9, 1), by=founding.console())
    return company


def _rates() -> None:
    """The dollar over half a year."""
    for month, rate in ((6, "7.18"), (7, "7.16"), (8, "7.17"), (9, "7.12"), (10, "7.11"), (11, "7.09")):
        row = exposure.RateRow(date(2026, month, 1), "USD", "CNY", Decimal(rate))
        exposure.set_rate(row, by=founding.console())


def _background_work() -> None:
    """The finance manager tried the policy and took a list out; a day began; one file is no longer there."""
    fm, console = user("fm"), founding.console()
    control.ask_for_backtest(SHIPPED, since=None, until=TODAY, by=fm)
    query = {"path": "/control/orders/", "query": "state=HELD&format=xlsx", "language": "zh"}
    asked = [("export", query, fm), ("sweep", {}, console), ("import", _GONE, console)]
    for kind, arguments, by in asked:
        jobs.ask_for(kind, arguments, by=by)
    while Worker().one():
        pass
    running = jobs.ask_for("begin-day", {"on": TODAY.isoformat()}, by=console)
    now = clock.now()
    Job.objects.filter(pk=running.pk).update(
        state=Job.State.RUNNING, stage="beginning", done=41, of=100, started_at=now, beat_at=now, attempts=1
    )
    jobs.stop(jobs.ask_for("sweep", {}, by=console).pk, by=console)


_GONE = {"kind": "invoices", "path": "/tmp/invoices-2026-11.csv", "options": {}}


def _waiting_for_acceptance() -> None:
    """An invoice that falls due after the customer has accepted the goods."""
    entity, account = _account(customer("C0007"))
    row = receivables.InvoiceRow(
        entity_id=entity,
        account_id=account,
        number="INV-ACCEPT",
        issued_on=TODAY - timedelta(days=5),
        currency="CNY",
        amount=1_200_000,
        term="30D from ACCEPTANCE",
    )
    receivables.post_invoice(row, by=founding.console())


def customer(code: str) -> Customer:
    return Customer.objects.get(code=code)


def user(username: str) -> User:
    return User.objects.get(username=username)


def _people() -> None:
    for code, name in (("SH", "上海总部"), ("BJ", "北京分公司")):
        Branch.objects.get_or_create(code=code, defaults={"name": name})
    for username, role, zh, en, branch, supervisor, code in STAFF:
        people.add_user(
            username,
            PASSWORD,
            by=founding.console(),
            roles=[role],
            name_zh=zh,
            name_en=en,
            branch=branch,
            supervisor=supervisor,
            code=code,
        )


def _customer(who: Who) -> None:
    if who.group:
        Group.objects.get_or_create(code=who.group, defaults={"name": "海天集团"})
    branch = "SH" if who.salesperson == "S01" else "BJ"
    stated = {"name_en": who.name_en, "salesperson": who.salesperson, "branch": branch, "group": who.group}
    made = books.customer(who.code, name=who.name, **stated)
    if who.line != -1:
        kind = "unlimited" if who.line is None else "amount"
        amount = None if who.line is None else who.line * 100
        row = limits.LineRow(
            kind=kind, currency="CNY", amount=amount, customer_id=made.pk, term="30D", term_days=30, reason="年度授信"
        )
        limits.set_line(row, on=TODAY, by=founding.console())
    if who.code == "C0006":
        row = limits.LineRow(kind="amount", currency="CNY", amount=200_000_000, group_id=made.group_id)
        limits.set_line(row, on=TODAY, by=founding.console())


def _account(who: Customer) -> tuple[int, int]:
    entity = exposure.entity()
    return entity.pk, exposure.account(who.pk, entity).pk


def _year(who: Who, place: int) -> None:
    """Twelve monthly invoices, each paid as late as this customer pays."""
    if not who.monthly:
        return
    entity, account = _account(customer(who.code))
    invoices, money, allocations = [], [], []
    for month in range(12):
        on = TODAY - timedelta(days=350 - 30 * month - place)
        amount = who.monthly * 100 * (80 + (month * 37 + place * 13) % 45) // 100
        number = f"INV-{who.code[-2:]}-{month + 1:02d}"
        due = on + timedelta(days=30)
        shared = {"entity_id": entity, "account_id": account, "currency": "CNY", "amount": amount}
        invoices.append(receivables.InvoiceRow(number=number, issued_on=on, due_on=due, **shared))
        paid = due + timedelta(days=who.late + (month * 5) % 9 - 4) if who.late is not None else None
        if who.late is None and month < 7:
            paid = due + timedelta(days=15)
        if paid and paid <= TODAY:
            receipt = f"REC-{who.code[-2:]}-{month + 1:02d}"
            money.append(cash.ReceiptRow(number=receipt, dated_on=paid, **shared))
            allocations.append(
                receivables.AllocationRow(
                    entity_id=entity, credit_number=receipt, invoice_number=number, dated_on=paid, amount=amount
                )
            )
    entry = exposure.open_entry("test", by=founding.console())
    receivables.record_invoices(entry, invoices)
    cash.record_receipts(entry, money)
    receivables.allocate_many(entry, allocations)
    if place % 3 == 0:
        advance = cash.ReceiptRow(
            number=f"ADV-{who.code[-2:]}",
            dated_on=TODAY - timedelta(days=2),
            entity_id=entity,
            account_id=account,
            currency="CNY",
            amount=12_345_67,
        )
        cash.record_receipts(entry, [advance])


#: number, customer, amount in yuan, days ago, payment
ORDERS = (
    ("SO-1001", "C0001", 188_000, 6, "credit"),
    ("SO-1002", "C0002", 420_000, 5, "credit"),
    ("SO-1003", "C0003", 45_000, 4, "credit"),
    ("SO-1004", "C0004", 60_000, 4, "credit"),
    ("SO-1005", "C0005", 950_000, 3, "credit"),
    ("SO-1006", "C0006", 1_600_000, 2, "credit"),
    ("SO-1007", "C0008", 32_500, 2, "credit"),
    ("SO-1008", "C0008", 18_800, 1, "prepaid"),
    ("SO-1009", "C0010", 290_000, 1, "credit"),
    ("SO-1010", "C0009", 128_000, 0, "credit"),
    ("SO-1011", "C0007", 76_000, 0, "credit"),
    ("SO-1012", "C0004", 52_000, 0, "credit"),
    ("SO-1013", "C0004", 53_000, 0, "credit"),
    ("SO-1014", "C0004", 54_000, 0, "credit"),
    ("SO-1015", "C0004", 55_000, 0, "credit"),
)


def _orders() -> None:
    for number, code, amount, ago, payment in ORDERS:
        who = customer(code)
        entity, account = _account(who)
        row = sales.OrderRow(
            entity_id=entity,
            account_id=account,
            number=number,
            dated_on=TODAY - timedelta(days=ago),
            currency="CNY",
            amount=amount * 100,
            salesperson=who.salesperson,
            payment=payment,
        )
        order = sales.enter_order(row, customer_id=who.pk, by=founding.console())
        control.check_order(order, on=TODAY, by=founding.console())
    _deliveries()


def _deliveries() -> None:
    who = customer("C0003")
    entity, account = _account(who)
    shared = {"entity_id": entity, "account_id": account, "currency": "CNY"}
    rows = [
        sales.DeliveryRow(
            number="DN-1", dated_on=TODAY - timedelta(days=1), amount=20_000_00, order_number="SO-1003", **shared
        ),
        sales.DeliveryRow(number="DN-2", dated_on=TODAY, amount=9_900_00, **shared),
    ]
    sales.record_deliveries(exposure.open_entry("test", by=founding.console()), rows)
