"""The credit check and the breach: facts and a policy in, a decision out."""

from dataclasses import dataclass, replace
from fractions import Fraction

from xinheng.rules.order_check.case import Case, holder_of, unit
from xinheng.rules.order_check.debts import breaches, late, overdue_bites
from xinheng.rules.order_check.decision import Decision, Measure, Params, Reason, Verdict
from xinheng.rules.order_check.facts import Facts, HolderKind, LineKind
from xinheng.rules.order_check.judge import judge
from xinheng.rules.order_check.ways import ways_out
from xinheng.rules.policy import CheckPoint, Policy, ReleaseAction
from xinheng.rules.signers import SignerRule

#: Changes whenever the same facts under the same policy may be decided differently; replay tells the two apart.
RULEBOOK_VERSION = "2026.3"


@dataclass(frozen=True, slots=True)
class Breach:
    """A customer in breach: why, per holder, and what follows (OC-010): deliveries wait, the turn to cash is proposed.

    ``kept`` tells that two directors keep its credit until a day; ``signers`` decide on the proposal.
    """

    causes: tuple[tuple[HolderKind, Params], ...]
    kept: bool
    propose_cash: bool
    signers: SignerRule


def check(facts: Facts, policy: Policy) -> Decision:
    """Decide one order at one moment. Pure: the same facts and policy always give the same decision.

    Source: OC-001 … OC-013, LM-001 … LM-003, LM-008, LM-011, LM-012; semantics.md 3.
    """
    judgement = judge(facts, policy)
    held = bool(judgement.blocks)
    passed = Verdict.WATCH if judgement.reasons else Verdict.APPROVED
    return Decision(
        Verdict.HELD if held else passed,
        tuple(judgement.reasons),
        _by_binding(judgement.case),
        ways_out(judgement) if held else (),
        policy.version,
        policy.signed,
        RULEBOOK_VERSION,
        judgement.released,
    )


def stops(facts: Facts, policy: Policy) -> tuple[Reason, ...]:
    """What would hold the order, without the ways out: for lists, which ask it of many orders at once."""
    return tuple(judge(facts, policy).blocks)


def breach(facts: Facts, policy: Policy) -> Breach | None:
    """Whether the customer (or its group) is in breach today; None if not, or if missing rates leave it open.

    The order in the facts plays no part: an order that is merely refused is no breach.
    """
    case, found = _breaches(facts, policy)
    causes = tuple((kind, params) for kind, params, missing in found if not missing)
    if not causes:
        return None
    signers = policy.release.rule_for(ReleaseAction.REVOKE_CREDIT)
    return Breach(causes, case.waived, policy.breach.propose_cash and not case.waived, signers)


def breach_undecided(facts: Facts, policy: Policy) -> frozenset[HolderKind]:
    """Whose breach cannot be told for want of exchange rates: one that stands neither ends nor goes on."""
    return frozenset(kind for kind, _, missing in _breaches(facts, policy)[1] if missing)


def _breaches(facts: Facts, policy: Policy) -> tuple[Case, list[tuple[HolderKind, Params, tuple[str, ...]]]]:
    """The breaches of the debt there is, without any order."""
    case = Case(replace(facts, point=CheckPoint.DELIVERY, order=replace(facts.order, amount=0)), policy)
    return case, list(breaches(case, overdue_bites(case, late(facts.customer, case))))


_LOOSENESS = {LineKind.NONE: 0, LineKind.AMOUNT: 1, LineKind.UNLIMITED: 2, LineKind.UNSET: 3}


def _by_binding(case: Case) -> tuple[Measure, ...]:
    """The measures, first the one of the holder whose limit binds: the only one stated, or the one with less room."""
    measures = tuple(case.measures.values())
    return measures if len(measures) == 1 else tuple(sorted(measures, key=lambda one: _looseness(case, one)))


def _looseness(case: Case, measure: Measure) -> tuple[int, float | Fraction]:
    """Smaller binds: no credit, then an amount by the room it leaves, then no bound, then nothing stated."""
    amount = measure.limit_kind is LineKind.AMOUNT
    return _LOOSENESS[measure.limit_kind], _room(case, measure) if amount else 0


def _room(case: Case, measure: Measure) -> float | Fraction:
    """What the limit leaves after the order, in the order's currency, so that two limits compare.

    Where a rate is missing nobody knows, so that one binds first.
    """
    each = unit(case.facts.order.currency, holder_of(case.facts, measure.holder))
    return float("-inf") if measure.headroom is None or not each else measure.headroom / each
