"""The credit check: may this order be taken, changed, delivered, invoiced (OC-001 … OC-013, LM-003)?

Frozen facts and a policy in, one decision out, with every reason and every way to free the order.
"""

from xinheng.rules.order_check.check import RULEBOOK_VERSION, Breach, breach, breach_undecided, check, stops
from xinheng.rules.order_check.decision import Decision, Free, Measure, Reason, Step, StepKind, Verdict
from xinheng.rules.order_check.facts import Facts
from xinheng.rules.order_check.stored import canonical, decision_to_json, facts_from_json, facts_to_json, fingerprint

__all__ = [
    "RULEBOOK_VERSION",
    "Breach",
    "Decision",
    "Facts",
    "Free",
    "Measure",
    "Reason",
    "Step",
    "StepKind",
    "Verdict",
    "breach",
    "breach_undecided",
    "canonical",
    "check",
    "decision_to_json",
    "facts_from_json",
    "facts_to_json",
    "fingerprint",
    "stops",
]
