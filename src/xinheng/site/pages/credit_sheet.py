"""The credit sheet 客户授信表 on one page of paper: what a customer may owe, on which terms, and how it stands today.

Whoever sells on credit rests on this sheet (篇3, CM-015), so it says the limit, the term, the means of payment, the
balance and the conditions, who granted them and when, and leaves room for signatures.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinheng.base import clock, formats, policies
from xinheng.base.screens import needs
from xinheng.desk.control import public as control
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables import words
from xinheng.desk.receivables.public import AgeingScope, Ask
from xinheng.desk.sales import public as sales
from xinheng.rules.ageing import Bounds
from xinheng.site.pages.customer import entity_of, find

#: So many lines granted before fit on the page.
_EARLIER = 4
_YEAR = timedelta(days=365)


@needs("customers.view", "lines.view", "receivables.view")
def credit_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet, ready for the printer."""
    found = find(request, pk)
    entity, _entities = entity_of(request, found)
    standing = control.standing(found, entity, exposure.today(clock.business_date()))
    share, on = standing.binding, standing.on
    policy = policies.in_force(on)
    accounts = exposure.accounts_of(customer_id=found.pk, entity_id=entity.pk)
    paid = receivables.payments(accounts, since=on - _YEAR, today=on) if accounts else []
    context: dict[str, Any] = {
        "customer": found,
        "entity": entity,
        "standing": standing,
        "share": share,
        "line_state": limits.states_of([share.line], on)[share.line.pk] if share else "",
        "parts": [(exposure.component_name(name), amount) for name, amount in standing.parts.items() if amount],
        "used_percent": formats.used(share.exposure, share.limit) if share else formats.MISSING,
        "policy": policy,
        "means": [sales.INSTRUMENTS.get(one, one) for one in policy.policy.instruments.allowed],
        "grace_days": policy.policy.overdue.grace_days,
        "watch_percent": policy.policy.limit.watch_percent,
        "holds": limits.holds_standing(customer_id=found.pk, group_id=found.group_id),
        "hold_causes": limits.HOLD_CAUSES,
        "earlier": _earlier(share),
        **_pays(accounts, paid, standing),
        "printed_at": clock.now(),
        **_aged(found.code, entity.code, policy.policy.business.ageing_bounds_days),
    }
    return render(request, "customer/sheet.html", context)


def _pays(accounts: list[int], paid: list[receivables.Paid], standing: control.Standing) -> dict[str, Any]:
    """How the customer pays, in words."""
    rates = exposure.rates_on(standing.on, standing.currency)
    found = receivables.behaviour(accounts, paid, today=standing.on, into=standing.currency, rates=rates)
    worst = "" if found.worst_days is None else words.days_late(found.worst_days)
    return {"pays": words.pays(found), "worst": worst}


def _earlier(share: control.Share | None) -> list[limits.Line]:
    """What the holder of the limit was granted before."""
    if share is None:
        return []
    line = share.line
    whose = {"customer": line.customer_id} if line.customer_id else {"group": line.group_id}
    rows = limits.Line.objects.filter(**whose, entity=line.entity_id).exclude(pk=line.pk).select_related("set_by")
    return list(rows.order_by("-id")[:_EARLIER])


def _aged(code: str, entity: str, days: Any) -> dict[str, Any]:
    """What the customer owes, by age, in company currency."""
    scope = AgeingScope(customer=code, entity=entity)
    ask = Ask(exposure.today(clock.business_date()), bounds=Bounds(tuple(days)), scope=scope)
    amounts = receivables.in_company_currency(receivables.age(ask), ask.on)
    labels = [words.bucket(label) for label in ask.bounds.labels]
    return {
        "aged": list(zip(labels, amounts, strict=False)),
        "outstanding": amounts[len(labels)],
        "unapplied": amounts[len(labels) + 1],
    }
