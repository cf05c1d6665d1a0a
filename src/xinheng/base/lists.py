"""Lists as people want them: views kept under a name, alone or for everybody of a role, and the columns one looks at.

A view is nothing but the question of an address: filters, order and columns.  Whoever opens a shared one sees the rows
that they may see anyway.  Views are conveniences, not documents, so their owner replaces and drops them; that is kept
in the audit trail like every other act.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse

from xinheng.base import audit, clock, policies
from xinheng.base.database import atomic
from xinheng.base.errors import BadInput, Unknown
from xinheng.base.models import SavedView, ShownColumns, User
from xinheng.base.tables import Column, Table

#: Under this name an address says which columns are shown.
COLUMNS = "columns"
#: What of an address is no part of the question.
_PASSING = ("page", "format")
_NAME_MAX, _QUERY_MAX = 60, 2_000
_STREAM = "lists"


class NameMissing(BadInput):
    """A view without a name, or with one that is too long.  params: most."""

    code = "VIEW_NAME_MISSING"


class NotYourRole(BadInput):
    """A view is shared with one of its owner's roles.  params: role."""

    code = "NOT_YOUR_ROLE"


class ViewTooLong(BadInput):
    """The question of the address is too long to be kept."""

    code = "VIEW_TOO_LONG"


def screen_of(request: HttpRequest) -> str:
    """The name of the address that a request reached."""
    return request.resolver_match.view_name if request.resolver_match else ""


def address_of(screen: str, query: str = "") -> str:
    """Where a list is, with a question.

    Raises:
        Unknown: no list bears this name.
    """
    try:
        place = reverse(screen)
    except NoReverseMatch:
        raise Unknown(what="list", number=screen) from None
    return f"{place}?{query}" if query else place


def asked_of(query: str) -> str:
    """The question of an address without what passes: the page, the file."""
    given, asked = QueryDict(query.removeprefix("?")), QueryDict(mutable=True)
    for name, values in given.lists():
        if name not in _PASSING and (stated := [one for one in values if one]):
            asked.setlist(name, stated)
    return asked.urlencode()


def views_for(user: User, screen: str) -> list[SavedView]:
    """The views of a list that a person has, their own before those that others share."""
    found = SavedView.objects.filter(Q(owner=user) | Q(role__in=user.roles), screen=screen).select_related("owner")
    return sorted(found, key=lambda one: (one.owner_id != user.pk, one.name.casefold(), one.pk))


def save_view(screen: str, name: str, query: str, *, role: str = "", by: User) -> SavedView:
    """Keep the question of an address under a name; one's own view of this name is replaced.

    Raises:
        NameMissing, NotYourRole, ViewTooLong, Unknown: no list bears the name of ``screen``.
    """
    address_of(screen)
    name, asked = " ".join(name.split()), asked_of(query)
    if not name or len(name) > _NAME_MAX:
        raise NameMissing(most=_NAME_MAX)
    if role and role not in roles_of(by):
        raise NotYourRole(role=role)
    if len(asked) > _QUERY_MAX:
        raise ViewTooLong
    with atomic():
        kept = {"query": asked, "role": role, "recorded_at": clock.now()}
        view, _made = SavedView.objects.update_or_create(owner=by, screen=screen, name=name, defaults=kept)
        _record("base.view.saved", view, by)
    return view


def drop_view(id: int, *, by: User) -> SavedView:
    """Forget one of one's own views.

    Raises:
        Unknown: it is not there, or somebody else's.
    """
    with atomic():
        view = SavedView.objects.filter(pk=id, owner=by).first()
        if view is None:
            raise Unknown(what="view", number=str(id))
        _record("base.view.dropped", view, by)
        SavedView.objects.filter(pk=id).delete()
    return view


def _record(verb: str, view: SavedView, by: User) -> None:
    data = {"screen": view.screen, "name": view.name, "query": view.query, "role": view.role}
    audit.record(_STREAM, verb, f"view:{view.pk}", by=by, data=data)


def roles_of(user: User) -> list[str]:
    """The roles a person bears that the policy knows."""
    known = policies.current().policy.roles
    return [code for code in user.roles if code in known]


def choose_columns(screen: str, columns: Sequence[str], *, by: User) -> None:
    """Which columns of a list somebody wants to see from now on; none: the list's own.

    Raises:
        Unknown: no list bears this name.
    """
    address_of(screen)
    if columns:
        ShownColumns.objects.update_or_create(user=by, screen=screen, defaults={"columns": list(columns)})
    else:
        ShownColumns.objects.filter(user=by, screen=screen).delete()


def wanted_columns(request: HttpRequest) -> list[str]:
    """The columns an address names, else those its reader has chosen; empty: the list's own."""
    if named := request.GET.get(COLUMNS, ""):
        return named.split(",")
    chosen = ShownColumns.objects.filter(user=request.user, screen=screen_of(request)).first()  # type: ignore[misc]
    return list(chosen.columns) if chosen else []


def choosable(table: Table) -> Mapping[str, str]:
    """The columns that may be shown or not, by name, with their headings; what a row is called and what acts on it
    always stays."""
    found = {name: bound for name, bound in table.columns.items() if isinstance(bound.column, Column)}
    kept = next(iter(found), "")
    return {name: str(bound.header) for name, bound in found.items() if name != kept}


def show_columns(table: Table, wanted: Collection[str]) -> None:
    """Show these of the columns one may choose, and no others; names that the list does not have mean nothing."""
    there = choosable(table)
    if not any(name in there for name in wanted):
        return
    for name in there:
        (table.columns.show if name in wanted else table.columns.hide)(name)


def shown(table: Table) -> list[str]:
    """The columns one may choose that are shown now."""
    visible = {bound.name for bound in table.columns.itervisible()}
    return [name for name in choosable(table) if name in visible]


def links(views: Iterable[SavedView], user: User) -> list[dict[str, Any]]:
    """Views as a menu shows them."""
    return [
        {"view": one, "address": address_of(one.screen, one.query), "mine": one.owner_id == user.pk} for one in views
    ]
