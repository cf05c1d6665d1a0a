"""What a decision says to people: every reason, every way out, every verdict, in the reader's language.

The rule book speaks in codes and whole minor units; here, and only here, they become sentences.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from xinheng.base import formats, names
from xinheng.desk.control.models import Breach, Decision
from xinheng.desk.exposure.public import component_name
from xinheng.desk.limits.public import HOLD_CAUSES
from xinheng.desk.sales.public import INSTRUMENTS, PAYMENTS
from xinheng.rules.policy import CheckPoint, Effect, ReasonCode

Params = Mapping[str, Any]


def verdict(decision: Decision) -> str:
    """The verdict in a sentence, with the mark of an unsigned policy."""
    said = _SENTENCES[_subject(decision)][Decision.Verdict(decision.verdict)] % {"number": decision.number}
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
    causes = formats.listed(_named(cause) for cause in one.facts["causes"])
    proposal = Breach.Proposal(one.proposal)
    said = PROPOSALS[proposal]
    if proposal is Breach.Proposal.KEPT and one.kept_until:
        said = _("credit is kept until %(day)s") % {"day": one.kept_until.isoformat()}
    return _("%(causes)s: %(said)s") % {"causes": causes, "said": said}


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


def short_reasons(codes: Iterable[str]) -> str:
    """Reasons as short as chips, each once, as they stand inside a sentence."""
    said = (str(REASON_NAMES[ReasonCode(code)]) for code in dict.fromkeys(codes))
    return formats.listed(one[:1].lower() + one[1:] for one in said)


def money(amount: int | None, currency: str) -> str:
    """An amount with its currency, as the reader's language writes it; a dash where a rate is missing."""
    return formats.full(amount, currency)


def sums(amounts: Mapping[str, int]) -> str:
    """Amounts of several currencies."""
    return " + ".join(money(amount, currency) for currency, amount in amounts.items()) or "0"


def reason(one: Params) -> str:
    """One reason of a stored decision as a sentence."""
    words = _REASONS[one["code"]]
    return str(words) % _filled(one["params"])


def free(one: Params) -> str:
    """One way out of a stored decision: all of its steps, joined."""
    return pgettext("between steps", ", and ").join(step(each) for each in one["steps"])


def step(one: Params) -> str:
    """One step of a way out."""
    return _STEPS[one["kind"]](one["params"])


class _Missing(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def _filled(params: Params) -> dict[str, Any]:
    """Parameters as people read them: minor units become amounts, lists become enumerations."""
    currency = params.get("currency", "")
    shown: dict[str, Any] = _Missing()
    for name, value in params.items():
        if name in _AMOUNTS and isinstance(value, int):
            shown[name] = money(value, currency)
        elif name == "amounts":
            shown[name] = sums(value)
        elif isinstance(value, list):
            shown[name] = formats.listed(_named(one) for one in value)
        else:
            shown[name] = _named(value)
    return shown


def _named(value: Any) -> Any:
    """A code by its name; anything else as it is."""
    return _CODES.get(value, value) if isinstance(value, str) else value


#: Codes inside parameters: why a hold stands, how an order is paid, what a breach rests on.
_CODES: dict[Any, Any] = {
    **HOLD_CAUSES,
    **PAYMENTS,
    **INSTRUMENTS,
    "DEBT_OVER_LIMIT": gettext_lazy("debt above the limit"),
    "OVERDUE_DAYS": gettext_lazy("overdue too long"),
    "OVERDUE_AMOUNT": gettext_lazy("too much overdue"),
    "OVERDUE_SHARE": gettext_lazy("too large a share overdue"),
    "COD_OVERDUE": gettext_lazy("cash on delivery unpaid"),
}
_AMOUNTS = frozenset({"limit", "exposure", "after", "over", "money", "amount", "short", "overdue", "debt"})

_REASONS = {
    "CUSTOMER_INACTIVE": gettext_lazy("Customer %(customer)s is inactive."),
    "FORCED_HOLD": gettext_lazy("A forced hold stands; only a person can lift it."),
    "ON_HOLD": gettext_lazy("The customer is on hold (%(kinds)s)."),
    "GROUP_ON_HOLD": gettext_lazy("The customer's group is on hold (%(kinds)s)."),
    "MISSING_APPROVAL": gettext_lazy("Approval is missing: %(documents)s."),
    "INSTRUMENT_NOT_ALLOWED": gettext_lazy("%(instrument)s is not accepted; accepted: %(allowed)s."),
    "TERM_NOT_ALLOWED": gettext_lazy("The term of %(days)s days is longer than the %(days_max)s days allowed."),
    "GRADE_NOT_ALLOWED": gettext_lazy("The customer's grade allows %(loosest)s at most, not %(payment)s."),
    "CREDIT_WITHDRAWN": gettext_lazy("Credit was withdrawn."),
    "NO_CREDIT": gettext_lazy("There is no credit line: a cash customer."),
    "LINE_UNSIGNED": gettext_lazy("The credit line is not signed."),
    "LINE_NOT_YET_VALID": gettext_lazy("The credit line begins on %(day)s only."),
    "LINE_EXPIRED": gettext_lazy("The credit line ran out on %(day)s."),
    "RATE_MISSING": gettext_lazy("An exchange rate is missing for %(currencies)s."),
    "OVER_LIMIT": gettext_lazy("With this order %(after)s is owed, %(over)s above the limit of %(limit)s."),
    "OVER_GROUP_LIMIT": gettext_lazy(
        "With this order the group owes %(after)s, %(over)s above its limit of %(limit)s."
    ),
    "NEAR_LIMIT": gettext_lazy(
        "With this order %(after)s is owed, above %(watch_percent)s %% of the limit of %(limit)s."
    ),
    "PREPAYMENT_SHORT": gettext_lazy("%(money)s of free money has come in, %(short)s less than the order."),
    "OVERDUE_DAYS": gettext_lazy("%(amounts)s is overdue, the oldest by %(days)s days (grace %(grace_days)s)."),
    "OVERDUE_AMOUNT": gettext_lazy("%(amounts)s is overdue, more than the policy allows."),
    "OVERDUE_SHARE": gettext_lazy("%(overdue)s of %(exposure)s is overdue, more than %(percent_max)s %%."),
    "OVERDUE_NOTICE": gettext_lazy("%(amounts)s is past its due day."),
    "COD_OVERDUE": gettext_lazy(
        "%(amounts)s of cash on delivery was not paid on arrival (salesperson %(salesperson)s)."
    ),
    "ROLLING_BATCH_UNPAID": gettext_lazy("The batch before is not paid: %(amounts)s."),
    "GROUP_OVERDUE": gettext_lazy("Other members of the group owe %(amounts)s overdue."),
    "BREACH": gettext_lazy("Debt is in breach (%(causes)s): deliveries stop, the turn to cash is proposed."),
    "RELEASE_EXPIRED": gettext_lazy("The release does not cover this any more."),
}


def _pay(params: Params) -> str:
    items = formats.listed(
        _("%(amount)s on %(number)s") % {"amount": money(i["amount"], i["currency"]), "number": i["number"]}
        for i in params["items"]
    )
    total = sums(params["total"])
    who = _("the group's other members pay") if params["holder"] == "GROUP" else _("the customer pays")
    said = _("%(who)s %(total)s") % {"who": who, "total": total}
    return _("%(said)s (%(items)s)") % {"said": said, "items": items} if items else said


def _sign(params: Params) -> str:
    return _("a release is signed by %(who)s") % {"who": signers(params["signers"])}


def _simple(words: Any) -> Callable[[Params], str]:
    return lambda params: str(words) % _filled(_with_amounts(params))


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
    "RENEW_LINE": _simple(gettext_lazy("the credit line is renewed")),
    "SIGN_LINE": _simple(gettext_lazy("the credit line is signed")),
    "RESTORE_CREDIT": _simple(gettext_lazy("credit is granted again")),
    "REACTIVATE": _simple(gettext_lazy("customer %(customer)s is made active")),
    "LIFT_HOLD": _simple(gettext_lazy("the hold is lifted")),
    "ADD_RATE": _simple(gettext_lazy("the exchange rate is entered")),
    "CHANGE_PAYMENT": _simple(gettext_lazy("payment is changed to %(to)s")),
    "CHANGE_TERM": _simple(gettext_lazy("the term is cut to %(days_max)s days")),
    "CHANGE_INSTRUMENT": _simple(gettext_lazy("payment is made by %(allowed)s")),
    "APPROVE_DOCUMENT": _simple(gettext_lazy("%(documents)s is approved")),
    "WAIT": _simple(gettext_lazy("one waits until %(until)s")),
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
#: Reasons as short as a chip; the sentence with its figures is ``reason``.
REASON_NAMES = {
    ReasonCode.CUSTOMER_INACTIVE: pgettext_lazy("reason", "Customer inactive"),
    ReasonCode.FORCED_HOLD: pgettext_lazy("reason", "Forced hold"),
    ReasonCode.ON_HOLD: pgettext_lazy("reason", "Customer on hold"),
    ReasonCode.GROUP_ON_HOLD: pgettext_lazy("reason", "Group on hold"),
    ReasonCode.MISSING_APPROVAL: pgettext_lazy("reason", "Approval missing"),
    ReasonCode.INSTRUMENT_NOT_ALLOWED: pgettext_lazy("reason", "Means of payment"),
    ReasonCode.TERM_NOT_ALLOWED: pgettext_lazy("reason", "Term too long"),
    ReasonCode.GRADE_NOT_ALLOWED: pgettext_lazy("reason", "Grade"),
    ReasonCode.CREDIT_WITHDRAWN: pgettext_lazy("reason", "Credit withdrawn"),
    ReasonCode.NO_CREDIT: pgettext_lazy("reason", "Cash customer"),
    ReasonCode.LINE_UNSIGNED: pgettext_lazy("reason", "Line unsigned"),
    ReasonCode.LINE_NOT_YET_VALID: pgettext_lazy("reason", "Line not yet valid"),
    ReasonCode.LINE_EXPIRED: pgettext_lazy("reason", "Line expired"),
    ReasonCode.RATE_MISSING: pgettext_lazy("reason", "Rate missing"),
    ReasonCode.OVER_LIMIT: pgettext_lazy("reason", "Over the limit"),
    ReasonCode.OVER_GROUP_LIMIT: pgettext_lazy("reason", "Over the group's limit"),
    ReasonCode.NEAR_LIMIT: pgettext_lazy("reason", "Near the limit"),
    ReasonCode.PREPAYMENT_SHORT: pgettext_lazy("reason", "Prepayment short"),
    ReasonCode.OVERDUE_DAYS: pgettext_lazy("reason", "Overdue"),
    ReasonCode.OVERDUE_AMOUNT: pgettext_lazy("reason", "Overdue amount"),
    ReasonCode.OVERDUE_SHARE: pgettext_lazy("reason", "Overdue share"),
    ReasonCode.OVERDUE_NOTICE: pgettext_lazy("reason", "Past due"),
    ReasonCode.COD_OVERDUE: pgettext_lazy("reason", "Cash on delivery unpaid"),
    ReasonCode.ROLLING_BATCH_UNPAID: pgettext_lazy("reason", "Batch before unpaid"),
    ReasonCode.GROUP_OVERDUE: pgettext_lazy("reason", "Group overdue"),
    ReasonCode.BREACH: pgettext_lazy("reason", "Debt in breach"),
    ReasonCode.RELEASE_EXPIRED: pgettext_lazy("reason", "Release expired"),
}


def reason_names(codes: Iterable[str]) -> str:
    """Reasons by their short names, as one enumeration."""
    return formats.listed(str(REASON_NAMES[ReasonCode(code)]) for code in codes)


def component(name: str) -> str:
    """A component by the name the policy gives it."""
    return component_name(name)


def signers(rule: Params) -> str:
    """Who may sign: the roles of a signer rule in words."""
    roles = formats.listed(names.role(code, get_language() or "zh") for code in rule["roles"])
    said = {
        "ANY_OF": _("any one of %(roles)s"),
        "ALL_OF": _("all of %(roles)s"),
        "N_OF": _("%(n)s of %(roles)s"),
    }[rule["kind"]]
    return said % {"roles": roles, "n": rule["n"]}
