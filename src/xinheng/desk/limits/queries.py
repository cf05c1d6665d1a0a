"""Reads of lines and holds: which line counts for whom on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from itertools import batched
from typing import NamedTuple

from django.db.models import Q, QuerySet

from xinheng.base.errors import Unknown
from xinheng.base.models import User
from xinheng.desk.customers import public as customers
from xinheng.desk.limits.models import Hold, Line


class LineNow(NamedTuple):
    """What of a line counts in a check, without who set it and why: a decision has no time for a row's whole object.

    The fields are those of ``Line``; amounts in minor units of ``currency``.
    """

    pk: int
    customer_id: int | None
    group_id: int | None
    entity_id: int | None
    kind: str
    amount: int | None
    currency: str
    term: str
    term_days: int | None
    valid_from: date | None
    valid_until: date | None
    extra: int
    extra_until: date | None
    initial_stock: int
    initial_stock_until: date | None
    withdrawn: bool
    instruments: list[str] | None
    signed: bool


#: A line, whole or as a check sees it.
AnyLine = Line | LineNow


def line_in_force(
    on: date, *, entity_id: int, customer_id: int | None = None, group_id: int | None = None
) -> Line | None:
    """The line of one holder that counts towards an entity on a day, also one that has run out; None without any.

    The entity's own line goes before one shared over all; of several, the one with the latest first day up to the day,
    else the one that comes next.
    """
    lines = Line.objects.filter(_in_force(customer_id, group_id)).filter(Q(entity=None) | Q(entity_id=entity_id))
    return choose(lines, on)


def _in_force(customer_id: int | None, group_id: int | None) -> Q:
    holder = Q(customer_id=customer_id) if customer_id else Q(group_id=group_id)
    return holder & Q(replaced_at=None)


def choose[One: (Line, LineNow)](lines: Iterable[One], on: date) -> One | None:
    """The line that counts on a day among those of one holder and entity."""
    found = list(lines)
    started = [line for line in found if line.valid_from is None or line.valid_from <= on]
    if started:
        return max(started, key=lambda one: (one.entity_id is not None, one.valid_from or date.min, one.pk))
    return min(found, key=lambda one: (one.entity_id is None, one.valid_from, one.pk), default=None)


class LineState(StrEnum):
    """How a line stands on a day."""

    IN_FORCE = "IN_FORCE"
    NOT_BEGUN = "NOT_BEGUN"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"


def states_of(lines: Iterable[Line], on: date) -> dict[int, LineState]:
    """By line: how it stands on a day; of several of one holder towards one entity only the one that counts is in
    force, those that began before it are replaced by it."""
    found = list(lines)
    whose = Q(customer__in={one.customer_id for one in found}) | Q(group__in={one.group_id for one in found})
    standing: dict[tuple[int | None, ...], list[Line]] = defaultdict(list)
    for one in Line.objects.filter(whose, replaced_at=None):
        standing[one.customer_id, one.group_id, one.entity_id].append(one)
    counting = {choose(of, on) for of in standing.values()}
    return {one.pk: _state(one, on, counts=one in counting) for one in found}


def _state(line: Line, on: date, *, counts: bool) -> LineState:
    if line.replaced_at is not None:
        return LineState.REPLACED
    if line.valid_from is not None and on < line.valid_from:
        return LineState.NOT_BEGUN
    if line.valid_until is not None and line.valid_until < on:
        return LineState.EXPIRED
    if not counts:
        return LineState.REPLACED
    return LineState.WITHDRAWN if line.withdrawn else LineState.IN_FORCE


def standing_lines(
    *, customer_ids: Collection[int], group_ids: Collection[int]
) -> dict[tuple[int | None, int | None, int | None, date | None], Line]:
    """Lines nobody replaced, by customer, group, entity and first day."""
    found = {}
    for field, ids in (("customer_id", customer_ids), ("group_id", group_ids)):
        for part in batched(sorted(ids), 10_000):
            for line in Line.objects.filter(**{f"{field}__in": part}, replaced_at=None):
                found[line.customer_id, line.group_id, line.entity_id, line.valid_from] = line
    return found


def holds_standing(*, customer_id: int, group_id: int | None) -> list[Hold]:
    """The holds that stand on a customer and its group."""
    holder = Q(customer_id=customer_id) | (Q(group_id=group_id) if group_id else Q(pk=None))
    return list(Hold.objects.filter(holder, lifted_at=None).order_by("id"))


def holds_seen_by(user: User) -> QuerySet[Hold]:
    """Holds on the customers a person may see and on their groups, lifted ones too, newest first."""
    found = Hold.objects.select_related("customer", "group").order_by("-pk")
    if customers.sees_all(user):
        return found
    mine = customers.visible_to(user)
    return found.filter(Q(customer__in=mine) | Q(group__in=mine.values("group")))


def hold_for(user: User, id: int) -> Hold:
    """One hold that the person may see.

    Raises:
        Unknown: it is not there, or not for this person.
    """
    found = holds_seen_by(user).filter(pk=id).first()
    if found is None:
        raise Unknown(what="hold", number=str(id))
    return found
