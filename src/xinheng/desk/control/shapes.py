"""Decisions, breaches and what is owed against a limit, as every door writes them (semantics.md 6)."""

from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

from xinheng.desk.control.models import Breach, Decision
from xinheng.desk.control.releasing import Released
from xinheng.desk.control.replaying import Replayed, decision_json
from xinheng.desk.control.turning import Turned
from xinheng.desk.control.unpaid import CodUnpaid
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables.public import instalment_shape
from xinheng.desk.sales.public import OrderShape
from xinheng.rules.money import to_text


class ReasonShape(TypedDict):
    """Why, as a code with what it was measured by, and in words."""

    code: str
    effect: str
    params: dict[str, Any]
    text: str


class FreeShape(TypedDict):
    """One way in which it would be free."""

    text: str
    steps: list[dict[str, Any]]


class CheckShape(TypedDict):
    """What a credit check found."""

    order: str
    verdict: str
    reasons: list[ReasonShape]
    currency: str
    exposure: str | None
    limit: str | None
    available: str | None
    frees: list[FreeShape]
    decision: str
    policy: int
    policy_signed: bool
    shadow: bool
    date: str


class DecisionShape(CheckShape):
    """A check with everything it saw."""

    point: str
    cause: str
    by: str
    facts: dict[str, Any]
    outcome: dict[str, Any]
    at: str


class DecisionRowShape(TypedDict):
    """A check in a list."""

    id: str
    order: str
    date: str
    verdict: str
    point: str
    policy: int
    policy_signed: bool


class ReleasedShape(OrderShape):
    """An order after a signature: how many more are missing, and of which roles."""

    missing: int
    by: list[str]


#: A decision that would be another one now.
OddShape = TypedDict("OddShape", {"id": str, "was": str, "is": str})


class ReplayShape(TypedDict):
    """What came of deciding again on the stored facts."""

    replayed: int
    differs: int
    rule_changed: int
    decisions: list[OddShape]


class BreachShape(TypedDict):
    """Debt over the limit or overdue beyond the policy."""

    id: int
    holder: str
    of: str
    entity: str | None
    since: str
    causes: list[str]
    debt: NotRequired[str]
    limit: NotRequired[str]
    overdue: NotRequired[dict[str, str]]
    oldest_due_on: NotRequired[str | None]
    currency: str
    proposal: str
    kept_until: str | None
    ended: str | None


class TurnedShape(BreachShape):
    """A breach after a signature: how many more are missing, and of which roles."""

    missing: int
    by: list[str]


class InvoicePartShape(TypedDict):
    """One instalment of an invoice."""

    instalment: int
    due: str | None
    amount: str


class EnteredInvoiceShape(TypedDict):
    """An invoice with its instalments and the check it passed."""

    invoice: str
    parts: list[InvoicePartShape]
    check: CheckShape


class CodUnpaidShape(TypedDict):
    """Cash on delivery that was not paid on arrival; ``kind`` is the document's number of kind."""

    salesperson: str
    customer: str
    document: str
    kind: int
    due: str
    amount: str
    currency: str


class ComponentsShape(TypedDict):
    """What stands in each component; null where a rate is missing."""

    ordered: str | None
    delivered: str | None
    consigned: str | None
    invoiced: str | None
    instrument: str | None
    contingent: str | None
    unapplied: str | None


class FillingShape(TypedDict):
    """Who fills the limit that binds."""

    customer: str
    entity: str
    exposure: str | None


class ExposureShape(TypedDict):
    """What a customer owes or is about to owe, against the limit that binds."""

    customer: str
    entity: str
    as_of: str
    currency: str
    components: ComponentsShape
    by_currency: dict[str, ComponentsShape]
    exposure: str | None
    limit_kind: str
    limit: str | None
    limit_of: str | None
    status: str
    available: str | None
    limit_currency: str | None
    limit_exposure: str | None
    limit_exposure_of: list[FillingShape]


def decision_shape(one: Decision) -> dict[str, Any]:
    """A decision in full."""
    about = {"point": one.point, "cause": one.cause, "by": one.by.username}
    return {**decision_json(one), **about, "facts": one.facts, "outcome": one.outcome, "at": one.at.isoformat()}


def decision_row_shape(one: Decision) -> DecisionRowShape:
    """A decision in a list."""
    return {
        "id": str(one.pk),
        "order": one.number,
        "date": one.on.isoformat(),
        "verdict": one.verdict,
        "point": one.point,
        "policy": one.policy_version,
        "policy_signed": one.outcome["policy_signed"],
    }


def replay_shape(again: Iterable[Replayed]) -> ReplayShape:
    """Decisions decided again; those that came out otherwise are named."""
    count = differs = changed = 0
    odd: list[OddShape] = []
    for one in again:
        count += 1
        differs += one.differs
        changed += one.rule_changed
        if one.differs or one.rule_changed:
            odd.append({"id": str(one.decision.pk), "was": one.decision.verdict, "is": one.verdict})
    return {"replayed": count, "differs": differs, "rule_changed": changed, "decisions": odd}


def released_shape(done: Released, order: OrderShape) -> ReleasedShape:
    """What a signature came to."""
    return {**order, "missing": done.missing.count, "by": list(done.missing.roles)}


def breach_shape(one: Breach) -> BreachShape:
    """A breach with what was found."""
    holder = one.customer or one.group
    facts = dict(one.facts)
    currency = facts.pop("currency")
    figures: dict[str, Any] = {name: to_text(facts[name], currency) for name in ("debt", "limit") if name in facts}
    if overdue := facts.get("overdue_amounts"):
        figures["overdue"] = {code: to_text(amount, code) for code, amount in overdue.items()}
        figures["oldest_due_on"] = facts["oldest_due_on"]
    return {
        "id": one.pk,
        "holder": holder.code if holder else "",
        "of": "customer" if one.customer_id else "group",
        "entity": one.entity.code if one.entity else None,
        "since": one.found_on.isoformat(),
        "causes": facts["causes"],
        **figures,
        "currency": currency,
        "proposal": one.proposal.lower(),
        "kept_until": one.kept_until.isoformat() if one.kept_until else None,
        "ended": one.ended_on.isoformat() if one.ended_on else None,
    }


def turned_shape(done: Turned) -> TurnedShape:
    """What a signature on a breach came to."""
    return {**breach_shape(done.breach), "missing": done.missing.count, "by": list(done.missing.roles)}


def cod_unpaid_shape(one: CodUnpaid) -> CodUnpaidShape:
    """One document that stands against its salesperson."""
    return {
        "salesperson": one.salesperson,
        "customer": one.customer.code,
        "document": one.document.number,
        "kind": one.document.kind,
        "due": one.due_on.isoformat(),
        "amount": to_text(one.amount, one.currency),
        "currency": one.currency,
    }


def entered_invoice_shape(number: str, documents: list[Document], decision: Decision) -> dict[str, Any]:
    """An invoice that was checked and entered."""
    parts = [{name: value for name, value in instalment_shape(one).items() if name != "invoice"} for one in documents]
    return {"invoice": number, "parts": parts, "check": decision_json(decision)}
