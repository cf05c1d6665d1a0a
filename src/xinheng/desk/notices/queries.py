"""A person's inbox: what was told to their roles about customers they may see."""

from datetime import timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Window

from xinheng.base import clock, policies
from xinheng.base.models import User
from xinheng.base.once import once
from xinheng.desk.customers import public as customers
from xinheng.desk.notices.models import Notice, Seen

#: So many that arose together stand one by one; more are one line.
TOGETHER_MAX = 20
#: More unread ones are written 99+.
COUNT_MAX = 99


def inbox(user: User) -> QuerySet[Notice]:
    """Everything a person was told since they are here, newest first; not what they did themselves."""
    told = Q(pk__in=[])
    for role in user.roles:
        told |= Q(told__contains=f",{role},")
    found = Notice.objects.filter(told, at__gte=user.date_joined).exclude(by=user)
    if not customers.sees_all(user):
        groups = customers.visible_to(user).exclude(group=None).values("group")
        found = found.filter(customers.sees(user, "customer__") | Q(group__in=groups))
    seen = Seen.objects.filter(notice=OuterRef("pk"), user=user)
    return found.annotate(was_seen=Exists(seen)).select_related("customer", "group", "by").order_by("-id")


def unread(user: User) -> QuerySet[Notice]:
    """What of a person's inbox still waits to be seen."""
    return still_waiting(inbox(user))


def still_waiting(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those not seen, not settled meanwhile, and not older than the policy's days."""
    days = policies.current().policy.notices.days
    return notices.filter(was_seen=False, settled_at=None, at__gte=clock.now() - timedelta(days=days))


def count_unread(user: User) -> int:
    """How many lines of the inbox wait; one more than ``COUNT_MAX`` stands for more."""
    return once(("unread", user.pk), lambda: len(in_lines(unread(user)).order_by().values_list("pk")[: COUNT_MAX + 1]))


def in_lines(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """One line for each, but one for all of a kind where more than ``TOGETHER_MAX`` arose together; ``count`` says how
    many a line stands for."""
    together = {"partition_by": [F("bundle"), F("kind")]}
    lines = notices.annotate(count=Window(Count("id"), **together), first=Window(Min("id"), **together))
    return lines.filter(Q(bundle=None) | Q(count__lte=TOGETHER_MAX) | Q(first=F("id")))


def stands_for(notice: Notice) -> int:
    """How many notices a line of ``in_lines`` stands for."""
    count = getattr(notice, "count", 1)
    return count if notice.bundle and count > TOGETHER_MAX else 1
