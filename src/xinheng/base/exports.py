"""Lists taken out of the house as Excel: who took which and when; those too long to wait for are made by a job.

Every file that leaves is a line of the audit stream ``exports``: what was asked, how many rows, by whom.  A list over
10,000 rows becomes a job; its file waits on the job's page, for whoever asked and for nobody else, for a week.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.middleware import HtmxDetails

from xinheng.base import audit, clock, excel, formats, rights
from xinheng.base.database import atomic
from xinheng.base.errors import Unknown, XinhengError
from xinheng.base.jobs.actions import ask_for
from xinheng.base.jobs.kinds import Told
from xinheng.base.jobs.running import Running
from xinheng.base.models import AuditLine, Job, User
from xinheng.base.once import one_page
from xinheng.base.tables import COUNT_MAX
from xinheng.rules import chain

STREAM = "exports"
EXPORTED, FETCHED = "base.list.exported", "base.list.fetched"
RIGHT = "reports.export"
#: After so many days a file that was made in the background is removed; whoever still wants it exports again.
KEPT_DAYS = 7
About = Sequence[tuple[str, str]]
#: What lists are called whose pages do not say it themselves; by the name of their address.
_TITLES: dict[str, str | Promise] = {}


class Gone(XinhengError):
    """The file was removed, or is not made yet.  params: number, days."""

    code = "EXPORT_GONE"


class RightsChanged(XinhengError):
    """What its owner may see is not any more what it was when the file was made.  params: number."""

    code = "EXPORT_RIGHTS_CHANGED"


def call(view_name: str, title: str | Promise) -> None:
    """What the list at an address is called; told once when its app is ready."""
    _TITLES[view_name] = title


def answer(
    request: HttpRequest, name: str, make: Callable[[], HttpResponse], *, count: int, about: About = ()
) -> HttpResponse:
    """The file that ``make`` makes, with its line in the log; a list of more than 10,000 rows becomes a job."""
    if count > COUNT_MAX and not excel.in_background():
        return redirect("job", _later(request).pk)
    made: Any = make()
    made.asked = [list(map(str, one)) for one in about]
    if not excel.in_background():
        told = {"path": request.path, "query": request.GET.urlencode(), "asked": made.asked, "rows": made.rows_written}
        with atomic():
            _log(EXPORTED, name, request.user, **told)
    return made


def _later(request: HttpRequest) -> Job:
    """The job that makes the file; one that waits or runs already for the same question is taken."""
    by: Any = request.user
    query, language = request.GET.urlencode(), translation.get_language() or "zh"
    arguments = {"path": request.path, "query": query, "language": language}
    for job in Job.objects.filter(kind="export", by=by, state__in=(Job.State.WAITING, Job.State.RUNNING)):
        if job.arguments == arguments and not job.stop_asked:
            return job
    return ask_for("export", arguments, by=by)


def _log(verb: str, name: str, by: Any, **told: Any) -> None:
    """One line of who took what out; the caller's transaction."""
    audit.record(STREAM, verb, f"list:{name}"[:100], by=by, data=told)


def log_of() -> Any:
    """Every list that was taken out, the latest first."""
    return AuditLine.objects.filter(stream=STREAM).select_related("actor").order_by("-at", "-id")


def make(running: Running) -> dict[str, Any]:
    """Make the file of a list as the page would, with the rights its owner has now, and keep it for them."""
    asked, by = running.arguments, running.by
    request = _request(by, asked)
    with translation.override(asked["language"]), one_page(), excel.background(running.tick):
        found = resolve(asked["path"])
        made = found.func(request, *found.args, **found.kwargs)
    name = made.headers.get("Content-Disposition", "").partition('filename="')[2].removesuffix('.xlsx"')
    digest = sha256(made.content).hexdigest()
    file = place(running.job.pk, digest)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = file.with_suffix(f".{running.worker}")
    try:
        scratch.write_bytes(made.content)
        scratch.chmod(0o600)
        scratch.replace(file)
    finally:
        scratch.unlink(missing_ok=True)
    result = {"name": name, "rows": made.rows_written, "digest": digest, "powers": _powers(by)}
    with atomic():
        told = {"path": asked["path"], "query": asked["query"], "asked": made.asked, "rows": made.rows_written}
        _log(EXPORTED, name, by, **told, job=running.job.pk)
        running.land(result)
    return result


def _request(by: User, asked: dict[str, Any]) -> HttpRequest:
    """The page asked for again, by whoever asked, without a browser."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", asked["path"], asked["path"]
    request.GET = QueryDict(asked["query"])
    request.user = by
    request.powers = rights.powers(by)  # type: ignore[attr-defined]
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


def _powers(by: User) -> str:
    """What decides which rows a person sees, as a fingerprint."""
    held = rights.powers(by)
    seen = {"rights": sorted(held.rights), "scope": held.scope, "branch": by.branch_id, "code": by.sales_code}
    return chain.fingerprint("", seen)


def place(number: int, digest: str) -> Path:
    """Where the file of a job waits: two workers, or the jobs of other books, never meet in one name."""
    return _folder() / f"{number}-{digest[:16]}.xlsx"


def _folder() -> Path:
    return Path(settings.HOME) / "exports"


def fetch(number: int, *, by: User) -> HttpResponse:
    """The file of a job, for whoever asked for it and sees today what they saw then.

    Raises:
        Unknown: no such job of this person.  Refused, RightsChanged, Gone.
    """
    job = Job.objects.filter(pk=number, by=by, kind="export", state=Job.State.DONE).first()
    if job is None or job.result is None:
        raise Unknown(what="job", number=number)
    rights.require(by, RIGHT)
    if job.result["powers"] != _powers(by):
        raise RightsChanged(number=number)
    try:
        content = place(number, job.result["digest"]).read_bytes()
    except FileNotFoundError:
        raise Gone(number=number, days=KEPT_DAYS) from None
    with atomic():
        told = {"path": job.arguments["path"], "query": job.arguments["query"], "asked": [], "job": number}
        _log(FETCHED, job.result["name"], by, **told)
    return excel.download(content, job.result["name"])


def is_there(job: Job) -> bool:
    """Whether its file waits."""
    return job.kind == "export" and job.result is not None and place(job.pk, job.result["digest"]).exists()


def sweep(running: Running) -> dict[str, Any]:
    """Remove files that have waited for a week, and what killed workers left half written."""
    oldest = (clock.now() - timedelta(days=KEPT_DAYS)).timestamp()
    folder, removed = _folder(), 0
    for file in sorted(folder.iterdir()) if folder.exists() else ():
        running.tick("sweeping", 0, 0)
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
            removed += 1
    return {"removed": removed}


def title_of(path: str) -> str:
    """What the list at an address is called in the reader's language; the address where no list stands there."""
    try:
        found = resolve(path)
    except Resolver404:
        return path
    return str(getattr(getattr(found.func, "view_class", None), "title", "") or _TITLES.get(found.view_name, path))


def told(job: Job) -> Told:
    """Which list, and how many rows it came to."""
    about = title_of(job.arguments.get("path", ""))
    if job.result is None:
        return Told(about)
    rows = job.result["rows"]
    said = ngettext("%(rows)s row was written.", "%(rows)s rows were written.", rows) % {"rows": f"{rows:,}"}
    here = _("The file waits here for whoever asked for it, for %(days)s days.") % {"days": KEPT_DAYS}
    gone = _("The file has been removed; export the list again.")
    return Told(about, (said, here if is_there(job) else gone))


def told_of_sweep(job: Job) -> Told:
    """How many files were removed."""
    if job.result is None:
        return Told()
    removed = job.result["removed"]
    said = ngettext("%(count)s file was removed.", "%(count)s files were removed.", removed)
    return Told("", (said % {"count": formats.count(removed)},))
