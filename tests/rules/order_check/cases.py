"""One case for every reason and one for every step: what makes it, so that tests elsewhere can show them all."""

from dataclasses import replace
from typing import Any

from tests.rules.order_check.making import NO_LINE, ON, facts, hold, holder, item, late, line, policy, standing
from xinheng.rules.exposure import Components
from xinheng.rules.order_check import Decision, check
from xinheng.rules.order_check.facts import Credit, HolderKind, LineKind, Release
from xinheng.rules.policy import CheckPoint, ItemNature, Payment, Policy, ReasonCode, shipped

BIG = line(10**9)
COD, AT_DOOR = ItemNature.COD, CheckPoint.DELIVERY
STRICT = {
    "overdue": {"amount_max": {"*": "0"}, "share_percent_max": 0},
    "grades": {"bindings": {"D": {"loosest_payment": "PREPAID", "term_days_max": "none"}}},
}
#: What makes each rule bite, under a policy with bounds for all of them.
BITING: dict[ReasonCode, dict[str, Any]] = {
    ReasonCode.CUSTOMER_INACTIVE: {"standing": standing(active=False)},
    ReasonCode.FORCED_HOLD: {"holds": (hold(forced=True),)},
    ReasonCode.ON_HOLD: {"holds": (hold(),)},
    ReasonCode.GROUP_ON_HOLD: {"holds": (hold(of=HolderKind.GROUP),)},
    ReasonCode.MISSING_APPROVAL: {"missing_approvals": ("contract",)},
    ReasonCode.INSTRUMENT_NOT_ALLOWED: {"instrument": "PROMISSORY_NOTE"},
    ReasonCode.TERM_NOT_ALLOWED: {"term_days": 31},
    ReasonCode.GRADE_NOT_ALLOWED: {"standing": standing(grades=("D",))},
    ReasonCode.CREDIT_WITHDRAWN: {"standing": standing(credit=Credit.WITHDRAWN)},
    ReasonCode.NO_CREDIT: {"customer": holder(NO_LINE)},
    ReasonCode.LINE_UNSIGNED: {"customer": holder(line(signed=False))},
    ReasonCode.LINE_NOT_YET_VALID: {"customer": holder(line(valid_from=ON.replace(day=9)))},
    ReasonCode.LINE_EXPIRED: {"customer": holder(line(valid_until=ON.replace(day=1)))},
    ReasonCode.OVER_LIMIT: {"customer": holder(99)},
    ReasonCode.OVER_GROUP_LIMIT: {"group": holder(99, code="G")},
    ReasonCode.NEAR_LIMIT: {"customer": holder(100)},
    ReasonCode.PREPAYMENT_SHORT: {"payment": Payment.PREPAID},
    ReasonCode.OVERDUE_DAYS: {"customer": holder(BIG, due=(late(9, 100_00),))},
    ReasonCode.OVERDUE_AMOUNT: {"customer": holder(BIG, due=(late(2, 1),))},
    ReasonCode.OVERDUE_SHARE: {"customer": holder(BIG, due=(late(9, 100_00),))},
    ReasonCode.OVERDUE_NOTICE: {"customer": holder(BIG, due=(late(2, 1),))},
    ReasonCode.COD_OVERDUE: {"customer": holder(BIG, due=(late(2, 1, ItemNature.COD),))},
    ReasonCode.ROLLING_BATCH_UNPAID: {"customer": holder(BIG, due=(late(0, 1, ItemNature.ROLLING),)), "rolling": True},
    ReasonCode.GROUP_OVERDUE: {"group": holder(BIG, code="G", due=(late(9, 10**9),))},
    ReasonCode.BREACH: {"customer": holder(1000, 1001)},
}


def only(code: ReasonCode, effect: str, point: CheckPoint) -> Policy:
    """A policy that looks at one rule, at one moment."""
    points = {name.lower(): dict.fromkeys(("order", "change", "delivery", "invoice"), "IGNORE") for name in BITING}
    points[code.lower()][point.lower()] = effect
    return policy(check_points=points, holds={"points": {"BREACH": []}}, **STRICT)


def every_decision() -> list[Decision]:
    """Decisions that together give every reason, in each of its forms, and every step of a way out."""
    point = CheckPoint.ORDER
    quiet = {ReasonCode.NEAR_LIMIT, ReasonCode.OVERDUE_NOTICE}
    decisions = [
        check(facts(100, **more), only(code, "BLOCK", point)) for code, more in BITING.items() if code not in quiet
    ]
    decisions += [check(facts(100, **BITING[code]), only(code, "NOTICE", point)) for code in quiet]
    dollars = {"USD": Components(invoiced=1, unapplied=0), "HKD": Components(unapplied=1)}
    group = holder(LineKind.NONE, code="G")
    sold = item("I1", 9, 1, COD, salesperson="S1")
    others: list[dict[str, Any]] = [
        {"customer": holder(LineKind.NONE)},
        {"customer": holder(LineKind.NONE), "group": group},
        {"customer": holder(0), "group": holder(0, code="G")},
        {"customer": holder(components=dollars)},
        {"standing": standing(credit=Credit.CASH)},
        {"term": "30D from ACCEPTANCE"},
        {"customer": holder(99, 1, items=(item("I1", 9, 1),))},
        {"group": holder(line(withdrawn=True), code="G")},
        {"group": holder(line(valid_until=ON.replace(day=1)), code="G")},
        {
            "customer": holder(BIG, due=(late(9, 1, COD),), items=(sold,)),
            "point": AT_DOOR,
        },
        {"customer": holder(1000, 1001), "group": holder(1000, 1001, code="G"), "point": AT_DOOR},
    ]
    signed = Release(customer="A", amount=100, currency="CNY", expires_on=ON)
    lapsed = (("customer", "B"), ("currency", "USD"), ("amount", 1), ("expires_on", ON.replace(day=1)))
    others += [{"customer": holder(99), "release": replace(signed, **{name: value})} for name, value in lapsed]
    return decisions + [check(facts(100, **more), shipped()) for more in others]
