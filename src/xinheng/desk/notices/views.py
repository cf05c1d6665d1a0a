"""The inbox: what a person was told, opened and put aside."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from xinheng.base import formats
from xinheng.base.errors import Unknown
from xinheng.base.screens import ListScreen
from xinheng.desk.notices import actions, queries
from xinheng.desk.notices.filters import InboxFilter
from xinheng.desk.notices.models import Notice
from xinheng.desk.notices.tables import InboxTable
from xinheng.desk.notices.voices import voice_of


class Inbox(ListScreen):
    """What waits to be seen, the latest first."""

    title = gettext_lazy("Inbox")
    table_class = InboxTable
    filter_class = InboxFilter
    template_name = "notices/inbox.html"
    export_name = "inbox"
    active = "notices:inbox"
    empty = gettext_lazy("Nothing new. When credit stops something of yours, it appears here by itself.")

    def rows(self, request: HttpRequest) -> QuerySet[Notice]:
        return queries.inbox(request.user)  # type: ignore[arg-type]

    def table(self, rows: QuerySet[Notice], request: HttpRequest) -> InboxTable:
        return InboxTable(queries.in_lines(rows), request=request)

    def answer(self, request: HttpRequest, rows: QuerySet[Notice], count: int) -> str:
        number = queries.count_unread(request.user)  # type: ignore[arg-type]
        if not number:
            return ""
        said = ngettext("%(number)s notice waits for you.", "%(number)s notices wait for you.", number)
        return said % {"number": formats.count(number, queries.COUNT_MAX)}


def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """What a notice tells of; the person has seen it then."""
    mine = queries.inbox(request.user)  # type: ignore[arg-type]
    found = mine.filter(pk=pk).first()
    if found is None:
        raise Unknown(what="notice", number=str(pk))
    opened = actions.open_notice(request.user, found)  # type: ignore[arg-type]
    voice = voice_of(found.kind)
    return redirect(voice.list_address() if opened > 1 else voice.address(found))


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Put lines of the inbox aside, or all of them."""
    chosen = None if "all" in request.POST else [int(id) for id in request.POST.getlist("chosen") if id.isdecimal()]
    number = actions.mark_seen(request.user, chosen)  # type: ignore[arg-type]
    said = ngettext("%(number)s notice was marked as read.", "%(number)s notices were marked as read.", number)
    messages.success(request, said % {"number": formats.count(number)})
    return redirect("notices:inbox")


def count(request: HttpRequest) -> HttpResponse:
    """The bell of the page's head, asked for again now and then."""
    return render(request, "notices/_bell.html", {"unread": queries.count_unread(request.user)})  # type: ignore[arg-type]
