"""How a customer stands: what it owes or is about to owe, against which limit, and what is still free."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.base import clock, policies
from xinheng.desk.cash import public as cash
from xinheng.desk.control.facts import rule_line
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.limits import public as limits
from xinheng.rules import exposure as rulebook
from xinheng.rules.exposure import Components
from xinheng.rules.money import to_text, total
from xinheng.rules.order_check import case, facts
from xinheng.rules.policy import COMPONENTS, ItemNature, Policy
from xinheng.rules.road import Component


@dataclass(frozen=True, slots=True)
class Part:
    """What one customer's account towards one entity puts on a line, in the line's currency."""

    customer: str
    entity: str
    exposure: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """One line with what fills it, in the line's currency; ``exposure`` None where a rate is missing.

    ``parts`` tell whose accounts make it, those with nothing left out; each is rounded by itself.
    """

    holder: str
    line: limits.Line
    limit: int | None
    exposure: int | None
    parts: tuple[Part, ...] = ()

    @property
    def available(self) -> int | None:
        return None if self.limit is None or self.exposure is None else self.limit - self.exposure


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer towards one entity at a moment.

    ``parts`` and ``exposure`` are in minor units of ``currency``; ``binding`` is the line that leaves least.
    """

    customer: Customer
    entity: exposure.Entity
    on: date
    currency: str
    by_currency: Mapping[str, Components]
    parts: Mapping[str, int | None]
    exposure: int | None
    own: Share | None
    group: Share | None
    status: str

    @property
    def binding(self) -> Share | None:
        shares = [share for share in (self.own, self.group) if share]
        bounded = [share for share in shares if share.available is not None]
        return min(bounded, key=lambda share: share.available or 0) if bounded else next(iter(shares), None)


def standing(customer: Customer, entity: exposure.Entity, moment: exposure.Moment = exposure.NOW) -> Standing:
    """How a customer stands towards an entity; the limit is looked at over everything its line covers."""
    on = moment.as_of or clock.business_date()
    policy = policies.in_force(on).policy
    own = limits.line_in_force(on, customer_id=customer.pk, entity_id=entity.pk)
    shared = limits.line_in_force(on, group_id=customer.group_id, entity_id=entity.pk) if customer.group_id else None
    line = own or shared
    currency = line.currency if line else clock.company().currency
    found = exposure.components(
        exposure.amounts(exposure.accounts_of(customer_id=customer.pk, entity_id=entity.pk), moment)
    )
    rates = exposure.rates_on(on, currency)
    accounts = exposure.accounts_of(customer_id=customer.pk, entity_id=entity.pk)
    return Standing(
        customer=customer,
        entity=entity,
        on=on,
        currency=currency,
        by_currency=found,
        parts={
            name.lower(): total({one: getattr(of, name.lower()) for one, of in found.items()}, currency, rates)
            for name in COMPONENTS
        },
        exposure=_weighed(accounts, found, currency, policy, moment),
        own=_share(customer.code, own, policy, on, moment, customer_id=customer.pk) if own else None,
        group=_share(customer.group.code, shared, policy, on, moment, group_id=customer.group_id)
        if shared and customer.group
        else None,
        status=_status(customer, own, shared, on),
    )


def _share(
    code: str, line: limits.Line, policy: Policy, on: date, moment: exposure.Moment, **whose: int | None
) -> Share:
    accounts = exposure.accounts_of(entity_id=line.entity_id, **whose)
    found = exposure.components(exposure.amounts(accounts, moment))
    stock = exposure.due_of_nature(accounts, ItemNature.INITIAL_STOCK, moment) if line.initial_stock else {}
    rates = exposure.rates_on(on, line.currency) if stock.keys() - {line.currency} else {}
    rule = facts.HolderFacts(code=code, currency=line.currency, line=rule_line(line), initial_stock=stock, rates=rates)
    limit = case.limit_of(rule, on) if line.kind == limits.Line.Kind.AMOUNT else None
    parts = _parts(accounts, line.currency, policy, moment)
    return Share(code, line, limit, _weighed(accounts, found, line.currency, policy, moment), parts)


def _parts(accounts: Collection[int], currency: str, policy: Policy, moment: exposure.Moment) -> tuple[Part, ...]:
    """Whose accounts fill a line."""
    amounts = exposure.amounts(accounts, moment)
    by_account: dict[int, dict[tuple[int, str, Component], int]] = {}
    for place, amount in amounts.items():
        if amount:
            by_account.setdefault(place[0], {})[place] = amount
    named = exposure.Account.objects.filter(pk__in=by_account).order_by("customer__code", "entity_id")
    return tuple(
        Part(code, entity, _weighed([id], exposure.components(by_account[id]), currency, policy, moment))
        for id, code, entity in named.values_list("pk", "customer__code", "entity__code")
    )


def _weighed(
    accounts: Collection[int], found: Mapping[str, Components], currency: str, policy: Policy, moment: exposure.Moment
) -> int | None:
    papers = cash.papers(accounts, moment) if any(one.instrument or one.contingent for one in found.values()) else ()
    on = moment.as_of or clock.business_date()
    rates = exposure.rates_on(on, currency) if found.keys() - {currency} else {}
    return rulebook.exposure(found, papers=papers, rules=policy.exposure, rates=rates, into=currency).total


def _status(customer: Customer, own: limits.Line | None, shared: limits.Line | None, on: date) -> str:
    if limits.holds_standing(customer_id=customer.pk, group_id=customer.group_id):
        return "hold"
    gives = {limits.Line.Kind.AMOUNT, limits.Line.Kind.UNLIMITED}
    line = own or shared
    if line is None or line.kind not in gives or line.withdrawn or not case.in_force(rule_line(line), on):
        return "cash"
    return "credit"


def as_json(found: Standing) -> dict[str, object]:
    """The answer of every door (semantics.md 6).

    ``exposure`` is towards the entity; ``limit_exposure`` is what fills the line that binds, towards every entity and
    of every member it covers (``limit_exposure_of``), and ``limit`` less it is ``available``.
    """

    def text(amount: int | None, currency: str = found.currency) -> str | None:
        return None if amount is None else to_text(amount, currency)

    binding = found.binding
    return {
        "customer": found.customer.code,
        "entity": found.entity.code,
        "as_of": found.on.isoformat(),
        "currency": found.currency,
        "components": {name: text(amount) for name, amount in found.parts.items()},
        "by_currency": {
            currency: {name.lower(): text(getattr(of, name.lower()), currency) for name in COMPONENTS}
            for currency, of in sorted(found.by_currency.items())
        },
        "exposure": text(found.exposure),
        "limit_kind": binding.line.kind if binding else "unset",
        "limit": text(binding.limit, binding.line.currency) if binding else None,
        "limit_of": binding.holder if binding else None,
        "status": found.status,
        "available": text(binding.available, binding.line.currency) if binding else None,
        "limit_currency": binding.line.currency if binding else None,
        "limit_exposure": text(binding.exposure, binding.line.currency) if binding else None,
        "limit_exposure_of": [
            {"customer": one.customer, "entity": one.entity, "exposure": text(one.exposure, binding.line.currency)}
            for one in (binding.parts if binding else ())
        ],
    }
