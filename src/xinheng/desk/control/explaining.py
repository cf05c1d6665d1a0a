"""Why a decision came out as it did, laid open: every rule with its outcome and threshold, and the facts it saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from xinheng.base import formats, policies
from xinheng.desk.control import words
from xinheng.desk.control.models import Decision
from xinheng.desk.limits import public as limits
from xinheng.desk.sales import public as sales
from xinheng.rules.policy import CheckPoint, Effect, Policy, ReasonCode
from xinheng.rules.policy.codes import DERIVED

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule at this check point: what it would do, whether it was met, what it found, against which threshold."""

    code: str
    name: str
    effect: str
    outcome: str  # passed, noticed, held, released
    found: str
    threshold: str

    @property
    def tone(self) -> str:
        return {"held": "bad", "noticed": "watch", "released": "normal"}.get(self.outcome, "closed")


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall from the limit to what is free; amounts in minor units, None where a rate is missing."""

    name: str
    amount: int | None
    kind: str  # start, part, order, end


def rule_lines(decision: Decision) -> list[RuleLine]:
    """Every rule of the policy at the decision's check point: first what held, then what was noticed, then the rest."""
    policy = _policy_of(decision)
    found: dict[str, Params] = {}
    for reason in decision.outcome["reasons"]:
        found.setdefault(reason["code"], reason)
    effects = policy.check_points.at(CheckPoint(decision.point))
    codes = [code for code in ReasonCode if code in effects or code.value in found]
    lines = [
        _line(code, str(effects.get(code, Effect.NOTICE)), found.get(code.value), policy)
        for code in codes
        if code not in DERIVED or code.value in found
    ]
    rank = {"held": 0, "released": 1, "noticed": 2, "passed": 3}
    return sorted(lines, key=lambda line: rank[line.outcome])


def _policy_of(decision: Decision) -> Policy:
    row = policies.by_version(decision.policy_version)
    return policies.parsed(row.document, row.version, row.signed_by.username if row.signed_by else None)


def _line(code: ReasonCode, effect: str, reason: Params | None, policy: Policy) -> RuleLine:
    outcomes = {"BLOCK": "held", "NOTICE": "noticed", "RELEASED": "released"}
    outcome = outcomes[reason["effect"]] if reason else "passed"
    said = words.reason(reason) if reason else ""
    return RuleLine(code.value, str(words.REASON_NAMES[code]), effect, outcome, said, threshold(code, policy))


def threshold(code: ReasonCode, policy: Policy) -> str:
    """What the policy compares with, in words; empty where the rule is a yes or no."""
    overdue = policy.overdue
    if code is ReasonCode.OVERDUE_DAYS:
        return ngettext("%(count)s day of grace", "%(count)s days of grace", overdue.grace_days) % {
            "count": overdue.grace_days
        }
    if code is ReasonCode.COD_OVERDUE:
        return ngettext("%(count)s day of grace", "%(count)s days of grace", overdue.cod_grace_days) % {
            "count": overdue.cod_grace_days
        }
    if code is ReasonCode.OVERDUE_AMOUNT:
        return _bounds(overdue.amount_max)
    if code is ReasonCode.OVERDUE_SHARE:
        return _percent(overdue.share_percent_max)
    if code is ReasonCode.NEAR_LIMIT:
        return _percent(policy.limit.watch_percent)
    if code is ReasonCode.TERM_NOT_ALLOWED:
        return _("the line's term, else %(days)s days") % {"days": policy.terms.days_max}
    if code is ReasonCode.GROUP_OVERDUE:
        return _bounds(policy.group.overdue_hold_amounts)
    if code is ReasonCode.INSTRUMENT_NOT_ALLOWED:
        return formats.listed(sales.INSTRUMENTS.get(one, one) for one in policy.instruments.allowed)
    return ""


def _percent(value: int | None) -> str:
    return f"{value}%" if value is not None else pgettext("threshold", "none")


def _bounds(amounts: Mapping[str, Any]) -> str:
    if not amounts:
        return pgettext("threshold", "none")
    default = amounts.get("*")
    return (
        f"{default:,}" if default is not None else ", ".join(f"{code} {amount:,}" for code, amount in amounts.items())
    )


def waterfall(measure: Params, order_amount: int | None) -> list[Step]:
    """From the limit, component by component and with the order, down to what is free; empty without an amount."""
    if measure["limit"] is None:
        return []
    steps = [Step(pgettext("figure", "Limit"), measure["limit"], "start")]
    for name, amount in measure["components"].items():
        if amount:
            steps.append(Step(words.component(name), -amount, "part"))
    if order_amount:
        steps.append(Step(_("This order"), -order_amount, "order"))
    free = None if measure["after"] is None else measure["limit"] - measure["after"]
    return [*steps, Step(_("Left"), free, "end")]


def drawn(steps: list[Step], currency: str) -> dict[str, Any]:
    """The waterfall as its chart wants it."""
    return {
        "steps": [
            {
                "name": step.name,
                "value": formats.number(step.amount, currency),
                "text": formats.full(step.amount, currency),
                "kind": step.kind,
            }
            for step in steps
        ]
    }


def order_weight(measure: Params) -> int | None:
    """What the order adds, in the measure's currency; None where a rate is missing."""
    if measure["after"] is None or measure["exposure"] is None:
        return None
    return int(measure["after"] - measure["exposure"])


def facts_table(decision: Decision) -> Iterator[tuple[str, str]]:
    """The facts the decision saw, in words and amounts."""
    facts = decision.facts
    order = facts["order"]
    yield _("Order amount"), formats.full(order["amount"], order["currency"])
    yield pgettext("order", "Payment"), str(sales.PAYMENTS[order["payment"]])
    if order["term"]:
        yield pgettext("order", "Term"), f"{order['term']} ({order['term_days']})"
    for holder, name in ((facts["customer"], _("Customer's line")), (facts["group"], _("Group's line"))):
        if holder:
            yield name, _line_words(holder)
            yield _("Overdue on the day (%(whose)s)") % {"whose": holder["code"]}, _overdue(holder, facts["on"])
    if order["payment"] == "PREPAID":
        yield _("Free money received"), formats.full(facts["prepaid_money"], order["currency"])
    for holder in (facts["customer"], facts["group"]):
        if holder and holder["rates"]:
            rates = ", ".join(f"{code} {rate}" for code, rate in holder["rates"].items())
            yield _("Rates into %(currency)s") % {"currency": holder["currency"]}, rates
    if facts["holds"]:
        yield _("Holds"), formats.listed(limits.HOLD_CAUSES.get(one["kind"], one["kind"]) for one in facts["holds"])


def _line_words(holder: Params) -> str:
    line = holder["line"]
    if line["kind"] != "AMOUNT":
        return str(limits.LINE_KINDS[line["kind"].lower()])
    said = formats.full(line["limit"], holder["currency"])
    if line["extra"]:
        said += _(" + %(extra)s until %(day)s") % {
            "extra": formats.full(line["extra"], holder["currency"]),
            "day": line["extra_until"] or "—",
        }
    if line["valid_until"]:
        said += _(", until %(day)s") % {"day": line["valid_until"]}
    return said


def _overdue(holder: Params, on: str) -> str:
    sums: dict[str, int] = {}
    for one in holder["due"]:
        if one["due_on"] < on:
            sums[one["currency"]] = sums.get(one["currency"], 0) + one["amount"]
    if not sums:
        return pgettext("amount", "nothing")
    oldest = min(one["due_on"] for one in holder["due"])
    days = (date.fromisoformat(on) - date.fromisoformat(oldest)).days
    said = ngettext("%(amounts)s, the oldest by %(days)s day", "%(amounts)s, the oldest by %(days)s days", days)
    return said % {"amounts": words.sums(sums), "days": days}
