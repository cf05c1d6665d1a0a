"""Background work to look at: everybody's own, or everybody's for who may; one job with its progress, stop, again."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinheng.base import clock, exports, formats, names
from xinheng.base.inputs import DayFilter
from xinheng.base.jobs import actions, words
from xinheng.base.jobs.kinds import titles
from xinheng.base.models import AuditLine, Job
from xinheng.base.screens import ListScreen
from xinheng.base.tables import ChipColumn, Column, LinkColumn, NameColumn, Table
from xinheng.base.templatetags.house import chip, moment
from xinheng.site import words as deeds

State = Job.State
_GOES_ON = frozenset({State.WAITING, State.RUNNING})
_ALL = pgettext_lazy("filter", "all")


def address_of(job: Job) -> str:
    """The page of a job."""
    return reverse("job", args=[job.pk])


class JobFilter(django_filters.FilterSet):
    """Which work, in which state, asked for when."""

    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("job", "Kind"), choices=lambda: list(titles().items()), empty_label=_ALL
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("job", "State"), choices=list(words.STATES.items()), empty_label=_ALL
    )
    whose = django_filters.ChoiceFilter(
        label=pgettext_lazy("job", "Asked for by"),
        method="by_whose",
        choices=[("mine", pgettext_lazy("job", "me"))],
        empty_label=pgettext_lazy("filter", "everybody"),
    )
    since = DayFilter(label=pgettext_lazy("job", "From day"), method="from_day")
    until = DayFilter(label=pgettext_lazy("job", "Until day"), method="until_day")

    class Meta:
        model = Job
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actions.RIGHT not in self.request.powers.rights:
            del self.filters["whose"]

    def by_whose(self, rows: QuerySet[Job], _name: str, _wanted: str) -> QuerySet[Job]:
        return rows.filter(by=self.request.user)

    def from_day(self, rows: QuerySet[Job], _name: str, day: Any) -> QuerySet[Job]:
        return rows.filter(recorded_at__gte=clock.start_of(day))

    def until_day(self, rows: QuerySet[Job], _name: str, day: Any) -> QuerySet[Job]:
        return rows.filter(recorded_at__lte=clock.end_of(day))


class MomentColumn(Column):
    """A moment in the company's time zone, a real one in a sheet."""

    css = "day"

    def render(self, value: Any) -> str:
        return moment(value, clock.company().time_zone)


class JobTable(Table):
    """One line a job."""

    kind = LinkColumn(
        pgettext_lazy("job", "Work"),
        to=address_of,
        named=words.title,
        below=lambda job: job.told.about or f"#{job.pk}",
        below_head=pgettext_lazy("job", "About"),
    )
    state = ChipColumn(pgettext_lazy("job", "State"), tones=words.TONES, words=words.STATES)
    progress = Column(pgettext_lazy("job", "Progress"), empty_values=(), orderable=False, css="num off-phone")
    by = NameColumn(pgettext_lazy("job", "Asked for by"), order_by="by__username")
    recorded_at = MomentColumn(pgettext_lazy("job", "Asked for"))
    ended_at = MomentColumn(pgettext_lazy("job", "Ended"), css="off-phone")
    came = Column(pgettext_lazy("job", "What came of it"), empty_values=(), orderable=False, css="wide")

    def decorate(self, rows: list[Any]) -> None:
        for row in rows:
            row.told = words.told(row)

    def render_state(self, record: Job) -> SafeString:
        return chip(words.STATES[record.state], words.TONES[record.state])

    def render_progress(self, record: Job) -> SafeString | str:
        done = words.percent(record)
        return formats.MISSING if done is None or record.state != State.RUNNING else bar(done)

    def value_progress(self, record: Job) -> int | None:
        return 100 if record.state == State.DONE else words.percent(record)

    def render_came(self, record: Any) -> str:
        return self.value_came(record) or formats.MISSING

    def value_came(self, record: Any) -> str:
        return words.came_of(record, record.told) or (words.stage(record) if record.state == State.RUNNING else "")

    def address_of(self, record: Job) -> str:
        return address_of(record)


def bar(done: int) -> SafeString:
    """How much is done, as a bar with its figure."""
    return format_html(
        '<span class="use use-ok"><span>{}%</span><svg class="use-track" aria-hidden="true">'
        '<rect class="use-fill" width="{}%" height="100%" rx="3"/></svg></span>',
        done,
        done,
    )


class Jobs(ListScreen):
    """The work of the background, the latest first."""

    title = pgettext_lazy("way", "Background work")
    table_class = JobTable
    filter_class = JobFilter
    export_name = "jobs"
    active = "settings:opening"
    empty = gettext_lazy("Nothing was done in the background yet. Long work, such as a large export, appears here.")

    def rows(self, request: HttpRequest) -> QuerySet[Job]:
        return actions.visible_to(request.user)  # type: ignore[arg-type]

    def answer(self, request: HttpRequest, rows: QuerySet[Job], count: int) -> str:
        if not count:
            return ""
        runs, failed = rows.filter(state__in=_GOES_ON).count(), rows.filter(state=State.FAILED).count()
        going = ngettext("%(number)s job is under way or waits", "%(number)s jobs are under way or wait", runs)
        lost = ngettext("%(number)s failed", "%(number)s failed", failed)
        said = {"going": going % {"number": formats.count(runs)}, "lost": lost % {"number": formats.count(failed)}}
        return _("%(going)s; %(lost)s.") % said


def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: how far it is, what came of it, what may be done with it; refreshed in part while it goes on."""
    found = actions.job_by_number(pk, by=request.user)  # type: ignore[arg-type]
    told = words.told(found)
    context = {
        "active": "settings:opening",
        "job": found,
        "title": words.title(found),
        "told": told,
        "error": words.came_of(found, told) if found.error else "",
        "stage": words.stage(found),
        "percent": words.percent(found),
        "tone": words.TONES[found.state],
        "goes_on": found.state in _GOES_ON,
        "may_stop": found.state in _GOES_ON and not found.stop_asked,
        "may_begin_again": found.state in {State.FAILED, State.STOPPED},
        "has_file": found.by_id == request.user.pk and exports.is_there(found),
        "trail": _trail(found),
    }
    in_part = bool(request.htmx and request.htmx.target == "job")  # type: ignore[attr-defined]
    return render(request, "jobs/_job.html" if in_part else "jobs/page.html", context)


def _trail(found: Job) -> list[dict[str, Any]]:
    """What was done with it, the latest first."""
    lines = AuditLine.objects.filter(subject=f"job:{found.pk}").select_related("actor").order_by("-at", "-id")
    language = get_language() or "zh"
    return [{"at": one.at, "what": deeds.done(one.verb), "who": names.of(one.actor, language)} for one in lines]


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job."""
    found = actions.stop(pk, by=request.user)  # type: ignore[arg-type]
    stopped = found.state == State.STOPPED
    said = _("The job is stopped.") if stopped else _("The job stops as soon as it safely can.")
    messages.success(request, said)
    return redirect("job", pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a job begin again."""
    actions.again(pk, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The job waits for a worker again."))
    return redirect("job", pk)


def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of an export, for whoever asked for it."""
    return exports.fetch(pk, by=request.user)  # type: ignore[arg-type]
