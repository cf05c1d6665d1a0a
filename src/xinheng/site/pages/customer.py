"""One customer from every side: what it owes against its limit, when that falls due, how it pays, what happened."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, pgettext_lazy

from xinheng.base import clock
from xinheng.base.errors import Unknown
from xinheng.base.screens import needs, refuse_without
from xinheng.desk.control import public as control
from xinheng.desk.control.public import Standing
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document, Entity
from xinheng.desk.limits import public as limits
from xinheng.desk.receivables import public as receivables
from xinheng.desk.receivables import words
from xinheng.desk.receivables.public import AgeingScope, Ask, Slice
from xinheng.desk.sales.public import Order
from xinheng.rules.money import total
from xinheng.rules.road import Component, Kind
from xinheng.site.pages import customer_deeds, picture, timeline
from xinheng.site.pages.settings import chains

#: Rows on a tab; the lists behind them have the rest.
ROWS = 50
_YEAR = timedelta(days=365)

#: tab → (name, right)
TABS = {
    "receivables": (pgettext_lazy("tab", "Receivables"), "receivables.view"),
    "orders": (pgettext_lazy("tab", "Orders"), "orders.view"),
    "cash": (pgettext_lazy("tab", "Cash"), "receivables.view"),
    "lines": (pgettext_lazy("tab", "Credit lines"), "lines.view"),
    "file": (pgettext_lazy("tab", "File"), "customers.view"),
    "audit": (pgettext_lazy("tab", "Audit"), "audit.read"),
}


def find(request: HttpRequest, pk: int) -> Customer:
    """A customer the reader may see.

    Raises:
        Unknown: nobody's, or somebody else's.
    """
    visible = customers.visible_to(request.user).select_related("group", "branch")  # type: ignore[arg-type]
    found = visible.filter(pk=pk).first()
    if found is None:
        raise Unknown(what="customer", number=str(pk))
    return found


@needs("customers.view")
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """The customer with this code, for links from other systems."""
    return redirect("customer", find(request, customers.by_code(code).pk).pk)


@needs("customers.view")
def customer(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """The page, or only its tab when the tab is switched."""
    found = find(request, pk)
    held = request.powers.rights  # type: ignore[attr-defined]
    tabs = {name: title for name, (title, right) in TABS.items() if right in held}
    if tab and tab not in TABS:
        raise Unknown(what="page", number=tab)
    if tab:
        refuse_without(request, TABS[tab][1])
    chosen = tab or next(iter(tabs))
    entity, entities = entity_of(request, found)
    context = {
        "active": "customers",
        "customer": found,
        "tabs": tabs,
        "tab": chosen,
        "entity": entity,
        "entities": entities,
        "part": f"customer/_{chosen}.html",
        **_FILL[chosen](found, entity, request),
    }
    if request.htmx and request.htmx.target == "tab":  # type: ignore[attr-defined]
        return render(request, "customer/_tab.html", context)
    return render(request, "customer/page.html", context | _head(request, found, entity, held))


def entity_of(request: HttpRequest, found: Customer) -> tuple[Entity, list[Entity]]:
    """The entity looked at, and those the customer has dealings with.

    Raises:
        Unknown: no entity has the code in the address.
    """
    entities = list(Entity.objects.filter(accounts__customer=found).order_by("id")) or [exposure.entity()]
    wanted = request.GET.get("entity", "")
    if not wanted:
        return entities[0], entities
    chosen = exposure.entity(wanted)
    return chosen, entities if chosen in entities else [*entities, chosen]


def _head(request: HttpRequest, found: Customer, entity: Entity, held: frozenset[str]) -> dict[str, Any]:
    """Chips, figures and pictures above the tabs."""
    moment = exposure.today(clock.business_date())
    standing = control.standing(found, entity, moment)
    accounts = exposure.accounts_of(customer_id=found.pk, entity_id=entity.pk)
    rates = exposure.rates_on(standing.on, standing.currency)
    overdue = _overdue(found, entity, accounts, standing, rates, moment)
    paid = receivables.payments(accounts, since=standing.on - _YEAR, today=standing.on) if accounts else []
    by = {"today": standing.on, "into": standing.currency, "rates": rates}
    waiting = Order.objects.filter(document__account__in=accounts, state=Order.State.HELD).count()
    addresses = picture.addresses_of(found)
    line = standing.binding.line if standing.binding else None
    return {
        "standing": standing,
        "ahead": _ahead(accounts, moment),
        "line_state": limits.states_of([line], standing.on)[line.pk] if line else "",
        "owed": standing.parts.get("invoiced"),
        "overdue": overdue,
        "waiting": waiting,
        "breaches": control.breaches_of(found) if "lines.view" in held else [],
        "holds": limits.holds_standing(customer_id=found.pk, group_id=found.group_id),
        "hold_causes": limits.HOLD_CAUSES,
        "bars": [
            bar for bar in (picture.exposure_bar(standing, addresses), picture.group_bar(standing, addresses)) if bar
        ],
        # Where others fill the same limit, the figures above do not add up without them.
        "shared": [one for one in (standing.own, standing.group) if one and len(one.parts) > 1],
        "waterfall": picture.waterfall(standing),
        "weeks": picture.due_weeks(found, accounts, standing.on, standing.currency, rates),
        "dots": picture.dots(paid),
        "pays": words.pays(receivables.behaviour(accounts, paid, **by)),
        "happenings": timeline.timeline(found, get_language() or "zh", _kinds(held)),
        "shows_money": "receivables.view" in held,
        "shows_credit": {"receivables.view", "lines.view"} <= held,
        "shows_audit": "audit.read" in held,
        "offered": customer_deeds.offered(found, held),
    }


def _ahead(accounts: list[int], moment: exposure.Moment) -> list[tuple[str, int, str]]:
    """What is dated after today and a check counts already: component, change in minor units, currency."""
    if moment.is_now:
        return []
    then, now = exposure.amounts(accounts, moment), exposure.amounts(accounts)
    sums: dict[tuple[Component, str], int] = defaultdict(int)
    for found, sign in ((now, 1), (then, -1)):
        for (_, currency, component), amount in found.items():
            sums[component, currency] += sign * amount
    return [
        (exposure.component_name(of), amount, currency) for (of, currency), amount in sorted(sums.items()) if amount
    ]


def _kinds(held: frozenset[str]) -> list[Kind]:
    """The kinds of documents that somebody with these rights may see."""
    seen = [Kind.ORDER] * ("orders.view" in held) + [Kind.DELIVERY] * ("deliveries.view" in held)
    if "receivables.view" in held:
        seen += [Kind.INVOICE, Kind.CREDIT_NOTE, Kind.RECEIPT, Kind.INSTRUMENT]
    return seen


def _overdue(
    found: Customer, entity: Entity, accounts: list[int], standing: Standing, rates: Any, moment: exposure.Moment
) -> int | None:
    if not moment.is_now:  # what is dated ahead has not settled anything yet
        ask = Ask(moment, scope=AgeingScope(customer=found.code, entity=entity.code))
        late = receivables.in_company_currency(receivables.age(ask), standing.on)[1 : len(ask.bounds.labels)]
        return None if None in late else sum(amount or 0 for amount in late)
    sums: dict[str, int] = {}
    rows = exposure.DueTotal.objects.filter(account__in=accounts, component=Component.INVOICED, due_on__lt=standing.on)
    for currency, amount in rows.values_list("currency", "amount"):
        sums[currency] = sums.get(currency, 0) + amount
    return total(sums, standing.currency, rates)


def _receivables(found: Customer, entity: Entity, request: HttpRequest) -> dict[str, Any]:
    scope = AgeingScope(customer=found.code, entity=entity.code)
    ask = Ask(exposure.today(clock.business_date()), scope=scope)
    items = receivables.open_items(ask, Slice(limit=ROWS))
    return {"items": [{"item": one, "late": one.days_overdue(ask.on)} for one in items], "full": len(items) == ROWS}


def _documents(found: Customer, entity: Entity, kinds: list[Kind]) -> list[Document]:
    rows = Document.objects.filter(account__customer=found, entity=entity, kind__in=kinds, reversed_by=None)
    return list(rows.order_by("-dated_on", "-id")[:ROWS])


def _orders(found: Customer, entity: Entity, request: HttpRequest) -> dict[str, Any]:
    orders = Order.objects.filter(
        document__account__customer=found, document__entity=entity, document__reversed_by=None
    ).select_related("document")
    return {"orders": list(orders.order_by("-document__dated_on", "-document_id")[:ROWS])}


def _cash(found: Customer, entity: Entity, request: HttpRequest) -> dict[str, Any]:
    documents = _documents(found, entity, [Kind.RECEIPT, Kind.CREDIT_NOTE, Kind.INSTRUMENT])
    left = exposure.amounts_by_position([one.pk for one in documents])
    for one in documents:
        one.left = left.get((one.pk, Component.UNAPPLIED), 0) + left.get((one.pk, Component.INSTRUMENT), 0)  # type: ignore[attr-defined]
    return {"documents": documents}


def _lines(found: Customer, entity: Entity, request: HttpRequest) -> dict[str, Any]:
    rows = limits.Line.objects.select_related("entity", "set_by", "group")
    own = rows.filter(customer=found).order_by("-id")
    shared = rows.filter(group=found.group_id).order_by("-id") if found.group_id else []
    lines = [*own[:ROWS], *shared[:ROWS]]
    states = limits.states_of(lines, clock.business_date())
    return {"lines": [{"line": one, "state": states[one.pk]} for one in lines]}


def _file(found: Customer, entity: Entity, request: HttpRequest) -> dict[str, Any]:
    return {
        "members": list(customers.visible_to(request.user).filter(group=found.group).exclude(pk=found.pk)[:ROWS])
        if found.group_id
        else []
    }  # type: ignore[arg-type]


def _audit(found: Customer, entity: Entity, request: HttpRequest) -> dict[str, Any]:
    lines = list(timeline.audit_lines(found)[:ROWS])
    holder = exposure.Holder.objects.filter(customer=found, sequence__gt=0).first()
    chain = chains.state_of(f"holder:{holder.pk}") if holder else None
    return {"lines": timeline.described(lines, found, get_language() or "zh"), "chain": chain}


_FILL: dict[str, Callable[[Customer, Entity, HttpRequest], dict[str, Any]]] = {
    "receivables": _receivables,
    "orders": _orders,
    "cash": _cash,
    "lines": _lines,
    "file": _file,
    "audit": _audit,
}
