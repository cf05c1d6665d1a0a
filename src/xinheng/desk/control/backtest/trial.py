"""Trying a policy before it is signed: the same months run again under it and under the signed one, side by side.

It takes as long as the months are full, so a worker does it.  Nothing is written but the job's own result, and that
keeps what was tried: the version it rests on and the few places where it differs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinheng.base import clock, formats, policies, policy_drafts, rights
from xinheng.base.jobs.actions import ask_for
from xinheng.base.jobs.kinds import Told
from xinheng.base.jobs.running import Running
from xinheng.base.models import Job, User
from xinheng.desk.control.backtest.report import BadPeriod, Sides, Tried, backtest, look_at_payment
from xinheng.rules.policy import Policy

KIND = "policy-trial"
#: So many rows of each sort are kept with a trial; its sums are over all.
KEPT = 300


def ask_for_trial(document: policy_drafts.Plain, *, since: date, until: date, by: User, name: str = "") -> Job:
    """Let a worker try a document over the months from a day to another.

    Raises:
        Refused, BadPolicy, BadPeriod.
    """
    rights.require(by, "policy.backtest")
    if since > until:
        raise BadPeriod(since=since, until=until)
    policies.parsed(policy_drafts.toml(document))
    signed = policies.here().latest.version
    changes = policy_drafts.steps(
        policy_drafts.plain(signed), {**document, "version": "draft", "effective_from": "always"}
    )
    asked = {"policy": signed, "changes": changes, "name": name, "since": since.isoformat(), "until": until.isoformat()}
    return ask_for(KIND, asked, by=by)


def try_policy(running: Running) -> dict[str, Any]:
    """The job: both policies over the months of the arguments."""
    rights.require(running.by, "policy.backtest")
    asked = running.arguments
    since, until = date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])
    signed = policy_drafts.plain(asked["policy"])
    tried = policy_drafts.stepped(signed, asked["changes"])
    return compare(
        policies.parsed(policy_drafts.toml(signed)),
        policies.parsed(policy_drafts.toml(tried)),
        since=since,
        until=min(until, clock.business_date()),
        tick=running.tick,
    )


def compare(
    signed: Policy, tried: Policy, *, since: date, until: date, tick: Callable[[str, float, float], None]
) -> dict[str, Any]:
    """Orders and goods under both policies: how many each holds, the money that changes sides, who later paid late."""
    tick("signed", 0, 2)
    first = backtest(signed, since=since, until=until, tick=lambda done, of: tick("signed", done / of, 2))
    tick("tried", 1, 2)
    second = backtest(tried, since=since, until=until, tick=lambda done, of: tick("tried", 1 + done / of, 2))
    return {
        "orders": _sides(first.orders, second.orders, until),
        "goods": _sides(first.deliveries, second.deliveries, until),
    }


def _sides(signed: Sides, tried: Sides, until: date) -> dict[str, Any]:
    before = {one.document_id: one for one in signed.tried}
    now = {one.document_id: one for one in tried.tried}
    both = [(before.get(id), now.get(id)) for id in dict.fromkeys([*before, *now])]
    held = [new for old, new in both if new and new.is_held and not (old and old.is_held)]
    freed = [old for old, new in both if old and old.is_held and not (new and new.is_held)]
    look_at_payment([*held, *freed], until)
    return {
        "asked": len(both),
        "happened": sum((new or old).was_held for old, new in both if new or old),  # type: ignore[union-attr]
        "signed": sum(one.is_held for one in signed.tried),
        "tried": sum(one.is_held for one in tried.tried),
        "held": _told(held),
        "freed": _told(freed),
    }


def _told(rows: Iterable[Tried]) -> dict[str, Any]:
    """One sort: how many, the money by currency, and of which customers later paid late; the first of them in full."""
    listed = sorted(rows, key=lambda one: (not one.late, -one.amount, one.order))
    money: dict[str, int] = defaultdict(int)
    late: dict[str, int] = defaultdict(int)
    for one in listed:
        money[one.currency] += one.amount
        if one.late:
            late[one.currency] += one.amount
    return {
        "count": len(listed),
        "late": sum(one.late for one in listed),
        "money": dict(sorted(money.items())),
        "money_late": dict(sorted(late.items())),
        "rows": [_row(one) for one in listed[:KEPT]],
    }


def _row(one: Tried) -> dict[str, Any]:
    return {
        "document": one.document_id,
        "order": one.order,
        "customer": one.customer,
        "on": one.on.isoformat(),
        "amount": one.amount,
        "currency": one.currency,
        "reasons": list(one.reasons),
        "late": one.late,
    }


def told(job: Job) -> Told:
    """Over which days, and what would have come of it; its own page tells the rest."""
    since, until = (formats.day(date.fromisoformat(job.arguments[name])) for name in ("since", "until"))
    about = pgettext("back-test", "%(since)s to %(until)s") % {"since": since, "until": until}
    if job.result is None:
        return Told(about)
    orders, goods = job.result["orders"], job.result["goods"]
    return Told(
        about,
        (
            _("Orders: %(held)s more held, %(freed)s freed.") % _counts(orders),
            _("Goods: %(held)s more stopped, %(freed)s let go.") % _counts(goods),
        ),
    )


def _counts(side: dict[str, Any]) -> dict[str, str]:
    return {name: formats.count(side[name]["count"]) for name in ("held", "freed")}
