"""People 用户: everybody who may come in or once could, with what they are and when they were last here."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import clock, formats, names, policies
from xinheng.base.models import Branch, User
from xinheng.base.tables import ChipColumn, Column, LinkColumn, NameColumn, Table
from xinheng.base.templatetags.house import moment
from xinheng.site import founding
from xinheng.site.pages.settings.lists import Go, SettingsList

_ALL = pgettext_lazy("filter", "all")
_HINT = _("Name, user name or code")
STATES = {True: pgettext_lazy("person", "in"), False: pgettext_lazy("person", "shut out")}
TONES = {True: "normal", False: "closed"}


def people() -> QuerySet[User]:
    """All people; the server's own operator is none."""
    return User.objects.select_related("branch", "supervisor").exclude(username=founding.CONSOLE)


class PeopleFilter(django_filters.FilterSet):
    """By words, role, branch, in or out."""

    q = django_filters.CharFilter(
        label=_HINT,
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _HINT}),
    )
    role = django_filters.ChoiceFilter(label=pgettext_lazy("person", "Role"), method="by_role", empty_label=_ALL)
    branch = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("customer", "Branch"),
        queryset=Branch.objects.all(),
        to_field_name="code",
        empty_label=_ALL,
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("person", "State"),
        field_name="is_active",
        method="by_state",
        choices=[("in", STATES[True]), ("out", STATES[False])],
        empty_label=_ALL,
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "zh"
        roles = policies.current().policy.roles.items()
        self.filters["role"].extra["choices"] = [
            (code, names.of(role, reader)) for code, role in roles if code != "CONSOLE"
        ]

    def by_words(self, rows: QuerySet[User], _name: str, typed: str) -> QuerySet[User]:
        for word in typed.split():
            rows = rows.filter(
                Q(username__icontains=word)
                | Q(name_zh__icontains=word)
                | Q(name_en__icontains=word)
                | Q(code__iexact=word)
            )
        return rows

    def by_role(self, rows: QuerySet[User], _name: str, wanted: str) -> QuerySet[User]:
        bearers = [pk for pk, roles in User.objects.values_list("pk", "roles") if wanted in roles]
        return rows.filter(pk__in=bearers)

    def by_state(self, rows: QuerySet[User], _name: str, wanted: str) -> QuerySet[User]:
        return rows.filter(is_active=wanted == "in")


class RolesColumn(Column):
    """Roles by their names."""

    def render(self, value: list[str]) -> str:
        reader = get_language() or "zh"
        return formats.listed(names.role(code, reader) for code in value) or formats.MISSING

    def value(self, **kwargs: Any) -> str:
        return self.render(kwargs["value"])


class MomentColumn(Column):
    """A moment where the company is; a dash for never."""

    css = "day"

    def render(self, value: Any) -> str:
        return moment(value, clock.company().time_zone)


class PeopleTable(Table):
    """One line a person."""

    name = LinkColumn(
        pgettext_lazy("person", "Name"),
        accessor="pk",
        order_by="username",
        to=lambda one: reverse("settings:person", args=[one.pk]),
        named=lambda one: one,
        below=lambda one: one.username,
        below_head=pgettext_lazy("person", "User name"),
    )
    roles = RolesColumn(pgettext_lazy("person", "Roles"), orderable=False, css="wide")
    branch = Column(pgettext_lazy("customer", "Branch"), accessor="branch__code", css="off-phone")
    supervisor = NameColumn(pgettext_lazy("person", "Supervisor"), order_by="supervisor__username", css="off-phone")
    code = Column(pgettext_lazy("person", "Code"))
    last_login = MomentColumn(pgettext_lazy("person", "Last signed in"))
    is_active = ChipColumn(pgettext_lazy("person", "State"), tones=TONES, words=STATES)  # type: ignore[arg-type]

    class Meta(Table.Meta):
        order_by = ("name",)

    def address_of(self, record: Any) -> str:
        return reverse("settings:person", args=[record.pk])


class People(SettingsList):
    """The list."""

    right = "admin.users"
    title = pgettext_lazy("settings", "People")
    table_class = PeopleTable
    filter_class = PeopleFilter
    export_name = "people"
    empty = _("Nobody has been let in yet. Enter the first person here.")

    def rows(self, request: HttpRequest) -> QuerySet[User]:
        return people()

    def answer(self, request: HttpRequest, rows: QuerySet[User], count: int) -> str:
        out = rows.order_by().filter(is_active=False).count()
        said = ngettext("%(number)s person", "%(number)s people", count) % {"number": formats.count(count)}
        if not out:
            return said
        shut = ngettext("%(number)s is shut out", "%(number)s are shut out", out) % {"number": out}
        return pgettext("list", "%(said)s, of whom %(part)s.") % {"said": said, "part": shut}

    def ways(self, request: HttpRequest) -> list[Go]:
        new = Go(pgettext_lazy("verb", "Enter a person"), reverse("settings:person-new"), "plus", first=True)
        return [Go(_("Roles and rights"), reverse("settings:roles"), "shield-check"), new]
