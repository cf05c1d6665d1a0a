"""What happens to the facts when somebody does a step of a way out: the other half of the promise that it is exact.

Every way out is tried here before it is promised, and a property test tries it again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from xinheng.rules.exposure import Components
from xinheng.rules.order_check.decision import Free, Step, StepKind
from xinheng.rules.order_check.facts import (
    Credit,
    DueSum,
    Facts,
    HolderFacts,
    HolderKind,
    LineKind,
    OpenItem,
    Release,
)
from xinheng.rules.policy import ItemNature, Payment, ReasonCode

_Params = Mapping[str, Any]


def apply_free(facts: Facts, free: Free) -> Facts:
    """The facts after all steps of a way out have been done."""
    for step in free.steps:
        facts = apply_step(facts, step)
    return facts


def apply_step(facts: Facts, step: Step) -> Facts:
    """The facts after one step."""
    return _APPLY[step.kind](facts, step.params)


def _pay(facts: Facts, params: _Params) -> Facts:
    """Goods that nobody has invoiced yet are, money arrives and is allocated to the items named, the rest stays on
    account."""
    by_group = params["holder"] == HolderKind.GROUP
    paid = [_item(one) for one in params["items"]] + [_item({"number": "", **one}) for one in params["due"]]
    on_account = params["on_account"]
    group = facts.group
    if group is not None:
        group = _stock_paid(_money_in(group, paid, on_account), paid)
        if by_group:
            return replace(facts, group=paid_off(group, paid))
    customer = _stock_paid(paid_off(_money_in(facts.customer, paid, on_account), paid), paid)
    money = facts.prepaid_money + on_account.get(facts.order.currency, 0)
    return replace(facts, customer=customer, group=group, prepaid_money=money)


def _item(one: _Params) -> OpenItem:
    due_on, nature = date.fromisoformat(one["due_on"]), ItemNature(one["nature"])
    goods = one.get("goods", False)
    part, entity = one.get("part", 1), one.get("entity", "")
    return OpenItem(one["number"], due_on, one["currency"], one["amount"], part, nature, goods=goods, entity=entity)


def _money_in(holder: HolderFacts, paid: Iterable[OpenItem], on_account: Mapping[str, int]) -> HolderFacts:
    components = dict(holder.components)
    for currency in {**{one.currency: None for one in paid}, **on_account}:
        before = components.get(currency, Components())
        money, kept = _by_place(one for one in paid if one.currency == currency), on_account.get(currency, 0)
        settled = {name: min(getattr(before, name), amount) for name, amount in money.items()}
        stands = {name: getattr(before, name) - amount for name, amount in settled.items()}
        kept += sum(money.values()) - sum(settled.values())
        components[currency] = replace(before, unapplied=before.unapplied + kept, **stands)
    return replace(holder, components=components)


def _by_place(paid: Iterable[OpenItem]) -> dict[str, int]:
    """How much of a payment goes to invoices, and how much to goods that are invoiced for it."""
    money = {"invoiced": 0, "delivered": 0}
    for one in paid:
        money["delivered" if one.goods else "invoiced"] += one.amount
    return money


def paid_off(holder: HolderFacts, paid: Sequence[OpenItem]) -> HolderFacts:
    """The holder with payments taken off the sums by due day, and off the items listed."""
    off_sums: dict[tuple[date, str, ItemNature], int] = {}
    off_goods: dict[tuple[date, str, ItemNature], int] = {}
    off_items: dict[tuple[str, str, int, bool], int] = {}
    for one in paid:
        key, item = key_of(one), _name(one)
        off_sums[key] = off_sums.get(key, 0) + one.amount
        off_goods[key] = off_goods.get(key, 0) + one.amount * one.goods
        off_items[item] = off_items.get(item, 0) + one.amount
    due = _left(holder.due, lambda one: off_sums.get(key_of(one), 0))
    due = tuple(replace(one, goods=max(0, one.goods - off_goods.get(key_of(one), 0))) for one in due)
    return replace(holder, due=due, items=_left(holder.items, lambda one: off_items.get(_name(one), 0)))


def _name(one: OpenItem) -> tuple[str, str, int, bool]:
    """What tells an item from others; a delivery and an invoice, or those of two entities, may bear one number."""
    return one.entity, one.number, one.part, one.goods


def _left[Open: (DueSum, OpenItem)](ones: Iterable[Open], paid_off: Callable[[Open], int]) -> tuple[Open, ...]:
    """What is still open."""
    left = []
    for one in ones:
        paid = paid_off(one)
        if paid < one.amount:
            left.append(replace(one, amount=one.amount - paid) if paid else one)
    return tuple(left)


def _stock_paid(holder: HolderFacts, paid: Iterable[OpenItem]) -> HolderFacts:
    """铺底 that has been paid can no longer be carried by its own line."""
    unpaid = dict(holder.initial_stock)
    for one in paid:
        if one.nature is ItemNature.INITIAL_STOCK and one.currency in unpaid:
            unpaid[one.currency] = max(0, unpaid[one.currency] - one.amount)
    return replace(holder, initial_stock=unpaid)


def key_of(one: DueSum | OpenItem) -> tuple[date, str, ItemNature]:
    """What an item and the sum it belongs to share."""
    return one.due_on, one.currency, one.nature


def _prepay(facts: Facts, params: _Params) -> Facts:
    money = {params["currency"]: params["amount"]}
    group = None if facts.group is None else _money_in(facts.group, (), money)
    paid_in = facts.prepaid_money + params["amount"]
    return replace(facts, customer=_money_in(facts.customer, (), money), group=group, prepaid_money=paid_in)


def _on_line(facts: Facts, params: _Params, **values: Any) -> Facts:
    if params["holder"] == HolderKind.GROUP and facts.group is not None:
        return replace(facts, group=replace(facts.group, line=replace(facts.group.line, **values)))
    return replace(facts, customer=replace(facts.customer, line=replace(facts.customer.line, **values)))


def _raise_limit(facts: Facts, params: _Params) -> Facts:
    return _on_line(facts, params, kind=LineKind.AMOUNT, limit=params["to"])


def _renew_line(facts: Facts, params: _Params) -> Facts:
    return _on_line(facts, params, valid_from=facts.on, valid_until=facts.on)


def _restore_credit(facts: Facts, params: _Params) -> Facts:
    facts = _on_line(facts, params, withdrawn=False)
    if params["holder"] == HolderKind.GROUP:
        return facts
    return replace(facts, standing=replace(facts.standing, credit=Credit.CREDIT))


def _add_rate(facts: Facts, params: _Params) -> Facts:
    """Rates at the highest value for which the way out was promised; any lower one frees as well."""
    rates = {one["from"]: Decimal(one["rate_max"] or 1) for one in params["rates"]}

    def known(holder: HolderFacts) -> HolderFacts:
        return replace(holder, rates={**rates, **holder.rates}) if holder.currency == params["to"] else holder

    group = None if facts.group is None else known(facts.group)
    return replace(facts, customer=known(facts.customer), group=group)


def _sign(facts: Facts, params: _Params) -> Facts:
    last, codes = date.fromisoformat(params["expires_on"]), tuple(ReasonCode(code) for code in params["codes"])
    release = Release(facts.customer.code, params["amount"], params["currency"], last, codes)
    return replace(facts, release=release)


def _order(facts: Facts, **values: Any) -> Facts:
    return replace(facts, order=replace(facts.order, **values))


_APPLY: dict[StepKind, Callable[[Facts, _Params], Facts]] = {
    StepKind.PAY: _pay,
    StepKind.PREPAY: _prepay,
    StepKind.REDUCE_ORDER: lambda facts, params: _order(facts, amount=params["to"] - facts.order.passed),
    StepKind.RAISE_LIMIT: _raise_limit,
    StepKind.RENEW_LINE: _renew_line,
    StepKind.SIGN_LINE: lambda facts, params: _on_line(facts, params, signed=True),
    StepKind.RESTORE_CREDIT: _restore_credit,
    StepKind.REACTIVATE: lambda facts, params: replace(facts, standing=replace(facts.standing, active=True)),
    StepKind.LIFT_HOLD: lambda facts, params: replace(
        facts, holds=tuple(hold for hold in facts.holds if hold.id not in params["holds"])
    ),
    StepKind.ADD_RATE: _add_rate,
    StepKind.CHANGE_PAYMENT: lambda facts, params: _order(facts, payment=Payment(params["to"])),
    StepKind.CHANGE_TERM: lambda facts, params: _order(facts, term="", term_days=params["days_max"]),
    StepKind.CHANGE_INSTRUMENT: lambda facts, params: _order(facts, instrument=params["allowed"][0]),
    StepKind.APPROVE_DOCUMENT: lambda facts, params: _order(
        facts,
        missing_approvals=tuple(one for one in facts.order.missing_approvals if one not in params["documents"]),
    ),
    StepKind.SIGN: _sign,
}
