"""Reads of the customer file: one customer, a search, and whose customers a person may see."""

from collections.abc import Iterable
from itertools import batched

from django.db.models import Q, QuerySet

from xinheng.base import rights
from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.desk.customers.models import Customer, Group
from xinheng.desk.customers.readings import plain


def by_code(code: str) -> Customer:
    """The customer with this code.

    Raises:
        Unknown
    """
    customer = Customer.objects.select_related("group").filter(code=code).first()
    if customer is None:
        raise Unknown(what="customer", number=code)
    return customer


def whose(code: str, by: User) -> Customer:
    """The customer with this code, if this person may see it.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = by_code(code)
    if not visible_to(by).filter(pk=found.pk).exists():
        raise Unknown(what="customer", number=code)
    return found


def by_codes(codes: Iterable[str]) -> dict[str, Customer]:
    """The customers with these codes, as far as they are known, with group and branch."""
    found: dict[str, Customer] = {}
    for part in batched(sorted(set(codes)), 10_000):
        found |= {one.code: one for one in Customer.objects.select_related("group", "branch").filter(code__in=part)}
    return found


def group_by_code(code: str) -> Group:
    """The group with this code.

    Raises:
        Unknown
    """
    group = Group.objects.filter(code=code).first()
    if group is None:
        raise Unknown(what="group", number=code)
    return group


def visible_to(user: User) -> QuerySet[Customer]:
    """The customers a person sees: own, the team's, the branch's, or all (exposure still counts everything)."""
    return Customer.objects.filter(sees(user))


def sees(user: User, prefix: str = "") -> Q:
    """The same as a condition on customers reached through ``prefix`` ('account__customer__')."""
    scope = rights.powers(user).scope
    if scope == "ALL":
        return Q()
    own = Q(**{f"{prefix}salesperson": user.sales_code})
    if scope == "BRANCH" and user.branch_id:
        return own | Q(**{f"{prefix}branch_id": user.branch_id})
    if scope in {"TEAM", "BRANCH"}:
        team = [user.sales_code, *(member.sales_code for member in user.team.all())]
        return Q(**{f"{prefix}salesperson__in": team})
    return own


def sees_all(user: User) -> bool:
    """Whether the person sees every customer."""
    return rights.powers(user).scope == "ALL"


def visible_among(user: User, codes: Iterable[str]) -> set[int]:
    """Ids of those customers, given by code, that the person may see."""
    found: set[int] = set()
    for part in batched(codes, 10_000):
        found |= set(visible_to(user).filter(code__in=part).values_list("id", flat=True))
    return found


def search(customers: QuerySet[Customer], typed: str) -> QuerySet[Customer]:
    """Those whose code, name, pinyin, initials or tax id contain every word typed."""
    for word in plain(typed).split():
        customers = customers.filter(search__contains=word)
    return customers
