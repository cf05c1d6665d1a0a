"""Roles 角色 with their rights in words, exactly as the policy in force says; they are changed with the policy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from xinheng.base import names, policies
from xinheng.base.models import User
from xinheng.rules.policy import RIGHTS
from xinheng.site.pages.settings import trail
from xinheng.site.pages.settings.lists import ACTIVE, ROLE_READERS, may, needs_any


def roles(request: HttpRequest) -> HttpResponse:
    """Every role: whose customers it sees, what it may do, who bears it.

    Raises:
        Refused
    """
    needs_any(request, *ROLE_READERS)
    reader, now = get_language() or "zh", policies.current()
    bearers = list(User.objects.filter(is_active=True).order_by("username"))
    found = [
        {
            "code": code,
            "name": names.of(role, reader),
            "scope": trail.SCOPES[str(role.scope)],
            "rights": [names.right(one, reader) for one in RIGHTS if role.allows(one)],
            "all": len(RIGHTS),
            "people": [one for one in bearers if code in one.roles],
        }
        for code, role in now.policy.roles.items()
    ]
    context = {"active": ACTIVE, "roles": found, "version": now.version, "opens": may(request, "admin.users")}
    return render(request, "settings/roles.html", context)
