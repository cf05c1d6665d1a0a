"""Reads for the people who decide: which orders wait and why, what frees each, who may sign; one order's story."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.desk.control.checking import WAITS
from xinheng.desk.control.models import Breach, Decision, ReleaseRequest, Signature
from xinheng.desk.customers import public as customers
from xinheng.desk.customers.public import Customer
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Document
from xinheng.desk.sales import public as sales
from xinheng.desk.sales.public import Order
from xinheng.rules.policy import Effect
from xinheng.rules.road import Kind

State = Order.State


@dataclass(slots=True)
class Case:
    """An order with its last decision, who has signed it so far and who asked for that."""

    order: Order
    decision: Decision | None
    signatures: list[Signature] = field(default_factory=list)
    requests: list[ReleaseRequest] = field(default_factory=list)

    @property
    def reasons(self) -> list[Mapping[str, Any]]:
        """What holds it, before what is only noticed."""
        found = list(self.decision.outcome["reasons"]) if self.decision else []
        return sorted(found, key=lambda one: one["effect"] != Effect.BLOCK.value)

    @property
    def frees(self) -> list[Mapping[str, Any]]:
        return list(self.decision.outcome["frees"]) if self.decision else []

    @property
    def signers(self) -> Mapping[str, Any] | None:
        """Who may sign it through, as the decision told; None when no signature frees it."""
        steps = [step for free in self.frees for step in free["steps"] if step["kind"] == "SIGN"]
        return steps[0]["params"]["signers"] if steps else None

    def may_be_asked_by(self, user: User) -> bool:
        """Whether a signature would free it and this person has not asked for it yet."""
        return bool(self.signers and not self.order.forced_hold and all(one.by_id != user.pk for one in self.requests))

    def may_sign(self, user: User) -> bool:
        """Whether this person is among those who may, and does not stand on the selling side."""
        rule = self.signers
        return bool(
            rule and set(user.roles) & set(rule["roles"]) and user.sales_code not in sales.selling_side(self.order)
        )


def orders_seen_by(user: User) -> QuerySet[Order]:
    """All orders of customers the person may see, newest first."""
    return (
        Order.objects.filter(customers.sees(user, "document__account__customer__"), document__reversed_by=None)
        .select_related("document__account__customer__group", "document__account__customer__branch", "document__entity")
        .order_by("-document__dated_on", "-document_id")
    )


def waiting_for(user: User) -> QuerySet[Order]:
    """Held orders, and orders whose goods were stopped, of customers the person may see: longest waiting and largest
    first, each with ``decision_id``."""
    last = Decision.objects.filter(document=OuterRef("pk")).order_by("-id").values("id")[:1]
    held = orders_seen_by(user).filter(WAITS).annotate(decision_id=Subquery(last))
    return held.order_by("document__dated_on", "-document__amount", "document_id")


def cases(orders: Iterable[Order]) -> dict[int, Case]:
    """Orders of ``waiting_for`` with their decisions, signatures and requests, in three queries; by document id."""
    orders = list(orders)
    decisions = Decision.objects.in_bulk([order.decision_id for order in orders if order.decision_id])  # type: ignore[attr-defined]
    signed: dict[Any, list[Signature]] = {}
    for one in Signature.objects.filter(decision__in=decisions, verb=Signature.Verb.RELEASE).select_related("signer"):
        signed.setdefault(one.decision_id, []).append(one)
    asked: dict[Any, list[ReleaseRequest]] = {}
    for request in ReleaseRequest.objects.filter(decision__in=decisions).select_related("by").order_by("id"):
        asked.setdefault(request.decision_id, []).append(request)
    ids = [order.decision_id for order in orders]  # type: ignore[attr-defined]
    return {
        order.pk: Case(order, decisions.get(id), signed.get(id, []), asked.get(id, []))
        for order, id in zip(orders, ids, strict=True)
    }


def money_waiting(orders: QuerySet[Order]) -> dict[str, int]:
    """What the orders come to, by currency, in minor units."""
    rows = orders.order_by().values_list("document__currency").annotate(Sum("document__amount"))
    return dict(rows)


def order_for(user: User, document_id: int) -> Order:
    """One order that the person may see.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    order = orders_seen_by(user).filter(pk=document_id).select_related("document__entry__actor").first()
    if order is None:
        raise Unknown(what="order", number=str(document_id))
    return order


def case_of(order: Order) -> Case:
    """One order with its last decision and that decision's signatures and requests."""
    decision = Decision.objects.filter(document_id=order.pk).select_related("by").order_by("-id").first()
    given = Signature.objects.filter(decision=decision).select_related("signer").order_by("id") if decision else []
    asked = ReleaseRequest.objects.filter(decision=decision).select_related("by").order_by("id") if decision else []
    return Case(order, decision, list(given), list(asked))


def decisions_of(order: Order) -> list[Decision]:
    """Everything that was ever decided about an order, newest first."""
    return list(Decision.objects.filter(document_id=order.pk).select_related("by").order_by("-id"))


def signatures_of(order: Order) -> list[Signature]:
    """Every release and rejection ever signed for an order, newest first."""
    return list(Signature.objects.filter(document_id=order.pk).select_related("signer").order_by("-id"))


def family_of(order: Order) -> list[Document]:
    """Changes, deliveries, invoices and receipts that name this order, by date."""
    document = order.document
    rows = exposure.naming("order_number", document.number, entity_id=document.entity_id)
    return [one for one in rows if one.pk != document.pk]


def documents_by_number(document: Document, numbers: Iterable[str], kind: Kind) -> dict[str, Document]:
    """Documents of one entity by number, so that what a decision names can be opened."""
    found = Document.objects.filter(entity_id=document.entity_id, kind=kind, number__in=set(numbers), reversed_by=None)
    return {one.number: one for one in found.select_related("account__customer")}


def unreleased_for(user: User) -> QuerySet[sales.Unreleased]:
    """Goods that left without a release, of customers the person may see, newest first."""
    seen = customers.sees(user, "delivery__account__customer__")
    rows = sales.Unreleased.objects.filter(seen, delivery__reversed_by=None)
    return rows.select_related("delivery__account__customer").order_by("-recorded_at")


def unreleased_of(number: str, entity: str, by: User) -> sales.Unreleased:
    """The goods that left without a release, by the number of their delivery, if this person may see whose they are.

    Raises:
        Unknown, Ambiguous.
    """
    found = sales.unreleased_by_number(number, entity=entity)
    if not unreleased_for(by).filter(pk=found.pk).exists():
        raise Unknown(what="delivery", number=number)
    return found


def breaches_seen_by(user: User) -> QuerySet[Breach]:
    """Breaches of the customers a person may see, and of their groups, newest first."""
    mine = customers.visible_to(user)
    found = Breach.objects.filter(Q(customer__in=mine) | Q(group__in=mine.values("group")))
    return found.select_related("customer", "group", "entity", "hold").order_by("-id")


def breach_for(user: User, id: int) -> Breach:
    """One breach that the person may see.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = breaches_seen_by(user).filter(pk=id).first()
    if found is None:
        raise Unknown(what="breach", number=str(id))
    return found


def breaches_of(customer: Customer) -> list[Breach]:
    """The breaches a customer stands in now, its own and its group's."""
    whose = Q(customer=customer) | Q(group=customer.group_id) if customer.group_id else Q(customer=customer)
    return list(Breach.objects.filter(whose, ended_on=None).select_related("customer", "group").order_by("id"))


def held_since(order: Order) -> date:
    """The day from which its waiting counts."""
    return order.document.dated_on


def unlinked_for(user: User) -> QuerySet[Document]:
    """Deliveries and invoices that name no order although one was open, of customers the person may see."""
    return sales.unlinked(customers.sees(user, "account__customer__")).select_related("account__customer")
