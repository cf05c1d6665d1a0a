"""Why a decision came out as it did, laid open: every rule with its outcome and threshold, and the facts it saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from xinheng.base import charts, formats, policies
from xinheng.base.charts import Chart, Step
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
        return {"held": "bad", "watched": "watch", "noticed": "watch", "released": "normal"}.get(self.outcome, "closed")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact a decision saw, in words, and what it is now; ``about`` is what opens: lines, items, cash, nothing."""

    name: str
    then: str
    now: str = ""
    about: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.now) and self.now != self.then


def rule_lines(decision: Decision) -> list[RuleLine]:
    """Every rule of the policy at the decision's check point: first what held, then what was noticed, then the rest."""
    policy = _policy_of(decision)
    found: dict[str, Params] = {}
    for reason in decision.outcome["reasons"]:
        found.setdefault(reason["code"], reason)
    effects = policy.check_points.at(CheckPoint(decision.point))
    codes = [code for code in ReasonCode if code in effects or code.value in found]
    lines = [
        _line(code, str(effects.get(code, Effect.NOTICE)), found.get(code.value), policy, decision)
        for code in codes
        if code not in DERIVED or code.value in found
    ]
    rank = {"held": 0, "watched": 0, "released": 1, "noticed": 2, "passed": 3}
    return sorted(lines, key=lambda line: rank[line.outcome])


def _policy_of(decision: Decision) -> Policy:
    row = policies.by_version(decision.policy_version)
    return policies.parsed(row.document, row.version, row.signed_by.username if row.signed_by else None)


def _line(code: ReasonCode, effect: str, reason: Params | None, policy: Policy, decision: Decision) -> RuleLine:
    outcomes = {"BLOCK": "held", "NOTICE": "noticed", "RELEASED": "released", "SHADOW": "watched"}
    outcome = outcomes[reason["effect"]] if reason else "passed"
    said = words.reason(reason) if reason else ""
    bound = _limit_of(code, decision) or threshold(code, policy)
    return RuleLine(code.value, str(words.REASON_NAMES[code]), effect, outcome, said, bound)


def _limit_of(code: ReasonCode, decision: Decision) -> str:
    """The limit a rule compares with; empty where it compares with something else or no amount bounds."""
    holder = {ReasonCode.OVER_LIMIT: "CUSTOMER", ReasonCode.OVER_GROUP_LIMIT: "GROUP"}.get(code)
    measures = [one for one in decision.outcome["measures"] if one["holder"] == holder and one["limit"] is not None]
    return formats.full(measures[0]["limit"], measures[0]["currency"]) if measures else ""


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


def waterfall(measure: Params) -> Chart | None:
    """From the limit, component by component and with the order, down to what is free; none without an amount."""
    if measure["limit"] is None:
        return None
    steps = [Step(pgettext("figure", "Limit"), measure["limit"], "start")]
    steps += [Step(words.component(name), -amount, "part") for name, amount in measure["components"].items() if amount]
    weight = order_weight(measure)
    if weight:
        steps.append(Step(_("This order"), -weight, "order"))
    left = None if measure["after"] is None else measure["limit"] - measure["after"]
    title = _("From the limit to what is left")
    if measure["holder"] == "GROUP":
        title = _("From the limit of group %(code)s to what is left") % {"code": measure["code"]}
    key = f"waterfall-{measure['holder'].lower()}"
    return charts.waterfall(key, title, measure["currency"], [*steps, Step(_("Left"), left, "end")], size="m")


def order_weight(measure: Params) -> int | None:
    """What the order adds, in the measure's currency; None where a rate is missing."""
    if measure["after"] is None or measure["exposure"] is None:
        return None
    return int(measure["after"] - measure["exposure"])


def facts_table(decision: Decision, now: Decision | None = None) -> list[Fact]:
    """The facts the decision saw, in words and amounts, beside what they are now."""
    then = {name: (said, about) for name, said, about in _facts(decision)}
    present = {name: (said, about) for name, said, about in _facts(now)} if now else {}
    found = []
    for name in dict.fromkeys([*then, *present]):
        about = (then.get(name) or present[name])[1]
        said = then.get(name, (formats.MISSING,))[0]
        today = present.get(name, (formats.MISSING,))[0] if now else ""
        found.append(Fact(name, said, today, about))
    return found


def _facts(decision: Decision) -> Iterator[tuple[str, str, str]]:
    """(name, in words, what it opens)."""
    facts, measure = decision.facts, decision.outcome["measures"][0]
    order = facts["order"]
    yield _("Verdict"), str(words.VERDICTS[Decision.Verdict(decision.verdict)]), ""
    codes = [one["code"] for one in decision.outcome["reasons"]]
    yield _("Reasons"), words.short_reasons(codes) or pgettext("reasons", "none"), ""
    yield _("Order amount"), formats.full(order["amount"], order["currency"]), ""
    yield _("Exposure before"), formats.full(measure["exposure"], measure["currency"]), "exposure"
    for one in decision.outcome["measures"]:
        if one.get("by_entity"):
            parts = (f"{code} {formats.full(amount, one['currency'])}" for code, amount in one["by_entity"].items())
            yield (
                _("Exposure before (%(whose)s), by entity") % {"whose": one["code"]},
                formats.listed(parts),
                "exposure",
            )
    yield pgettext("order", "Payment"), str(sales.PAYMENTS[order["payment"]]), ""
    if order["term"]:
        yield pgettext("order", "Term"), order["term"], ""
    for holder, name in ((facts["customer"], _("Customer's line")), (facts["group"], _("Group's line"))):
        if holder:
            yield name, _line_words(holder), "lines"
            yield _("Overdue (%(whose)s)") % {"whose": holder["code"]}, _overdue(holder, facts["on"]), "items"
    if order["payment"] == "PREPAID":
        yield _("Free money received"), formats.full(facts["prepaid_money"], order["currency"]), "cash"
    for holder in (facts["customer"], facts["group"]):
        if holder and holder["rates"]:
            rates = ", ".join(f"{code} {rate}" for code, rate in holder["rates"].items())
            yield _("Rates into %(currency)s") % {"currency": holder["currency"]}, rates, ""
    if facts["holds"]:
        holds = formats.listed(limits.HOLD_CAUSES.get(one["kind"], one["kind"]) for one in facts["holds"])
        yield _("Holds"), holds, ""


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
