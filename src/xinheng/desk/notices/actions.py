"""Telling people, and people saying that they have seen it.

A notice is written in the transaction of what it tells of, with that action's own right, lock and audit line, so it
asks for none itself.  That somebody has seen it is itself the record: who, which, when.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

import uuid_utils.compat
from django.db.models import Q, QuerySet

from xinheng.base import clock, sql
from xinheng.base.database import atomic
from xinheng.base.models import User
from xinheng.desk.notices.models import Notice, Seen
from xinheng.desk.notices.queries import TOGETHER_MAX, inbox, unread
from xinheng.rules.policy import NoticeKind, Policy

#: Things named in one statement: both engines bound what it may hold.
_AT_ONCE = 5_000
_bundle: ContextVar[UUID | None] = ContextVar("bundle", default=None)
_COLUMNS = ("kind", "subject", "customer_id", "group_id", "told", "data", '"on"', "at", "by_id", "bundle")


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell about a customer or a group.

    ``roles`` says whom, where it is not the policy's to say.  ``newest``: what was said of the subject before no longer
    counts.
    """

    kind: NoticeKind
    subject: str
    customer_id: int | None = None
    group_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    roles: Collection[str] = ()
    newest: bool = True


@contextmanager
def together() -> Iterator[None]:
    """What is told inside arose together; inside another one it belongs to that one."""
    token = _bundle.set(_bundle.get() or uuid_utils.compat.uuid7())
    try:
        yield
    finally:
        _bundle.reset(token)


def tell_people(
    news: Iterable[News],
    *,
    policy: Policy,
    on: date,
    by: User,
    at: datetime | None = None,
    batch: sql.Batch | None = None,
) -> None:
    """Tell those whom the policy names; with a ``batch`` the statements go with the caller's others."""
    at, told = at or clock.now(), list(news)
    rows = [
        (
            one.kind.value,
            one.subject,
            one.customer_id,
            one.group_id,
            f",{','.join(roles)},",
            json.dumps(dict(one.data), ensure_ascii=False),
            on,
            at,
            by.pk,
            _bundle.get(),
        )
        for one in told
        if (roles := one.roles or policy.notices.told.get(one.kind, ()))
    ]
    to = sql.Batch() if batch is None else batch
    settle((one.subject for one in told if one.newest), at=at, batch=to)
    if rows:
        to.insert("notices_notice", _COLUMNS, rows)
    if batch is None:
        to.run()


def settle(subjects: Iterable[str], *, at: datetime | None = None, batch: sql.Batch | None = None) -> None:
    """What was said of these things no longer stands: it stays in the list and stops counting as unread."""
    to, at = (sql.Batch() if batch is None else batch), at or clock.now()
    for some in batched(sorted(set(subjects)), _AT_ONCE):
        places = ",".join(["%s"] * len(some))
        to.add(
            f"UPDATE notices_notice SET settled_at = %s WHERE settled_at IS NULL AND subject IN ({places})", [at, *some]
        )
    if batch is None:
        to.run()


def mark_seen(user: User, chosen: Collection[int] | None = None) -> int:
    """Say that a person has seen these lines of their inbox, or all of it; how many notices that were."""
    with atomic():
        waiting = unread(user)
        if chosen is not None:
            which = Q(pk__in=[])
            for line in waiting.filter(pk__in=list(chosen)):
                which |= _line(waiting, line)
            waiting = waiting.filter(which)
        return _saw(user, waiting)


def open_notice(user: User, notice: Notice) -> int:
    """A person opened what a notice tells of, and so has seen it, with all its line stands for; how many those are."""
    with atomic():
        mine = inbox(user)
        beside = mine.filter(_line(mine, notice))
        _saw(user, beside.filter(was_seen=False))
        return beside.count()


def _line(among: QuerySet[Notice], notice: Notice) -> Q:
    """What one line of a list stands for: the notice, or all of its kind that arose together."""
    if notice.bundle:
        beside = Q(bundle=notice.bundle, kind=notice.kind)
        if among.filter(beside).count() > TOGETHER_MAX:
            return beside
    return Q(pk=notice.pk)


def _saw(user: User, notices: QuerySet[Notice]) -> int:
    at = clock.now()
    rows = [Seen(notice_id=id, user=user, at=at) for id in notices.order_by("id").values_list("id", flat=True)]
    Seen.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
