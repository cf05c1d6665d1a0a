"""What people make of a breach: the customer is turned to cash, its credit is kept a while, or neither (OC-010, 011).

The three are acts of their own with signers of their own (K6): whoever may revoke credit accepts the proposal or
declines it, and both directors together keep the credit despite the breach.  Nobody signs for customers of their own.
"""

from dataclasses import dataclass
from datetime import date

from xinheng.base import clock, events, policies, reasons, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Refused, SamePerson, WrongState
from xinheng.base.models import User
from xinheng.desk.control.breaching import Proposal, lift_breach_hold, note_breach
from xinheng.desk.control.models import Breach, BreachSignature
from xinheng.desk.control.releasing import SignedAlready
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules import signers
from xinheng.rules.dates import days_from
from xinheng.rules.policy import Policy, ReleaseAction

Verb = BreachSignature.Verb


@dataclass(frozen=True, slots=True)
class _Act:
    """A verb with the right it needs, the signers it asks for, and the proposals it may be said to."""

    right: str
    action: ReleaseAction
    states: frozenset[str]


_ACTS = {
    Verb.REVOKE: _Act(
        "credit.revoke",
        ReleaseAction.REVOKE_CREDIT,
        frozenset({Proposal.OPEN, Proposal.DECLINED, Proposal.KEPT}),
    ),
    Verb.DECLINE: _Act("credit.revoke", ReleaseAction.REVOKE_CREDIT, frozenset({Proposal.OPEN})),
    Verb.KEEP: _Act(
        "credit.keep",
        ReleaseAction.KEEP_CREDIT_DESPITE_BREACH,
        frozenset({Proposal.OPEN, Proposal.DECLINED, Proposal.NONE}),
    ),
}


@dataclass(frozen=True, slots=True)
class Turned:
    """What a signature achieved: the breach as it is now, and who still has to sign."""

    breach: Breach
    missing: signers.Missing


def turn_to_cash(breach: Breach, *, reason: str, on: date, by: User) -> Turned:
    """Sign that the customer's credit is taken away; once complete every line of it is withdrawn.

    Raises:
        WrongState: ended, or there is no credit to take.  SamePerson.  SignedAlready.  ReasonMissing.  Refused.
    """
    return _sign(breach, Verb.REVOKE, reason=reason, on=on, by=by)


def decline(breach: Breach, *, reason: str, on: date, by: User) -> Turned:
    """Sign that the customer keeps its line; its deliveries stay stopped until the debt is paid.

    Raises:
        WrongState: nothing is proposed.  SamePerson.  SignedAlready.  ReasonMissing.  Refused.
    """
    return _sign(breach, Verb.DECLINE, reason=reason, on=on, by=by)


def keep_credit(breach: Breach, *, reason: str, on: date, by: User) -> Turned:
    """Sign that credit is kept despite the breach; once complete deliveries go on for the policy's days.

    Raises:
        WrongState: ended, or turned to cash.  SamePerson.  SignedAlready.  ReasonMissing.  Refused.
    """
    return _sign(breach, Verb.KEEP, reason=reason, on=on, by=by)


def offered(breach: Breach, *, on: date, by: User) -> list[Verb]:
    """What this person may sign about a breach as it is now; looked at without a lock, the signature looks again."""
    if breach.ended_on is not None or _is_own(breach, by):
        return []
    policy, found = policies.in_force(on).policy, []
    for verb, act in _ACTS.items():
        if breach.proposal not in act.states or not rights.may(by, act.right):
            continue
        given = _given(breach, verb)
        wanted = _wanted(policy.release.rule_for(act.action), given)
        if by.username not in {person for person, _ in given} and set(wanted) & set(by.roles):
            found.append(verb)
    return found


def still_missing(breach: Breach, *, on: date) -> dict[str, signers.Missing]:
    """Verb → who still has to sign it, for each that can be said to a breach as it is now."""
    if breach.ended_on is not None:
        return {}
    policy = policies.in_force(on).policy
    return {
        verb.value: signers.missing(policy.release.rule_for(act.action), _given(breach, verb))
        for verb, act in _ACTS.items()
        if breach.proposal in act.states
    }


def _wanted(rule: signers.SignerRule, given: list[signers.Signature]) -> tuple[str, ...]:
    """The roles whose signature still brings an act forward."""
    return tuple(signers.missing(rule, given).roles or rule.roles)


def _sign(breach: Breach, verb: Verb, *, reason: str, on: date, by: User) -> Turned:
    act = _ACTS[verb]
    rights.require(by, act.right)
    reason = reasons.stated(reason)
    with atomic():
        exposure.lock(_ids(breach.customer_id), _ids(breach.group_id))
        breach = Breach.objects.select_related("customer", "group", "hold").get(pk=breach.pk)
        if breach.ended_on is not None or breach.proposal not in act.states:
            state = "ENDED" if breach.ended_on is not None else breach.proposal
            raise WrongState(what="breach", number=str(breach.pk), state=state)
        _refuse_own(breach, by)
        policy = policies.in_force(on).policy
        rule = policy.release.rule_for(act.action)
        _refuse_idle(breach, verb, by, rule)
        made = BreachSignature.objects.create(
            breach=breach, verb=verb, signer=by, roles=by.roles, reason=reason, at=clock.now()
        )
        note_breach(breach, _SIGNED[verb], by=by, reason=reason)
        missing = signers.missing(rule, _given(breach, verb))
        if missing.count == 0:
            _carry_out(breach, verb, policy, on=on, by=made.signer, reason=reason)
        return Turned(breach, missing)


_SIGNED = {
    Verb.REVOKE: "control.breach.revocation-signed",
    Verb.DECLINE: "control.breach.decline-signed",
    Verb.KEEP: "control.breach.keeping-signed",
}


def _carry_out(breach: Breach, verb: Verb, policy: Policy, *, on: date, by: User, reason: str) -> None:
    if verb is Verb.DECLINE:
        breach.proposal = Proposal.DECLINED
        breach.save(update_fields=["proposal"])
    elif verb is Verb.REVOKE:
        breach.proposal = Proposal.ACCEPTED
        breach.save(update_fields=["proposal"])
        limits.withdraw_credit(
            customer_id=breach.customer_id,
            group_id=breach.group_id,
            currency=breach.facts["currency"],
            reason=reason,
            by=by,
        )
        note_breach(breach, "control.breach.turned-to-cash", by=by, reason=reason)
    else:
        breach.proposal, breach.kept_until = Proposal.KEPT, days_from(on, policy.breach.waiver_days)
        breach.save(update_fields=["proposal", "kept_until"])
        lift_breach_hold(breach, by=by, reason="KEPT")
        note_breach(breach, "control.breach.credit-kept", by=by, until=breach.kept_until.isoformat())
        events.tell(events.CreditChanged(frozenset(members(breach)), "KEPT", on, by))


def _given(breach: Breach, verb: Verb) -> list[signers.Signature]:
    """The signatures that count: those given since the turn was proposed, or since the breach was found."""
    since = breach.proposed_at or breach.found_at
    given = breach.signatures.filter(verb=verb, at__gte=since).select_related("signer")
    return [(one.signer.username, tuple(one.roles)) for one in given]


def _refuse_idle(breach: Breach, verb: Verb, by: User, rule: signers.SignerRule) -> None:
    given = _given(breach, verb)
    if by.username in {person for person, _ in given}:
        raise SignedAlready(what="breach", number=str(breach.pk))
    wanted = _wanted(rule, given)
    if not set(by.roles) & set(wanted):
        raise Refused(right=_ACTS[verb].right, who=", ".join(wanted))


def _refuse_own(breach: Breach, by: User) -> None:
    if _is_own(breach, by):
        raise SamePerson(what="breach", number=str(breach.pk))


def _is_own(breach: Breach, by: User) -> bool:
    own = Customer.objects.filter(pk__in=members(breach)).values_list("salesperson", flat=True)
    return by.sales_code in set(own)


def members(breach: Breach) -> list[int]:
    """The customers a breach is about."""
    if breach.customer_id:
        return [breach.customer_id]
    return list(Customer.objects.filter(group_id=breach.group_id).values_list("id", flat=True))


def _ids(id: int | None) -> list[int]:
    return [id] if id else []
