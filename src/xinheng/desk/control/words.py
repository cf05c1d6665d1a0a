"""What a decision says to people: every verdict, every way out and who signs, in the reader's language.

The rule book speaks in codes and whole minor units; here and in ``sentences``, only there, they become words.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import formats, names
from xinheng.desk.control.models import Breach, Decision
from xinheng.desk.control.sentences import REASON_NAMES, REASONS, filled, money, named, reason, sums
from xinheng.desk.exposure.public import component_name
from xinheng.rules.policy import CheckPoint, Effect, ReasonCode

__all__ = ["REASONS", "REASON_NAMES", "money", "reason", "sums"]  # said in sentences.py

Params = Mapping[str, Any]


def verdict(decision: Decision) -> str:
    """The verdict in a sentence, with the mark of an unsigned policy."""
    said = _SENTENCES[_subject(decision)][Decision.Verdict(decision.verdict)] % {"number": decision.number}
    if decision.shadow:
        said = answer(decision)
    return said if decision.outcome["policy_signed"] else f"{said} {_('(policy shipped, unsigned)')}"


def _subject(decision: Decision) -> str:
    return {CheckPoint.DELIVERY: "goods", CheckPoint.INVOICE: "invoice"}.get(CheckPoint(decision.point), "order")


_SENTENCES = {
    "order": {
        Decision.Verdict.APPROVED: gettext_lazy("Order %(number)s may go ahead."),
        Decision.Verdict.WATCH: gettext_lazy("Order %(number)s may go ahead, with a notice."),
        Decision.Verdict.HELD: gettext_lazy("Order %(number)s is held."),
    },
    "goods": {
        Decision.Verdict.APPROVED: gettext_lazy("The goods of order %(number)s may leave."),
        Decision.Verdict.WATCH: gettext_lazy("The goods of order %(number)s may leave, with a notice."),
        Decision.Verdict.HELD: gettext_lazy("The goods of order %(number)s must not leave."),
    },
    "invoice": {
        Decision.Verdict.APPROVED: gettext_lazy("Invoice %(number)s may be issued."),
        Decision.Verdict.WATCH: gettext_lazy("Invoice %(number)s may be issued, with a notice."),
        Decision.Verdict.HELD: gettext_lazy("Invoice %(number)s is held."),
    },
}


def lines(decision: Decision) -> list[str]:
    """A decision as the command line tells it: the verdict, why, and what frees it."""
    why = [f"  - {reason(one)}" for one in decision.outcome["reasons"]]
    return [verdict(decision), *why, *(f"  → {free(one)}" for one in decision.outcome["frees"])]


def breach(one: Breach) -> str:
    """A breach in a sentence: why, and what is proposed or was made of it."""
    return _("%(causes)s: %(said)s") % {"causes": breach_causes(one), "said": breach_state(one)}


def breach_causes(one: Breach) -> str:
    """What a breach rests on, as it was found last."""
    return formats.listed(named(cause) for cause in one.facts["causes"])


def breach_overdue(one: Breach) -> str:
    """What was overdue beyond the policy when a breach was looked at last; "" where it rests on something else."""
    return sums(one.facts["overdue_amounts"]) if one.facts.get("overdue_amounts") else ""


def breach_state(one: Breach) -> str:
    """What is proposed about a breach, or was made of it."""
    if one.proposal == Breach.Proposal.KEPT and one.kept_until:
        return _("credit is kept until %(day)s") % {"day": one.kept_until.isoformat()}
    return str(PROPOSALS[Breach.Proposal(one.proposal)])


#: What became of the proposal to turn a customer in breach to cash.
PROPOSALS = {
    Breach.Proposal.NONE: pgettext_lazy("breach", "deliveries are stopped"),
    Breach.Proposal.OPEN: pgettext_lazy("breach", "deliveries are stopped, the turn to cash is proposed"),
    Breach.Proposal.ACCEPTED: pgettext_lazy("breach", "turned to cash"),
    Breach.Proposal.DECLINED: pgettext_lazy("breach", "deliveries are stopped, the turn to cash was declined"),
    Breach.Proposal.KEPT: pgettext_lazy("breach", "credit is kept for a while"),
    Breach.Proposal.LAPSED: pgettext_lazy("breach", "ended before anybody decided"),
}


def answer(decision: Decision) -> str:
    """The verdict as a person would tell it: what stands in the way, and what would free it first."""
    outcome, subject = decision.outcome, _subject(decision)
    codes = [one["code"] for one in outcome["reasons"] if one["effect"] == Effect.BLOCK.value]
    noticed = [one["code"] for one in outcome["reasons"] if one["effect"] == Effect.NOTICE.value]
    if decision.shadow:
        codes = [one["code"] for one in outcome["reasons"] if one["effect"] == Effect.SHADOW.value]
        return _WATCHED[subject] % {"number": decision.number, "reasons": short_reasons(codes)}
    if decision.verdict == Decision.Verdict.HELD:
        said = _HELD_BY[subject] % {"number": decision.number, "reasons": short_reasons(codes)}
        return said + (
            _(" It is free once %(free)s.") % {"free": free(outcome["frees"][0])} if outcome["frees"] else ""
        )
    said = _SENTENCES[subject][Decision.Verdict.APPROVED] % {"number": decision.number}
    return said + (_(" To be watched: %(reasons)s.") % {"reasons": short_reasons(noticed)} if noticed else "")


_HELD_BY = {
    "order": gettext_lazy("Order %(number)s is held: %(reasons)s."),
    "goods": gettext_lazy("The goods of order %(number)s must not leave: %(reasons)s."),
    "invoice": gettext_lazy("Invoice %(number)s is held: %(reasons)s."),
}


#: What is said where the policy only watches.
_WATCHED = {
    "order": gettext_lazy("Order %(number)s goes ahead; outside shadow mode it would be held: %(reasons)s."),
    "goods": gettext_lazy(
        "The goods of order %(number)s may leave; outside shadow mode they would be stopped: %(reasons)s."
    ),
    "invoice": gettext_lazy("Invoice %(number)s may be issued; outside shadow mode it would be held: %(reasons)s."),
}


def short_reasons(codes: Iterable[str]) -> str:
    """Reasons as short as chips, each once, as they stand inside a sentence."""
    said = (str(REASON_NAMES[ReasonCode(code)]) for code in dict.fromkeys(codes))
    return formats.listed(one[:1].lower() + one[1:] for one in said)


def free(one: Params) -> str:
    """One way out of a stored decision: all of its steps, joined."""
    return pgettext("between steps", ", and ").join(step(each) for each in one["steps"])


def step(one: Params) -> str:
    """One step of a way out."""
    return _STEPS[one["kind"]](one["params"])


def _pay(params: Params) -> str:
    items = formats.listed(map(_item, params["items"]))
    total = sums(params["total"])
    who = _("the group's other members pay") if params["holder"] == "GROUP" else _("the customer pays")
    said = _("%(who)s %(total)s") % {"who": who, "total": total}
    return _("%(said)s (%(items)s)") % {"said": said, "items": items} if items else said


def _item(one: Params) -> str:
    """What is paid; of the entities a customer owes, the one whose it is, for no money of another entity pays it."""
    number = one["number"]
    if one.get("entity"):
        number = _("%(number)s of %(entity)s") % {"number": number, "entity": one["entity"]}
    said = _("%(amount)s on %(number)s once it is invoiced") if one.get("goods") else _("%(amount)s on %(number)s")
    return said % {"amount": money(one["amount"], one["currency"]), "number": number}


def _sign(params: Params) -> str:
    who = {"who": signers(params["signers"])}
    if params["action"] == "KEEP_CREDIT_DESPITE_BREACH":
        return _("a release despite the breach is signed by %(who)s") % who
    return _("a release is signed by %(who)s") % who


def _add_rates(params: Params) -> str:
    rates = [
        _("%(from)s up to %(rate)s") % {"from": one["from"], "rate": one["rate_max"]}
        if one["rate_max"]
        else one["from"]
        for one in params["rates"]
    ]
    said = {"rates": formats.listed(rates), "to": params["to"], "on": params["on"]}
    return _("the exchange rate into %(to)s on %(on)s is entered (%(rates)s)") % said


def _simple(words: Any) -> Callable[[Params], str]:
    return lambda params: str(words) % filled(_with_amounts(params))


def _on_line(words: Any) -> Callable[[Params], str]:
    return lambda params: _("%(said)s (the group's)") % {"said": words} if params["holder"] == "GROUP" else str(words)


def _with_amounts(params: Params) -> Params:
    if "to" in params and isinstance(params["to"], int):
        return {**params, "to": money(params["to"], params["currency"])}
    return params


_STEPS: dict[str, Callable[[Params], str]] = {
    "PAY": _pay,
    "SIGN": _sign,
    "PREPAY": _simple(gettext_lazy("the customer pays %(amount)s beforehand")),
    "REDUCE_ORDER": _simple(gettext_lazy("the order is cut to %(to)s")),
    "RAISE_LIMIT": _simple(gettext_lazy("the limit of %(code)s is raised to %(to)s")),
    "RENEW_LINE": _on_line(gettext_lazy("the credit line is renewed")),
    "SIGN_LINE": _on_line(gettext_lazy("the credit line is signed")),
    "RESTORE_CREDIT": _on_line(gettext_lazy("credit is granted again")),
    "REACTIVATE": _simple(gettext_lazy("customer %(customer)s is made active")),
    "LIFT_HOLD": _simple(gettext_lazy("the hold is lifted")),
    "ADD_RATE": _add_rates,
    "CHANGE_PAYMENT": _simple(gettext_lazy("payment is changed to %(to)s")),
    "CHANGE_TERM": _simple(gettext_lazy("the term is cut to %(days_max)s days")),
    "CHANGE_INSTRUMENT": _simple(gettext_lazy("payment is made by one of: %(allowed)s")),
    "APPROVE_DOCUMENT": _simple(gettext_lazy("%(documents)s is approved")),
}

VERDICTS = {
    Decision.Verdict.APPROVED: pgettext_lazy("verdict", "Approved"),
    Decision.Verdict.WATCH: pgettext_lazy("verdict", "Approved, watch"),
    Decision.Verdict.HELD: pgettext_lazy("verdict", "Held"),
}
VERDICT_TONES = {Decision.Verdict.APPROVED: "normal", Decision.Verdict.WATCH: "watch", Decision.Verdict.HELD: "bad"}
POINTS = {
    CheckPoint.ORDER: pgettext_lazy("check point", "at the order"),
    CheckPoint.CHANGE: pgettext_lazy("check point", "at a change"),
    CheckPoint.DELIVERY: pgettext_lazy("check point", "at delivery"),
    CheckPoint.INVOICE: pgettext_lazy("check point", "at the invoice"),
}
#: Why a check was made.
CAUSES = {
    "ASKED": gettext_lazy("somebody asked"),
    "SHIP": gettext_lazy("goods were to leave"),
    "LET_GO": gettext_lazy("a shipping order was asked for"),
    "ENTERED": gettext_lazy("it was entered"),
    "IMPORT": gettext_lazy("it came in a file"),
    "RELEASE": gettext_lazy("it was signed through"),
    "REOPENED": gettext_lazy("it was opened again"),
    "EXPIRY": gettext_lazy("its release ran out"),
    "HOLD": gettext_lazy("a hold was lifted"),
    "LINE": gettext_lazy("a credit line changed"),
    "MONEY": gettext_lazy("money it rested on went elsewhere"),
    "RECEIPT": gettext_lazy("money came in"),
    "ALLOCATION": gettext_lazy("money was allocated"),
    "CREDIT_NOTE": gettext_lazy("a credit note came"),
    "INSTRUMENT": gettext_lazy("a bill or cheque came or changed"),
    "INVOICE": gettext_lazy("an invoice was taken back"),
    "WRITE_OFF": gettext_lazy("bad debt was written off"),
    "ORDER": gettext_lazy("another order gave room"),
    "PAPER": gettext_lazy("a document was approved"),
    "CUSTOMER": gettext_lazy("the customer's file changed"),
    "RATE": gettext_lazy("an exchange rate came"),
    "KEPT": gettext_lazy("credit is kept despite the breach"),
    "DAY": gettext_lazy("a new day began"),
    "RETURN": gettext_lazy("goods came back"),
    "UNDO": gettext_lazy("an import was undone"),
}


def reason_names(codes: Iterable[str]) -> str:
    """Reasons by their short names, as one enumeration."""
    return formats.listed(str(REASON_NAMES[ReasonCode(code)]) for code in codes)


def component(name: str) -> str:
    """A component by the name the policy gives it."""
    return component_name(name)


def signers(rule: Params) -> str:
    """Who may sign: the roles of a signer rule in words."""
    roles = role_names(rule["roles"])
    said = {
        "ANY_OF": _("any one of %(roles)s"),
        "ALL_OF": _("all of %(roles)s"),
        "N_OF": _("%(n)s of %(roles)s"),
    }[rule["kind"]]
    return said % {"roles": roles, "n": rule["n"]}


def role_names(roles: Iterable[str]) -> str:
    """Roles in words."""
    return formats.listed(names.role(code, get_language() or "zh") for code in roles)
