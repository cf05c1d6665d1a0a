"""What a worker does with a file that somebody brought: looks at it, or lands it once, however often it is killed."""

from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from xinheng.base import rights
from xinheng.base.errors import WrongState
from xinheng.base.jobs.kinds import Told
from xinheng.base.jobs.running import Running
from xinheng.base.models import Job
from xinheng.exchange.importing import run_import
from xinheng.exchange.models import Upload
from xinheng.exchange.uploads import looking, store
from xinheng.exchange.uploads.actions import options_of

#: What of a look or a landing is counted.
_COUNTED = ("rows", "new", "present", "updated", "bad", "void")


def look_at_file(running: Running) -> dict[str, Any]:
    """Look at the file of the arguments; the reader of its bad rows is whoever asked."""
    upload = _upload(running)
    path, by = store.path_of(upload.digest), running.by
    rights.require(by, "import.run")
    with translation.override(by.language or "zh"):
        found = looking.look(upload.kind, path, options_of(upload), by=by, tick=running.tick)
    running.tick("looked", 1, 1)
    _keep(running, upload, found)
    return _counts(found)


def land_file(running: Running) -> dict[str, Any]:
    """Land the file of the arguments; what an attempt that died has landed is not begun again."""
    upload = _upload(running)
    if upload.state != Upload.State.LOOKED:
        raise WrongState(what="upload", number=upload.file_name, state=upload.state)
    path, by = store.path_of(upload.digest), running.by
    options = replace(options_of(upload), keep_good=bool(running.arguments["keep_good"]))

    def landed(batch: int) -> None:
        running.land({"batch": batch, "kind": upload.kind})
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.LANDED, batch=batch)

    with translation.override(by.language or "zh"):
        result = run_import(upload.kind, path, options, by=by, tick=running.tick, landed=landed)
        found = looking.seen(result, path, options)
    upload.refresh_from_db()
    _keep(running, upload, found)
    return {"batch": result.batch, "kind": upload.kind, **_counts(found)}


def _upload(running: Running) -> Upload:
    return Upload.objects.get(pk=running.arguments["upload"])


def _keep(running: Running, upload: Upload, found: dict[str, Any]) -> None:
    state = upload.state if upload.batch_id else Upload.State.LOOKED
    before = upload.found or {}
    kept = {name: before[name] for name in ("money", "check") if upload.batch_id and before.get(name)}
    Upload.objects.filter(pk=upload.pk, job=running.job).update(found={**found, **kept}, state=state)


def _counts(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in _COUNTED}


def told(job: Job) -> Told:
    """Which file, and what was found in it or became of its rows."""
    upload = Upload.objects.get(pk=job.arguments["upload"])
    if job.result is None:
        return Told(upload.file_name)
    counts = dict.fromkeys(_COUNTED, 0) | (job.result if "rows" in job.result else upload.found or {})
    words = _("%(rows)s rows: %(new)s new, %(present)s already present, %(updated)s updated, %(bad)s bad.") % counts
    landed = (_("Batch %(batch)s.") % {"batch": upload.batch_id},) if upload.batch_id else ()
    return Told(upload.file_name, (words, *landed))
