"""Search over everything a person may see: customers by name, pinyin or code, documents by number or amount.

The same box leads to every page and begins deeds; those come first, because their names are short and few.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinheng.base import clock
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure.public import Document, Entity
from xinheng.rules.errors import RuleError
from xinheng.rules.money import to_minor
from xinheng.rules.road import Kind
from xinheng.site.pages import palette
from xinheng.site.pages.palette import Reached

#: How many of each kind are shown.
MOST = 8
_SHORTEST_AMOUNT = 2
#: Amounts have no index, which every import would pay for; so they are looked for among the newest documents.
_RECENT = 100_000
#: Kinds that have a page of their own.
_KINDS = (Kind.ORDER, Kind.DELIVERY, Kind.INVOICE, Kind.CREDIT_NOTE, Kind.RECEIPT, Kind.INSTRUMENT)


@dataclass(slots=True)
class Found:
    """What a search brought to light."""

    typed: str
    customers: list[customers.Customer]
    documents: list[Document]
    #: There are more than are shown.
    more_customers: bool = False
    more_documents: bool = False
    ways: list[Reached] = field(default_factory=list)
    deeds: list[Reached] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not self.count

    @property
    def count(self) -> int:
        """How many lines are offered."""
        return len(self.customers) + len(self.documents) + len(self.ways) + len(self.deeds)


def search(request: HttpRequest) -> HttpResponse:
    """The whole page, or the list under the search box."""
    found = look_for(request, request.GET.get("q", "").strip()[:100])
    found.ways, found.deeds = palette.ways(request, found.typed), palette.deeds(request, found.customers)
    in_palette = bool(request.htmx)  # type: ignore[attr-defined]
    part = "search/_found.html" if in_palette else "search/page.html"
    return render(request, part, {"found": found, "palette": in_palette})


def look_for(request: HttpRequest, typed: str) -> Found:
    """Customers and documents that what was typed may mean, as far as the reader may see them."""
    held = request.powers.rights  # type: ignore[attr-defined]
    found = Found(typed, [], [])
    if not typed:
        return found
    if "customers.view" in held:
        visible = customers.visible_to(request.user)  # type: ignore[arg-type]
        there = list(customers.search(visible, typed)[: MOST + 1])
        found.customers, found.more_customers = there[:MOST], len(there) > MOST
    kinds = [kind for kind in _KINDS if _right(kind) in held]
    seen = Document.objects.filter(
        customers.sees(request.user, "account__customer__"),  # type: ignore[arg-type]
        kind__in=kinds,
    ).select_related("account__customer", "entity")
    present = seen.filter(reversed_by=None)
    numbered = _by_number(present, kinds, typed) or _by_amount(present, typed) or _taken_back(seen, typed)
    found.documents, found.more_documents = numbered[:MOST], len(numbered) > MOST
    return found


def _right(kind: Kind) -> str:
    if kind == Kind.ORDER:
        return "orders.view"
    return "deliveries.view" if kind == Kind.DELIVERY else "receivables.view"


def _by_number(documents: QuerySet[Document], kinds: list[Kind], typed: str) -> list[Document]:
    """Numbers that begin with what was typed; along the index of numbers, so however many there are."""
    if not re.search(r"\w", typed):
        return []
    places = Q(entity_id__in=list(Entity.objects.values_list("id", flat=True)), kind__in=kinds)
    for begin in dict.fromkeys((typed, typed.upper())):
        rows = documents.filter(places, number__gte=begin, number__lt=begin + "\U0010ffff", number__startswith=begin)
        if found := list(rows.order_by("number", "part")[: MOST + 1]):
            return found
    return []


def _taken_back(documents: QuerySet[Document], typed: str) -> list[Document]:
    """Documents that bore exactly this number until they were taken back, the last one first."""
    return list(documents.filter(number=typed, reversed_by__isnull=False).order_by("-id")[: MOST + 1])


def _by_amount(documents: QuerySet[Document], typed: str) -> list[Document]:
    """The newest documents of exactly this amount."""
    try:
        amount = Decimal(re.sub(r"[,，\s¥￥£$€]", "", typed))
        minor = to_minor(amount, clock.company().currency)
    except (InvalidOperation, RuleError):
        return []
    if minor <= 0 or len(typed) < _SHORTEST_AMOUNT:
        return []
    newest = Document.objects.order_by("-id").values_list("id", flat=True).first() or 0
    recent = documents.filter(id__gt=newest - _RECENT, amount=minor)
    return list(recent.order_by("-id")[: MOST + 1])
