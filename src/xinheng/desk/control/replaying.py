"""Deciding again: a stored decision on its stored facts, or a whole history under another policy.

``replay`` proves that a decision follows from what it saw.  ``backtest`` runs the sequence of events again: what one
policy lets pass fills the limit for what comes next, so the stored verdicts alone would not tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from xinheng.base import policies
from xinheng.base.errors import Unknown
from xinheng.desk.control.models import Decision
from xinheng.rules import order_check


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision decided again: ``differs`` under the same rules is a fault, ``rule_changed`` is news, not a fault."""

    decision: Decision
    verdict: str
    differs: bool
    rule_changed: bool


def replay(decisions: Iterator[Decision]) -> Iterator[Replayed]:
    """Decide each again on its own facts under its own policy version."""
    for decision in decisions:
        row = policies.by_version(decision.policy_version)
        signer = row.signed_by.username if row.signed_by else None
        policy = policies.parsed(row.document, row.version, signer)
        outcome = order_check.check(order_check.facts_from_json(decision.facts), policy)
        changed = outcome.rulebook != decision.rulebook_version
        differs = order_check.decision_to_json(outcome) != decision.outcome
        yield Replayed(decision, outcome.verdict.value, differs and not changed, differs and changed)


def decision_json(decision: Decision) -> dict[str, object]:
    """The answer of every door (semantics.md 6)."""
    from xinheng.desk.control import words
    from xinheng.rules.money import to_text

    outcome = decision.outcome
    binding = outcome["measures"][0]

    def text(amount: int | None) -> str | None:
        return None if amount is None else to_text(amount, binding["currency"])

    free_room = None
    if binding["limit"] is not None and binding["exposure"] is not None:
        free_room = binding["limit"] - binding["exposure"]
    return {
        "order": decision.number,
        "verdict": decision.verdict,
        "shadow": decision.shadow,
        "reasons": [
            {"code": one["code"], "effect": one["effect"], "params": one["params"], "text": words.reason(one)}
            for one in outcome["reasons"]
        ],
        "currency": binding["currency"],
        "exposure": text(binding["exposure"]),
        "limit": text(binding["limit"]),
        "available": text(free_room),
        "frees": [{"text": words.free(one), "steps": one["steps"]} for one in outcome["frees"]],
        "decision": str(decision.pk),
        "policy": decision.policy_version,
        "policy_signed": outcome["policy_signed"],
        "date": decision.on.isoformat(),
    }


def decision_by_id(id_: str) -> Decision:
    """One decision.

    Raises:
        Unknown
    """
    try:
        found = Decision.objects.select_related("document", "by").filter(pk=UUID(id_)).first()
    except ValueError:
        found = None
    if found is None:
        raise Unknown(what="decision", number=id_)
    return found


def every_decision() -> Iterator[Decision]:
    """All decisions, oldest first, streamed."""
    return Decision.objects.order_by("id").iterator(chunk_size=500)
