"""Where people are signed in: each browser that somebody came in with, until it is signed out or ended from afar."""

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from xinheng.base import clock, rights
from xinheng.base.models import User


def standing() -> QuerySet:
    """The sessions that still open something, newest first."""
    from allauth.usersessions.models import UserSession  # its models load after this page is first read

    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
    return UserSession.objects.select_related("user").filter(Exists(alive)).order_by("-created_at", "-pk")


def seen_by(by: User) -> QuerySet:
    """Those a person may see and end: their own, everybody's for those who manage users."""
    found = standing()
    return found if rights.may(by, "admin.users") else found.filter(user=by)


def end_all(user: User) -> int:
    """End every session of a person; how many there were."""
    found = list(standing().filter(user=user))
    for one in found:
        one.end()
    return len(found)
