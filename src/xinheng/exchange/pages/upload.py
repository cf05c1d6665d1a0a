"""The page of a file on its way: what it is, what it would do, what is wrong with it, and what becomes of it."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from xinheng.base import formats
from xinheng.base.errors import BadInput, XinhengError
from xinheng.base.jobs import actions as jobs
from xinheng.base.messages import sentence
from xinheng.base.models import User
from xinheng.base.screens import needs
from xinheng.exchange import mappings
from xinheng.exchange.models import Upload
from xinheng.exchange.pages import showing
from xinheng.exchange.pages.describing import DescribeForm
from xinheng.exchange.pages.lists import kind_name
from xinheng.exchange.sheets import BadFile
from xinheng.exchange.uploads import actions, queries, store

_CELL = re.compile(r"cell-([0-9]{1,9})-([0-9]{1,3})")


class NoFile(BadInput):
    """Nothing was chosen."""

    code = "NO_FILE"


def of_one(screen: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A screen about one file on its way; the file of somebody else is not there."""

    @wraps(screen)
    @needs("import.run")
    def found(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        return screen(request, queries.upload_for(_user(request), pk), **more)

    return found


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@require_POST
@needs("import.run")
def bring(request: HttpRequest) -> HttpResponse:
    """A file comes: keep it, guess what it is, look at it."""
    came = request.FILES.get("file")
    if came is None:
        raise NoFile
    upload = actions.bring(came.name or "", came.size or 0, came.chunks(), by=_user(request))
    _look(request, upload)
    return redirect("imports:upload", upload.pk)


@of_one
def upload(request: HttpRequest, found: Upload) -> HttpResponse:
    """The page; once the file has landed, the page of its batch."""
    if found.batch_id:
        return redirect("imports:batch", found.batch_id)
    return render(request, "exchange/upload.html", showing.context(found, _user(request)))


@require_POST
@of_one
def describe(request: HttpRequest, found: Upload) -> HttpResponse:
    """Another kind, a saved mapping, or the columns as the form says them; then the file is looked at again."""
    by, kind = _user(request), request.POST.get("kind", "")
    if kind:
        if kind not in queries.kinds_for(by):
            raise Http404
        actions.choose(found, kind=kind, mapping={}, choices={}, by=by)
    elif name := request.POST.get("saved", ""):
        mapping = mappings.mapping_by_name(found.kind, name)
        actions.choose(found, kind=found.kind, mapping=mapping, choices=found.options, by=by)
    else:
        form = DescribeForm(found, may_check=showing.may_check(by), data=request.POST)
        if not form.is_valid():
            context = showing.context(found, by) | {"form": form}
            return render(request, "exchange/upload.html", context, status=422)
        actions.choose(found, kind=found.kind, mapping=form.mapping, choices=form.cleaned_data, by=by)
        if name := form.cleaned_data["save_as"]:
            mappings.save_mapping(found.kind, name, form.mapping, by=by)
            messages.success(request, _("The columns are kept as “%(name)s”.") % {"name": name})
    _look(request, found)
    return redirect("imports:upload", found.pk)


@require_POST
@of_one
def correct(request: HttpRequest, found: Upload) -> HttpResponse:
    """Cells as they were corrected; then the file is looked at again."""
    names = found.table["headings"]
    cells = {}
    for name, said in request.POST.items():
        match = _CELL.fullmatch(name)
        if match and int(match[2]) < len(names):
            cells[int(match[1]), names[int(match[2])]] = str(said)
    count = actions.correct(found, cells, by=_user(request))
    if count:
        said = ngettext("%(count)s cell is corrected.", "%(count)s cells are corrected.", count)
        messages.success(request, said % {"count": formats.count(count)})
        _look(request, found)
    else:
        messages.error(request, _("No cell says anything else than before."))
    return redirect("imports:upload", found.pk)


@of_one
def row(request: HttpRequest, found: Upload, line: int) -> HttpResponse:
    """One bad row with all its cells, to be corrected wherever the mistake is."""
    shown = showing.one_row(found, line)
    if shown is None:
        raise Http404
    template = "exchange/_row.html" if request.htmx else "exchange/row.html"  # type: ignore[attr-defined]
    return render(request, template, {"upload": found, "row": shown, "active": "settings:opening"})


@require_POST
@of_one
def look(request: HttpRequest, found: Upload) -> HttpResponse:
    """Look at it again: the books may have changed."""
    _look(request, found)
    return redirect("imports:upload", found.pk)


@require_POST
@of_one
def land(request: HttpRequest, found: Upload) -> HttpResponse:
    """Let it land."""
    actions.land(found, keep_good="keep_good" in request.POST, by=_user(request))
    return redirect("imports:upload", found.pk)


@require_POST
@of_one
def stop(request: HttpRequest, found: Upload) -> HttpResponse:
    """Stop the work at its next safe point; nothing is half written."""
    if queries.is_busy(found) and found.job is not None:
        jobs.stop(found.job.pk, by=_user(request))
        messages.success(request, _("It stops at the next safe point; nothing is half written."))
    return redirect("imports:upload", found.pk)


@require_POST
@of_one
def give_up(request: HttpRequest, found: Upload) -> HttpResponse:
    """It will not land."""
    actions.give_up(found, by=_user(request))
    messages.success(request, _("“%(name)s” is given up; nothing of it is in the books.") % {"name": found.file_name})
    return redirect("imports:list")


@of_one
def progress(request: HttpRequest, found: Upload) -> HttpResponse:
    """How far the worker is; when it is done, the page comes anew."""
    if not queries.is_busy(found):
        return HttpResponseClientRefresh()
    return render(request, "exchange/_progress.html", {"upload": found, "work": showing.work(found)})


@of_one
def original(request: HttpRequest, found: Upload) -> FileResponse:
    """The file as it came."""
    return send(store.path_of(found.digest), found.file_name)


@of_one
def rejects(request: HttpRequest, found: Upload) -> FileResponse:
    """The bad rows with their reasons, as a workbook to correct and bring again."""
    return send(store.rejects_of(found.pk), f"{found.pk}-{kind_name(found.kind)}.xlsx")


def send(path: Any, name: str) -> FileResponse:
    """A kept file to save, never to show: what is inside came from outside."""
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")


def _look(request: HttpRequest, found: Upload) -> None:
    """Look, and say on the page what stood in the way."""
    try:
        actions.look(found, by=_user(request))
    except BadFile as refused:
        messages.error(request, sentence(refused))
    except XinhengError as refused:
        if refused.code == "PERMISSION_DENIED":
            raise
        messages.error(request, sentence(refused))
