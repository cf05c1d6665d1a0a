"""Facts and policies for the tests of the credit check, put together from what a case wants to say."""

from datetime import date, timedelta
from typing import Any

from xinheng.rules.exposure import Components
from xinheng.rules.order_check import Decision, StepKind, check
from xinheng.rules.order_check.facts import (
    DueSum,
    Facts,
    Hold,
    HolderFacts,
    HolderKind,
    Line,
    LineKind,
    OpenItem,
    OrderFacts,
    Standing,
)
from xinheng.rules.policy import CheckPoint, ItemNature, Payment, Policy, ReasonCode, load, shipped

ON = date(2026, 3, 2)
ORDER, CHANGE, DELIVERY, INVOICE = CheckPoint


def policy(**sections: Any) -> Policy:
    """The shipped policy with some fields said otherwise: ``policy(overdue={"grace_days": 0})``."""
    return load(sections, base=shipped())


def rule(name: str, effect: str, *points: CheckPoint) -> dict[str, Any]:
    """One rule's effect at some check points (all of them, if none is named), as a section of check points."""
    return {name.lower(): {point.lower(): effect for point in points or tuple(CheckPoint)}}


def line(limit: int | LineKind = 1000, **more: Any) -> Line:
    """A line over an amount, or of another kind."""
    if isinstance(limit, LineKind):
        return Line(kind=limit, **more)
    return Line(kind=LineKind.AMOUNT, limit=limit, **more)


NO_LINE = Line()


def holder(limit: int | LineKind | Line = 1000, owes: int | Components = 0, **more: Any) -> HolderFacts:
    """A customer that owes invoices (or components) in its own currency."""
    currency = more.pop("currency", "CNY")
    components = owes if isinstance(owes, Components) else Components(invoiced=owes)
    return HolderFacts(
        code=more.pop("code", "A"),
        currency=currency,
        line=limit if isinstance(limit, Line) else line(limit),
        components=more.pop("components", {currency: components}),
        **more,
    )


def facts(amount: int = 100, customer: HolderFacts | None = None, **more: Any) -> Facts:
    """An order of a customer; what is not of the facts themselves is of the order."""
    ours = {name: more.pop(name) for name in Facts.__slots__ if name in more}
    order = OrderFacts(number="O-1", amount=amount, currency=more.pop("currency", "CNY"), **more)
    given = {"point": ORDER, "on": ON, **ours}
    return Facts(order=order, customer=customer or holder(), **given)


def late(
    days: int, amount: int, nature: ItemNature = ItemNature.PLAIN, *, currency: str = "CNY", goods: int = 0
) -> DueSum:
    """What fell due so many days ago; ``goods`` of it are not invoiced yet."""
    return DueSum(ON - timedelta(days=days), currency, amount, nature, goods)


def item(number: str, days: int, amount: int, nature: ItemNature = ItemNature.PLAIN, **more: Any) -> OpenItem:
    """An item that fell due so many days ago."""
    return OpenItem(number, ON - timedelta(days=days), more.pop("currency", "CNY"), amount, nature=nature, **more)


def hold(kind: str = "MANUAL", *, of: HolderKind = HolderKind.CUSTOMER, forced: bool = False, id: str = "1") -> Hold:
    """A hold in force."""
    return Hold(id=id, holder=of, kind=kind, forced=forced)


def codes(decision: Decision) -> list[str]:
    """The codes of all reasons, in their order."""
    return [reason.code.value for reason in decision.reasons]


def effects(decision: Decision) -> dict[str, str]:
    """What each reason does."""
    return {reason.code.value: reason.effect.value for reason in decision.reasons}


def params(decision: Decision, code: ReasonCode | str) -> dict[str, Any]:
    """What the one reason of a code says."""
    (found,) = [reason for reason in decision.reasons if reason.code == code]
    return dict(found.params)


def ways(decision: Decision) -> list[list[tuple[str, dict[str, Any]]]]:
    """The ways out with their steps."""
    return [[(step.kind.value, dict(step.params)) for step in free.steps] for free in decision.frees]


def kinds(decision: Decision) -> list[list[str]]:
    """The ways out by the kinds of their steps."""
    return [[step.kind.value for step in free.steps] for free in decision.frees]


def step(decision: Decision, kind: StepKind | str) -> dict[str, Any]:
    """The params of the first step of a kind."""
    return next(dict(one.params) for free in decision.frees for one in free.steps if one.kind == kind)


def verdict(found: Facts, under: Policy | None = None) -> str:
    """The verdict, under the shipped policy if none is named."""
    return check(found, under or shipped()).verdict.value


def standing(**more: Any) -> Standing:
    return Standing(**more)


def paid(how: Payment, amount: int = 100, customer: HolderFacts | None = None, **more: Any) -> Facts:
    """An order that is paid in another way than on credit."""
    return facts(amount, customer, payment=how, **more)
