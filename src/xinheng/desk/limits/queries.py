"""Reads of lines and holds: which line counts for whom on a day."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import batched

from django.db.models import Q

from xinheng.desk.limits.models import Hold, Line


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


def choose(lines: Iterable[Line], on: date) -> Line | None:
    """The line that counts on a day among those of one holder and entity."""
    found = list(lines)
    started = [line for line in found if line.valid_from is None or line.valid_from <= on]
    if started:
        return max(started, key=lambda one: (one.entity_id is not None, one.valid_from or date.min, one.pk))
    return min(found, key=lambda one: (one.entity_id is None, one.valid_from, one.pk), default=None)


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
